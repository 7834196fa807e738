"""The exact ranges of a number within which the same letters fit, and fit alike.

Along a number an LEA's placement can change only at values that stand in the data (its rate, its percentile,
its students). Each of those is tried, and one value between any two neighbors: between them nothing can
change, so there is no step and no grid. Under a target each LEA is on one side of its own value or on the
other, so that two placements tell everything; other numbers are placed at each value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from cim_core.data.dataset import Bools, Codes, Dataset, Floats, Missing
from cim_core.data.indicators import POSITION
from cim_core.letters.assumptions import Assumption
from cim_core.letters.trial import Trial, with_all
from cim_core.placing.disproportionality import measure
from cim_core.placing.ratio_steps import ratio_steps
from cim_core.placing.targets_met import units
from cim_core.rules.clause import Basis, Clause
from cim_core.rules.rulebook import Comparator, Rulebook
from cim_core.rules.settings import RISK_RATIO, SMALL_LEA, RulebookArea
from cim_core.rules.thresholds import Threshold, ThresholdGroup

_FAR = Decimal(10**6)


@dataclass(frozen=True, slots=True)
class Span:
    """Values of a number from `low` to `high`, each end itself inside or not; `value` is one inside, in few
    decimals."""

    low: Decimal
    low_in: bool
    high: Decimal
    high_in: bool

    def holds(self, value: Decimal) -> bool:
        """Whether a value is inside."""
        above = self.low < value or (self.low_in and self.low == value)
        return above and (value < self.high or (self.high_in and self.high == value))

    @property
    def value(self) -> Decimal:
        """A value inside, in as few decimals as will do, near the middle."""
        middle = (self.low + self.high) / 2
        for digits in range(_MOST_DIGITS):
            unit = Decimal(1).scaleb(-digits)
            near = middle.quantize(unit)
            for tried in (near, self.low.quantize(unit, ROUND_CEILING), near + unit, near - unit):
                if self.holds(tried):
                    return tried
        return middle


_MOST_DIGITS = 18
_NONE = np.empty(0, np.int8)
Fits = Callable[[Rulebook], Codes]
"""How letters (N) fit under a rulebook."""


def spans(assumption: Assumption, trial: Trial, base: Rulebook, fits: Fits) -> tuple[tuple[Span, Codes], ...]:
    """Every range of an assumption's number, the least first, each with how the letters (N) fit in it.

    Beside what the number changes, the rules are those of `base`.
    """
    threshold = assumption.threshold
    assert threshold is not None
    if assumption.unit is not None:
        found = _in_steps(threshold, assumption.unit, trial, base, fits)
    elif threshold.setting.area is RulebookArea.TARGETS:
        found = _of_target(threshold, trial, base)
    else:
        found = _in_between(
            threshold,
            _percents(threshold, trial, base),
            lambda at: fits(with_all(base, threshold.changes(at))),
        )
    return tuple(_merged(found))


def cells(assumption: Assumption, trial: Trial) -> tuple[Span, ...]:
    """The ranges of an assumption's number within which nothing changes for any letter, whatever else in the
    rules does, as long as rounding and ranking stay."""
    threshold = assumption.threshold
    assert threshold is not None
    if assumption.unit is not None:
        starts = _starts(threshold, trial, trial.rules)
        ends = [*(after - assumption.unit for after in starts[1:]), threshold.most]
        return tuple(Span(start, True, end, True) for start, end in zip(starts, ends, strict=True))
    if threshold.setting.area is not RulebookArea.TARGETS:
        points = _percents(threshold, trial, trial.rules)
        return tuple(span for span, _ in _in_between(threshold, points, lambda value: _NONE))
    own, present, at = _own_values(threshold, trial, trial.rules)
    points = {value for value in own[present].tolist() if threshold.least < value < threshold.most}
    stops = [threshold.least, *sorted(points), threshold.most]
    return tuple(
        Span(low, at or low == threshold.least, high, not at or high == threshold.most)
        for low, high in pairwise(stops)
    )


def _of_target(threshold: Threshold, trial: Trial, base: Rulebook) -> Iterator[tuple[Span, Codes]]:
    """Under a target: each row placed below its own value and above it."""
    low, high = (trial.fits(with_all(base, threshold.changes(far))) for far in (-_FAR, _FAR))
    own, present, at = _own_values(threshold, trial, base)
    points = set(own[(low != high) & present].tolist())

    def state(value: Decimal) -> Codes:
        return np.where((own <= value) if at else (own < value), high, low)

    return _in_between(threshold, points, state)


def _own_values(
    threshold: Threshold, trial: Trial, base: Rulebook
) -> tuple[npt.NDArray[np.object_], Bools, bool]:
    """The value (N) of each row that is held against a target, as it is rounded; which there are; and
    whether a row has turned at its own value already."""
    target, data = base.target(threshold.setting.id), trial.data(base)
    assert target is not None
    column, unit = POSITION[target.indicator], Decimal(1).scaleb(-base.precision)
    own = np.array([int(number) * unit for number in units(data, column, base.precision)], object)
    at = target.comparator in (Comparator.GREATER, Comparator.AT_MOST)
    return own, np.asarray(data.missing[:, column] == Missing.PRESENT), at


def _in_between(
    threshold: Threshold, points: Iterable[Decimal], state: Callable[[Decimal], Codes]
) -> Iterator[tuple[Span, Codes]]:
    """The ends of a range, every point of it where something may change, and what is between."""
    least, most = threshold.least, threshold.most
    stops = sorted({least, most, *(point for point in points if least < point < most)})
    for point, after in pairwise(stops):
        yield Span(point, True, point, True), state(point)
        between = Span(point, False, after, False)
        yield between, state(between.value)
    yield Span(most, True, most, True), state(most)


def _percents(threshold: Threshold, trial: Trial, base: Rulebook) -> set[Decimal]:
    """Every percent that a row with a letter has, or lies between, in what an edge is about."""
    named = {setting.id for setting, _ in threshold.settings}
    each: list[Floats] = []
    for clause in base.clauses:
        if clause.id in named:
            each += _of_clause(clause, trial, base)
    percents = np.unique(np.concatenate([numbers.ravel() for numbers in each]))
    return {Decimal(repr(percent)) for percent in percents[~np.isnan(percents)].tolist()}


def _of_clause(clause: Clause, trial: Trial, base: Rulebook) -> list[Floats]:
    found = trial.percentiles(base)[clause.evaluation]
    composite = [found.percentile, found.low, found.high]
    if clause.basis is Basis.COMPOSITE:
        return composite
    return [*composite, found.indicator, found.indicator_low, found.indicator_high]


def _in_steps(
    threshold: Threshold, unit: Decimal, trial: Trial, base: Rulebook, fits: Fits
) -> Iterator[tuple[Span, Codes]]:
    """A number that has steps: every value from which on something may be different."""
    starts = _starts(threshold, trial, base)
    if threshold.group is ThresholdGroup.RANKING:
        fits = _once_in_each_band(trial, fits)
    ends = [*(after - unit for after in starts[1:]), threshold.most]
    for start, end in zip(starts, ends, strict=True):
        yield Span(start, True, end, True), fits(with_all(base, threshold.changes(start)))


def _once_in_each_band(trial: Trial, fits: Fits) -> Fits:
    """The same, placed anew only where some row stands between other edges than before."""
    known: dict[bytes, Codes] = {}

    def found(rules: Rulebook) -> Codes:
        where = trial.place_in_bands(rules)
        if where is None:
            return fits(rules)
        if where not in known:
            known[where] = fits(rules)
        return known[where]

    return found


def _starts(threshold: Threshold, trial: Trial, base: Rulebook) -> list[Decimal]:
    """The least value, and every value of the range from which on something may be different."""
    setting = threshold.setting
    if setting == RISK_RATIO:
        return _ratios(threshold, trial, base)
    if threshold.group is ThresholdGroup.RANKING and setting.name != "min_domains":
        return _within(threshold, (Decimal(number) for number in _who_is_ranked(threshold, trial, base)))
    if setting.name == "minimum_n":
        codes = tuple(target.indicator for target in base.targets)
        return _within(threshold, (Decimal(number) for number in _students(trial.data(base), codes)))
    if setting == SMALL_LEA:
        return _within(threshold, (Decimal(number) for number in _students(trial.data(base), None)))
    return _within(
        threshold, (Decimal(each) for each in range(int(threshold.least), int(threshold.most) + 1))
    )


def _who_is_ranked(threshold: Threshold, trial: Trial, base: Rulebook) -> set[int]:
    """Every number from which on others are ranked.

    Where nothing can be ranked with the least asked for, more asked for ranks nothing either: then it only
    matters to the rows with letters.
    """
    setting = threshold.setting
    loosest = with_all(base, threshold.changes(threshold.least))
    ranks = any(used.ranked_on for used in trial.percentiles(loosest)[setting.id].years)
    among = trial.ranked_among if ranks else (trial.data(base),)
    codes = None if setting.name == "swd_over" else base.evaluation(setting.id).indicators
    return {number for data in among for number in _students(data, codes)}


def _within(threshold: Threshold, values: Iterable[Decimal]) -> list[Decimal]:
    inside = {value for value in values if threshold.least < value <= threshold.most}
    return sorted({threshold.least, *inside})


def _students(data: Dataset, codes: Sequence[str] | None) -> set[int]:
    """Numbers of students with disabilities; of some indicators one more than the students behind them."""
    if codes is None:
        return {int(number) for number in np.unique(data.swd) if number >= 0}
    columns = [POSITION[code] for code in codes]
    return {int(number) + 1 for number in np.unique(data.denominator[:, columns]) if number >= 0}


def _ratios(threshold: Threshold, trial: Trial, base: Rulebook) -> list[Decimal]:
    """The values at which some LEA's years in a row change.

    The higher the threshold, the fewer years: where two values give the same years, so does all between them.
    """
    assert trial.counts is not None
    values = _within(threshold, ratio_steps(measure(trial.counts, base.disproportionality)))

    def years(at: int) -> bytes:
        return trial.bounds(with_all(base, threshold.changes(values[at])))

    starts, open_ends = {0}, [(0, len(values) - 1)]
    while open_ends:
        first, last = open_ends.pop()
        if first == last or years(first) == years(last):
            continue
        if last - first == 1:
            starts.add(last)
            continue
        middle = (first + last) // 2
        open_ends += [(first, middle), (middle, last)]
    return [values[at] for at in sorted(starts)]


def _merged(found: Iterable[tuple[Span, Codes]]) -> Iterator[tuple[Span, Codes]]:
    """Neighbors with the same letters as one."""
    last: tuple[Span, Codes] | None = None
    for span, fits in found:
        if last is not None and (last[1] == fits).all():
            last = Span(last[0].low, last[0].low_in, span.high, span.high_in), fits
            continue
        if last is not None:
            yield last
        last = span, fits
    if last is not None:
        yield last
