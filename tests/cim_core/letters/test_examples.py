"""Letters and settings small enough to follow by hand."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from cim_core.data.dataset import build
from cim_core.data.facts import Cell, Facts, LeaYear
from cim_core.letters import evidence, reconcile
from cim_core.letters.assumptions import assumptions
from cim_core.letters.spans import Span
from cim_core.letters.trial import Trial, readable
from cim_core.placing.ranking import NO_REFERENCE
from cim_core.rules import rulebook_file
from cim_core.rules.settings import Setting
from cim_core.rules.sources import Status
from cim_core.words.disclosure import WORKING

RULES = rulebook_file.load()
MET = {code: Cell(rate=Decimal(100), denominator=200) for code in ("8", "11")}


def lea(code: str, letter: str, percent: str, students: int = 200) -> LeaYear:
    """An LEA whose regular class (target 53.2%) is at a percent; everything else is met."""
    facts = Facts(
        swd=90, disproportionate_years=0, newly_disproportionate=False, minor_findings=0,
        cde_placement=letter,
    )  # fmt: skip
    cells = {**MET, "5a": Cell(rate=Decimal(percent), denominator=students)}
    return LeaYear(code, "2023-24", f"LEA {code}", facts=facts, cells=cells)


def reconciled(*leas: LeaYear) -> tuple[reconcile.Reconciliation, Trial]:
    data = build(leas, assumed_none=["elements", "preschool"])
    trial = Trial(data, RULES, NO_REFERENCE, readable(data))
    return reconcile.singles(trial), trial


def of(found: reconcile.Reconciliation, setting: str) -> list[reconcile.Fit]:
    """All that is said of one assumption, ranges that hold it as it is among them."""
    return [fit for fit in (*found.singles, *found.around) if fit.ways[0].assumption.id == setting]


def fitting_span(found: reconcile.Reconciliation, setting: str, number: int) -> Span:
    (fit,) = [fit for fit in of(found, setting) if fit.number == number]
    span = fit.ways[0].span
    assert span is not None
    return span


def test_a_target_fits_up_to_the_rate_of_the_lea_that_the_letter_calls_universal():
    found, _ = reconciled(lea("1", "Universal", "51.87"), lea("2", "Targeted Level 1", "40"))
    span = fitting_span(found, "targets.5a.value", 2)
    assert (span.low, span.low_in, span.high, span.high_in) == (Decimal(40), False, Decimal("51.87"), True)
    assert found.as_it_is.number == 1


def test_students_count_from_one_more_than_the_lea_has():
    found, _ = reconciled(lea("1", "Universal", "40", students=40))
    span = fitting_span(found, "counting.minimum_n", 1)
    assert (span.low, span.high) == (41, 100)
    assert fitting_span(found, "counting.minimum_n", 0).high == 40


def test_an_element_left_out_fits_and_what_is_confirmed_comes_last():
    found, _ = reconciled(lea("1", "Universal", "40"))
    (out,) = of(found, "elements.5a")
    assert (out.number, out.against) == (1, ())
    assert out in found.best and found.as_it_is not in found.best
    statuses = [fit.ways[0].assumption.status for fit in found.singles]
    assert statuses == sorted(statuses, key=lambda status: status is Status.CONFIRMED)
    assert Status.CONFIRMED in statuses
    confirmed = {one.id for one in assumptions(RULES) if one.status is Status.CONFIRMED}
    assert "clauses.level-2-missed.at_least" in confirmed
    assert not {"clauses.intensive.to", "elements.5a", "targets.5a.value"} & confirmed


def test_equal_settings_are_all_listed_as_it_is_among_them():
    found, _ = reconciled(lea("1", "Targeted Level 1", "40"))
    assert found.as_it_is in found.best
    assert all(fit.number == 1 for fit in found.best)
    telling = {fit for fit in found.singles if not found.says_less(fit)}
    assert {fit for fit in telling if fit.number == 1} == {*found.best} - {found.as_it_is}
    assert len(found.as_good_as(found.as_it_is)) == len(found.best) - 1


def test_vague_words_fit_every_level():
    found, _ = reconciled(lea("1", "Targeted", "40"), lea("2", "Intensive", "100"))
    assert found.as_it_is.fitting == (0,) and found.as_it_is.against == (1,)


def test_a_letter_whose_words_mean_nothing_is_none():
    found, _ = reconciled(lea("1", "Targeted", "40"), lea("2", "see attachment", "100"))
    assert found.rows == (0,)
    with pytest.raises(ValueError):
        reconciled(lea("1", "see attachment", "40"))


def test_sentences_name_who_speaks_against_it_and_the_numbers():
    found, trial = reconciled(
        lea("1", "Universal", "51.87"), lea("2", "Targeted Level 1", "40"), lea("3", "Universal", "30")
    )
    now = found.as_it_is
    names = evidence.names(found, trial.ranked, now.against)
    said = WORKING.say(evidence.fit_said(now, found.letters, names))
    assert said == "1 of 3 letters fit, and LEA 1 and LEA 3 speak against it."
    first, second = evidence.contradictions(trial, now)
    assert WORKING.say(first.said) == (
        "LEA 1: the letter says “Universal”, the reading is Targeted Level 1 (1 target missed, based on 3 of "
        "25 elements (its target is assumed, not confirmed))"
    )
    assert first.row == 0 and second.row == 2
    (way,) = next(fit for fit in of(found, "targets.5a.value") if fit.fitting == (0, 1)).ways
    assert WORKING.say(evidence.way_said(RULES, way)) == "above 40%, up to 51.87%"
    assert evidence.settings_written(way) == "targets.5a.value=40..51.87"
    assert WORKING.say(evidence.fit_said(replace(now, against=(), fitting=(0, 1, 2)), 3, ())) == (
        "All 3 letters fit."
    )


def test_what_fits_because_nothing_is_settled_says_so_and_is_not_best():
    found, _ = reconciled(lea("1", "Universal", "51.87"), lea("2", "Targeted Level 1", "40"))
    vague = next(fit for fit in of(found, "counting.min_elements") if fit.number == 2)
    assert vague.unsettled == (0, 1) and found.says_less(vague) and not vague.sure
    assert WORKING.say(evidence.fit_said(vague, 2, ())) == (
        "All 2 letters fit. 2 of those that fit do so only because their placements are not settled."
    )
    sure = next(fit for fit in of(found, "targets.5a.value") if fit.number == 2)
    assert sure.sure == (0, 1) and sure in found.best and vague not in found.best
    assert vague not in found.as_good_as(sure)
    assert found.ranked.index(sure) < found.ranked.index(vague)


@pytest.mark.parametrize(
    ("span", "shown"),
    [
        (Span(Decimal("9.5"), False, Decimal("10.25"), True), ("9.5", False, "10.25", True)),
        (Span(Decimal("9.123456"), False, Decimal("10.987654"), False), ("9.13", True, "10.98", True)),
        (Span(Decimal("9.1234"), True, Decimal("9.1236"), False), ("9.1234", True, "9.1235", True)),
    ],
)
def test_ends_are_short_and_inside(span, shown):
    found = evidence.short(span)
    assert (str(found.low), found.low_in, str(found.high), found.high_in) == shown
    assert span.holds(span.value)


def test_what_a_way_changes_is_what_a_scenario_would():
    found, _ = reconciled(lea("1", "Universal", "40"))
    (out,) = of(found, "elements.5a")
    assert out.changes == {Setting.parse("elements.5a"): "out"}
