"""Evaluations and statewide percentiles against a named reference.

Method (CDE names the domains; the arithmetic is assumed, and all its numbers are rulebook data): each
indicator is ranked from the worst over the LEAs above the small-LEA line, p = 100 × rank ÷ number ranked;
a domain is the mean of its available p, the composite the mean of the available domains; composites are
ranked the same way. A percentile here is "percent from the worst": small is bad.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np

from cim_core.data.dataset import NONE, Bools, Codes, Dataset, Floats, Ints
from cim_core.data.indicators import POSITION
from cim_core.placing.pools import NO_REFERENCE, WITHIN, Pool, Reference, ReferenceKind, fit_to_rank, pool
from cim_core.placing.shift import Shift, bounds, measured
from cim_core.placing.standing import SAME, RankStanding, Standings, rank_from_worst, stand, stand_often
from cim_core.rules.evaluations import Evaluation, RankAmong
from cim_core.rules.rulebook import Rulebook

__all__ = [
    "NO_REFERENCE",
    "SAME",
    "WITHIN",
    "Percentile",
    "Pool",
    "Ranked",
    "Reference",
    "ReferenceKind",
    "RankStanding",
    "Standings",
    "YearUsed",
    "bounded",
    "evaluate",
    "fit_to_rank",
    "pool",
    "rank_from_worst",
    "stand",
    "stand_often",
]


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
    TYPE_UNKNOWN = 8
    IN_PROGRESS = 9
    WITHHELD = 10


@dataclass(frozen=True, slots=True)
class YearUsed:
    """How one year of the upload was ranked: the reference's year, its size, what was in it, what not.

    `ranked` LEAs have a composite; `ranked_on` says for each indicator that entered how many LEAs were ranked
    on it. `shift`: how far ranks shift from the reference's year to this one, None where the year is the same
    or the reference cannot tell. `kind`: the type of LEAs that were ranked, "" for all of them.
    """

    year: str
    reference_year: str | None
    ranked: int
    ranked_on: Mapping[str, int]
    left_out: tuple[str, ...]
    shift: Shift | None = None
    kind: str = ""

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
    `Ranked` codes; `years` says how each year of the dataset was ranked, and `ranked_by` (R) which of them
    ranked a row, −1 for none. `low` and `high` (R) are the ends between which the percentile surely lies:
    both the percentile itself where it is known exactly, NaN where it may be anywhere; `indicator_low` and
    `indicator_high` (R×K) the same of `indicator`. Only a year of the reference that stands in for another
    makes intervals (`cim_core.placing.shift`); see `bounded`. `filled` (R×K) marks the indicators that are
    ranked on
    the state file's own value, since the upload has none, and `filled_swd` (R) the rows whose number of
    students with disabilities is the state file's.
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
    indicator_low: Floats
    indicator_high: Floats
    filled: Bools
    filled_swd: Bools
    ranked_by: Ints
    years: tuple[YearUsed, ...] = ()

    def used(self, row: int) -> YearUsed | None:
        """How the others of a row were ranked; None where nothing was computed."""
        at = int(self.ranked_by[row])
        return self.years[at] if at >= 0 else None

    def of_year(self, year: str) -> tuple[YearUsed, ...]:
        """How a year of the dataset was ranked: once, or each type of LEAs by itself."""
        return tuple(one for one in self.years if one.year == year)

    def from_state(self, row: int) -> tuple[str, ...]:
        """The indicators on which a row is ranked with the state file's own value, in catalogue order."""
        return tuple(code for code, at in POSITION.items() if self.filled[row, at])


def evaluate(dataset: Dataset, rulebook: Rulebook, reference: Reference) -> dict[str, Percentile]:
    """Every evaluation of the rulebook over the dataset, by id. A percentile in the file wins over all."""
    return {one.id: evaluated(dataset, one, reference) for one in rulebook.evaluations}


def evaluated(dataset: Dataset, evaluation: Evaluation, reference: Reference) -> Percentile:
    """One evaluation over the dataset; see `evaluate`."""
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
        indicator_low=np.full((size, len(POSITION)), np.nan),
        indicator_high=np.full((size, len(POSITION)), np.nan),
        filled=np.zeros((size, len(POSITION)), np.bool_),
        filled_swd=np.zeros(size, np.bool_),
        ranked_by=np.full(size, NONE, np.int64),
    )
    used: list[YearUsed] = []
    if reference.kind is not ReferenceKind.NONE:
        for year in dataset.every_year:
            if dataset.in_progress[dataset.everybody_of(year)].all():
                continue
            used += _one_year(dataset, evaluation, reference, year, out, len(used))
    out.state[(dataset.swd < 0) & ~out.filled_swd] = Ranked.SWD_UNKNOWN
    out.state[dataset.in_progress] = Ranked.IN_PROGRESS
    out.state[(dataset.swd >= 0) & (dataset.swd <= evaluation.swd_over)] = Ranked.SMALL
    _withhold(dataset, out)
    given = dataset.stated_percentile(evaluation.column)
    in_file = ~np.isnan(given)
    out.percentile[in_file] = given[in_file]
    out.state[in_file] = Ranked.FROM_FILE
    return bounded(replace(out, years=tuple(used)))


def _withhold(dataset: Dataset, out: Percentile) -> None:
    """Take out what was ranked without a value that an audience does not see, or with the state's in
    its place: it may be anywhere. Where LEAs are ranked among themselves, each of them moves the others."""
    columns = [POSITION[code] for code in out.evaluation.indicators]
    lacking = dataset.withheld(out.evaluation.min_denominator)[:, columns]
    rows = lacking.any(axis=1) & np.isin(out.state, (Ranked.COMPUTED, Ranked.TOO_FEW))
    if out.reference.kind is ReferenceKind.WITHIN:
        rows |= np.isin(dataset.year, dataset.year[rows]) & (out.state == Ranked.COMPUTED)
        out.indicator[rows] = np.nan
    hidden = np.zeros(out.indicator.shape, np.bool_)
    hidden[:, columns] = lacking
    out.indicator[hidden] = np.nan
    out.filled[hidden] = False
    out.state[rows] = Ranked.WITHHELD
    for each in (out.percentile, out.composite, out.rank, *out.domain.values()):
        each[rows] = np.nan


def bounded(found: Percentile) -> Percentile:
    """The same with the ends set that follow from its percents.

    Where the reference's year is the data's own, a percent is exact, and so is one that a file gives.
    """
    stand_ins = [(at, one) for at, one in enumerate(found.years) if one.older]
    older = [(at, one) for at, one in stand_ins if (found.ranked_by == at).any()]
    low = high = found.percentile
    each_low = each_high = found.indicator
    if older:
        low, high, each_low, each_high = low.copy(), high.copy(), each_low.copy(), each_high.copy()
    for at, used in older:
        rows = found.ranked_by == at
        among = max(used.ranked, 1)
        computed = rows & (found.state != Ranked.FROM_FILE)
        if used.shift is None:
            low[computed] = high[computed] = np.nan
            each_low[rows] = each_high[rows] = np.nan
            continue
        shift = used.shift
        low[computed], high[computed] = bounds(found.percentile[computed], shift.low, shift.high, 100 / among)
        least = np.array([100 / max(used.ranked_on.get(code, 1), 1) for code in POSITION])
        each_low[rows], each_high[rows] = bounds(
            found.indicator[rows], shift.indicator_low, shift.indicator_high, least
        )
    return replace(found, low=low, high=high, indicator_low=each_low, indicator_high=each_high)


def _one_year(
    dataset: Dataset, evaluation: Evaluation, reference: Reference, year: str, out: Percentile, first: int
) -> list[YearUsed]:
    """Rank one year of the upload; writes into the arrays of `out` for the rows of that year.

    `first` is the place in `out.years` of the first that is returned.
    """
    among = pool(dataset, evaluation, reference, year)
    rows = among.rows
    if among.reference_year is None:
        out.state[rows] = Ranked.NO_REFERENCE_YEAR
        out.ranked_by[rows] = first
        return [YearUsed(year, None, 0, {}, evaluation.indicators)]
    found = stand(among)
    size = len(rows)
    mine = np.flatnonzero(among.swd[:size] > evaluation.swd_over)
    out.state[rows] = Ranked.TOO_FEW if among.entered else Ranked.NOTHING_TO_RANK
    out.indicator[rows[mine]] = found.indicator[mine]
    out.filled[rows[mine]] = among.filled.cells[mine] & ~np.isnan(found.indicator[mine])
    out.filled_swd[rows[mine]] = among.filled.swd_cells[mine]
    for name, values in found.domain.items():
        out.domain[name][rows[mine]] = values[mine]
    out.composite[rows[mine]] = found.composite[mine]
    out.rank[rows[mine]] = found.rank[mine]
    out.ranked[rows] = found.ranked[:size]
    out.percentile[rows[mine]] = found.percentile[mine]
    out.state[rows[~np.isnan(found.rank[:size])]] = Ranked.COMPUTED
    left_out = tuple(code for code in evaluation.indicators if code not in among.entered)
    stand_in, kind = among.reference_year, among.kind[:size]
    if evaluation.rank_among is RankAmong.TYPE:
        out.state[rows[kind == ""]] = Ranked.TYPE_UNKNOWN
    used: list[YearUsed] = []
    for name, group in found.groups.items():
        of_kind = rows[kind == name]
        if not len(of_kind):
            continue
        out.ranked_by[of_kind] = first + len(used)
        shift = measured(reference, evaluation, stand_in, year, name) if stand_in != year else None
        used.append(YearUsed(year, stand_in, group.ranked, group.ranked_on, left_out, shift, name))
    return used
