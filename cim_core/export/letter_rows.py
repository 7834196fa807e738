"""Letters beside readings as plain rows for files."""

from __future__ import annotations

from collections.abc import Iterable

from cim_core.export.rows import Plain, place_row
from cim_core.letters.agreement import letter_of
from cim_core.letters.difference import because, beside
from cim_core.letters.stated import stated
from cim_core.placing.placement import Placements
from cim_core.words.disclosure import Disclosure

_OF_PLACE = (
    "lea_code", "lea_name", "year", "cde_placement", "placement", "could_be", "firm", "agrees", "cde_reasons",
    "letter_date", "monitoring_year", "rulebook",
)  # fmt: skip


def letter_rows(
    placements: Placements, rows: Iterable[int], disclosure: Disclosure
) -> list[dict[str, Plain]]:
    """One row per LEA and year: what letter and reading say, whether they agree, and why not."""
    found = []
    for row in rows:
        placed = place_row(placements, row, disclosure)
        why = because(placements, row)
        of_place = {name: placed[name] for name in _OF_PLACE}
        found.append({**of_place, "because": None if why is None else disclosure.say(why)})
    return found


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
        "agrees": place_row(placements, row, disclosure)["agrees"],
        "because": None if why is None else disclosure.say(why),
        "reasons": letter.reasons or None,
        "missed_indicators": None if said.missed is None else list(said.missed),
        "letter_date": letter.date or None,
        "monitoring_year": letter.monitoring_year or None,
    }
