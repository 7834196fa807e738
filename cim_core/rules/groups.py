"""Clauses whose facts vary together, over every world that the unknown facts of an LEA allow.

A group says of its clauses, for each row, which of them can be the first to hold, and whether none may;
groups vary independently of each other and are joined in `cim_core.placing.worlds`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from cim_core.data.arrays import Bools, Codes, Floats, Ints
from cim_core.rules.outcome import Outcome


def three_valued(holds: Bools, known: Bools) -> Codes:
    """`Outcome` codes: whether each holds where that is known, unknown elsewhere."""
    return np.where(known, holds, Outcome.UNKNOWN).astype(np.int8)


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


def of_classes(
    at: Sequence[int], total: int, classes: int, low: Ints, high: Ints, truth: Callable[[int], Sequence[bool]]
) -> Firsts:
    """A group whose clauses look at one number: `low` and `high` (R) are the classes it can be in, of
    `classes` in their order; within a class every clause gives the same answer, see `truth`."""
    size = len(low)
    first = np.zeros((size, total + 1), np.bool_)
    can, must = np.zeros((size, len(at)), np.bool_), np.ones((size, len(at)), np.bool_)
    for number in range(classes):
        within = (low <= number) & (number <= high)
        if not within.any():
            continue
        answers = truth(number)
        first[:, _leading(at, answers, total)] |= within
        for column, true in enumerate(answers):
            if true:
                can[:, column] |= within
            else:
                must[:, column] &= ~within
    return Firsts(tuple(at), first, can, must)


def of_worlds(
    at: Sequence[int], total: int, size: int, each: Iterable[tuple[Sequence[Sequence[bool]], Ints]]
) -> Firsts:
    """A group of which some rows at a time have the same worlds: what its clauses answer in each of them."""
    first = np.zeros((size, total + 1), np.bool_)
    can, must = np.zeros((size, len(at)), np.bool_), np.zeros((size, len(at)), np.bool_)
    for worlds, rows in each:
        for answers in worlds:
            first[rows, _leading(at, answers, total)] = True
        can[rows] = np.any(worlds, axis=0)
        must[rows] = np.all(worlds, axis=0)
    return Firsts(tuple(at), first, can, must)


def _leading(at: Sequence[int], answers: Sequence[bool], none: int) -> int:
    """The first clause that holds, `none` where none does."""
    return next((place for place, true in zip(at, answers, strict=True) if true), none)


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
    def of(cls, starts: Iterable[int]) -> WholeNumbers:
        """The classes that begin at some numbers (none of them below 0), and at 0."""
        return cls(np.array(sorted({0, *(start for start in starts if start > 0)}), np.int64))

    def __len__(self) -> int:
        return len(self.starts)

    def of_numbers(self, numbers: Ints) -> Ints:
        """The class of each number."""
        return np.searchsorted(self.starts, numbers, "right").astype(np.int64) - 1


@dataclass(frozen=True, slots=True, eq=False)
class Percents:
    """Classes of percents from the worst: each edge of some bands, and what lies between two edges."""

    edges: Floats

    @classmethod
    def of(cls, edges: Iterable[float]) -> Percents:
        """The classes that some edges make."""
        return cls(np.array(sorted(set(edges)), np.float64))

    def __len__(self) -> int:
        return 2 * len(self.edges) + 1

    def of_numbers(self, percents: Floats) -> Ints:
        """The class of each percent (no NaN)."""
        left = np.searchsorted(self.edges, percents, "left")
        return np.asarray(left + np.searchsorted(self.edges, percents, "right"), np.int64)

    def inside(self, number: int) -> float:
        """A percent of a class."""
        at, on_edge = divmod(number, 2)
        if on_edge:
            return float(self.edges[at])
        if not len(self.edges):
            return 50.0
        if at == 0:
            return float(self.edges[0]) - 1
        if at == len(self.edges):
            return float(self.edges[-1]) + 1
        return float(self.edges[at - 1] + self.edges[at]) / 2
