"""One threshold along its range: the exact values at which somebody moves.

For most thresholds each LEA has one value of its own at which its outcome turns (its rate for a target, its
percentile for an edge, its count for a count). Two placements, one below every such value and one above, then
tell where everybody is on either side; no grid is walked. The few thresholds under which an LEA can turn more
than once (least numbers of students, who is ranked) are walked over the values that occur in the data.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from cim_core.data.dataset import Bools, Dataset, Floats, Ints, Missing
from cim_core.data.indicators import POSITION, get
from cim_core.placing.placement import place
from cim_core.placing.ranking import Percentile, Ranked, Reference
from cim_core.placing.targets_met import rounded
from cim_core.rules.clause import Basis
from cim_core.rules.known import Known
from cim_core.rules.rulebook import Comparator, Rulebook
from cim_core.rules.settings import SMALL_LEA, RulebookArea
from cim_core.rules.thresholds import Threshold, ThresholdGroup
from cim_core.whatif.change_points import ChangePoint, Ratio, in_short
from cim_core.whatif.comparison import severities
from cim_core.whatif.walks import Sweep as Sweep
from cim_core.whatif.walks import changed, clause_of, decimal, walk

_LOW, _HIGH = -1, 10**6
_MORE_THAN_ONCE = (ThresholdGroup.COUNTING, ThresholdGroup.RANKING, ThresholdGroup.DISPROPORTIONALITY)
"""Where an LEA may turn more than once: others are ranked or counted, or second year, first year, none."""


@dataclass(frozen=True, slots=True)
class _Turn:
    """Where each row turns: its own value (NaN for never), and whether the new outcome holds at it.

    Each value is 100 × `top` ÷ `bottom` where those are given (NaN or not positive where not).
    """

    value: Floats
    at: bool
    top: Floats | None = None
    bottom: Floats | None = None
    of_students: bool = False

    def ratio(self, row: int) -> Ratio | None:
        """The two numbers behind the value of a row."""
        if self.top is None or self.bottom is None or not (self.top[row] >= 0 and self.bottom[row] > 0):
            return None
        return Ratio(Decimal(float(self.top[row])), int(self.bottom[row]), self.of_students)


def sweep(
    threshold: Threshold,
    rulebook: Rulebook,
    dataset: Dataset,
    reference: Reference,
    percentiles: Mapping[str, Percentile],
) -> Sweep:
    """All changes of a threshold of a rulebook over the whole dataset.

    `percentiles` are those of the rulebook as it is; they are used where the threshold leaves ranking alone.
    Raises SchemaError when the rulebook does not have the threshold.
    """
    sides = _sides(threshold, rulebook, dataset, reference, percentiles)
    if sides is None:
        return walk(threshold, rulebook, dataset, reference, percentiles)
    turn, low, high = sides
    rows = np.flatnonzero((low != high) & ~np.isnan(turn.value))
    rows = rows[np.argsort(turn.value[rows], kind="stable")]
    values = [decimal(float(turn.value[row])) for row in rows]
    short = in_short(values, turn.at, rulebook.precision)
    changes = tuple(
        ChangePoint(
            value, turn.at, int(row), int(low[row]), int(high[row]), short[value], turn.ratio(int(row))
        )
        for value, row in zip(values, rows, strict=True)
    )
    return Sweep(threshold, changes, low)


def grid(
    first: Threshold,
    second: Threshold,
    rulebook: Rulebook,
    dataset: Dataset,
    reference: Reference,
    percentiles: Mapping[str, Percentile],
    rows: Ints,
    values: tuple[list[Decimal], list[Decimal]],
) -> Ints:
    """How many of some rows are placed elsewhere than now, for each pair of values of two thresholds.

    Shape: len(values[0]) × len(values[1]); −1 where the two do not fit together. Raises SchemaError as
    `sweep` does.
    """
    now = severities(place(dataset, rulebook, reference, percentiles))[rows]
    moved = np.full((len(values[0]), len(values[1])), -1, np.int64)
    for x, value in enumerate(values[0]):
        fitting = changed(rulebook, first.changes(value))
        there = (
            None if fitting is None else _along(second, fitting, dataset, reference, percentiles, rulebook)
        )
        for y, other in enumerate(values[1]):
            if there is not None and first.group is not second.group:
                moved[x, y] = int((there(other)[rows] != now).sum())
                continue
            both = changed(rulebook, first.changes(value) | second.changes(other))
            if both is None:
                continue
            if there is not None:
                after = there(other)
            else:
                given = percentiles if both.evaluations == rulebook.evaluations else None
                after = severities(place(dataset, both, reference, given))
            moved[x, y] = int((after[rows] != now).sum())
    return moved


def _along(
    threshold: Threshold,
    rulebook: Rulebook,
    dataset: Dataset,
    reference: Reference,
    percentiles: Mapping[str, Percentile],
    base: Rulebook,
) -> Callable[[Decimal], Ints] | None:
    """Everybody's placement at any value of a threshold; None where an LEA may turn more than once."""
    if rulebook.evaluations != base.evaluations:
        percentiles = place(dataset, rulebook, reference).percentiles
    sides = _sides(threshold, rulebook, dataset, reference, percentiles)
    if sides is None:
        return None
    turn, low, high = sides
    return lambda value: np.where(_turned(turn, float(value)), high, low)


def _sides(
    threshold: Threshold,
    rulebook: Rulebook,
    dataset: Dataset,
    reference: Reference,
    percentiles: Mapping[str, Percentile],
) -> tuple[_Turn, Ints, Ints] | None:
    """Where each row turns, and its placement below and above; None where a row may turn more than once."""
    if threshold.group in _MORE_THAN_ONCE:
        return None
    low = place(dataset, _extreme(rulebook, threshold, _LOW), reference, percentiles)
    turn = _turn(threshold, rulebook, dataset, percentiles, low.known)
    if turn is None:
        return None
    high = place(dataset, _extreme(rulebook, threshold, _HIGH), reference, percentiles)
    return turn, severities(low), severities(high)


def _turned(turn: _Turn, value: float) -> Bools:
    with np.errstate(invalid="ignore"):
        return np.asarray(turn.value <= value if turn.at else turn.value < value)


def _turn(
    threshold: Threshold, rulebook: Rulebook, dataset: Dataset, percentiles: Mapping[str, Percentile],
    known: Known,
) -> _Turn | None:  # fmt: skip
    """Each row's own value under a threshold; None where a row may turn more than once. `known` is what the
    clauses of the rulebook look at."""
    setting = threshold.setting
    if setting.area is RulebookArea.TARGETS:
        target = rulebook.target(setting.id)
        if target is None or target.value is None:
            return None
        column = POSITION[setting.id]
        value = rounded(dataset, column, rulebook.precision)
        value = np.where(dataset.missing[:, column] == Missing.PRESENT, value, np.nan)
        at = target.comparator in (Comparator.GREATER, Comparator.AT_MOST)
        given = dataset.counts_given()[:, column] & ~dataset.inferred[:, column]
        top = np.where(given & get(setting.id).has_numerator, dataset.numerator[:, column], np.nan)
        return _Turn(value, at, top, dataset.denominator[:, column].astype(np.float64), of_students=True)
    if setting == SMALL_LEA:
        return _Turn(_known(dataset.swd), True)
    clause = clause_of(rulebook, setting)
    if clause is None:
        return None
    turning = clause.turns_at(setting.name, known)
    if turning is None:
        return None
    if clause.basis is not Basis.COMPOSITE:
        return _Turn(*turning)
    found = percentiles[clause.evaluation]
    rank = np.where(found.state == Ranked.COMPUTED, found.rank, np.nan)
    return _Turn(*turning, rank, found.ranked)


def _known(counts: Ints) -> Floats:
    return np.where(counts >= 0, counts, np.nan).astype(np.float64)


def _extreme(rulebook: Rulebook, threshold: Threshold, value: int) -> Rulebook:
    """The rulebook with a threshold below or above everything, without the checks of a file."""
    for setting, _ in threshold.settings:
        to = -_HIGH if setting.area is RulebookArea.TARGETS and value < 0 else value
        rulebook = setting.put(rulebook, to)
    return rulebook
