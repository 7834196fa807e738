"""Choosing an LEA from a box, with the address as its memory."""

from __future__ import annotations

import streamlit as st

from cim_core.data.dataset import Dataset
from cim_core.data.outside import quoted
from cim_core.why import region
from ui.shared import address, my_leas_panels
from ui.shared.results import View
from ui.shared.words_on_screen import md, t

_WIDTH = 148


def pick(view: View) -> int | None:
    """The row of the chosen LEA in the chosen year; None, with a sentence, when it is not there."""
    data = view.intake.dataset
    asked = data.row_of(view.lea, view.year) if view.lea else None
    if view.lea and asked is None:
        change(view)
        st.warning(md(t("lea.not_there", code=quoted(view.lea), year=view.year_said)))
        return None
    row = asked if asked is not None else _ordered(view, None)[0]
    my_leas_panels.not_mine(view, row)
    return row


def change(view: View, row: int | None = None) -> None:
    """The box: it says what it does, and lists everybody by name with their codes."""
    data = view.intake.dataset
    names = {
        str(data.lea_code[one]): f"{data.lea_name[one]} ({data.lea_code[one]})" for one in _ordered(view, row)
    }
    st.session_state["pick_lea"] = None
    st.selectbox(
        t("lea.choose"),
        list(names),
        format_func=names.__getitem__,
        key="pick_lea",
        index=None,
        placeholder=t("lea_page.change"),
        label_visibility="collapsed",
        width=_WIDTH,
        on_change=_choose,
    )


def _choose() -> None:
    chosen = st.session_state["pick_lea"]
    if chosen:
        address.choose(lea=chosen, tab="")


def _ordered(view: View, row: int | None) -> list[int]:
    """Everybody who is looked at, by name, and the LEA that is shown though it is another's."""
    data = view.intake.dataset
    rows = region.region(view.placements, view.year).rows
    extra = () if row is None or row in rows else (row,)
    return sorted((*rows, *extra), key=lambda one: _order(data, one))


def _order(data: Dataset, row: int) -> tuple[bool, str]:
    """By name; those that have only their code for a name come last."""
    name = str(data.lea_name[row])
    return name == str(data.lea_code[row]), name
