"""The letters of the year that is looked at: how many, how they stand, and a switch for those that differ."""

from __future__ import annotations

import streamlit as st

from cim_core.letters import summary
from cim_core.letters.summary import LettersOf
from cim_core.letters.unexplained import of_lea, of_region
from ui.shared import parts
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


def only_differing(view: View) -> frozenset[int] | None:
    """A switch for LEAs whose letter differs: their rows, or None where all are wanted."""
    found = letters(view)
    if not found.any:
        return None
    wanted = st.toggle(t("letters.only_differing"), key="filter_differs", disabled=not found.differs)
    return frozenset(found.differs) if wanted and found.differs else None


def unexplained(view: View) -> None:
    """Before what moves from where the rules in use place LEAs: whose letters they do not explain."""
    said = of_region(view.baseline, view.baseline.dataset.rows_of_year(view.year))
    parts.show(parts.notes([] if said is None else [gate().say(said)]))


def unexplained_lea(view: View, row: int) -> None:
    """The same for one LEA."""
    said = of_lea(view.placements, row)
    parts.show(parts.notes([] if said is None else [gate().say(said)]))
