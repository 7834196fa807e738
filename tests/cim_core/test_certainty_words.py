"""What is said about how sure a placement is: word, counts, what was held fixed, that it is no forecast."""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal

import pytest

from cim_core import rulebook_file, words
from cim_core.certainty import Certainty, Sureness, certainty, summary_of
from cim_core.dataset import Cell, Facts, build
from cim_core.disclosure import Disclosure
from cim_core.placement import place
from cim_core.ranking import WITHIN
from cim_core.rulebook import NOT_PLACED
from tests.cim_core.test_certainty import FAR, GOOD, PERFECT, YEAR, alone, lea, worse
from tests.conftest import sample_placements

SAY = Disclosure().say


@pytest.fixture(scope="module")
def sample() -> Certainty:
    return certainty(sample_placements(), "2024-25")


def test_where_nothing_can_be_redrawn_nothing_is_claimed():
    rates = {"5a": Cell(rate=Decimal(90)), "11": Cell(numerator=20, denominator=20)}
    found = certainty(alone(rates), YEAR, 20)
    assert found.sureness(0) is Sureness.UNTOLD and found.share[0].max() == 1
    nowhere = certainty(alone({}, Facts()), YEAR, 20)
    assert nowhere.sureness(0) is Sureness.UNTOLD
    assert nowhere.sentence(0).id in ("certainty.sentence.not_placed", "certainty.sentence.untold")
    assert [one.id for one in nowhere.beside(0)] == [
        "certainty.redrawn_year",
        "certainty.no_appeal",
        "certainty.larger",
        "certainty.provisional",
    ]


def test_the_track_of_small_leas_stays():
    book = rulebook_file.load("cde-2023")
    found = certainty(alone(FAR, replace(GOOD, swd=40), book), YEAR, 20)
    assert found.placements.placement(0).label == "Small LEA" and found.own(0) == 20
    assert found.sureness(0) is Sureness.UNTOLD and found.sentence(0).id == "certainty.sentence.small"


def test_sentences_say_the_word_and_what_it_is_not():
    placements = sample_placements()
    found = certainty(placements, YEAR)
    gate = Disclosure()
    for row in found.rows.tolist():
        said = gate.say(found.sentence(row))
        assert said.startswith(gate.say(found.sureness(row).word))
        assert words.text("certainty.no_appeal") in [gate.say(one) for one in found.beside(row)]
    assert {found.sureness(row) for row in found.rows.tolist()} >= {
        Sureness.FIRM, Sureness.LEANING, Sureness.TOSS_UP,
    }  # fmt: skip


def test_what_a_redrawn_year_is_stands_beside_and_is_no_forecast():
    found = certainty(alone(FAR), YEAR, 20)
    said = SAY(found.beside(0)[0])
    assert "Chance enters twice" in said and "every indicator by itself" in said
    assert "more often than real years do" in said and "not a forecast" in said
    assert "not just as likely a year" in said and "could have brought" not in said


def test_where_another_placement_comes_up_more_often_both_are_named(sample):
    """At 15 cuts that are met by little, most redrawn years miss some, and that is no verdict."""
    placements, seen = sample.placements, set()
    for row in sample.rows.tolist():
        others, own, said = sample.others(row), sample.own(row), SAY(sample.sentence(row))
        if sample.sureness(row) is not Sureness.TOSS_UP:
            continue
        here, other, most = placements.placement(row).label, others[0][0].label, others[0][1]
        again = "" if most > own else " again"
        assert "small numbers decide here" in said and "only" not in said.partition("held fixed")[0]
        assert f"Redrawn, it is {here}{again} in {own} of 1,000 years and {other} in {most}." in said
        seen.add(again)
    assert seen == {"", " again"}


def test_a_provisional_placement_is_sure_only_as_far_as_chance_goes(sample):
    placements = sample.placements
    for row in sample.rows.tolist():
        said, here = SAY(sample.sentence(row)), placements.placement(row)
        open_still = not placements.firm[row] and here != NOT_PLACED
        assert ("(as far as chance goes)" in said) == bool(open_still)
        assert ("What the file does not say could still change it." in said) == bool(open_still)
    firm = certainty(alone(FAR, replace(GOOD, minor_findings=None)), YEAR, 50)
    assert SAY(firm.sentence(0)) == (
        "Firm (as far as chance goes): Universal again in 50 of 50 redrawn years. "
        "What the file does not say could still change it."
    )
    assert "provisional" in SAY(firm.beside(0)[-1])


def test_what_was_held_fixed_was_not_tested():
    facts = replace(GOOD, percentile=Decimal(10))
    placements = place(
        build([lea(1, FAR, facts), *(worse(at) for at in range(30))]), rulebook_file.load(), WITHIN
    )
    row = placements.dataset.row_of("9900001", YEAR)
    assert SAY(certainty(placements, YEAR, 50).sentence(row)) == (
        "Firm only because what decides was held fixed: Intensive again in 50 of 50 redrawn years, "
        "but chance was not tested there."
    )


def test_a_fixed_rule_that_others_may_overtake_is_said_too():
    """One finding makes it Level 1 whatever is drawn; three rates on their targets may make it Level 2."""
    even = {"5a": Cell(numerator=532, denominator=1000)}
    rules = rulebook_file.load()
    even["5b"] = Cell(numerator=math.floor(10 * rules.target("5b").value), denominator=1000)
    even["1"] = Cell(numerator=math.floor(3 * rules.target("1").value) + 1, denominator=300)
    found = certainty(alone(FAR | even, replace(GOOD, minor_findings=1)), YEAR, 400)
    said = SAY(found.sentence(0))
    assert found.placements.placement(0).label == "Targeted Level 1"
    assert found.sureness(0) is Sureness.LEANING and f"next Targeted Level 2, in {400 - found.own(0)}" in said
    assert "What decides now was held fixed: chance was tested only on what else could decide." in said


def test_what_is_not_placed_in_any_year_has_a_sentence_and_nothing_to_show(sample):
    nowhere = [row for row in sample.rows.tolist() if summary_of(sample, row).nothing_to_show]
    assert nowhere
    for row in nowhere:
        assert sample.placements.placement(row) == NOT_PLACED and sample.own(row) == 1000
        assert SAY(sample.sentence(row)).startswith("Cannot be told: it is not placed")
    assert not summary_of(certainty(alone(PERFECT), YEAR, 5), 0).nothing_to_show
