"""Evaluations and statewide percentiles against a named reference.

Method (CDE names the domains; the arithmetic is assumed, and all its numbers are rulebook data): each
indicator is ranked from the worst over the LEAs above the small-LEA line, p = 100 × rank ÷ number ranked;
a domain is the mean of its available p, the composite the mean of the available domains; composites are
ranked the same way. A percentile here is "percent from the worst": small is bad.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum

import numpy as np
import numpy.typing as npt

from cim_core.dataset import NONE, Bools, Codes, Dataset, Floats, Ints
from cim_core.indicators import INDICATORS, POSITION
from cim_core.lea_types import local_rows
from cim_core.rulebook import Evaluation, Rulebook, TieRule

SAME = 1e-10
"""Composites closer than this are ties: sums of the same fractions differ by far less, others by far more."""


class ReferenceKind(StrEnum):
    """Against whom LEAs are ranked."""

    STATEWIDE = "statewide"
    WITHIN = "within"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Reference:
    """Against whom LEAs are ranked: a statewide dataset, only the upload itself, or nobody."""

    kind: ReferenceKind
    dataset: Dataset | None = None
    title: str = ""

    @property
    def name(self) -> str:
        """How the reference is called in sentences."""
        if self.dataset is None:
            return self.kind.value
        return self.title or self.dataset.name


NO_REFERENCE = Reference(ReferenceKind.NONE)
WITHIN = Reference(ReferenceKind.WITHIN)


class Ranked(IntEnum):
    """Whether a row has a percentile, and if not, why."""

    COMPUTED = 0
    FROM_FILE = 1
    SMALL = 2
    SWD_UNKNOWN = 3
    TOO_FEW = 4
    NO_REFERENCE = 5
    NO_REFERENCE_YEAR = 6
    NOTHING_TO_RANK = 7


@dataclass(frozen=True, slots=True)
class YearUsed:
    """How one year of the upload was ranked: the reference's year, its size, what was in it, what not.

    `ranked` LEAs have a composite; `ranked_on` says for each indicator that entered how many LEAs were ranked
    on it.
    """

    year: str
    reference_year: str | None
    ranked: int
    ranked_on: Mapping[str, int]
    left_out: tuple[str, ...]

    @property
    def entered(self) -> tuple[str, ...]:
        """The indicators that entered the ranking."""
        return tuple(self.ranked_on)

    @property
    def older(self) -> bool:
        """Whether an earlier year of the reference stood in."""
        return self.reference_year is not None and self.reference_year != self.year


@dataclass(frozen=True, slots=True, eq=False)
class Percentile:
    """One evaluation over all rows of a dataset (R rows, K indicators of the catalogue).

    `percentile` (R) and `indicator` (R×K) are percent from the worst, NaN where there is none; `composite`
    (R) is what was ranked; `rank` (R) counts from the worst, among `ranked` (R) LEAs; `state` (R) holds
    `Ranked` codes; `years` says how each year of the dataset was ranked. `low` and `high` (R) are the ends
    between which the percentile surely lies: both the percentile itself where it is known exactly, NaN where
    it may be anywhere.
    """

    evaluation: Evaluation
    reference: Reference
    percentile: Floats
    low: Floats
    high: Floats
    indicator: Floats
    composite: Floats
    domain: Mapping[str, Floats]
    rank: Floats
    ranked: Floats
    state: Codes
    years: tuple[YearUsed, ...] = ()

    def used(self, year: str) -> YearUsed | None:
        """How a year of the dataset was ranked; None where nothing was computed."""
        return next((one for one in self.years if one.year == year), None)


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """Everybody who may be ranked in one year of an evaluation: the upload's rows, then the reference's.

    `rows` (n) index the dataset, `others` (m) the reference's dataset; `value` and `denominator` ((n+m)×K),
    `swd` (n+m). `entered` are the indicators ranked on; `reference_year` None: there is no year to rank in.
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


def evaluate(dataset: Dataset, rulebook: Rulebook, reference: Reference) -> dict[str, Percentile]:
    """Every evaluation of the rulebook over the dataset, by id. A percentile in the file wins over all."""
    return {one.id: _evaluate(dataset, one, reference) for one in rulebook.evaluations}


def rank_from_worst(values: Floats, higher_is_better: bool, ties: TieRule = TieRule.AVERAGE) -> Floats:
    """Ranks 1…N from the worst of N values (no NaN) along the last axis, each line for itself.

    Equal values share the mean, worst or best rank.
    """
    order = np.argsort(values if higher_is_better else -values, axis=-1)
    ordered = np.take_along_axis(values, order, -1)
    return _spread(order, ordered[..., 1:] != ordered[..., :-1], ties)


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


def _evaluate(dataset: Dataset, evaluation: Evaluation, reference: Reference) -> Percentile:
    size = len(dataset)
    out = Percentile(
        evaluation=evaluation,
        reference=reference,
        percentile=np.full(size, np.nan),
        low=np.full(size, np.nan),
        high=np.full(size, np.nan),
        indicator=np.full((size, len(POSITION)), np.nan),
        composite=np.full(size, np.nan),
        domain={domain.id: np.full(size, np.nan) for domain in evaluation.domains},
        rank=np.full(size, np.nan),
        ranked=np.full(size, np.nan),
        state=np.full(size, Ranked.NO_REFERENCE, np.int8),
    )
    used: tuple[YearUsed, ...] = ()
    if reference.kind is not ReferenceKind.NONE:
        used = tuple(_one_year(dataset, evaluation, reference, year, out) for year in dataset.years)
    out.state[dataset.swd < 0] = Ranked.SWD_UNKNOWN
    out.state[(dataset.swd >= 0) & (dataset.swd <= evaluation.swd_over)] = Ranked.SMALL
    given = dataset.preschool_percentile if evaluation.id == "preschool" else dataset.percentile
    in_file = ~np.isnan(given)
    out.percentile[in_file] = given[in_file]
    out.state[in_file] = Ranked.FROM_FILE
    out.low[:] = out.high[:] = out.percentile
    return replace(out, years=used)


def pool(dataset: Dataset, evaluation: Evaluation, reference: Reference, year: str) -> Pool:
    """Everybody who may be ranked in one year; `reference_year` None where there is nobody to rank among."""
    rows = dataset.rows_of_year(year)
    state = reference.dataset
    value, denominator, swd = dataset.value[rows], dataset.denominator[rows], dataset.swd[rows]
    state_year = None if reference.kind is ReferenceKind.NONE else year
    others = np.empty(0, np.int64)
    enough = set(evaluation.indicators) & set(dataset.indicators)
    if state is not None:
        earlier = [one for one in state.years if one <= year]
        state_year, enough = (earlier[-1], enough) if earlier else (None, set())
    if state is not None and state_year is not None:
        of_year = state.rows_of_year(state_year)
        enough = {code for code in evaluation.indicators if _holds_enough(state, of_year, code, evaluation)}
        others = of_year[~np.isin(state.lea_key[of_year], dataset.lea_key[rows])]
        value = np.concatenate([value, state.value[others]])
        denominator = np.concatenate([denominator, state.denominator[others]])
        known = np.where(local_rows(dataset.lea_key[rows]), NONE, swd)  # in the state under another code
        swd = np.concatenate([known, state.swd[others]])
    entered = tuple(code for code in evaluation.indicators if code in enough)
    return Pool(evaluation, year, state_year, entered, rows, others, value, denominator, swd)


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
    composite, domains = _composite(each, evaluation, (times, size))
    ranked = ranking[~np.isnan(composite[0, ranking])]
    rank = np.full((times, size), np.nan)
    rank[:, ranked] = _rank_composites(composite[:, ranked], evaluation.ties)
    return Standings(each, domains, composite, rank, len(ranked), ranked_on)


def fit_to_rank(among: Pool, code: str) -> Bools:
    """Who of a pool can be ranked on an indicator: enough students in the LEA and behind the value."""
    evaluation, column = among.evaluation, POSITION[code]
    enough = among.denominator[:, column] >= evaluation.min_denominator
    return np.asarray((among.swd > evaluation.swd_over) & ~np.isnan(among.value[:, column]) & enough)


def _one_year(
    dataset: Dataset, evaluation: Evaluation, reference: Reference, year: str, out: Percentile
) -> YearUsed:
    """Rank one year of the upload; writes into the arrays of `out` for the rows of that year."""
    among = pool(dataset, evaluation, reference, year)
    rows = among.rows
    if among.reference_year is None:
        out.state[rows] = Ranked.NO_REFERENCE_YEAR
        return YearUsed(year, None, 0, {}, evaluation.indicators)
    found = stand(among)
    size = len(rows)
    mine = np.flatnonzero(among.swd[:size] > evaluation.swd_over)
    out.state[rows] = Ranked.TOO_FEW if among.entered else Ranked.NOTHING_TO_RANK
    out.indicator[rows[mine]] = found.indicator[mine]
    for name, values in found.domain.items():
        out.domain[name][rows[mine]] = values[mine]
    out.composite[rows[mine]] = found.composite[mine]
    out.rank[rows[mine]] = found.rank[mine]
    out.ranked[rows] = found.ranked
    out.percentile[rows[mine]] = found.percentile[mine]
    out.state[rows[~np.isnan(found.rank[:size])]] = Ranked.COMPUTED
    left_out = tuple(code for code in evaluation.indicators if code not in among.entered)
    return YearUsed(year, among.reference_year, found.ranked, found.ranked_on, left_out)


def _holds_enough(state: Dataset, of_year: Ints, code: str, evaluation: Evaluation) -> bool:
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


def _composite(
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
