"""What clauses look at: the numbers of many LEA-years at once, and how far they are known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from cim_core.data.arrays import Bools, Codes, Floats, Ints
from cim_core.data.dataset import Dataset
from cim_core.data.indicators import POSITION
from cim_core.rules.evaluations import Evaluation
from cim_core.rules.groups import (
    Firsts,
    Percents,
    WholeNumbers,
    alone,
    never,
    of_classes,
    of_worlds,
    three_valued,
)
from cim_core.rules.outcome import Outcome

SIGNIFICANT_YEARS = 3
"""Significant disproportionality means at least so many years in a row (34 CFR 300.647(d)(1))."""
_YEARS = (1, 2, SIGNIFICANT_YEARS)
"""Numbers of years at which it makes a difference, whatever clauses say."""


class RankedRows(Protocol):
    """An evaluation over all rows, percents from the worst: see `cim_core.placing.ranking.Percentile`."""

    @property
    def evaluation(self) -> Evaluation:
        """What was ranked."""

    @property
    def percentile(self) -> Floats:
        """Of all of it (R), NaN where there is none."""

    @property
    def low(self) -> Floats:
        """The lower end of what it may be (R), NaN where it may be anywhere."""

    @property
    def high(self) -> Floats:
        """The upper end (R)."""

    @property
    def indicator_low(self) -> Floats:
        """The lower end of each indicator's (R×K)."""

    @property
    def indicator_high(self) -> Floats:
        """The upper end of each indicator's (R×K)."""


class Band(Protocol):
    """A band of percents from the worst."""

    def under_its_end(self, percents: Floats) -> Bools:
        """Whether each percent is on the inner side of the upper edge."""

    def over_its_start(self, percents: Floats) -> Bools:
        """Whether each percent is on the inner side of the lower edge."""


@dataclass(frozen=True, slots=True)
class World:
    """Years in a row (the least of their class), and whether newly identified."""

    years: int
    newly: bool


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """The numbers of R LEA-years, K indicators each, and the groups of clauses that look at one of them.

    `missed` targets are missed, `may_be_missed` more of them may be, `enough` elements count; the same by
    indicator in `missed_each` and `may_be_missed_each` (R×K). There are `findings`, exactly so many where
    `findings_exact`. `worlds_of_years` gives, for classes of years, the rows that have the same worlds.

    In every group `at` are its clauses by their place in a rulebook of `total` clauses, and `answers` says
    whether each of them holds, in the same order.
    """

    dataset: Dataset
    missed: Ints
    may_be_missed: Ints
    enough: Bools
    missed_each: Bools
    may_be_missed_each: Bools
    findings: Ints
    findings_exact: Bools
    percentiles: Mapping[str, RankedRows]
    worlds_of_years: Callable[[WholeNumbers], Sequence[tuple[Sequence[World], Ints]]]

    def by_number(
        self, at: Sequence[int], total: int, starts: Iterable[int], least: Ints, most: Ints, no_limit: Bools,
        answers: Callable[[int], Sequence[bool]],
    ) -> Firsts:  # fmt: skip
        """A group on a number between two ends (R), without the upper one in some rows; between two `starts`
        the answers are the same."""
        numbers = WholeNumbers.of(starts)
        low = numbers.of_numbers(least)
        high = np.where(no_limit, len(numbers) - 1, numbers.of_numbers(most))
        return of_classes(
            at, total, len(numbers), low, high, lambda at_class: answers(int(numbers.starts[at_class]))
        )

    def by_years(
        self, at: Sequence[int], total: int, starts: Iterable[int], answers: Callable[[World], Sequence[bool]]
    ) -> Firsts:
        """A group on years of disproportionality and on "newly", in every world of the two."""
        worlds = self.worlds_of_years(WholeNumbers.of([*starts, *_YEARS]))
        each = [([answers(world) for world in same], rows) for same, rows in worlds]
        return of_worlds(at, total, len(self.dataset), each)

    def by_percentile(
        self, at: Sequence[int], total: int, evaluation: str, edges: Iterable[float],
        answers: Callable[[Floats], Sequence[bool]],
    ) -> Firsts:  # fmt: skip
        """A group on the percentile of an evaluation: everywhere between its ends, anywhere without them."""
        ranked = self.percentiles[evaluation]
        classes = Percents.of(edges)
        anywhere = np.isnan(ranked.low) | np.isnan(ranked.high)
        low = np.where(anywhere, 0, classes.of_numbers(np.nan_to_num(ranked.low)))
        high = np.where(anywhere, len(classes) - 1, classes.of_numbers(np.nan_to_num(ranked.high)))

        def inside(at_class: int) -> Sequence[bool]:
            return answers(np.array([classes.inside(at_class)]))

        group = of_classes(at, total, len(classes), low, high, inside)
        return self._evaluated(group, ranked, np.isnan(ranked.percentile))

    def by_any_percentile(
        self, at: int, total: int, evaluation: str, codes: Iterable[str], band: Band
    ) -> Firsts:
        """One clause that holds where the percentile of any of some indicators is in a band."""
        ranked = self.percentiles[evaluation]
        columns = [POSITION[code] for code in codes]
        low = ranked.indicator_low[:, columns]
        exact = ranked.indicator_low is ranked.indicator_high
        each = _within(band, low, low if exact else ranked.indicator_high[:, columns])
        can = ~np.asarray((each == Outcome.FALSE).all(axis=1))
        must = np.asarray((each == Outcome.TRUE).any(axis=1))
        return self._evaluated(alone(at, total, can, must), ranked, can & ~must)

    def _evaluated(self, group: Firsts, ranked: RankedRows, unknown: Bools) -> Firsts:
        """The group with nothing holding where its percentiles are `unknown` (R) and the LEA is too small to
        be evaluated, or a person said to take the evaluation's fact as none."""
        swd, fact = self.dataset.swd, ranked.evaluation.fact
        too_small = (swd >= 0) & (swd <= ranked.evaluation.swd_over)
        not_evaluated = unknown & (too_small | (fact is not None and self.dataset.assumed(fact)))
        return never(group, not_evaluated) if not_evaluated.any() else group

    def exact_missed(self) -> Floats | None:
        """The targets missed; None where somebody's count is not known."""
        exact = self.enough.all() and not self.may_be_missed.any()
        return self.missed.astype(np.float64) if exact else None

    def exact_findings(self) -> Floats | None:
        """The findings; None where somebody's are not known."""
        return self.findings.astype(np.float64) if self.findings_exact.all() else None

    def exact_years(self) -> Floats | None:
        """The years of disproportionality; None where somebody's are not stated, or could be others."""
        years = self.dataset.disproportionate_years
        if self.dataset.counts is not None or (years < 0).any():
            return None
        each = self.worlds_of_years(WholeNumbers.of(_YEARS))
        several = any(len({world.years for world in worlds}) > 1 for worlds, _ in each)
        return None if several else years.astype(np.float64)

    def exact_percentile(self, evaluation: str) -> Floats | None:
        """The percentiles (NaN: none); None where somebody's is only known to lie between two ends."""
        ranked = self.percentiles[evaluation]
        between = ~np.isnan(ranked.percentile) & ~(ranked.low == ranked.high)
        return None if between.any() else ranked.percentile


def _within(band: Band, low: Floats, high: Floats) -> Codes:
    """Whether percents that lie between two ends are in the band: all of it, none of it, or not known."""
    known = ~np.isnan(low)
    if low is high:
        return three_valued(_inside(band, low), known)
    known &= ~np.isnan(high)
    inside = _inside(band, low) & _inside(band, high)
    meets = band.over_its_start(high) & band.under_its_end(low)
    return three_valued(inside, known & (inside | ~meets))


def _inside(band: Band, percents: Floats) -> Bools:
    return band.under_its_end(percents) & band.over_its_start(percents)
