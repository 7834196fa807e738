"""What a threshold changes, found by placing everybody anew at every value at which something can turn.

Used where an LEA may turn more than once along a threshold, so that no single value of its own tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from cim_core.data.dataset import Dataset, Ints
from cim_core.placing.disproportionality import measure_anew
from cim_core.placing.placement import place
from cim_core.placing.ranking import Percentile, Reference
from cim_core.placing.ratio_steps import ratio_steps
from cim_core.rules.clause import Basis, Clause
from cim_core.rules.rulebook import Rulebook
from cim_core.rules.settings import RISK_RATIO, RulebookArea, Setting, Value
from cim_core.rules.thresholds import Threshold
from cim_core.rules.toml_table import SchemaError
from cim_core.whatif.change_points import ChangePoint
from cim_core.whatif.comparison import severities
from cim_core.whatif.scenario import supposed


@dataclass(frozen=True, slots=True, eq=False)
class Sweep:
    """All changes of one threshold, by value; `start` (R) holds the severities below them all."""

    threshold: Threshold
    changes: tuple[ChangePoint, ...]
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


def clause_of(rulebook: Rulebook, setting: Setting) -> Clause | None:
    """The clause that has a setting; None where it is none of a clause."""
    if setting.area is not RulebookArea.CLAUSES:
        return None
    return next((clause for clause in rulebook.clauses if clause.id == setting.id), None)


def decimal(value: float) -> Decimal:
    """A float as the decimal that is written for it."""
    return Decimal(repr(value))


def changed(rules: Rulebook, changes: Mapping[Setting, Value]) -> Rulebook | None:
    """The rulebook with other values; None where they do not fit together."""
    try:
        return supposed(rules, changes, "sweep")
    except SchemaError:
        return None


def walk(
    threshold: Threshold,
    rules: Rulebook,
    dataset: Dataset,
    reference: Reference,
    percentiles: Mapping[str, Percentile],
) -> Sweep:
    """Place anew at every whole number of the range at which something in the data can turn."""
    clause = clause_of(rules, threshold.setting)
    if clause is not None and clause.basis is Basis.COMPOSITE:
        return _walk_percents(threshold, rules, dataset, reference, percentiles, clause.evaluation)
    changes: list[ChangePoint] = []
    before: Ints | None = None
    start = np.zeros(len(dataset), np.int64)
    for value in _candidates(threshold, rules, dataset, reference):
        rulebook = changed(rules, threshold.changes(value))
        if rulebook is None:
            continue
        given = percentiles if rulebook.evaluations == rules.evaluations else None
        now = severities(place(dataset, rulebook, reference, given))
        if before is None:
            start = now
        else:
            changes += [
                ChangePoint(value, True, int(row), int(before[row]), int(now[row]), value)
                for row in np.flatnonzero(before != now)
            ]
        before = now
    return Sweep(threshold, tuple(changes), start)


def between(ranked: Percentile) -> Ints:
    """The rows whose percentile is only known to lie between two ends."""
    return np.flatnonzero(~np.isnan(ranked.percentile) & ~(ranked.low == ranked.high))


def _walk_percents(
    threshold: Threshold,
    rules: Rulebook,
    dataset: Dataset,
    reference: Reference,
    percentiles: Mapping[str, Percentile],
    evaluation: str,
) -> Sweep:
    """Place anew at every percent that occurs, as percentile, as an end of one or as an edge, and between."""
    ranked = percentiles[evaluation]
    edges = [edge for clause in rules.clauses for edge in clause.edges]
    ends = np.unique(np.concatenate([ranked.percentile, ranked.low, ranked.high]))
    seen = {*map(decimal, ends[~np.isnan(ends)].tolist()), *edges}
    values = sorted(one for one in seen if threshold.least <= one <= threshold.most)
    stops = [threshold.least - 1, *values, threshold.most + 1]
    middle = [(one + other) / 2 for one, other in zip(stops, stops[1:], strict=False)]
    changes: list[ChangePoint] = []
    before: Ints | None = None
    start = np.zeros(len(dataset), np.int64)
    for place_in_line, value in enumerate(sorted([*values, *middle])):
        rulebook = changed(rules, threshold.changes(value))
        if rulebook is None:
            continue
        now = severities(place(dataset, rulebook, reference, percentiles))
        if before is None:
            start = now
        else:
            at = place_in_line % 2 == 1
            own = value if at else values[place_in_line // 2 - 1]
            changes += [
                ChangePoint(own, at, int(row), int(before[row]), int(now[row]), own)
                for row in np.flatnonzero(before != now)
            ]
        before = now
    return Sweep(threshold, tuple(changes), start)


def _candidates(
    threshold: Threshold, rules: Rulebook, dataset: Dataset, reference: Reference
) -> list[Decimal]:
    """The least value of the range, and every value in it from which on something may be different."""
    if threshold.setting.area is RulebookArea.DISPROPORTIONALITY:
        seen = _of_ratios(threshold, rules, dataset)
    else:
        seen = map(Decimal, _of_students(threshold, dataset, reference))
    return sorted({threshold.least, *(one for one in seen if threshold.least <= one <= threshold.most)})


def _of_ratios(threshold: Threshold, rules: Rulebook, dataset: Dataset) -> Iterable[Decimal]:
    """Where years in a row change, or a group becomes too small for a ratio; nowhere without counts."""
    counts, setting = dataset.counts, threshold.setting
    if counts is None or not counts.feeds:
        return ()
    if setting == RISK_RATIO:
        return ratio_steps(measure_anew(counts, rules.disproportionality))
    return map(Decimal, range(int(threshold.least), int(threshold.most) + 1))


def _of_students(threshold: Threshold, dataset: Dataset, reference: Reference) -> set[int]:
    """Just above or at every number in the data; who is ranked depends on the reference's numbers too."""
    name = threshold.setting.name
    held = [dataset] if reference.dataset is None or name == "minimum_n" else [dataset, reference.dataset]
    if name in ("minimum_n", "min_denominator"):
        return {int(one) + 1 for data in held for one in np.unique(data.denominator) if one >= 0}
    if name == "swd_over":
        return {int(one) for data in held for one in np.unique(data.swd) if one >= 0}
    return set(range(int(threshold.least), int(threshold.most) + 1))
