"""Counts by race and ethnicity while files are being read, and where they disagree with what files state."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from cim_core.data.dataset import Missing
from cim_core.data.race_counts import (
    AREA_NAMED,
    GROUP_NAMED,
    LARGEST,
    STATE,
    Area,
    Count,
    Counts,
    Group,
    build,
)
from cim_core.intake.assembly.gathering import Place
from cim_core.intake.meanings import cell_text
from cim_core.intake.meanings.layout import RawCount
from cim_core.intake.problems import Problem, Severity, Values, shown
from cim_core.words.messages import Message, message

_Key = tuple[str, str, Area, Group]
_WITHHELD = (Missing.SUPPRESSED, Missing.FEWER_THAN_11, Missing.NOT_CALCULATED)


class _Held(NamedTuple):
    value: Count
    place: Place
    lea_code: str


@dataclass
class Counted:
    """Every count so far, by LEA, year, area and group, each with its place."""

    held: dict[_Key, _Held] = field(default_factory=dict)
    conflicts: set[_Key] = field(default_factory=set)

    def add(self, key: str, lea_code: str, year: str, raw: RawCount, place: Place) -> Iterator[Problem]:
        """Take in one row; what cannot be used is reported and counts as not given."""
        at = key, year, raw.area, raw.group
        found, problems = _read(raw, place, lea_code, year, Count(key, year, raw.area, raw.group, None, None))
        yield from problems
        before = self.held.get(at)
        if before is None:
            self.held[at] = _Held(found, place, lea_code)
        elif before.value != found:
            if at not in self.conflicts:
                self.conflicts.add(at)
                both = f"{_written(before.value)} / {_written(found)}"
                values: Values = {"label": label(found), "first": before.place.said(place.table)}
                yield _problem("count_twice", place, raw.columns[0], both, lea_code, year, values)
            self.held[at] = before._replace(value=replace(found, cell=None, total=None, suppressed=False))
        elif before.place.table is place.table:
            values = {"label": label(found), "first": str(before.place.row)}
            yield _problem(
                "count_again", place, raw.columns[0], _written(found), lea_code, year, values, Severity.NOTE
            )

    def finish(self) -> tuple[Counts | None, list[Problem]]:
        """All counts; a total that is smaller than its groups together is reported and not used."""
        problems = []
        together: dict[tuple[str, str, Area], list[Count]] = defaultdict(list)
        for (key, year, area, group), one in self.held.items():
            if group is not Group.TOTAL:
                together[key, year, area].append(one.value)
        for (key, year, area), parts in together.items():
            at = key, year, area, Group.TOTAL
            everybody = self.held.get(at)
            if everybody is None:
                continue
            sums = [sum(getattr(part, name) or 0 for part in parts) for name in ("cell", "total")]
            given = everybody.value.cell, everybody.value.total
            if any(number is not None and part > number for part, number in zip(sums, given, strict=True)):
                values: Values = {"label": label(everybody.value), "sum": f"{sums[0]:,} ÷ {sums[1]:,}"}
                problems.append(
                    _problem(
                        "groups_over_total", everybody.place, everybody.place.column,
                        _written(everybody.value), everybody.lea_code, year, values,
                    )
                )  # fmt: skip
                del self.held[at]
        return build(one.value for one in self.held.values()), problems


def _read(raw: RawCount, place: Place, lea_code: str, year: str, empty: Count) -> tuple[Count, list[Problem]]:
    numbers: list[int | None] = []
    problems: list[Problem] = []
    withheld = raw.withheld
    for written, column in zip((raw.cell, raw.total), raw.columns, strict=True):
        number = _whole(written)
        if isinstance(number, Missing):
            withheld, number = withheld or number in _WITHHELD, None
        elif number is None:
            problems.append(_problem("bad_count", place, column, written, lea_code, year, {}))
        numbers.append(number)
    if problems:
        return empty, problems
    cell, total = numbers
    if cell is not None and total is not None and cell > total:
        values = {"label": label(empty)}
        found = f"{raw.cell} > {raw.total}"
        problems.append(_problem("more_than_all", place, raw.columns[0], found, lea_code, year, values))
        return empty, problems
    incomplete = cell is None or total is None
    if incomplete and not withheld and (cell, total) != (None, None):
        lacking = raw.columns[0 if cell is None else 1]
        found = f"{_plain(cell)} ÷ {_plain(total)}"
        values = {"label": label(empty)}
        problems.append(
            _problem("count_half", place, lacking, found, lea_code, year, values, Severity.WARNING)
        )
    return replace(empty, cell=cell, total=total, suppressed=withheld and incomplete), problems


def _whole(written: str) -> int | Missing | None:
    """A number of children, the reason why there is none, or None for what is no such number."""
    number = cell_text.number(written)
    if isinstance(number, Missing):
        return number
    whole = number is not None and "%" not in written and number == int(number) and 0 <= number <= LARGEST
    return int(number) if whole and number is not None else None


def label(count: Count) -> Message:
    """The group and the area of a count in words."""
    group, area = message(GROUP_NAMED[count.group]), message(AREA_NAMED[count.area])
    return message("group_and_area", group=group, area=area)


def _written(count: Count) -> str:
    return f"{_plain(count.cell)} ÷ {_plain(count.total)}"


def _plain(number: int | None) -> str:
    return "–" if number is None else f"{number:,}"


def _problem(
    kind: str,
    place: Place,
    column: str,
    found: str,
    lea_code: str,
    year: str,
    values: Values,
    severity: Severity = Severity.ERROR,
) -> Problem:
    lea = "" if lea_code == STATE else lea_code
    table = place.table
    return Problem(
        severity, kind, table.file, table.sheet, place.row, column, shown(found), values, lea, year
    )
