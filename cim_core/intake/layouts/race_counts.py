"""Counts by race and ethnicity, one row per LEA, year, area and group, for disproportionality.

A file without a column for the area whose counts are of suspended students is read as DataQuest's suspension
of all students, which is no area of the regulation (34 CFR 300.647).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from cim_core.data.race_counts import STATE, Area, Group
from cim_core.intake.files.tables import Table
from cim_core.intake.layouts import record_loop
from cim_core.intake.layouts.record_loop import Whose
from cim_core.intake.meanings import codes, group_words, race_names
from cim_core.intake.meanings.layout import (
    IDENTITY,
    Choice,
    Layout,
    Raw,
    RawCount,
    Reading,
    Record,
    canonical,
    header_at,
    plain,
    unused,
)
from cim_core.intake.problems import Problem, Severity
from cim_core.intake.questions import Answers

_SUSPENDED = ("students_suspended_unduplicated", "students_suspended", "suspended")
_OURS = {
    "area": ("area", "outcome", "category", "disproportionality_area"),
    "group": (
        "group", "race", "ethnicity", "race_ethnicity", "ethnicity_race", "racial_ethnic_group",
        "student_group", "reporting_category", "reportingcategory", "race_or_ethnicity",
    ),
    "cell": ("cell", "cell_size", "count", "numerator", "students_with_outcome", *_SUSPENDED),
    "total": (
        "total", "group_total", "group_size", "n_size", "denominator", "enrollment", "cumulative_enrollment",
        "all_children", "total_in_group",
    ),
    "note": ("note", "notes", "reason", "flag", "reliability"),
    "rate": ("rate", "rate_pct", "risk", "suspension_rate"),
}  # fmt: skip
_NAMES = {spelling: name for name, spellings in _OURS.items() for spelling in spellings}
_NEEDED = {"lea_code", "group", "cell", "total"}
_SUSP = "susp"


def _name(header: str) -> str:
    found = canonical(header)
    return found if found in IDENTITY else _NAMES.get(plain(header), "")


def _of_suspension(header: Sequence[str]) -> bool:
    return any(plain(cell) in _SUSPENDED for cell in header)


def recognises(header: Sequence[str]) -> bool:
    """Whether a row is this layout's header: code, year, group, cell, total, and an area or suspensions."""
    names = {_name(cell) for cell in header}
    return {*_NEEDED, "year"} <= names and ("area" in names or _of_suspension(header))


def without_year(table: Table, at_row: int) -> bool:
    """Whether a row is this layout's header though it has no year."""
    return recognises([*table.rows[at_row], "year"])


def read_race_counts(table: Table, at_row: int, answers: Answers) -> Reading:
    """Read every row; one whose area or group is not known is set aside and named."""
    header = table.rows[at_row]
    position: dict[str, int] = {}
    problems: list[Problem] = []
    for at, cell in enumerate(header):
        name = _name(cell)
        if name and name not in position:
            position[name] = at
        elif cell:
            problems.append(unused(table, cell, twice=bool(name)))
    told = record_loop.year_of_all(table, at_row, answers, "year" in position)
    problems += told.problems if told else ()
    identity = {name: position[name] for name in IDENTITY if name in position}
    filled = record_loop.cells_at([position["cell"], position["total"]])
    rows = _Rows(table, header, position)
    records = record_loop.read_rows(table, at_row, Whose(identity, told, filled), rows.read_row)
    of_students = frozenset({_SUSP} if any(record.cells for record in records) else ())
    headers = {name: header[at] for name, at in position.items()}
    return Reading(
        table, "race_counts", records, of_students, headers,
        [*problems, *rows.problems, *said(table, rows.seen)],
        told.questions if told else (), collection="dataquest" if rows.of_suspension else "", repeats=True,
    )  # fmt: skip


class _Rows:
    """Rows of counts → records, one count each; of students with disabilities also indicators."""

    def __init__(self, table: Table, header: Sequence[str], position: Mapping[str, int]) -> None:
        self.table, self.header, self.position = table, header, position
        self.columns = header[position["cell"]], header[position["total"]]
        self.cell_at, self.total_at, self.group_at = position["cell"], position["total"], position["group"]
        self.area_at, self.note_at = position.get("area"), position.get("note")
        self.of_suspension = self.area_at is None
        self.seen: set[Area | Group] = set()
        self.problems: list[Problem] = []

    def read_row(self, number: int, row: list[str], who: dict[str, str]) -> tuple[Record, ...]:
        """The record of one row; none for a group that is no race."""
        if is_state(who.get("lea_code", "")):
            who = who | {"lea_code": STATE}
        if self.of_suspension and group_words.meaning(row[self.group_at]) is group_words.Meaning.SWD:
            of_lea = who["lea_code"] != STATE
            return (Record(number, who, {}, {_SUSP: self._suspension(row)}),) if of_lea else ()
        area = Area.SUSPENDED_ALL if self.area_at is None else race_names.area(row[self.area_at])
        group = race_names.group(row[self.group_at])
        cell, total = row[self.cell_at], row[self.total_at]
        if area is not None and group is not None:
            self.seen |= {area, group}
            withheld = self._is_withheld(row)
            return (Record(number, who, {}, {}, RawCount(area, group, cell, total, self.columns, withheld)),)
        unknown = {"area": "unknown_area"} if area is None else {}
        unknown |= {"group": "unknown_race"} if group is None else {}
        if not any((cell, total, *(row[self.position[name]] for name in unknown))):
            return (Record(number, who, {}, {}),)
        self.problems += [self._unknown(number, row, who, name, kind) for name, kind in unknown.items()]
        return ()

    def _is_withheld(self, row: Sequence[str]) -> bool:
        """Whether a row itself calls its numbers suppressed."""
        written = "" if self.note_at is None else row[self.note_at]
        return written.casefold() in ("suppressed", "supp", "*", "withheld", "redacted")

    def _suspension(self, row: Sequence[str]) -> Raw:
        """The suspension rate of students with disabilities as written."""
        at = self.position.get("rate")
        rate, column = (None, "rate") if at is None else (row[at], self.header[at])
        withheld = "*" if self._is_withheld(row) else ""
        return Raw(rate, row[self.cell_at], row[self.total_at], (column, *self.columns), withheld)

    def _unknown(
        self, number: int, row: Sequence[str], who: Mapping[str, str], name: str, kind: str
    ) -> Problem:
        return replace(
            self.table.problem_at(
                kind, Severity.ERROR, number - self.table.first_row, self.header[self.position[name]],
                row[self.position[name]],
            ),
            lea_code=who.get("lea_code", ""), year=who.get("year", ""),
        )  # fmt: skip


def is_state(code: str) -> bool:
    """Whether a code stands for the whole state: `state`, or CDE's code of zeros."""
    plain_code = codes.undone(code).replace("-", "").replace(" ", "")
    zeros = bool(plain_code) and not plain_code.strip("0")
    return zeros or plain_code.casefold() in ("state", "statewide", "california", "ca")


def said(table: Table, seen: set[Area | Group]) -> tuple[Problem, ...]:
    """What is to be known about such a file as a whole."""
    notes = []
    if Group.FILIPINO in {one for one in seen if isinstance(one, Group)}:
        notes.append(table.problem("filipino_folded", Severity.NOTE))
    if Area.SUSPENDED_ALL in {one for one in seen if isinstance(one, Area)}:
        notes.append(table.problem("suspension_no_area", Severity.NOTE))
    return tuple(notes)


EXAMPLE = """\
lea_code,lea_name,year,area,group,cell,total,note
9900001,Meadow Unified,2023-24,oss_over_10,Black,18,120,
9900001,Meadow Unified,2023-24,oss_over_10,White,20,480,
9900001,Meadow Unified,2023-24,oss_over_10,Two or more races,,,*
9900001,Meadow Unified,2023-24,oss_over_10,Total,62,1000,
state,,2023-24,oss_over_10,Black,3000,40000,
state,,2023-24,oss_over_10,Total,8000,140000,
"""

LAYOUT = Layout("race_counts", header_at(recognises, without_year), read_race_counts, EXAMPLE, Choice.GROUPS)
