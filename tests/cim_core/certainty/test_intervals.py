from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from cim_core.certainty.intervals import Method, has_counts, interval, of_dataset
from cim_core.data.dataset import Cell, LeaYear, build
from cim_core.data.indicators import POSITION

NEWCOMBE = [
    (81, 263, (0.2553, 0.3662), (0.2527, 0.3676)),
    (15, 148, (0.0624, 0.1605), (0.0578, 0.1617)),
    (0, 20, (0.0, 0.1611), (0.0, 0.1684)),
    (1, 29, (0.0061, 0.1718), (0.0009, 0.1776)),
]
NAMES = {Method.WILSON: "wilson", Method.CLOPPER_PEARSON: "exact"}


@pytest.mark.parametrize(("x", "n", "wilson", "exact"), NEWCOMBE)
def test_the_published_values(x, n, wilson, exact):
    """Newcombe 1998, Statistics in Medicine 17:857–872, table I, methods 3 and 5."""
    for method, expected in ((Method.WILSON, wilson), (Method.CLOPPER_PEARSON, exact)):
        low, high = interval(x, n, method)
        assert (round(float(low) / 100, 4), round(float(high) / 100, 4)) == expected


@given(st.integers(1, 100_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_inside_the_scale_around_the_rate_and_as_scipy_has_it(counts):
    x, n = counts
    for method, name in NAMES.items():
        low, high = interval([x], [n], method)
        assert 0 <= low[0] <= 100 * x / n + 1e-9 and 100 * x / n - 1e-9 <= high[0] <= 100
        expected = binomtest(x, n).proportion_ci(method=name)
        assert (low[0], high[0]) == pytest.approx((100 * expected.low, 100 * expected.high), abs=1e-6)


def test_nothing_where_nothing_was_counted():
    low, high = interval([0, -1, 5, 5], [0, 10, 4, -1])
    assert np.isnan(low).all() and np.isnan(high).all()


def test_only_counts_that_somebody_gave():
    cells = {
        "5a": Cell(numerator=15, denominator=148),
        "5b": Cell(numerator=15, denominator=148, inferred=True, rate=10),
        "ela_dfs": Cell(rate=-10, denominator=148),
        "9": Cell(rate=1),
    }
    data = build([LeaYear("9900001", "2023-24", cells=cells)])
    low, high = of_dataset(data, [0])
    there = ~np.isnan(low[0])
    assert [code for code, at in POSITION.items() if there[at]] == ["5a"]
    assert (low[0, POSITION["5a"]], high[0, POSITION["5a"]]) == pytest.approx((6.24, 16.05), abs=0.005)
    assert has_counts(data).sum() == 1
