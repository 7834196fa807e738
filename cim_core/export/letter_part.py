"""What files hold of CDE's letter of one LEA and year."""

from __future__ import annotations

from cim_core.letters.agreement import Agreement, agreement, letter_of
from cim_core.letters.difference import because, beside
from cim_core.letters.stated import stated
from cim_core.placing.placement import Placements
from cim_core.words.disclosure import Disclosure

AGREES: dict[Agreement, str | bool | None] = {
    Agreement.NO_LETTER: None,
    Agreement.UNREAD: "unknown",
    Agreement.AGREES: True,
    Agreement.POSSIBLE: "unknown",
    Agreement.DIFFERS: False,
}
"""Whether the reading agrees, as files say it."""


def letter_row(placements: Placements, row: int, disclosure: Disclosure) -> dict[str, object]:
    """What `explain` holds of a letter: its words, what they can mean, its reasons, why it differs."""
    letter = letter_of(placements.dataset, row)
    told: dict[str, object] = {
        "sentence": disclosure.say(beside(placements, row)),
        "entered": letter is not None,
    }
    if letter is None:
        return told
    why, said = because(placements, row), stated(letter.reasons)
    return told | {
        "cde_placement": letter.written,
        "means": [placement.name for placement in letter.means],
        "agrees": AGREES[agreement(placements, row)],
        "because": None if why is None else disclosure.say(why),
        "reasons": letter.reasons or None,
        "missed_indicators": None if said.missed is None else list(said.missed),
        "letter_date": letter.date or None,
        "monitoring_year": letter.monitoring_year or None,
    }
