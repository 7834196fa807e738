"""One LEA moved among all others that stay: its percentile for other values of its own, exactly.

Ranking everybody anew for each thought about one LEA would be slow, and is not needed: where one value moves,
that LEA's rank on the indicator changes, and each LEA that it passes moves by one rank. `Field` keeps what a
ranking (`cim_core.placing.ranking`) rests on, so that both can be added to the composites as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from cim_core.data.dataset import Bools, Dataset, Floats, Ints
from cim_core.data.indicators import INDICATORS, POSITION
from cim_core.placing.pools import part
from cim_core.placing.ranking import SAME, Percentile, Pool, RankStanding, pool, stand
from cim_core.placing.standing import rank_of
from cim_core.rules.evaluations import Evaluation, TieRule

Fits = Callable[[Floats], Bools]
"""Which of some percents from the worst are where one wants to be."""


@dataclass(frozen=True, slots=True, eq=False)
class _Ranked:
    """One indicator of a pool: who is ranked on it, how good each is (more is better), and that in order."""

    who: Ints
    good: Floats
    ordered: Floats
    worth: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """One year of an evaluation with everybody ranked; `at` maps rows of the dataset to the pool."""

    pool: Pool
    standing: RankStanding
    at: Mapping[int, int]
    ranked: Mapping[str, _Ranked]
    composites: Floats

    @property
    def evaluation(self) -> Evaluation:
        """The evaluation that is ranked."""
        return self.pool.evaluation

    @property
    def ranked_together(self) -> int:
        """How many LEAs have a composite."""
        return len(self.composites)

    def codes(self, row: int) -> tuple[str, ...]:
        """The indicators that make up a row's composite; none where it has no composite."""
        at = self.at.get(row)
        if at is None or np.isnan(self.standing.composite[at]):
            return ()
        return self.indicators(row)

    def indicators(self, row: int) -> tuple[str, ...]:
        """The indicators on which a row has a rank, be there a composite or not."""
        at = self.at[row]
        return tuple(code for code in self.ranked if not np.isnan(self._percent(at, code)))

    def own(self, row: int, code: str, values: Floats) -> Floats:
        """The row's percent from the worst on one indicator for each of some values of its own."""
        at, found = self.at[row], self.ranked[code]
        mine = self._good(at, code)
        good = _sign(code) * values
        less = np.searchsorted(found.ordered, good, "left") - (mine < good)
        equal = np.searchsorted(found.ordered, good, "right") - (mine <= good) - less
        return np.asarray(100 * rank_of(less, equal, self.evaluation.ties) / len(found.who))

    def worth(self, row: int, code: str) -> float:
        """How much of the row's composite one percent on an indicator is."""
        found = self.ranked[code]
        return float(found.worth[np.searchsorted(found.who, self.at[row])])

    def shift(self, code: str) -> float:
        """The most by which anybody's composite moves when one LEA passes on an indicator."""
        found = self.ranked[code]
        return float(100 * found.worth.max() / len(found.who))

    def places(self, code: str, values: Floats) -> Ints:
        """A number for each of some values that differs where their place among all LEAs differs."""
        ordered, good = self.ranked[code].ordered, _sign(code) * values
        return np.asarray(np.searchsorted(ordered, good, "left") + np.searchsorted(ordered, good, "right"))

    def moved(self, row: int, code: str, values: Floats, whose: Ints) -> Floats:
        """By how much the composites of some others (places in the pool) move when the row has each of some
        values on an indicator; V×N."""
        found = self.ranked[code]
        at = np.minimum(np.searchsorted(found.who, whose), len(found.who) - 1)
        there = found.who[at] == whose
        out = np.zeros((len(values), len(whose)))
        good = (_sign(code) * values)[:, None]
        out[:, there] = self._pushed(self.at[row], code, good, at[there])
        return out

    def others(self, row: int) -> Ints:
        """The places in the pool of all other LEAs that have a composite."""
        there = np.flatnonzero(~np.isnan(self.standing.composite))
        return np.asarray(there[there != self.at[row]])

    def percent(self, less: Ints, equal: Ints) -> Floats:
        """The percentile of an LEA, given how many others are worse and how many are equal."""
        return np.asarray(100 * rank_of(less, equal, self.evaluation.ties) / self.ranked_together)

    def _pushed(self, at: int, code: str, good: float | Floats, who: Ints | slice = slice(None)) -> Floats:
        """What one LEA's goodness adds to the composites of (some of) those ranked on an indicator."""
        found, ties = self.ranked[code], self.evaluation.ties
        others = found.good[who]
        moved = _share(good, others, ties) - _share(self._good(at, code), others, ties)
        return np.asarray(found.worth[who] * (100 / len(found.who)) * moved)

    def percentile(self, row: int, values: Mapping[str, float]) -> float:
        """The row's percentile when it has other values on some indicators it is ranked on, others as they
        are; everybody is ranked anew."""
        at = self.at[row]
        composite = self.standing.composite.copy()
        for code, value in values.items():
            composite[self.ranked[code].who] += self._pushed(at, code, _sign(code) * value)
        composite[at] = self.composite_with(row, values)
        mine = composite[at]
        with np.errstate(invalid="ignore"):
            less = int((composite < mine - SAME).sum())
            equal = int((np.abs(composite - mine) <= SAME).sum()) - 1
        return float(self.percent(np.array([less]), np.array([equal]))[0])

    def composite_with(self, row: int, values: Mapping[str, float]) -> float:
        """The row's own composite with other values on some indicators it is ranked on."""
        composite = float(self.standing.composite[self.at[row]])
        for code, value in values.items():
            now = float(self.own(row, code, np.array([value]))[0])
            composite += self.worth(row, code) * (now - self._percent(self.at[row], code))
        return composite

    def _percent(self, at: int, code: str) -> float:
        return float(self.standing.indicator[at, POSITION[code]])

    def _good(self, at: int, code: str) -> float:
        return float(_sign(code) * self.pool.value[at, POSITION[code]])


def field(dataset: Dataset, ranked: Percentile, year: str, kind: str = "") -> Field | None:
    """The field of one year of an evaluation, of one type where each is ranked by itself; None where nobody
    is ranked in it."""
    among = part(pool(dataset, ranked.evaluation, ranked.reference, year), kind)
    if among.reference_year is None or not among.entered:
        return None
    found = stand(among)
    worth = _worth(found.indicator, ranked.evaluation)
    each = {}
    for code in among.entered:
        column = POSITION[code]
        who = np.flatnonzero(~np.isnan(found.indicator[:, column]))
        if len(who):
            good = _sign(code) * among.value[who, column]
            each[code] = _Ranked(who, good, np.sort(good), worth[who, column])
    at = {int(row): place for place, row in enumerate(among.rows)}
    composites = np.sort(found.composite[~np.isnan(found.composite)])
    return Field(among, found, at, each, composites)


def _worth(indicator: Floats, evaluation: Evaluation) -> Floats:
    """What one percent on an indicator adds to the composite, M×K: weight over weights, over the domain's
    number of indicators."""
    out = np.zeros(indicator.shape)
    total = np.zeros(len(indicator))
    for domain in evaluation.domains:
        columns = [POSITION[code] for code in domain.indicators]
        there: Bools = ~np.isnan(indicator[:, columns])
        count = there.sum(axis=1)
        total += np.where(count > 0, float(domain.weight), 0.0)
        out[:, columns] += np.where(there, float(domain.weight) / np.maximum(count, 1)[:, None], 0.0)
    return np.asarray(out / np.where(total > 0, total, 1)[:, None])


def _sign(code: str) -> int:
    return 1 if INDICATORS[POSITION[code]].higher_is_better else -1


def _share(mine: float | Floats, others: Floats, ties: TieRule) -> Floats:
    """What one LEA adds to the ranks of others on an indicator: 1 where it is worse, something for a tie."""
    at_tie = {TieRule.AVERAGE: 0.5, TieRule.WORST: 0.0, TieRule.BEST: 1.0}[ties]
    return np.where(others > mine, 1.0, np.where(others == mine, at_tie, 0.0))
