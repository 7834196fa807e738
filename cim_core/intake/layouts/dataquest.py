"""DataQuest downloads: suspension and chronic absenteeism of students with disabilities, by LEA.

Structure: cde.ca.gov/ds/ad/fssd.asp and cde.ca.gov/ds/ad/fsabd.asp, tab-delimited. Newer and older files
spell the same headers with and without blanks.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from cim_core.data.race_counts import Area, Group
from cim_core.intake.files.tables import Table
from cim_core.intake.layouts import cde_breakdowns, race_counts
from cim_core.intake.meanings import cde, race_names, student_groups
from cim_core.intake.meanings.layout import Choice, Layout, Raw, RawCount, Reading, Record, header_at
from cim_core.intake.questions import Answers

_PARTS = ("rate", "numerator", "denominator")


@dataclass(frozen=True, slots=True)
class _Measure:
    """One of the files: its layout, its indicator, compact headers of rate, numerator, denominator."""

    layout: str
    code: str
    parts: tuple[str, str, str]
    others: tuple[str, ...]
    """How the headers begin that are the file's own and are not read."""
    also: Mapping[str, str]
    """How reports on DataQuest's pages call the same parts: each compact header, with the download's."""
    area: Area | None = None
    """What its rows by race and ethnicity count, where they are read."""

    def recognises(self, header: Sequence[str]) -> bool:
        """Whether a row is the header of this file."""
        names = {self.also.get(name, name) for cell in header if (name := cde.compact(cell))}
        if not set(self.parts[1:]) <= names:
            return False
        return cde_breakdowns.told(names) or self._is_report(names)

    def _is_report(self, names: set[str]) -> bool:
        """Whether headers are of a report without levels: who, when, of whom, and nothing of another kind.

        Its rate stands in it, or a table of somebody's own counts would be one.
        """
        own = {*cde_breakdowns.KNOWN, *self.parts, "charterflag"}
        strangers = [one for one in names - own if not one.startswith(self.others)]
        return cde_breakdowns.placed(names) and self.parts[0] in names and not strangers

    def read_download(self, table: Table, at_row: int, answers: Answers) -> Reading:
        """Read the rows of LEAs for students with disabilities, and by race: one breakdown of each."""
        table = cde_breakdowns.with_level(table, at_row)
        known = {**cde_breakdowns.KNOWN, **dict(zip(self.parts, _PARTS, strict=True))}
        known |= {theirs: known[ours] for theirs, ours in self.also.items()}
        columns = cde.columns(table, at_row, known, lambda name: name.startswith(self.others))
        problems = [*columns.problems, *cde.passed_over(table, columns.passed)]
        headers = columns.headers
        races = self._races(student_groups.groups_of(table, at_row, columns, (cde_breakdowns.DISTRICT,)))
        swd = student_groups.of_level(table, at_row, columns, cde_breakdowns.DISTRICT, answers)
        asked = () if races else swd.questions
        if not races:
            problems += swd.problems
            if not swd.usable:
                return Reading(table, self.layout, [], frozenset(), headers, problems, asked)
        chosen = cde_breakdowns.choose(
            table,
            at_row,
            columns,
            cde_breakdowns.DISTRICT,
            swd.kept | races.keys(),
            answers,
            of_state=frozenset(races),
        )
        rate, numerator, denominator = (columns.header(part) for part in _PARTS)
        names = rate, numerator, denominator
        records: list[Record] = []
        seen: set[Area | Group] = set()
        for row in chosen.rows:
            if self.area is not None and row.group in races:
                group = races[row.group]
                seen |= {self.area, group}
                top, bottom = (columns.text(row.cells, part) for part in _PARTS[1:])
                count = RawCount(self.area, group, top, bottom, (names[1], names[2]))
                records.append(Record(row.number, row.identity, {}, {}, count))
                continue
            parts = [columns.cell(row.cells, part) for part in _PARTS]
            raw = Raw(parts[0], parts[1], parts[2], names)
            facts = {"county": columns.text(row.cells, "county")}
            records.append(Record(row.number, row.identity, facts, {self.code: raw}))
        given = {self.code, "county"} if not races or any(one.cells for one in records) else {"county"}
        problems += [*chosen.problems, *race_counts.said(table, seen)]
        return Reading(
            table, self.layout, records, frozenset(given),
            {**headers, "lea_code": cde_breakdowns.code_header(columns)}, problems,
            (*asked, *chosen.questions), collection="dataquest", repeats=True,
        )  # fmt: skip

    def _races(self, groups: Collection[str]) -> dict[str, Group]:
        """The groups by race and ethnicity to read: none unless the file compares several of them."""
        if self.area is None:
            return {}
        found = {one: group for one in groups if (group := race_names.group(one)) is not None}
        compared = set(found.values()) - {Group.TOTAL, Group.NOT_REPORTED}
        return found if len(compared) > 1 else {}


_SUSPENSION = _Measure(
    "dataquest_suspension",
    "susp",
    ("suspensionratetotal", "unduplicatedcountofstudentssuspendedtotal", "cumulativeenrollment"),
    (
        "totalsuspension",
        "unduplicatedcount",
        "suspensioncount",
        "suspensionrate",
        "percentofstudentssuspended",
    ),
    {
        "suspensionrate": "suspensionratetotal",
        "unduplicatedcountofstudentssuspended": "unduplicatedcountofstudentssuspendedtotal",
    },
    Area.SUSPENDED_ALL,
)
_CHRONIC = _Measure(
    "dataquest_chronic",
    "chronic",
    (
        "chronicabsenteeismrate",
        "chronicabsenteeismcount",
        "chronicabsenteeismeligiblecumulativeenrollment",
    ),
    ("chronicabsenteeism",),
    {
        "chronicabsenteeismeligibleenrollment": "chronicabsenteeismeligiblecumulativeenrollment",
        "chronicabsenteeismeligible": "chronicabsenteeismeligiblecumulativeenrollment",
    },
)

_SUSPENSION_EXAMPLE = """\
Academic Year\tAggregate Level\tCounty Code\tDistrict Code\tSchool Code\tCounty Name\tDistrict Name\t\
School Name\tCharter School\tReporting Category\tCumulative Enrollment\tTotal Suspensions\t\
Unduplicated Count of Students Suspended (Total)\tSuspension Rate (Total)
2023-24\tD\t99\t00001\t\tExample\tMeadow Unified\t\tAll\tSD\t1450\t120\t80\t5.5
2023-24\tD\t99\t00001\t\tExample\tMeadow Unified\t\tN\tSD\t1300\t110\t74\t5.7
2023-24\tD\t99\t00002\t\tExample\tBrook Elementary\t\tAll\tSD\t*\t*\t*\t*
"""
_CHRONIC_EXAMPLE = """\
Academic Year\tAggregate Level\tCounty Code\tDistrict Code\tSchool Code\tCounty Name\tDistrict Name\t\
School Name\tCharter School\tDASS\tReporting Category\tChronicAbsenteeismEligibleCumulativeEnrollment\t\
ChronicAbsenteeismCount\tChronicAbsenteeismRate
2023-24\tD\t99\t00001\t\tExample\tMeadow Unified\t\tAll\tAll\tSD\t1400\t350\t25.0
2023-24\tD\t99\t00001\t\tExample\tMeadow Unified\t\tNo\tAll\tSD\t1250\t310\t24.8
2023-24\tD\t99\t00002\t\tExample\tBrook Elementary\t\tAll\tAll\tSD\t*\t*\t*
"""

SUSPENSION = Layout(
    _SUSPENSION.layout,
    header_at(_SUSPENSION.recognises),
    _SUSPENSION.read_download,
    _SUSPENSION_EXAMPLE,
    Choice.GROUPS_AND_LEVELS,
)
CHRONIC = Layout(
    _CHRONIC.layout,
    header_at(_CHRONIC.recognises),
    _CHRONIC.read_download,
    _CHRONIC_EXAMPLE,
    Choice.GROUPS_AND_LEVELS,
)
