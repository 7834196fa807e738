"""CDE's adjusted cohort graduation rate and outcomes: indicators 1 and 2 of LEAs, as cohort rates.

Structure: cde.ca.gov/ds/ad/fsacgr.asp, tab-delimited, since 2016-17. The rates are of students who began high
school together, four years later; since data of 2020-21 federal indicators 1 and 2 are of students who leave
special education in a year (OSEP Part B measurement table), so the values keep the collection's name, and a
target that was set for leavers is not held against them.
"""

from __future__ import annotations

from collections.abc import Sequence

from cim_core.intake.files.tables import Table
from cim_core.intake.layouts import cde_breakdowns
from cim_core.intake.meanings import cde, student_groups
from cim_core.intake.meanings.cde import CdeColumns
from cim_core.intake.meanings.layout import Choice, Layout, Raw, Reading, Record, header_at
from cim_core.intake.problems import Severity
from cim_core.intake.questions import Answers

_PARTS = {
    "1": ("regularhsdiplomagraduatesrate", "regularhsdiplomagraduatescount"),
    "2": ("dropoutrate", "dropoutcount"),
}
_COHORT = "cohortstudents"
_KNOWN = {
    **cde_breakdowns.KNOWN,
    **{rate: code for code, (rate, _) in _PARTS.items()},
    **{count: f"{code}_n" for code, (_, count) in _PARTS.items()},
    _COHORT: "cohort",
}
_OTHERS_END = ("count", "rate")


def recognises(header: Sequence[str]) -> bool:
    """Whether a row is this file's header: levels, the year of the cohort, its students, and the graduates.

    The file of five-year rates has a reporting year instead.
    """
    needed = {"academicyear", _COHORT, _PARTS["1"][1]}
    names = {cde.compact(cell) for cell in header}
    return cde_breakdowns.told(names) and needed <= names


def read_graduation(table: Table, at_row: int, answers: Answers) -> Reading:
    """Read the rows of districts for students with disabilities, one breakdown of each."""
    columns = cde.columns(table, at_row, _KNOWN, lambda name: name.endswith(_OTHERS_END))
    problems = [*columns.problems, *cde.passed_over(table, columns.passed)]
    headers = {**columns.headers, "lea_code": cde_breakdowns.code_header(columns)}
    swd = student_groups.of_level(table, at_row, columns, cde_breakdowns.DISTRICT, answers)
    problems += swd.problems
    if not swd.usable:
        return Reading(table, "acgr", [], frozenset(), headers, problems, swd.questions)
    chosen = cde_breakdowns.choose(table, at_row, columns, cde_breakdowns.DISTRICT, swd.kept, answers)
    given = [code for code in _PARTS if f"{code}_n" in columns.at or code in columns.at]
    records = [
        Record(
            row.number,
            row.identity,
            {"county": columns.text(row.cells, "county")},
            {code: _cell(columns, row.cells, code) for code in given},
        )
        for row in chosen.rows
    ]
    problems += [*chosen.problems, table.problem("acgr_cohort", Severity.NOTE)]
    return Reading(
        table, "acgr", records, frozenset({*given, "county"}), headers, problems,
        (*swd.questions, *chosen.questions), collection="acgr", repeats=True,
    )  # fmt: skip


def _cell(columns: CdeColumns, row: list[str], code: str) -> Raw:
    parts = code, f"{code}_n", "cohort"
    rate, count, cohort = (columns.cell(row, part) for part in parts)
    names = columns.header(parts[0]), columns.header(parts[1]), columns.header(parts[2])
    return Raw(rate, count, cohort, names)


EXAMPLE = """\
AcademicYear\tAggregateLevel\tCountyCode\tDistrictCode\tSchoolCode\tCountyName\tDistrictName\tSchoolName\t\
CharterSchool\tDASS\tReportingCategory\tCohortStudents\tRegular HS Diploma Graduates (Count)\t\
Regular HS Diploma Graduates (Rate)\tDropout (Count)\tDropout (Rate)
2023-24\tD\t99\t00001\t\tExample\tMeadow Unified\t\tAll\tAll\tSD\t120\t87\t72.5\t15\t12.5
2023-24\tD\t99\t00001\t\tExample\tMeadow Unified\t\tNo\tAll\tSD\t110\t82\t74.5\t12\t10.9
2023-24\tD\t99\t00002\t\tExample\tBrook Union High\t\tAll\tAll\tSD\t*\t*\t*\t*\t*
"""

LAYOUT = Layout("acgr", header_at(recognises), read_graduation, EXAMPLE, Choice.GROUPS_AND_LEVELS)
