"""LEAs and years while the rows of all files are being gathered, each value with the place where it stood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from cim_core.data.dataset import Cell, Missing
from cim_core.intake.files.tables import Table

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


_NONE: frozenset[str] = frozenset()
_NOTHING: dict[str, Any] = {}
"""Stands in all groups of which nothing is kept; never written into."""


def _nothing() -> dict[str, Any]:
    return _NOTHING


@dataclass(slots=True)
class GatheredRows:
    """One LEA and year while its rows are being gathered; `unread` as in `cim_core.data.dataset.Dataset`.

    `columns` names the column of each indicator where it stands in the group's own row. There are as many
    groups as rows, so places are only kept where they are others than that.
    """

    lea_code: str
    year: str
    place: Place
    headers: Mapping[str, str]
    columns: Mapping[str, str]
    lea_name: str = ""
    selpa: str = ""
    facts: dict[str, object] = field(default_factory=_nothing)
    implied: frozenset[str] = _NONE
    conflicts: frozenset[str] = _NONE
    cells: dict[str, Cell] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=_nothing)
    runs: tuple[int, int] | None = None
    by_name: bool = False
    unread: bool = False

    def put_fact(self, name: str, value: object) -> None:
        """Keep what a fact is."""
        if self.facts is _NOTHING:
            self.facts = {}
        self.facts[name] = value

    def put_place(self, name: str, place: Place) -> None:
        """Keep where a fact or an indicator stood, which is not in the group's own row and column."""
        if self.places is _NOTHING:
            self.places = {}
        self.places[name] = place

    def place_of_fact(self, name: str) -> Place:
        """Where a fact stood."""
        return self.places.get(name, self.place)

    def place_of_cell(self, code: str) -> Place:
        """Where an indicator stood."""
        return self.places.get(code) or self.place._replace(column=self.columns.get(code, ""))

    def given_away(self) -> dict[str, Cell]:
        """The cells, which are not kept any longer."""
        cells, self.cells = self.cells, _NOTHING
        return cells


Groups = Mapping[Key, GatheredRows]


def with_results(groups: Groups) -> frozenset[str]:
    """The indicators of which some LEA and year has a value, or a reason why there is none (`NC`)."""
    return frozenset(
        code
        for group in groups.values()
        for code, cell in group.cells.items()
        if cell.missing is not Missing.BLANK
    )
