"""Which clause can be the first to hold, over every world that the unknown facts of an LEA allow together.

The facts behind clauses fall into groups that vary independently of each other: years of disproportionality
(with "newly" and Sig Dis), findings, missed targets, each percentile. A `Firsts` says of one group, for each
row, which of its clauses can be the first of the group to hold, and whether none may. Groups are joined by
`possible`: a clause decides in some world if it can be first in its own group while in every other group
something later, or nothing, is first (method: possible worlds).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from cim_core.data.dataset import NONE, Bools, Codes, Dataset, Floats, Ints
from cim_core.data.facts import Fact
from cim_core.placing import contradictions
from cim_core.placing.outcome import Outcome
from cim_core.rules.rulebook import Clause

SIGNIFICANT_YEARS = 3
"""Significant disproportionality means at least so many years in a row (34 CFR 300.647(d)(1))."""


@dataclass(frozen=True, slots=True, eq=False)
class Firsts:
    """One group of clauses over R rows of a rulebook of C clauses.

    `at` are the group's clauses by their place in the rulebook; `first` (R×(C+1)) says which of them can be
    the first to hold, the last column that none does; `can` and `must` (R×len(at)) whether each holds in some
    world, and in every one.
    """

    at: tuple[int, ...]
    first: Bools
    can: Bools
    must: Bools

    @property
    def outcomes(self) -> Codes:
        """Each clause by itself (R×len(at)): true in every world, false in every world, or unknown."""
        some = np.where(self.can, Outcome.UNKNOWN, Outcome.FALSE)
        return np.where(self.must, Outcome.TRUE, some).astype(np.int8)


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


def of_classes(
    clauses: Sequence[Clause],
    at: Sequence[int],
    total: int,
    holds: Callable[[Clause, int], bool],
    classes: int,
    low: Ints,
    high: Ints,
) -> Firsts:
    """A group whose clauses look at one number: `low` and `high` (R) are the classes it can be in, of
    `classes` in their order; within a class every clause gives the same answer `holds`."""
    size = len(low)
    first = np.zeros((size, total + 1), np.bool_)
    can, must = np.zeros((size, len(at)), np.bool_), np.ones((size, len(at)), np.bool_)
    for one in range(classes):
        within = (low <= one) & (one <= high)
        if not within.any():
            continue
        truth = [holds(clauses[place], one) for place in at]
        first[:, _leading(at, truth, total)] |= within
        for column, true in enumerate(truth):
            if true:
                can[:, column] |= within
            else:
                must[:, column] &= ~within
    return Firsts(tuple(at), first, can, must)


def _leading(at: Sequence[int], truth: Sequence[bool], none: int) -> int:
    """The first clause that holds, `none` where none does."""
    return next((place for place, true in zip(at, truth, strict=True) if true), none)


def alone(at: int, total: int, can: Bools, must: Bools) -> Firsts:
    """A group of one clause that looks at several numbers."""
    first = np.zeros((len(can), total + 1), np.bool_)
    first[:, at], first[:, total] = can, ~must
    return Firsts((at,), first, can[:, np.newaxis], must[:, np.newaxis])


def never(group: Firsts, rows: Bools) -> Firsts:
    """The same with no clause of the group holding in some rows."""
    first, can, must = group.first.copy(), group.can.copy(), group.must.copy()
    first[rows], can[rows], must[rows] = False, False, False
    first[rows, -1] = True
    return Firsts(group.at, first, can, must)


@dataclass(frozen=True, slots=True, eq=False)
class WholeNumbers:
    """Classes of whole numbers between which no clause tells a difference; each is named by its least."""

    starts: Ints

    @classmethod
    def of(cls, clauses: Sequence[Clause], more: Sequence[int] = ()) -> WholeNumbers:
        """The classes that the bounds of some clauses make, and further starts."""
        starts = {0, *more}
        for clause in clauses:
            starts |= {clause.at_least} if clause.at_least is not None else set()
            starts |= {clause.at_most + 1} if clause.at_most is not None else set()
        return cls(np.array(sorted(one for one in starts if one >= 0), np.int64))

    def __len__(self) -> int:
        return len(self.starts)

    def of_numbers(self, numbers: Ints) -> Ints:
        """The class of each number."""
        return np.searchsorted(self.starts, numbers, "right").astype(np.int64) - 1


def holds_count(clause: Clause, number: int) -> bool:
    """Whether a whole number is within a clause's bounds."""
    at_most = clause.at_most
    return number >= (clause.at_least or 0) and (at_most is None or number <= at_most)


@dataclass(frozen=True, slots=True, eq=False)
class Percents:
    """Classes of percents from the worst: each edge of some bands, and what lies between two edges."""

    edges: Floats

    @classmethod
    def of(cls, clauses: Sequence[Clause]) -> Percents:
        """The classes that the edges of some bands make."""
        each = {float(edge) for clause in clauses for edge in clause.edges}
        return cls(np.array(sorted(each), np.float64))

    def __len__(self) -> int:
        return 2 * len(self.edges) + 1

    def of_numbers(self, percents: Floats) -> Ints:
        """The class of each percent (no NaN)."""
        left = np.searchsorted(self.edges, percents, "left")
        return np.asarray(left + np.searchsorted(self.edges, percents, "right"), np.int64)

    def inside(self, one: int) -> float:
        """A percent of a class."""
        at, on_edge = divmod(one, 2)
        if on_edge:
            return float(self.edges[at])
        if not len(self.edges):
            return 50.0
        if at == 0:
            return float(self.edges[0]) - 1
        if at == len(self.edges):
            return float(self.edges[-1]) + 1
        return float(self.edges[at - 1] + self.edges[at]) / 2


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


@dataclass(frozen=True, slots=True)
class _World:
    """Years in a row (the least of their class), and whether newly identified."""

    years: int
    newly: bool


def of_disproportionality(clauses: Sequence[Clause], at: Sequence[int], dataset: Dataset) -> Firsts:
    """The group of clauses on disproportionate years, over all worlds that what is known allows.

    One year means newly identified; newly means one year or more (another area may be in its second); not
    newly means none, or two and more; Sig Dis means three years or more, unless the LEA is said to be still
    in a plan for it. What contradicts itself is read every way that leaves one statement out.
    """
    total = len(clauses)
    size = len(dataset)
    numbers = WholeNumbers.of([clauses[place] for place in at], (1, 2, SIGNIFICANT_YEARS))
    first = np.zeros((size, total + 1), np.bool_)
    can, must = np.zeros((size, len(at)), np.bool_), np.zeros((size, len(at)), np.bool_)
    if not at:
        first[:, total] = True
        return Firsts((), first, can, must)
    for stated, rows in _kinds(dataset, numbers):
        truths = [_truths(clauses, at, world) for world in _worlds(stated, numbers)]
        for truth in truths:
            first[rows, _leading(at, truth, total)] = True
        can[rows] = np.any(truths, axis=0)
        must[rows] = np.all(truths, axis=0)
    return Firsts(tuple(at), first, can, must)


def contradicted(dataset: Dataset) -> Bools:
    """Rows (R) whose statements about disproportionality exclude one another, or what else is given."""
    numbers = WholeNumbers.of((), (1, 2, SIGNIFICANT_YEARS))
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
    newly, sig_dis = dataset.newly_disproportionate, dataset.sig_dis
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


def _worlds(stated: _Stated, numbers: WholeNumbers) -> list[_World]:
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


def _consistent(stated: _Stated, numbers: WholeNumbers) -> list[_World]:
    found = []
    for years in numbers.starts[stated.low : stated.high + 1].tolist():
        if stated.sig_dis == Outcome.TRUE and not stated.in_plan and years < SIGNIFICANT_YEARS:
            continue
        for newly in (False, True):
            agrees = stated.newly == NONE or bool(stated.newly) == newly
            if agrees and (newly or years != 1) and (not newly or years >= 1):
                found.append(_World(years, newly))
    return found


def _truths(clauses: Sequence[Clause], at: Sequence[int], world: _World) -> list[bool]:
    return [world.newly if clauses[place].newly else holds_count(clauses[place], world.years) for place in at]
