"""How far a percentile is from the edges of the bands, against ranking everybody anew."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cim_core.data.dataset import Cell, Facts, LeaYear, build
from cim_core.outlook.change_search import ground
from cim_core.outlook.edge_margins import edge_margins, edges
from cim_core.outlook.levers import Way, applied, levers
from cim_core.placing.placement import place
from cim_core.placing.ranking import WITHIN, evaluate
from cim_core.rules import rulebook_file

RULES = rulebook_file.load()
YEAR = "2023-24"


def region(suspended: list[int], percentile: Decimal | None = None) -> list[LeaYear]:
    facts = Facts(swd=300, percentile=percentile)
    return [
        LeaYear(f"99{at:05d}", YEAR, f"LEA {at}", "S", facts, {"susp": Cell(numerator=n, denominator=100)})
        for at, n in enumerate(suspended)
    ]


def one_domain(rules=RULES):
    return replace(rules, evaluations=tuple(replace(one, min_domains=1) for one in rules.evaluations))


def test_the_edges_of_the_rulebooks():
    assert [(one.value, one.inside) for one in edges(RULES, "school_age")] == [(10, True), (20, True)]
    older = edges(rulebook_file.load("cde-2023"), "school_age")
    bands = [(one.value, one.inside) for one in older if not one.indicator]
    assert bands == [(4, False), (8, False), (10, True), (20, True)]
    assert [(one.indicator, one.value, one.inside) for one in older if one.indicator] == [
        ("5a", 10, True), ("5b", 10, True), ("5c", 10, True),
    ]  # fmt: skip


def test_an_indicator_ranked_by_itself():
    """Ten LEAs with 50, 51, … 59 of 100 in 5a: the worst is at 10%, the second at 20%."""
    rows = [
        LeaYear(
            f"99{at:05d}", YEAR, "", "S", Facts(swd=300), {"5a": Cell(numerator=50 + at, denominator=100)}
        )
        for at in range(10)
    ]
    placed = place(build(rows), rulebook_file.load("cde-2023"), WITHIN)
    on = ground(placed, YEAR)
    (worst,) = (one for one in edge_margins(on, 0) if one.edge.indicator == "5a")
    assert worst.below and worst.places == 1 and worst.points is None
    assert [(one.indicator, one.students) for one in worst.alone] == [("5a", 1)], "51 shares rank 1.5: 15%"
    (second,) = (one for one in edge_margins(on, 1) if one.edge.indicator == "5a")
    assert not second.below and second.places == 1 and second.alone[0].students == 2, "50 shares 1.5, 49 is 1"


def test_places_points_and_students_by_hand():
    """Ten LEAs with 20, 19, … 11 suspended of 100: the worst is at 10%, the second at 20%."""
    placed = place(build(region(list(range(20, 10, -1)))), one_domain(), WITHIN)
    on = ground(placed, YEAR)
    ten, twenty = edge_margins(on, 0)
    assert ten.below and ten.places == 1 and ten.borderline
    assert ten.points == pytest.approx(10), "the second's composite is 20, its own is 10"
    assert [(one.indicator, one.students) for one in ten.alone] == [("susp", 1)], "equal shares rank 1.5: 15%"
    assert twenty.below and twenty.places == 2 and twenty.alone[0].students == 2
    first, second = edge_margins(on, 4)
    assert not first.below and first.places == 4 and not second.below and second.places == 3
    assert second.alone[0].students == 4, "20 shares rank 1.5 (15%), 19 would share 2.5 (25%)"


def test_a_percentile_given_by_the_file_has_no_places():
    placed = place(build(region([5, 6], Decimal("9.5"))), one_domain(), WITHIN)
    ten, twenty = edge_margins(ground(placed, YEAR), 0)
    assert (ten.places, ten.points, ten.alone, ten.borderline) == (None, None, (), False)
    assert (
        ten.below
        and ten.percent_points == pytest.approx(0.5)
        and twenty.percent_points == pytest.approx(10.5)
    )


def test_no_percentile_no_edges():
    assert edge_margins(ground(place(build(region([5])), RULES), YEAR), 0) == ()


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(0, 12), min_size=2, max_size=12), st.data())
def test_fewest_students_that_cross_and_one_fewer_does_not(suspended, data):
    rules = one_domain()
    dataset = build(region(suspended))
    placed = place(dataset, rules, WITHIN)
    on = ground(placed, YEAR)
    row = data.draw(st.integers(0, len(suspended) - 1))
    for margin in edge_margins(on, row):
        way = Way.LESS if margin.below else Way.MORE
        lever = levers(placed, on.margins, row, way).get("susp")

        def below(steps, lever=lever, edge=margin.edge):
            changed = applied(dataset, {row: {"susp": (lever, steps)}}) if steps else dataset
            percent = evaluate(changed, rules, WITHIN)["school_age"].percentile[row]
            return bool(edge.below(np.array([percent]))[0])

        if margin.alone:
            students = margin.alone[0].students
            assert below(students) is not margin.below and below(students - 1) is margin.below
        elif lever is not None:
            assert below(lever.room) is margin.below
