"""Base rates: how many real LEAs of like size made such a change from one year to the next.

Method: of the LEAs that the statewide reference holds in its two newest consecutive years, those whose group
is between half and twice as large (in the earlier year; the LEA itself left out) are counted that moved at
least as far, the same way. What moved everybody is in it. Nothing is said where the reference does not hold
the indicator, or holds too few LEAs of like size.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cim_core.data.arrays import Texts
from cim_core.data.dataset import Dataset, Floats, Ints, Missing
from cim_core.data.indicators import POSITION, get
from cim_core.outlook.change_search import Ground
from cim_core.outlook.levers import Way
from cim_core.outlook.smallest_change import IndicatorChange
from cim_core.placing import reference
from cim_core.placing.ranking import ReferenceKind

LEAST_LEAS = 10
"""Of fewer LEAs of like size no rate is given."""
_SAME = 1e-9


@dataclass(frozen=True, slots=True)
class BaseRate:
    """`made` of `leas` LEAs with `smallest` to `largest` in the group moved at least `points` one way.

    `median` is the middle of all their changes in points, later less earlier; `before` and `after` are the
    years.
    """

    indicator: str
    way: Way
    points: float
    made: int
    leas: int
    smallest: int
    largest: int
    median: float
    before: str
    after: str


def base_rate(on: Ground, row: int, change: IndicatorChange, way: Way) -> BaseRate | None:
    """How many real LEAs of like size made such a change in the newest pair of years; None where unknown."""
    state, data = _state(on), on.placements.dataset
    group = int(data.denominator[row, POSITION[change.indicator]])
    years = consecutive(state)
    if years is None or group <= 0 or data.in_progress[row]:
        return None
    keys, groups, moved = changes(state, change.indicator, *years)
    alike = (2 * groups >= group) & (groups <= 2 * group) & (keys != data.lea_key[row])
    if alike.sum() < LEAST_LEAS:
        return None
    better = get(change.indicator).higher_is_better
    sign = 1 if better is (way is Way.LESS) else -1
    points = abs(float(change.after - change.before))
    made = int((sign * moved[alike] >= points - _SAME).sum())
    least, most = -(-group // 2), 2 * group
    median = float(np.median(moved[alike]))
    return BaseRate(change.indicator, way, points, made, int(alike.sum()), least, most, median, *years)


def consecutive(state: Dataset) -> tuple[str, str] | None:
    """The two newest years of a reference that follow each other; None where there are none."""
    pairs = zip(state.closed_years, state.closed_years[1:], strict=False)
    following = [(first, then) for first, then in pairs if int(first[:4]) + 1 == int(then[:4])]
    return following[-1] if following else None


def changes(state: Dataset, code: str, before: str, after: str) -> tuple[Texts, Ints, Floats]:
    """The LEAs that have a value in both years: keys, students in the group of the earlier year, changes."""
    at = POSITION[code]
    first, then = state.rows_of_year(before), state.rows_of_year(after)
    _, mine, theirs = np.intersect1d(state.lea_key[first], state.lea_key[then], return_indices=True)
    first, then = first[mine], then[theirs]
    there = (state.missing[first, at] == Missing.PRESENT) & (state.missing[then, at] == Missing.PRESENT)
    there &= state.denominator[first, at] > 0
    first, then = first[there], then[there]
    moved = state.value[then, at] - state.value[first, at]
    return state.lea_key[first], state.denominator[first, at], np.asarray(moved)


def _state(on: Ground) -> Dataset:
    """The statewide reference that LEAs are ranked in, else the one that ships with the project."""
    used = on.reference
    if used.dataset is not None and used.kind is ReferenceKind.STATEWIDE:
        return used.dataset
    shipped = reference.shipped().dataset
    assert shipped is not None
    return shipped
