"""What is worked out once for the looked-at year and kept: margins, rankings as fields, smallest changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from cim_core.outlook import (
    Decider,
    Ground,
    RowCloseness,
    Way,
    WayAnswer,
    change_search,
    exposure,
    smallest_change,
)
from cim_core.outlook import closeness as near
from cim_core.placing.placement import Placements
from cim_core.words.messages import HowMany
from ui.shared import results
from ui.shared.kept import kept
from ui.shared.results import View
from ui.shared.words_on_screen import t

_ASKED = "outlook_asked"

_AT_SIGHT = 1_500
"""LEAs of a year for which all is worked out unasked: more than the state list has, in some seconds."""


def waits(view: View) -> bool:
    """Whether a year has so many LEAs that what would move them is only worked out when somebody asks, or is
    not over, so that nothing of it is worked out."""
    if view.in_progress:
        return True
    many = len(view.placements.dataset.rows_of_year(view.year)) > _AT_SIGHT
    return many and (results.key(view), view.year) not in st.session_state.get(_ASKED, ())


def ask_for(view: View) -> None:
    """From now on work it out in this session."""
    st.session_state.setdefault(_ASKED, set()).add((results.key(view), view.year))


def ask(view: View) -> None:
    """That it waits for somebody to ask, with a button for it; or why it is not worked out at all."""
    if view.in_progress:
        st.caption(t("so_far.help.not_near"))
        return
    st.caption(t("outlook.help.many", n=HowMany(len(view.placements.dataset.rows_of_year(view.year)))))
    st.button(t("outlook.help.many_start"), key="outlook_start", on_click=ask_for, args=(view,))


def ground(view: View) -> Ground:
    """The looked-at year, prepared for questions about margins."""
    return _ground(results.key(view), view.year, view.placements)


def answers(view: View) -> Mapping[int, Mapping[Way, WayAnswer]]:
    """The best plan of every LEA in the looked-at year, both ways, timelines at 100 % left alone; a second or
    two for a whole state."""
    with st.spinner(t("outlook.help.working")):
        return _answers(results.key(view), view.year, view.placements)


def answer(view: View, row: int, way: Way, locked: Sequence[str] = ()) -> WayAnswer:
    """What would move one LEA one way with some indicators held fixed, timelines at 100 % left alone."""
    return _answer(results.key(view), view.year, row, way, tuple(locked), view.placements)


def closeness(view: View) -> Mapping[int, RowCloseness]:
    """How close every LEA of the looked-at year is to another placement."""
    with st.spinner(t("outlook.help.working")):
        return _closeness(results.key(view), view.year, view.placements)


def closeness_of(view: View, row: int) -> RowCloseness:
    """The same of one LEA alone, without waiting for all others."""
    return _closeness_of(results.key(view), view.year, row, view.placements)


def nearest(view: View, way: Way) -> list[tuple[int, Decider]]:
    """The LEAs that something moves one way, nearest first, with what takes the fewest."""
    each = ((row, one.fewest(way)) for row, one in closeness(view).items())
    return sorted(((row, first) for row, first in each if first is not None), key=lambda one: one[1].count)


@kept
def _ground(key: str, year: str, _placements: Placements) -> Ground:
    return change_search.ground(_placements, year)


@kept
def _answers(key: str, year: str, _placements: Placements) -> Mapping[int, Mapping[Way, WayAnswer]]:
    return smallest_change.answers(exposure.without(_ground(key, year, _placements)))


@kept
def _answer(
    key: str, year: str, row: int, way: Way, locked: tuple[str, ...], _placements: Placements
) -> WayAnswer:
    return smallest_change.answer(exposure.without(_ground(key, year, _placements)), row, way, locked)


@kept
def _closeness_of(key: str, year: str, row: int, _placements: Placements) -> RowCloseness:
    return near(_ground(key, year, _placements), [row])[row]


@kept
def _closeness(key: str, year: str, _placements: Placements) -> Mapping[int, RowCloseness]:
    on = _ground(key, year, _placements)
    rows = _placements.dataset.rows_of_year(year).tolist()
    return near(on, rows, _answers(key, year, _placements))
