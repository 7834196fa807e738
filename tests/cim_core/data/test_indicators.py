"""The catalogue is whole and says what each indicator counts."""

from __future__ import annotations

import re

import pytest

from cim_core.data.indicators import CODES, INDICATORS, Direction, Family, IndicatorType, Unit, get
from cim_core.words.disclosure import WORKING


def test_the_whole_catalogue():
    numbers = {found[0] for code in CODES if (found := re.match(r"\d+", code))}
    assert numbers == {str(number) for number in range(1, 15)}
    assert {"chronic", "susp", "ela_dfs", "math_dfs", "overdue"} <= set(CODES)
    assert {f"7{letter}{part}" for letter in "ABC" for part in "12"} <= set(CODES)
    assert {f"3{letter}_{subject}" for letter in "abcd" for subject in ("ela", "math")} <= set(CODES)
    assert len(CODES) == len(set(CODES))


def test_the_compliance_indicators_are_those_of_the_regulation():
    compliance = {one.code for one in INDICATORS if one.type is IndicatorType.COMPLIANCE}
    assert {"4b", "9", "10", "11", "12", "13"} <= compliance


@pytest.mark.parametrize("code", CODES)
def test_each_one_is_described(code):
    one = get(code)
    assert all(map(WORKING.say, (one.label, one.name, one.short, one.numerator, one.denominator)))
    assert isinstance(one.family, Family) and isinstance(one.direction, Direction)
    assert one.has_numerator == (one.unit is Unit.PERCENT)
