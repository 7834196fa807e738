"""The one formatter: few decimals, and more only where fewer would hide something."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cim_core.rules import rulebook_file
from cim_core.words import numbers
from cim_core.words.disclosure import Disclosure
from cim_core.words.messages import Kind, Quantity
from cim_core.words.rounding import half_away

GATE = Disclosure()
VALUES = st.fractions(0, 100, max_denominator=3000)
EDGES = st.fractions(0, 100, max_denominator=10)


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        (Kind.RATE, "53.14", "53.1%"),
        (Kind.RATE, "100", "100%"),
        (Kind.RATE, "0", "0%"),
        (Kind.RATE, "99.97", "99.97%"),
        (Kind.RATE, "0.04", "0.04%"),
        (Kind.RATE, "50", "50.0%"),
        (Kind.POINTS, "-193.42", "−193.4"),
        (Kind.STANDARD, "-193.42", "193.4 points below"),
        (Kind.STANDARD, "12", "12.0 points above"),
        (Kind.STANDARD, "0", "at standard"),
        (Kind.PERCENTILE, "10", "10%"),
        (Kind.PERCENTILE, "1.93", "1.9%"),
        (Kind.RATIO, "3.4", "3.40"),
    ],
)
def test_every_kind_as_it_is_written(kind, value, text):
    assert GATE.number(Quantity(Fraction(value), kind, 2)) == text


@pytest.mark.parametrize(
    ("place", "text"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (13, "13th"), (21, "21st"),
     (112, "112th"), (1123, "1,123rd")],
)  # fmt: skip
def test_places(place, text):
    assert GATE.number(Quantity(Fraction(place), Kind.ORDINAL, 0)) == text


def test_counts_have_commas():
    assert GATE.number(Quantity(Fraction(1528), Kind.COUNT, 0)) == "1,528"


@pytest.mark.parametrize(
    ("rate", "said"),
    [("53.14", ("53.14%", "≥53.20%")), ("53.22", ("53.22%", "≥53.20%")), ("53.2", ("53.2%", "≥53.2%")),
     ("40", ("40.0%", "≥53.2%")), ("100", ("100%", "≥53.2%"))],
)  # fmt: skip
def test_a_rate_and_its_target_are_written_together(rate, said):
    target = rulebook_file.load().target("5a")
    value = numbers.against(Quantity(Fraction(rate), Kind.RATE, 2), Fraction(target.value))
    assert (GATE.number(value), target.beside(value)) == said


def test_targets_stand_as_they_are_printed():
    rules = rulebook_file.load()
    assert (rules.target("1").written, rules.target("5a").written) == (">90%", "≥53.2%")
    two = next(one for one in rules.targets if one.value is not None and -one.value.as_tuple().exponent == 2)
    value = Quantity(Fraction(12), Kind.RATE, 2)
    assert two.beside(value) == two.written == f"{two.comparator.value}{two.value}%"


@given(value=VALUES, edge=EDGES)
def test_what_is_seen_lies_on_the_side_where_it_is(value, edge):
    shown = numbers.against(Quantity(value, Kind.RATE, 2), edge)
    seen = Fraction(numbers.digits(shown))
    held = half_away(value, 2)
    assert (seen > edge, seen < edge) == (held > edge, held < edge)
    assert (seen == 0) == (held == 0) and (seen == 100) == (held == 100)
    assert abs(seen - value) <= Fraction(1, 20)


@given(value=VALUES, edge=EDGES)
def test_more_decimals_stand_only_where_one_would_hide_the_side(value, edge):
    shown = numbers.against(Quantity(value, Kind.RATE, 2), edge)
    if numbers.decimals(shown) > 1:
        seen, held = half_away(value, 1), half_away(value, 2)
        sides = [(one > edge, one < edge, one == 0, one == 100) for one in (seen, held)]
        near = min(abs(held - one) for one in (edge, 0, 100)) < Fraction(1, 10)
        assert sides[0] != sides[1] or near


@given(first=VALUES, second=VALUES)
def test_two_values_that_differ_look_different(first, second):
    one, other = numbers.together(*(Quantity(value, Kind.RATE, 2) for value in (first, second)))
    alike = half_away(first, 2) == half_away(second, 2)
    assert (numbers.digits(one) == numbers.digits(other)) == alike


def test_what_must_be_reached_is_not_rounded_away():
    for value, text in (("0.14", "0.14"), ("3.20", "3.2"), ("39.4", "39.4"), ("5", "5.0")):
        assert GATE.number(numbers.exactly(Quantity(Fraction(value), Kind.POINTS, 2))) == text
