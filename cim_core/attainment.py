"""A value against a target: the one rule by which met and missed are told, in whole numbers.

The exact value is rounded half away from zero at a number of decimals (as CDE rounds what it publishes) and
compared with the target's own sign: 90.00 misses ">90", 53.20 meets "≥53.2", 99.99 misses 100.
"""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from cim_core.dataset import NANO, Bools, Dataset, Floats, Ints
from cim_core.indicators import POSITION
from cim_core.measures import MEASURES, NOT_COMPARED
from cim_core.rulebook import Comparator, Target

_COMPARE = {
    Comparator.GREATER: np.greater,
    Comparator.AT_LEAST: np.greater_equal,
    Comparator.LESS: np.less,
    Comparator.AT_MOST: np.less_equal,
}


def meets(dataset: Dataset, column: int, comparator: Comparator, value: Decimal, precision: int) -> Bools:
    """Whether each row's value of an indicator meets a target; means nothing where it is missing."""
    scaled = units(dataset, column, precision) * (NANO // 10**precision)
    return np.asarray(_COMPARE[comparator](scaled, int(value * NANO)))


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
