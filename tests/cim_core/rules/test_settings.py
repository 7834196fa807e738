"""Settings: their text and back, what they hold and what they become; a rulebook as values and back."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cim_core.rules import rulebook_file
from cim_core.rules.rulebook_values import as_raw
from cim_core.rules.settings import AS_FINDINGS, NC_IS_MET, NoSuchSettingError, RulebookArea, Setting
from cim_core.rules.sources import Provenance, Status
from cim_core.rules.thresholds import thresholds
from cim_core.words.messages import message
from tests.strategies import rulebooks

RULES = rulebook_file.load()
OTHERS = {
    "targets.5a.comparator": ">",
    "clauses.level-1-missed.at_most": 5,
    "clauses.level-3-percentile.over": Decimal("11.5"),
    "counting.precision": 1,
    "elements.14a": "report only",
    "elements.4b": "in",
    "elements.as_findings": ("11",),
    "elements.nc_is_met": ("5a", "8"),
    "evaluations.school_age.ties": "worst",
    "evaluations.school_age.domains.climate.weight": Decimal(2),
    "evaluations.preschool.domains.preschool.indicators": ("6a", "6b"),
    "tracks.small_lea.effect": "placement",
    "disproportionality.minimums": "both",
}


@pytest.mark.parametrize(("key", "value"), OTHERS.items())
def test_a_setting_holds_what_was_put_there_and_nothing_else_changes(key, value):
    setting = Setting.parse(key)
    before = setting.get(RULES)
    changed = setting.put(RULES, value)
    assert str(setting) == key and before != value and setting.get(changed) == value
    assert rulebook_file.checked(changed, "own") == changed
    if before is not None:
        assert setting.put(changed, before) == RULES
    others = [threshold.setting for threshold in thresholds(RULES) if threshold.setting != setting]
    assert all(other.get(changed) == other.get(RULES) for other in others)


def test_a_target_that_is_not_there_begins_with_its_usual_sign():
    typed = Provenance("project", Status.ASSUMED, message("given", text="typed"))
    changed = Setting.parse("targets.chronic.value").put(RULES, Decimal(20), typed)
    assert changed.target("chronic").written == "≤20%" and changed.target("chronic").provenance == typed
    assert rulebook_file.checked(changed, "own") == changed


@given(
    st.builds(
        Setting,
        st.sampled_from([RulebookArea.TARGETS, RulebookArea.CLAUSES, RulebookArea.EVALUATIONS]),
        st.text("ab.-1", min_size=1).filter(lambda id: not id.startswith(".") and not id.endswith(".")),
        st.sampled_from(["value", "at_least", "weight"]),
    )
)
@settings(max_examples=100, deadline=None)
def test_any_id_comes_back_from_its_text(setting):
    assert Setting.parse(str(setting)) == setting


@pytest.mark.parametrize("key", ["", "targets", "targets.", "weather.5a.value"])
def test_what_is_no_setting_of_any_rulebook_is_refused(key):
    with pytest.raises(NoSuchSettingError, match=r"targets\.5a\.value"):
        Setting.parse(key)


@pytest.mark.parametrize(
    "key",
    ["targets.5z.value", "targets.5a.vintage", "clauses.none.at_least", "clauses.level-2-missed.at_most",
     "evaluations.school_age.domains.weather.weight", "evaluations.none.ties", "tracks.large_lea.max_swd",
     "elements.zz", "counting.official", "counting.x.precision", "disproportionality.source"],
)  # fmt: skip
def test_what_this_rulebook_does_not_have_is_refused(key):
    setting = Setting.parse(key)
    assert not setting.fits(RULES)
    with pytest.raises(NoSuchSettingError):
        setting.get(RULES)
    with pytest.raises(NoSuchSettingError):
        setting.put(RULES, 1)


def test_an_evaluation_uses_some_of_its_domains():
    setting = Setting.parse("evaluations.school_age.domains_used")
    assert setting.get(RULES) == ("achievement", "placement", "climate")
    changed = setting.put(RULES, ("achievement", "climate"))
    assert setting.get(changed) == ("achievement", "climate")
    assert changed.evaluation("school_age").indicators == ("ela_dfs", "math_dfs", "susp", "chronic")
    assert rulebook_file.checked(changed, "own") == changed
    for wrong in ((), ("weather",), "climate"):
        with pytest.raises(ValueError, match="some of: achievement, placement, climate"):
            setting.put(RULES, wrong)


def test_a_word_that_is_no_choice_is_refused():
    with pytest.raises(ValueError, match="one of: average, worst, best"):
        Setting.parse("evaluations.school_age.ties").put(RULES, "luck")
    with pytest.raises(ValueError, match="compliance indicators in percent"):
        AS_FINDINGS.put(RULES, ("5a",))
    with pytest.raises(ValueError, match="indicator codes"):
        NC_IS_MET.put(RULES, ("climate",))


def holds_together(rules):
    return all(each.min_domains <= len(each.domains) for each in rules.evaluations)


@given(rulebooks().filter(holds_together))
@settings(max_examples=60, deadline=None)
def test_any_rulebook_comes_back_from_its_values(rules):
    assert rulebook_file.loads(rulebook_file.dumps(as_raw(rules))) == rules
