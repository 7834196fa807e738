"""Whose data, how old: one line, last on each page that shows placements of a year."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from html import escape

import streamlit as st

from cim_core.export.meeting import CardKind
from cim_core.why import lag
from ui.shared import add_to_meeting
from ui.shared.results import View
from ui.shared.words_on_screen import gate, t

_YEARS = re.compile(r"\d{4}-\d\d")


def today() -> date:
    """The day on which pages and downloads are made."""
    return date.today()


def strip(
    view: View, rows: Iterable[int] | None = None, year: str = "", cards: Sequence[CardKind] = ()
) -> None:
    """Measured, published, which letter, what today's work changes; of the year's LEAs, or of some rows, in
    the year that is looked at, or another. Beside it the button that puts `cards` of the page (about the
    first of the rows) into a meeting.
    """
    year, data = year or view.year, view.placements.dataset
    of = data.rows_of_year(year).tolist() if rows is None else list(rows)
    lea = str(data.lea_key[of[0]]) if of else ""
    with add_to_meeting.beside(*cards, lea=lea):
        _line(view, year, of)


def _line(view: View, year: str, of: Iterable[int]) -> None:
    old = lag.aged(view.placements, year, of, today())
    if old is None:
        return
    items = "".join(f"<li>{_strong(gate().say(step))}</li>" for step in lag.steps(old))
    st.html(f'<div class="cim-lag"><b>{escape(t("lag.title"))}</b><ol>{items}</ol></div>')


def _strong(text: str) -> str:
    """A step as HTML, its years in bold."""
    return _YEARS.sub(r"<b>\g<0></b>", escape(text))
