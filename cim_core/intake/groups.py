"""LEAs and years while the rows of all files are being gathered, each value with the place where it stood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from cim_core.dataset import Cell, Missing
from cim_core.intake.tables import Table

Key = tuple[str, str]


class Place(NamedTuple):
    """Where something stood: the table, the row as a person counts, and the column where it is known."""

    table: Table
    row: int
    column: str = ""

    def said(self, table: Table) -> str:
        """The row, with the file's or the sheet's name where it is another one than `table`."""
        if self.table is table:
            return str(self.row)
        return f"{self.row} ({self.table.file if self.table.file != table.file else self.table.sheet})"


@dataclass
class Group:
    """One LEA and year while its rows are being gathered; `unread` as in `cim_core.dataset.Dataset`."""

    lea_code: str
    year: str
    place: Place
    headers: Mapping[str, str]
    texts: dict[str, str] = field(default_factory=dict)
    facts: dict[str, object] = field(default_factory=dict)
    fact_places: dict[str, Place] = field(default_factory=dict)
    implied: set[str] = field(default_factory=set)
    conflicts: set[str] = field(default_factory=set)
    cells: dict[str, Cell] = field(default_factory=dict)
    cell_places: dict[str, Place] = field(default_factory=dict)
    runs: tuple[int, int] | None = None
    by_name: bool = False
    unread: bool = False


Groups = Mapping[Key, Group]


def with_results(groups: Groups) -> frozenset[str]:
    """The indicators of which some LEA and year has a value, or a reason why there is none (`NC`)."""
    return frozenset(
        code
        for group in groups.values()
        for code, cell in group.cells.items()
        if cell.missing is not Missing.BLANK
    )
