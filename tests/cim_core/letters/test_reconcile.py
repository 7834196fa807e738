"""Letters made from hidden rules: the hidden setting is among those that fit, and nothing else is claimed."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks import data as invented
from cim_core import intake
from cim_core.data.dataset import build
from cim_core.letters import reconcile
from cim_core.letters.assumptions import assumptions
from cim_core.letters.trial import Trial, readable
from cim_core.placing import checked_files, reference
from cim_core.placing.ranking import WITHIN
from cim_core.rules import rulebook_file
from cim_core.rules.thresholds import ThresholdGroup
from tests.cim_core.letters.hidden import otherwise, with_letters
from tests.conftest import in_long_checks
from tests.oracles.reconcile import fitting
from tests.strategies import lea_years
from tests.test_imports import ROOT

RULES = {book: rulebook_file.load(book) for book in rulebook_file.available()}
SLOW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module")
def sample():
    """The invented SELPA with its counts by race and ethnicity."""
    folder = ROOT / "sample_data"
    uploads = [intake.open_path(folder / name) for name in ("invented_selpa.csv", "invented_counts.csv")]
    return checked_files.read_all(uploads).dataset


def trial_of(data, rules, against) -> Trial:
    return Trial(data, rules, against, readable(data))


def probes(rng, fit) -> list[dict]:
    """What a setting claims: its changes, for a range at its ends, and somewhere inside."""
    (way,) = fit.ways
    if way.span is None:
        return [way.changes]
    span, threshold = way.span, way.assumption.threshold
    values = {span.value}
    values |= {span.low} if span.low_in else set()
    values |= {span.high} if span.high_in else set()
    if way.assumption.unit is None:
        part = Decimal(rng.randint(1, 999)) / 1000
        values.add(span.low + (span.high - span.low) * part)
    return [dict(threshold.changes(value)) for value in values if span.holds(value)]


def check(rng, data, rules, against, only, hidden, value):
    """The hidden setting is listed as fitting all letters; what is listed does as it says when it is placed
    again; whatever was searched is listed with what becomes of the letters."""
    trial = trial_of(data, rules, against)
    found = reconcile.singles(trial, only=only)
    letters = set(found.rows)
    listed = [*found.singles, *found.around]
    assert set(found.as_it_is.fitting) == fitting(data, rules, against, {})
    mine = held(listed, hidden, value)
    assert any(fit.number == len(letters) and not fit.against for fit in mine)
    telling = [fit for fit in listed if fit.fitting != found.as_it_is.fitting]
    for fit in [*rng.sample(telling, min(len(telling), 30)), *rng.sample(listed, min(len(listed), 8))]:
        assert set(fit.fitting) | set(fit.against) == letters
        does_as_it_says(rng, fit, data, rules, against)
    for assumption in rng.sample(only, min(len(only), 12)):
        changes, tried = otherwise(rng, assumption)
        expected = fitting(data, rules, against, changes)
        if expected is not None:
            each = [
                fit for fit in held(listed, assumption, tried) if tried is not None or fit.changes == changes
            ]
            assert [set(fit.fitting) for fit in each] == [expected], (assumption.id, tried)


def does_as_it_says(rng, fit, data, rules, against):
    """A listed setting placed again: the same letters fit, and the same of them surely."""
    for changes in probes(rng, fit):
        assert set(fit.fitting) == fitting(data, rules, against, changes)
        sure = set(fit.fitting) - set(fit.unsettled)
        assert sure == fitting(data, rules, against, changes, surely=True)


def held(listed, assumption, value):
    """What is listed of an assumption: of a number the one range that holds a value."""
    mine = [fit for fit in listed if fit.ways[0].assumption == assumption]
    return mine if value is None else [fit for fit in mine if fit.ways[0].span.holds(value)]


@pytest.mark.parametrize("leas", [12, *in_long_checks(5, 30)])
@pytest.mark.parametrize("seed", [0, *in_long_checks(1, 2)])
def test_a_hidden_setting_is_found_against_the_state(leas, seed):
    rng = random.Random(100 * leas + seed)
    rules, against = RULES[rng.choice(sorted(RULES))], reference.shipped()
    data = invented.invent(rules, 40, seed)
    if seed == 1:
        data = data.looking_at(data.lea_key[:60])
    every = assumptions(rules, counts=False)
    hidden = rng.choice(every)
    only = [hidden, *(one for one in rng.sample(every, 14) if one != hidden)]
    changes, value = otherwise(rng, hidden)
    made = with_letters(rng, data, rules, against, changes, leas)
    assert made is not None
    check(rng, made, rules, against, only, hidden, value)


@pytest.mark.parametrize("book", [min(RULES), *in_long_checks(*sorted(RULES)[1:])])
def test_where_an_older_year_stands_in_ranges_are_exact_too(book):
    rng = random.Random(book)
    rules, against = RULES[book], reference.shipped()
    data = invented.invent(rules, 60, 3)
    data = replace(data, year=np.where(data.year == "2024-25", "2025-26", data.year))
    every = assumptions(rules, counts=False)
    edges = [one for one in every if one.threshold and one.threshold.group is ThresholdGroup.BANDS]
    changes, value = otherwise(rng, edges[0])
    made = with_letters(rng, data, rules, against, changes, 60)
    check(rng, made, rules, against, edges, edges[0], value)


@pytest.mark.full
@SLOW
@given(st.data(), st.randoms(use_true_random=False))
def test_any_hidden_setting_is_found_on_any_data(draws, rng):
    rules = RULES[draws.draw(st.sampled_from(sorted(RULES)))]
    data = build(draws.draw(lea_years()))
    if not len(data):
        return
    every = assumptions(rules, counts=False)
    hidden = draws.draw(st.sampled_from(every))
    changes, value = otherwise(rng, hidden)
    made = with_letters(rng, data, rules, WITHIN, changes, draws.draw(st.sampled_from([5, 12, 30])))
    if made is None:
        return
    check(rng, made, rules, WITHIN, every, hidden, value)


@pytest.mark.full
@pytest.mark.parametrize("name", ["threshold", "min_cell", "min_n", "minimums"])
def test_how_ratios_are_worked_out_is_searched_where_there_are_counts(sample, name):
    rng = random.Random(name)
    rules, against = RULES["at-a-glance"], reference.shipped()
    every = assumptions(rules)
    hidden = next(one for one in every if one.id == f"disproportionality.{name}")
    only = [one for one in every if one.id.startswith("disproportionality.")]
    for _ in range(3):
        changes, value = otherwise(rng, hidden)
        made = with_letters(rng, sample, rules, against, changes, 24)
        check(rng, made, rules, against, only, hidden, value)
