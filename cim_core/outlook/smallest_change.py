"""The smallest change of an LEA's own numbers that leads to another placement, and what stands in the way.

Least total number of students first, then the fewest indicators; one way at a time: only better results for a
less intensive placement, only worse ones for a more intensive one. Others and the state stay as they are.
Every answer is applied to the data and placed again by `cim_core.placing.placement`, ranks included.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from cim_core.data.indicators import POSITION, in_order
from cim_core.outlook.change_search import (
    Blocked,
    Ground,
    Steps,
    Wall,
    at_end,
    in_points,
    nothing,
    solve,
    students,
)
from cim_core.outlook.levers import Lever, Way, applied, levers
from cim_core.placing.placement import Placements, place
from cim_core.placing.ranking import Ranked, bounded
from cim_core.placing.settled import Standing
from cim_core.rules.clause import Clause
from cim_core.rules.tiers import Placement

MOST_PLANS = 3


@dataclass(frozen=True, slots=True)
class IndicatorChange:
    """One indicator changed: `students` whole students in the numerator, None for a value without them.

    `before` and `after` are exact, in percent or points; the counts are None where the value has none.
    """

    indicator: str
    students: int | None
    before: Fraction
    after: Fraction
    numerator: int | None
    numerator_after: int | None
    denominator: int | None


@dataclass(frozen=True, slots=True)
class Plan:
    """A change that leads to `placement`: `students` in all; `proven` when fewer students cannot do it.

    `settled`: nothing else is possible then; otherwise `placement` is the least intensive that is. `other`:
    another way than the best one, without one of its indicators or with a value in points; nothing
    is said about whether fewer would do.
    """

    way: Way
    changes: tuple[IndicatorChange, ...]
    students: int
    placement: Placement
    proven: bool
    settled: bool
    other: bool = False

    @property
    def counted(self) -> bool:
        """Whether it is in students alone."""
        return all(change.students is not None for change in self.changes)

    @property
    def standing(self) -> Standing:
        """Where it leads to, and whether that is settled."""
        return Standing(self.placement, self.settled)


@dataclass(frozen=True, slots=True)
class WayAnswer:
    """What would move an LEA one way: up to three plans, best first; without one, why, and which clauses."""

    way: Way
    plans: tuple[Plan, ...]
    blocked: Blocked | None = None
    clauses: tuple[Clause, ...] = ()

    @property
    def best(self) -> Plan | None:
        """The first plan, None where nothing moves it."""
        return self.plans[0] if self.plans else None


def answer(on: Ground, row: int, way: Way, locked: Collection[str] = ()) -> WayAnswer:
    """What would move one row of the ground's year: the best plan and up to two others.

    `locked` indicators are left as they are. The others are those that do without one of the best plan's
    indicators, or move a value that is no fraction of students.
    """
    wall = at_end(on, row, way)
    if wall is not None:
        return WayAnswer(way, (), wall.blocked, wall.clauses)
    movable = levers(on.placements, on.margins, row, way)
    free = {code: lever for code, lever in movable.items() if code not in locked}
    best = solve(on, row, way, free)
    tried = [_verified(on, row, way, free, steps) for steps in _candidates(on, row, way, free, best)]
    plans = _distinct([plan for plan in tried if isinstance(plan, Plan)])
    if plans:
        first, *others = plans[:MOST_PLANS]
        return WayAnswer(way, (first, *(replace(plan, proven=False, other=True) for plan in others)))
    walls = [stop for stop in tried if isinstance(stop, Blocked)]
    stop = nothing(on, row, way, free, best) if isinstance(best, Wall) else Wall(walls[0])
    return WayAnswer(way, (), stop.blocked, stop.clauses)


def _candidates(on: Ground, row: int, way: Way, free: Mapping[str, Lever], best: Steps | Wall) -> list[Steps]:
    """The best steps, the best ones without each of their indicators, and values moved in points."""
    found = []
    if isinstance(best, Steps):
        found.append(best)
        for code in best.steps:
            other = solve(on, row, way, {name: lever for name, lever in free.items() if name != code})
            if isinstance(other, Steps):
                found.append(other)
    return [*found, *in_points(on, row, way, free)]


def _distinct(plans: list[Plan]) -> list[Plan]:
    """Plans in students first, then the fewest students and indicators; each set of indicators once."""
    plans = sorted(plans, key=lambda plan: (not plan.counted, plan.students, len(plan.changes)))
    first: dict[tuple[str, ...], Plan] = {}
    for plan in plans:
        first.setdefault(tuple(change.indicator for change in plan.changes), plan)
    return list(first.values())


def answers(on: Ground, rows: Iterable[int] | None = None) -> dict[int, dict[Way, WayAnswer]]:
    """The best plan of each row both ways; all are verified by placing everybody at once, each with its own
    change and with the percentile that it alone would then have."""
    wanted = on.placements.dataset.rows_of_year(on.year).tolist() if rows is None else list(rows)
    out: dict[int, dict[Way, WayAnswer]] = {row: {} for row in wanted}
    for way in Way:
        steps: dict[int, Steps] = {}
        free: dict[int, dict[str, Lever]] = {}
        for row in wanted:
            wall = at_end(on, row, way)
            if wall is None:
                free[row] = levers(on.placements, on.margins, row, way)
                found = solve(on, row, way, free[row])
                if isinstance(found, Wall) and found.blocked is Blocked.NOT_ENOUGH:
                    found = next(iter(in_points(on, row, way, free[row])), found)
                if isinstance(found, Steps):
                    steps[row] = found
                    continue
                wall = nothing(on, row, way, free[row], found)
            out[row][way] = WayAnswer(way, (), wall.blocked, wall.clauses)
        after = _all_placed(on, free, steps)
        for row, one in steps.items():
            plan = _plan(on, row, way, free[row], one, after)
            out[row][way] = WayAnswer(way, (plan,)) if isinstance(plan, Plan) else WayAnswer(way, (), plan)
    return out


def _verified(on: Ground, row: int, way: Way, free: Mapping[str, Lever], found: Steps) -> Plan | Blocked:
    """The plan, if placing everybody anew with it indeed leads there, else where that fails."""
    changed = applied(
        on.placements.dataset, {row: {code: (free[code], n) for code, n in found.steps.items()}}
    )
    after = place(changed, on.placements.rulebook, on.reference)
    return _plan(on, row, way, free, found, after)


def _all_placed(
    on: Ground, free: Mapping[int, Mapping[str, Lever]], steps: Mapping[int, Steps]
) -> Placements:
    """Each row placed with its own steps, as if it alone had taken them."""
    placements = on.placements
    moves = {row: {code: (free[row][code], n) for code, n in one.steps.items()} for row, one in steps.items()}
    percentiles = dict(placements.percentiles)
    for name, ranked in placements.percentiles.items():
        percent, each = ranked.percentile.copy(), ranked.indicator.copy()
        for row, of_row in moves.items():
            there = on.fields_of(row).get(name)
            if there is None:
                continue
            known = set(there.indicators(row))
            values = {code: lever.value(n) for code, (lever, n) in of_row.items() if code in known}
            for code, value in values.items():
                each[row, POSITION[code]] = there.own(row, code, np.array([value]))[0]
            if values and ranked.state[row] == Ranked.COMPUTED:
                percent[row] = there.percentile(row, values)
        moved = replace(ranked, percentile=percent, indicator=each)
        percentiles[name] = bounded(moved)
    return place(applied(placements.dataset, moves), placements.rulebook, percentiles=percentiles)


def _plan(
    on: Ground, row: int, way: Way, free: Mapping[str, Lever], found: Steps, after: Placements
) -> Plan | Blocked:
    before, to = on.placements.placement(row), after.placement(row)
    if to.tier is None:
        return Blocked.UNPLACED
    if not (to < before if way is Way.LESS else to > before):
        return Blocked.NOT_FOUND
    total = students(free, found.steps)
    ordered = in_order(found.steps)
    changes = tuple(_change(on, row, free[code], found.steps[code]) for code in ordered)
    proven = total == found.least and all(one.students for one in changes)
    return Plan(way, changes, total, to, proven, bool(after.firm[row]))


def _change(on: Ground, row: int, lever: Lever, steps: int) -> IndicatorChange:
    before = on.placements.dataset.exact(row, lever.indicator)
    assert before is not None
    counted = lever.counted
    return IndicatorChange(
        lever.indicator,
        steps if counted else None,
        before,
        lever.exact(steps),
        lever.top if counted else None,
        lever.top + lever.step * steps if counted else None,
        lever.bottom if counted else None,
    )
