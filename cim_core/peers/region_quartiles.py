"""How the LEAs of a region are spread, without saying which of them is where.

A quartile is the nearest rank: of n values in order the one at place n/4, n/2 and 3n/4, rounded up. So it can
be counted off with a pencil (method 1 of Hyndman and Fan, "Sample Quantiles in Statistical Packages", The
American Statistician 50 (1996), 361-365).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

import numpy as np

from cim_core.data.dataset import Dataset, Ints
from cim_core.data.indicators import INDICATORS, Indicator
from cim_core.peers.search import printed
from cim_core.words.messages import Quantity

LEAST = 4
"""LEAs with a value, so that anything is said of them."""
_SHARES = Fraction(1, 4), Fraction(1, 2), Fraction(3, 4)


@dataclass(frozen=True, slots=True)
class Quartiles:
    """One indicator: a quarter, half and three quarters of `leas` LEAs have the value or a lower one."""

    indicator: Indicator
    quarter: Quantity
    half: Quantity
    three_quarters: Quantity
    leas: int


def quartiles(data: Dataset, key: str, year: str, decimals: int) -> tuple[Quartiles, ...]:
    """The quartiles of every indicator in the region of an LEA (by key) and a year, in catalogue order.

    The region is everybody of the same SELPA, or of none where that is not named. Values are rounded at
    `decimals` first. None where fewer than `LEAST` LEAs have a value.
    """
    rows = _region(data, key, year)
    found = []
    for indicator in INDICATORS:
        each = [value for at in rows if (value := printed(data, int(at), indicator, decimals)) is not None]
        if len(each) >= LEAST:
            each.sort(key=lambda value: value.value)
            at = [each[ceil(share * len(each)) - 1] for share in _SHARES]
            found.append(Quartiles(indicator, at[0], at[1], at[2], len(each)))
    return tuple(found)


def _region(data: Dataset, key: str, year: str) -> Ints:
    in_year = data.year == year
    own = set(data.selpa[in_year & (data.lea_key == key)].tolist())
    return np.flatnonzero(in_year & np.isin(data.selpa, sorted(own)))
