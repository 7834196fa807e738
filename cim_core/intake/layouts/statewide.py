"""The shipped statewide file: who and when, type and county, then value, n, den and flag of each measure.

Public CDE downloads (Dashboard and DataQuest, students with disabilities) in one table. The file has no
count of students with disabilities: the denominator of the suspension rate (their cumulative enrollment)
stands in for it, which is an assumption and reported as one.
"""

from __future__ import annotations

from collections.abc import Sequence

from cim_core.data import indicators
from cim_core.intake.files.tables import Table
from cim_core.intake.meanings.layout import Layout, Raw, Reading, Record, body, header_at, plain, unused
from cim_core.intake.problems import Problem, Severity
from cim_core.intake.questions import Answers

_SUPPRESSED = "supp"
_PARTS = ("value", "n", "den", "flag")
_FACTS = ("lea_type", "county")


def recognises(header: Sequence[str]) -> bool:
    """Whether a row is this layout's header: the columns of the shipped statewide file."""
    names = {plain(cell) for cell in header}
    return {"cds", "district", "school_year", "susp_den", "susp_value"} <= names


def read(table: Table, at_row: int, answers: Answers) -> Reading:
    """Read the statewide records; measures that are not in the catalogue are reported as unused."""
    header = [plain(cell) for cell in table.rows[at_row]]
    at = {name: header.index(name) for name in header}
    measures = [name.removesuffix("_value") for name in header if name.endswith("_value")]
    codes = {measure: code for measure in measures if (code := indicators.find(measure)) is not None}
    problems: list[Problem] = [
        table.problem("column_unused", Severity.NOTE, measure) for measure in measures if measure not in codes
    ]
    facts = [name for name in _FACTS if name in at]
    read_here = {"cds", "district", "school_year", *facts} | {
        f"{measure}_{part}" for measure in measures for part in _PARTS
    }
    for place, name in enumerate(header):
        if name and (name not in read_here or at[name] != place):
            problems.append(unused(table, table.rows[at_row][place], twice=at[name] != place))
    problems.append(table.problem("swd_assumed", Severity.NOTE))
    records = []
    for number, row in body(table, at_row):
        cells = {}
        for measure, code in codes.items():
            names = (f"{measure}_value", f"{measure}_n", f"{measure}_den")
            flag = row[at[f"{measure}_flag"]] if f"{measure}_flag" in at else ""
            value, numerator, denominator = (row[at[name]] if name in at else None for name in names)
            cells[code] = Raw(value, numerator, denominator, names, "*" if flag == _SUPPRESSED else "")
        identity = {
            "lea_code": row[at["cds"]],
            "lea_name": row[at["district"]],
            "year": row[at["school_year"]],
        }
        told = {name: row[at[name]] for name in facts}
        records.append(Record(number, identity, {"swd": row[at["susp_den"]], **told}, cells))
    headers = {"lea_code": "cds", "lea_name": "district", "year": "school_year", "swd": "susp_den"}
    known = frozenset({*codes.values(), "swd", *facts})
    return Reading(table, "statewide", records, known, headers, problems, implied=frozenset({"swd"}))


EXAMPLE = """\
cds,district,school_year,lea_type,county,susp_value,susp_n,susp_den,susp_flag,ela_dfs_value,ela_dfs_n,ela_dfs_den,ela_dfs_flag
99000010000000,Meadow Unified,2023-24,unified,Example,5.5,80,1450,,-74.8,,597,
99000020000000,Brook Elementary,2023-24,elementary,Example,,,9,supp,,,,supp
"""

LAYOUT = Layout("statewide", header_at(recognises), read, EXAMPLE)
