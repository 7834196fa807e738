"""Files → a Dataset and a list of Problems. A new layout is one new small module, named in `LAYOUTS`."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from cim_core.data.dataset import TWO_SOURCES, Dataset, build
from cim_core.data.facts import Fact
from cim_core.data.indicators import POSITION, get
from cim_core.intake import limits
from cim_core.intake.assembly import reading
from cim_core.intake.assembly.assemble import Assembly
from cim_core.intake.assembly.cell_checks import Scales
from cim_core.intake.assembly.gathering import with_results
from cim_core.intake.assembly.lea_years import LeaYears
from cim_core.intake.assembly.opening import Upload
from cim_core.intake.assembly.reading import FileRead, FileRows
from cim_core.intake.layouts import (
    acgr,
    across,
    caaspp,
    dashboard,
    dataquest,
    environment,
    given_ratios,
    indicator7,
    long,
    race_counts,
    settings,
    statewide,
    wide,
)
from cim_core.intake.layouts.apr import printed as apr
from cim_core.intake.meanings import reasons, targets
from cim_core.intake.meanings.layout import Layout, PrintedTarget, Reading
from cim_core.intake.meanings.percent_or_fraction import in_question, low
from cim_core.intake.problems import Problem, Severity, UnreadableFileError, shown
from cim_core.intake.questions import Answers, Ask, Question, RateScale
from cim_core.intake.tying.mapping import Mapping
from cim_core.words.messages import HowMany, MessageFamily, message

__all__ = ("FileRead", "FileRows", "Gathered", "Intake", "RateScale", "Upload", "gathered", "open_path")

LAYOUTS: tuple[Layout, ...] = (
    apr.LAYOUT,
    indicator7.LAYOUT,
    race_counts.LAYOUT,
    given_ratios.LAYOUT,
    settings.LAYOUT,
    long.LAYOUT,
    statewide.LAYOUT,
    dashboard.LAYOUT,
    dataquest.SUSPENSION,
    dataquest.CHRONIC,
    environment.LAYOUT,
    acgr.LAYOUT,
    caaspp.LAYOUT,
    across.LAYOUT,
    wide.LAYOUT,
)
"""Where one row fits several, the first counts: `wide` fits every file with codes, years and an indicator."""

LAYOUT_TITLED = MessageFamily("layout.{}.title", tuple(layout.id for layout in LAYOUTS))
LAYOUT_ABOUT = MessageFamily("layout.{}.about", tuple(layout.id for layout in LAYOUTS))

COLLECTIONS = ("dataquest", "dashboard")
"""Where the rates of `TWO_SOURCES` can come from (keys of the words `collection.*`)."""


@dataclass(frozen=True, slots=True)
class Intake:
    """What came out of one or several files: the dataset, and everything there is to say about it."""

    dataset: Dataset
    problems: tuple[Problem, ...]
    files: tuple[FileRead, ...] = ()

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems because of which something in the files is not used."""
        return tuple(problem for problem in self.problems if problem.severity is Severity.ERROR)

    @property
    def layout(self) -> str:
        """The layout of the first file; empty when none was recognised."""
        return self.files[0].layout if self.files else ""

    @property
    def questions(self) -> tuple[tuple[FileRead, Question], ...]:
        """Every question, with its file."""
        return tuple((file, question) for file in self.files for question in file.questions)

    @property
    def in_question(self) -> tuple[str, ...]:
        """Indicators and percentile columns whose rates may be fractions, answered or not."""
        return tuple(sorted({name for file in self.files for name in file.in_question}))

    @property
    def targets(self) -> tuple[PrintedTarget, ...]:
        """The state targets that the files print."""
        return tuple(target for file in self.files for target in file.targets)


@dataclass(slots=True)
class Gathered:
    """Files as they were read, before they are held against the arithmetic of placing.

    `misfits` are what the counts by race and ethnicity had wrong; `answers` those of each file.
    """

    dataset: Dataset
    files: list[FileRead]
    assembly: Assembly
    misfits: list[Problem]
    answers: dict[str, Answers]

    def ask(self, questions: dict[str, list[Question]]) -> None:
        """Put further questions to the files."""
        self.files = [_asked(one, questions.get(one.file, []), set(one.in_question)) for one in self.files]

    def finished(self, found: Iterable[Problem]) -> Intake:
        """Everything, with what was found last."""
        for problem in found:
            self.assembly.report(problem)
        self.assembly.tally()
        return Intake(self.dataset, tuple(self.assembly.problems), tuple(self.files))


def open_path(
    path: str | Path, answers: Answers | None = None, mapping: Mapping | None = None
) -> Upload | Problem:
    """The upload of a file by path, or why there is none."""
    file = Path(path)
    try:
        if not file.is_file():
            return Problem(Severity.ERROR, "not_found", str(path))
        if file.stat().st_size > limits.MAX_BYTES:
            size = f"{file.stat().st_size / 2**20:.1f} MB"
            limit = {"limit": HowMany(limits.MAX_BYTES // 2**20)}
            return Problem(Severity.ERROR, "too_big", file.name, found=size, values=limit)
        return Upload(file.name, file.read_bytes(), answers or {}, mapping)
    except (OSError, ValueError) as error:
        return Problem(Severity.ERROR, "not_found", str(path), found=shown(str(error)))


@contextmanager
def without_collecting() -> Iterator[None]:
    """Python's search for cycles rests while a file is read: the many new objects hold none.

    It would go through all of them several times, for a third of the whole time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def read_rows(upload: Upload) -> FileRows:
    """The rows of one upload, in any of `LAYOUTS`. Never raises for bad data."""
    return reading.read_rows(upload, LAYOUTS)


def gathered(given: Iterable[FileRows], assumed_none: Iterable[Fact] = ()) -> Gathered:
    """The rows of several files in one dataset, joined on LEA code and year; they are used up by it.

    Two different values for one cell are a problem, and neither is used.
    """
    assembly = Assembly()
    files: list[FileRead] = []
    columns: set[str] = set()
    said: dict[str, Answers] = {}
    lea_years = LeaYears()
    for rows in given:
        rows = _few_enough(rows, lea_years)
        about, answers, readings = rows.about, rows.answers, rows.readings
        said[about.file] = answers
        for problem in rows.problems:
            assembly.report(problem)
        asked: list[Question] = []
        doubtful: set[str] = set()
        printed: list[tuple[tuple[PrintedTarget, ...], Scales]] = []
        before = assembly.taken
        for rows_of in readings:
            for problem in reasons.said(rows_of):
                assembly.report(problem)
            asked_about = in_question(rows_of)
            question, scales = _scales(rows_of, asked_about, answers, assembly)
            asked += question
            doubtful |= asked_about
            columns |= rows_of.columns
            printed.append((rows_of.targets, scales))
            source, collections = _source(rows_of, answers)
            asked += [*source, *assembly.add(rows_of, scales, answers, collections)]
        told_why = any(
            problem.severity is Severity.ERROR
            for one in readings
            for problem in (*one.problems, *one.table.problems)
        )
        if readings and assembly.taken == before and not told_why:
            assembly.report(readings[0].table.problem("no_rows", Severity.ERROR))
        for one in readings:
            one.table.rows.clear()  # from here on only its name and the numbers of its rows are needed
        kept, low_targets = targets.usable(printed)
        for problem in low_targets:
            assembly.report(problem)
        files.append(_asked(replace(about, targets=kept), asked, doubtful))
    name = " + ".join(said)
    digest = hashlib.sha256("".join(file.digest for file in files).encode()).hexdigest()
    counts, misfits = assembly.counted.finish()
    supplied = columns & (with_results(assembly.groups) | assembly.told)
    dataset = build(
        assembly.finish(), supplied, name=name, digest=digest, assumed_none=assumed_none, counts=counts
    )
    return Gathered(dataset, files, assembly, misfits, said)


def _few_enough(rows: FileRows, lea_years: LeaYears) -> FileRows:
    """The rows of a file; none, and why, where it is about too many LEAs and years with those before it."""
    try:
        lea_years.take(rows.readings, rows.about.file)
    except UnreadableFileError as error:
        nothing = FileRead(rows.about.file, rows.about.digest, mapped=rows.about.mapped)
        return FileRows(nothing, rows.answers, [], [error.problem])
    return rows


def _scales(
    reading: Reading, asked: frozenset[str], answers: Answers, assembly: Assembly
) -> tuple[list[Question], Scales]:
    """Percent or fraction: the question where there is one, and what holds for each column."""
    answer = answers.get(Ask.RATES.value, "")
    known = answer in {scale.value for scale in RateScale}
    for record, name, column, written in low(reading, asked):
        table = reading.table
        assembly.report(
            Problem(
                Severity.WARNING,
                "rate_low",
                table.file,
                table.sheet,
                record.row,
                column,
                written,
                {"name": name},
            )
        )
    if not asked:
        return [], Scales()
    labels = tuple(get(column).label if column in POSITION else column for column in sorted(asked))
    options = tuple(scale.value for scale in RateScale)
    question = Question(Ask.RATES, options, answer if known else "", values={"columns": labels})
    if not known:
        fractions = reading.table.problem("fractions", Severity.ERROR)
        assembly.report(replace(fractions, found=message("listed", each=labels)))
        return [question], Scales(unanswered=asked)
    return [question], Scales(fractions=asked if answer == RateScale.FRACTION else frozenset())


def _source(one: Reading, answers: Answers) -> tuple[list[Question], dict[str, str]]:
    """Whether suspension and absence rates are DataQuest's or the Dashboard's, if the file does not say."""
    told = one.collection or any(raw.collection for record in one.records for raw in record.cells.values())
    doubtful = [code for code in TWO_SOURCES if code in one.columns]
    if told or not doubtful:
        return [], {}
    answer = answers.get(Ask.SOURCE.value, "")
    taken = answer if answer in COLLECTIONS else ""
    labels = tuple(get(code).label for code in doubtful)
    question = Question(Ask.SOURCE, COLLECTIONS, taken, values={"columns": labels}, needed=False)
    return [question], dict.fromkeys(doubtful, taken)


def named_apart(uploads: Iterable[Upload]) -> list[Upload]:
    """The uploads with names that occur once, so that every problem names one file."""
    seen: dict[str, int] = {}
    found = []
    for upload in uploads:
        seen[upload.file] = number = seen.get(upload.file, 0) + 1
        found.append(upload if number == 1 else replace(upload, file=f"{upload.file} ({number})"))
    return found


def _asked(about: FileRead, more: list[Question], doubtful: set[str]) -> FileRead:
    questions = {question.id: question for question in (*about.questions, *more)}
    return replace(about, questions=tuple(questions.values()), in_question=tuple(sorted(doubtful)))
