"""The school year of a file without a year column: its own title says it, or a person does."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from cim_core.intake.files.tables import Table
from cim_core.intake.meanings import cell_text
from cim_core.intake.meanings.layout import Reading
from cim_core.intake.problems import Problem, Severity
from cim_core.intake.questions import Answers, Ask, Question

_SPELLED = rf"(?<!\d)\d{{4}}\s?[{cell_text.DASHES}/]\s?(?:\d{{4}}|\d{{2}})(?!\d)"
_YEAR = re.compile(_SPELLED)
_MONITORED = re.compile(
    rf"\b(?:(?:monitoring|cim)(?:\s+(?:school\s+)?year\b\W*|[^\w\n]+)(?:of\s+)?(?P<after>{_SPELLED})"
    rf"|(?P<before>{_SPELLED})[ ]+(?:monitoring|cim)\b)",
    re.IGNORECASE,
)
"""The year in which LEAs are monitored; the data are one or two years older."""


@dataclass(frozen=True, slots=True)
class Told:
    """The year that holds for every row (empty while it is open), the question, and what to say about it."""

    year: str
    questions: tuple[Question, ...] = ()
    problems: tuple[Problem, ...] = ()


def years_in(text: str) -> tuple[str, ...]:
    """The school years that stand in a text, each once, in order."""
    found = (cell_text.school_year(one) for one in _YEAR.findall(text))
    return tuple(dict.fromkeys(year for year in found if year))


def plain_years(text: str) -> tuple[str, ...]:
    """The school years in a text that are not (also) said to be years of monitoring."""
    monitored = {
        cell_text.school_year(found["after"] or found["before"]) for found in _MONITORED.finditer(text)
    }
    return tuple(year for year in years_in(text) if year not in monitored)


def told(table: Table, at_row: int, answers: Answers) -> Told:
    """The year of a table without a year column: an answer first, else the one year in its title rows.

    A year in the names of file and sheet is only proposed, never taken: files are copied and renamed; nor is
    a year of monitoring, since the data are older.
    """
    title = "\n".join(" ".join(filter(None, row)) for row in table.rows[:at_row])
    above, plain = years_in(title), plain_years(title)
    offered = tuple(dict.fromkeys((*above, *years_in(f"{table.sheet} {table.file}"))))
    answer = cell_text.school_year(answers.get(Ask.YEAR.value, "")) or ""
    if answer:
        return Told(answer, (Question(Ask.YEAR, offered, answer),))
    if len(plain) == 1:
        note = table.problem("year_from_title", Severity.NOTE, plain[0])
        return Told(plain[0], (Question(Ask.YEAR, offered, plain[0]),), (note,))
    missing = table.problem("year_asked", Severity.ERROR, ", ".join(above))
    return Told("", (Question(Ask.YEAR, offered),), (missing,))


def own_answers(answers: Answers, sheet: str) -> Answers:
    """The answers for one of several sheets that are read together: its year is its own."""
    own = answers.get(Question(Ask.YEAR, about=sheet).id, "")
    return {**answers, Ask.YEAR.value: own}


def of_sheet(reading: Reading) -> Reading:
    """A reading of one of several sheets, its question about the year told from those of the others."""
    sheet = reading.table.sheet
    questions = tuple(
        replace(question, about=sheet, wording="year_of_sheet", values={**question.values, "sheet": sheet})
        if question.ask is Ask.YEAR
        else question
        for question in reading.questions
    )
    problems = [
        replace(problem, kind="year_asked_sheet", values={**problem.values, "sheet": sheet})
        if problem.kind == "year_asked"
        else problem
        for problem in reading.problems
    ]
    return replace(reading, questions=questions, problems=problems)


def holds_data(code: str, cells_of_row: Iterable[str | None]) -> bool:
    """Whether a row is about an LEA: its code looks like one, or any other cell is filled in.

    A note below the table is none; a year that holds for all rows must not turn it into a bad row.
    """
    return code.lstrip("=\"' ")[:1].isdigit() or any(cells_of_row)
