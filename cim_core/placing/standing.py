"""Ranks: of one value among others, and of everybody in a pool (`cim_core.placing.pools`).

Method: see `cim_core.placing.ranking`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from cim_core.data.dataset import Bools, Floats, Ints
from cim_core.data.indicators import INDICATORS, POSITION
from cim_core.placing.pools import Pool, fit_to_rank, part
from cim_core.rules.evaluations import Evaluation, RankAmong, TieRule

SAME = 1e-10
"""Composites closer than this are ties: sums of the same fractions differ by far less, others by far more."""


@dataclass(frozen=True, slots=True)
class RankedGroup:
    """How many of those who are ranked together have a composite, and a rank on each indicator."""

    ranked: int
    ranked_on: Mapping[str, int]


@dataclass(frozen=True, slots=True, eq=False)
class RankStanding:
    """A pool ranked (M LEAs, K indicators); percents from the worst, NaN for those who are not ranked.

    `ranked` (M) is the number of LEAs with a composite among whom each stands, 0 for those who are in no
    group; `groups` the same by type ("" where everybody is ranked together), indicators too.
    """

    indicator: Floats
    domain: Mapping[str, Floats]
    composite: Floats
    rank: Floats
    ranked: Ints
    groups: Mapping[str, RankedGroup]

    @property
    def percentile(self) -> Floats:
        """100 × rank ÷ number ranked."""
        return percent_of(self.rank, self.ranked)


@dataclass(frozen=True, slots=True, eq=False)
class Standings:
    """A pool ranked often (times×M), see `RankStanding`; `indicator` has one line where nothing changed."""

    indicator: Mapping[str, Floats]
    domain: Mapping[str, Floats]
    composite: Floats
    rank: Floats
    ranked: Ints
    groups: Mapping[str, RankedGroup]

    @property
    def percentile(self) -> Floats:
        """100 × rank ÷ number ranked."""
        return percent_of(self.rank, self.ranked)


def percent_of(rank: Floats, ranked: Ints) -> Floats:
    """100 × rank ÷ number ranked; NaN where there is no rank."""
    return np.asarray(100 * rank / np.maximum(ranked, 1))


def rank_from_worst(values: Floats, higher_is_better: bool, ties: TieRule = TieRule.AVERAGE) -> Floats:
    """Ranks 1…N from the worst of N values (no NaN) along the last axis, each line for itself.

    Equal values share the mean, worst or best rank.
    """
    order = np.argsort(values if higher_is_better else -values, axis=-1)
    ordered = np.take_along_axis(values, order, -1)
    return _spread(order, ordered[..., 1:] != ordered[..., :-1], ties)


def rank_among(
    values: Floats, theirs: Floats, ranked: Bools, own: Ints, ties: TieRule, same: float
) -> Floats:
    """Percent from the worst of each of n values (more is better), each by itself among M others.

    `theirs` (M) of which some are `ranked`; `own` (n) is one's own position among them, left out, −1 for
    none; values within `same` are equal. NaN for NaN.
    """
    ordered = np.sort(theirs[ranked])
    here = (own >= 0) & ranked[own]
    mine = theirs[own]
    less = np.searchsorted(ordered, values - same, "left") - (here & (mine < values - same))
    upto = np.searchsorted(ordered, values + same, "right") - (here & (mine <= values + same))
    rank = rank_of(less, upto - less, ties)
    return np.asarray(np.where(np.isnan(values), np.nan, 100 * rank / (len(ordered) + 1 - here)))


def rank_of(less: Ints, equal: Ints, ties: TieRule) -> Floats:
    """A rank from the worst, given how many others are worse and how many are equal."""
    of_ties = {TieRule.AVERAGE: equal / 2, TieRule.WORST: 0 * equal, TieRule.BEST: equal}[ties]
    return np.asarray(less + 1 + of_ties)


def _rank_composites(values: Floats, ties: TieRule) -> Floats:
    order = np.argsort(values, axis=-1)
    return _spread(order, np.diff(np.take_along_axis(values, order, -1)) > SAME, ties)


def _spread(order: npt.NDArray[np.intp], differs: Bools, ties: TieRule) -> Floats:
    """Ranks by position in `order`; runs without a difference between neighbours share one rank."""
    size = order.shape[-1]
    if not order.size:
        return np.empty(order.shape)
    begins = np.ones(order.shape, np.bool_)
    begins[..., 1:] = differs
    starts = np.flatnonzero(begins)
    lengths = np.diff(starts, append=order.size)
    before = starts % size
    shared = {
        TieRule.AVERAGE: before + (lengths + 1) / 2,
        TieRule.WORST: before + 1.0,
        TieRule.BEST: (before + lengths).astype(np.float64),
    }[ties]
    ranks = np.empty(order.shape)
    np.put_along_axis(ranks, order, np.repeat(shared, lengths).reshape(order.shape), -1)
    return ranks


def stand(among: Pool) -> RankStanding:
    """Rank a pool: each indicator, the means of domains, the composite, and its ranks."""
    many = stand_often(among, {}, 1)
    each = np.full((len(among.swd), len(POSITION)), np.nan)
    for code, percents in many.indicator.items():
        each[:, POSITION[code]] = percents[0]
    domains = {name: values[0] for name, values in many.domain.items()}
    return RankStanding(each, domains, many.composite[0], many.rank[0], many.ranked, many.groups)


def stand_often(among: Pool, drawn: Mapping[str, Floats], times: int) -> Standings:
    """Rank a pool several times, with other values of some indicators each time.

    `drawn` gives values (times×M) of those that change; they may not change who has a value. An indicator
    that is not in it is ranked once.
    """
    if among.evaluation.rank_among is RankAmong.ALL:
        return _stand_together(among, drawn, times, "")
    return _stand_apart(among, drawn, times)


def _stand_apart(among: Pool, drawn: Mapping[str, Floats], times: int) -> Standings:
    """Each type ranked by itself, put together again."""
    size = len(among.swd)
    groups: dict[str, RankedGroup] = {}
    found = _nowhere(among, size, drawn, times)
    for kind in among.kinds:
        there = np.flatnonzero(among.kind == kind)
        mine = {code: values[:, there] for code, values in drawn.items()}
        together = _stand_together(part(among, kind), mine, times, kind)
        for code, percents in together.indicator.items():
            found.indicator[code][:, there] = percents
        for name, means in together.domain.items():
            found.domain[name][:, there] = means
        found.composite[:, there], found.rank[:, there] = together.composite, together.rank
        found.ranked[there] = together.ranked
        groups |= together.groups
    return replace(found, groups=groups)


def _nowhere(among: Pool, size: int, drawn: Mapping[str, Floats], times: int) -> Standings:
    """A pool of which nobody is ranked yet."""
    each = {code: np.full((times if code in drawn else 1, size), np.nan) for code in among.entered}
    domains = {domain.id: np.full((times, size), np.nan) for domain in among.evaluation.domains}
    composite, rank = np.full((times, size), np.nan), np.full((times, size), np.nan)
    return Standings(each, domains, composite, rank, np.zeros(size, np.int64), {})


def _stand_together(among: Pool, drawn: Mapping[str, Floats], times: int, kind: str) -> Standings:
    evaluation = among.evaluation
    size = len(among.swd)
    ranking = np.flatnonzero(among.swd > evaluation.swd_over)
    each, ranked_on = {}, {}
    for code in among.entered:
        column = POSITION[code]
        fit = np.flatnonzero(fit_to_rank(among, code))
        ranked_on[code] = len(fit)
        values = (drawn[code] if code in drawn else among.value[np.newaxis, :, column])[:, fit]
        each[code] = np.full((len(values), size), np.nan)
        if len(fit):
            better = INDICATORS[column].higher_is_better
            each[code][:, fit] = 100 * rank_from_worst(values, better, evaluation.ties) / len(fit)
    composite, domains = composites(each, evaluation, (times, size))
    ranked = ranking[~np.isnan(composite[0, ranking])]
    rank = np.full((times, size), np.nan)
    rank[:, ranked] = _rank_composites(composite[:, ranked], evaluation.ties)
    number = np.full(size, len(ranked), np.int64)
    return Standings(each, domains, composite, rank, number, {kind: RankedGroup(len(ranked), ranked_on)})


def composites(
    each: Mapping[str, Floats], evaluation: Evaluation, shape: tuple[int, int]
) -> tuple[Floats, dict[str, Floats]]:
    """Mean of the available domains, each the mean of its available indicators; NaN with too few domains."""
    total, weights, available = np.zeros(shape), np.zeros(shape[1]), np.zeros(shape[1], np.int64)
    domains = {}
    for domain in evaluation.domains:
        summed, count = np.zeros((1, shape[1])), np.zeros(shape[1], np.int64)
        for code in domain.indicators:
            if code in each:
                there = ~np.isnan(each[code][0])
                summed = summed + np.where(there, each[code], 0.0)
                count += there
        has = count > 0
        mean = np.divide(summed, count, out=np.full(summed.shape, np.nan), where=has)
        domains[domain.id] = np.broadcast_to(mean, shape)
        weight = float(domain.weight)
        total += np.where(has, mean, 0.0) * weight
        weights += np.where(has, weight, 0.0)
        available += has
    enough = (available >= evaluation.min_domains) & (weights > 0)
    composite = np.divide(total, weights, out=np.full(shape, np.nan), where=enough)
    return composite, domains
