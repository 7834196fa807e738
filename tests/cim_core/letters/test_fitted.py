"""Rules fitted to letters: what they say of themselves, in a file and after it; what undoes it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cim_core.letters.fitted import fitted
from cim_core.placing.placement import place
from cim_core.placing.ranking import NO_REFERENCE
from cim_core.rules import rulebook_file
from cim_core.rules.rulebook import Fitted
from cim_core.rules.rulebook_values import as_raw
from cim_core.rules.settings import Setting
from cim_core.rules.sources import Status
from cim_core.rules.toml_table import SchemaError
from cim_core.whatif import scenario
from cim_core.words.disclosure import WORKING
from tests.cim_core.letters.test_examples import lea, of, reconciled


@pytest.fixture(scope="module")
def found():
    return reconciled(lea("1", "Universal", "51.87"), lea("2", "Targeted Level 1", "40"))[0]


def test_it_explains_what_it_says_and_is_never_official(found):
    (fit,) = [each for each in of(found, "targets.5a.value") if each.number == 2]
    rules = fitted(found, fit)
    others = len(found.best) - 1
    assert not rules.official and rules.fitted == Fitted(2, 2, others)
    target = rules.target("5a")
    assert Decimal(40) < target.value <= Decimal("51.87")
    assert (target.provenance.source, target.provenance.status) == ("fitted", Status.ASSUMED)
    said = WORKING.say(rules.fitted.said)
    assert said.startswith("Rules fitted to your letters: they explain 2 of 2, ")
    assert said.endswith(f"and {others} other settings that were tried do so equally well. Not CDE's rules.")
    about = WORKING.say(rules.about)
    assert "5a Regular class ≥ 80%: target ≥: above 40%, up to 51.87%" in about
    assert WORKING.say(rules.title) == "CIM At-A-Glance, fitted to letters"


def test_it_comes_back_from_a_file(found):
    (fit,) = of(found, "elements.5a")
    rules = fitted(found, fit)
    text = rulebook_file.dumps(as_raw(rules))
    again = rulebook_file.loads(text)
    assert "[fitted]" in text and again.fitted == rules.fitted
    assert again.elements == rules.elements and as_raw(again) == as_raw(rules)


def test_any_further_change_undoes_it(found):
    (fit,) = [each for each in of(found, "targets.5a.value") if each.number == 2]
    rules = fitted(found, fit)
    changed = scenario.with_changes(rules, {Setting.parse("counting.precision"): 1}, "test")
    assert rules.fitted is not None and changed.fitted is None


def test_the_rules_as_they_are_were_not_fitted(found):
    with pytest.raises(ValueError):
        fitted(found, found.as_it_is)
    assert found.rules.fitted is None and "fitted" not in as_raw(found.rules)


@pytest.mark.parametrize(
    ("table", "official", "key"),
    [
        ({"letters": 12, "explained": 13, "others": 0}, False, "fitted.explained"),
        ({"letters": 12, "explained": 12, "others": 0}, True, "official"),
        ({"letters": 0, "explained": 0, "others": 0}, False, "fitted.letters"),
        ({"letters": 12, "explained": 12, "others": 0, "sure": True}, False, "fitted.sure"),
        ({"letters": 12, "explained": 12}, False, "fitted.others"),
    ],
)
def test_what_a_file_says_of_it_is_checked(table, official, key):
    raw = as_raw(rulebook_file.load()) | {"official": official, "fitted": table}
    with pytest.raises(SchemaError) as error:
        rulebook_file.from_raw(raw, "own.toml")
    assert error.value.key == key


def test_one_who_reads_the_file_places_as_it_was_found(found):
    (fit,) = of(found, "elements.5a")
    rules = rulebook_file.loads(rulebook_file.dumps(as_raw(fitted(found, fit))))
    _, trial = reconciled(lea("1", "Universal", "51.87"), lea("2", "Targeted Level 1", "40"))
    placed = place(trial.ranked, rules, NO_REFERENCE)
    fits = trial.fitting(placed)
    assert [row for row, holds in enumerate(fits) if holds] == list(fit.fitting)
