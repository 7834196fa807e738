"""What usually happens next: of real LEAs this close, how many were in the same placement a year later.

Measured on consecutive years of the statewide reference by `python -m docs.next_year`, which writes the table
that is read here; nothing is worked out anew per request. A statement is made only for a placement that is
settled and whose closeness comes from targets or ranks: nothing public says how findings, disproportionality
or timelines at 100 % behave from year to year. What moves everybody (chronic absence fell by 5 points) is in.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from cim_core.outlook.closeness import Closeness, RowCloseness, Untested, What

TABLE = Path(__file__).with_name("next_year.toml")
MEASURED = frozenset(("susp", "chronic", "ela_dfs", "math_dfs"))
"""What the state's file holds of our indicators: up to 10 students others are alike, beyond they are not."""
BINS: tuple[tuple[int, int | None], ...] = ((1, 3), (4, 10), (11, 30), (31, None))
"""Students or places: from, to (both included); the last holds those whom nothing found would move, too."""


class Silent(StrEnum):
    """Why nothing is said about a year later."""

    UNTESTED = "untested"
    NOT_SETTLED = "not_settled"
    NOT_MEASURED = "not_measured"
    MORE_THAN_MEASURED = "more_than_measured"
    NOT_CARRIED = "not_carried"


@dataclass(frozen=True, slots=True)
class Bin:
    """LEAs of one closeness, for each pair of years: `stayed` of `of` placements, of `leas` different LEAs.

    One LEA is seen at several levels of targets, so `error` is the standard error of the share over LEAs.
    """

    start: int
    to: int | None
    stayed: tuple[int, ...]
    of: tuple[int, ...]
    leas: tuple[int, ...]
    error: tuple[float, ...]

    @property
    def share(self) -> float:
        """The share that stayed, over all pairs of years."""
        return sum(self.stayed) / sum(self.of)

    @property
    def in_ten(self) -> int:
        """The same as so many in 10."""
        return int(10 * self.share + 0.5)

    def of_pair(self, at: int) -> float:
        """The share of one pair of years."""
        return self.stayed[at] / self.of[at]


@dataclass(frozen=True, slots=True)
class Single:
    """One indicator against a target: `stayed` of `of` results, by students to the target and group size."""

    indicator: str
    start: int
    to: int | None
    least_group: int
    stayed: tuple[int, ...]
    of: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class NextYearTable:
    """Everything measured: the pairs of years, and the most targets that any LEA had within 3 students."""

    pairs: tuple[str, ...]
    most_near: int
    bins: tuple[Bin, ...]
    singles: tuple[Single, ...]

    def bin(self, count: int | None) -> Bin:
        """The bin of so many students or places; None is beyond all of them."""
        return self.bins[bin_of(count)]


@cache
def table() -> NextYearTable:
    """The table that ships with the project, read once per process."""
    held = tomllib.loads(TABLE.read_text("utf-8"))
    bins = tuple(
        Bin(one["from"], one.get("to"), *(tuple(one[name]) for name in ("stayed", "of", "leas", "error")))
        for one in held["placement"]
    )
    singles = tuple(
        Single(
            single["indicator"],
            single["from"],
            single.get("to"),
            single["least_group"],
            *(tuple(single[name]) for name in ("stayed", "of")),
        )
        for single in held["result"]
    )
    return NextYearTable(tuple(held["pairs"]), held["most_near"], bins, singles)


def bin_of(count: int | None) -> int:
    """Which of `BINS` a number of students or places is in."""
    if count is None:
        return len(BINS) - 1
    return next(at for at, (_, to) in enumerate(BINS) if to is None or count <= to)


def next_year(found: RowCloseness) -> Bin | Silent:
    """What became of real LEAs this close, or why nothing is said."""
    if found.untested not in (None, Untested.NOT_SETTLED):
        return Silent.UNTESTED
    if not found.settled:
        return Silent.NOT_SETTLED
    if found.by_fact or (found.first is not None and found.first.what in (What.RATIO, What.EXPOSURE)):
        return Silent.NOT_MEASURED
    if found.by_one + found.by_few > table().most_near:
        return Silent.MORE_THAN_MEASURED
    plan = None if found.first is None else found.first.plan
    outside = found.first is None or (
        plan is not None and any(each.indicator not in MEASURED for each in plan.changes)
    )
    if found.closeness is Closeness.SOLID and outside:
        return Silent.NOT_CARRIED
    return table().bin(found.count)
