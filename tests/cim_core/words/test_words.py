from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cim_core.data.indicators import INDICATORS
from cim_core.words import messages
from cim_core.words.disclosure import WORKING, Disclosure
from cim_core.words.messages import Kind, Message, Quantity
from cim_core.words.rounding import half_up


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (Fraction(900, 16), 1, "56.3"),
        (Fraction("90.005"), 2, "90.01"),
        (Fraction("-3.125"), 2, "−3.13"),
        (Fraction(-1, 1000), 1, "0.0"),
        (Fraction(6328), 0, "6,328"),
    ],
)
def test_half_up_as_cde_rounds(value, decimals, text):
    assert half_up(value, decimals) == text


@given(st.fractions(-1000, 1000), st.integers(0, 4))
def test_half_up_is_never_further_than_half_a_unit(value, decimals):
    printed = Fraction(half_up(value, decimals).replace(",", "").replace("−", "-"))
    assert abs(printed - value) <= Fraction(1, 2 * 10**decimals)


def test_a_number_about_students_cannot_pass_outside_disclosure():
    with pytest.raises(ValueError, match="disclosure"):
        messages.text("clause.indicator.one", label="5a", p=Quantity(Fraction(1), Kind.RATE))


def test_plural_and_lists():
    assert Disclosure().say(Message("data.read.rows", {"n": 1})) == "1 row"
    assert messages.join(["a", "b", "c"]) == "a, b and c"
    assert messages.join(["a, b", "c"]) == "a, b, and c"


def test_every_indicator_has_its_words():
    for one in INDICATORS:
        assert all(map(WORKING.say, (one.label, one.name, one.short, one.numerator, one.denominator)))
