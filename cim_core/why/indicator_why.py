"""One indicator of an LEA and year against its target, as quantities."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from cim_core.data.dataset import Dataset, Missing
from cim_core.data.indicators import POSITION, Indicator, get
from cim_core.data.measures import MEASURES, Measure
from cim_core.placing.placement import Placements, Result
from cim_core.rules.rulebook import Target
from cim_core.why.clauses import distance, rate, students
from cim_core.why.rank_notes import ranked_with
from cim_core.why.target_sentences import vintage_beside
from cim_core.words.messages import Message, Quantity
from cim_core.words.numbers import decimals
from cim_core.words.rounding import units


@dataclass(frozen=True, slots=True)
class IndicatorWhy:
    """One indicator of one LEA and year against its target.

    `difference` is rounded rate minus target, turned so that positive is better; None without both, or where
    they are not of one measure. `vintage` says for which year and measure the target was set, and which
    `measure` the value is of where that is another one. `from_state` is the state file's value with which the
    row is ranked where the upload has none.
    """

    indicator: Indicator
    result: Result
    missing: Missing
    rate: Quantity | None
    numerator: Quantity | None
    denominator: Quantity | None
    inferred: bool
    target: Target | None
    difference: Quantity | None
    element: bool
    vintage: Message | None
    measure: Measure | None
    from_state: Quantity | None

    @property
    def target_written(self) -> str:
        """The target as it is written beside the rate; nothing where there is none."""
        return "" if self.target is None else self.target.beside(self.rate)


def one_indicator(placements: Placements, row: int, code: str) -> IndicatorWhy:
    """One indicator of one row against its target, without all else."""
    data, rulebook, at, indicator = placements.dataset, placements.rulebook, POSITION[code], get(code)
    group = _students_of(data, row, at)
    target = rulebook.target(indicator.code)
    numerator = int(data.numerator[row, at])
    return IndicatorWhy(
        indicator=indicator,
        result=Result(int(placements.results[row, at])),
        missing=Missing(int(data.missing[row, at])),
        rate=rate_of(placements, row, code),
        numerator=students(numerator, group) if numerator >= 0 else None,
        denominator=None if group is None else students(group, group),
        inferred=bool(data.inferred[row, at]),
        target=target,
        difference=difference(placements, row, code),
        element=indicator.code in rulebook.elements.indicators,
        vintage=None if target is None else vintage_beside(data, row, target),
        measure=MEASURES[int(data.measure[row, at])] if data.measure[row, at] >= 0 else None,
        from_state=_from_state(placements, row, indicator),
    )


def rate_of(placements: Placements, row: int, code: str) -> Quantity | None:
    """The value of an indicator of a row, rounded as targets are compared; None where there is none."""
    data = placements.dataset
    value = data.exact(row, code)
    if value is None:
        return None
    group, rules = _students_of(data, row, POSITION[code]), placements.rulebook
    return rate(value, get(code), rules.precision, group, rules.target(code))


def difference(placements: Placements, row: int, code: str) -> Quantity | None:
    """How much better than its target an indicator of a row is (minus: worse); None without either."""
    data, rulebook, at, indicator = placements.dataset, placements.rulebook, POSITION[code], get(code)
    target = rulebook.target(code)
    if target is None or target.value is None or placements.results[row, at] == Result.OTHER_MEASURE:
        return None
    if data.missing[row, at]:
        return None
    top, bottom = int(data.value_numerator[row, at]), int(data.value_denominator[row, at])
    better = Fraction(units(top, bottom, rulebook.precision), 10**rulebook.precision) - _exact(target.value)
    signed = better if indicator.higher_is_better else -better
    found = distance(signed, indicator, rulebook.precision, _students_of(data, row, at))
    value = rate_of(placements, row, code)
    return found if value is None else replace(found, shown=max(decimals(value), decimals(found)))


@lru_cache(maxsize=1024)
def _exact(value: Decimal) -> Fraction:
    return Fraction(value)


def _students_of(data: Dataset, row: int, at: int) -> int | None:
    """The denominator of a cell; None where it is not given."""
    students_of = int(data.denominator[row, at])
    return students_of if students_of >= 0 else None


def _from_state(placements: Placements, row: int, indicator: Indicator) -> Quantity | None:
    found = ranked_with(placements, row, indicator.code)
    if found is None:
        return None
    state, there = found
    value, group = state.exact(there, indicator.code), int(state.denominator[there, POSITION[indicator.code]])
    rules = placements.rulebook
    if value is None:
        return None
    return rate(value, indicator, rules.precision, group, rules.target(indicator.code))
