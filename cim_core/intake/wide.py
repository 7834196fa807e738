"""The wide layout: one row per LEA and year, columns `5a`, `5a_n`, `5a_d` (rate, numerator, denominator)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cim_core import indicators
from cim_core.dataset import FACT_COLUMNS
from cim_core.indicators import Indicator, Unit
from cim_core.intake import years
from cim_core.intake.layout import (
    IDENTITY,
    Layout,
    Raw,
    Reading,
    Record,
    body,
    canonical,
    header_at,
    holds_codes,
    pick,
    unused,
)
from cim_core.intake.problems import Problem
from cim_core.intake.questions import Answers
from cim_core.intake.tables import Table

_LONGEST = 200
_SUFFIX = re.compile(r"(.+?)[\s_]+(n|num|numerator|d|den|denominator|rate|pct|percent)", re.IGNORECASE)
_PART = {
    "n": 1,
    "num": 1,
    "numerator": 1,
    "d": 2,
    "den": 2,
    "denominator": 2,
    "rate": 0,
    "pct": 0,
    "percent": 0,
}
_ANYWHERE = {"county", "lea_type", "determination", "enrollment"}
"""Facts whose columns many tables about LEAs have."""


def columns_of(indicator: Indicator) -> dict[str, int]:
    """The columns that an indicator can have, each with its part (0 rate, 1 numerator, 2 denominator)."""
    suffixes = {Unit.PERCENT: ("", "_n", "_d"), Unit.POINTS: ("", "_d"), Unit.COUNT: ("",)}[indicator.unit]
    return {indicator.code + suffix: ("", "_n", "_d").index(suffix) for suffix in suffixes}


def recognises(header: Sequence[str]) -> bool:
    """Whether a row is this layout's header: lea_code, year and at least one indicator or fact.

    Facts that many tables about LEAs have are enough only where nothing but our own columns stands beside
    them: else every public file with codes, years and counties would be one.
    """
    names = {canonical(cell) for cell in header}
    if not {"lea_code", "year"} <= names:
        return False
    facts = names & set(FACT_COLUMNS)
    telling = bool(facts - _ANYWHERE) or any(column(cell) for cell in header)
    return telling or (bool(facts) and all(canonical(cell) for cell in header if cell))


def without_year(table: Table, at_row: int) -> bool:
    """Whether a row is this layout's header though it has no year.

    Less tells it then: columns that any table may have (`Code`, `Type`, `County`, `1`, `2`) are not enough.
    """
    header = table.rows[at_row]
    names = {canonical(cell) for cell in header}
    if "lea_code" not in names:
        return False
    named = [cell for cell in header if column(cell) is not None]
    telling = bool(named) or bool(names & set(FACT_COLUMNS) - _ANYWHERE)
    spoken = sum(not cell.strip().removesuffix(".0").isdigit() for cell in named)
    return telling and (spoken > 1 or holds_codes(table, at_row))


def column(header: str) -> tuple[str, int] | None:
    """The indicator and part (0 rate, 1 numerator, 2 denominator) that a column holds; None for neither."""
    if len(header) > _LONGEST:
        return None
    code = indicators.find(header)
    if code is not None:
        return code, 0
    found = _SUFFIX.fullmatch(header.strip())
    code = indicators.find(found[1]) if found else None
    return (code, _PART[found[2].casefold()]) if found and code else None


def read(table: Table, at_row: int, answers: Answers) -> Reading:
    """Read the records of a wide table; columns that mean nothing to us are reported, not dropped quietly."""
    header = table.rows[at_row]
    position: dict[str, int] = {}
    parts: dict[str, list[int | None]] = {}
    problems: list[Problem] = []
    for at, cell in enumerate(header):
        if not cell:
            continue
        name = canonical(cell)
        known = column(cell) if name is None else None
        if name is not None and name not in position:
            position[name] = at
        elif known is not None and parts.setdefault(known[0], [None] * 3)[known[1]] is None:
            parts[known[0]][known[1]] = at
        else:
            problems.append(unused(table, cell, twice=name is not None or known is not None))
    identity = {name: position[name] for name in IDENTITY if name in position}
    facts = {name: position[name] for name in FACT_COLUMNS if name in position}
    names = {
        code: (
            _name(header, places[0], code),
            _name(header, places[1], f"{code}_n"),
            _name(header, places[2], f"{code}_d"),
        )
        for code, places in parts.items()
    }
    told = years.told(table, at_row, answers) if "year" not in position else None
    problems += told.problems if told else ()
    filled = [at for places in parts.values() for at in places if at is not None]
    records = []
    for number, row in body(table, at_row):
        cells = {code: Raw(*_three(row, places), columns=names[code]) for code, places in parts.items()}
        who, what = pick(row, identity), pick(row, facts)
        if told:
            values = (*what.values(), *(row[at] for at in filled))
            who["year"] = told.year if years.holds_data(who["lea_code"], values) else ""
        records.append(Record(number, who, what, cells))
    headers = {name: header[at] for name, at in position.items()}
    questions = told.questions if told else ()
    return Reading(table, "wide", records, frozenset({*parts, *facts}), headers, problems, questions)


def _three(row: list[str], places: list[int | None]) -> tuple[str | None, str | None, str | None]:
    rate, numerator, denominator = (None if at is None else row[at] for at in places)
    return rate, numerator, denominator


def _name(header: list[str], at: int | None, otherwise: str) -> str:
    return otherwise if at is None else header[at]


EXAMPLE = """\
lea_code,lea_name,selpa,year,swd,minor_findings,5a,5a_n,5a_d,11_n,11_d
9900001,Meadow Unified,My SELPA,2023-24,640,0,53.2,532,1000,40,40
9900002,Brook Elementary,My SELPA,2023-24,180,0,NC,,,12,12
"""

LAYOUT = Layout("wide", header_at(recognises, without_year), read, EXAMPLE)
