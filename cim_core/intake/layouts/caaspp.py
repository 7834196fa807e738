"""CAASPP research files: indicators 3a, 3b and 3c of LEAs, from state, county or district downloads.

Structure: caaspp-elpac.ets.org, "Research Files", with a layout for every year: caret-delimited since 2021,
comma-delimited before; the headers have had four wordings. Student group 128 is students with disabilities,
grade 13 all grades; tests 1 and 2 are the Smarter Balanced ELA and mathematics, 3 and 4 the California
Alternate Assessments (CAA). Level 3 of the CAA "has met the grade-level alternate standard" (CAASPP
interpretive guide), so it is taken as proficient; that CDE counts 3c so is our assumption. The students
enrolled in a test are those who are eligible for it ("Understanding … Summary Reports"), so those of both
tests add up to indicator 3a.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cim_core.data.dataset import Missing
from cim_core.intake.files.tables import Table
from cim_core.intake.layouts import cde_breakdowns, dashboard
from cim_core.intake.meanings import cde, cell_text, group_words
from cim_core.intake.meanings.cde import CdeColumns
from cim_core.intake.meanings.group_words import Meaning
from cim_core.intake.meanings.layout import Choice, Layout, Raw, Reading, Record, body, header_at
from cim_core.intake.problems import Problem, Severity
from cim_core.intake.questions import Answers
from cim_core.words.messages import HowMany

_ALL_GRADES = {"13", "all", "all grades"}
_SUBJECTS = {"1": "ela", "2": "math", "3": "ela", "4": "math"}
_ALTERNATE = ("3", "4")
_KNOWN = {
    "countycode": "county_code", "districtcode": "district_code", "schoolcode": "school_code",
    "countyname": "county", "districtname": "lea_name", "testyear": "year", "testid": "test",
    "studentgroupid": "group", "subgroupid": "group", "demographicid": "group",
    "studentgroup": "group", "subgroup": "group",
    "studentgroupname": "group", "subgroupname": "group", "demographicidnum": "group",
    "grade": "grade", "typeid": "type", "totalstudentsenrolled": "enrolled", "studentsenrolled": "enrolled",
    "caasppreportedenrollment": "enrolled", "totalstudentstested": "tested", "studentstested": "tested",
    "totalstudentstestedwithscores": "scores", "studentswithscores": "scores",
    "percentagestandardmetandabove": "met", "countstandardmetandabove": "met_n",
    "percentagelevel3": "level3", "percentlevel3": "level3", "countlevel3": "level3_n",
}  # fmt: skip
_NEEDED = {"county_code", "district_code", "school_code", "year", "test", "group", "grade"}
_OTHERS = (
    "filler", "testtype", "schoolname", "zipcode", "meanscalescore", "overall", "percentage", "percent",
    "count", "area", "composite", "claim", "total",
)  # fmt: skip
"""Why rows are set aside: the words `problem.caaspp_<one>`."""
_SET_ASIDE = {
    "schools": "caaspp_schools",
    "charters": "caaspp_charters",
    "areas": "caaspp_areas",
    "test": "caaspp_test",
    "group": "caaspp_group",
    "grade": "caaspp_grade",
}
"""What rows are set aside for, with the problem that says so."""
_ONLY = {
    "grade": "caaspp_only_grade",
    "group": "caaspp_only_group",
    "test": "caaspp_only_test",
    "schools": "caaspp_only_schools",
    "charters": "caaspp_only_charters",
}
"""The same where every row was."""
_DIRECT_CHARTER = "9"


class _Row(NamedTuple):
    """A row that is read: whose it is, which test, and how many took it, as written."""

    number: int
    cells: list[str]
    lea_code: str
    year: str
    subject: str
    alternate: bool
    tested: str
    enrolled: str

    @property
    def key(self) -> tuple[str, str, str]:
        """The LEA, year and subject."""
        return self.lea_code, self.year, self.subject


def recognises(header: Sequence[str]) -> bool:
    """Whether a row is the header of such a file: codes, test, student group, grade, students or levels."""
    names = {_KNOWN.get(cde.compact(cell), "") for cell in header}
    return names >= _NEEDED and bool(names & {"enrolled", "met", "level3"})


def read_test_results(table: Table, at_row: int, answers: Answers) -> Reading:
    """Read the rows of districts and county offices: students with disabilities, all grades together."""
    columns = cde.columns(table, at_row, _KNOWN, lambda name: name.startswith(_OTHERS))
    aside: dict[str, Counter[str]] = {kind: Counter() for kind in _SET_ASIDE}
    rows: list[_Row] = []
    reported: dict[str, str] = {}
    for number, row in body(table, at_row):
        kind, found = _set_aside(columns, row)
        if kind:
            aside[kind][found] += 1
            continue
        code = cde_breakdowns.lea_code(columns.text(row, "county_code"), columns.text(row, "district_code"))
        written, test = columns.text(row, "year"), _number(columns.text(row, "test"))
        year = dashboard.school_year(written)
        if year != written:
            reported[written] = year
        took = columns.text(row, "tested"), columns.text(row, "enrolled")
        rows.append(_Row(number, row, code, year, _SUBJECTS[test], test in _ALTERNATE, *took))
    alternate: dict[tuple[str, str, str], list[_Row]] = {}
    for one in rows:
        if one.alternate:
            alternate.setdefault(one.key, []).append(one)
    counted = {"tested", "enrolled"} <= set(columns.at)
    records = [
        record
        for one in rows
        for record in _records(columns, one, alternate.get(one.key, []), counted=counted)
    ]
    problems = [*columns.problems, *cde.passed_over(table, columns.passed)]
    problems += _said(table, rows, aside, reported, counted=counted)
    given = frozenset({code for record in records for code in record.cells} | {"county"})
    return Reading(
        table, "caaspp", records, given, {**columns.headers, "lea_code": columns.header("district_code")},
        problems, collection="caaspp", repeats=True,
    )  # fmt: skip


def _records(columns: CdeColumns, row: _Row, alternate: list[_Row], *, counted: bool) -> Iterator[Record]:
    """What one row says; a row of the general test also says indicator 3a, both tests together.

    Where rows of the other test repeat and differ, each gives a sum of its own, so that it is found.
    """
    identity = {"lea_code": row.lea_code, "lea_name": columns.text(row.cells, "lea_name"), "year": row.year}
    facts = {"county": columns.text(row.cells, "county")}
    rate, count = ("level3", "level3_n") if row.alternate else ("met", "met_n")
    names = columns.header(rate), columns.header(count), columns.header("scores")
    share = Raw(
        columns.cell(row.cells, rate),
        columns.cell(row.cells, count),
        columns.cell(row.cells, "scores"),
        names,
    )
    about = {f"{'3c' if row.alternate else '3b'}_{row.subject}": share} if rate in columns.at else {}
    if row.alternate or not counted:
        yield Record(row.number, identity, facts, about)
        return
    names = columns.header("tested"), columns.header("tested"), columns.header("enrolled")
    sums = {(_sum(row.tested, one.tested), _sum(row.enrolled, one.enrolled)) for one in alternate}
    for tested, enrolled in sorted(sums) or [(row.tested, row.enrolled)]:
        took = Raw(None, tested, enrolled, names)
        yield Record(row.number, identity, facts, {**about, f"3a_{row.subject}": took})


def _sum(first: str, second: str) -> str:
    """Two counts added; what is no count of either stands for both, to be reported or kept as a reason."""
    total = 0
    for written in (first, second):
        number = cell_text.number(written)
        if isinstance(number, Missing) or number is None or number < 0 or "%" in written:
            return written or "NR"
        if number != int(number):
            return written
        total += int(number)
    return str(total)


def _number(written: str) -> str:
    """A code without the zeros in front that some years write and others do not."""
    return written.removesuffix(".0").lstrip("0")


def _set_aside(columns: CdeColumns, row: Sequence[str]) -> tuple[str, str]:
    """Why a row is not read, and what to count it under; two empty texts for a row that is read."""
    county, district, school = (
        columns.text(row, f"{part}_code") for part in ("county", "district", "school")
    )
    if not _is_zero(school):
        charter = _number(columns.text(row, "type")) == _DIRECT_CHARTER
        return ("charters" if charter else "schools"), cde_breakdowns.lea_code(county, district)
    if _is_zero(district):
        return "areas", f"{county or '–'} {district or '–'}"
    written = {kind: columns.text(row, kind) for kind in ("test", "group", "grade")}
    fits = {
        "test": _number(written["test"]) in _SUBJECTS,
        "group": group_words.meaning(written["group"]) is Meaning.SWD,
        "grade": _number(written["grade"]).casefold() in _ALL_GRADES,
    }
    return next(((kind, written[kind]) for kind, right in fits.items() if not right), ("", ""))


def _is_zero(code: str) -> bool:
    return not code.removesuffix(".0").strip("0")


def _said(
    table: Table,
    rows: list[_Row],
    aside: dict[str, Counter[str]],
    reported: dict[str, str],
    *,
    counted: bool,
) -> Iterator[Problem]:
    """What was set aside and what was assumed; an error where nothing is left to read."""
    for kind, found in aside.items():
        yield from cde.set_aside(table, _SET_ASIDE[kind], found)
    for written, meant in sorted(reported.items()):
        yield table.problem("caaspp_year", Severity.NOTE, written, year=meant)
    yield from _of_tests(table, rows, counted=counted)
    if not rows:
        lacking = next((problem for kind, problem in _ONLY.items() if aside[kind]), "")
        if lacking:
            yield table.problem(lacking, Severity.ERROR)


def _of_tests(table: Table, rows: list[_Row], *, counted: bool) -> Iterator[Problem]:
    """Which of the two tests LEAs have, where both are needed to say how many took part."""
    general = {row.key for row in rows if not row.alternate}
    alternate = {row.key for row in rows if row.alternate}
    if counted and general & alternate:
        yield table.problem("caaspp_both_tests", Severity.NOTE, n=HowMany(len(general & alternate)))
    if counted and general - alternate:
        yield table.problem("caaspp_one_test", Severity.NOTE, n=HowMany(len(general - alternate)))
    if alternate:
        yield table.problem("caaspp_level_3", Severity.NOTE)
    if counted and alternate - general:
        yield table.problem("caaspp_alternate_alone", Severity.NOTE, n=HowMany(len(alternate - general)))


EXAMPLE = """\
County Code^District Code^District Name^School Code^School Name^Type ID^Test Year^Test Type^Test ID^\
Student Group ID^Grade^Total Students Enrolled^Total Students Tested^Total Students Tested with Scores^\
Mean Scale Score^Percentage Standard Met and Above^Count Standard Met and Above
99^00001^Meadow Unified^0000000^^6^2024^B^1^1^13^1200^1180^1175^2480.1^50.04^588
99^00001^Meadow Unified^0000000^^6^2024^B^1^128^13^210^200^198^2391.0^17.17^34
99^00001^Meadow Unified^0000000^^6^2024^B^2^128^13^210^199^197^2374.5^13.20^26
99^00002^Brook Elementary^0000000^^6^2024^B^1^128^13^9^*^*^*^*^*
"""

LAYOUT = Layout("caaspp", header_at(recognises), read_test_results, EXAMPLE, Choice.EVERYTHING)
