"""An attacker who has everything that is shown, and all rules by which something is not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from cim_core.data.race_counts import Area, Counts, Group
from cim_core.data.small_groups import SMALL

_MANY = 10**6


def ends_of(rows: Sequence[Sequence[float]], sums: Sequence[tuple[float, float]], low, high) -> list[int]:
    """How many whole numbers each of some unknowns can be, between `low` and `high`, where each row times
    the unknowns lies between two sums."""
    constraint = LinearConstraint(np.array(rows), *np.array(sums).T) if len(rows) else ()
    found = []
    for at in range(len(low)):
        goal = np.zeros(len(low))
        goal[at] = 1
        both = []
        for sign in (1, -1):
            done = milp(
                sign * goal, constraints=constraint, integrality=np.ones(len(low)), bounds=Bounds(low, high)
            )
            assert done.success, done.message
            both.append(round(sign * done.fun))
        found.append(both[1] - both[0] + 1)
    return found


def counts_by_race(whole: Counts, shown: Counts) -> Iterator[tuple[str, int]]:
    """For each hidden number how many values it may have.

    The attacker knows that the groups add up to everybody, that the children of a group are the same in all
    areas that count the same, which are small. How large a group is that
    is not small is no secret.
    """
    classes: dict[tuple[str, str, bool], list[int]] = {}
    for at in range(len(whole)):
        key = str(whole.lea_key[at]), str(whole.year[at]), Area(int(whole.area[at])).of_all
        classes.setdefault(key, []).append(at)
    for rows in classes.values():
        yield from _OfClass(whole, shown, rows).told()


class _OfClass:
    """One LEA and year, the areas that count the same children: unknowns, and what is known of them."""

    def __init__(self, whole: Counts, shown: Counts, rows: list[int]) -> None:
        self.low: list[int] = []
        self.high: list[int] = []
        self.place: dict[tuple[int, int], int] = {}
        self.lines: list[tuple[dict[tuple[int, int], int], float, float]] = []
        self.small: set[tuple[int, int]] = set()
        self._totals(whole, shown, rows)
        for area in {int(whole.area[at]) for at in rows}:
            self._area(whole, shown, [at for at in rows if int(whole.area[at]) == area], area)

    def _unknown(self, name: tuple[int, int], low: int, high: int) -> None:
        self.place[name] = len(self.low)
        self.low.append(low)
        self.high.append(high)

    def _totals(self, whole: Counts, shown: Counts, rows: list[int]) -> None:
        groups = {int(whole.group[at]): int(whole.total[at]) for at in rows}
        known = {int(shown.group[at]): int(shown.total[at]) for at in rows if shown.total[at] >= 0}
        everybody = known.pop(int(Group.TOTAL), None)
        unknown = {group for group in groups if group not in known and group != Group.TOTAL}
        self.small |= {(-1, group) for group in unknown if groups[group] <= SMALL}
        for group in unknown:
            self._unknown((-1, group), 0, SMALL if (-1, group) in self.small else _MANY)
        if unknown and everybody is not None:
            rest = everybody - sum(known.values())
            self.lines.append((dict.fromkeys(((-1, group) for group in unknown), 1), rest, rest))

    def _area(self, whole: Counts, shown: Counts, rows: list[int], area: int) -> None:
        away = [at for at in rows if shown.cell[at] < 0 and whole.group[at] != Group.TOTAL]
        for at in away:
            name, total = (area, int(whole.group[at])), int(whole.total[at])
            self._unknown(name, 0, SMALL if total <= SMALL else total)
            if (-1, name[1]) in self.place:
                self.lines.append(({name: 1, (-1, name[1]): -1}, -np.inf, 0))
        told = {int(shown.group[at]): int(shown.cell[at]) for at in rows if shown.cell[at] >= 0}
        everybody = told.pop(int(Group.TOTAL), None)
        if everybody is not None and away:
            rest = everybody - sum(told.values())
            self.lines.append((dict.fromkeys(((area, int(whole.group[at])) for at in away), 1), rest, rest))

    def told(self) -> Iterator[tuple[str, int]]:
        rows = []
        for line, _, _ in self.lines:
            rows.append([float(line.get(name, 0)) for name in self.place])
        sums = [(low, high) for _, low, high in self.lines]
        each = ends_of(rows, sums, self.low, self.high) if self.place else []
        for (area, group), width in zip(self.place, each, strict=True):
            if area >= 0 or (area, group) in self.small:
                yield f"{Group(group).code} {'total' if area < 0 else Area(area).code}", width


def of_family(
    shown: Mapping[int, int], hidden: Mapping[int, Sequence[int]], size: int, nested: bool
) -> dict[int, int]:
    """How many values each hidden count of a family can have, by trying all of them together: `hidden` by
    place with the values that would be hidden, `shown` by place."""
    fits: dict[int, set[int]] = {at: set() for at in hidden}
    for values in product(*hidden.values()):
        tried = dict(shown) | dict(zip(hidden, values, strict=True))
        each = [tried[at] for at in sorted(tried)]
        ok = each == sorted(each) and each[-1] <= size if nested else sum(each) <= size
        if ok:
            for at, value in zip(hidden, values, strict=True):
                fits[at].add(value)
    return {at: len(values) for at, values in fits.items()}
