"""Two scenarios as one: everything of both, and a plain word where they disagree."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings

from cim_core.data.data_edits import DataEdit
from cim_core.placing.placement import place
from cim_core.rules import rulebook_file
from cim_core.rules.settings import Setting
from cim_core.rules.toml_table import SchemaError
from cim_core.whatif import ready_scenarios, scenario, stacked
from cim_core.whatif.scenario import Scenario
from cim_core.words.disclosure import WORKING
from tests.changes import changes
from tests.cim_core.whatif.test_scenario import scenarios
from tests.test_sample_data import DATA

BASE = rulebook_file.load()
LOWER = Scenario(
    "5a at 50", changes=changes({"targets.5a.value": Decimal(50), "targets.8.value": Decimal(90)})
)
BANDS = Scenario("Bands", changes=changes({"clauses.intensive.to": Decimal(5)}))


def said(stack):
    parts = ((one.label, one.under, one.over) for one in stack.conflicts)
    return [tuple(part if isinstance(part, str) else WORKING.say(part) for part in each) for each in parts]


def test_both_are_in_it_and_place_as_both_changes_do():
    found = stacked(LOWER, BANDS, BASE)
    assert found.scenario.name == "5a at 50 + Bands" and not found.conflicts and not found.lost
    assert found.scenario.changes == {**LOWER.changes, **BANDS.changes}
    both = scenario.run(found.scenario, BASE, DATA, scenario.NO_REFERENCE)
    rules = scenario.with_changes(BASE, {**LOWER.changes, **BANDS.changes}, "by hand")
    assert (both.placed == place(DATA, rules, scenario.NO_REFERENCE).placed).all()


def test_where_they_disagree_the_upper_one_is_kept_or_the_lower_if_asked():
    harder = next(
        one for one in ready_scenarios.ready(BASE, "") if one.changes.get(Setting.parse("targets.5a.value"))
    )
    found, kept = (stacked(LOWER, harder, BASE, keep) for keep in (False, True))
    assert said(found) == said(kept) and ("Target 5a Regular class ≥ 80%", "50", "54.2") in said(found)
    assert found.scenario.changes[Setting.parse("targets.5a.value")] == Decimal("54.2")
    assert kept.scenario.changes[Setting.parse("targets.5a.value")] == Decimal(50)
    assert set(found.scenario.changes) == set(kept.scenario.changes)


def test_the_same_value_is_no_conflict():
    assert not stacked(LOWER, LOWER, BASE).conflicts


def test_books_references_and_improvements_conflict_too():
    one = Scenario(instead="cde-2022", reference="within", improve=Decimal(5))
    other = Scenario(instead="cde-2023", reference="none", improve=Decimal(10))
    found = stacked(one, other, BASE)
    assert [label for label, _, _ in said(found)] == [
        "The whole rulebook", "Against whom LEAs are ranked", "How much everybody improves",
    ]  # fmt: skip
    assert (found.scenario.instead, found.scenario.improve) == ("cde-2023", Decimal(10))


def test_numbers_of_one_lea():
    one = Scenario(edits=(DataEdit("9910112", "2024-25", "5a", 238, 446),))
    other = Scenario(edits=(DataEdit("9910112", "2024-25", "5a", 250, 446),))
    found = stacked(one, other, BASE)
    assert said(found) == [("9910112, 2024-25: 5a Regular class ≥ 80%", "238 ÷ 446", "250 ÷ 446")]
    assert found.scenario.edits == other.edits
    third = Scenario(edits=(DataEdit("9910112", "2024-25", "8", 10, 20),))
    assert set(stacked(one, third, BASE).scenario.edits) == {*one.edits, *third.edits}


def test_another_rulebook_below_or_above_loses_what_it_does_not_have():
    findings = Scenario(changes=changes({"clauses.level-1-findings.at_least": 2}))
    found = stacked(findings, Scenario(instead="cde-2023"), BASE)
    assert found.lost == (Setting.parse("clauses.level-1-findings.at_least"),)
    assert found.scenario.instead == "cde-2023" and not found.scenario.changes


def test_what_does_not_fit_together_is_refused():
    high = Scenario(changes=changes({"clauses.intensive.to": 18, "clauses.level-3-percentile.over": 18}))
    low = Scenario(changes=changes({"clauses.level-3-percentile.to": 15}))
    with pytest.raises(SchemaError):
        stacked(high, low, BASE)


@given(one=scenarios)
@settings(max_examples=40, deadline=None)
def test_nothing_below_or_above_changes_nothing(one):
    empty = scenario.new("at-a-glance", {})
    for found in (stacked(empty, one, BASE), stacked(one, empty, BASE)):
        assert not found.conflicts
        same = replace(found.scenario, name=one.name, note=one.note, base_hash=one.base_hash)
        edits = {(each.lea_code, each.year, each.indicator): each for each in one.edits}
        assert same == replace(one, edits=tuple(edits.values()))


@given(one=scenarios, other=scenarios)
@settings(max_examples=60, deadline=None)
def test_the_order_matters_only_where_they_disagree(one, other):
    try:
        found, turned = stacked(one, other, BASE), stacked(other, one, BASE)
    except SchemaError:
        return
    same = (set(found.scenario.edits), dict(found.scenario.changes), found.scenario.improve) == (
        set(turned.scenario.edits), dict(turned.scenario.changes), turned.scenario.improve,
    )  # fmt: skip
    same &= found.scenario.reference == turned.scenario.reference
    assert same == (not found.conflicts)
    kept = stacked(other, one, BASE, keep_under=True).scenario
    assert dict(kept.changes) == dict(found.scenario.changes)
