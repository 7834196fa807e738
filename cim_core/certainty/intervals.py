"""Intervals for one rate: between which rates the one behind a year's count may plausibly lie.

Sources: Wilson, E. B. (1927), Journal of the American Statistical Association 22:209–212 (score interval, the
default, as recommended by Brown, Cai & DasGupta (2001), Statistical Science 16(2):101–133); Clopper, C. J. &
Pearson, E. S. (1934), Biometrika 26:404–413 (exact, wider). Worked values: Newcombe, R. G. (1998), Statistics
in Medicine 17:857–872, table I. Formulas: those of `scipy.stats.binomtest(…).proportion_ci`, over arrays.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
import numpy.typing as npt

from cim_core.data.dataset import Dataset, Floats, Ints
from cim_core.data.indicators import INDICATORS

LEVEL = 0.95
_PERCENT = np.array([one.has_numerator for one in INDICATORS])


class Method(StrEnum):
    """How the interval is computed."""

    WILSON = "wilson"
    CLOPPER_PEARSON = "clopper_pearson"


def interval(
    numerator: npt.ArrayLike,
    denominator: npt.ArrayLike,
    method: Method = Method.WILSON,
    level: float = LEVEL,
) -> tuple[Floats, Floats]:
    """Lower and upper ends in percent, of the shape of the counts.

    NaN where the denominator is 0 or less, the numerator negative (not given) or above the denominator.
    """
    from scipy.special import betaincinv, ndtri  # imported here: most runs of the core need no interval

    top = np.asarray(numerator, np.float64)
    bottom = np.asarray(denominator, np.float64)
    known = (top >= 0) & (bottom > 0) & (top <= bottom)
    x, n = np.where(known, top, 0.0), np.where(known, bottom, 1.0)
    if method is Method.WILSON:
        z = float(ndtri((1 + level) / 2))
        middle = (x + z * z / 2) / (n + z * z)
        half = z * np.sqrt(x * (n - x) / n + z * z / 4) / (n + z * z)
        low, high = middle - half, middle + half
    else:
        tail = (1 - level) / 2
        low, high = (
            betaincinv(np.maximum(x, 1), n - x + 1, tail),
            betaincinv(x + 1, np.maximum(n - x, 1), 1 - tail),
        )
    low, high = np.where(x == 0, 0.0, low), np.where(x == n, 1.0, high)
    return np.where(known, 100 * low, np.nan), np.where(known, 100 * high, np.nan)


def of_dataset(
    dataset: Dataset, rows: npt.ArrayLike, method: Method = Method.WILSON
) -> tuple[Floats, Floats]:
    """Intervals of some rows (n×K): NaN where a cell has no value, or its counts are not given as such.

    A numerator or denominator that was worked out from a rate is not a count that somebody gave.
    """
    at = np.asarray(rows, np.int64)
    top = np.where(has_counts(dataset, at), dataset.numerator[at], -1)
    return interval(top, dataset.denominator[at], method)


def has_counts(dataset: Dataset, rows: Ints | slice = slice(None)) -> npt.NDArray[np.bool_]:
    """The cells (of some rows, R×K for all) that are students ÷ students, both given: the only ones in which
    chance can be told."""
    sane = dataset.numerator[rows] <= dataset.denominator[rows]
    return np.asarray(_PERCENT & dataset.counts_given(rows) & ~dataset.inferred[rows] & sane)
