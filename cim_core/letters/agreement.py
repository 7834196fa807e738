"""CDE's letter beside this tool's reading of the same LEA and year.

The letter decides; a placement worked out here is a reading beside it (method: the letter and the work behind
it). A letter's words may mean several placements: `Intensive` in a year whose rules have levels inside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from cim_core.data.arrays import Bools, Ints
from cim_core.data.dataset import Dataset
from cim_core.intake.meanings.placement_words import placements_said
from cim_core.placing.placement import Placements
from cim_core.rules.tiers import Placement
from cim_core.words.messages import Message, MessageFamily, given


class Agreement(StrEnum):
    """How a letter and this tool's reading stand to each other.

    `POSSIBLE`: the reading is not settled, and what the letter says is among the possible placements.
    `UNREAD`: there is a letter, and its words name no placement that is known.
    """

    NO_LETTER = "no_letter"
    UNREAD = "unread"
    AGREES = "agrees"
    POSSIBLE = "possible"
    DIFFERS = "differs"


AGREEMENT_NAMED = MessageFamily("letters.agreement.{}", tuple(Agreement))


@dataclass(frozen=True, slots=True)
class Letter:
    """What CDE's letter says of an LEA and year, in its own words; `means` are the placements it can mean,
    least intensive first (empty where its words name none)."""

    written: str
    means: tuple[Placement, ...]
    reasons: str = ""
    date: str = ""
    monitoring_year: str = ""

    @property
    def placement(self) -> Placement | None:
        """The one placement that it means; None where it may mean several, or none."""
        return self.means[0] if len(self.means) == 1 else None

    @property
    def said(self) -> Message:
        """The placement by its own name where the letter has that, else the letter's words."""
        placement = self.placement
        return placement.label if placement and self.written == placement.name else given(self.written)


def letter_of(dataset: Dataset, row: int) -> Letter | None:
    """The letter of a row; None where none was entered."""
    written = str(dataset.cde_placement[row])
    if not written:
        return None
    return Letter(
        written,
        placements_said(written),
        str(dataset.cde_reasons[row]),
        str(dataset.letter_date[row]),
        str(dataset.monitoring_year[row]),
    )


def rows_with_letters(dataset: Dataset) -> Ints:
    """The rows (n) that have a letter whose words name a placement."""
    said = [bool(placements_said(str(written))) for written in dataset.cde_placement]
    return np.flatnonzero(np.array(said, np.bool_)).astype(np.int64)


def agreement(placements: Placements, row: int) -> Agreement:
    """How a row's letter and the reading stand to each other."""
    letter = letter_of(placements.dataset, row)
    if letter is None:
        return Agreement.NO_LETTER
    if not letter.means:
        return Agreement.UNREAD
    possible, means = set(placements.could_be(row)), set(letter.means)
    if not possible & means:
        return Agreement.DIFFERS
    unread = len(placements.dataset.unread) and placements.dataset.unread[row]
    return Agreement.AGREES if possible <= means and not unread else Agreement.POSSIBLE


def fits(placements: Placements, rows: Ints) -> Bools:
    """Whether what the letters of some rows (n) say is among what is possible there (n)."""
    against = (Agreement.DIFFERS, Agreement.UNREAD, Agreement.NO_LETTER)
    return np.array([agreement(placements, int(row)) not in against for row in rows], np.bool_)
