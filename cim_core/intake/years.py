"""The school year of a file without a year column: its own title says it, or a person does."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from cim_core.intake import cells
from cim_core.intake.problems import Problem, Severity
from cim_core.intake.questions import Answers, Ask, Question
from cim_core.intake.tables import Table

_YEAR = re.compile(r"(?<!\d)\d{4}\s?[-–/]\s?(?:\d{4}|\d{2})(?!\d)")


@dataclass(frozen=True, slots=True)
class Told:
    """The year that holds for every row (empty while it is open), the question, and what to say about it."""

    year: str
    questions: tuple[Question, ...] = ()
    problems: tuple[Problem, ...] = ()


def years_in(text: str) -> tuple[str, ...]:
    """The school years that stand in a text, each once, in order."""
    found = (cells.school_year(one) for one in _YEAR.findall(text))
    return tuple(dict.fromkeys(year for year in found if year))


def told(table: Table, at_row: int, answers: Answers) -> Told:
    """The year of a table without a year column: an answer first, else the one year in its title rows.

    A year in the names of file and sheet is only proposed, never taken: files are copied and renamed.
    """
    above = years_in(" ".join(cell for row in table.rows[:at_row] for cell in row if cell))
    offered = tuple(dict.fromkeys((*above, *years_in(f"{table.sheet} {table.file}"))))
    answer = cells.school_year(answers.get(Ask.YEAR.value, "")) or ""
    if answer:
        return Told(answer, (Question(Ask.YEAR, offered, answer),))
    if len(above) == 1:
        note = table.problem("year_from_title", Severity.NOTE, above[0])
        return Told(above[0], (Question(Ask.YEAR, offered, above[0]),), (note,))
    missing = table.problem("year_asked", Severity.ERROR, ", ".join(above))
    return Told("", (Question(Ask.YEAR, offered),), (missing,))


def holds_data(code: str, cells_of_row: Iterable[str | None]) -> bool:
    """Whether a row is about an LEA: its code looks like one, or any other cell is filled in.

    A note below the table is none; a year that holds for all rows must not turn it into a bad row.
    """
    return code.lstrip("=\"' ")[:1].isdigit() or any(cells_of_row)
