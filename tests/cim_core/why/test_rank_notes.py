"""Ranks among LEAs of one type, the shares by type, and what a reference lacks: beside the rank, in words."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from cim_core.data.dataset import Cell, Facts, LeaYear, build
from cim_core.placing import reference
from cim_core.placing.placement import place
from cim_core.placing.ranking import NO_REFERENCE, WITHIN, Ranked, evaluate
from cim_core.rules import rulebook_file
from cim_core.rules.evaluations import RankAmong
from cim_core.rules.rulebook import Rulebook
from cim_core.whatif import ready_scenarios, scenario
from cim_core.why import rank_notes
from cim_core.why.explanation import explain
from cim_core.why.percentile_steps import steps
from cim_core.words.disclosure import Disclosure

BOOK = rulebook_file.load()
STATE = reference.shipped()
SAY = Disclosure().say


def by_type(book: Rulebook = BOOK) -> Rulebook:
    ranked = tuple(replace(one, rank_among=RankAmong.TYPE) for one in book.evaluations)
    return replace(book, evaluations=ranked)


def lea(at: int, kind: str, ela: int, swd: int = 500) -> LeaYear:
    cells = {
        "ela_dfs": Cell(rate=Decimal(ela), denominator=300),
        "susp": Cell(rate=Decimal(5), numerator=25, denominator=500),
    }
    return LeaYear(f"99{at:05d}0000000", "2024-25", f"LEA {at}", "S", Facts(swd=swd, lea_type=kind), cells)


def test_the_lowest_fifth_by_type_is_what_was_measured():
    """Method, section 9, counted again from the public file of 2024-25."""
    assert STATE.dataset is not None
    found = rank_notes.lowest_fifth(STATE.dataset, BOOK.evaluations[0], "2024-25")
    shares = {kind: (one.lowest, one.ranked) for kind, one in found.items() if kind != "charter"}
    assert shares == {"high": (32, 60), "coe": (3, 6), "unified": (72, 304), "elementary": (15, 241)}
    percents = {kind: round(100 * low / ranked) for kind, (low, ranked) in shares.items()}
    assert percents == {"high": 53, "coe": 50, "unified": 24, "elementary": 6}


def test_each_type_is_ranked_by_itself_and_one_of_no_type_not_at_all():
    rows = [lea(0, "high", -90), lea(1, "high", -80), lea(2, "elementary", -10), lea(3, "elementary", 0)]
    data = build([*rows, lea(4, "", 50)], name="two types")
    found = evaluate(data, by_type(), WITHIN)["school_age"]
    assert found.percentile[:4].tolist() == [50, 100, 50, 100]
    assert found.ranked[:4].tolist() == [2, 2, 2, 2]
    assert [one.kind for one in found.years] == ["elementary", "high"]
    assert np.isnan(found.percentile[4]) and found.state[4] == Ranked.TYPE_UNKNOWN
    together = evaluate(data, BOOK, WITHIN)["school_age"]
    assert together.percentile.tolist() == [20, 40, 60, 80, 100]


def test_one_of_unknown_type_is_not_settled_and_told_why():
    placed = place(
        build([lea(at, kind, 0) for at, kind in enumerate(("high", ""))], name="x"), by_type(), WITHIN
    )
    assert not placed.firm[1]
    assert any("of what type this one is" in SAY(one) for one in explain(placed, 1).sentences)


def test_ranks_by_type_stay_between_those_of_the_type_in_the_state():
    """Against the statewide file: a type's ranks run from the worst to the best of that type alone."""
    assert STATE.dataset is not None
    data = replace(STATE.dataset, name="upload")
    found = evaluate(data, by_type(), WITHIN)["school_age"]
    rows = data.rows_of_year("2024-25")
    high = [row for row in rows if data.lea_type[row] == "high" and not np.isnan(found.percentile[row])]
    assert len(high) == 60 and {int(found.ranked[row]) for row in high} == {60}
    ranks = sorted(float(found.rank[row]) for row in high)
    assert sum(ranks) == pytest.approx(60 * 61 / 2)


def test_the_type_comes_from_the_reference_where_the_file_does_not_say_it():
    assert STATE.dataset is not None
    at = next(
        row
        for row in STATE.dataset.rows_of_year("2024-25")
        if STATE.dataset.lea_type[row] == "high" and STATE.dataset.swd[row] > 100
    )
    code = str(STATE.dataset.lea_code[at])
    cells = {"5a": Cell(rate=Decimal(50), numerator=100, denominator=200)}
    data = build([LeaYear(code, "2024-25", "A high-school district", "S", Facts(), cells)], name="one")
    found = evaluate(data, by_type(), STATE)["school_age"]
    assert found.years[0].kind == "high" and found.ranked[0] == 60
    beside = [SAY(one) for one in rank_notes.beside_rank(place(data, BOOK, STATE), 0, "school_age")]
    assert found.rank[0] == 3
    said = "3rd lowest of 60 "
    assert any("Among high-school districts alone" in one and said in one for one in beside)
    assert any(
        "the Placement (least restrictive environment) domain (5a, 5b and 5c)" in one for one in beside
    )
    last = steps(place(data, by_type(), STATE), 0, "school_age")[-1]
    assert SAY(last.label) == "That mean, ranked among the high-school districts that have one"


def test_where_a_rank_decides_the_shares_are_said():
    assert STATE.dataset is not None
    placed = place(replace(STATE.dataset, name="upload"), BOOK, STATE)
    rows = [
        row
        for row in STATE.dataset.rows_of_year("2024-25")
        if (clause := placed.clause(row)) is not None and clause.evaluation == "school_age"
    ]
    assert len(rows) > 100
    for row in rows[:20]:
        said = " ".join(SAY(one) for one in rank_notes.beside_rank(placed, row, "school_age"))
        assert "32 of 60 high-school districts" in said and "15 of 241 elementary districts" in said
    other = next(
        row
        for row in STATE.dataset.rows_of_year("2024-25")
        if placed.percentiles["school_age"].percentile[row] > 50
    )
    assert "In the lowest fifth" not in str(
        [SAY(one) for one in rank_notes.beside_rank(placed, other, "school_age")]
    )


def test_few_of_a_type_are_said_to_be_few():
    placed = place(build([lea(at, "high", -at) for at in range(5)], name="few"), by_type(), STATE)
    found = placed.percentiles["school_age"]
    assert found.ranked[0] == 65
    coe = place(build([lea(0, "coe", -50)], name="one"), by_type(), STATE)
    said = [SAY(one) for one in rank_notes.beside_rank(coe, 0, "school_age")]
    assert any(one.startswith("Only 7 county offices of education are ranked") for one in said)


def test_nothing_is_said_beside_no_rank():
    placed = place(build([lea(0, "high", -50)], name="one"), BOOK, NO_REFERENCE)
    assert rank_notes.beside_rank(placed, 0, "school_age") == ()


def test_the_rulebook_key_and_the_ready_scenario():
    base = rulebook_file.load()
    (one,) = [each for each in ready_scenarios.ready(base, "") if "each type" in each.name]
    book = scenario.changed_rulebook(one, base)
    assert {each.rank_among for each in book.deciding_evaluations} == {RankAmong.TYPE}
    assert not book.official and BOOK.evaluations[0].rank_among is RankAmong.ALL


def test_a_stand_in_year_is_judged_by_the_shift_of_its_own_type():
    """With too few LEAs of a type to tell a shift, nothing is settled by rank."""
    assert STATE.dataset is not None
    rows = [replace(lea(at, kind, -60), year="2025-26") for at, kind in enumerate(("high", "coe"))]
    found = evaluate(build(rows, name="next"), by_type(), STATE)["school_age"]
    high, coe = found.used(0), found.used(1)
    assert high is not None and coe is not None
    assert high.shift is not None and high.shift.leas < 130 and coe.shift is None
    assert not np.isnan(found.low[0]) and np.isnan(found.low[1]) and not np.isnan(found.percentile[1])
