"""CDE's letter first, this tool's reading beside it: the badge of an LEA, the line of a region, its table."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from cim_core.letters import difference, summary
from cim_core.letters.agreement import AGREEMENT_NAMED, Agreement, agreement, letter_of
from cim_core.letters.summary import LettersOf
from cim_core.placing import settled
from cim_core.placing.settled import Standing
from ui.shared import address, letter_cells, parts
from ui.shared.results import View
from ui.shared.words_on_screen import gate, md, t


def letters(view: View) -> LettersOf:
    """How the letters of the year that is looked at stand."""
    return summary.letters_of(view.placements, view.placements.dataset.rows_of_year(view.year).tolist())


def line(view: View) -> str:
    """How many letters there are and how they stand, in one sentence."""
    return gate().say(letters(view).said)


def in_short(view: View) -> str:
    """How many letters there are and how many differ, for the bar on top."""
    return gate().say(letters(view).in_short)


def has_letter(view: View, row: int) -> bool:
    """Whether an LEA has a letter, which then leads its page in place of what is read here."""
    return letter_of(view.placements.dataset, row) is not None


def badge(view: View, row: int) -> None:
    """What CDE's letter says of an LEA, beside it this tool's reading, and whether and why they differ."""
    placements = view.placements
    letter = letter_of(placements.dataset, row)
    way = agreement(placements, row)
    reading = escape(gate().say(settled.said(placements, row)))
    ours = f'<span class="cim-who">{escape(t("letters.ours"))}</span> <span class="cim-ours">{reading}</span>'
    if letter is None:
        st.html(
            f'<p class="cim-said">{ours} <span class="cim-way">{escape(t(AGREEMENT_NAMED[way]))}</span></p>'
        )
        if not placements.dataset.in_progress[row]:
            st.page_link("pages/letters.py", label=t("letters.enter"), query_params=address.address())
        return
    shown = parts.pill(letter.means[0]) if len(letter.means) == 1 else ""
    said = "" if shown and letter.written == letter.means[0].name else f" “{escape(letter.written)}”"
    cde = f'<span class="cim-who">{escape(t("letters.cde"))}</span> {shown}{said}'
    why = difference.because(placements, row)
    told = t(AGREEMENT_NAMED[way]) + ("" if why is None else f", {gate().say(why)}")
    st.html(
        f'<p class="cim-said">{cde} <span class="cim-beside">{ours}</span> '
        f'<span class="cim-way"><b>{letter_cells.MARKS[way]}</b> {escape(told)}</span></p>'
    )
    details = [
        t("letters.dated", date=letter.date) if letter.date else "",
        t("letters.for_year", year=letter.monitoring_year) if letter.monitoring_year else "",
        t("letters.its_reasons", reasons=letter.reasons) if letter.reasons else "",
    ]
    if any(details):
        st.caption(md(" ".join(filter(None, details))))


def by_placement(
    view: View, of_reading: Sequence[tuple[Standing, Sequence[int]]], rows: Sequence[int]
) -> Sequence[tuple[Standing, Sequence[int]]]:
    """The LEAs in each placement: by letter where anybody has one, else as this tool reads."""
    return summary.by_letter(view.placements, rows) if letters(view).any else of_reading


def only_differing(view: View) -> frozenset[int] | None:
    """A switch for LEAs whose letter differs: their rows, or None where all are wanted."""
    found = letters(view)
    if not found.any:
        return None
    wanted = st.toggle(t("letters.only_differing"), key="filter_differs", disabled=not found.differs)
    return frozenset(found.differs) if wanted and found.differs else None


def marks(view: View, rows: Sequence[int]) -> dict[int, str]:
    """The sign that stands on an LEA's square: ≠ where the letter differs, ? where nothing is settled."""
    found = {}
    for row in rows:
        way = agreement(view.placements, row)
        unsure = way in (Agreement.NO_LETTER, Agreement.UNREAD) and not view.placements.firm[row]
        found[row] = letter_cells.MARKS[way] if way is Agreement.DIFFERS else "?" if unsure else ""
    return found
