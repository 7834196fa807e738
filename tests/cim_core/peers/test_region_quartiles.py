"""Quartiles of a region: those of a pencil, and none of too few."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import ceil

import numpy as np
import pytest

from cim_core.access.seeing import region
from cim_core.data.dataset import lea_key
from cim_core.data.indicators import POSITION
from cim_core.data.of_leas import only
from cim_core.peers import LEAST_IN_A_REGION, quartiles
from cim_core.placing import checked_files
from cim_core.words.rounding import half_away
from tests.conftest import ROOT

OWN = lea_key("9910112")


@pytest.fixture(scope="module")
def taken():
    return checked_files.read_path(ROOT / "sample_data" / "invented_selpa.csv")


def by_hand(data, rows, code, decimals):
    values = [data.exact(int(row), code) for row in rows]
    each = sorted(half_away(value, decimals) for value in values if value is not None)
    return [each[ceil(Fraction(at, 4) * len(each)) - 1] for at in (1, 2, 3)], len(each)


def test_they_are_counted_off_in_order(taken):
    data, year = taken.dataset, taken.dataset.newest_year
    found = quartiles(data, OWN, year, 2)
    assert len(found) > 10
    for each in found:
        wanted, n = by_hand(data, np.flatnonzero(data.year == year), each.indicator.code, 2)
        if each.quarter.decimals == 2:
            assert [each.quarter.value, each.half.value, each.three_quarters.value] == wanted
        assert each.leas == n >= LEAST_IN_A_REGION


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5])
def test_nothing_is_said_of_fewer_than_four(taken, n):
    data = taken.dataset
    keys = sorted(set(data.lea_key.tolist()) - {OWN})[: n - 1]
    few = only(data, [OWN, *keys])
    found = quartiles(few, OWN, few.newest_year, 2)
    assert bool(found) is (n >= LEAST_IN_A_REGION)
    assert all(each.leas >= LEAST_IN_A_REGION for each in found)


def test_another_selpa_does_not_count(taken):
    data = taken.dataset
    apart = np.where(data.lea_key == OWN, "Elsewhere", "Here")
    assert quartiles(replace(data, selpa=apart), OWN, data.newest_year, 2) == ()


def test_values_of_small_groups_are_no_part_of_it(taken):
    """What a meeting does not see decides nothing: neither a value nor how many there are."""
    data, at = taken.dataset, POSITION["5a"]
    rows = np.flatnonzero((data.year == data.newest_year) & (data.denominator[:, at] > 0))
    row = next(int(row) for row in rows if data.lea_key[row] != OWN)
    told = []
    for count in (1, 3):
        denominator, numerator = data.denominator.copy(), data.numerator.copy()
        denominator[row, at], numerator[row, at] = 5, count
        value = data.value_numerator.copy(), data.value_denominator.copy(), data.value.copy()
        value[0][row, at], value[1][row, at], value[2][row, at] = 100 * count, 5, 20.0 * count
        changed = replace(
            data, denominator=denominator, numerator=numerator, value_numerator=value[0],
            value_denominator=value[1], value=value[2],
        )  # fmt: skip
        told.append(region(replace(taken, dataset=changed), OWN, data.newest_year, 2))
    assert told[0] == told[1]


def test_an_lea_of_no_named_selpa_is_not_told_of_those_of_one(taken):
    data = taken.dataset
    apart = np.where(data.lea_key == OWN, "", "Here")
    assert quartiles(replace(data, selpa=apart), OWN, data.newest_year, 2) == ()
    assert quartiles(data, "12345670000000", data.newest_year, 2) == ()
