"""That rules in use do not explain a letter: said before what starts from where they place an LEA."""

from __future__ import annotations

from collections.abc import Iterable

from cim_core.letters.agreement import Agreement, agreement, letter_of
from cim_core.letters.summary import letters_of
from cim_core.placing import settled
from cim_core.placing.placement import Placements
from cim_core.words.messages import HowMany, Message, message

_NAMED = 5
"""LEAs that are named; of more the number is said."""


def of_lea(placements: Placements, row: int) -> Message | None:
    """That the reading of an LEA is not what its letter says; None where it may be, or there is no letter."""
    letter = letter_of(placements.dataset, row)
    if letter is None or agreement(placements, row) is not Agreement.DIFFERS:
        return None
    reading = settled.short(placements, row)
    return message("unexplained.lea", letter=letter.written, reading=reading)


def of_region(placements: Placements, rows: Iterable[int]) -> Message | None:
    """That the reading of some LEAs is not what their letters say; None where all letters fit."""
    found = letters_of(placements, rows)
    differs = found.differs
    if not differs:
        return None
    names = tuple(str(placements.dataset.lea_name[row]) for row in differs[:_NAMED])
    kind = "unexplained.region" if len(differs) <= _NAMED else "unexplained.region_more"
    more = HowMany(len(differs) - _NAMED)
    return message(kind, n=HowMany(len(differs)), all=HowMany(found.entered), leas=names, more=more)
