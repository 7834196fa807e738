"""What controls are called and hold, what is changed in a few words, why somebody moves in as few."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cim_core.placing import reference
from cim_core.placing.placement import place
from cim_core.rules import rulebook_file, thresholds
from cim_core.rules.settings import Setting
from cim_core.whatif import (
    ControlGroup,
    Scenario,
    along,
    compare,
    control_groups,
    control_words,
    ready_scenarios,
    scenario,
    shortly,
    sweep,
)
from cim_core.words.disclosure import WORKING
from tests.changes import changes
from tests.cim_core.why.test_risk_ratios import BOTH

BOOKS = {book: rulebook_file.load(book) for book in rulebook_file.available()}
BASE = BOOKS[rulebook_file.DEFAULT]
STATE = reference.shipped()
DATA = BOTH.dataset
ROWS = DATA.rows_of_year("2024-25")
AS_IT_IS = place(DATA, BASE, STATE)


def short(**changed) -> list[str]:
    written = {key.replace("__", "."): to for key, to in changed.items()}
    return [WORKING.say(one) for one in control_words.in_short(Scenario(changes=changes(written)), BASE)]


@pytest.mark.parametrize("book", BOOKS)
def test_every_threshold_is_in_one_group_with_a_name_of_its_own(book):
    rules = BOOKS[book]
    grouped = control_groups.grouped(rules)
    assert sorted(one.id for each in grouped.values() for one in each) == sorted(
        one.id for one in thresholds.thresholds(rules)
    )
    for each in grouped.values():
        names = [WORKING.say(control_words.label(one, rules)) for one in each]
        assert len(set(names)) == len(names)


def test_what_groups_are_now():
    grouped = control_groups.grouped(BASE)
    said = {group: WORKING.say(control_groups.now(group, BASE, each)) for group, each in grouped.items()}
    assert said == {
        ControlGroup.BANDS: "10% and 20%",
        ControlGroup.TARGETS: "25",
        ControlGroup.MISSED: "Targeted Level 2 from 3",
        ControlGroup.DISPROPORTIONALITY: "ratio over 3.0",
        ControlGroup.SMALLEST: "1 student",
        ControlGroup.ELEMENTS: "25",
        ControlGroup.RANKING: "as assumed",
        ControlGroup.DATA: "none",
    }


def test_settings_that_move_together_are_one_change():
    bands = next(one for one in ready_scenarios.ready(BASE, "") if one.name.startswith("Bands"))
    grouped = control_groups.grouped(BASE)
    found = control_groups.changed(bands, BASE, grouped)
    assert len(bands.changes) == 3 and found[ControlGroup.BANDS] == 2 and sum(found.values()) == 2
    assert [WORKING.say(one) for one in control_words.in_short(bands, BASE)] == [
        "Intensive: lowest 5%",
        "Targeted Level 3: up to 15%",
    ]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"targets__5a__value": Decimal(50)}, ["5a at least 50%"]),
        ({"elements__5a": "out", "elements__8": "out"}, ["without 5a and 8"]),
        ({"disproportionality__threshold": Decimal("2.5")}, ["Risk ratio over 2.5"]),
        ({"counting__minimum_n": 30}, ["Students an indicator needs (0: any) 30"]),
        ({"evaluations__school_age__ties": "worst"}, ["Rank of equal values"]),
        ({f"targets__{code}__value": Decimal(1) for code in ("5a", "5b", "8")}, ["3 targets"]),
    ],
)
def test_changes_in_a_few_words(changed, said):
    assert short(**changed) == said


def test_other_things_that_are_changed_in_a_few_words():
    one = Scenario(instead="cde-2023", improve=Decimal(5), reference="within")
    said = [WORKING.say(each) for each in control_words.in_short(one, BASE)]
    assert said[0] == "CDE monitoring 2023" and len(said) == 3


def reasons(one: Scenario) -> dict[str, str]:
    found = compare(AS_IT_IS, scenario.run(one, BASE, DATA, STATE, STATE))
    return {str(DATA.lea_name[each.row]): WORKING.say(shortly(found, each)) for each in found.movers(ROWS)}


def test_why_somebody_moves_has_the_leas_own_numbers():
    bands = next(one for one in ready_scenarios.ready(BASE, "") if one.name.startswith("Bands"))
    lower = Scenario(changes={**bands.changes, Setting.parse("targets.5a.value"): Decimal(50)})
    found = reasons(lower)
    assert found["Kelp Harbor Unified"].endswith("(6.0%): outside the lowest 5%")
    assert found["Juniper Springs Unified"].endswith("outside the lowest 15%, 4 targets missed")
    assert found["Quince Valley Elementary"] == "meets 5a at 53.1%, nothing missed"


def test_why_somebody_moves_by_disproportionality_or_by_other_rules():
    ratio = Scenario(changes=changes({"disproportionality.threshold": Decimal("3.7")}))
    assert reasons(ratio)["Nutmeg Unified"] == "no longer disproportionate, 1 target missed"
    other = reasons(Scenario(instead="cde-2023"))
    assert other["Pine Summit Unified"] == "1 or 2 targets missed: 2 of 23"
    assert other["Tamarack Elementary"] == "small: 88 students with disabilities"
    assert other["Elm Creek Elementary"] == "none of its rules applies"
    wide = Scenario(
        changes=changes({"clauses.intensive.to": Decimal(18), "clauses.level-3-percentile.over": 18})
    )
    assert reasons(wide)["Juniper Springs Unified"].endswith("in the lowest 18%")


@pytest.mark.parametrize("book", BOOKS)
def test_whoever_moves_under_a_ready_scenario_has_a_reason(book):
    before = place(DATA, BOOKS[book], STATE)
    for one in ready_scenarios.ready(BOOKS[book], ""):
        found = compare(before, scenario.run(one, BOOKS[book], DATA, STATE, STATE))
        for mover in found.movers(range(len(DATA))):
            assert WORKING.say(shortly(found, mover))


@pytest.mark.parametrize(
    "key", ["clauses.intensive.to", "targets.5a.value", "clauses.level-2-missed.at_least"]
)
def test_whoever_moves_next_moves_there_and_nobody_before(key):
    threshold = thresholds.find(BASE, Setting.parse(key))
    swept = sweep(threshold, BASE, DATA, STATE, AS_IT_IS.percentiles)
    now = swept.severities_at(threshold.value)[ROWS]
    for found, way in zip(along.nearest(swept, ROWS.tolist(), threshold.value), (-1, 1), strict=True):
        if not found:
            continue
        moved = {each.row for each in found}
        there = found[0].old if way < 0 else found[0].new
        beyond = swept.severities_at(there)[ROWS]
        assert {int(row) for row, was, to in zip(ROWS, now, beyond, strict=True) if was != to} == moved
        short_of = found[0].new if way < 0 else found[0].old
        assert (swept.severities_at(short_of)[ROWS] == now).all()
