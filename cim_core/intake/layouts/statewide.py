"""The shipped statewide file: who and when, type and county, then value, n, den and flag of each measure.

Public CDE downloads (Dashboard and DataQuest, students with disabilities) in one table. The file has no
count of students with disabilities: the denominator of the suspension rate (their cumulative enrollment)
stands in for it, which is an assumption and reported as one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from cim_core.data import indicators
from cim_core.intake.files.tables import Table
from cim_core.intake.layouts import record_loop
from cim_core.intake.layouts.record_loop import Whose
from cim_core.intake.meanings.layout import Layout, Raw, Reading, Record, header_at, pick, plain, unused
from cim_core.intake.problems import Problem, Severity
from cim_core.intake.questions import Answers

_SUPPRESSED = "supp"
_PARTS = ("value", "n", "den", "flag")
_FACTS = ("lea_type", "county")
_IDENTITY = {"lea_code": "cds", "lea_name": "district", "year": "school_year"}


def recognises(header: Sequence[str]) -> bool:
    """Whether a row is this layout's header: the columns of the shipped statewide file."""
    names = {plain(cell) for cell in header}
    return {"cds", "district", "school_year", "susp_den", "susp_value"} <= names


class _Measure(NamedTuple):
    """A measure of the catalogue: the headers of its three parts, where they stand, and its flag."""

    code: str
    names: tuple[str, str, str]
    places: tuple[int | None, ...]
    flag_at: int | None

    def raw(self, row: Sequence[str]) -> Raw:
        """The measure in one row as written."""
        value, numerator, denominator = (None if at is None else row[at] for at in self.places)
        withheld = self.flag_at is not None and row[self.flag_at] == _SUPPRESSED
        return Raw(value, numerator, denominator, self.names, "*" if withheld else "")


def read_statewide(table: Table, at_row: int, answers: Answers) -> Reading:
    """Read the statewide records; measures that are not in the catalogue are reported as unused."""
    header = [plain(cell) for cell in table.rows[at_row]]
    at = {name: header.index(name) for name in header}
    named = [name.removesuffix("_value") for name in header if name.endswith("_value")]
    measures = [_measure(name, code, at) for name in named if (code := indicators.find(name)) is not None]
    facts = {"swd": at["susp_den"]} | {name: at[name] for name in _FACTS if name in at}

    def read_row(number: int, row: list[str], who: dict[str, str]) -> tuple[Record]:
        cells = {measure.code: measure.raw(row) for measure in measures}
        return (Record(number, who, pick(row, facts), cells),)

    identity = {name: at[header] for name, header in _IDENTITY.items()}
    records = record_loop.read_rows(table, at_row, Whose(identity), read_row)
    known = frozenset({*(measure.code for measure in measures), *facts})
    headers = {**_IDENTITY, "swd": "susp_den"}
    problems = _unused(table, at_row, header, named)
    return Reading(table, "statewide", records, known, headers, problems, implied=frozenset({"swd"}))


def _measure(name: str, code: str, at: Mapping[str, int]) -> _Measure:
    names = f"{name}_value", f"{name}_n", f"{name}_den"
    return _Measure(code, names, tuple(map(at.get, names)), at.get(f"{name}_flag"))


def _unused(table: Table, at_row: int, header: Sequence[str], measures: Sequence[str]) -> list[Problem]:
    """Measures and columns that are not read, and what is assumed of the others."""
    unknown = [measure for measure in measures if indicators.find(measure) is None]
    problems = [table.problem("column_unused", Severity.NOTE, measure) for measure in unknown]
    read_here = {*_IDENTITY.values(), *_FACTS} | {f"{name}_{part}" for name in measures for part in _PARTS}
    for place, name in enumerate(header):
        twice = header.index(name) != place
        if name and (name not in read_here or twice):
            problems.append(unused(table, table.rows[at_row][place], twice=twice))
    return [*problems, table.problem("swd_assumed", Severity.NOTE)]


EXAMPLE = """\
cds,district,school_year,lea_type,county,susp_value,susp_n,susp_den,susp_flag,ela_dfs_value,ela_dfs_n,ela_dfs_den,ela_dfs_flag
99000010000000,Meadow Unified,2023-24,unified,Example,5.5,80,1450,,-74.8,,597,
99000020000000,Brook Elementary,2023-24,elementary,Example,,,9,supp,,,,supp
"""

LAYOUT = Layout("statewide", header_at(recognises), read_statewide, EXAMPLE)
