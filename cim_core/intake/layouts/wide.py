"""The wide layout: one row per LEA and year, columns `5a`, `5a_n`, `5a_d` (rate, numerator, denominator)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from cim_core.data.dataset import FACT_COLUMNS
from cim_core.intake.files.tables import Table
from cim_core.intake.layouts import record_loop, wide_columns
from cim_core.intake.layouts.record_loop import Whose
from cim_core.intake.layouts.wide_places import WideColumns
from cim_core.intake.layouts.wide_targets import PrintedInColumns
from cim_core.intake.meanings import header_years, same, spellings
from cim_core.intake.meanings.layout import (
    Layout,
    Raw,
    Reading,
    Record,
    canonical,
    header_at,
    holds_codes,
    plain,
)
from cim_core.intake.meanings.our_columns import column
from cim_core.intake.problems import Problem, Severity
from cim_core.intake.questions import Answers

_ANYWHERE = {"county", "lea_type", "determination", "enrollment"}
"""Facts whose columns many tables about LEAs have."""


def recognises(header: Sequence[str]) -> bool:
    """Whether a row is this layout's header: lea_code, year and at least one indicator or fact.

    Facts that many tables about LEAs have are enough only where nothing but our own columns, or surely an
    indicator, stands beside them: else every public file with codes, years and counties would be one.
    """
    names = {canonical(cell) for cell in header}
    if not {"lea_code", "year"} <= names:
        return False
    facts = names & set(FACT_COLUMNS)
    telling = bool(facts - _ANYWHERE) or any(_named(cell) for cell in header)
    if telling or not facts:
        return telling
    return all(canonical(cell) for cell in header if cell) or _surely(header)


def _surely(header: Sequence[str]) -> bool:
    """Whether a header surely names an indicator, and is not that of a download of all levels and groups."""
    if any(plain(cell).replace("_", "") == "aggregatelevel" for cell in header):
        return False
    return any(spellings.sure(header_years.split(cell)[1])[0] for cell in header)


def without_year(table: Table, at_row: int) -> bool:
    """Whether a row is this layout's header though it has no year.

    Less tells it then: columns that any table may have (`Code`, `Type`, `County`, `1`, `2`) are not enough.
    """
    header = table.rows[at_row]
    names = {canonical(cell) for cell in header}
    if "lea_code" not in names:
        return False
    named = [cell for cell in header if _named(cell)]
    telling = bool(named) or bool(names & set(FACT_COLUMNS) - _ANYWHERE)
    spoken = sum(not cell.strip().removesuffix(".0").isdigit() for cell in named)
    return telling and (spoken > 1 or holds_codes(table, at_row))


def _named(header: str) -> bool:
    """Whether a header is a column of an indicator by our own names, or surely one by the code in it."""
    year, rest = header_years.split(header)
    if column(rest) is not None:
        return True
    return bool(spellings.sure(rest)[0] and spellings.codes_in(rest)) or bool(
        year and spellings.sure(rest)[0]
    )


def read_wide(table: Table, at_row: int, answers: Answers) -> Reading:
    """Read the records of a wide table, one for each row and each year that stands in headers.

    Columns that mean nothing to us are reported, not dropped quietly.
    """
    found = wide_columns.assign(table, at_row, answers)
    told = record_loop.year_of_all(table, at_row, answers, has_column=not _asks_for_year(found))
    rows = _Rows(table, found, told.year if told else "")
    whose = Whose(found.identity, told, record_loop.cells_at(rows.filled))
    records = record_loop.read_rows(table, at_row, whose, rows.read_row)
    across = [table.problem("years_across", Severity.NOTE, ", ".join(found.years))] if found.years else []
    problems = [*found.problems, *across, *(told.problems if told else ()), *rows.said()]
    known = {code for code, _ in found.parts} | {name for name, _ in found.facts}
    return Reading(
        table, "wide", records, frozenset(known), _headers(found), problems,
        (*(told.questions if told else ()), *found.questions), tuple(found.printed()),
        unread=tuple(found.unread),
    )  # fmt: skip


def _headers(found: WideColumns) -> dict[str, str]:
    """The file's own names of our columns; of a year written as a number all that it stands in."""
    headers = {name: found.header[at] for name, at in found.identity.items()}
    headers |= {name: found.header[places[0]] for (name, _), places in found.facts.items()}
    numbers = {year for year in found.years if year.isdigit()}
    dated = [cell for cell in found.header if header_years.split(cell)[0] in numbers] if numbers else []
    if numbers:
        headers["year"] = ", ".join(filter(None, [headers.get("year"), *dated]))
    return headers


def _asks_for_year(found: WideColumns) -> bool:
    """Whether a year is lacking: facts alone go with the newest of the years that stand in headers."""
    undated = any(not year for _, year in found.parts)
    return "year" not in found.identity and (undated or not found.years)


@dataclass(frozen=True, slots=True)
class _Part:
    """One indicator of a wide table in one year: where its three parts stand, and their headers."""

    code: str
    places: tuple[list[int], list[int], list[int]]
    columns: tuple[str, str, str]
    rates: dict[str, Raw] = field(default_factory=dict)


class _Year(NamedTuple):
    """What a wide table holds of one year; empty for the year that stands in the row itself."""

    year: str
    facts: list[tuple[str, list[int]]]
    parts: list[_Part]
    targets: list[tuple[str, PrintedInColumns]]


def _year(found: WideColumns, year: str, *, newest: bool) -> _Year:
    """What stands under a year; facts without one go with the newest."""
    return _Year(
        year,
        [(name, at) for (name, dated), at in found.facts.items() if dated == year or (not dated and newest)],
        [
            _Part(code, places, found.named(code, year))
            for (code, dated), places in found.parts.items()
            if dated == year
        ],
        [(code, printed) for (code, dated), printed in found.targets.items() if dated == year],
    )


class _Rows:
    """Rows of a wide table → records; two columns with one meaning count only where they agree."""

    def __init__(self, table: Table, found: WideColumns, told: str) -> None:
        self.table, self.found = table, found
        undated = bool(told) or "year" in found.identity
        years = ("", *found.years) if undated else found.years
        self.years = [_year(found, year, newest=year == years[0 if undated else -1]) for year in years]
        self.filled = [at for places in found.parts.values() for some in places for at in some]
        self.filled += [at for some in found.facts.values() for at in some]
        self.differ: list[Problem] = []
        self.together: set[tuple[int, ...]] = set()

    def read_row(self, number: int, row: list[str], who: dict[str, str]) -> Iterator[Record]:
        """The records of one row."""
        for of_year in self.years:
            facts = {name: self.fact(number, row, places) for name, places in of_year.facts}
            cells = {part.code: self.raw(number, row, part) for part in of_year.parts}
            own = {**who, "year": of_year.year} if of_year.year else who
            for code, printed in of_year.targets:
                printed.add(self.table, self.found.header, number, row, _rate(cells.get(code)), own)
            if not of_year.year or _says_anything(facts, cells):
                yield Record(number, own, facts, cells)

    def fact(self, number: int, row: list[str], places: Sequence[int]) -> str:
        """A fact as written; empty where two columns of it differ."""
        if len(places) == 1:
            return row[places[0]]
        return self.one_of(number, row, places) or ""

    def raw(self, number: int, row: list[str], part: _Part) -> Raw:
        """The three parts of an indicator as written; equal rates without counts are held once."""
        rate, numerator, denominator = part.places
        if len(rate) == 1 and not numerator and not denominator:
            written = row[rate[0]]
            known = part.rates.get(written)
            if known is None:
                known = part.rates[written] = Raw(written, None, None, part.columns)
            return known
        if len(rate) < 2 and len(numerator) < 2 and len(denominator) < 2:
            return Raw(
                row[rate[0]] if rate else None,
                row[numerator[0]] if numerator else None,
                row[denominator[0]] if denominator else None,
                part.columns,
            )
        return self._raw_of_several(number, row, part)

    def _raw_of_several(self, number: int, row: list[str], part: _Part) -> Raw:
        read = [self.one_of(number, row, some) if some else None for some in part.places]
        if any(one is None for one, some in zip(read, part.places, strict=True) if some):
            return Raw(None, None, None, part.columns, refused=True)
        return Raw(read[0], read[1], read[2], part.columns)

    def one_of(self, number: int, row: list[str], places: Sequence[int]) -> str | None:
        """What several columns of one meaning say together; None, which is said, where they differ."""
        if len(places) == 1:
            return row[places[0]]
        key = tuple(places)
        self.together.add(key)
        written = [row[at] for at in places if row[at]]
        kept = written[0] if written else ""
        for other in written[1:]:
            joined = same.more_exact(kept, other)
            if joined is None:
                at = number - self.table.first_row
                said = " / ".join(row[at] or "–" for at in places)
                problem = self.table.problem_at("columns_differ", Severity.ERROR, at, self._both(key), said)
                self.differ.append(problem)
                return None
            kept = joined
        return kept

    def _both(self, places: Sequence[int]) -> str:
        return " / ".join(self.found.header[at] for at in places)

    def said(self) -> list[Problem]:
        """Where columns of one meaning differ; those that agree are named once."""
        apart = {one.column for one in self.differ}
        notes = [
            self.table.problem("columns_same", Severity.NOTE, both)
            for both in sorted(self._both(key) for key in self.together)
            if both not in apart
        ]
        return [*notes, *self.differ, *self._of_targets()]

    def _of_targets(self) -> list[Problem]:
        return [one for some in self.found.targets.values() for one in some.problems(self.table)]


def _says_anything(facts: Mapping[str, str], cells: Mapping[str, Raw]) -> bool:
    """Whether a row has anything for a year that stands in headers."""
    return any(facts.values()) or any(any(raw[:3]) or raw.refused for raw in cells.values())


def _rate(raw: Raw | None) -> str:
    return "" if raw is None else raw.rate or ""


EXAMPLE = """\
lea_code,lea_name,selpa,year,swd,minor_findings,5a,5a_n,5a_d,11_n,11_d
9900001,Meadow Unified,My SELPA,2023-24,640,0,53.2,532,1000,40,40
9900002,Brook Elementary,My SELPA,2023-24,180,0,NC,,,12,12
"""

LAYOUT = Layout("wide", header_at(recognises, without_year), read_wide, EXAMPLE)
