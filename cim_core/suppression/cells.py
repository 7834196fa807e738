"""Which indicators of which LEA-years are hidden."""

from __future__ import annotations

import numpy as np

from cim_core.data.arrays import NONE, Bools, Floats
from cim_core.data.dataset import Dataset, Missing
from cim_core.data.indicators import INDICATORS, POSITION, Unit
from cim_core.data.small_groups import BANDED_TO, SMALL, WIDTH, hides
from cim_core.suppression.families import complementary
from cim_core.words.disclosure import Audience

FEW = (Missing.SUPPRESSED, Missing.FEWER_THAN_11, Missing.NO_STUDENTS, Missing.REFUSED)
"""What files themselves say of small groups, of none, or twice: it looks the same as what is hidden here."""
_PERCENT = np.array([one.unit is Unit.PERCENT for one in INDICATORS])
_OF_STUDENTS = np.array([one.unit is not Unit.COUNT for one in INDICATORS])
_GAPS = {POSITION[f"3d_{subject}"]: POSITION[f"3b_{subject}"] for subject in ("ela", "math")}
"""A gap to everybody's rate gives the rate of students with disabilities."""


def _shares() -> Floats:
    """Every percentage that a small group can have, and those at the ends of a group of 11 to 20."""
    small = {100 * of / group for group in range(1, SMALL + 1) for of in range(group + 1)}
    ends = {
        100 * of / group
        for group in range(SMALL + 1, BANDED_TO + 1)
        for of in (*range(WIDTH), *range(group + 1 - WIDTH, group + 1))
    }
    return np.array(sorted(small | ends))


_SHARES = _shares()
_MOST_DECIMALS = 6


def hidden(dataset: Dataset, audience: Audience) -> Bools:
    """The cells (R×K) that an audience does not see, those included that would give them back."""
    there = dataset.missing == Missing.PRESENT
    count, group = dataset.numerator, dataset.denominator
    found = np.isin(dataset.missing, FEW) | ((group >= 0) & (group <= SMALL))
    counted = there & (count >= 0) & (group > SMALL) & _PERCENT
    found |= counted & hides(count, group, audience)
    found |= (group == NONE) & (count >= 0) & (count <= SMALL)
    found |= there & (group == NONE) & _OF_STUDENTS & _may_be_small(dataset)
    uncounted = there & ~counted & _PERCENT
    if audience is Audience.STRICT:
        found |= uncounted
    found |= uncounted & (group > SMALL) & (group <= BANDED_TO) & _at_an_end(dataset)
    for gap, rate in _GAPS.items():
        found[:, gap] |= found[:, rate] & there[:, gap]
    return found | complementary(np.where(counted, count, NONE), group, found & _PERCENT, uncounted, audience)


def _at_an_end(dataset: Dataset) -> Bools:
    """Rates of which the count, not given itself, is one of the lowest or highest; half a student is allowed
    for rounding."""
    count = np.nan_to_num(dataset.value, nan=50.0) * dataset.denominator / 100
    return (count < WIDTH - 0.5) | (dataset.denominator - count < WIDTH - 0.5)


def _may_be_small(dataset: Dataset) -> Bools:
    """Values of which no group is given that may be those of a small group: a rate that is, by the decimals
    with which it is written, the share of some in 10 or fewer, or of hardly any or nearly all in up to 20; a
    mean may always be."""
    found = np.ones(dataset.value.shape, np.bool_)
    open_ = (dataset.missing == Missing.PRESENT) & (dataset.denominator == NONE) & _PERCENT
    value = dataset.value[open_]
    nearest = np.abs(value[:, np.newaxis] - _SHARES).min(axis=1, initial=100.0)
    found[open_] = nearest < _last_place(value)
    return found


def _last_place(value: Floats) -> Floats:
    """What the last decimal of each value is worth: 0.1 for 66.6."""
    place = np.full(value.shape, 10.0**-_MOST_DECIMALS)
    for decimals in range(_MOST_DECIMALS - 1, -1, -1):
        scaled = value * 10**decimals
        place[np.abs(scaled - np.round(scaled)) < 1e-6 * 10**decimals] = 10.0**-decimals
    return place
