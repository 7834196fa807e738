"""California School Dashboard downloads: one state measure of one year, by LEA.

Structure: the record layouts at cde.ca.gov/ta/ac/cm/ (chronic19.asp … chronic24.asp, suspindicator24.asp,
ela24.asp, math24.asp). Files before 2023 do not say which measure they hold; academic ones have points from
standard and no numerator. Fields are blank where fewer than 11 students are in the denominator.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from cim_core.intake.files.tables import Table
from cim_core.intake.layouts import cde_breakdowns
from cim_core.intake.layouts.dashboard_measure import measure_of
from cim_core.intake.meanings import cde, cell_text, student_groups, years
from cim_core.intake.meanings.cde import CdeColumns
from cim_core.intake.meanings.layout import Choice, Layout, Raw, Reading, Record, body, header_at
from cim_core.intake.problems import Problem, Severity
from cim_core.intake.questions import Answers
from cim_core.words.messages import HowMany

_KNOWN = {
    "cds": "lea_code", "cdscode": "lea_code", "leacode": "lea_code", "rtype": "level",
    "aggregatelevel": "level", "districtname": "lea_name", "leaname": "lea_name",
    "countyname": "county", "studentgroup": "group", "currnumer": "numerator", "currdenom": "denominator",
    "currstatus": "rate", "reportingyear": "year", "indicator": "indicator",
}  # fmt: skip
_OTHERS = {
    "schoolname", "charterflag", "coeflag", "dassflag", "type", "change", "statuslevel", "changelevel",
    "color", "box", "safetynet", "smalldenom", "fiveyrnumer", "certifyflag", "dataerrorflag",
    "accountabilitymet", "hscutpoints", "pairsharemethod", "notestflag",
}  # fmt: skip
_OTHERS_BEGIN = ("curr", "prior", "prate", "numprloss", "caa")
_PARTS = ("rate", "numerator", "denominator")
_FEW = 11
_LEVEL = "D"
_REPORTED = re.compile(r"(20\d\d)(?:\.0|f)?", re.ASCII | re.IGNORECASE)


def recognises(header: Sequence[str]) -> bool:
    """Whether a row is a Dashboard header: a code, and this year's status and denominator."""
    names = {cde.compact(cell) for cell in header}
    return {"currdenom", "currstatus"} <= names and bool({"cds", "cdscode", "leacode"} & names)


def read_dashboard(table: Table, at_row: int, answers: Answers) -> Reading:
    """Read the LEAs' rows for students with disabilities; nothing while the measure is not known."""
    if "rtype" not in map(cde.compact, table.rows[at_row]):
        table = cde_breakdowns.with_level(table, at_row)
    columns = cde.columns(table, at_row, _KNOWN, _passed)
    prior = [name for name in columns.passed if cde.compact(name).startswith("prior")]
    problems = list(columns.problems)
    if prior:
        problems.append(table.problem("prior_years", Severity.NOTE, ", ".join(prior), n=HowMany(len(prior))))
    measure = measure_of(table, at_row, columns, answers)
    questions = [measure.question]
    problems += measure.problems
    usable = not measure.question.open
    groups = student_groups.of_level(table, at_row, columns, _LEVEL, answers)
    questions += groups.questions
    problems += groups.problems
    usable = usable and groups.usable
    if not usable:
        return Reading(table, "dashboard", [], frozenset(), columns.headers, problems, tuple(questions))
    told = years.told(table, at_row, answers) if "year" not in columns.at else None
    if told is not None:
        questions += told.questions
        problems += told.problems
    code = measure.question.taken
    records, set_aside = _records(table, at_row, columns, code, told.year if told else None, groups.kept)
    return Reading(
        table, "dashboard", records, frozenset({code, "county"}), columns.headers, [*problems, *set_aside],
        tuple(questions), collection="dashboard", repeats=True,
    )  # fmt: skip


def school_year(reported: str) -> str:
    """The school year that a Dashboard reports: that of 2019 is 2018-19. Other texts are left as they are.

    Files of the first years name the release, `2017f` being that of the fall.
    """
    found = _REPORTED.fullmatch(reported)
    return f"{int(found[1]) - 1}-{found[1][2:]}" if found else reported


def _records(
    table: Table, at_row: int, columns: CdeColumns, code: str, year: str | None, of_swd: frozenset[str]
) -> tuple[list[Record], list[Problem]]:
    """The rows of LEAs for students with disabilities, and what there is to say about the others."""
    levels: Counter[str] = Counter()
    groups: Counter[str] = Counter()
    reported: dict[str, str] = {}
    records = []
    for number, row in body(table, at_row):
        level, of_group = columns.text(row, "level").upper(), columns.text(row, "group")
        if level != _LEVEL:
            levels[level] += 1
        elif of_group not in of_swd:
            groups[of_group] += 1
        else:
            identity = {name: columns.text(row, name) for name in ("lea_code", "lea_name", "year")}
            if year is None:
                written = identity["year"]
                identity["year"] = school_year(written)
                if identity["year"] != written:
                    reported[written] = identity["year"]
            else:
                identity["year"] = year
            facts = {"county": columns.text(row, "county")}
            records.append(Record(number, identity, facts, {code: _raw(columns, row)}))
    said = [
        *cde.set_aside(table, "rows_level", levels, level=_LEVEL),
        *cde.set_aside(table, "rows_group", groups),
    ]
    for written, meant in sorted(reported.items()):
        said.append(table.problem("dashboard_year", Severity.NOTE, written, year=meant))
    return records, said


def _raw(columns: CdeColumns, row: Sequence[str]) -> Raw:
    """The cell of a row; blank for fewer than 11 students is a value that CDE has suppressed."""
    rate, numerator, denominator = (columns.cell(row, part) for part in _PARTS)
    number = cell_text.number(denominator or "")
    few = isinstance(number, Decimal) and 0 < number < _FEW
    names = columns.header("rate"), columns.header("numerator"), columns.header("denominator")
    return Raw(rate, numerator, denominator, names, "*" if few and not rate and not numerator else "")


def _passed(name: str) -> bool:
    return name in _OTHERS or name.startswith(_OTHERS_BEGIN)


EXAMPLE = """\
cds\trtype\tschoolname\tdistrictname\tcountyname\tcharter_flag\tcoe_flag\tdass_flag\tstudentgroup\t\
currdenom\tcurrstatus\tpriordenom\tpriorstatus\tindicator\treportingyear
99000010000000\tD\t\tMeadow Unified\tExample\t\t\t\tALL\t4200\t-12.4\t4100\t-14.0\tELA\t2024
99000010000000\tD\t\tMeadow Unified\tExample\t\t\t\tSWD\t597\t-74.8\t580\t-76.1\tELA\t2024
99000020000000\tD\t\tBrook Elementary\tExample\t\t\t\tSWD\t9\t\t12\t-60.0\tELA\t2024
"""

LAYOUT = Layout("dashboard", header_at(recognises), read_dashboard, EXAMPLE, Choice.GROUPS_AND_LEVELS)
