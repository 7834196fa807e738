"""Step 3, the result: who is settled, by placement; what is not settled, worth a check, was read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape

import streamlit as st

from cim_core.letters.summary import by_letter
from cim_core.rules.tiers import NOT_PLACED
from cim_core.why import in_short, region
from cim_core.why.region import Region
from cim_core.words.messages import HowMany
from ui.data import check_panels, file_panels, read_panels, steps, target_panels
from ui.data.steps import Card, Step
from ui.shared import address, findings, parts, revision_panels, tables
from ui.shared.results import View
from ui.shared.words_on_screen import gate, head_of, t

_AT_SIGHT = 5


def show(view: View, asked: Sequence[Card]) -> None:
    """The page of step 3."""
    if not len(view.intake.dataset):
        parts.title(t("data.unreadable"))
        parts.show(_go(view, asked))
        _cards(view, None)
        return
    of_year = region.region(view.placements, view.year)
    parts.title(findings.read(view), findings.not_settled(view))
    parts.show(_tiles(view, of_year))
    parts.show(_go(view, asked))
    file_panels.replaced()
    revision_panels.changes(view)
    _cards(view, of_year)
    target_panels.sample_letter(view)


def _tiles(view: View, of_year: Region) -> str:
    """How many LEAs stand in each placement, those that are not settled by themselves."""
    return parts.tiles(
        (stand.placement, gate().say(stand.said), str(len(rows)), not stand.settled)
        for stand, rows in by_letter(view.placements, of_year.rows)
    )


def _go(view: View, asked: Sequence[Card]) -> str:
    """The one main button, and the ways back."""
    there = bool(len(view.intake.dataset))
    see = (
        parts.link(t("data.read.see"), address.to("./", lea=""), "cim-btn cim-big cim-main") if there else ""
    )
    more = steps.button(t("data.read.another"), Step.FILE, main=not there)
    back = parts.link(t("data.step.back_questions"), steps.to(Step.QUESTIONS)) if asked else ""
    return f'<div class="cim-go">{see}{more}{back}</div>'


def _cards(view: View, of_year: Region | None) -> None:
    with st.container(key="result_cards"):
        left, right = st.columns(2)
        with left:
            if of_year is not None:
                _not_settled(view, of_year)
        with right:
            read_panels.card(view)
        check_panels.card(view)


def _not_settled(view: View, of_year: Region) -> None:
    """Who is not settled or not placed, with what to supply; all of them in words when it is opened."""
    placements = view.placements
    rows = [
        row for row in of_year.rows if not placements.firm[row] or placements.placement(row) == NOT_PLACED
    ]
    with st.container(border=True, key="card_open"):
        under = "" if rows else t("data.read.all_settled")
        parts.show(parts.heading(t("data.read.open_title"), under))
        if not rows:
            return
        parts.show(parts.listed(_lines(view, rows)))
        fold = st.expander(t("data.read.open_all", n=HowMany(len(rows))), key="open_all", on_change="rerun")
        if fold.open:
            with fold:
                tables.first_only(len(rows))
                heads = head_of("head.which", "head.could", "head.lacking")
                parts.show(parts.table(heads, tables.not_firm(placements, rows)))


def _lines(view: View, rows: Sequence[int]) -> list[tuple[str, str]]:
    """What to supply for whom: LEA by LEA, or where they are many for how many of them."""
    if len(rows) <= _AT_SIGHT:
        return [_line(view, row) for row in rows]
    asked = Counter(_ask(view, row) for row in rows).most_common(_AT_SIGHT)
    return [("", escape(t("data.read.open_group", n=HowMany(count), ask=ask))) for ask, count in asked]


def _ask(view: View, row: int) -> str:
    wanted = in_short.ask(view.placements, row)
    return t("data.read.too_few") if wanted is None else gate().say(wanted)


def _line(view: View, row: int) -> tuple[str, str]:
    placements = view.placements
    pill = parts.pill(placements.placement(row), bool(placements.firm[row]))
    name = parts.cell(tables.lea_link(placements, row))
    return pill, f"{name}<span>{escape(_ask(view, row))}</span>"
