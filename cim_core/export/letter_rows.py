"""Letters beside readings as plain rows for files."""

from __future__ import annotations

from collections.abc import Iterable

from cim_core.export.rows import Plain, place_row
from cim_core.letters.difference import because
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
