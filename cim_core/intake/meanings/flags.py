"""Columns that claim to be counts and hold nothing but 0 and 1: signs, not numbers of students."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from cim_core.data.indicators import get
from cim_core.intake.meanings import group_words
from cim_core.intake.meanings.layout import Reading, Record
from cim_core.intake.problems import Problem, Severity
from cim_core.words.messages import Message

_COUNTS = ("swd", "enrollment")
"""Facts that count students; findings and years in a row are often 0 or 1."""
_FEWEST = 2
_LOOKED_AT = 1_000


def taken_out(
    reading: Reading, every_row: Sequence[Sequence[str]] = (), used: Collection[str] = ()
) -> Reading:
    """The reading without such columns, each said: their value is unknown, not 0 and not 1.

    One LEA and year alone shows nothing: it may have one student, unless `every_row` of the table, from its
    header on and those of other groups too, has both signs. A column in `used` told whose rows they are, and
    counts nothing.
    """
    told = {name for name in _COUNTS if reading.headers.get(name) in used}
    if told:
        reading = replace(reading, records=[_without(record, told, set()) for record in reading.records])
    facts = {name for name in _COUNTS if name not in told and _flags_instead(reading, name, every_row)}
    bottoms = {code for code in _denominators(reading) if _signs(_bottoms(reading, code))}
    if not facts and not bottoms:
        return reading
    said = [_problem(reading, reading.headers.get(name, name)) for name in sorted(facts)]
    said += [_problem(reading, _column(reading, code), get(code).label) for code in sorted(bottoms)]
    records = [_without(record, facts, bottoms) for record in reading.records]
    return replace(reading, records=records, problems=[*reading.problems, *said])


def _flags_instead(reading: Reading, name: str, every_row: Sequence[Sequence[str]]) -> bool:
    """Whether a fact that should count holds signs, in the rows that are read or in all of the table."""
    return name in reading.columns and (
        _signs(_facts(reading, name)) or _both(every_row, reading.headers.get(name, ""))
    )


def _signs(values: dict[tuple[str, str], str]) -> bool:
    return len(values) >= _FEWEST and group_words.zero_or_one(set(values.values()))


def _both(rows: Sequence[Sequence[str]], header: str) -> bool:
    """Whether a column holds 0 as well as 1 and nothing else."""
    if not rows or header not in rows[0]:
        return False
    at = rows[0].index(header)
    values = {row[at] for row in rows[1:] if at < len(row) and row[at]}
    return len(values) > 1 and group_words.zero_or_one(values)


def _whose(record: Record) -> tuple[str, str]:
    return record.identity.get("lea_code", ""), record.identity.get("year", "")


def _facts(reading: Reading, name: str) -> dict[tuple[str, str], str]:
    return {_whose(one): one.facts[name] for one in reading.records if one.facts.get(name)}


def _denominators(reading: Reading) -> set[str]:
    """Indicators whose denominator is 0 or 1 in the first row that gives one: those worth a look."""
    first: dict[str, str] = {}
    for record in reading.records[:_LOOKED_AT]:
        for code, raw in record.cells.items():
            if raw.denominator and code not in first:
                first[code] = raw.denominator
    return {code for code, written in first.items() if group_words.zero_or_one({written})}


def _bottoms(reading: Reading, code: str) -> dict[tuple[str, str], str]:
    cells = ((_whose(one), one.cells.get(code)) for one in reading.records)
    return {whose: raw.denominator for whose, raw in cells if raw is not None and raw.denominator}


def _column(reading: Reading, code: str) -> str:
    return next(raw.columns[2] for one in reading.records if (raw := one.cells.get(code)) is not None)


def _problem(reading: Reading, column: str, label: str | Message = "") -> Problem:
    table = reading.table
    return Problem(
        Severity.WARNING, "flag_for_count", table.file, table.sheet, None, column, "0 / 1",
        {"label": label or column},
    )  # fmt: skip


def _without(record: Record, facts: set[str], bottoms: set[str]) -> Record:
    kept = {name: "" if name in facts else written for name, written in record.facts.items()}
    cells = {
        code: raw._replace(denominator="", numerator="" if raw.numerator is not None else None)
        if code in bottoms
        else raw
        for code, raw in record.cells.items()
    }
    return record._replace(facts=kept, cells=cells)
