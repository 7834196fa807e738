"""CDE's letter first, this tool's reading beside it: the badge of an LEA, the line of a region, its table."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from cim_core.letters import difference, summary
from cim_core.letters.summary import LettersOf
from cim_core.placing import settled
from ui.shared import html_parts, letter_cells, tables
from ui.shared.results import View
from ui.shared.words_on_screen import gate, t


def letters(view: View) -> LettersOf:
    """How the letters of the year that is looked at stand."""
    return summary.letters_of(view.placements, view.placements.dataset.rows_of_year(view.year).tolist())


def line(view: View) -> str:
    """How many letters there are and how they stand, in one sentence."""
    return gate().say(letters(view).said)


def in_short(view: View) -> str:
    """How many letters there are and how many differ, for the bar on top."""
    return gate().say(letters(view).in_short)


def beside_reading(view: View, rows: Sequence[int]) -> None:
    """One line per LEA: its letter, this tool's reading, whether they agree, and why not."""
    placements = view.placements
    lines: list[list[html_parts.Cell]] = []
    for row in rows:
        why = difference.because(placements, row)
        lines.append([
            tables.lea_link(placements, row),
            letter_cells.letter(placements, row),
            gate().say(settled.said(placements, row)),
            letter_cells.agrees(placements, row),
            gate().say(why) if why is not None else "",
        ])  # fmt: skip
    heads = ("head.lea", "head.cde", "head.ours", "head.agrees", "head.why_not")
    html_parts.table([t(head) for head in heads], lines)


def only_differing(view: View) -> frozenset[int] | None:
    """A switch for LEAs whose letter differs: their rows, or None where all are wanted."""
    found = letters(view)
    if not found.any:
        return None
    wanted = st.toggle(t("letters.only_differing"), key="filter_differs", disabled=not found.differs)
    return frozenset(found.differs) if wanted and found.differs else None
