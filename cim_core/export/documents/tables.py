"""Placements, the evidence behind them, and who moved, as tables, with a dictionary of their columns."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from cim_core.export import rows as export
from cim_core.export.documents import archive
from cim_core.export.documents.receipt import Receipt
from cim_core.export.meeting.ground import Ground
from cim_core.export.rows import Plain
from cim_core.movement import CSV_COLUMNS, movement, mover_rows
from cim_core.why.clauses import students
from cim_core.why.explanation import explain
from cim_core.words.disclosure import Disclosure
from cim_core.words.messages import MessageFamily

CLOSENESS = ("closeness", "decides_students")
"""What the placements have beside the columns of `place`: how near another placement is."""
EVIDENCE = (
    "lea_code", "lea_name", "year", "as_of", "cde_placement", "placement", "firm", "agrees", "rulebook",
    "reference", "lag", "notice", "indicator", "name", "rate", "numerator", "denominator", "inferred",
    "comparator", "target", "vintage", "target_status", "target_measure", "measure", "target_said", "result",
    "missing", "element", "ranked_with_state_value", "students_to_target", "points_to_target", "borderline",
    "file", "collection",
)  # fmt: skip
DICTIONARY = ("table", "column", "holds")
_LONGEST = 30_000
"""Characters of a cell: it takes 32,767."""
RECEIPT_SHEET = "receipt"
_EVERY = dict.fromkeys((*export.COLUMNS, *CLOSENESS, *EVIDENCE, *CSV_COLUMNS, *DICTIONARY))
HOLDS = MessageFamily("dictionary.{}", tuple(_EVERY))


class TableName(StrEnum):
    """The tables, as their files are called."""

    PLACEMENTS = "placements"
    EVIDENCE = "evidence"
    MOVERS = "movers"
    DICTIONARY = "data_dictionary"


@dataclass(frozen=True, slots=True)
class Table:
    """Named columns and plain rows."""

    name: TableName
    columns: tuple[str, ...]
    rows: Sequence[Mapping[str, Plain]]

    def csv(self) -> bytes:
        """As a file that spreadsheets open."""
        return export.csv_bytes(self.rows, self.columns)


def tables(on: Ground, rows: Sequence[int], gate: Disclosure) -> list[Table]:
    """All tables of some rows of a year; who moved is told since the year before."""
    made = [
        Table(TableName.PLACEMENTS, (*export.COLUMNS, *CLOSENESS), [_placed(on, row, gate) for row in rows]),
        Table(TableName.EVIDENCE, EVIDENCE, [line for row in rows for line in _evidence(on, row, gate)]),
        Table(TableName.MOVERS, CSV_COLUMNS, _movers(on, set(rows), gate)),
    ]
    return [*made, _dictionary(made, gate)]


def _placed(on: Ground, row: int, gate: Disclosure) -> dict[str, Plain]:
    near = on.closeness_of(row)
    count = None if near.students is None else export.whole(gate, students(near.students))
    placed = export.place_row(on.placements, row, gate, today=on.today)
    return placed | {"closeness": near.closeness.value, "decides_students": count}


def _evidence(on: Ground, row: int, gate: Disclosure) -> list[dict[str, Plain]]:
    why = explain(on.placements, row)
    return export.why_rows(why, on.placements, row, gate, on.outlook().margins, on.today)


def _movers(on: Ground, rows: set[int], gate: Disclosure) -> list[dict[str, Plain]]:
    before = on.region.previous_year
    if before is None:
        return []
    found = movement(on.placements, on.placements, before, on.year, on.reference, on.reference)
    movers = [one for one in found.movers if one.row_after in rows]
    return [{**line} for line in mover_rows(found, movers, gate, on.today)]


def _dictionary(made: Sequence[Table], gate: Disclosure) -> Table:
    """What each column of each table holds."""
    rows: list[Mapping[str, Plain]] = [
        {"table": table.name.value, "column": column, "holds": gate.say_id(HOLDS[column])}
        for table in made
        for column in table.columns
    ]
    return Table(TableName.DICTIONARY, DICTIONARY, rows)


def workbook(made: Sequence[Table], receipt: Receipt) -> bytes:
    """The tables as the sheets of one workbook, the receipt as the last."""
    book = Workbook()
    book.remove(book.active)
    for table in made:
        sheet = book.create_sheet(table.name.value)
        _write(sheet, 1, table.columns)
        for line, row in enumerate(table.rows, 2):
            _write(sheet, line, [_native(name, row.get(name)) for name in table.columns])
        sheet.freeze_panes = "A2"
    sheet = book.create_sheet(RECEIPT_SHEET)
    for line, text in enumerate(receipt.json().splitlines(), 1):
        _write(sheet, line, [text[at : at + _LONGEST] for at in range(0, len(text), _LONGEST)])
    book.properties.creator = ""
    out = io.BytesIO()
    book.save(out)
    return archive.same_each_time(out.getvalue(), receipt.day)


def _write(sheet: Any, line: int, values: Sequence[str | int | float]) -> None:
    """A line of a sheet; what is text stays text, also where it begins as a formula does."""
    for column, value in enumerate(values, 1):
        cell = sheet.cell(line, column, value)
        if isinstance(value, str):
            cell.data_type = "s"


def _native(name: str, value: Plain) -> str | int | float:
    """A number as one, all else as text."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    return str(ILLEGAL_CHARACTERS_RE.sub("", export.written(name, value)))
