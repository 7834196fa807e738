"""What is said about chance: in how many draws, what was held fixed, that it is no forecast."""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal

import pytest

from cim_core.certainty import Certainty, certainty, method_note, sentences, summary_of
from cim_core.data.dataset import Cell, Facts, build
from cim_core.placing.placement import place
from cim_core.placing.ranking import WITHIN
from cim_core.rules import rulebook_file
from cim_core.rules.tiers import NOT_PLACED
from cim_core.words import messages
from cim_core.words.disclosure import Disclosure
from tests.cim_core.certainty.test_certainty import FAR, GOOD, PERFECT, YEAR, alone, lea, worse
from tests.conftest import sample_placements

SAY = Disclosure().say
HELD = " What decides was kept fixed. Chance was tested only on what else could decide."


@pytest.fixture(scope="module")
def sample() -> Certainty:
    return certainty(sample_placements(), "2024-25")


def test_where_nothing_can_be_drawn_nothing_is_claimed():
    rates = {"5a": Cell(rate=Decimal(90)), "11": Cell(numerator=20, denominator=20)}
    found = certainty(alone(rates), YEAR, 20)
    assert not found.told(0) and found.share[0].max() == 1
    assert SAY(sentences.sentence(found, 0)) == "No count that bears on this placement can be drawn."
    nowhere = certainty(alone({}, Facts()), YEAR, 20)
    assert not nowhere.told(0)
    assert sentences.sentence(nowhere, 0).id in ("certainty.sentence.not_placed", "certainty.sentence.untold")
    assert [one.id for one in sentences.beside(nowhere, 0)] == [
        "certainty.drawn", "certainty.no_appeal", "certainty.larger", "certainty.provisional",
    ]  # fmt: skip


def test_the_track_of_small_leas_stays():
    book = rulebook_file.load("cde-2023")
    found = certainty(alone(FAR, replace(GOOD, swd=40), book), YEAR, 20)
    assert found.placements.placement(0).name == "Small LEA" and found.own(0) == 20
    assert not found.told(0) and sentences.sentence(found, 0).id == "certainty.sentence.small"


def test_sentences_count_draws_and_judge_nothing(sample):
    for row in sample.rows.tolist():
        said = SAY(sentences.sentence(sample, row))
        assert not any(word in said for word in ("Firm", "Leaning", "Toss-up", "years"))
        assert messages.text("certainty.no_appeal") in [SAY(one) for one in sentences.beside(sample, row)]
        others, own = sample.others(row), sample.own(row)
        if sample.told(row) and others:
            here, (other, most) = sample.placements.placement(row).name, others[0]
            assert f"it is {here} in {own} of 1,000 draws, and next {other.name}, in {most}." in said


def test_what_a_draw_is_stands_beside_and_is_no_forecast():
    said = SAY(sentences.beside(certainty(alone(FAR), YEAR, 20), 0)[0])
    assert "no forecast. Real years move more than chance alone" in said
    assert "more often than real years do" not in said and "twice" not in said


def test_the_method_names_the_state_and_what_it_weighs(sample):
    said = " ".join(SAY(one) for one in method_note(sample))
    assert "Chance enters once" in said and "Towards the state's rates, weighing as much as" in said
    assert "Suspension" in said and "LEAs)" in said and "Jeffreys' prior stands" in said
    for source in ("Efron and Morris 1975", "Kane and Staiger 2002", "Goldstein and Spiegelhalter 1996",
                   "Leckie and Goldstein 2009"):  # fmt: skip
        assert source in said
    without = " ".join(SAY(one) for one in method_note(certainty(alone(FAR), YEAR, 5)))
    assert "Towards the state's rates, weighing" not in without


def test_a_provisional_placement_is_said_to_be_so():
    found = certainty(alone(FAR, replace(GOOD, minor_findings=None)), YEAR, 50)
    assert SAY(sentences.sentence(found, 0)) == "With the rates drawn, it is Universal in all 50 draws."
    assert "is not settled" in SAY(sentences.beside(found, 0)[-1])


def test_what_was_held_fixed_was_not_tested():
    facts = replace(GOOD, percentile=Decimal(10))
    placements = place(
        build([lea(1, FAR, facts), *(worse(at) for at in range(30))]), rulebook_file.load(), WITHIN
    )
    row = placements.dataset.row_of("9900001", YEAR)
    said = SAY(sentences.sentence(certainty(placements, YEAR, 50), row))
    assert said == "With the rates drawn, it is Intensive in all 50 draws." + HELD


def test_a_fixed_rule_that_others_may_overtake_is_said_too():
    """One finding makes it Level 1 whatever is drawn; three rates on their targets may make it Level 2."""
    even = {"5a": Cell(numerator=532, denominator=1000)}
    rules = rulebook_file.load()
    even["5b"] = Cell(numerator=math.floor(10 * rules.target("5b").value), denominator=1000)
    even["6b"] = Cell(numerator=math.floor(3 * rules.target("6b").value), denominator=300)
    found = certainty(alone(FAR | even, replace(GOOD, minor_findings=1)), YEAR, 400)
    said = SAY(sentences.sentence(found, 0))
    assert found.placements.placement(0).name == "Targeted Level 1"
    assert f"next Targeted Level 2, in {400 - found.own(0)}" in said and said.endswith(HELD)


def test_what_is_not_placed_in_any_draw_has_a_sentence_and_nothing_to_show(sample):
    nowhere = [row for row in sample.rows.tolist() if summary_of(sample, row).nothing_to_show]
    assert nowhere
    for row in nowhere:
        assert sample.placements.placement(row) == NOT_PLACED and sample.own(row) == 1000
        assert SAY(sentences.sentence(sample, row)).startswith("It is not placed")
    assert not summary_of(certainty(alone(PERFECT), YEAR, 5), 0).nothing_to_show
