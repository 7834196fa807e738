"""What usually happens next: the shipped table, that it is calibrated, and where nothing is said."""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal

import pytest

from cim_core.data.dataset import Cell, build
from cim_core.data.indicators import POSITION
from cim_core.outlook import closeness_sentences
from cim_core.outlook.closeness import Closeness
from cim_core.outlook.next_year import BINS, TABLE, Silent, bin_of, next_year, table
from cim_core.placing.placement import Result, place
from cim_core.words.disclosure import Disclosure
from docs import next_year as script
from tests.cim_core.outlook.test_closeness import BOOK, CALM, FULL, counted, one

SAY = Disclosure().say
FACTS = replace(CALM, percentile=Decimal(60), preschool_percentile=Decimal(60))
MANY = {code: Cell(numerator=300, denominator=300) for code in BOOK.elements.indicators}


def test_fitted_on_one_pair_of_years_it_holds_in_the_other():
    """Within two standard errors of the difference in each bin, and jointly (χ² of 4 bins, 5 % at 9.49)."""
    distances = []
    for held in table().bins:
        fit, check = held.of_pair(0), held.of_pair(1)
        error = math.hypot(*held.error)
        assert abs(fit - check) <= 2 * error, held
        distances.append(((fit - check) / error) ** 2)
    assert len(distances) == 4 and sum(distances) <= 9.49


def test_the_closer_the_fewer_stay():
    shares = [held.share for held in table().bins]
    assert shares == sorted(shares) and [held.in_ten for held in table().bins] == [6, 7, 8, 9]
    assert [(held.start, held.to) for held in table().bins] == list(BINS)
    assert [bin_of(count) for count in (1, 3, 4, 10, 11, 30, 31, 999, None)] == [0, 0, 1, 1, 2, 2, 3, 3, 3]


def test_it_carries_over_to_an_indicator_that_it_was_not_measured_on():
    """Up to 10 students, each of the five indicators is within 0.1 of what the other four say."""
    names = {held.indicator for held in table().singles}
    assert names == set(script.STANDS_FOR)
    for start, to in BINS[:2]:
        for name in names:
            share = {}
            for mine in (True, False):
                held = [
                    each
                    for each in table().singles
                    if (each.start, each.to) == (start, to) and (each.indicator == name) is mine
                ]
                share[mine] = sum(sum(each.stayed) for each in held) / sum(sum(each.of) for each in held)
            assert abs(share[True] - share[False]) <= 0.1, (name, start, share)


def settled(found):
    return replace(found, settled=True)


def test_it_is_said_in_tens_with_what_it_was_measured_on():
    _, found = one(FULL | counted(i5a=(532, 1000)), FACTS)
    said = [SAY(line) for line in closeness_sentences.later(settled(found))]
    assert found.closeness is Closeness.FRAGILE
    assert said[0] == (
        "Of real LEAs this close (1 to 3 students or places), about 6 in 10 were in the same placement "
        "a year later."
    )
    held = table().bins[0]
    assert f"{held.stayed[0]:,} of {held.of[0]:,} placements of {held.leas[0]} LEAs from 2022-23" in said[1]
    _, other = one(counted(i5a=(990, 1000)), FACTS)
    assert next_year(settled(other)) is Silent.NOT_CARRIED
    first = other.first
    plan = replace(first.plan, changes=(replace(first.plan.changes[0], indicator="susp"),))
    own = replace(settled(other), deciders=(replace(first, plan=plan),))
    assert "about 9 in 10" in SAY(closeness_sentences.later(own)[0])


def test_where_it_was_not_measured_nothing_is_said():
    _, late = one(FULL | counted(i5a=(100, 1000), i5b=(900, 1000)), FACTS)
    assert next_year(settled(late)) is Silent.NOT_MEASURED
    newly = replace(FACTS, minor_findings=1)
    _, fact = one(counted(i5a=(532, 1000), i5b=(206, 1000), i5c=(40, 1000)), newly)
    assert next_year(settled(fact)) is Silent.NOT_MEASURED
    _, untested = one({"5a": Cell(rate=Decimal(90))}, FACTS)
    assert next_year(untested) is Silent.UNTESTED and closeness_sentences.later(untested) == ()
    _, loose = one(counted(i5a=(532, 1000)), replace(FACTS, minor_findings=None))
    assert next_year(loose) is Silent.NOT_SETTLED
    assert "not settled" in SAY(closeness_sentences.later(loose)[0])
    near = counted(i5a=(532, 1000), i5b=(206, 1000), i5c=(40, 1000), i4a=(27, 1000))
    _, many = one(near, FACTS)
    assert next_year(settled(many)) is Silent.MORE_THAN_MEASURED


def test_an_earlier_year_gives_the_targets_and_both_years_are_held_against_them():
    data = build(list(script.rows())[:600])
    book = script.rules(data, "2022-23", 20)
    assert {target.indicator for target in book.targets} == set(script.STANDS_FOR.values())
    placements = place(data, book)
    rows = data.rows_of_year("2022-23")
    at = placements.results[rows]
    for code in book.elements.indicators:
        column = at[:, POSITION[code]]
        share = (column == Result.MISSED).sum() / ((column == Result.MISSED) | (column == Result.MET)).sum()
        assert 0.12 <= share <= 0.28, code


def test_the_tables_of_the_method_are_those_of_the_data():
    text = script.METHOD.read_text("utf-8")
    assert script.page(text, table()) == text and "| 1–3 | 54." in text


@pytest.mark.full
def test_measuring_it_anew_gives_the_same_table():
    assert script.table(*script.seen(build(script.rows()))) == TABLE.read_text("utf-8")
