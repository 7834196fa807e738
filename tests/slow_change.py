"""The smallest change by trying everything: every split of every total, each placed anew."""

from __future__ import annotations

from itertools import product

from cim_core.dataset import Dataset, Missing
from cim_core.indicators import INDICATORS, POSITION, Unit
from cim_core.levers import Lever, Way, applied
from cim_core.placement import Placements, Result, place
from cim_core.ranking import Reference


def flips(placements: Placements, row: int, code: str) -> int | None:
    """Students until met turns into missed or missed into met, counted up one by one."""
    data, at = placements.dataset, POSITION[code]
    was = placements.results[row, at]
    top, bottom = int(data.numerator[row, at]), int(data.denominator[row, at])
    if was not in (Result.MET, Result.MISSED) or top < 0 or bottom <= 0:
        return None
    better = 1 if INDICATORS[at].higher_is_better else -1
    step = better if was == Result.MISSED else -better
    room = bottom - top if step > 0 else top
    for moved in range(1, room + 1):
        lever = Lever(code, True, top, bottom, step, room, None)
        after = place(applied(data, {row: {code: (lever, moved)}}), placements.rulebook)
        if after.results[row, at] != was:
            return moved
    return None


def least_total(
    placements: Placements, row: int, way: Way, reference: Reference, locked: set[str]
) -> int | None:
    """The fewest students, in whatever indicators, that lead to another placement; None where none do."""
    data = placements.dataset
    levers = [one for code in POSITION if code not in locked and (one := _lever(data, row, code, way))]
    now = placements.placement(row)
    splits = sorted(product(*(range(one.room + 1) for one in levers)), key=sum)
    for split in splits:
        steps = {one.indicator: (one, n) for one, n in zip(levers, split, strict=True) if n}
        after = place(applied(data, {row: steps}), placements.rulebook, reference).placement(row)
        if after.tier is not None and (after < now if way is Way.LESS else after > now):
            return sum(split)
    return None


def _lever(data: Dataset, row: int, code: str, way: Way) -> Lever | None:
    at = POSITION[code]
    indicator = INDICATORS[at]
    top, bottom = int(data.numerator[row, at]), int(data.denominator[row, at])
    if (
        data.missing[row, at] != Missing.PRESENT
        or indicator.unit is not Unit.PERCENT
        or min(top, bottom - 1) < 0
    ):
        return None
    step = 1 if indicator.higher_is_better is (way is Way.LESS) else -1
    return Lever(code, True, top, bottom, step, bottom - top if step > 0 else top, None)
