"""Which clause can be the first to hold, over every world that the unknown facts of an LEA allow together.

The facts behind clauses fall into groups that vary independently of each other: years of disproportionality
(with "newly" and Sig Dis), findings, missed targets, each percentile (`cim_core.rules.groups`). They are
joined by `possible`: a clause decides in some world if it can be first in its own group while in every other
group something later, or nothing, is first (method: possible worlds).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from cim_core.data.dataset import NONE, Bools, Codes, Dataset, Ints
from cim_core.data.facts import Fact
from cim_core.placing import contradictions
from cim_core.rules.groups import Firsts, WholeNumbers
from cim_core.rules.known import SIGNIFICANT_YEARS, World
from cim_core.rules.outcome import Outcome


def possible(groups: Sequence[Firsts], rows: int, clauses: int) -> Bools:
    """Which clause can decide (R×(C+1)), the last column: that none holds."""
    allowed = np.ones((rows, clauses + 1), np.bool_)
    for group in groups:
        later = np.logical_or.accumulate(group.first[:, ::-1], axis=1)[:, ::-1]
        own = [*group.at, clauses]
        others = np.setdiff1d(np.arange(clauses), group.at)
        allowed[:, own] &= group.first[:, own]
        allowed[:, others] &= later[:, others]
    return allowed


@dataclass(frozen=True, slots=True)
class _Stated:
    """What is known of one row's disproportionality: classes of years from `low` to `high`, 1, 0 or −1."""

    low: int
    high: int
    newly: int
    sig_dis: int
    in_plan: bool
    contradicted: bool = False
    """Whether the areas or the counts by race that are given speak against it."""

    @property
    def excludes_itself(self) -> bool:
        """Whether Sig Dis stands beside "not newly" without years that would explain both, or something
        else that is given speaks against what is stated."""
        significant = self.sig_dis == Outcome.TRUE and not self.in_plan
        unexplained = significant and self.newly == Outcome.FALSE and 0 == self.low < self.high
        return unexplained or self.contradicted


def of_years(dataset: Dataset, numbers: WholeNumbers) -> list[tuple[list[World], Ints]]:
    """Every world of disproportionality that what is known allows, with the rows that have the same ones.

    One year means newly identified; newly means one year or more (another area may be in its second); not
    newly means none, or two and more; Sig Dis means three years or more, unless the LEA is said to be still
    in a plan for it. What contradicts itself is read every way that leaves one statement out.
    """
    return [(_worlds(stated, numbers), rows) for stated, rows in _kinds(dataset, numbers)]


def contradicted(dataset: Dataset) -> Bools:
    """Rows (R) whose statements about disproportionality exclude one another, or what else is given."""
    numbers = WholeNumbers.of((1, 2, SIGNIFICANT_YEARS))
    found = np.zeros(len(dataset), np.bool_)
    for stated, rows in _kinds(dataset, numbers):
        found[rows] = stated.excludes_itself or not _consistent(stated, numbers)
    return found


def _kinds(dataset: Dataset, numbers: WholeNumbers) -> list[tuple[_Stated, Ints]]:
    """The different things that are stated, each with its rows: there are few of them."""
    years = dataset.disproportionate_years
    known = years >= 0
    last = len(numbers) - 1
    low = np.where(known, numbers.of_numbers(years), 0)
    high = np.where(known, low, last)
    if dataset.worked_out is not None:
        bounded = (dataset.worked_out.least >= 0) & ~known
        low = np.where(bounded, numbers.of_numbers(dataset.worked_out.least), low)
        high = np.where(bounded, numbers.of_numbers(dataset.worked_out.most), high)
    newly, sig_dis = dataset.newly_disproportionate, _said_apart_from_years(dataset)
    if dataset.assumed(Fact.DISPROPORTIONALITY):
        taken = ~dataset.knows_disproportionality & (sig_dis != Outcome.TRUE)
        taken &= ~contradictions.areas_above_none(dataset)
        low, high = np.where(taken, 0, low), np.where(taken, 0, high)
        newly = np.where(taken, Outcome.FALSE, newly)
    in_plan, against = np.asarray(dataset.cceis == Outcome.TRUE), contradictions.from_outside(dataset)
    key = (low * len(numbers) + high).astype(np.int64)
    for flag, kinds in ((newly + 1, 3), (sig_dis + 1, 3), (in_plan, 2), (against, 2)):
        key = key * kinds + flag
    found = []
    for one in np.flatnonzero(np.bincount(key)) if len(key) else ():
        rows = np.flatnonzero(key == one)
        at = rows[0]
        known_years = int(low[at]), int(high[at])
        flags = bool(in_plan[at]), bool(against[at])
        stated = _Stated(*known_years, int(newly[at]), int(sig_dis[at]), *flags)
        found.append((stated, rows))
    return found


def _said_apart_from_years(dataset: Dataset) -> Codes:
    """Sig Dis without what only follows from counts where the years are known anyway: a rulebook may call
    fewer years significant than the regulation, and then it says no more of the years than they do."""
    worked = dataset.worked_out
    if worked is None:
        return dataset.sig_dis
    years_known = (worked.least >= 0) | (dataset.disproportionate_years >= 0)
    return np.where(worked.sig_dis & years_known, NONE, dataset.sig_dis).astype(np.int8)


def _worlds(stated: _Stated, numbers: WholeNumbers) -> list[World]:
    """Every world that agrees with all that is stated; where there is none, or where it excludes itself,
    those that agree with all of it but one statement."""
    worlds = [] if stated.excludes_itself else _consistent(stated, numbers)
    if worlds:
        return worlds
    last = len(numbers) - 1
    ways = [
        (stated.low > 0 or stated.high < last, _without(stated, low=0, high=last)),
        (stated.newly != NONE, _without(stated, newly=NONE)),
        (stated.sig_dis == Outcome.TRUE, _without(stated, sig_dis=NONE)),
    ]
    found = [world for applies, way in ways if applies for world in _consistent(way, numbers)]
    return list(dict.fromkeys(found)) or _consistent(_Stated(0, last, NONE, NONE, False), numbers)


def _without(stated: _Stated, **other: int) -> _Stated:
    return replace(stated, contradicted=False, **other)  # type: ignore[arg-type]


def _consistent(stated: _Stated, numbers: WholeNumbers) -> list[World]:
    found = []
    for years in numbers.starts[stated.low : stated.high + 1].tolist():
        if stated.sig_dis == Outcome.TRUE and not stated.in_plan and years < SIGNIFICANT_YEARS:
            continue
        for newly in (False, True):
            agrees = stated.newly == NONE or bool(stated.newly) == newly
            if agrees and (newly or years != 1) and (not newly or years >= 1):
                found.append(World(years, newly))
    return found
