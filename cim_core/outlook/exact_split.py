"""Whether any split of a number of students over several indicators crosses an edge: every one is ranked.

Better own results never cost a rank place, so if some split of a total does it, one of every larger total
does too; to prove a total least it is enough that no split of one student fewer does. Of the splits of a
total only those are ranked that could do it even if everybody within reach moved as far as the total can move
them (branch and bound, Land and Doig 1960, Econometrica 28:497–520); the least total is found by halving.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cim_core.data.dataset import Bools, Floats, Ints
from cim_core.outlook.levers import Lever, Way
from cim_core.outlook.one_lea_ranking import Field, Fits
from cim_core.placing.ranking import SAME

MOST_SPLITS = 40_000
"""So many partial splits of one total are looked at; beyond them nothing is said about it."""
_MOST_STUDENTS = 4000
_AT_ONCE = 500_000
_LOOSE = 10 * SAME
"""Bounds are looser than the test itself by this much, so that rounding never rules a split out."""


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """One indicator: numbers of students (from 0) at which something changes, the LEA's value at each, and
    what each buys it (as composite points in the wanted direction)."""

    code: str
    stops: Ints
    values: Floats
    bought: Floats

    def moves(self, there: Field, row: int, whose: Ints, last: bool = False) -> Floats:
        """How far some other LEAs' composites are moved at each stop (or at the last), stops × LEAs."""
        values = np.append(self.values[0], self.values[-1:] if last else self.values)
        moved = there.moved(row, self.code, values, whose)
        return np.asarray(moved[1:] - moved[0])


@dataclass(frozen=True, slots=True, eq=False)
class Splits:
    """All splits of up to `most` students; made by `prepare`.

    `own` is the LEA's composite, `near` (N) those of the LEAs whose side of it can change (`moves`: by how
    much, for each part), `below` counts the LEAs that are worse whatever is done. `best[i]` is the most that
    the parts up to i can buy for each total. A split must buy `needed` at least.
    """

    there: Field
    sign: int
    fits: Fits
    parts: Sequence[_Part]
    moves: Sequence[Floats]
    best: Sequence[Floats]
    own: float
    near: Floats
    below: int
    needed: float

    def least(self, low: int, high: int) -> tuple[dict[str, int] | None, int]:
        """The fewest students from `low` to `high` that do it, and a total that cannot be undercut.

        None where none up to `high` do, or where it was not found out; the second number then says up to
        where every total was ruled out (`high` + 1 if all were).
        """
        found = None
        trial = high
        while low <= trial:
            every, steps = self._at(trial)
            if steps is not None:
                found, high = steps, sum(steps.values()) - 1
            elif every:
                low = trial + 1
            else:
                return found, low
            if low > high:
                break
            trial = (low + high) // 2
        return found, low

    def _at(self, total: int) -> tuple[bool, dict[str, int] | None]:
        """Whether every split of a total was looked at, and one that does it."""
        taken, bought = np.zeros((1, 0), np.int64), np.zeros(1)
        cost = np.zeros(1, np.int64)
        for part, rest in zip(self.parts[:0:-1], self.best[-2::-1], strict=True):
            if len(cost) * len(part.stops) > 50 * MOST_SPLITS:
                return False, None
            costs = cost[:, None] + part.stops
            buys = bought[:, None] + part.bought
            left = total - costs
            kept = (left >= 0) & (buys + rest[np.maximum(left, 0)] >= self.needed)
            rows, stops = np.nonzero(kept)
            if len(rows) > MOST_SPLITS:
                return False, None
            taken = np.column_stack([taken[rows], stops])
            cost, bought = costs[kept], buys[kept]
        first = self.parts[0]
        at = np.searchsorted(first.stops, total - cost, "right") - 1
        bought = bought + first.bought[at]
        taken = np.column_stack([taken, at])[bought >= self.needed]
        bought = bought[bought >= self.needed]
        size = max(1, _AT_ONCE // max(1, len(self.near)))
        for start in range(0, len(taken), size):
            some = slice(start, start + size)
            done = np.flatnonzero(self._reach(taken[some], bought[some]))
            if len(done):
                fewest = taken[some][done]
                return True, self._steps(fewest[np.argmin((fewest > 0).sum(axis=1))])
        return True, None

    def _reach(self, taken: Ints, bought: Floats) -> Bools:
        """Whether each of some splits brings the LEA where it is wanted, everybody ranked with it."""
        own = (self.own + self.sign * bought)[:, None]
        near = np.broadcast_to(self.near, (len(taken), len(self.near))).copy()
        for moves, at in zip(self.moves[::-1], taken.T, strict=True):
            near += moves[at]
        less = self.below + (near < own - SAME).sum(axis=1)
        equal = (np.abs(near - own) <= SAME).sum(axis=1)
        return np.asarray(self.fits(self.there.percent(less, equal)))

    def _steps(self, taken: Ints) -> dict[str, int]:
        every = zip(self.parts[::-1], taken.tolist(), strict=True)
        return {part.code: int(part.stops[at]) for part, at in every if at}


def prepare(
    there: Field, row: int, levers: Mapping[str, Lever], way: Way, fits: Fits, begun: Mapping[str, int],
    values: Mapping[str, float], most: int, best: Sequence[Floats] = (),
) -> Splits | None:  # fmt: skip
    """The splits of up to `most` students over some levers, on top of steps already `begun`.

    `values` are the LEA's values on indicators already moved; `best` is given where it is known already. The
    first lever is the one that is never walked, so it had better be the one with the most stops. None where
    there are too many students to walk, or where a better rank can be a worse place.
    """
    if most > _MOST_STUDENTS or not _only_nearer(there, row, way, fits):
        return None
    sign = 1 if way is Way.LESS else -1
    own = there.composite_with(row, values)
    whose = there.others(row)
    others = there.standing.composite[whose]
    for code, value in values.items():
        others = others + there.moved(row, code, np.array([value]), whose)[0]
    parts = [_part(there, row, lever, begun.get(code, 0), most) for code, lever in levers.items()]
    known = [one[: most + 1] for one in best]
    for part in parts[len(known) :]:
        known.append(_joined(known[-1] if known else np.zeros(most + 1), part))
    furthest = others + sum(part.moves(there, row, whose, last=True)[0] for part in parts)
    end = own + sign * float(known[-1][-1])
    never = np.minimum(others, furthest) > max(own, end) + _LOOSE
    always = np.maximum(others, furthest) < min(own, end) - _LOOSE
    near, below = ~(never | always), int(always.sum())
    needed = _needed(there, fits, sign, own, furthest[near], below)
    moves = [part.moves(there, row, whose[near]) for part in parts]
    return Splits(there, sign, fits, parts, moves, known, own, others[near], below, needed)


def _only_nearer(there: Field, row: int, way: Way, fits: Fits) -> bool:
    """Whether the way to where one wants to be has no gaps: from the first percent that fits on, all do."""
    now, size = float(there.standing.rank[there.at[row]]), there.ranked_together
    halves = np.arange(2, 2 * size + 1) / 2
    ranks = halves[halves >= now] if way is Way.LESS else halves[halves <= now][::-1]
    return bool((np.diff(fits(100 * ranks / size).astype(np.int8)) >= 0).all())


def _part(there: Field, row: int, lever: Lever, start: int, most: int) -> _Part:
    steps = np.arange(start, min(lever.room, start + most) + 1)
    values = lever.values(steps)
    places = there.places(lever.indicator, values)
    stops = np.concatenate([[0], np.flatnonzero(np.diff(places)) + 1]).astype(np.int64)
    own = there.own(row, lever.indicator, values[stops])
    bought = there.worth(row, lever.indicator) * np.abs(own - own[0])
    return _Part(lever.indicator, stops, values[stops], bought)


def _joined(best: Floats, part: _Part) -> Floats:
    """The most that each total can buy when one more part takes some of it."""
    out = best.copy()
    for stop, bought in zip(part.stops.tolist(), part.bought.tolist(), strict=True):
        out[stop:] = np.maximum(out[stop:], best[: len(best) - stop] + bought)
    return out


def _needed(there: Field, fits: Fits, sign: int, own: float, near: Floats, below: int) -> float:
    """What must be bought even if all others have moved as far as they can; infinite where nothing does."""
    ends = np.sort(near)
    trials = np.concatenate([ends - 2 * SAME, ends, ends + 2 * SAME, [own]])
    less = below + np.searchsorted(ends, trials - SAME, "left")
    equal = below + np.searchsorted(ends, trials + SAME, "right") - less
    wanted = trials[fits(there.percent(less, equal))]
    return float((sign * (wanted - own)).min() - _LOOSE) if len(wanted) else np.inf
