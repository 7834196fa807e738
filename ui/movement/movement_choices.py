"""Which two years are held against each other, and by which rules; the address says it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from cim_core import movement as moves
from cim_core.movement import Movement
from cim_core.rules import rulebook_file
from cim_core.whatif import Scenario
from ui.shared import address, results
from ui.shared.kept import kept
from ui.shared.results import View
from ui.shared.words_on_screen import md, t


def choices(view: View) -> Movement | None:
    """The two years and the earlier rules, and what moved between them; None with one year of data."""
    years = view.intake.dataset.closed_years
    if len(years) < 2:
        return None
    before, after = _asked(view, years)
    with st.container(horizontal=True, vertical_alignment="center", key="movement_choices"):
        _select("from", t("movement.earlier"), years[-2::-1], before)
        _select("to", t("movement.later"), [year for year in reversed(years) if year > before], after)
        book = _rules(view, before, after)
    return moved(view, before, after, book)


def _asked(view: View, years: Sequence[str]) -> tuple[str, str]:
    """The years of the address; without them the year that is looked at and the one before it."""
    latest = view.year if view.year in years[1:] else years[-1]
    before = address.chosen("from")
    if before not in years[:-1]:
        wanted = address.chosen("to")
        before = max(year for year in years if year < (wanted if wanted in years[1:] else latest))
    later = [year for year in years if year > before]
    after = address.chosen("to")
    if after not in later:
        after = latest if latest in later else later[-1]
    return before, after


def _select(key: str, label: str, years: Sequence[str], year: str) -> None:
    widget = f"movement_{key}"
    st.session_state[widget] = year
    st.selectbox(
        label, years, key=widget, label_visibility="collapsed",
        format_func=lambda each: t("movement.choice", label=label, year=each),
        on_change=lambda: address.choose(**{key: st.session_state[widget]}),
    )  # fmt: skip


def _rules(view: View, before: str, after: str) -> str:
    """The shipped rulebook that places the earlier year; empty for the rules of the later one."""
    books = [each for each in rulebook_file.available() if each != view.rulebook.id]
    asked = address.chosen("earlier") if address.chosen("earlier") in books else ""
    st.session_state["movement_constant"] = not asked
    st.toggle(
        t("movement.constant"), key="movement_constant", on_change=_held, args=(books,),
        help=t("movement.constant_help", title=view.rulebook.title),
    )  # fmt: skip
    if not asked:
        return ""
    st.session_state["movement_book"] = asked
    st.selectbox(
        t("movement.earlier_rules", year=before), books, key="movement_book", label_visibility="collapsed",
        format_func=lambda each: t("movement.book", year=before, title=rulebook_file.load(each).title),
        on_change=lambda: address.choose(earlier=st.session_state["movement_book"]),
    )  # fmt: skip
    st.caption(md(t("movement.later_rules", year=after, title=view.rulebook.title)))
    return asked


def _held(books: Sequence[str]) -> None:
    constant = st.session_state["movement_constant"]
    address.choose(earlier="" if constant or not books else books[0])


def moved(view: View, before: str, after: str, book: str = "") -> Movement:
    """What moved between two years; `book` places the earlier one by another shipped rulebook."""
    return _moved(results.key(view), view, before, after, book)


@kept
def _moved(key: str, _view: View, before: str, after: str, book: str) -> Movement:
    """`key` is `results.key`; the years and the earlier rules are in the key by themselves."""
    earlier = _view.placements
    if book:
        there: Scenario = replace(_view.scenario, instead=book, changes={})
        earlier = results.placed_under(there, _view.looking).looking_at(_view.looking.keys)
    return moves.movement(earlier, _view.placements, before, after, _view.reference, _view.reference)
