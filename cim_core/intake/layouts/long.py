"""The long layout: one row per LEA, year and indicator, if wished with its target and where it comes from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cim_core.data.dataset import FACT_COLUMNS
from cim_core.intake.files.tables import Table
from cim_core.intake.layouts import record_loop, wide_targets
from cim_core.intake.layouts.record_loop import Whose
from cim_core.intake.meanings import collection, header_years, same, spellings, years
from cim_core.intake.meanings.indicator_names import IndicatorNames
from cim_core.intake.meanings.layout import (
    IDENTITY,
    Layout,
    Raw,
    Reading,
    Record,
    canonical,
    header_at,
    pick,
    plain,
    unused,
)
from cim_core.intake.meanings.targets import Targets
from cim_core.intake.problems import Problem, Severity
from cim_core.intake.questions import Answers

_PARTS = ("rate", "numerator", "denominator")
_TARGET = ("target", "comparator", "target_met")
_OTHER = ("indicator", *_PARTS, "note", "source", *_TARGET)
_OURS = (*IDENTITY, *FACT_COLUMNS, *_OTHER)
_UNCLEAR = {"n", "count", "number", "total"}
"""Headers that may be about the numerator as well as about the denominator."""


def _name(header: str) -> str:
    """Our name for a column, by our own or by a spelling of it that leaves no doubt."""
    name = canonical(header) or plain(header)
    if name in _OURS or name in _UNCLEAR or header_years.split(header)[0]:
        return name
    meant = spellings.meanings(header)
    found = meant[0][0] if meant and meant[0][1] == 100 else ""
    if found == "indicator" and not re.search(r"indicator|sppi", name):
        return name  # measures and metrics are many things: such a file is tied by hand
    return found if found in _OTHER else name


def recognises(header: Sequence[str]) -> bool:
    """Whether a row is this layout's header: lea_code, year, indicator and at least one value column."""
    names = {_name(cell) for cell in header}
    return {"lea_code", "year", "indicator"} <= names and bool(names & set(_PARTS))


def without_year(table: Table, at_row: int) -> bool:
    """Whether a row is this layout's header though it has no year."""
    header = table.rows[at_row]
    return "lea_code" in map(canonical, header) and recognises([*header, "year"])


def read_long(table: Table, at_row: int, answers: Answers) -> Reading:
    """Read the records of a long table; a row whose indicator is not known is set aside and reported."""
    columns = _columns(table, at_row)
    told = record_loop.year_of_all(table, at_row, answers, "year" in columns.position)
    rows = _Rows(table, columns, told)
    filled = record_loop.cells_at(list(columns.of((*FACT_COLUMNS, *_PARTS)).values()))
    whose = Whose(columns.of(IDENTITY), told, filled)
    records = record_loop.read_rows(table, at_row, whose, rows.read_row)
    problems = [*columns.problems, *(told.problems if told else ()), *rows.problems, *rows.said()]
    return Reading(
        table, "long", records, frozenset({*rows.found, *columns.of(FACT_COLUMNS)}),
        {name: columns.header[at] for name, at in columns.position.items()}, problems,
        told.questions if told else (), tuple(rows.targets.found), repeats=True,
        unread=rows.by_name.unread,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where our columns stand in a long table; `same` are those that it has more than once."""

    header: Sequence[str]
    position: dict[str, int]
    same: dict[str, list[int]]
    problems: list[Problem]

    def of(self, names: Iterable[str]) -> dict[str, int]:
        """Those of some columns that are there, each with its first place."""
        return {name: self.position[name] for name in names if name in self.position}

    def every(self, name: str) -> Sequence[int]:
        """All places of a column."""
        return self.same.get(name) or [at for at in (self.position.get(name),) if at is not None]

    def called(self, places: Sequence[int]) -> str:
        """The file's own names of some columns."""
        return " / ".join(self.header[at] for at in places)


def _columns(table: Table, at_row: int) -> _Columns:
    found = _Columns(table.rows[at_row], {}, {}, [])
    position = found.position
    for at, cell in enumerate(found.header):
        name = _name(cell)
        if name in position and name in (*_PARTS, *_TARGET, "indicator"):
            found.same.setdefault(name, [position[name]]).append(at)
        elif name in position or (cell and name not in _OURS):
            found.problems.append(unused(table, cell, twice=name in position))
        elif cell:
            position[name] = at
            if name != canonical(cell) and name != plain(cell):
                found.problems.append(table.problem("column_read", Severity.NOTE, cell, column=name))
    return found


class _Rows:
    """Rows of a long table → records; columns with one meaning count only where they agree."""

    def __init__(self, table: Table, columns: _Columns, told: years.Told | None) -> None:
        self.table, self.columns, self.told = table, columns, told
        position, header = columns.position, columns.header
        self.indicator_at, self.parts_at = position["indicator"], [position.get(part) for part in _PARTS]
        self.note_at, self.source_at = position.get("note"), position.get("source")
        self.facts = columns.of(FACT_COLUMNS)
        names = {part: header[position[part]] if part in position else part for part in _PARTS}
        self.names = names["rate"], names["numerator"], names["denominator"]
        self.named = columns.same.get("indicator", ())
        self.same_parts = [columns.same[part] for part in _PARTS if part in columns.same]
        self.of_targets = [columns.every(name) for name in _TARGET]
        self.has_targets = any(self.of_targets)
        called = (columns.called(columns.every(name)) for name in ("target", "target_met"))
        self.targets = Targets(table, *called)
        self.by_name = IndicatorNames()
        self.found: set[str] = set()
        self.problems: list[Problem] = []

    def read_row(self, number: int, row: list[str], who: dict[str, str]) -> tuple[Record]:
        """The record of one row; empty where its indicator is not known."""
        written = row[self.indicator_at]
        code = self.by_name.code(written)
        cells: dict[str, Raw] = {}
        if self.named and self._indicators_differ(row):
            self._differ(number, row, self.named)
            either = (self.by_name.code(row[at]) for at in self.named if row[at])
            refused = Raw(None, None, None, self.names, refused=True)
            cells = {code: refused for code in either if code is not None}
        elif code is not None:
            self.found.add(code)
            raw = cells[code] = self._raw(number, row)
            if self.has_targets:
                self._target(number, row, code, who, raw.rate or "")
        elif written or (not self.named and any(at is not None and row[at] for at in self.parts_at)):
            self._unknown(number, written)
        return (Record(number, who, pick(row, self.facts), cells),)

    def _raw(self, number: int, row: list[str]) -> Raw:
        rate, numerator, denominator = [None if at is None else row[at] for at in self.parts_at]
        note = "" if self.note_at is None else row[self.note_at]
        source = "" if self.source_at is None else collection.named(row[self.source_at])
        refused = bool(self.same_parts) and not self._agree(number, row)
        return Raw(rate, numerator, denominator, self.names, note, source, refused)

    def _indicators_differ(self, row: Sequence[str]) -> bool:
        """Whether columns of indicators name different ones."""
        written = [row[at] for at in self.named if row[at]]
        return len({self.by_name.code(text) or text.casefold() for text in written}) > 1

    def _target(self, number: int, row: list[str], code: str, who: dict[str, str], rate: str) -> None:
        target, sign, met = (self._together(number, row, places) for places in self.of_targets)
        if not target or sign is None:
            return
        year = who["year"] if self.told is None else self.told.year
        self.targets.add(
            number, code, year, target, comparator=sign, met=met or "", lea_code=who["lea_code"], rate=rate
        )

    def _agree(self, number: int, row: Sequence[str]) -> bool:
        """Whether columns of a part say the same in a row; reported where they do not."""
        for places in self.same_parts:
            written = [row[at] for at in places if row[at]]
            if any(same.more_exact(written[0], other) is None for other in written[1:]):
                self._differ(number, row, places)
                return False
        return True

    def _together(self, number: int, row: Sequence[str], places: Sequence[int]) -> str | None:
        """What columns with targets or results say together; empty for none, None where they differ."""
        kept = ""
        for written in (row[at] for at in places if row[at]):
            joined = wide_targets.alike(kept, written) if kept else written
            if joined is None:
                self._differ(number, row, places)
                return None
            kept = joined
        return kept

    def _differ(self, number: int, row: Sequence[str], places: Sequence[int]) -> None:
        both, said = self.columns.called(places), " / ".join(row[at] or "–" for at in places)
        at = number - self.table.first_row
        self.problems.append(self.table.problem_at("columns_differ", Severity.ERROR, at, both, said))

    def _unknown(self, number: int, written: str) -> None:
        at, where = number - self.table.first_row, self.columns.header[self.indicator_at]
        self.problems.append(self.table.problem_at("unknown_indicator", Severity.ERROR, at, where, written))

    def said(self) -> list[Problem]:
        """Which columns say the same, which names were guessed, and what is wrong with targets."""
        apart = {problem.column for problem in self.problems if problem.kind == "columns_differ"}
        called = (self.columns.called(places) for places in self.columns.same.values())
        alike = [
            self.table.problem("columns_same", Severity.NOTE, both) for both in called if both not in apart
        ]
        return [*alike, *self.by_name.said(self.table), *self.targets.problems]


EXAMPLE = """\
lea_code,lea_name,selpa,year,indicator,numerator,denominator,rate,note
9900001,Meadow Unified,My SELPA,2023-24,5a,532,1000,53.2,
9900001,Meadow Unified,My SELPA,2023-24,11,40,40,,
9900001,Meadow Unified,My SELPA,2023-24,8,,,,NC
"""

LAYOUT = Layout("long", header_at(recognises, without_year), read_long, EXAMPLE)
