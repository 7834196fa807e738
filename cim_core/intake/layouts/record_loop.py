"""One way through the rows under a header: whose each row is, and what a layout makes of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from cim_core.intake.files.tables import Table
from cim_core.intake.meanings import years
from cim_core.intake.meanings.layout import Record, body, unused
from cim_core.intake.problems import Problem
from cim_core.intake.questions import Answers

ReadRow = Callable[[int, list[str], dict[str, str]], Iterable[Record]]
"""What a layout makes of a row: told its number, its cells, and whose it is (which it must not change)."""


@dataclass(frozen=True, slots=True)
class Whose:
    """Where rows say whose they are: our names of identity columns with their places.

    Where no column has the year, `told` has one for all, which holds for rows with a code or with anything in
    the cells that `filled` gives: a note below the table is none of them.
    """

    places: Mapping[str, int]
    told: years.Told | None = None
    filled: Callable[[list[str]], Iterable[str | None]] = iter


def read_rows(table: Table, at_row: int, whose: Whose, read_row: ReadRow) -> list[Record]:
    """The records of every row under a header; rows one behind the other share one identity."""
    names, places, told = tuple(whose.places), tuple(whose.places.values()), whose.told
    records: list[Record] = []
    before: list[str] = []
    who: dict[str, str] = {}
    for number, row in body(table, at_row):
        written = [row[at] for at in places]
        if written != before:
            before, who = written, dict(zip(names, written, strict=True))
        if told is None:
            records.extend(read_row(number, row, who))
        else:
            holds = years.holds_data(who.get("lea_code", ""), whose.filled(row))
            records.extend(read_row(number, row, who | {"year": told.year if holds else ""}))
    return records


def cells_at(places: Sequence[int]) -> Callable[[list[str]], list[str]]:
    """Gives the cells of a row at some places."""
    return lambda row: [row[at] for at in places]


def year_of_all(table: Table, at_row: int, answers: Answers, has_column: bool) -> years.Told | None:
    """The year of a table without a column for it; None where there is one."""
    return None if has_column else years.told(table, at_row, answers)


def columns_unused(table: Table, at_row: int, used: Collection[int]) -> list[Problem]:
    """The named columns that are not read."""
    header = enumerate(table.rows[at_row])
    return [unused(table, cell, twice=False) for at, cell in header if cell and at not in used]
