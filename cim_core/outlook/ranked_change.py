"""The fewest students by which an LEA's percentile crosses an edge, others staying as they are.

An indicator's students buy rank places, those buy composite points. How much each number of students of each
indicator buys is exact and adds up; the best split of a total over several indicators is found by dynamic
programming over the total (Bellman 1957; the multiple-choice knapsack of Kellerer, Pferschy and Pisinger,
Knapsack Problems, 2004, chapter 11). That those whom the LEA passes move by a place themselves is not in it:
so it gives a least total that cannot be undercut, and one that surely suffices. Totals between the two are
tried by ranking everybody anew: first the likely splits of each, then, below what was found, every split that
could do it (`cim_core.outlook.exact_split`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from cim_core.data.dataset import Floats, Ints
from cim_core.outlook import exact_split
from cim_core.outlook.levers import Lever, Way
from cim_core.outlook.one_lea_ranking import Field, Fits
from cim_core.placing.ranking import SAME

_FINEST = 600
"""Totals up to this many students are walked one by one, larger ones in as many equal steps."""
_MOST_TRIED = 40
_NEVER = 10**9


@dataclass(frozen=True, slots=True)
class Bought:
    """Steps on some indicators that cross an edge. `least`: no total of students below it can."""

    steps: Mapping[str, int]
    least: int

    @property
    def total(self) -> int:
        """All steps together."""
        return sum(self.steps.values())

    @property
    def proven(self) -> bool:
        """Whether fewer students cannot do it."""
        return self.total == self.least


def first_that_fits(there: Field, row: int, lever: Lever, fits: Fits, start: int = 0) -> int | None:
    """The fewest steps (at least `start`) after which the LEA's percent on one indicator is as wanted."""
    steps = np.arange(start, lever.room + 1)
    found = np.flatnonzero(fits(there.own(row, lever.indicator, lever.values(steps))))
    return int(steps[found[0]]) if len(found) else None


def single(there: Field, row: int, lever: Lever, fits: Fits) -> int | None:
    """The fewest steps of one lever alone that bring the LEA's percentile where it is wanted, or None."""

    def reached(steps: int) -> bool:
        values = {lever.indicator: lever.value(steps)}
        return bool(fits(np.array([there.percentile(row, values)]))[0])

    low, high = 0, lever.room
    if not reached(high):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reached(middle) else (middle, high)
    return high


def several(
    there: Field, row: int, levers: Mapping[str, Lever], way: Way, fits: Fits,
    start: Mapping[str, int], limit: int | None = None,
) -> tuple[Bought | None, int]:  # fmt: skip
    """The fewest further steps over several levers, and a total that no split can undercut.

    `start` are steps already taken (not counted in the result); with `limit` only totals up to it are looked
    for. None when there is none, with the least total that could not be ruled out.
    """
    codes = there.codes(row)
    begun = {code: levers[code].value(steps) for code, steps in start.items() if code in codes}
    if begun and fits(np.array([there.percentile(row, begun)]))[0]:
        return Bought({}, 0), 0
    usable = {code: lever for code, lever in levers.items() if lever.counted and code in codes}
    if not usable:
        return None, _NEVER
    edge = edge_composite(there, row, way, fits)
    if edge is None:
        return None, 0 if _fits_anywhere(there, fits) else _NEVER
    on = _Purchase.prepare(there, row, usable, way, fits, start, begun, edge)
    most = limit if limit is not None else on.most()
    if most < 1:
        return None, 1
    return _exactly(on, way, most)


def _exactly(on: _Purchase, way: Way, most: int) -> tuple[Bought | None, int]:
    """What was found by trying, or what every split below it finds."""
    found, least, bests = on.tried(most)
    top = sum(found.values()) - 1 if found is not None else most
    if least <= top:
        levers = {code: on.usable[code] for code in on.gains}
        splits = exact_split.prepare(on.there, on.row, levers, way, on.fits, on.start, on.begun, top, bests)
        if splits is not None:
            better, least = splits.least(least, top)
            found = better or found
    return (None if found is None else Bought(found, least)), least


@dataclass(frozen=True, slots=True)
class _Purchase:
    """What steps on usable levers buy: more than `enough` surely crosses the edge, below `possible` none.

    `begun` are the values after the steps already taken, `gains` what further steps buy, best lever first.
    """

    there: Field
    row: int
    usable: Mapping[str, Lever]
    fits: Fits
    start: Mapping[str, int]
    begun: Mapping[str, float]
    gains: Mapping[str, Floats]
    enough: float
    possible: float

    @classmethod
    def prepare(
        cls, there: Field, row: int, usable: Mapping[str, Lever], way: Way, fits: Fits,
        start: Mapping[str, int], begun: Mapping[str, float], edge: float,
    ) -> _Purchase:  # fmt: skip
        """What each lever buys towards passing a composite."""
        enough = (1 if way is Way.LESS else -1) * (edge - there.composite_with(row, begun))
        possible = enough - sum(there.shift(code) for code in {*usable, *begun})
        gains = {code: _gains(there, row, lever, start.get(code, 0)) for code, lever in usable.items()}
        ordered = dict(sorted(gains.items(), key=lambda gain: -np.count_nonzero(np.diff(gain[1]))))
        return cls(there, row, usable, fits, start, begun, ordered, enough, possible)

    def most(self) -> int:
        """A total that is surely enough, or all that there is."""
        upper = _upper(self.gains, self.enough)
        return upper if upper is not None else sum(len(gain) - 1 for gain in self.gains.values())

    def reached(self, steps: Mapping[str, int]) -> bool:
        """Whether further steps bring the LEA where it is wanted, everybody ranked anew."""
        values = dict(self.begun)
        for code, further in steps.items():
            values[code] = self.usable[code].value(self.start.get(code, 0) + further)
        return bool(self.fits(np.array([self.there.percentile(self.row, values)]))[0])

    def tried(self, most: int) -> tuple[dict[str, int] | None, int, list[Floats] | tuple[()]]:
        """The first likely split that does it, a total below which none can, and the most that totals buy by
        the levers up to each (nothing where totals go in steps)."""
        grain = max(1, math.ceil(most / _FINEST))
        bests, picks = _split(self.gains, -(-most // grain), grain)
        best = bests[-1]
        surely = np.flatnonzero(best > self.enough + SAME)
        perhaps = np.flatnonzero(best >= self.possible - SAME)
        last = int(surely[0]) if len(surely) else len(best) - 1
        first = int(perhaps[0]) if len(perhaps) else last + 1
        rounded = len(self.gains) if grain > 1 else 0
        least = (first - rounded) * grain if len(perhaps) else most + 1
        found = next(filter(self.reached, self._likely(_tries(max(first, 1), last), grain, picks)), None)
        if found is not None and grain > 1:
            found = _trimmed(found, self.reached)
        return found, max(least, 1), bests if grain == 1 else ()

    def _likely(
        self, totals: list[int], grain: int, picks: list[tuple[str, Ints]]
    ) -> Iterator[dict[str, int]]:
        """Of each total: all of it on one lever where that may be enough, then the split that buys most."""
        rooms = {code: len(gain) - 1 for code, gain in self.gains.items()}
        for total in totals:
            steps = total * grain
            for code, gain in self.gains.items():
                if steps <= rooms[code] and gain[steps] >= self.possible - SAME:
                    yield {code: steps}
            yield _unpick(picks, total, grain, rooms)


def _tries(first: int, last: int) -> list[int]:
    """Totals worth trying from `first` to `last`: each, or evenly spread ones where there are many."""
    if last - first <= _MOST_TRIED:
        return list(range(first, last + 1))
    return sorted({*np.linspace(first, last, _MOST_TRIED).astype(int).tolist(), last})


def _trimmed(steps: dict[str, int], reached: Callable[[Mapping[str, int]], bool]) -> dict[str, int]:
    """Steps taken back one indicator after the other as far as the edge stays crossed."""
    for code in sorted(steps, key=lambda one: steps[one]):
        low, high = -1, steps[code]
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if reached(steps | {code: middle}) else (middle, high)
        steps = steps | {code: high}
    return {code: n for code, n in steps.items() if n}


def edge_composite(there: Field, row: int, way: Way, fits: Fits) -> float | None:
    """The composite of another LEA that must be passed; infinite on the side where nobody must be."""
    at, size = there.at[row], there.ranked_together
    ranks = np.arange(1, size + 1)
    wanted = fits(100 * ranks / size)
    now = float(there.standing.rank[at])
    fitting = ranks[wanted & ((ranks >= now) if way is Way.LESS else (ranks <= now))]
    if not len(fitting):
        return None
    others = np.delete(there.composites, np.searchsorted(there.composites, there.standing.composite[at]))
    if way is Way.LESS:
        place = int(fitting[0]) - 2
        return float(others[place]) if place >= 0 else -math.inf
    place = int(fitting[-1]) - 1
    return float(others[place]) if place < len(others) else math.inf


def _fits_anywhere(there: Field, fits: Fits) -> bool:
    """Whether any rank, shared ones among them, is where one wants to be."""
    return bool(fits(50 * np.arange(2, 2 * there.ranked_together + 1) / there.ranked_together).any())


def _gains(there: Field, row: int, lever: Lever, start: int) -> Floats:
    """How much the composite moves the wanted way for 0, 1, … further steps; never falls."""
    steps = np.arange(start, lever.room + 1)
    own = there.own(row, lever.indicator, lever.values(steps))
    return np.asarray(there.worth(row, lever.indicator) * np.abs(own - own[0]))


def _upper(gains: Mapping[str, Floats], enough: float) -> int | None:
    """The fewest steps of the best single lever that surely suffice."""
    reach = [int(found[0]) for gain in gains.values() if len(found := np.flatnonzero(gain > enough + SAME))]
    return min(reach, default=None)


def _split(gains: Mapping[str, Floats], size: int, grain: int) -> tuple[list[Floats], list[tuple[str, Ints]]]:
    """The most that each total (in grains) can buy with the levers up to each, and what each lever takes."""
    best = np.zeros(size + 1)
    bests, picks = [], []
    for code, gain in gains.items():
        stops_at = np.arange(-(-(len(gain) - 1) // grain) + 1) * grain
        each = gain[np.minimum(stops_at, len(gain) - 1)][: size + 1]
        stops = np.flatnonzero(np.diff(each) > 0) + 1
        taken = np.zeros(size + 1, np.int64)
        new = best.copy()
        for stop in stops.tolist():
            bought = best[: size + 1 - stop] + each[stop]
            better = bought > new[stop:] + SAME
            new[stop:][better] = bought[better]
            taken[stop:][better] = stop
        best = new
        bests.append(best)
        picks.append((code, taken))
    return bests, picks


def _unpick(
    picks: list[tuple[str, Ints]], total: int, grain: int, rooms: Mapping[str, int]
) -> dict[str, int]:
    steps = {}
    for code, taken in reversed(picks):
        mine = int(taken[total])
        if mine:
            steps[code] = min(mine * grain, rooms[code])
            total -= mine
    return steps
