"""Everybody who is ranked together, and their ranks: pools, standings, and against whom they are ranked.

Method: see `cim_core.ranking`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from cim_core import fill
from cim_core.dataset import NONE, Bools, Dataset, Floats, Ints
from cim_core.fill import Filled
from cim_core.indicators import INDICATORS, POSITION
from cim_core.lea_types import local_rows
from cim_core.rulebook import Evaluation, TieRule

SAME = 1e-10
"""Composites closer than this are ties: sums of the same fractions differ by far less, others by far more."""


class ReferenceKind(StrEnum):
    """Against whom LEAs are ranked."""

    STATEWIDE = "statewide"
    WITHIN = "within"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Reference:
    """Against whom LEAs are ranked: a statewide dataset, only the upload itself, or nobody.

    `fill`: whether ranking values that the upload lacks are taken from the dataset's row of the same LEA and
    year (`cim_core.fill`).
    """

    kind: ReferenceKind
    dataset: Dataset | None = None
    title: str = ""
    fill: bool = True

    @property
    def name(self) -> str:
        """How the reference is called in sentences."""
        if self.dataset is None:
            return self.kind.value
        return self.title or self.dataset.name


NO_REFERENCE = Reference(ReferenceKind.NONE)
WITHIN = Reference(ReferenceKind.WITHIN)


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """Everybody who may be ranked in one year of an evaluation: the upload's rows, then the reference's.

    `rows` (n) index the dataset, `others` (m) the reference's dataset; `value` and `denominator` ((n+m)×K),
    `swd` (n+m). `entered` are the indicators ranked on; `reference_year` None: there is no year to rank in.
    `filled` says what of the upload's rows comes from the reference.
    """

    evaluation: Evaluation
    year: str
    reference_year: str | None
    entered: tuple[str, ...]
    rows: Ints
    others: Ints
    value: Floats
    denominator: Ints
    swd: Ints
    filled: Filled

    @property
    def in_reference(self) -> Ints:
        """Where each of the n+m stands in the reference's dataset, −1 for LEAs that are not in it."""
        return np.concatenate([self.filled.twins, self.others])

    @property
    def from_reference(self) -> Bools:
        """The cells ((n+m)×K) that are the reference's own."""
        return np.concatenate([self.filled.cells, np.ones((len(self.others), len(POSITION)), np.bool_)])


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """A pool ranked (M LEAs, K indicators); percents from the worst, NaN for those who are not ranked.

    `ranked` LEAs have a composite; `ranked_on` says for each indicator how many were ranked on it.
    """

    indicator: Floats
    domain: Mapping[str, Floats]
    composite: Floats
    rank: Floats
    ranked: int
    ranked_on: Mapping[str, int]

    @property
    def percentile(self) -> Floats:
        """100 × rank ÷ number ranked."""
        return np.asarray(100 * self.rank / self.ranked if self.ranked else np.full(len(self.rank), np.nan))


@dataclass(frozen=True, slots=True, eq=False)
class Standings:
    """A pool ranked often (times×M), see `Standing`; `indicator` has one line where nothing changed."""

    indicator: Mapping[str, Floats]
    domain: Mapping[str, Floats]
    composite: Floats
    rank: Floats
    ranked: int
    ranked_on: Mapping[str, int]

    @property
    def percentile(self) -> Floats:
        """100 × rank ÷ number ranked."""
        return np.asarray(100 * self.rank / self.ranked if self.ranked else np.full(self.rank.shape, np.nan))


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


def pool(dataset: Dataset, evaluation: Evaluation, reference: Reference, year: str) -> Pool:
    """Everybody who may be ranked in one year; `reference_year` None where there is nobody to rank among."""
    rows = dataset.rows_of_year(year)
    state = reference.dataset
    state_year = None if reference.kind is ReferenceKind.NONE else year
    if state is not None:
        state_year = max((one for one in state.years if one <= year), default=None)
    if state is None or state_year is None:
        enough = set(dataset.indicators) if state is None else set()
        filled, others = fill.as_given(dataset, rows), np.empty(0, np.int64)
        value, denominator, swd = filled.value, filled.denominator, filled.swd
    else:
        of_year = state.rows_of_year(state_year)
        enough = {code for code in evaluation.indicators if holds_enough(state, of_year, code, evaluation)}
        others = of_year[~np.isin(state.lea_key[of_year], dataset.lea_key[rows])]
        filled = filled_in(dataset, rows, reference, year)
        value = np.concatenate([filled.value, state.value[others]])
        denominator = np.concatenate([filled.denominator, state.denominator[others]])
        swd = np.concatenate([filled.swd, state.swd[others]])
    entered = tuple(code for code in evaluation.indicators if code in enough)
    return Pool(evaluation, year, state_year, entered, rows, others, value, denominator, swd, filled)


def filled_in(dataset: Dataset, rows: Ints, reference: Reference, year: str) -> Filled:
    """What rows of a year are ranked on; nothing is filled in where another year of the reference stands in.

    An LEA under a code of the upload's own is in the state under another one: its number of students is taken
    as unknown, so that it is not ranked beside itself.
    """
    state = reference.dataset
    if state is None:
        return fill.as_given(dataset, rows)
    of_year = state.rows_of_year(year) if reference.fill else np.empty(0, np.int64)
    found = fill.of(dataset, rows, state, of_year)
    return replace(found, swd=np.where(local_rows(dataset.lea_key[rows]), NONE, found.swd))


def state_pool(state: Dataset, evaluation: Evaluation, year: str) -> Pool:
    """Everybody of a statewide dataset who may be ranked in one year of its own."""
    others = state.rows_of_year(year)
    entered = tuple(code for code in evaluation.indicators if holds_enough(state, others, code, evaluation))
    nobody = np.empty(0, np.int64)
    return Pool(
        evaluation, year, year, entered, nobody, others,
        state.value[others], state.denominator[others], state.swd[others], fill.as_given(state, nobody),
    )  # fmt: skip


def stand(among: Pool) -> Standing:
    """Rank a pool: each indicator, the means of domains, the composite, and its ranks."""
    many = stand_often(among, {}, 1)
    each = np.full((len(among.swd), len(POSITION)), np.nan)
    for code, percents in many.indicator.items():
        each[:, POSITION[code]] = percents[0]
    domains = {name: values[0] for name, values in many.domain.items()}
    return Standing(each, domains, many.composite[0], many.rank[0], many.ranked, many.ranked_on)


def stand_often(among: Pool, drawn: Mapping[str, Floats], times: int) -> Standings:
    """Rank a pool several times, with other values of some indicators each time.

    `drawn` gives values (times×M) of those that change; they may not change who has a value. An indicator
    that is not in it is ranked once.
    """
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
    return Standings(each, domains, composite, rank, len(ranked), ranked_on)


def fit_to_rank(among: Pool, code: str) -> Bools:
    """Who of a pool can be ranked on an indicator: enough students in the LEA and behind the value."""
    evaluation, column = among.evaluation, POSITION[code]
    enough = among.denominator[:, column] >= evaluation.min_denominator
    return np.asarray((among.swd > evaluation.swd_over) & ~np.isnan(among.value[:, column]) & enough)


def holds_enough(state: Dataset, of_year: Ints, code: str, evaluation: Evaluation) -> bool:
    """Whether the reference itself holds enough values, and any that can be ranked at all.

    Without the second, a reference that gives no number of students would leave the upload ranked among
    itself.
    """
    column = POSITION[code]
    values = ~np.isnan(state.value[of_year, column])
    in_pool = (state.swd[of_year] > evaluation.swd_over) & (
        state.denominator[of_year, column] >= evaluation.min_denominator
    )
    return bool(values.sum() >= evaluation.min_reference_values and (values & in_pool).any())


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
