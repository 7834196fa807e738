"""A file → a Dataset and a list of Problems. A new layout is one new small module, named in `LAYOUTS`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from cim_core.dataset import DECIDING_FACTS, Dataset, build
from cim_core.indicators import POSITION, get
from cim_core.intake import long, statewide, tables, wide
from cim_core.intake.assemble import Assembly
from cim_core.intake.layout import Layout, Reading, plain
from cim_core.intake.problems import Problem, Severity, UnreadableFileError, shown
from cim_core.intake.scale import in_question, low
from cim_core.intake.values import Scales
from cim_core.rulebook import Fact

LAYOUTS: tuple[Layout, ...] = (long.LAYOUT, statewide.LAYOUT, wide.LAYOUT)
_HEADER_WITHIN = 40
_STUDENT_IDS = {"ssid", "statestudentid", "studentid", "studentname", "studentlastname", "studentfirstname"}
_BIRTH = {"birthdate", "dateofbirth", "dob", "studentbirthdate"}


class RateScale(StrEnum):
    """How the file writes rates: 53.2 (percent) or 0.532 (fraction)."""

    PERCENT = "percent"
    FRACTION = "fraction"


@dataclass(frozen=True, slots=True)
class Intake:
    """What came out of a file: the dataset, and everything there is to say about it.

    `in_question` names the columns whose rates may be fractions, answered or not.
    """

    dataset: Dataset
    problems: tuple[Problem, ...]
    layout: str = ""
    in_question: tuple[str, ...] = ()

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems because of which something in the file is not used."""
        return tuple(problem for problem in self.problems if problem.severity is Severity.ERROR)


def read_path(
    path: str | Path, *, scale: RateScale | None = None, assumed_none: Iterable[Fact] = ()
) -> Intake:
    """Read a file by path; a file that is not there is a problem like any other."""
    file = Path(path)
    try:
        if not file.is_file():
            return _nothing(Problem(Severity.ERROR, "not_found", str(path)))
        if file.stat().st_size > tables.MAX_BYTES:
            size = f"{file.stat().st_size / 2**20:.1f} MB"
            limit = {"limit": tables.MAX_BYTES // 2**20}
            return _nothing(Problem(Severity.ERROR, "too_big", file.name, found=size, values=limit))
        content = file.read_bytes()
    except (OSError, ValueError) as error:
        return _nothing(Problem(Severity.ERROR, "not_found", str(path), found=shown(str(error))))
    return read(content, file.name, scale=scale, assumed_none=assumed_none)


def read(
    content: bytes,
    file: str,
    *,
    scale: RateScale | None = None,
    assumed_none: Iterable[Fact] = (),
) -> Intake:
    """Read an upload (CSV or XLSX, long, wide or statewide layout).

    `scale` answers whether rates are percent or fractions; without an answer, columns that look like
    fractions are reported as an error and their rates are not used. Never raises for bad data: see
    `Intake.problems`.
    """
    try:
        found = tables.read(content, file)
    except UnreadableFileError as error:
        return _nothing(error.problem)
    if any(_holds_students(table) for table in found):
        return _nothing(Problem(Severity.ERROR, "students", file))
    readable = [(table, _layout(table)) for table in found]
    chosen = [(table, at) for table, at in readable if at is not None]
    if not chosen:
        return _nothing(_unrecognised(file, found))
    table, (layout, header_at) = chosen[0][0], chosen[0][1]
    reading = layout.read(table, header_at)
    problems = [*table.problems, *reading.problems, *_around(table, header_at), *_blank_facts(reading)]
    for other, at in readable:
        if other is not table and any(map(any, other.rows)):
            kind, severity = ("sheet_second", Severity.WARNING) if at else ("sheet_unused", Severity.NOTE)
            problems.append(Problem(severity, kind, file, other.sheet, values={"used": table.sheet}))
    question = in_question(reading)
    scales = Scales(fractions=question) if scale is RateScale.FRACTION else Scales()
    if question and scale is None:
        scales = Scales(unanswered=question)
        labels = ", ".join(get(one).label if one in POSITION else one for one in sorted(question))
        problems.append(table.problem("fractions", Severity.ERROR, labels))
    problems.extend(
        Problem(Severity.WARNING, "rate_low", file, table.sheet, record.row, column, written, {"name": name})
        for record, name, column, written in low(reading, question)
    )
    assembly = Assembly(reading, scales)
    rows = assembly.run()
    problems.extend(assembly.problems)
    if not rows:
        problems.append(table.problem("no_rows", Severity.ERROR))
    digest = hashlib.sha256(content).hexdigest()
    dataset = build(rows, reading.columns, name=file, digest=digest, assumed_none=assumed_none)
    return Intake(dataset, tuple(problems), layout.id, tuple(sorted(question)))


def _around(table: tables.Table, header_at: int) -> list[Problem]:
    """What stands above the header though it looks like data, or in columns that have no name."""
    header = table.rows[header_at]
    enough = max(3, len([cell for cell in header if cell]) // 2)
    problems = [
        table.problem_at("above_header", Severity.WARNING, at, found=" | ".join(filter(None, row)))
        for at, row in enumerate(table.rows[:header_at])
        if len([cell for cell in row if cell]) >= enough
    ]
    named = {place for place, cell in enumerate(header) if cell}
    for at, row in enumerate(table.rows[header_at + 1 :], start=header_at + 1):
        nameless = [cell for place, cell in enumerate(row) if cell and place not in named]
        if nameless:
            found = " ".join(nameless)
            problems.append(table.problem_at("beyond_header", Severity.WARNING, at, found=found))
    return problems


def _blank_facts(reading: Reading) -> list[Problem]:
    """Columns about findings or disproportionality that are blank in every row: unknown for every LEA."""
    return [
        reading.table.problem("blank_fact", Severity.NOTE, reading.headers.get(name, name))
        for name in sorted(DECIDING_FACTS & reading.columns)
        if not any(record.facts.get(name) for record in reading.records)
    ]


def _holds_students(table: tables.Table) -> bool:
    """Whether a header names single students: their identifier, or name together with birth date."""
    for row in table.rows[:_HEADER_WITHIN]:
        names = {plain(cell).replace("_", "") for cell in row}
        if names & _STUDENT_IDS or (names & _BIRTH and any("name" in name for name in names)):
            return True
    return False


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
    return Problem(Severity.ERROR, "unknown_layout", file, found[0].sheet, found=shown(written, 200))
