"""What the readers of CDE's own downloads share: columns by name, which students, rows that are set aside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from cim_core.intake.files.tables import Table
from cim_core.intake.meanings.layout import plain, unused
from cim_core.intake.problems import Problem, Severity
from cim_core.intake.questions import Answers, Ask, Question
from cim_core.words.messages import HowMany, Value

SWD, ALL_STUDENTS = "swd", "all"


@dataclass(frozen=True, slots=True)
class CdeColumns:
    """Where the columns that are read stand, by our names, and the file's own names of them.

    `passed` are the columns that CDE's page names and that are not read.
    """

    at: Mapping[str, int]
    headers: Mapping[str, str]
    passed: tuple[str, ...]
    problems: tuple[Problem, ...]

    def cell(self, row: Sequence[str], name: str) -> str | None:
        """The text under a column; None where the file has no such column."""
        return row[self.at[name]] if name in self.at else None

    def text(self, row: Sequence[str], name: str) -> str:
        """The text under a column; empty where the file has no such column."""
        return row[self.at[name]] if name in self.at else ""

    def header(self, name: str) -> str:
        """The file's own name of a column."""
        return self.headers.get(name, name)


def compact(header: str) -> str:
    """A header without case, blanks and punctuation: `Academic Year` and `AcademicYear` are one."""
    return plain(header).replace("_", "").replace(".", "")


def columns(table: Table, at_row: int, known: Mapping[str, str], passed: Callable[[str], bool]) -> CdeColumns:
    """The columns of a header row. `known` gives our name of each compact header; others are reported.

    Those that `passed` knows are the file's own, so they are not reported one by one.
    """
    at: dict[str, int] = {}
    headers: dict[str, str] = {}
    skipped: list[str] = []
    problems: list[Problem] = []
    for place, cell in enumerate(table.rows[at_row]):
        name = known.get(compact(cell))
        if name is not None and name not in at:
            at[name], headers[name] = place, cell
        elif name is None and passed(compact(cell)):
            skipped.append(cell)
        elif cell:
            problems.append(unused(table, cell, twice=name is not None))
    return CdeColumns(at, headers, tuple(skipped), tuple(problems))


def passed_over(table: Table, names: Sequence[str]) -> tuple[Problem, ...]:
    """One note for all columns that belong to such a file and are not read."""
    if not names:
        return ()
    return (table.problem("cde_columns", Severity.NOTE, ", ".join(names), n=HowMany(len(names))),)


def set_aside(table: Table, kind: str, counted: Counter[str], **values: Value) -> tuple[Problem, ...]:
    """One note for all rows that were set aside for one reason, with how many there are of each sort."""
    if not counted:
        return ()
    return (
        table.problem(
            kind, Severity.NOTE, table.told(counts_of(counted)), n=HowMany(counted.total()), **values
        ),
    )


def counts_of(counted: Counter[str]) -> str:
    """Each sort with its number: `EL (3), SWD (2)`."""
    return ", ".join(f"{name or '–'} ({n:,})" for name, n in sorted(counted.items()))


def group(table: Table, answers: Answers) -> tuple[tuple[Question, ...], tuple[Problem, ...], bool]:
    """Whose rows a file without a column for student groups holds: the question, and whether to read it."""
    answer = answers.get(Ask.GROUP.value, "")
    taken = answer if answer in (SWD, ALL_STUDENTS) else ""
    question = Question(Ask.GROUP, (SWD, ALL_STUDENTS), taken)
    if taken == SWD:
        return (question,), (), True
    kind = "group_all" if taken else "group_asked"
    return (question,), (table.problem(kind, Severity.ERROR),), False
