"""Risk ratios by race and ethnicity, and years in a row; `from_counts` says which facts follow from them.

Method: 34 CFR 300.646–647. Risk = children of a group with an outcome ÷ children of the group. Risk ratio =
that risk ÷ the risk of all other children in the LEA; alternate risk ratio = ÷ the risk of all other children
in the state, where the LEA's comparison group is under a minimum. Interval: Katz, Baptista, Azen and Pike
1978, "Obtaining confidence intervals for the risk ratio in cohort studies", Biometrics 34:469–474.
Three-valued throughout: what is not known is neither over the threshold nor under it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction
from weakref import WeakKeyDictionary

import numpy as np

from cim_core.data.dataset import Bools, Codes, Floats, Ints
from cim_core.data.race_counts import AREAS, NOT_GIVEN, OPEN, SEVEN, STATE, Area, Counts, Group
from cim_core.placing.risk_interval import katz
from cim_core.rules.rulebook import Comparator, Disproportionality, Minimums

_YES, _NO, _UNKNOWN = 1, 0, -1
_TOTAL = Group.TOTAL


class RatioStatus(IntEnum):
    """What came of one LEA, year, area and group: a ratio, or why there is none."""

    NO_COUNTS = 0
    RATIO = 1
    ALTERNATE = 2
    FEW_CELL = 3
    FEW_N = 4
    SUPPRESSED = 5
    OTHERS_UNKNOWN = 6
    STATE_UNKNOWN = 7
    STATE_FEW = 8
    UNDEFINED = 9

    @property
    def word(self) -> str:
        """The lower-case name, as in files and message ids."""
        return self.name.lower()

    @property
    def calculated(self) -> bool:
        """Whether there is a ratio."""
        return self in (RatioStatus.RATIO, RatioStatus.ALTERNATE)


@dataclass(frozen=True, slots=True, eq=False)
class Ratios:
    """L LEAs × Y years × 15 areas × 7 groups, in the order of `Area` and `Group`.

    `cell`, `total` (children of the group) and `others_cell`, `others_total` (the comparison group, of the
    state where the ratio is an alternate one) are int64, −1 where unknown. `ratio`, `low`, `high` (float64,
    NaN where there is none) are for showing; `over` (int8: 1, 0, −1 unknown) was decided in whole numbers.
    `least` and `most` (int64) bound the years in a row that end with each year, `most` up to `OPEN`.
    `years_least`, `years_most`, `significant` (int8) and `given` (bool) are L × Y: the longest run over all
    areas of the regulation, whether a run is long enough to be significant, whether any counts were given.
    """

    leas: tuple[str, ...]
    years: tuple[str, ...]
    rules: Disproportionality
    cell: Ints
    total: Ints
    others_cell: Ints
    others_total: Ints
    status: Codes
    ratio: Floats
    low: Floats
    high: Floats
    over: Codes
    least: Ints
    most: Ints
    years_least: Ints
    years_most: Ints
    significant: Codes
    given: Bools

    def place(self, lea_key: str, year: str) -> tuple[int, int] | None:
        """Where an LEA and year stand in the arrays; None when there are no counts of it."""
        if lea_key not in self.leas or year not in self.years:
            return None
        at = self.leas.index(lea_key), self.years.index(year)
        return at if (self.status[at] != RatioStatus.NO_COUNTS).any() else None

    def exact(self, at: tuple[int, int, int, int]) -> Fraction | None:
        """The exact ratio of one place; None where there is none."""
        if not RatioStatus(int(self.status[at])).calculated:
            return None
        top = Fraction(int(self.cell[at]), int(self.total[at]))
        return top / Fraction(int(self.others_cell[at]), int(self.others_total[at]))

    def fewer_to_clear(self, at: tuple[int, int, int, int]) -> int | None:
        """The fewest children fewer in the group's cell with which the ratio would not be over the threshold,
        or not be worked out for too few; the comparison group stays. None where it is not over."""
        if self.over[at] != _YES:
            return None
        cell, total = int(self.cell[at]), int(self.total[at])
        others = Fraction(int(self.others_cell[at]), int(self.others_total[at]))
        most = Fraction(self.rules.threshold) * total * others
        allowed = math.floor(most) if self.rules.comparator is Comparator.GREATER else math.ceil(most) - 1
        out = self.rules.minimums is Minimums.EITHER or total < self.rules.min_n
        return cell - (max(allowed, self.rules.min_cell - 1) if out else allowed)

    def above_parity(self, at: tuple[int, int, int, int]) -> Fraction | None:
        """Students of the group with the outcome beyond what the comparison group's risk would give."""
        if not RatioStatus(int(self.status[at])).calculated:
            return None
        expected = Fraction(int(self.total[at]) * int(self.others_cell[at]), int(self.others_total[at]))
        return int(self.cell[at]) - expected


_MEASURED: WeakKeyDictionary[Counts, dict[Disproportionality, Ratios]] = WeakKeyDictionary()
_KEPT = 2
"""A scenario is held beside the rules as they are."""


def measure(counts: Counts, rules: Disproportionality) -> Ratios:
    """What `measure_anew` gives; counts that are still in use keep what was measured last by a few rules."""
    known = _MEASURED.get(counts, {})
    found = known[rules] if rules in known else measure_anew(counts, rules)
    others = [each for each in known.items() if each[0] != rules]
    _MEASURED[counts] = dict([*others[1 - _KEPT :], (rules, found)])
    return found


def measure_anew(counts: Counts, rules: Disproportionality) -> Ratios:
    """Every risk ratio that the counts allow, by the rules' minimums and threshold.

    State figures come from rows about the state only: among some uploaded LEAs nothing is summed up and
    called the state.
    """
    leas, lea_at = np.unique(counts.lea_key, return_inverse=True)
    years, year_at = np.unique(counts.year, return_inverse=True)
    shape = len(leas), len(years), len(Area), _TOTAL + 1
    place = lea_at, year_at, counts.area, counts.group
    cells, totals = np.full(shape, NOT_GIVEN, np.int64), np.full(shape, NOT_GIVEN, np.int64)
    there, suppressed = np.zeros(shape, np.bool_), np.zeros(shape, np.bool_)
    cells[place], totals[place] = counts.cell, counts.total
    there[place], suppressed[place] = True, counts.suppressed
    everywhere = [np.array(one) for one in _comparison(cells, totals)]
    own = leas != STATE
    state_cell, state_total = (
        one[~own][0] if (~own).any() else np.full(one.shape[1:], NOT_GIVEN, np.int64) for one in everywhere
    )
    cell, total = cells[own][..., : len(SEVEN)], totals[own][..., : len(SEVEN)]
    others_cell, others_total = (one[own] for one in everywhere)
    most_cell, most_total = (_at_most(one[own]) for one in (cells, totals))
    status = _status(
        rules, cell, total, most_cell, most_total, others_cell, others_total, state_cell, state_total
    )
    status[(status == RatioStatus.SUPPRESSED) & ~suppressed[own][..., : len(SEVEN)]] = RatioStatus.NO_COUNTS
    alternate = status == RatioStatus.ALTERNATE
    others_cell = np.where(alternate, state_cell, others_cell)
    others_total = np.where(alternate, state_total, others_total)
    calculated = np.isin(status, (RatioStatus.RATIO, RatioStatus.ALTERNATE))
    ratio, low, high = katz(calculated, cell, total, others_cell, others_total)
    over = _over(rules, status, cell, total, others_cell, others_total)
    least, most = _runs(over, [str(year) for year in years])
    regulated = (slice(None), slice(None), slice(len(AREAS)))
    years_least = least[regulated].max(axis=(2, 3), initial=0)
    years_most = most[regulated].max(axis=(2, 3), initial=0)
    enough = rules.years_significant
    return Ratios(
        leas=tuple(leas[own].tolist()), years=tuple(years.tolist()), rules=rules,
        cell=cell, total=total, others_cell=others_cell, others_total=others_total, status=status,
        ratio=ratio, low=low, high=high, over=over, least=least, most=most,
        years_least=years_least, years_most=years_most,
        significant=np.where(
            years_least >= enough, _YES, np.where(years_most < enough, _NO, _UNKNOWN)
        ).astype(np.int8),
        given=there[own][regulated].any(axis=(2, 3)),
    )  # fmt: skip


def _comparison(cells: Ints, totals: Ints) -> tuple[Ints, Ints]:
    """All other children: everybody less the group where a total is given, else the six other groups.

    Unknown (−1) where one of the six is not known and there is no total either.
    """
    seven = (..., slice(len(SEVEN)))
    by_total = (cells[..., [_TOTAL]] >= 0) & (totals[..., [_TOTAL]] >= 0)
    by_total = by_total & (cells[seven] >= 0) & (totals[seven] >= 0)
    by_groups = ((cells[seven] >= 0) & (totals[seven] >= 0)).all(axis=-1, keepdims=True)
    found = []
    for each in (cells, totals):
        less = each[..., [_TOTAL]] - each[seven]
        summed = each[seven].sum(axis=-1, keepdims=True) - each[seven]
        found.append(np.where(by_total, less, np.where(by_groups, summed, NOT_GIVEN)))
    impossible = (found[0] < 0) | (found[1] < 0) | (found[0] > found[1])
    first, second = (np.where(impossible, NOT_GIVEN, each) for each in found)
    return first, second


def _at_most(each: Ints) -> Ints:
    """The most that an unknown number can be: what the known groups leave of everybody; −1 for no bound."""
    known = each[..., :_TOTAL]
    rest = each[..., _TOTAL] - np.where(known >= 0, known, 0).sum(axis=-1)
    rest = np.where((each[..., _TOTAL] >= 0) & (rest >= 0), rest, NOT_GIVEN)
    return np.broadcast_to(rest[..., None], (*rest.shape, len(SEVEN)))


def _status(
    rules: Disproportionality,
    cell: Ints,
    total: Ints,
    most_cell: Ints,
    most_total: Ints,
    others_cell: Ints,
    others_total: Ints,
    state_cell: Ints,
    state_total: Ints,
) -> Codes:
    """Ratio, alternate ratio, or the first reason why neither is calculated (34 CFR 300.647(b)(5), (c)).

    The rules' `minimums` join the two minimums for the comparison groups as well.
    """
    upper_cell = np.where(cell >= 0, cell, most_cell)
    upper_total = np.where(total >= 0, total, most_total)
    either = rules.minimums is Minimums.EITHER
    few_n = (upper_total >= 0) & (upper_total < rules.min_n)
    few_cell = (upper_cell >= 0) & (upper_cell < rules.min_cell)

    def few(cells: Ints, totals: Ints) -> Bools:
        under_cell, under_n = cells < rules.min_cell, totals < rules.min_n
        return under_cell | under_n if either else under_cell & under_n

    few_others, few_state = few(others_cell, others_total), few(state_cell, state_total)
    conditions = [
        few_n if either else few_n & few_cell,
        few_cell & either,
        (cell < 0) | (total < 0),
        (others_cell < 0) | (others_total < 0),
        few_others & ((state_cell < 0) | (state_total < 0)),
        few_others & few_state,
        few_others & ((state_cell == 0) | (total == 0)),
        few_others,
        (others_cell == 0) | (total == 0),
    ]
    reasons = [
        RatioStatus.FEW_N, RatioStatus.FEW_CELL, RatioStatus.SUPPRESSED, RatioStatus.OTHERS_UNKNOWN,
        RatioStatus.STATE_UNKNOWN, RatioStatus.STATE_FEW, RatioStatus.UNDEFINED, RatioStatus.ALTERNATE,
        RatioStatus.UNDEFINED,
    ]  # fmt: skip
    return np.select(conditions, reasons, RatioStatus.RATIO).astype(np.int8)


def _over(
    rules: Disproportionality, status: Codes, cell: Ints, total: Ints, others_cell: Ints, others_total: Ints
) -> Codes:
    """Whether each ratio is over the threshold, in whole numbers: 18/120 against 44/880 is exactly 3.

    A group, or the state's comparison group, under a minimum cannot be identified, so it is not over.
    """
    top, bottom = rules.threshold.as_integer_ratio()
    left, right = cell * others_total * bottom, total * others_cell * top
    exceeds = left >= right if rules.comparator is Comparator.AT_LEAST else left > right
    over = np.full(status.shape, _UNKNOWN, np.int8)
    calculated = np.isin(status, (RatioStatus.RATIO, RatioStatus.ALTERNATE))
    over[calculated] = exceeds[calculated]
    over[np.isin(status, (RatioStatus.FEW_CELL, RatioStatus.FEW_N, RatioStatus.STATE_FEW))] = _NO
    return over


def _runs(over: Codes, years: list[str]) -> tuple[Ints, Ints]:
    """Years in a row ending with each year, at least and at most, of the same LEA, area and group."""
    least, most = np.zeros(over.shape, np.int64), np.zeros(over.shape, np.int64)
    for at, year in enumerate(years):
        follows = at > 0 and int(years[at - 1][:4]) + 1 == int(year[:4])
        before = least[:, at - 1] if follows else np.zeros_like(least[:, 0])
        before_most = most[:, at - 1] if follows else np.full_like(most[:, 0], OPEN)
        now = over[:, at]
        least[:, at] = np.where(now == _YES, before + 1, 0)
        most[:, at] = np.where(now == _NO, 0, np.minimum(before_most + 1, OPEN))
    return least, most
