"""One threshold along its range: the exact values at which somebody moves.

For most thresholds each LEA has one value of its own at which its outcome turns (its rate for a target, its
percentile for an edge, its count for a count). Two placements, one below every such value and one above, then
tell where everybody is on either side; no grid is walked. The few thresholds under which an LEA can turn more
than once (least numbers of students, who is ranked) are walked over the values that occur in the data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from cim_core import findings
from cim_core.attainment import rounded
from cim_core.change_points import Change, Ratio, in_short
from cim_core.comparison import severities
from cim_core.dataset import Bools, Dataset, Floats, Ints, Missing
from cim_core.indicators import POSITION, get
from cim_core.placement import Result, place
from cim_core.ranking import Percentile, Ranked, Reference
from cim_core.rulebook import Clause, ClauseKind, Comparator, Rulebook
from cim_core.rulebook_file import Raw, from_raw
from cim_core.scenario import Scenario, Value, apply
from cim_core.thresholds import Threshold
from cim_core.toml_table import SchemaError

_LOW, _HIGH = -1, 10**6


@dataclass(frozen=True, slots=True, eq=False)
class Sweep:
    """All changes of one threshold, by value; `start` (R) holds the severities below them all."""

    threshold: Threshold
    changes: tuple[Change, ...]
    start: Ints

    def unmoved(self, rows: Iterable[int], at: Decimal) -> tuple[Decimal | None, bool, Decimal | None, bool]:
        """The range around a value in which none of some rows moves: lower end, whether it is itself inside,
        upper end, whether it is itself inside; None where there is no end. Ends with many decimals are given
        in short, a little inside the range."""
        wanted = set(rows)
        low, low_in, high, high_in = None, True, None, True
        for change in self.changes:
            if change.row not in wanted:
                continue
            if change.value < at or (change.value == at and change.at):
                low, low_in = (change.value, change.at) if change.is_exact else (change.new, True)
            else:
                high, high_in = (change.value, not change.at) if change.is_exact else (change.old, True)
                break
        return low, low_in, high, high_in

    def severities_at(self, value: Decimal) -> Ints:
        """Everybody's placement (as severity) at a value of the threshold."""
        now = self.start.copy()
        for change in self.changes:
            if change.value > value or (change.value == value and not change.at):
                break
            now[change.row] = change.after
        return now


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
    raw: Raw,
    dataset: Dataset,
    reference: Reference,
    percentiles: Mapping[str, Percentile],
) -> Sweep:
    """All changes of a threshold of a rulebook over the whole dataset.

    `percentiles` are those of the rulebook as it is; they are used where the threshold leaves ranking alone.
    Raises SchemaError when the rulebook does not have the threshold.
    """
    rulebook = from_raw(raw, "rulebook")
    sides = _sides(threshold, rulebook, dataset, reference, percentiles)
    if sides is None:
        return _walk(threshold, raw, dataset, reference, percentiles)
    turn, low, high = sides
    rows = np.flatnonzero((low != high) & ~np.isnan(turn.value))
    rows = rows[np.argsort(turn.value[rows], kind="stable")]
    values = [_decimal(float(turn.value[row])) for row in rows]
    short = in_short(values, turn.at, rulebook.precision)
    changes = tuple(
        Change(value, turn.at, int(row), int(low[row]), int(high[row]), short[value], turn.ratio(int(row)))
        for value, row in zip(values, rows, strict=True)
    )
    return Sweep(threshold, changes, low)


def grid(
    first: Threshold,
    second: Threshold,
    raw: Raw,
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
    rulebook = from_raw(raw, "rulebook")
    now = severities(place(dataset, rulebook, reference, percentiles))[rows]
    moved = np.full((len(values[0]), len(values[1])), -1, np.int64)
    for x, one in enumerate(values[0]):
        fitting = _changed(raw, first.changes(one))
        there = (
            None if fitting is None else _along(second, fitting, dataset, reference, percentiles, rulebook)
        )
        for y, other in enumerate(values[1]):
            if there is not None and first.group is not second.group:
                moved[x, y] = int((there(other)[rows] != now).sum())
                continue
            both = _changed(raw, first.changes(one) | second.changes(other))
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
    turn = _turn(threshold, rulebook, dataset, percentiles)
    if turn is None:
        return None
    low, high = (
        severities(place(dataset, _extreme(rulebook, threshold, value), reference, percentiles))
        for value in (_LOW, _HIGH)
    )
    return turn, low, high


def _turned(turn: _Turn, value: float) -> Bools:
    with np.errstate(invalid="ignore"):
        return np.asarray(turn.value <= value if turn.at else turn.value < value)


def _decimal(value: float) -> Decimal:
    return Decimal(repr(value))


def _clause_of(rulebook: Rulebook, key: str) -> tuple[Clause, str] | None:
    area, *rest = key.split(".")
    if area != "clauses" or len(rest) != 2:
        return None
    found = next((clause for clause in rulebook.clauses if clause.id == rest[0]), None)
    return (found, rest[1]) if found is not None else None


def _turn(
    threshold: Threshold, rulebook: Rulebook, dataset: Dataset, percentiles: Mapping[str, Percentile]
) -> _Turn | None:
    """Each row's own value under a threshold; None where a row may turn more than once."""
    key = threshold.id
    area, *rest = key.split(".")
    if area == "targets" and rest[1] == "value":
        target = rulebook.target(rest[0])
        if target is None or target.value is None:
            return None
        column = POSITION[rest[0]]
        value = rounded(dataset, column, rulebook.precision)
        value = np.where(dataset.missing[:, column] == Missing.PRESENT, value, np.nan)
        at = target.comparator in (Comparator.GREATER, Comparator.AT_MOST)
        given = dataset.counts_given()[:, column] & ~dataset.inferred[:, column]
        top = np.where(given & get(rest[0]).has_numerator, dataset.numerator[:, column], np.nan)
        return _Turn(value, at, top, dataset.denominator[:, column].astype(np.float64), of_students=True)
    if key == "tracks.small_lea.max_swd":
        return _Turn(_known(dataset.swd), True)
    named = _clause_of(rulebook, key)
    if named is None:
        return None
    clause, name = named
    if clause.kind is ClauseKind.DISPROPORTIONATE_YEARS and dataset.counts is not None:
        return None
    if clause.kind is ClauseKind.PERCENTILE_BAND:
        found = percentiles[clause.evaluation]
        computed = found.state == Ranked.COMPUTED
        if found.low is not found.high:
            if len(threshold.keys) > 1:
                return None
            computed &= found.low == found.high
        end = found.high if name in ("to", "below") else found.low
        rank = np.where(computed, found.rank, np.nan)
        return _Turn(end, name in ("to", "over"), rank, found.ranked)
    placed = place(dataset, rulebook, percentiles=percentiles)
    if clause.kind is ClauseKind.MISSED_TARGETS:
        count = np.where(placed.count_known, placed.missed, np.nan).astype(np.float64)
    elif clause.kind is ClauseKind.COMPLIANCE_FINDINGS:
        held = findings.of(dataset, rulebook, placed.results == Result.MISSED)
        count = np.where(held.exact | (held.late > 0), held.least, np.nan).astype(np.float64)
    elif clause.kind is ClauseKind.DISPROPORTIONATE_YEARS:
        count = _known(dataset.disproportionate_years)
    else:
        return None
    return _Turn(count if name == "at_most" else count + 1, True)


def _known(counts: Ints) -> Floats:
    return np.where(counts >= 0, counts, np.nan).astype(np.float64)


def _extreme(rulebook: Rulebook, threshold: Threshold, value: int) -> Rulebook:
    """The rulebook with a threshold below or above everything, without the checks of a file."""
    for key, _ in threshold.keys:
        area, *rest = key.split(".")
        if area == "targets":
            targets = tuple(
                one.typed(Decimal(_HIGH if value > 0 else -_HIGH)) if one.indicator == rest[0] else one
                for one in rulebook.targets
            )
            rulebook = replace(rulebook, targets=targets)
        elif area == "clauses":
            number = Decimal(value) if rest[1] in ("to", "below", "over", "start") else value
            clauses = tuple(
                replace(one, **{rest[1]: number}) if one.id == rest[0] else one  # type: ignore[arg-type]
                for one in rulebook.clauses
            )
            rulebook = replace(rulebook, clauses=clauses)
        else:
            rulebook = replace(rulebook, small_lea=replace(rulebook.small_lea, max_swd=value))
    return rulebook


def _changed(raw: Raw, changes: Mapping[str, Value]) -> Rulebook | None:
    try:
        return from_raw(apply(Scenario(changes=changes), raw), "sweep")
    except SchemaError:
        return None


def _walk(
    threshold: Threshold,
    raw: Raw,
    dataset: Dataset,
    reference: Reference,
    percentiles: Mapping[str, Percentile],
) -> Sweep:
    """Place anew at every whole number of the range at which something in the data can turn."""
    evaluations = from_raw(raw, "rulebook").evaluations
    changes: list[Change] = []
    before: Ints | None = None
    start = np.zeros(len(dataset), np.int64)
    for value in _candidates(threshold, dataset, reference):
        rulebook = _changed(raw, threshold.changes(Decimal(value)))
        if rulebook is None:
            continue
        given = percentiles if rulebook.evaluations == evaluations else None
        now = severities(place(dataset, rulebook, reference, given))
        if before is None:
            start = now
        else:
            changes += [
                Change(Decimal(value), True, int(row), int(before[row]), int(now[row]), Decimal(value))
                for row in np.flatnonzero(before != now)
            ]
        before = now
    return Sweep(threshold, tuple(changes), start)


def _candidates(threshold: Threshold, dataset: Dataset, reference: Reference) -> list[int]:
    """The least value of the range, and every whole number in it just above or at a number in the data.

    Who is ranked depends on the reference too, so its numbers count as well.
    """
    least, most = int(threshold.least), int(threshold.most)
    seen: set[int] = {least}
    name = threshold.id.rsplit(".", 1)[-1]
    held = [dataset] if reference.dataset is None or name == "minimum_n" else [dataset, reference.dataset]
    if name in ("minimum_n", "min_denominator"):
        seen |= {int(one) + 1 for data in held for one in np.unique(data.denominator) if one >= 0}
    elif name == "swd_over":
        seen |= {int(one) for data in held for one in np.unique(data.swd) if one >= 0}
    else:
        seen |= set(range(least, most + 1))
    return sorted(one for one in seen if least <= one <= most)
