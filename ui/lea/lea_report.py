"""The one-page report of the LEA that is looked at, made when it is asked for."""

from __future__ import annotations

import streamlit as st

from cim_core.export.documents import making
from ui.shared import downloads, grounds
from ui.shared.results import View
from ui.shared.words_on_screen import gate, t


def button(view: View, row: int) -> None:
    """A button that gives the report as PDF; none under a scenario, whose rules are not CDE's."""
    data = view.placements.dataset
    if not view.scenario.is_empty or data.in_progress[row]:
        return
    with st.container(key="no_print_report", horizontal=True, horizontal_alignment="right"):
        downloads.button(
            t("report.button"),
            lambda: _made(view, row),
            file_name=f"{data.lea_code[row]}_{data.year[row]}.pdf",
            key="lea_report",
            mime="application/pdf",
        )


def _made(view: View, row: int) -> bytes:
    return making.lea_page(grounds.ground(view), row, gate(), grounds.origin(view))
