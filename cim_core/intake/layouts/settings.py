"""Counts of children by educational setting, as CALPADS report 16.13 gives them: indicators 5 and 6.

One row per LEA with a column for each setting, or one row per LEA and setting. The numerators are sums of
settings, the denominators of all settings of that age (`setting_names`); a total in the file goes first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from cim_core.data.dataset import Missing
from cim_core.data.outside import MOST_QUOTED
from cim_core.intake.files.tables import Table
from cim_core.intake.meanings import cell_text, years
from cim_core.intake.meanings.layout import (
    HEADER_WITHIN,
    IDENTITY,
    Choice,
    Layout,
    Raw,
    Reading,
    Record,
    body,
    canonical,
    pick,
    plain,
    unused,
)
from cim_core.intake.meanings.setting_names import (
    COUNTED,
    EARLY,
    OF_EITHER_AGE,
    SCHOOL,
    TOTALS,
    Setting,
    setting,
)
from cim_core.intake.problems import Problem, Severity, shown
from cim_core.intake.questions import Answers
from cim_core.words import HowMany

_SETTING = {
    "setting", "federal_setting", "program_setting", "educational_setting", "educational_environment",
    "environment", "education_program_setting", "placement", "lre", "lre_category", "setting_name",
    "federal_setting_name", "federal_program_setting", "special_education_setting",
}  # fmt: skip
_COUNT = {
    "count", "counts", "students", "n", "number", "number_of_students", "student_count", "total_students",
    "swd", "children", "swd_count", "count_of_students", "total", "total_count", "unduplicated_count",
}  # fmt: skip
_BREAKDOWNS = {
    "disability", "primary_disability", "disability_category", "primary_disability_category", "race",
    "ethnicity", "race_ethnicity", "ethnicity_race", "gender", "sex", "age", "age_group", "grade",
    "grade_level", "plan_type", "education_plan_type", "el_status", "student_group", "subgroup",
}  # fmt: skip
_EVERYBODY = {
    "",
    "total",
    "totals",
    "all",
    "all students",
    "all disabilities",
    "grand total",
    "overall",
    "swd",
    "ta",
}
_LOOKED_AT = 200
_LEAST = 3
_ABOUT_100 = (99, 101)


@dataclass(frozen=True, slots=True)
class _Plan:
    """Where things stand in a table. `settings` of a wide one, `setting` and `count` of a long one."""

    position: Mapping[str, int]
    breakdowns: tuple[int, ...]
    settings: tuple[tuple[int, Setting], ...] = ()
    setting: int = -1
    count: int = -1

    @property
    def long(self) -> bool:
        """Whether each row is about one setting."""
        return self.setting >= 0


class _Part(NamedTuple):
    """The children of one setting as written, and what the file calls it."""

    setting: Setting
    name: str
    written: str


@dataclass
class _Lea:
    """One LEA and year with its settings, from one row or several."""

    row: int
    who: dict[str, str]
    parts: list[_Part] = field(default_factory=list)


def _plan(table: Table, at_row: int) -> _Plan | None:
    """How a row could be the header of such a table; None where it cannot be."""
    header = table.rows[at_row]
    position: dict[str, int] = {}
    breakdowns: list[int] = []
    settings: list[tuple[int, Setting]] = []
    named: list[int] = []
    counts: list[int] = []
    for at, cell in enumerate(header):
        name, called = canonical(cell), plain(cell)
        if name in IDENTITY or name == "county":
            position.setdefault(name, at)
        elif called in _BREAKDOWNS:
            breakdowns.append(at)
        elif called in _SETTING:
            named.append(at)
        elif (means := setting(cell)) is not None:
            settings.append((at, means))
        if called in _COUNT:
            counts.append(at)
    if "lea_code" not in position and "lea_name" not in position:
        return None
    if len(counts) > 1:
        counts = [at for at in counts if "total" not in plain(header[at])]
    if len(named) == 1 and len(counts) == 1:
        return _Plan(position, tuple(breakdowns), setting=named[0], count=counts[0])
    there = {one for _, one in settings}
    own = there - set(TOTALS) - {Setting.REGULAR_80, Setting.REGULAR_UNDER_40, Setting.SEPARATE_SCHOOL}
    enough = bool({Setting.REGULAR_80, Setting.EARLY_IN} & there) and bool(own)
    whole = bool(set(TOTALS) & there) or _all_of(there)
    return _Plan(position, tuple(breakdowns), tuple(settings)) if enough and whole else None


def _all_of(means: set[Setting]) -> bool:
    """Whether settings without a total are all that there are of their age, so that they add up to it."""
    school = {*SCHOOL[:3]} <= means and bool({*SCHOOL[3:6]} & means)
    early = Setting.EARLY_IN in means and len({*EARLY, *OF_EITHER_AGE} & means) >= _LEAST
    return school if Setting.REGULAR_80 in means else early


def find(table: Table) -> int | None:
    """The index of the header's row; None where the table is another one."""
    return next((at for at in range(min(len(table.rows), HEADER_WITHIN)) if _fits(table, at)), None)


def _fits(table: Table, at_row: int) -> bool:
    plan = _plan(table, at_row)
    rows = table.rows[at_row + 1 : at_row + 1 + _LOOKED_AT]
    if plan is None:
        return False
    if plan.long:
        texts = {row[plan.setting] for row in rows if plan.setting < len(row) and row[plan.setting]}
        found = {setting(text) for text in texts} - {None}
        return bool({Setting.REGULAR_80, Setting.EARLY_IN} & found) and len(found) >= _LEAST
    return _are_counts(plan, rows)


def _are_counts(plan: _Plan, rows: Sequence[Sequence[str]]) -> bool:
    """Whether the columns hold numbers of children, not percents: those of a row would add up to 100."""
    shares = hundreds = counted = 0
    pointed = False
    for row in rows:
        written = {means: row[at] for at, means in plan.settings if at < len(row) and means not in TOTALS}
        numbers = [one for one in map(cell_text.number, written.values()) if isinstance(one, Decimal)]
        if not numbers:
            continue
        counted += 1
        shares += any("%" in text for text in written.values()) or any(one != int(one) for one in numbers)
        pointed = pointed or any("." in text for text in written.values())
        hundreds += _ABOUT_100[0] <= sum(numbers, Decimal(0)) <= _ABOUT_100[1]
    add_up = hundreds == counted and (counted > 1 or pointed)
    return bool(counted) and 2 * shares <= counted and not add_up


def read(table: Table, at_row: int, answers: Answers) -> Reading:
    """Read the counts and add them up; what was added is said, and what is no setting of ours."""
    plan = _plan(table, at_row)
    assert plan is not None
    header = table.rows[at_row]
    told = years.told(table, at_row, answers) if "year" not in plan.position else None
    problems: list[Problem] = list(told.problems) if told else []
    used = {
        *plan.position.values(),
        *plan.breakdowns,
        *(at for at, _ in plan.settings),
        plan.setting,
        plan.count,
    }
    problems += [
        unused(table, cell, twice=False) for at, cell in enumerate(header) if cell and at not in used
    ]
    aside: Counter[str] = Counter()
    leas: dict[tuple[str, ...], _Lea] = {}
    for number, row in body(table, at_row):
        who = pick(row, {name: at for name, at in plan.position.items() if name != "county"})
        parts = list(_parts(plan, header, row))
        other = [row[at] for at in plan.breakdowns if row[at].casefold() not in _EVERYBODY]
        if other:
            aside[", ".join(other)] += 1
            continue
        if told:
            holds = years.holds_data(who.get("lea_code", ""), (part.written for part in parts))
            who = who | {"year": told.year if holds else ""}
        key = tuple(who.get(name, "") for name in IDENTITY) if plan.long else (str(number),)
        leas.setdefault(key, _Lea(number, who)).parts.extend(parts)
    if plan.long:
        problems += _unknown(table, at_row, plan)
    families = _families(one.setting for lea in leas.values() for one in lea.parts)
    sums = _Sums(table, families)
    records = [Record(lea.row, lea.who, {}, sums.cells(lea)) for lea in leas.values()]
    if aside:
        found = ", ".join(f"{name} ({n:,})" for name, n in sorted(aside.items()))
        problems.append(table.problem("settings_rows", Severity.NOTE, found, n=HowMany(aside.total())))
        if not records:
            problems.append(table.problem("settings_no_total", Severity.ERROR))
    headers = {name: header[at] for name, at in plan.position.items()}
    codes = frozenset(code for record in records for code in record.cells)
    return Reading(
        table, "settings", records, codes, headers, [*problems, *sums.said()], told.questions if told else (),
        collection="calpads",
    )  # fmt: skip


def _parts(plan: _Plan, header: list[str], row: list[str]) -> Iterator[_Part]:
    if plan.long:
        means = setting(row[plan.setting])
        if means is not None:
            yield _Part(means, row[plan.setting], row[plan.count])
        return
    for at, means in plan.settings:
        yield _Part(means, header[at], row[at])


def _unknown(table: Table, at_row: int, plan: _Plan) -> Iterator[Problem]:
    """Texts in the column of settings that are none of ours, each once."""
    seen: Counter[str] = Counter()
    for _, row in body(table, at_row):
        if row[plan.setting] and setting(row[plan.setting]) is None:
            seen[row[plan.setting]] += 1
    for text, n in seen.items():
        yield table.problem("settings_unknown", Severity.WARNING, text, n=HowMany(n))


def _families(found: Iterable[Setting]) -> frozenset[str]:
    """Which ages the file counts: those whose regular setting it has."""
    means = set(found)
    ages = (("school", Setting.REGULAR_80), ("early", Setting.EARLY_IN))
    return frozenset(age for age, regular in ages if regular in means)


class _Sums:
    """Adds up settings, LEA by LEA, and remembers what there is to say about the file."""

    def __init__(self, table: Table, families: frozenset[str]) -> None:
        self.table, self.families = table, families
        self.added: dict[str, dict[str, None]] = {}
        self.shared = False
        self.problems: list[Problem] = []

    def cells(self, lea: _Lea) -> dict[str, Raw]:
        """The indicators of one LEA and year."""
        by_setting: dict[Setting, list[_Part]] = {}
        for part in lea.parts:
            by_setting.setdefault(self._meant(part.setting, lea.parts), []).append(part)
        twice = [
            parts for parts in by_setting.values() if len({one.name for one in parts}) < len(parts)
        ]  # fmt: skip
        if twice:
            self._say("settings_twice", Severity.ERROR, lea, twice[0][0].name)
            return {}
        found: dict[str, Raw] = {}
        for age, settings, total in (
            ("school", SCHOOL, Setting.TOTAL_SCHOOL),
            ("early", EARLY, Setting.TOTAL_EARLY),
        ):
            if age in self.families:
                bottom, called, complete = self._everybody(lea, by_setting, settings, total)
                for code, counted in COUNTED.items():
                    parts = [one for means in counted for one in by_setting.get(means, ())]
                    if counted[0] not in settings or not (parts or complete):
                        continue
                    names = [one.name for one in parts]
                    self.added.setdefault(code, {}).update(dict.fromkeys(names))
                    column = " + ".join(names) or code
                    found[code] = Raw(None, _sum(parts, complete=complete), bottom, (column, column, called))
        return found

    def _meant(self, means: Setting, parts: Sequence[_Part]) -> Setting:
        """A setting that both ages have belongs to the age that the file counts; of both, to school age."""
        if means in OF_EITHER_AGE and "early" in self.families:
            if "school" not in self.families:
                return OF_EITHER_AGE[means]
            self.shared = self.shared or not {one.setting for one in parts} & set(OF_EITHER_AGE.values())
        if means is Setting.EARLY_HOME and "early" not in self.families:
            return Setting.HOME_HOSPITAL
        return means

    def _everybody(
        self,
        lea: _Lea,
        by_setting: Mapping[Setting, list[_Part]],
        settings: tuple[Setting, ...],
        total: Setting,
    ) -> tuple[str, str, bool]:
        """All children of an age as written, under which name, and whether settings left blank are none.

        The total given, else all settings; where both are there and equal, nobody is in a blank one.
        """
        parts = [one for means in settings for one in by_setting.get(means, ())]
        given = by_setting.get(total) or (by_setting.get(Setting.TOTAL) if len(self.families) == 1 else None)
        if not given:
            return _sum(parts), " + ".join(one.name for one in parts), False
        number, summed = cell_text.number(given[0].written), cell_text.number(_sum(parts, complete=True))
        complete = summed == number
        if isinstance(summed, Decimal) and isinstance(number, Decimal) and not complete:
            over = summed > number
            kind = "settings_over_total" if over else "settings_under_total"
            found = f"{summed} / {given[0].written}"
            self._say(kind, Severity.ERROR if over else Severity.WARNING, lea, found)
            if over:
                return "NR", given[0].name, False
        return given[0].written, given[0].name, complete

    def _say(self, kind: str, severity: Severity, lea: _Lea, found: str) -> None:
        who = lea.who
        self.problems.append(
            Problem(
                severity, kind, self.table.file, self.table.sheet, lea.row, "", shown(found), {},
                who.get("lea_code", ""), who.get("year", ""),
            )
        )  # fmt: skip

    def said(self) -> Iterator[Problem]:
        """What was added to what, and what was assumed."""
        yield from self.problems
        if self.shared:
            yield self.table.problem("settings_shared", Severity.WARNING)
        for code, names in self.added.items():
            found = f"{code} = {' + '.join(names)}"
            yield Problem(
                Severity.NOTE,
                "settings_summed",
                self.table.file,
                self.table.sheet,
                found=shown(found, MOST_QUOTED),
            )


def _sum(parts: Iterable[_Part], *, complete: bool = False) -> str:
    """Counts added. A part that is withheld or blank leaves the sum unknown.

    One that is no count is handed on as it stands. A blank is none only where the counts are known to be
    `complete` without it.
    """
    total = 0
    reason = ""
    for part in parts:
        number = cell_text.number(part.written)
        if number is Missing.BLANK and complete:
            continue
        if isinstance(number, Missing):
            reason = reason or part.written or "NR"
        elif number is None or number < 0 or number != int(number) or "%" in part.written:
            return part.written
        else:
            total += int(number)
    return reason or str(total)


EXAMPLE = """\
LEA Code,LEA Name,School Year,Regular Class 80% or more,Regular Class 40% to 79%,Regular Class less than 40%,\
Separate School,Residential Facility,Homebound/Hospital,Total
9900001,Meadow Unified,2023-24,560,200,210,20,2,8,1000
9900002,Brook Elementary,2023-24,90,40,25,*,0,*,160
"""

LAYOUT = Layout("settings", find, read, EXAMPLE, Choice.GROUPS)
