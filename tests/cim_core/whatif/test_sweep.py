"""Every change point of a sweep equals brute force on both sides; nothing moves between them."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cim_core.data.dataset import build
from cim_core.data.indicators import CODES
from cim_core.placing import ranking, reference
from cim_core.placing.placement import place
from cim_core.placing.ranking import WITHIN
from cim_core.rules import rulebook_file, thresholds
from cim_core.rules.settings import Setting
from cim_core.rules.toml_table import SchemaError
from cim_core.whatif import scenario
from cim_core.whatif.change_points import in_short
from cim_core.whatif.comparison import helped_and_hurt, severities, size_of
from cim_core.whatif.scenario import Scenario
from cim_core.whatif.sentences import ratio
from cim_core.whatif.sweep import grid, sweep
from cim_core.words.disclosure import Disclosure
from tests.changes import changes
from tests.conftest import examples, in_gate
from tests.strategies import FEW, lea_years
from tests.test_sample_data import DATA

RULES = {book: rulebook_file.load(book) for book in rulebook_file.available()}
FACTS = (
    "swd",
    "disproportionate_years",
    "newly_disproportionate",
    "minor_findings",
    "percentile",
    "preschool_percentile",
)


def placed_at(rules, threshold, value, data, against):
    """Brute force: the rulebook with the changed settings, placed anew; None where it does not fit."""
    try:
        changed = scenario.changed_rulebook(Scenario(changes=threshold.changes(value)), rules)
    except SchemaError:
        return None
    return severities(place(data, changed, against))


def check(rules, threshold, data, against):
    found = sweep(threshold, rules, data, against, ranking.evaluate(data, rules, against))
    near = Decimal(1) if threshold.whole else Decimal("0.005")
    points = sorted({change.value for change in found.changes})
    at_points = {change.value: change for change in found.changes}
    for point in points:
        assert_short(found, at_points[point], threshold)
    probes = {threshold.value, threshold.least, threshold.most}
    for point in points[:12] + points[-4:]:
        probes |= {point, point - near, point + near}
        if not threshold.whole:
            probes |= {at_points[point].short, at_points[point].old, at_points[point].new}
    for probe in sorted(probes):
        if not threshold.least <= probe <= threshold.most or (threshold.whole and probe != int(probe)):
            continue
        expected = placed_at(rules, threshold, probe, data, against)
        if expected is not None:
            assert (found.severities_at(probe) == expected).all(), (threshold.id, probe)


def assert_short(found, change, threshold):
    """The short value does as the point itself, its neighbor by one unit of the last decimal as beyond it."""
    hair = Decimal(1) if threshold.whole else Decimal("1e-12")
    before, after = (change.value - hair, change.value) if change.at else (change.value, change.value + hair)
    assert (found.severities_at(change.short) == found.severities_at(change.value)).all()
    assert len(str(change.short)) <= len(str(change.value))
    assert (found.severities_at(change.new) == found.severities_at(after)).all()
    if not threshold.whole:
        assert (found.severities_at(change.old) == found.severities_at(before)).all()


@pytest.mark.parametrize(
    "book",
    [
        book if book == rulebook_file.DEFAULT else pytest.param(book, marks=pytest.mark.full)
        for book in rulebook_file.available()
    ],
)
def test_every_threshold_on_the_sample(book):
    """In the gate every third one: a change of sweeping shows at any of them."""
    rules = rulebook_file.load(book)
    for threshold in thresholds.thresholds(rules)[:: 3 if in_gate() else 1]:
        check(RULES[book], threshold, DATA, reference.shipped())


@pytest.mark.full
@given(upload=lea_years(codes=(*FEW, "13", "2", "4a")), data=st.data())
@settings(
    max_examples=examples(200),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_any_threshold_on_random_data(upload, data):
    book = data.draw(st.sampled_from(rulebook_file.available()))
    every = thresholds.thresholds(rulebook_file.load(book))
    threshold = data.draw(st.sampled_from(every))
    check(RULES[book], threshold, build(upload, {*CODES, *FACTS}), WITHIN)


def test_a_single_setting_can_be_swept_alone():
    linked = thresholds.find(rulebook_file.load(), Setting.parse("clauses.level-2-missed.at_least"))
    assert dict(linked.settings) == changes(
        {"clauses.level-2-missed.at_least": 0, "clauses.level-1-missed.at_most": -1}
    )
    alone = thresholds.single(rulebook_file.load(), Setting.parse("clauses.level-2-missed.at_least"))
    assert dict(alone.settings) == changes({"clauses.level-2-missed.at_least": 0})
    check(rulebook_file.load(), alone, DATA, reference.shipped())


def test_edges_of_bands_move_together():
    edges = [
        one for one in thresholds.thresholds(rulebook_file.load("cde-2023")) if one.group.value == "bands"
    ]
    first = next(one for one in edges if one.value == 4)
    assert {str(setting) for setting, _ in first.settings} == {
        "clauses.intensive-3.below",
        "clauses.intensive-2.start",
    }
    assert (first.least, first.most) == (0, 7)


def test_the_range_in_which_nobody_moves():
    rules = rulebook_file.load()
    threshold = thresholds.find(rules, Setting.parse("targets.5a.value"))
    found = sweep(threshold, RULES["at-a-glance"], DATA, WITHIN, ranking.evaluate(DATA, rules, WITHIN))
    rows = DATA.rows_of_year("2024-25")
    low, low_in, high, high_in = found.unmoved(rows, threshold.value)
    now = found.severities_at(threshold.value)[rows]
    inside = [value for value in (low, high) if value is not None]
    assert inside and low < threshold.value <= high
    for end, holds in ((low, low_in), (high, high_in)):
        assert ((found.severities_at(end)[rows] == now).all()) == holds
    assert (found.severities_at(low - Decimal("0.01"))[rows] != now).any()
    assert (found.severities_at(high + Decimal("0.01"))[rows] != now).any()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("clauses.intensive.to", "clauses.level-3-percentile.to"),
        ("targets.5a.value", "clauses.level-2-missed.at_least"),
        ("targets.5a.value", "targets.8.value"),
        ("clauses.level-2-missed.at_least", "counting.minimum_n"),
    ],
)
def test_two_thresholds_together_equal_brute_force(one, other):
    rules = rulebook_file.load()
    first, second = (thresholds.find(rules, Setting.parse(key)) for key in (one, other))
    rows, against = DATA.rows_of_year("2024-25"), reference.shipped()

    def steps(threshold):
        ends = np.linspace(float(threshold.least), float(threshold.most), 5).tolist()
        return sorted(
            {Decimal(round(end)) if threshold.whole else Decimal(repr(round(end, 1))) for end in ends}
        )

    values = steps(first), steps(second)
    found = grid(first, second, rules, DATA, against, ranking.evaluate(DATA, rules, against), rows, values)
    now = severities(place(DATA, rules, against))[rows]
    for x, a in enumerate(values[0]):
        for y, b in enumerate(values[1]):
            both = Scenario(changes={**first.changes(a), **second.changes(b)})
            try:
                there = severities(place(DATA, scenario.changed_rulebook(both, rules), against))[rows]
            except SchemaError:
                continue
            assert found[x, y] == (there != now).sum(), (a, b)


@pytest.mark.parametrize(
    ("points", "at", "short"),
    [
        (["0.32626427406199021", "0.65252854812398042"], True, ["0.4", "0.7"]),
        (["0.32626427406199021", "0.65252854812398042"], False, ["0.3", "0.6"]),
        (["0.32626427406199021", "0.32700000000000001"], True, ["0.327", "0.328"]),
        (["53.14", "53.15"], False, ["53.14", "53.15"]),
        (["12.5", "12.500000001"], True, ["12.5", "12.6"]),
        (["-0.123456"], True, ["0"]),
    ],
)
def test_as_few_decimals_as_will_do(points, at, short):
    points = [Decimal(point) for point in points]
    assert [str(one) for one in in_short(points, at).values()] == short


def test_a_rank_is_said_as_a_fraction():
    rules = rulebook_file.load()
    ranked = ranking.evaluate(DATA, rules, reference.shipped())
    found = sweep(
        thresholds.find(rules, Setting.parse("clauses.intensive.to")),
        RULES["at-a-glance"],
        DATA,
        reference.shipped(),
        ranked,
    )
    for change in found.changes:
        exact = 100 * change.ratio.top / change.ratio.bottom
        assert float(change.value) == pytest.approx(float(exact), abs=1e-9) and len(str(change.short)) <= 5
        said = Disclosure().say(ratio(change))
        assert said == f"{change.ratio.top.normalize():f} of {change.ratio.bottom}"


def test_helped_and_hurt_by_group():
    before, after = np.array([0, 1, 2, 3, -2, 1]), np.array([1, 1, 0, 1, 0, 2])
    found = helped_and_hurt(before, after, ["a", "a", "a", "b", "b", "b"])
    assert found == {"a": (1, 1), "b": (1, 1)}
    assert [size_of(one) for one in (-1, 0, 100, 101, 2000, 2001)] == [
        "unknown", "100", "100", "500", "2000", "more",
    ]  # fmt: skip
