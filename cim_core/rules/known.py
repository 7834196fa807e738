"""What clauses look at: the numbers of many LEA-years at once, and how far they are known."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from cim_core.data.arrays import Bools, Floats, Ints
from cim_core.data.dataset import Dataset
from cim_core.rules.evaluations import Evaluation
from cim_core.rules.groups import WholeNumbers

SIGNIFICANT_YEARS = 3
"""Significant disproportionality means at least so many years in a row (34 CFR 300.647(d)(1))."""


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


@dataclass(frozen=True, slots=True)
class World:
    """Years in a row (the least of their class), and whether newly identified."""

    years: int
    newly: bool


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """The numbers of R LEA-years, K indicators each.

    `missed` targets are missed, `may_be_missed` more of them may be, `enough` elements count; the same by
    indicator in `missed_each` and `may_be_missed_each` (R×K). There are `findings`, exactly so many where
    `findings_exact`. `worlds_of_years` gives, for classes of years, the rows that have the same worlds.
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
