"""Students and points to the target, against counting up one by one."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cim_core.data.dataset import NONE, Cell, LeaYear, build
from cim_core.data.indicators import POSITION, get
from cim_core.outlook.margins import Borderline, margins
from cim_core.placing.placement import Result, place
from cim_core.rules import rulebook_file
from cim_core.rules.rulebook import Comparator, Target
from cim_core.rules.sources import Provenance, Status
from cim_core.words.rounding import half_away
from tests import strategies
from tests.oracles import smallest_change

RULES = rulebook_file.load()


def one_cell(code: str, cell: Cell, rules=RULES):
    """One value of a year in which every target is of its measure."""
    year = "2018-19" if code in ("1", "2") and rules is RULES else "2023-24"
    return place(build([LeaYear("9900001", year, cells={code: cell})]), rules)


def with_target(code: str, sign: Comparator, value: str, precision: int):
    target = Target(code, sign, Decimal(value), "", Provenance("project", Status.ASSUMED))
    return replace(RULES, targets=(target,), precision=precision)


@pytest.mark.parametrize(
    ("code", "top", "bottom", "students", "why"),
    [
        ("5a", 52, 100, 2, "≥53.2: 54 of 100 meets it, 53 does not"),
        ("5a", 54, 100, 1, "one fewer and it is missed"),
        ("5b", 21, 100, 1, "≤20.6"),
        ("1", 90, 100, 1, ">90 is missed at exactly 90"),
        ("4a", 276, 10_000, 1, "<2.76 is missed at exactly 2.76"),
        ("11", 100, 100, 1, "100 % is lost by one"),
        ("11", 97, 100, 3, "and regained only whole"),
        ("5c", 0, 50, 3, "≤4: 2 of 50 is exactly 4, 3 of 50 is above"),
        ("8", 0, 10, 10, ">94 of ten takes all ten"),
    ],
)
def test_students_to_the_target(code, top, bottom, students, why):
    placed = one_cell(code, Cell(numerator=top, denominator=bottom))
    assert margins(placed).students[0, POSITION[code]] == students, why


def test_no_number_of_students_would_do():
    rules = with_target("5a", Comparator.GREATER, "100", 2)
    assert (
        margins(one_cell("5a", Cell(numerator=5, denominator=10), rules)).students[0, POSITION["5a"]] == NONE
    )
    never_missed = with_target("5b", Comparator.AT_MOST, "100", 2)
    placed = one_cell("5b", Cell(numerator=5, denominator=10), never_missed)
    assert margins(placed).students[0, POSITION["5b"]] == NONE


@settings(deadline=None)
@given(
    code=st.sampled_from(["5a", "5b", "11", "chronic"]),
    sign=st.sampled_from(list(Comparator)),
    value=st.decimals(0, 100, places=3),
    precision=st.integers(0, 3),
    bottom=st.integers(1, 60),
    share=st.floats(0, 1),
)
def test_students_agree_with_counting_up(code, sign, value, precision, bottom, share):
    cell = Cell(numerator=round(share * bottom), denominator=bottom)
    rules = with_target(code, sign, str(value), precision)
    found = int(margins(one_cell(code, cell, rules)).students[0, POSITION[code]])
    # Where the sign does not fit the indicator (≤ for higher is better) the same whole number must come out.
    fits = (sign in (Comparator.GREATER, Comparator.AT_LEAST)) == get(code).higher_is_better
    if fits:
        assert (None if found == NONE else found) == smallest_change.flips(
            LeaYear("9900001", "2023-24", cells={code: cell}), code, rules
        )


@settings(deadline=None)
@given(strategies.lea_years(most=3), strategies.rulebooks())
def test_steps_turn_the_result_and_one_fewer_does_not(rows, rules):
    placed = place(build(rows), rules)
    margin = margins(placed)
    for row, at in np.argwhere(margin.steps != NONE).tolist():
        code = list(POSITION)[at]
        result, target = placed.results[row, at], rules.target(code)
        unit = Decimal(1).scaleb(-rules.precision)
        exact = half_away(placed.dataset.exact(row, code), rules.precision)
        now = Decimal(exact.numerator) / Decimal(exact.denominator)
        better = 1 if get(code).higher_is_better else -1
        way = better if result == Result.MISSED else -better
        for steps, turned in ((margin.steps[row, at], True), (margin.steps[row, at] - 1, False)):
            value = now + way * int(steps) * unit
            after = one_cell(code, Cell(rate=value), replace(rules, minimum_n=0)).results[0, at]
            assert bool(after != result) is turned, (code, target, now, steps)


def test_borderline_in_words_of_one_student_or_one_standard_error():
    def state(top: int, bottom: int) -> int:
        placed = one_cell("5a", Cell(numerator=top, denominator=bottom))
        return int(margins(placed).borderline[0, POSITION["5a"]])

    assert state(54, 100) == Borderline.ONE_STUDENT
    assert state(57, 100) == Borderline.STANDARD_ERROR  # 3.8 points away, standard error 4.95
    assert state(60, 100) == Borderline.NO  # 6.8 away, standard error 4.9
    assert state(570, 1000) == Borderline.NO  # 3.8 away, standard error 1.57


@settings(deadline=None)
@given(strategies.lea_years(most=3), strategies.rulebooks())
def test_no_margin_without_a_result(rows, rules):
    placed = place(build(rows), rules)
    margin = margins(placed)
    without = (placed.results != Result.MET) & (placed.results != Result.MISSED)
    assert (margin.students[without] == NONE).all() and (margin.steps[without] == NONE).all()
    counts = [POSITION["9"], POSITION["3d_ela"], POSITION["ela_dfs"]]
    assert (margin.students[:, counts] == NONE).all()
