"""Flows between placements of two years, and the movers with their stages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from cim_core.data.dataset import Ints
from cim_core.movement.swaps import Between, MoveReason, Stage, SwapStep, stages
from cim_core.placing import settled
from cim_core.placing.placement import Placements
from cim_core.placing.ranking import Reference
from cim_core.rules.tiers import NO_TIER, PLACEMENTS, Placement, Tier

MOST_NODES = 6
_STAND_INS = ((Tier.INTENSIVE, PLACEMENTS["Intensive"]), (None, NO_TIER))


@dataclass(frozen=True, slots=True, eq=False)
class Flows:
    """How many LEAs went from each placement (line) to each (column), most intensive first: P×P counts."""

    places: tuple[Placement, ...]
    counts: Ints

    def folded(self) -> Flows:
        """The placements that occur, at most `MOST_NODES`.

        Where there are more, the levels of Intensive are counted together, then those in no tier.
        """
        used = [at for at in range(len(self.places)) if self.counts[at].any() or self.counts[:, at].any()]
        found = Flows(tuple(self.places[at] for at in used), self.counts[np.ix_(used, used)])
        for tier, stands_for in _STAND_INS:
            if len(found.places) > MOST_NODES:
                found = found._together(tier, stands_for)
        return found

    def unseen(self) -> tuple[tuple[Placement, int], ...]:
        """What `folded` counts together, and how many moves within it the folded picture cannot show."""
        shown = self.folded().places
        found = []
        for tier, stands_for in _STAND_INS:
            kept = [one for one in shown if one != stands_for]
            at = [n for n, one in enumerate(self.places) if one.tier is tier and one not in kept]
            inside = self.counts[np.ix_(at, at)]
            moves = int(inside.sum() - np.trace(inside))
            if stands_for in shown and moves:
                found.append((stands_for, moves))
        return tuple(found)

    def _together(self, tier: Tier | None, stands_for: Placement) -> Flows:
        names = [stands_for if one.tier is tier else one for one in self.places]
        places = tuple(dict.fromkeys(names))
        at = [places.index(name) for name in names]
        counts = np.zeros((len(places), len(places)), np.int64)
        np.add.at(counts, (np.array(at)[:, None], np.array(at)[None, :]), self.counts)
        return Flows(places, counts)


@dataclass(frozen=True, eq=False)
class YearMover:
    """An LEA that is placed differently in the two years, with every stage between them.

    `row_before` and `row_after` are its rows in the two placements.
    """

    row_before: int
    row_after: int
    stages: tuple[Stage, ...]

    @property
    def before(self) -> Placement:
        """The earlier placement."""
        return self.stages[0].placement

    @property
    def after(self) -> Placement:
        """The later placement."""
        return self.stages[-1].placement

    @property
    def direction(self) -> int:
        """1 for a more intensive placement, −1 for a less intensive one, 0 where one of them is no tier."""
        if self.before.tier is None or self.after.tier is None:
            return 0
        return 1 if self.after > self.before else -1

    @cached_property
    def steps(self) -> tuple[SwapStep, ...]:
        """The swaps at which the placement changed, in their order."""
        return steps(self.stages)

    @property
    def reasons(self) -> tuple[MoveReason, ...]:
        """Why it moved, in the order of the swaps; at least one."""
        return tuple(step.reason for step in self.steps)


@dataclass(frozen=True, slots=True, eq=False)
class Movement:
    """Everything that moved between two years.

    `rows` are the LEAs that are in both, as rows of the earlier and the later placements; `movers` run from
    the most intensive later placement, then by name; `only_before` and `only_after` are rows of those that
    are in one of the years only.
    """

    between: Between
    rows: tuple[tuple[int, int], ...]
    flows: Flows
    movers: tuple[YearMover, ...]
    only_before: tuple[int, ...]
    only_after: tuple[int, ...]

    def having(self, reasons: Iterable[MoveReason]) -> tuple[YearMover, ...]:
        """The movers that have any of some reasons; all of them for no reason."""
        wanted = set(reasons)
        return tuple(one for one in self.movers if not wanted or wanted & set(one.reasons))

    def by_reason(self) -> tuple[tuple[MoveReason, int], ...]:
        """How many movers have each reason, in the order of the swaps; one mover may have several."""
        found = Counter(reason for one in self.movers for reason in one.reasons)
        return tuple((reason, found[reason]) for reason in MoveReason if found[reason])

    def by_way(self) -> Counter[str]:
        """How many moved which way, as in `settled.direction`: `up`, `down`, `open` where that is not
        settled, `other` for those into or out of the tiers."""
        before, after = self.between.before, self.between.after
        return Counter(
            settled.direction(settled.of(before, one.row_before), settled.of(after, one.row_after))
            for one in self.movers
        )


def movement(
    before: Placements,
    after: Placements,
    year_before: str,
    year_after: str,
    reference_before: Reference,
    reference_after: Reference,
) -> Movement:
    """Who moved between two years and why. Raises ValueError for a year that the placements do not hold.

    `before` and `after` may be the same placements (rules held constant), or differ in rulebook and data.
    """
    for placements, year in ((before, year_before), (after, year_after)):
        closed = placements.dataset.closed_years
        if year not in closed:
            raise ValueError(f"no year {year!r} that is over in the data; there are: {', '.join(closed)}")
    between = Between(before, after, year_before, year_after, reference_before, reference_after)
    olds, news = (_rows(one, year) for one, year in ((before, year_before), (after, year_after)))
    pairs = tuple((row, news[key]) for key, row in olds.items() if key in news)
    moved = [one for one in pairs if before.placement(one[0]) != after.placement(one[1])]
    movers = [YearMover(*one, each) for one, each in zip(moved, stages(between, moved), strict=True)]
    names = after.dataset.lea_name
    movers.sort(key=lambda one: (-one.after.severity, -one.before.severity, str(names[one.row_after])))
    return Movement(
        between=between,
        rows=pairs,
        flows=_flows(before, after, pairs),
        movers=tuple(movers),
        only_before=tuple(row for key, row in olds.items() if key not in news),
        only_after=tuple(row for key, row in news.items() if key not in olds),
    )


def traced(between: Between, row_before: int, row_after: int) -> tuple[Stage, ...]:
    """The stages of one LEA, whether it moved or not."""
    return stages(between, [(row_before, row_after)])[0]


def steps(each: tuple[Stage, ...]) -> tuple[SwapStep, ...]:
    """The swaps at which the placement changed; swaps that cancel each other are steps too."""
    pairs = zip(each, each[1:], strict=False)
    return tuple(SwapStep(one, other, each) for one, other in pairs if one.placement != other.placement)


def previous(placements: Placements, row: int) -> int | None:
    """The row of the same LEA in the newest earlier year that it is in; None when there is none, and for a
    year that is not over: counts so far are no change since a whole year."""
    data = placements.dataset
    if data.in_progress[row]:
        return None
    same = np.flatnonzero(
        (data.lea_key == data.lea_key[row]) & (data.year < data.year[row]) & ~data.in_progress
    )
    return max((int(one) for one in same), key=lambda one: str(data.year[one]), default=None)


def _rows(placements: Placements, year: str) -> dict[str, int]:
    data = placements.dataset
    return {str(data.lea_key[row]): int(row) for row in data.rows_of_year(year) if not data.in_progress[row]}


def _flows(before: Placements, after: Placements, pairs: Iterable[tuple[int, int]]) -> Flows:
    places = sorted({*before.rulebook.placements, *after.rulebook.placements}, reverse=True)
    at = {place: position for position, place in enumerate(places)}
    counts = np.zeros((len(places), len(places)), np.int64)
    for old, new in pairs:
        counts[at[before.placement(old)], at[after.placement(new)]] += 1
    return Flows(tuple(places), counts)
