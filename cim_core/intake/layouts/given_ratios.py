"""Risk ratios and statuses that a file gives, by area, group and year: years in a row, newly, significant.

A run is of one area and one group (34 CFR 300.646–647). What a file calls disproportionate, is; where it only
gives a ratio, one over the threshold of the default rulebook is taken for it. The years in a row are exact if
the file reaches back to a year that was not; else they are at least so many.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import NamedTuple

from cim_core.data.race_counts import OPEN, Group
from cim_core.intake.files.tables import Table
from cim_core.intake.layouts import long, record_loop
from cim_core.intake.layouts.record_loop import Whose
from cim_core.intake.meanings import cell_text, race_names, ratio_words, written_years, years
from cim_core.intake.meanings.layout import (
    HEADER_WITHIN,
    Choice,
    Layout,
    Reading,
    Record,
    canonical,
)
from cim_core.intake.meanings.ratio_words import SIGNIFICANT, State
from cim_core.intake.problems import Problem, Severity, shown
from cim_core.intake.questions import Answers
from cim_core.rules import rulebook_file
from cim_core.rules.rulebook import Comparator
from cim_core.words.messages import HowMany

_IDENTITY = ("lea_code", "lea_name", "selpa")
_BESIDE = (*_IDENTITY, "year", "county")
_Pair = tuple[str, str, str]
"""LEA code, area and group."""


class _Column(NamedTuple):
    """A column of ratios or statuses, and the year that its name gives; empty where a column gives it."""

    place: int
    name: str
    year: str


@dataclass(frozen=True, slots=True)
class _Plan:
    position: Mapping[str, int]
    ratios: tuple[_Column, ...]
    statuses: tuple[_Column, ...]
    significant: tuple[_Column, ...]


@dataclass
class _Year:
    """What the file says of one area and group in one year."""

    state: State
    row: int


@dataclass
class _Lea:
    """One LEA and year, with the first row about it and all its runs."""

    row: int
    who: dict[str, str]
    runs: list[tuple[int, int]] = field(default_factory=list)
    significant: bool = False


def _plan(header: Sequence[str]) -> _Plan | None:
    """How a row could be the header of such a table; None where it cannot be."""
    position: dict[str, int] = {}
    found: dict[str, list[_Column]] = {"ratio": [], "status": [], "significant": []}
    for at, cell in enumerate(header):
        ours = canonical(cell)
        name = ours if ours in _BESIDE else ratio_words.column(cell)
        if name in (*_BESIDE, "area", "group"):
            position.setdefault(name, at)
        elif name in found:
            told = years.years_in(cell)
            found[name].append(_Column(at, cell, told[0] if len(told) == 1 else ""))
    if not position.keys() >= {"group", "area"} or not position.keys() & {"lea_code", "lea_name"}:
        return None
    dated = "year" not in position
    use = [tuple(one for one in columns if bool(one.year) == dated) for columns in found.values()]
    return _Plan(position, use[0], use[1], use[2]) if any(use) else None


def find(table: Table) -> int | None:
    """The index of the header's row; None where the table is another one, such as one row for each indicator
    with a column of student groups and one of significant disproportionality."""
    head = enumerate(table.rows[:HEADER_WITHIN])
    return next((at for at, row in head if _plan(row) is not None and not long.recognises(row)), None)


def read_given_ratios(table: Table, at_row: int, answers: Answers) -> Reading:
    """Read every area and group, and say of each LEA and year what follows from all of them."""
    header = table.rows[at_row]
    plan = _plan(header)
    assert plan is not None
    of_columns = (*plan.ratios, *plan.statuses, *plan.significant)
    used = {*plan.position.values(), *(column.place for column in of_columns)}
    identity = {name: at for name, at in plan.position.items() if name in _IDENTITY}
    gathered = _Gathered(table, header, plan)
    record_loop.read_rows(table, at_row, Whose(identity), gathered.take)
    records = gathered.records()
    facts = frozenset(name for record in records for name, text in record.facts.items() if text)
    problems = [*record_loop.columns_unused(table, at_row, used), *gathered.said(records)]
    headers = {name: header[at] for name, at in plan.position.items()}
    return Reading(table, "given_ratios", records, facts, headers, problems)


class _Gathered:
    """Ratios and statuses of all LEAs, areas and groups, and what there is to say about their rows."""

    def __init__(self, table: Table, header: Sequence[str], plan: _Plan) -> None:
        self.table, self.header, self.plan = table, header, plan
        self.given: dict[_Pair, dict[str, _Year]] = {}
        self.leas: dict[tuple[str, str], _Lea] = {}
        self.unknown: dict[tuple[str, str], list[int]] = {}
        self.open_rows: dict[int, None] = {}
        self.by_ratio = 0
        self.problems: list[Problem] = []

    def take(self, number: int, row: list[str], who: dict[str, str]) -> tuple[Record, ...]:
        """Take in one row; what follows from it is known only when all are."""
        area_written, group_written = (row[self.plan.position[name]] for name in ("area", "group"))
        group = race_names.group(group_written)
        if group is Group.TOTAL:
            return ()
        area = race_names.area(area_written)
        for name, written, known in (("area", area_written, area), ("group", group_written, group)):
            if known is None:
                column = self.header[self.plan.position[name]]
                self.unknown.setdefault((column, written), []).append(number)
        pair = (
            who.get("lea_code", "") or who.get("lea_name", ""),
            area.code if area is not None else race_names.plain(area_written),
            group.code if group is not None else race_names.plain(group_written),
        )
        for year, ratio, status, significant in _by_year(self.plan, row):
            lea = self.leas.setdefault((pair[0], year), _Lea(number, {**who, "year": year}))
            state = self._state(number, lea, ratio, status, significant)
            of_pair = self.given.setdefault(pair, {})
            if year in of_pair and of_pair[year].state != state:
                self._say("ratio_twice", number, f"{pair[1]}, {pair[2]}", lea)
                state = ratio_words.UNKNOWN
            of_pair[year] = _Year(state, number)
        return ()

    def _state(self, number: int, lea: _Lea, ratio: str, status: str, significant: str) -> State:
        """What a row says of one year: its status, else its ratio; and whether that is significant."""
        state = ratio_words.state(status)
        if state is None:
            self._say("ratio_status", number, status, lea)
        if state is None or state.by_ratio or not status:
            state, taken = _of_ratio(ratio)
            self.by_ratio += taken
        if cell_text.yes_no(significant) is True or (ratio_words.state(significant) or state).significant:
            state = state._replace(over=True, significant=True)
        if state.over is None:
            self.open_rows[number] = None
        return state

    def _say(self, kind: str, number: int, found: str, lea: _Lea) -> None:
        self.problems.append(_problem(self.table, kind, number, found, lea.who))

    def records(self) -> list[Record]:
        """What follows for each LEA and year."""
        for pair, by_year in self.given.items():
            for year, run, is_significant in _runs(by_year):
                lea = self.leas[pair[0], year]
                lea.runs.append(run)
                lea.significant = lea.significant or is_significant
        return [_record(lea) for lea in self.leas.values()]

    def said(self, records: Sequence[Record]) -> Iterator[Problem]:
        """What is wrong with rows, what could not be told, and what was assumed."""
        yield from self.problems
        for (column, written), rows in self.unknown.items():
            yield _of_rows(self.table, "ratio_unknown", Severity.WARNING, rows, column, written)
        if self.open_rows:
            yield _of_rows(self.table, "ratio_open", Severity.NOTE, list(self.open_rows), "", "")
        yield from _said(self.table, records, self.by_ratio)


def _by_year(plan: _Plan, row: Sequence[str]) -> Iterator[tuple[str, str, str, str]]:
    """Year, ratio, status and significance of a row as written; once for each year that columns name."""
    if "year" in plan.position:
        written = row[plan.position["year"]]
        year = cell_text.school_year(written) or written
        yield year, _text(row, plan.ratios), _text(row, plan.statuses), _text(row, plan.significant)
        return
    every = plan.ratios, plan.statuses, plan.significant
    for year in dict.fromkeys(one.year for columns in every for one in columns):
        parts = [[one for one in columns if one.year == year] for columns in every]
        ratio, status, significant = (_text(row, one) for one in parts)
        if not parts[1] and not isinstance(cell_text.number(ratio), Decimal):
            ratio, status = "", ratio
        if ratio or status or significant:
            yield year, ratio, status, significant


def _text(row: Sequence[str], columns: Sequence[_Column]) -> str:
    return row[columns[0].place] if columns else ""


def _of_ratio(written: str) -> tuple[State, bool]:
    """What a ratio alone says by the default threshold, and whether it says anything."""
    number = cell_text.number(written)
    if not isinstance(number, Decimal) or number < 0:
        return ratio_words.UNKNOWN, False
    rules = rulebook_file.load().disproportionality
    at_least = rules.comparator is Comparator.AT_LEAST
    over = number >= rules.threshold if at_least else number > rules.threshold
    return (ratio_words.OVER if over else ratio_words.NOT), True


def _runs(by_year: Mapping[str, _Year]) -> Iterator[tuple[str, tuple[int, int], bool]]:
    """The years in a row that end with each year, at least and at most, and whether it is significant."""
    before: tuple[int, int] = (0, OPEN)
    last = 0
    for number, year in sorted((_number(year), year) for year in by_year):
        follows = last and last + 1 == number
        least, most = before if follows else (0, OPEN)
        state = by_year[year].state
        if state.years:
            run = state.years, state.years
        elif state.over is None:
            run = 0, min(most + 1, OPEN)
        else:
            run = (least + 1, min(most + 1, OPEN)) if state.over else (0, 0)
        if state.significant and run[0] < SIGNIFICANT:
            run = SIGNIFICANT, max(run[1], SIGNIFICANT) if run[1] >= SIGNIFICANT else OPEN
        yield year, run, state.significant
        before, last = run, number


def _number(year: str) -> int:
    """What tells which year follows which, also where only a calendar year is written; 0 for no year."""
    read = written_years.parse_year(year)
    if read is None:
        return 0
    return int(read.year[:4]) if read.year else read.number


def _record(lea: _Lea) -> Record:
    least = max((run[0] for run in lea.runs), default=0)
    most = max((run[1] for run in lea.runs), default=OPEN)
    exact = least == most
    facts = {
        "disproportionate_years": str(least) if exact else "",
        "newly_disproportionate": "",
        "sig_dis": "",
    }
    if exact and least == 1:
        facts["newly_disproportionate"] = "yes"
    elif least > 1 or most == 0:
        facts["newly_disproportionate"] = "no"
    if lea.significant or least >= SIGNIFICANT:
        facts["sig_dis"] = "yes"
    elif most < SIGNIFICANT:
        facts["sig_dis"] = "no"
    return Record(
        lea.row, lea.who, facts, {}, runs=None if exact or (least, most) == (0, OPEN) else (least, most)
    )


def _problem(table: Table, kind: str, row: int, found: str, who: Mapping[str, str]) -> Problem:
    code, year = who.get("lea_code", ""), who.get("year", "")
    return Problem(Severity.ERROR, kind, table.file, table.sheet, row, "", shown(found), {}, code, year)


def _of_rows(
    table: Table, kind: str, severity: Severity, rows: Sequence[int], column: str, found: str
) -> Problem:
    where = table.file, table.sheet, rows[0], column
    return Problem(severity, kind, *where, shown(found), also=tuple(rows[1:]))


def _said(table: Table, records: Sequence[Record], by_ratio: int) -> Iterator[Problem]:
    if by_ratio:
        rules = rulebook_file.load().disproportionality
        values = {"threshold": f"{rules.threshold.normalize():f}", "sign": rules.comparator.value}
        yield table.problem("ratio_assumed", Severity.NOTE, n=HowMany(by_ratio), **values)
    yield table.problem("ratio_areas", Severity.NOTE)
    bounded = [record for record in records if record.runs is not None]
    if bounded:
        found = ", ".join(f"{one.identity.get('lea_code', '')} {one.identity['year']}" for one in bounded[:3])
        said = _of_rows(
            table, "ratio_years_open", Severity.NOTE, [record.row for record in bounded], "", found
        )
        yield replace(said, values={"n": HowMany(len(bounded))})


EXAMPLE = """\
LEA Code,LEA Name,School Year,Area,Race/Ethnicity,Risk Ratio,Status
9900001,Meadow Unified,2021-22,Out of school suspension over 10 days,Black,2.10,Not disproportionate
9900001,Meadow Unified,2022-23,Out of school suspension over 10 days,Black,3.40,Disproportionate
9900001,Meadow Unified,2023-24,Out of school suspension over 10 days,Black,3.62,Disproportionate
9900002,Brook Elementary,2023-24,Autism,White,3.21,Disproportionate
"""

LAYOUT = Layout("given_ratios", find, read_given_ratios, EXAMPLE, Choice.GROUPS)
