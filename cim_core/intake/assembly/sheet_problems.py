"""What there is to say of a sheet that is read: what stands around its header, and which facts are blank."""

from __future__ import annotations

from cim_core.data.dataset import DECIDING_FACTS
from cim_core.intake.files import tables
from cim_core.intake.meanings.layout import Reading
from cim_core.intake.problems import Problem, Severity


def around(table: tables.Table, at_row: int) -> list[Problem]:
    """What stands above the header though it looks like data, or in columns that have no name."""
    return [*_above(table, at_row), *_beyond(table, at_row)]


def _above(table: tables.Table, at_row: int) -> list[Problem]:
    enough = max(3, len([cell for cell in table.rows[at_row] if cell]) // 2)
    return [
        table.problem_at("above_header", Severity.WARNING, at, found=" | ".join(filter(None, row)))
        for at, row in enumerate(table.rows[:at_row])
        if len([cell for cell in row if cell]) >= enough
    ]


def _beyond(table: tables.Table, at_row: int) -> list[Problem]:
    names = table.rows[at_row]
    problems = []
    named = [place for place, cell in enumerate(names) if cell]
    if named == list(range(len(names))):
        wide = ((at, row) for at, row in enumerate(table.rows) if at > at_row and len(row) > len(names))
    else:
        wide = ((at, row) for at, row in enumerate(table.rows) if at > at_row)
    places = set(named)
    for at, row in wide:
        nameless = [cell for place, cell in enumerate(row) if cell and place not in places]
        if nameless:
            problems.append(table.problem_at("beyond_header", Severity.WARNING, at, found=" ".join(nameless)))
    return problems


def blank_facts(reading: Reading) -> list[Problem]:
    """Columns about findings or disproportionality that are blank in every row: unknown for every LEA."""
    return [
        reading.table.problem("blank_fact", Severity.NOTE, reading.headers.get(name, name))
        for name in sorted(DECIDING_FACTS & reading.columns)
        if not any(record.facts.get(name) for record in reading.records)
    ]
