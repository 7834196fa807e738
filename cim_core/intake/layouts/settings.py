"""Counts of children by educational setting, as CALPADS report 16.13 gives them: indicators 5 and 6.

One row per LEA with a column for each setting, or one row per LEA and setting. The numerators are sums of
settings, the denominators of all settings of that age (`setting_names`); a total in the file goes first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from cim_core.intake.files.tables import Table
from cim_core.intake.layouts import record_loop
from cim_core.intake.layouts.record_loop import Whose
from cim_core.intake.layouts.setting_sums import LeaSums, SettingPart, Sums, ages_of
from cim_core.intake.meanings import cell_text
from cim_core.intake.meanings.layout import (
    HEADER_WITHIN,
    IDENTITY,
    Choice,
    Layout,
    Reading,
    Record,
    body,
    canonical,
    plain,
)
from cim_core.intake.meanings.setting_names import (
    EARLY,
    OF_EITHER_AGE,
    SCHOOL,
    TOTALS,
    Setting,
    setting,
)
from cim_core.intake.problems import Problem, Severity
from cim_core.intake.questions import Answers
from cim_core.words.messages import HowMany

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


def _plan(table: Table, at_row: int) -> _Plan | None:
    """How a row could be the header of such a table; None where it cannot be."""
    header = table.rows[at_row]
    position: dict[str, int] = {}
    breakdowns: list[int] = []
    settings: list[tuple[int, Setting]] = []
    named: list[int] = []
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
    if "lea_code" not in position and "lea_name" not in position:
        return None
    counts = _counts(header)
    if len(named) == 1 and len(counts) == 1:
        return _Plan(position, tuple(breakdowns), setting=named[0], count=counts[0])
    enough = _all_there({means for _, means in settings})
    return _Plan(position, tuple(breakdowns), tuple(settings)) if enough else None


def _counts(header: Sequence[str]) -> list[int]:
    """The columns of counts; of several those that are no totals."""
    counts = [at for at, cell in enumerate(header) if plain(cell) in _COUNT]
    return counts if len(counts) < 2 else [at for at in counts if "total" not in plain(header[at])]


def _all_there(settings: set[Setting]) -> bool:
    """Whether columns are those of such a table: a regular setting, one that only it has, and a total."""
    own = settings - set(TOTALS) - {Setting.REGULAR_80, Setting.REGULAR_UNDER_40, Setting.SEPARATE_SCHOOL}
    regular = bool({Setting.REGULAR_80, Setting.EARLY_IN} & settings)
    return regular and bool(own) and (bool(set(TOTALS) & settings) or _all_of(settings))


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
    rows_of_counts = [written for row in rows if (written := _written(plan, row)) and _numbers(written)]
    shares = sum(map(_has_shares, rows_of_counts))
    low, high = _ABOUT_100
    hundreds = sum(low <= sum(_numbers(written), Decimal(0)) <= high for written in rows_of_counts)
    pointed = any("." in text for written in rows_of_counts for text in written)
    add_up = hundreds == len(rows_of_counts) and (len(rows_of_counts) > 1 or pointed)
    return bool(rows_of_counts) and 2 * shares <= len(rows_of_counts) and not add_up


def _written(plan: _Plan, row: Sequence[str]) -> list[str]:
    """What a row says of each setting; of two columns of one setting the last."""
    of_settings = {means: row[at] for at, means in plan.settings if at < len(row) and means not in TOTALS}
    return list(of_settings.values())


def _numbers(written: Iterable[str]) -> list[Decimal]:
    return [number for number in map(cell_text.number, written) if isinstance(number, Decimal)]


def _has_shares(written: Sequence[str]) -> bool:
    """Whether a row holds percents or fractions."""
    return any("%" in text for text in written) or any(one != int(one) for one in _numbers(written))


def read_settings(table: Table, at_row: int, answers: Answers) -> Reading:
    """Read the counts and add them up; what was added is said, and what is no setting of ours."""
    plan = _plan(table, at_row)
    assert plan is not None
    header = table.rows[at_row]
    told = record_loop.year_of_all(table, at_row, answers, "year" in plan.position)
    problems: list[Problem] = list(told.problems) if told else []
    used = {*plan.position.values(), *plan.breakdowns, *(at for at, _ in plan.settings)}
    problems += record_loop.columns_unused(table, at_row, used | {plan.setting, plan.count})
    gathered = _Gathered(plan, header)
    identity = {name: at for name, at in plan.position.items() if name != "county"}
    record_loop.read_rows(table, at_row, Whose(identity, told, gathered.written), gathered.take)
    if plan.long:
        problems += _unknown(table, at_row, plan)
    leas = gathered.leas.values()
    sums = Sums(table, ages_of(part.setting for lea in leas for part in lea.parts))
    records = [Record(lea.row, lea.who, {}, sums.cells(lea)) for lea in leas]
    problems += _set_aside(table, gathered.aside, all_rows=not records)
    headers = {name: header[at] for name, at in plan.position.items()}
    codes = frozenset(code for record in records for code in record.cells)
    return Reading(
        table, "settings", records, codes, headers, [*problems, *sums.said()], told.questions if told else (),
        collection="calpads",
    )  # fmt: skip


class _Gathered:
    """The settings of each LEA and year, from one row or several; rows of a part of its children aside."""

    def __init__(self, plan: _Plan, header: Sequence[str]) -> None:
        self.plan, self.header = plan, header
        self.aside: Counter[str] = Counter()
        self.leas: dict[tuple[str, ...], LeaSums] = {}

    def written(self, row: list[str]) -> Iterator[str]:
        """The counts of a row."""
        return (part.written for part in _parts(self.plan, self.header, row))

    def take(self, number: int, row: list[str], who: dict[str, str]) -> tuple[Record, ...]:
        """Take in one row; sums are known only when all are."""
        other = [row[at] for at in self.plan.breakdowns if row[at].casefold() not in _EVERYBODY]
        if other:
            self.aside[", ".join(other)] += 1
            return ()
        key = tuple(who.get(name, "") for name in IDENTITY) if self.plan.long else (str(number),)
        self.leas.setdefault(key, LeaSums(number, who)).parts.extend(_parts(self.plan, self.header, row))
        return ()


def _set_aside(table: Table, aside: Counter[str], *, all_rows: bool) -> Iterator[Problem]:
    """Rows of a part of the children, and the error where there are no others."""
    if aside:
        found = ", ".join(f"{name} ({n:,})" for name, n in sorted(aside.items()))
        yield table.problem("settings_rows", Severity.NOTE, found, n=HowMany(aside.total()))
        if all_rows:
            yield table.problem("settings_no_total", Severity.ERROR)


def _parts(plan: _Plan, header: Sequence[str], row: Sequence[str]) -> Iterator[SettingPart]:
    if plan.long:
        means = setting(row[plan.setting])
        if means is not None:
            yield SettingPart(means, row[plan.setting], row[plan.count])
        return
    for at, means in plan.settings:
        yield SettingPart(means, header[at], row[at])


def _unknown(table: Table, at_row: int, plan: _Plan) -> Iterator[Problem]:
    """Texts in the column of settings that are none of ours, each once."""
    seen: Counter[str] = Counter()
    for _, row in body(table, at_row):
        if row[plan.setting] and setting(row[plan.setting]) is None:
            seen[row[plan.setting]] += 1
    for text, n in seen.items():
        yield table.problem("settings_unknown", Severity.WARNING, text, n=HowMany(n))


EXAMPLE = """\
LEA Code,LEA Name,School Year,Regular Class 80% or more,Regular Class 40% to 79%,Regular Class less than 40%,\
Separate School,Residential Facility,Homebound/Hospital,Total
9900001,Meadow Unified,2023-24,560,200,210,20,2,8,1000
9900002,Brook Elementary,2023-24,90,40,25,*,0,*,160
"""

LAYOUT = Layout("settings", find, read_settings, EXAMPLE, Choice.GROUPS)
