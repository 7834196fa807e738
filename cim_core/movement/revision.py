"""What a new version of the data changed against the one before: cell by cell, and whose placement."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from cim_core.data.dataset import FACT_COLUMNS, NONE, Dataset, Missing
from cim_core.data.facts import MISSING_NAMED, PERCENTILE_COLUMNS
from cim_core.data.indicators import INDICATORS, POSITION, get
from cim_core.data.race_counts import AREA_NAMED, GROUP_NAMED
from cim_core.placing.from_counts import unfilled
from cim_core.placing.placement import Placements
from cim_core.rules.outcome import FLAG_NAMED
from cim_core.rules.tiers import Placement
from cim_core.why import clauses
from cim_core.words.messages import Message, message
from cim_core.words.numbers import exactly

_FLAGS = ("newly_disproportionate", "sig_dis", "cceis")
_DECIMALS = 2


@dataclass(frozen=True, slots=True)
class CellChange:
    """One value that is another one now; `column` is an indicator's code, a fact's column, or a group
    and an area in words."""

    lea_code: str
    lea_name: str
    year: str
    column: str | Message
    before: Message
    after: Message


@dataclass(frozen=True, slots=True)
class Revision:
    """New and lost LEA-years (code, name, year), changed cells, and placements before → after."""

    added: tuple[tuple[str, str, str], ...]
    removed: tuple[tuple[str, str, str], ...]
    cells: tuple[CellChange, ...]
    moved: tuple[tuple[str, str, str, Placement, Placement], ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing changed."""
        return not (self.added or self.removed or self.cells or self.moved)


def shares_leas(before: Dataset, after: Dataset) -> bool:
    """Whether two datasets are about some of the same LEAs, so that comparing them says something."""
    return bool(set(before.lea_key.tolist()) & set(after.lea_key.tolist()))


def revise(before: Placements, after: Placements) -> Revision:
    """Compare two versions of a dataset, each placed by the same rules."""
    old, new = unfilled(before.dataset), unfilled(after.dataset)
    was, now = _rows(old), _rows(new)
    both = [key for key in now if key in was]
    cells = [change for key in both for change in _changes(old, was[key], new, now[key])]
    cells += _counts_changes(old, new, now)
    moved = []
    for key in both:
        first, second = before.placement(was[key]), after.placement(now[key])
        if first != second:
            moved.append((*_who(new, now[key]), first, second))
    return Revision(
        tuple(_who(new, row) for key, row in now.items() if key not in was),
        tuple(_who(old, row) for key, row in was.items() if key not in now),
        tuple(cells),
        tuple(moved),
    )


def _rows(data: Dataset) -> dict[tuple[str, str], int]:
    """The rows that are looked at, by LEA and year."""
    rows = data.looked_at
    pairs = zip(data.lea_key[rows].tolist(), data.year[rows].tolist(), strict=True)
    return dict(zip(pairs, rows.tolist(), strict=True))


def _who(data: Dataset, row: int) -> tuple[str, str, str]:
    return str(data.lea_code[row]), str(data.lea_name[row]), str(data.year[row])


def _changes(old: Dataset, was: int, new: Dataset, now: int) -> Iterator[CellChange]:
    code, name, year = _who(new, now)
    same = (
        (old.value_numerator[was] == new.value_numerator[now])
        & (old.value_denominator[was] == new.value_denominator[now])
        & (old.numerator[was] == new.numerator[now])
        & (old.denominator[was] == new.denominator[now])
        & (old.missing[was] == new.missing[now])
    )
    for at in np.flatnonzero(~same):
        indicator = INDICATORS[int(at)].code
        before, after = _cell(old, was, indicator), _cell(new, now, indicator)
        if before != after:
            yield CellChange(code, name, year, indicator, before, after)
    for column in FACT_COLUMNS:
        before, after = _fact(old, was, column), _fact(new, now, column)
        if before != after:
            yield CellChange(code, name, year, column, before, after)


def _counts_changes(old: Dataset, new: Dataset, rows: dict[tuple[str, str], int]) -> Iterator[CellChange]:
    """Counts by race and ethnicity that are other ones, new or gone; those of the state under its code."""
    was, now = (one.counts.by_place() if one.counts is not None else {} for one in (old, new))
    for place in sorted({*was, *now}):
        before, after = was.get(place, _NO_COUNT), now.get(place, _NO_COUNT)
        if before == after:
            continue
        key, year, area, group = place
        row = rows.get((key, year))
        if row is None and new.mine is not None:
            continue
        code, name = (key, key) if row is None else _who(new, row)[:2]
        of_group = message(GROUP_NAMED[group])
        column = message("group_and_area", group=of_group, area=message(AREA_NAMED[area]))
        yield CellChange(code, name, year, column, _count(before), _count(after))


def _count(both: tuple[int, int]) -> Message:
    cell, total = (_UNKNOWN if number < 0 else _number(number, both[1]) for number in both)
    return message("revision.of", top=cell, bottom=total) if both != _NO_COUNT else _UNKNOWN


def _number(number: int, group: int) -> Message:
    return message("revision.rate", rate=clauses.students(number, group if group >= 0 else None))


def _cell(data: Dataset, row: int, indicator: str) -> Message:
    """A cell in words: students of students, the rate, or the reason why there is none."""
    at = POSITION[indicator]
    value = data.exact(row, indicator)
    top, bottom = int(data.numerator[row, at]), int(data.denominator[row, at])
    if value is None:
        reason = Missing(int(data.missing[row, at]))
        reason = Missing.BLANK if reason is Missing.ABSENT else reason
        return message(MISSING_NAMED[reason])
    group = None if bottom == NONE else bottom
    rate = exactly(clauses.rate(value, get(indicator), _DECIMALS, group))
    if top == NONE or bottom == NONE or data.inferred[row, at]:
        return message("revision.rate", rate=rate)
    students = clauses.students
    return message("revision.counts", top=students(top, bottom), bottom=students(bottom), rate=rate)


def _fact(data: Dataset, row: int, column: str) -> Message:
    value = getattr(data, column)[row]
    if column in _FLAGS:
        return message(FLAG_NAMED[int(value)])
    if column in PERCENTILE_COLUMNS:
        known = not np.isnan(value)
        return message("revision.rate", rate=exactly(clauses.percentile(float(value)))) if known else _UNKNOWN
    if isinstance(value, str):
        return message("revision.text", text=str(value)) if value else _UNKNOWN
    return _UNKNOWN if value == NONE else message("revision.rate", rate=clauses.students(int(value)))


_UNKNOWN = message("revision.flag.unknown")
_NO_COUNT = (NONE, NONE)
