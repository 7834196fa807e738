"""Numbers leave rounded half up, written the same way in text, table and chart."""

from __future__ import annotations

from fractions import Fraction

import pytest

from cim_core.words.disclosure import Disclosure
from cim_core.words.messages import Kind, Quantity


@pytest.mark.parametrize(
    ("value", "decimals", "text", "plotted"),
    [
        (Fraction("53.195"), 2, "53.2%", 53.2),
        (Fraction("-0.005"), 2, "−0.01%", -0.01),
        (Fraction("1234.5"), 0, "1,235%", 1235.0),
    ],
)
def test_text_and_chart_hold_the_same_number(value, decimals, text, plotted):
    gate, rate = Disclosure(), Quantity(value, Kind.RATE, decimals)
    assert gate.number(rate) == text
    assert gate.bare(rate) == text.removesuffix("%")
    assert gate.value(rate) == plotted


def test_nothing_stays_nothing():
    assert Disclosure().bare(None) == "–"
    assert Disclosure().value(None) is None
