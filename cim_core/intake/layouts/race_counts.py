"""Counts by race and ethnicity, one row per LEA, year, area and group, for disproportionality.

A file without a column for the area whose counts are of suspended students is read as DataQuest's suspension
of all students, which is no area of the regulation (34 CFR 300.647).
"""

from __future__ import annotations

from collections.abc import Sequence

from cim_core.data.race_counts import STATE, Area, Group
from cim_core.intake.files.tables import Table
from cim_core.intake.meanings import codes, group_words, race_names, years
from cim_core.intake.meanings.layout import (
    IDENTITY,
    Choice,
    Layout,
    Raw,
    RawCount,
    Reading,
    Record,
    body,
    canonical,
    header_at,
    pick,
    plain,
    unused,
)
from cim_core.intake.problems import Problem, Severity, shown
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


def read(table: Table, at_row: int, answers: Answers) -> Reading:
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
    told = years.told(table, at_row, answers) if "year" not in position else None
    problems += told.problems if told else ()
    identity = {name: position[name] for name in IDENTITY if name in position}
    columns = header[position["cell"]], header[position["total"]]
    suspensions = "area" not in position
    records: list[Record] = []
    seen: set[Area | Group] = set()
    for number, row in body(table, at_row):
        who = pick(row, identity)
        if told:
            holds = years.holds_data(
                row[position["lea_code"]], (row[position["cell"]], row[position["total"]])
            )
            who = who | {"year": told.year if holds else ""}
        if is_state(who.get("lea_code", "")):
            who = who | {"lea_code": STATE}
        cell, total = row[position["cell"]], row[position["total"]]
        note = row[position["note"]] if "note" in position else ""
        if suspensions and group_words.meaning(row[position["group"]]) is group_words.Meaning.SWD:
            if who["lea_code"] != STATE:
                rate = row[position["rate"]] if "rate" in position else None
                rate_column = header[position["rate"]] if "rate" in position else "rate"
                raw = Raw(rate, cell, total, (rate_column, *columns), "*" if _withheld(note) else "")
                records.append(Record(number, who, {}, {_SUSP: raw}))
            continue
        area = Area.SUSPENDED_ALL if suspensions else race_names.area(row[position["area"]])
        group = race_names.group(row[position["group"]])
        unknown = [
            (kind, name)
            for kind, name, found in (("unknown_area", "area", area), ("unknown_race", "group", group))
            if found is None
        ]
        if area is None or group is None:
            if any((cell, total, *(row[position[name]] for _, name in unknown))):
                problems += [
                    Problem(
                        Severity.ERROR, kind, table.file, table.sheet, number, header[position[name]],
                        table.told(shown(row[position[name]])), {},
                        who.get("lea_code", ""), who.get("year", ""),
                    )
                    for kind, name in unknown
                ]  # fmt: skip
            else:
                records.append(Record(number, who, {}, {}))
            continue
        seen |= {area, group}
        count = RawCount(area, group, cell, total, columns, _withheld(note))
        records.append(Record(number, who, {}, {}, count))
    of_students = frozenset({_SUSP} if any(record.cells for record in records) else ())
    headers = {name: header[at] for name, at in position.items()}
    return Reading(
        table, "race_counts", records, of_students, headers, [*problems, *said(table, seen)],
        told.questions if told else (), collection="dataquest" if suspensions else "", repeats=True,
    )  # fmt: skip


def is_state(code: str) -> bool:
    """Whether a code stands for the whole state: `state`, or CDE's code of zeros."""
    plain_code = codes.undone(code).replace("-", "").replace(" ", "")
    zeros = bool(plain_code) and not plain_code.strip("0")
    return zeros or plain_code.casefold() in ("state", "statewide", "california", "ca")


def _withheld(note: str) -> bool:
    return note.casefold() in ("suppressed", "supp", "*", "withheld", "redacted")


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

LAYOUT = Layout("race_counts", header_at(recognises, without_year), read, EXAMPLE, Choice.GROUPS)
