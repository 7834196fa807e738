"""Two hidden settings: what explains the letters is listed, what is listed explains them, the bound holds."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks import data as invented
from cim_core.data.dataset import build
from cim_core.data.facts import Cell, Facts, LeaYear
from cim_core.letters import pairs, reconcile
from cim_core.letters.assumptions import assumptions
from cim_core.letters.trial import Trial, readable
from cim_core.placing.ranking import WITHIN
from cim_core.rules import rulebook_file
from tests.cim_core.letters.hidden import otherwise, with_letters
from tests.oracles.reconcile import fitting
from tests.strategies import lea_years

RULES = {book: rulebook_file.load(book) for book in rulebook_file.available()}
EVERYTHING = 10**9


def holds(way, assumption, changes, value) -> bool:
    if way.assumption != assumption:
        return False
    return way.span.holds(value) if way.span is not None else way.changes == changes


def listed(found, pair) -> list[set[int]]:
    """The rows that fit in each listed pair that holds both of two settings."""
    each = [fit for fit in found.pairs if all(any(holds(way, *one) for way in fit.ways) for one in pair)]
    return [set(fit.fitting) for fit in each]


def more_than_alone(data, rules, pair) -> set[int] | None:
    """The rows that fit under two settings, if they are more than under each alone and as it is, and no more
    is left open than as it is."""
    (_, changes, _), (_, more, _) = pair
    expected = fitting(data, rules, WITHIN, {**changes, **more})
    alone = [fitting(data, rules, WITHIN, each) or () for each in ({}, changes, more)]
    if expected is None or set(changes) & set(more) or len(expected) <= max(map(len, alone)):
        return None
    sure = [fitting(data, rules, WITHIN, each, surely=True) for each in ({}, {**changes, **more})]
    open_now, open_then = len(alone[0]) - len(sure[0]), len(expected) - len(sure[1])
    return expected if open_then <= open_now else None


def check(rng, data, rules, only, hidden):
    """The hidden pair is listed, or one of the two explains as much alone; pairs do as they say; a pair that
    explains more than its parts is listed."""
    trial = Trial(data, rules, WITHIN, readable(data))
    found = pairs.pairs(trial, reconcile.singles(trial, only=only), EVERYTHING)
    assert found.searched.left_out == 0
    drawn = [rng.sample(only, 2) for _ in range(6)]
    for pair in [hidden, *([(each, *otherwise(rng, each)) for each in both] for both in drawn)]:
        expected = more_than_alone(data, rules, pair)
        assert expected is None or expected in listed(found, pair), pair
    for fit in rng.sample(found.pairs, min(8, len(found.pairs))):
        assert fitting(data, rules, WITHIN, fit.changes) == set(fit.fitting)
        assert fit.number > found.as_it_is.number
    said = [(fit.ways[0].assumption.id, fit.ways[0].span, fit.ways[1], fit.fitting) for fit in found.pairs]
    for (name, span, *rest), (other, next_span, *other_rest) in permutations(said, 2):
        alike = name == other and rest == other_rest and span is not None
        assert not alike or not touch(span, next_span), (name, span, next_span)
    return found


def touch(span, after) -> bool:
    """Whether two ranges of a number without steps are one."""
    return span.high == after.low and (span.high_in or after.low_in)


@pytest.mark.full
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), st.randoms(use_true_random=False))
def test_a_hidden_pair_on_any_data(draws, rng):
    rules = RULES[draws.draw(st.sampled_from(sorted(RULES)))]
    data = build(draws.draw(lea_years()))
    if not len(data):
        return
    only = rng.sample(assumptions(rules, counts=False), 6)
    first, second = ((each, *otherwise(rng, each)) for each in only[:2])
    if set(first[1]) & set(second[1]):
        return
    made = with_letters(rng, data, rules, WITHIN, {**first[1], **second[1]}, 12)
    if made is not None:
        check(rng, made, rules, only, (first, second))


def lea(code: str, letter: str, class_rate: str, parents: str) -> LeaYear:
    """An LEA by its rates of indicators 5a (target 53.2%) and 8 (target 94%)."""
    facts = Facts(
        swd=90, disproportionate_years=0, newly_disproportionate=False, minor_findings=0,
        cde_placement=letter,
    )  # fmt: skip
    rates = {"5a": class_rate, "8": parents}
    cells = {code: Cell(rate=Decimal(rate), denominator=200) for code, rate in rates.items()}
    return LeaYear(code, "2024-25", f"LEA {code}", facts=facts, cells=cells)


def test_two_settings_explain_what_none_does_alone():
    rng = random.Random(1)
    rules = RULES["at-a-glance"]
    leas = [lea("1", "Universal", "50", "99"), lea("2", "Universal", "60", "80"), lea("3", "T1", "40", "99")]
    data = build(leas, assumed_none=["elements", "preschool"])
    only = [one for one in assumptions(rules, counts=False) if one.id in ("targets.5a.value", "elements.8")]
    element, target = only
    hidden = (
        (target, target.threshold.changes(Decimal(45)), Decimal(45)),
        (element, dict(element.choices[0].changes), None),
    )
    found = check(rng, data, rules, only, hidden)
    assert [fit.number for fit in found.best] == [3] and found.as_it_is.number == 1
    (best,) = found.best
    span = next(way.span for way in best.ways if way.span is not None)
    assert (span.low, span.high) == (40, 50)


def test_the_search_is_bounded_and_says_what_it_left():
    rng = random.Random(1)
    rules = RULES["at-a-glance"]
    data = invented.invent(rules, 20, 1)
    made = with_letters(rng, data, rules, WITHIN, {}, 20)
    words = made.cde_placement.copy()
    words[made.rows_of_year("2024-25")[:4]] = "Intensive"
    made = replace(made, cde_placement=words)
    trial = Trial(made, rules, WITHIN, readable(made))
    only = assumptions(rules, counts=False)[:30]
    singles = reconcile.singles(trial, only=only)
    heard: list[tuple[int, int]] = []
    found = pairs.pairs(trial, singles, 40, lambda done, of: heard.append((done, of)))
    assert 40 <= found.searched.placed < 80
    assert 0 < found.searched.lines < found.searched.all_lines
    assert found.searched.left_out == found.searched.all_lines - found.searched.lines
    assert heard[-1] == (40, 40) and all(done <= 40 for done, _ in heard)
    again = pairs.pairs(Trial(made, rules, WITHIN, readable(made)), singles, 40)
    assert again == found


def test_where_everything_fits_there_is_nothing_to_search():
    rules = RULES["at-a-glance"]
    data = invented.invent(rules, 5, 1)
    made = with_letters(random.Random(1), data, rules, WITHIN, {}, 5)
    trial = Trial(made, rules, WITHIN, readable(made))
    only = assumptions(rules, counts=False)[:3]
    singles = reconcile.singles(trial, only=only)
    assert pairs.pairs(trial, singles) is singles and singles.searched.all_lines == 0
