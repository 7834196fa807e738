"""The smallest change by trying everything: every split of every total, each placed anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from cim_core.data.dataset import Dataset, LeaYear, Missing
from cim_core.data.indicators import INDICATORS, POSITION, Unit, get
from cim_core.outlook.levers import Lever, Way, applied
from cim_core.placing.placement import Placements, place
from cim_core.placing.ranking import Reference
from cim_core.rules.rulebook import Rulebook
from tests.oracles import placement


def flips(row: LeaYear, code: str, rulebook: Rulebook) -> int | None:
    """Students until met turns into missed or missed into met, counted up one by one."""
    was, cell = placement.result(row, code, rulebook), row.cells[code]
    if was not in ("met", "missed") or cell.numerator is None or not cell.denominator:
        return None
    better = 1 if get(code).higher_is_better else -1
    step = better if was == "missed" else -better
    top = cell.numerator + step
    while 0 <= top <= cell.denominator:
        moved = replace(row, cells={code: replace(cell, numerator=top)})
        if placement.result(moved, code, rulebook) != was:
            return abs(top - cell.numerator)
        top += step
    return None


def least_total(
    placements: Placements,
    row: int,
    way: Way,
    reference: Reference,
    locked: set[str],
    most: int | None = None,
) -> int | None:
    """The fewest students, in whatever indicators, that lead to another placement; None where none do.

    With `most`, only totals up to it are tried.
    """
    data = placements.dataset
    levers = [one for code in POSITION if code not in locked and (one := _lever(data, row, code, way))]
    rooms = [one.room for one in levers]
    now = placements.placement(row)
    for total in range(1, sum(rooms) + 1 if most is None else most + 1):
        for split in splits(rooms, total):
            steps = {one.indicator: (one, n) for one, n in zip(levers, split, strict=True) if n}
            after = place(applied(data, {row: steps}), placements.rulebook, reference).placement(row)
            if after.tier is not None and (after < now if way is Way.LESS else after > now):
                return total
    return None


def splits(rooms: list[int], total: int) -> Iterator[tuple[int, ...]]:
    """Every way to share a total out over places with so much room each."""
    if not rooms:
        if total == 0:
            yield ()
        return
    for first in range(min(rooms[0], total) + 1):
        for rest in splits(rooms[1:], total - first):
            yield (first, *rest)


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
