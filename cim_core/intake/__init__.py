"""A file → a Dataset and a list of Problems. A new layout is one new small module, named in `LAYOUTS`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from cim_core.dataset import Dataset, build
from cim_core.indicators import get
from cim_core.intake import cells, long, statewide, tables, wide
from cim_core.intake.assemble import Assembly
from cim_core.intake.layout import Layout, Reading
from cim_core.intake.problems import Problem, Severity, UnreadableFileError, shown
from cim_core.rulebook import Fact

LAYOUTS: tuple[Layout, ...] = (long.LAYOUT, statewide.LAYOUT, wide.LAYOUT)
_HEADER_WITHIN = 40


class RateScale(StrEnum):
    """How the file writes rates: 53.2 (percent) or 0.532 (fraction)."""

    PERCENT = "percent"
    FRACTION = "fraction"


@dataclass(frozen=True, slots=True)
class Intake:
    """What came out of a file: the dataset, and everything there is to say about it."""

    dataset: Dataset
    problems: tuple[Problem, ...]
    layout: str = ""
    asks_scale: bool = False

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.severity is Severity.ERROR)


def read_path(
    path: str | Path, *, scale: RateScale | None = None, assumed_none: Iterable[Fact] = ()
) -> Intake:
    """Read a file by path; a file that is not there is a problem like any other."""
    file = Path(path)
    try:
        if file.stat().st_size > tables.MAX_BYTES:
            size = f"{file.stat().st_size / 2**20:.1f} MB"
            limit = {"limit": tables.MAX_BYTES // 2**20}
            return _nothing(Problem(Severity.ERROR, "too_big", file.name, found=size, values=limit))
        content = file.read_bytes()
    except OSError as error:
        return _nothing(Problem(Severity.ERROR, "not_found", str(path), found=error.strerror or ""))
    return read(content, file.name, scale=scale, assumed_none=assumed_none)


def read(
    content: bytes,
    file: str,
    *,
    scale: RateScale | None = None,
    assumed_none: Iterable[Fact] = (),
) -> Intake:
    """Read an upload (CSV or XLSX, long, wide or statewide layout).

    `scale` answers whether rates are percent or fractions; without an answer a file that looks like fractions
    is reported as an error and its rates are not used. Never raises for bad data: see `Intake.problems`.
    """
    try:
        found = tables.read(content, file)
    except UnreadableFileError as error:
        return _nothing(error.problem)
    readable = [(table, _layout(table)) for table in found]
    chosen = [(table, at) for table, at in readable if at is not None]
    if not chosen:
        return _nothing(_unrecognised(file, found))
    table, (layout, header_at) = chosen[0][0], chosen[0][1]
    reading = layout.read(table, header_at)
    problems = [*reading.problems, *_beyond(table, header_at)]
    for other, at in readable:
        if other is not table and any(map(any, other.rows)):
            kind = "sheet_unused" if at is None else "sheet_second"
            problems.append(Problem(Severity.NOTE, kind, file, other.sheet, values={"used": table.sheet}))
    asks = scale is None and _looks_like_fractions(reading)
    if asks:
        problems.append(table.problem("fractions", Severity.ERROR))
    assembly = Assembly(reading, fractions=scale is RateScale.FRACTION, unanswered=asks)
    rows = assembly.run()
    problems.extend(assembly.problems)
    if not rows:
        problems.append(table.problem("no_rows", Severity.ERROR))
    digest = hashlib.sha256(content).hexdigest()
    dataset = build(rows, reading.columns, name=file, digest=digest, assumed_none=assumed_none)
    return Intake(dataset, tuple(problems), layout.id, asks or scale is not None)


def _beyond(table: tables.Table, header_at: int) -> list[Problem]:
    """Cells to the right of the last column that has a name: nobody can know what they mean."""
    width = len(table.rows[header_at])
    return [
        Problem(Severity.WARNING, "beyond_header", table.file, table.sheet, table.first_row + at, found=found)
        for at, row in enumerate(table.rows[header_at + 1 :], start=header_at + 1)
        if (found := shown(" ".join(cell for cell in row[width:] if cell)))
    ]


def _nothing(problem: Problem) -> Intake:
    return Intake(build((), (), name=problem.file), (problem,))


def _layout(table: tables.Table) -> tuple[Layout, int] | None:
    """The layout of a table and the row of its header, looked for under titles and preambles."""
    for at, row in enumerate(table.rows[:_HEADER_WITHIN]):
        for layout in LAYOUTS:
            if layout.recognises(row):
                return layout, at
    return None


def _unrecognised(file: str, found: list[tables.Table]) -> Problem:
    first = next((row for table in found for row in table.rows if any(row)), [])
    written = ", ".join(cell for cell in first[:12] if cell)
    return Problem(Severity.ERROR, "unknown_layout", file, found[0].sheet, found=written[:200])


def _looks_like_fractions(reading: Reading) -> bool:
    """Whether all percent rates lie in 0–1, some strictly between, and no fraction of counts settles it."""
    seen = 0
    between = False
    for record in reading.records:
        for code, raw in record.cells.items():
            if raw.rate is None or not get(code).has_numerator:
                continue
            rate = cells.number(raw.rate)
            if rate is None or not hasattr(rate, "is_finite"):
                continue
            if rate > 1:
                return False
            seen += 1
            between |= 0 < rate < 1
    return between and seen >= 3
