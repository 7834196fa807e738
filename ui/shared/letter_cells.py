"""What a table says of CDE's letters: the words of each, and whether this tool's reading agrees."""

from __future__ import annotations

from cim_core.letters.agreement import AGREEMENT_NAMED, Agreement, agreement
from cim_core.placing.placement import Placements
from ui.shared.words_on_screen import t

MARKS = {Agreement.AGREES: "=", Agreement.POSSIBLE: "?", Agreement.DIFFERS: "≠", Agreement.UNREAD: "?"}
"""The sign beside an LEA that has a letter."""


def letter(placements: Placements, row: int) -> str:
    """What an LEA's letter says, in its own words; a dash where there is none."""
    return str(placements.dataset.cde_placement[row]) or "–"


def agrees(placements: Placements, row: int) -> str:
    """Whether this tool's reading agrees with an LEA's letter; a dash where there is none."""
    way = agreement(placements, row)
    return f"{MARKS[way]}\u00a0{t(AGREEMENT_NAMED[way])}" if way in MARKS else "–"
