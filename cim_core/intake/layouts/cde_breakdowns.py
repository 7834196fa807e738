"""CDE's aggregated downloads: one file holds state, counties, LEAs and schools, each several times over.

Structure: cde.ca.gov/ds/ad/fssd.asp (suspension), fsabd.asp (chronic absenteeism) and fsspedps.asp (program
setting). "One of these values must be chosen" of each breakdown, or students are counted twice.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from cim_core.data.race_counts import STATE
from cim_core.intake.files.tables import Table
from cim_core.intake.meanings import cde, years
from cim_core.intake.meanings.cde import CdeColumns
from cim_core.intake.meanings.layout import body
from cim_core.intake.problems import Problem, Severity
from cim_core.intake.questions import Answers, Ask, Question
from cim_core.words.messages import HowMany

DISTRICT, ACCOUNTABLE, WHOLE_STATE = "D", "A", "T"
_LEVEL = "aggregatelevel"
_WHOLE = frozenset({"leacode", "cds", "cdscode"})
KNOWN: Mapping[str, str] = {
    **dict.fromkeys(_WHOLE, "lea_code"), "leaname": "lea_name",
    "academicyear": "year", "aggregatelevel": "level", "countycode": "county_code",
    "districtcode": "district_code", "schoolcode": "school_code", "countyname": "county",
    "districtname": "lea_name", "schoolname": "school_name", "charterschool": "charter",
    "charteryn": "charter", "charterschoolyn": "charter", "dass": "dass", "dassyn": "dass",
    "reportingcategory": "group",
}  # fmt: skip
_ALL, _NO = "all", "no"
_SPELLINGS = {"all": _ALL, "y": "yes", "yes": "yes", "n": _NO, "no": _NO}
_NO_SCHOOL = "0000000"
_SCHOOL = "S"


def placed(names: Collection[str]) -> bool:
    """Whether compact headers say which LEA a row is about: by pieces of a code, or by a whole one."""
    return {"countycode", "districtcode"} <= set(names) or not _WHOLE.isdisjoint(names)


def told(names: Collection[str]) -> bool:
    """Whether compact headers are those of such a file, which holds rows of several levels."""
    return _LEVEL in names and placed(names)


def with_level(table: Table, at_row: int) -> Table:
    """The table with a level for each row, where it has none: a row with a school's name or code is one's."""
    header = [cde.compact(cell) for cell in table.rows[at_row]]
    if _LEVEL in header:
        return table
    known = [(at, KNOWN.get(name)) for at, name in enumerate(header)]
    schools = [at for at, name in known if name in ("school_name", "school_code")]
    codes = [at for at, name in known if name == "lea_code"]
    rows = [list(row) for row in table.rows[: at_row + 1]]
    rows[at_row].append(_LEVEL)
    for row in table.rows[at_row + 1 :]:
        padded = row + [""] * (len(header) - len(row))
        numbered = any(padded[at].strip("0") for at in schools)
        level = _SCHOOL if numbered or any(_of_school(padded[at]) for at in codes) else DISTRICT
        rows.append([*padded[: len(header)], level] if any(row) else row)
    return replace(table, rows=rows)


def _of_school(code: str) -> bool:
    return bool(re.fullmatch(r"\d{14}", code, re.ASCII)) and not code.endswith(_NO_SCHOOL)


def code_header(columns: CdeColumns) -> str:
    """The file's own name of the column that says which LEA a row is about."""
    return columns.header("lea_code" if "lea_code" in columns.at else "district_code")


@dataclass(frozen=True, slots=True)
class BreakdownRow:
    """A row of an LEA, with its number as a person counts, and who it is about."""

    number: int
    cells: list[str]
    identity: Mapping[str, str]
    charter: str
    dass: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class ChosenRows:
    """The rows to read: of each LEA, year and group those of one breakdown; what there is to ask and say."""

    rows: tuple[BreakdownRow, ...]
    questions: tuple[Question, ...]
    problems: tuple[Problem, ...]


def lea_code(county: str, district: str, school: str = "") -> str:
    """County, district and school code as one CDS code, zeros that a spreadsheet took off put back.

    What is no such code is returned as it stands, to be reported with its row.
    """
    county, district, school = (part.removesuffix(".0") for part in (county, district, school))
    if not re.fullmatch(r"\d{1,2}", county, re.ASCII) or not re.fullmatch(r"\d{1,5}", district, re.ASCII):
        return f"{county} {district}".strip()
    own = school.zfill(7) if re.fullmatch(r"\d{1,7}", school, re.ASCII) else _NO_SCHOOL
    return county.zfill(2) + district.zfill(5) + own


def is_charter_lea(columns: CdeColumns, row: list[str]) -> bool:
    """Whether a row of the accountable level is about a charter school that is an LEA of its own."""
    return columns.text(row, "school_code").removesuffix(".0").strip("0") != ""


def choose(
    table: Table,
    at_row: int,
    columns: CdeColumns,
    level: str,
    groups: frozenset[str],
    answers: Answers,
    of_state: frozenset[str] = frozenset(),
) -> ChosenRows:
    """One breakdown of each LEA, year and group: the level, one charter value, all DASS values together.

    `groups` are those to read, as the file writes them.

    `of_state` are groups of which the rows about the whole state are read too.

    Never the last row of several: the order of rows means nothing in these files. Rows that are left with
    other values for one LEA and year are for the assembly to report.
    """
    told = years.told(table, at_row, answers) if "year" not in columns.at else None
    other_levels: Counter[str] = Counter()
    other_groups: Counter[str] = Counter()
    found: dict[tuple[str, str, str], list[BreakdownRow]] = {}
    for number, cells in body(table, at_row):
        at_level = columns.text(cells, "level").upper()
        of_group = columns.text(cells, "group")
        statewide = at_level == WHOLE_STATE and of_group in of_state
        if at_level != level and not statewide:
            other_levels[at_level] += 1
            continue
        if "group" in columns.at and of_group not in groups:
            other_groups[of_group] += 1
            continue
        year = columns.text(cells, "year") if told is None else told.year
        identity = {"lea_code": STATE, "lea_name": "", "year": year}
        if not statewide:
            identity = _identity(columns, cells, level, year)
        row = BreakdownRow(number, cells, identity, *_breakdown(columns, cells), of_group)
        who = identity["lea_code"] or f"{identity['lea_name']}, {columns.text(cells, 'county')}"
        found.setdefault((who, year, row.group), []).append(row)
    rows, questions, problems = _one_breakdown(table, found, answers)
    if told is not None:
        questions, problems = (*told.questions, *questions), (*told.problems, *problems)
    said = (
        *cde.set_aside(table, "rows_level", other_levels, level=level),
        *cde.set_aside(table, "rows_group", other_groups),
    )
    return ChosenRows(rows, questions, (*said, *problems))


def _identity(columns: CdeColumns, cells: list[str], level: str, year: str) -> dict[str, str]:
    code = columns.cell(cells, "lea_code")
    if code is None:
        charter = level == ACCOUNTABLE and is_charter_lea(columns, cells)
        school = columns.text(cells, "school_code") if charter else ""
        code = lea_code(columns.text(cells, "county_code"), columns.text(cells, "district_code"), school)
    else:
        charter = level == ACCOUNTABLE and bool(columns.text(cells, "school_name"))
    name = columns.text(cells, "school_name" if charter else "lea_name")
    return {"lea_code": code, "lea_name": name, "year": year}


def _breakdown(columns: CdeColumns, cells: list[str]) -> tuple[str, str]:
    charter, dass = ((columns.cell(cells, name) or "").casefold() for name in ("charter", "dass"))
    return (
        _SPELLINGS.get(charter, charter) if "charter" in columns.at else _ALL,
        _SPELLINGS.get(dass, dass) if "dass" in columns.at else _ALL,
    )


def _one_breakdown(
    table: Table, found: Mapping[tuple[str, str, str], list[BreakdownRow]], answers: Answers
) -> tuple[tuple[BreakdownRow, ...], tuple[Question, ...], tuple[Problem, ...]]:
    answer = answers.get(Ask.CHARTER.value, "")
    wanted = answer if answer in (_ALL, _NO) else _ALL
    given = {row.charter for rows in found.values() for row in rows}
    questions = (Question(Ask.CHARTER, (_ALL, _NO), wanted),) if len(given) > 1 else ()
    used: list[BreakdownRow] = []
    others: Counter[str] = Counter()
    instead: list[str] = []
    unclear: list[str] = []
    repeated = 0
    for (code, _, _), rows in found.items():
        left = _nearest(rows, wanted)
        values = {(row.charter, row.dass) for row in left}
        if len(values) > 1:
            unclear.append(code)
            continue
        if values != {(wanted, _ALL)}:
            instead.append(code)
        once = {tuple(row.cells): row for row in reversed(left)}
        used += reversed(once.values())
        repeated += len(left) - len(once)
        others.update(row.charter or row.dass for row in rows if row not in left)
    problems: list[Problem] = list(cde.set_aside(table, "rows_charter", others))
    if repeated:
        problems.append(table.problem("rows_repeated", Severity.NOTE, f"{repeated:,}", n=HowMany(repeated)))
    problems += _of_leas(table, "charter_instead", Severity.NOTE, instead)
    problems += _of_leas(table, "charter_unclear", Severity.ERROR, unclear)
    return tuple(used), questions, tuple(problems)


def _nearest(rows: list[BreakdownRow], wanted: str) -> list[BreakdownRow]:
    """The rows of all DASS values together and of the wanted charter value, as far as there are any."""
    left = [row for row in rows if row.dass == _ALL] or rows
    return [row for row in left if row.charter == wanted] or left


def _of_leas(table: Table, kind: str, severity: Severity, codes: Sequence[str]) -> list[Problem]:
    """One problem about LEAs, each named once; none where there are none."""
    once_each = sorted(set(codes))
    if not once_each:
        return []
    return [table.problem(kind, severity, ", ".join(once_each), n=HowMany(len(once_each)))]
