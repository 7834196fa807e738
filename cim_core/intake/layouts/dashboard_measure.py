"""Which measure a Dashboard file holds: files before 2023 do not say, and names of files can be changed.

Names: cde.ca.gov/ta/ac/cm/ (`chronicdownload2024.txt`, `suspdownload…`, `eladownload…`); since 2023 academic
files have a column `indicator` (ELA, MATH). The graduation file is told by `fiveyrnumer`, whatever its name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cim_core.data.indicators import get
from cim_core.intake.files.tables import Table
from cim_core.intake.meanings import cde
from cim_core.intake.meanings.cde import CdeColumns
from cim_core.intake.meanings.layout import body
from cim_core.intake.problems import Problem, Severity
from cim_core.intake.questions import Answers, Ask, Question

_MEASURES = ("chronic", "susp", "ela_dfs", "math_dfs")
_GRADUATION, _OTHER = "grad", "other"
_SIGNS = {
    "chronic": r"chro",
    "susp": r"susp",
    "ela_dfs": r"ela(?=download|[^a-z]|$)",
    "math_dfs": r"math(?=download|[^a-z]|$)",
    _GRADUATION: r"grad(?=download|uation|rate|[^a-z]|$)",
    _OTHER: r"(?:elpi|cci|science)",
}


def measures_in(text: str) -> set[str]:
    """The measures that a name tells of, by the names of CDE's files: `eladownload2024.txt`."""
    plain = text.casefold()
    return {name for name, sign in _SIGNS.items() if re.search(rf"(?<![a-z]){sign}", plain)}


@dataclass(frozen=True, slots=True)
class DashboardMeasure:
    """The question which measure a file holds, as far as it is answered, and what to say about it."""

    question: Question
    problems: tuple[Problem, ...]


def measure_of(table: Table, at_row: int, columns: CdeColumns, answers: Answers) -> DashboardMeasure:
    """Which measure the file holds: an answer first, then the file's own column, then its name."""
    written = {columns.text(row, "indicator") for _, row in body(table, at_row)} - {""}
    from_column = set().union(*map(measures_in, written)) if written else set()
    told = from_column or measures_in(f"{table.file} {table.sheet}")
    if "fiveyrnumer" in {cde.compact(name) for name in columns.passed}:
        told = {_GRADUATION}
    named = next(iter(told)) if len(told) == 1 else ""
    options = (*_MEASURES, "1") if named == _GRADUATION else _MEASURES
    answer = answers.get(Ask.INDICATOR.value, "")
    if answer in options:
        said = (table.problem("graduation_combined", Severity.WARNING),) if answer == "1" else ()
        return DashboardMeasure(Question(Ask.INDICATOR, options, answer, values={"file": table.file}), said)
    if named in _MEASURES:
        kind, found = (
            ("measure_from_column", ", ".join(sorted(written)))
            if from_column
            else ("measure_from_name", table.file)
        )
        note = table.problem(kind, Severity.NOTE, found, measure=get(named).name)
        return DashboardMeasure(Question(Ask.INDICATOR, options, named, values={"file": table.file}), (note,))
    kind = {_GRADUATION: "graduation_asked", _OTHER: "measure_other"}.get(named, "measure_asked")
    question = Question(Ask.INDICATOR, options, values={"file": table.file})
    return DashboardMeasure(question, (table.problem(kind, Severity.ERROR, table.file),))
