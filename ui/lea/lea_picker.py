"""Choosing an LEA from a box, with the address as its memory."""

from __future__ import annotations

import streamlit as st

from cim_core.data.dataset import Dataset
from cim_core.data.outside import quoted
from cim_core.why import region
from ui.shared import address, my_leas_panels
from ui.shared.results import View
from ui.shared.words_on_screen import md, t


def pick(view: View) -> int | None:
    """The row of the chosen LEA in the chosen year; None, with a sentence shown, when it is not there."""
    data = view.intake.dataset
    rows = region.region(view.placements, view.year).rows
    asked = data.row_of(view.lea, view.year) if view.lea else None
    if asked is not None and asked not in rows:
        rows = (*rows, asked)
    codes = [str(data.lea_code[row]) for row in sorted(rows, key=lambda row: _order(data, row))]
    names = {str(data.lea_code[row]): f"{data.lea_name[row]} ({data.lea_code[row]})" for row in rows}
    current = str(data.lea_code[asked]) if asked is not None else codes[0]
    st.session_state["pick_lea"] = current
    st.selectbox(
        t("lea.choose"),
        codes,
        format_func=names.__getitem__,
        key="pick_lea",
        on_change=lambda: address.choose(lea=st.session_state["pick_lea"]),
    )
    if view.lea and asked is None:
        st.warning(md(t("lea.not_there", code=quoted(view.lea), year=view.year_said)))
        return None
    row = data.row_of(current, view.year)
    assert row is not None
    my_leas_panels.not_mine(view, row)
    return row


def _order(data: Dataset, row: int) -> tuple[bool, str]:
    """By name; those that have only their code for a name come last."""
    name = str(data.lea_name[row])
    return name == str(data.lea_code[row]), name
