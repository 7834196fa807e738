"""Who moves, by a scenario or along a threshold, as plain rows for files."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from cim_core.export.rows import Plain, whole
from cim_core.placing.placement import Placements
from cim_core.whatif import Comparison, Mover, Sweep, because, ratio
from cim_core.why import lag
from cim_core.why.clauses import students
from cim_core.words.disclosure import Disclosure
from cim_core.words.messages import message

MOVER_COLUMNS = (
    "lea_code", "lea_name", "year", "from", "to", "clause", "direction", "swd", "because", "as_of", "lag",
)  # fmt: skip
CHANGE_COLUMNS = (
    "value", "lea_code", "year", "from", "to", "at", "lea_name", "exact", "as_fraction", "as_of", "lag",
)  # fmt: skip


def mover_rows(
    comparison: Comparison, movers: Iterable[Mover], disclosure: Disclosure
) -> list[dict[str, Plain]]:
    """Who moves, one row per LEA and year: from, to, the clause that decides now, the numbers that did it."""
    data = comparison.before.dataset
    ways = {1: "more intensive", -1: "less intensive", 0: ""}
    return [
        {
            "lea_code": str(data.lea_code[mover.row]),
            "lea_name": str(data.lea_name[mover.row]),
            "year": str(data.year[mover.row]),
            "from": mover.before.name,
            "to": mover.after.name,
            "clause": mover.clause or None,
            "direction": ways[mover.direction],
            "swd": whole(disclosure, students(int(data.swd[mover.row])))
            if data.swd[mover.row] >= 0
            else None,
            "because": disclosure.say(message("listed", each=because(comparison, mover))),
            "as_of": str(data.as_of[mover.row]) or None,
            "lag": lag.written(comparison.after, mover.row, disclosure, date.today()),
        }
        for mover in movers
    ]


def change_rows(
    found: Sweep, placements: Placements, rows: set[int], disclosure: Disclosure
) -> list[dict[str, Plain]]:
    """The change points of a sweep for some rows: as the threshold grows through `value`, from → to.

    `at` says whether the new placement already holds at the value itself. `value` is short and gives the same
    placements as `exact`, which may have no end; `as_fraction` is what it comes from (`2 of 613`).
    """
    data = placements.dataset
    labels = {one.severity: one.name for one in placements.rulebook.placements}
    return [
        {
            "value": float(change.short),
            "lea_code": str(data.lea_code[change.row]),
            "year": str(data.year[change.row]),
            "from": labels[change.before],
            "to": labels[change.after],
            "at": change.at,
            "lea_name": str(data.lea_name[change.row]),
            "exact": float(change.value),
            "as_fraction": disclosure.say(said) if (said := ratio(change)) is not None else None,
            "as_of": str(data.as_of[change.row]) or None,
            "lag": lag.written(placements, change.row, disclosure, date.today()),
        }
        for change in found.changes
        if change.row in rows
    ]
