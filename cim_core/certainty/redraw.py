"""Counts of another year of the same size: draws from the beta-binomial distribution.

Method: the unknown rate behind x of n has the Jeffreys posterior Beta(x+½, n−x+½); the count of another year
is Binomial(n, rate). Together that is the beta-binomial distribution, the posterior predictive (Brown, Cai &
DasGupta 2001, Statistical Science 16(2):101–133, on the Jeffreys prior for a rate). It is drawn by inverting
its cumulative distribution, tabulated by the ratio of neighboring terms: the same distribution as drawing a
rate and then a count, in a fraction of the time.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cim_core.dataset import Floats, Ints

Drawn = npt.NDArray[np.int32] | npt.NDArray[np.int64]
_REACH, _MORE = 9.0, 70.0
"""A table reaches 9 standard deviations and 70 counts to either side; less than 10⁻¹⁵ lies outside."""
_TABLE = 1 << 17
"""Terms in one batch of tables, so that it stays in the processor's cache."""
_LARGEST = 1_000_000
"""Above this many students a table is no longer worth its memory: a rate is drawn, then a count."""


def redraw(numerator: Ints, denominator: Ints, draws: int, rng: np.random.Generator) -> Drawn:
    """Draws (draws×C) for C cells of `numerator` of `denominator` students (0 ≤ numerator ≤ denominator)."""
    wide = len(denominator) and denominator.max() > np.iinfo(np.int32).max
    out = np.empty((draws, len(numerator)), np.int64 if wide else np.int32)
    large = denominator > _LARGEST
    for at in np.flatnonzero(large):
        x, n = int(numerator[at]), int(denominator[at])
        out[:, at] = rng.binomial(n, rng.beta(x + 0.5, n - x + 0.5, draws))
    least, most = window(numerator, denominator)
    width = most - least + 1
    tabled = np.flatnonzero(~large)
    tabled = tabled[np.argsort(width[tabled], kind="stable")]
    begin = 0
    while begin < len(tabled):
        end = begin + 1
        while end < len(tabled) and (end + 1 - begin) * width[tabled[end]] <= _TABLE:
            end += 1
        batch = tabled[begin:end]
        tables = cumulative(numerator[batch], denominator[batch], least[batch], int(width[batch[-1]]))
        chance = rng.random((len(batch), draws))
        found = np.empty((len(batch), draws), np.int32)
        for line in range(len(batch)):
            known = tables[line, : width[batch[line]] - 1]
            found[line] = known.searchsorted(chance[line], side="right")
        out[:, batch] = (found + least[batch, np.newaxis].astype(np.int32)).T
        begin = end
    return out


def window(numerator: Ints, denominator: Ints) -> tuple[Ints, Ints]:
    """The least and the largest count that is tabulated for each cell."""
    n = denominator.astype(np.float64)
    a, both = numerator + 0.5, n + 1
    mean = n * a / both
    spread = np.sqrt(n * a * (both - a) * (both + n) / (both * both * (both + 1)))
    reach = _REACH * spread + _MORE
    least = np.maximum(0, np.floor(mean - reach)).astype(np.int64)
    most = np.minimum(denominator, np.ceil(mean + reach).astype(np.int64))
    return least, most


def cumulative(numerator: Ints, denominator: Ints, least: Ints, width: int) -> Floats:
    """P(count ≤ least + j) for j < width (C×width), by the ratio of neighboring terms of the beta-binomial.

    Counts above the denominator have no chance; the last entry of each line is 1.
    """
    n = denominator[:, np.newaxis].astype(np.float64)
    x = numerator[:, np.newaxis].astype(np.float64)
    k = least[:, np.newaxis] + np.arange(width - 1, dtype=np.float64)
    term = np.ones((len(numerator), width))
    ratio = (n - k) * (k + x + 0.5)
    ratio /= (k + 1) * (2 * n - x - k - 0.5)
    np.maximum(ratio, 0.0, out=ratio)
    np.cumprod(ratio, axis=1, out=term[:, 1:])
    summed = np.cumsum(term, axis=1)
    return np.asarray(summed / summed[:, -1:])
