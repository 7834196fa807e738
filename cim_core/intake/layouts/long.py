"""The long layout: one row per LEA, year and indicator, if wished with its target and where it comes from."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from cim_core.data.dataset import FACT_COLUMNS
from cim_core.intake.files.tables import Table
from cim_core.intake.layouts import wide_targets
from cim_core.intake.meanings import collection, header_years, same, spellings, years
from cim_core.intake.meanings.indicator_names import IndicatorNames
from cim_core.intake.meanings.layout import (
    IDENTITY,
    Layout,
    Raw,
    Reading,
    Record,
    body,
    canonical,
    header_at,
    pick,
    plain,
    unused,
)
from cim_core.intake.meanings.targets import Targets
from cim_core.intake.problems import Problem, Severity, shown
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


def read(table: Table, at_row: int, answers: Answers) -> Reading:
    """Read the records of a long table; a row whose indicator is not known is set aside and reported."""
    header = table.rows[at_row]
    position: dict[str, int] = {}
    also: dict[str, list[int]] = {}
    problems: list[Problem] = []
    for at, cell in enumerate(header):
        name = _name(cell)
        if name in position and name in (*_PARTS, *_TARGET, "indicator"):
            also.setdefault(name, [position[name]]).append(at)
        elif name in position or (cell and name not in _OURS):
            problems.append(unused(table, cell, twice=name in position))
        elif cell:
            position[name] = at
            if name != canonical(cell) and name != plain(cell):
                problems.append(table.problem("column_read", Severity.NOTE, cell, column=name))
    names = {part: header[position[part]] if part in position else part for part in _PARTS}
    columns = (names["rate"], names["numerator"], names["denominator"])
    identity = {name: position[name] for name in IDENTITY if name in position}
    facts = {name: position[name] for name in FACT_COLUMNS if name in position}
    parts = [position.get(part) for part in _PARTS]
    records: list[Record] = []
    found: set[str] = set()
    note_at, source_at = position.get("note"), position.get("source")
    of_values = {name: also[name] for name in _PARTS if name in also}
    of_targets = {name: also.get(name) or [position[name]] for name in _TARGET if name in position}
    called = (" / ".join(header[at] for at in of_targets.get(name, ())) for name in ("target", "target_met"))
    targets = Targets(table, *called)
    told = years.told(table, at_row, answers) if "year" not in position else None
    problems += told.problems if told else ()
    before: list[str] = []
    who: dict[str, str] = {}
    names_read = IndicatorNames()
    for number, row in body(table, at_row):
        written = row[position["indicator"]]
        code = names_read.code(written)
        cells: dict[str, Raw] = {}
        named = also.get("indicator", ())
        if named and len({names_read.code(row[at]) or row[at].casefold() for at in named if row[at]}) > 1:
            problems.append(_differ(table, number, row, header, named))
            either = [one for at in named if (one := names_read.code(row[at])) is not None]
            cells = {one: Raw(None, None, None, columns, refused=True) for one in either}
            code, written = None, ""
        if code is not None:
            rate, numerator, denominator = (None if at is None else row[at] for at in parts)
            note = row[note_at] if note_at is not None else ""
            source = collection.named(row[source_at]) if source_at is not None else ""
            refused = of_values and not _agree(table, number, row, header, of_values, problems)
            cells[code] = Raw(rate, numerator, denominator, columns, note, source, bool(refused))
            found.add(code)
            target, sign, met = (
                (
                    _together(table, number, row, header, of_targets.get(name, ()), problems)
                    for name in _TARGET
                )
                if of_targets
                else ("", "", "")
            )
            if target and sign is not None:
                targets.add(
                    number,
                    code,
                    row[position["year"]] if told is None else told.year,
                    target,
                    comparator=sign,
                    met=met or "",
                    lea_code=row[position["lea_code"]],
                    rate=rate or "",
                )
        elif written or (not named and any(at is not None and row[at] for at in parts)):
            where = header[position["indicator"]]
            problems.append(
                Problem(
                    Severity.ERROR,
                    "unknown_indicator",
                    table.file,
                    table.sheet,
                    number,
                    where,
                    table.told(shown(written)),
                )
            )
        what = pick(row, facts)
        texts = [row[at] for at in identity.values()]
        if told:
            values = (*what.values(), *(row[at] for at in parts if at is not None))
            holds = years.holds_data(row[position["lea_code"]], values)
            records.append(
                Record(number, pick(row, identity) | {"year": told.year if holds else ""}, what, cells)
            )
            continue
        if texts != before:
            before, who = texts, pick(row, identity)
        records.append(Record(number, who, what, cells))
    headers = {name: header[at] for name, at in position.items()}
    apart = {one.column for one in problems if one.kind == "columns_differ"}
    pairs = (" / ".join(header[at] for at in places) for places in also.values())
    problems += [table.problem("columns_same", Severity.NOTE, both) for both in pairs if both not in apart]
    questions = told.questions if told else ()
    problems += [*names_read.said(table), *targets.problems]
    known = frozenset(found | set(facts))
    return Reading(
        table, "long", records, known, headers, problems, questions, tuple(targets.found), repeats=True,
        unread=names_read.unread,
    )  # fmt: skip


def _agree(
    table: Table, number: int, row: Sequence[str], header: Sequence[str], also: Mapping[str, Sequence[int]],
    problems: list[Problem],
) -> bool:  # fmt: skip
    """Whether columns that mean the same say the same in a row; reported where they do not."""
    for places in also.values():
        written = [row[at] for at in places if row[at]]
        if any(same.more_exact(written[0], one) is None for one in written[1:]):
            problems.append(_differ(table, number, row, header, places))
            return False
    return True


def _together(
    table: Table, number: int, row: Sequence[str], header: Sequence[str], places: Sequence[int],
    problems: list[Problem],
) -> str | None:  # fmt: skip
    """What columns with targets or results say together; empty for none, None where they differ."""
    kept = ""
    for at in places:
        one = wide_targets.alike(kept, row[at]) if kept and row[at] else kept or row[at]
        if one is None:
            problems.append(_differ(table, number, row, header, places))
            return None
        kept = one
    return kept


def _differ(
    table: Table, number: int, row: Sequence[str], header: Sequence[str], places: Sequence[int]
) -> Problem:
    both, said = (" / ".join(cells[at] or "–" for at in places) for cells in (header, row))
    return table.problem_at("columns_differ", Severity.ERROR, number - table.first_row, both, said)


EXAMPLE = """\
lea_code,lea_name,selpa,year,indicator,numerator,denominator,rate,note
9900001,Meadow Unified,My SELPA,2023-24,5a,532,1000,53.2,
9900001,Meadow Unified,My SELPA,2023-24,11,40,40,,
9900001,Meadow Unified,My SELPA,2023-24,8,,,,NC
"""

LAYOUT = Layout("long", header_at(recognises, without_year), read, EXAMPLE)
