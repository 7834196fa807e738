"""A value against a target: the one rule by which met and missed are told, in whole numbers.

The exact value is rounded half away from zero at a number of decimals (as CDE rounds what it publishes) and
compared with the target's own sign: 90.00 misses ">90", 53.20 meets "≥53.2", 99.99 misses 100.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

import numpy as np

from cim_core.data.dataset import Bools, Dataset, Floats, Ints
from cim_core.data.indicators import POSITION
from cim_core.data.measures import MEASURES, NOT_COMPARED
from cim_core.rules.rulebook import Comparator, Target

_MOST_UNITS = 4 * 10**9
"""Beyond all values that are read; times billionths it still is a whole number of 64 bits."""


@dataclass(frozen=True, slots=True)
class Against:
    """What the values of an indicator are compared with."""

    indicator: str
    comparator: Comparator
    value: Decimal

    @property
    def below(self) -> bool:
        """Whether it is met by values that are not so high."""
        return self.comparator in (Comparator.LESS, Comparator.AT_MOST)

    def least(self, precision: int) -> int:
        """The least number of units of the precision with which the target is met, or no longer met."""
        units = Fraction(self.value) * 10**precision
        at_it = self.comparator in (Comparator.AT_LEAST, Comparator.LESS)
        least: int = ceil(units) if at_it else floor(units) + 1
        return max(-_MOST_UNITS, min(least, _MOST_UNITS))


def meets(dataset: Dataset, against: Sequence[Against], precision: int) -> Bools:
    """Whether each row's values meet targets (R×T); means nothing where a value is missing.

    Nothing is divided: a value n ÷ d, rounded half away from zero to units of 1 ÷ p, is at least c units when
    2np + d is at least 2cd, and more than that where n is negative.
    """
    columns = [POSITION[one.indicator] for one in against]
    least = np.array([one.least(precision) for one in against], np.int64)
    top, bottom = dataset.value_numerator[:, columns], dataset.value_denominator[:, columns]
    left = top * (2 * 10**precision) + bottom - (top < 0)
    return np.asarray((left >= bottom * (2 * least)) != [one.below for one in against])


def other_measure(dataset: Dataset, target: Target) -> Bools:
    """The rows (R) whose value of an indicator is, or by its year would be, of another measure than the
    target's, so that it is not compared."""
    if target.indicator not in NOT_COMPARED or target.measure is None:
        return np.zeros(len(dataset), np.bool_)
    return differs(dataset, target)


def differs(dataset: Dataset, target: Target) -> Bools:
    """The rows (R) whose value is of another measure than the target's, compared all the same or not."""
    measure = dataset.measure[:, POSITION[target.indicator]]
    if target.measure is None:
        return np.zeros(len(dataset), np.bool_)
    return np.asarray((measure >= 0) & (measure != MEASURES.index(target.measure)))


def differs_at(dataset: Dataset, row: int, target: Target) -> bool:
    """`differs` for one row."""
    measure = int(dataset.measure[row, POSITION[target.indicator]])
    return target.measure is not None and measure >= 0 and measure != MEASURES.index(target.measure)


def rounded(dataset: Dataset, column: int, precision: int) -> Floats:
    """The values of one indicator as they are compared: rounded half away from zero, in percent or points."""
    return np.asarray(units(dataset, column, precision) / 10**precision)


def units(dataset: Dataset, column: int, precision: int) -> Ints:
    """The same as whole numbers: how many units of the precision (0.01 at two decimals) each value is."""
    top, bottom = dataset.value_numerator[:, column], dataset.value_denominator[:, column]
    size = (2 * np.abs(top) * 10**precision + bottom) // (2 * bottom)
    return np.asarray(np.where(top < 0, -size, size))
