"""Scenarios: small, readable, the same after writing and reading; an empty one moves nobody."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cim_core.data.data_edits import DataEdit, edited, improved
from cim_core.data.dataset import build
from cim_core.data.indicators import CODES, POSITION
from cim_core.placing import checked_files, reference
from cim_core.placing.placement import Result, place
from cim_core.placing.ranking import NO_REFERENCE, WITHIN
from cim_core.rules import rulebook_file
from cim_core.rules.rulebook_values import as_raw
from cim_core.rules.settings import ELEMENT, Setting
from cim_core.rules.toml_table import SchemaError
from cim_core.whatif import scenario, sentences
from cim_core.whatif.comparison import compare
from cim_core.whatif.scenario import Scenario
from cim_core.words.disclosure import WORKING
from tests.changes import changes
from tests.conftest import ROOT, examples
from tests.strategies import lea_years
from tests.test_sample_data import DATA

BASE = rulebook_file.load()
RAW, _ = rulebook_file.read_raw()
STATE = reference.shipped()

KEYS = {
    "targets.5a.value": st.decimals(40, 70, places=1),
    "targets.8.comparator": st.sampled_from([">", "≥"]),
    "clauses.level-2-missed.at_least": st.integers(1, 9),
    "clauses.level-3-percentile.to": st.decimals(11, 60, places=2),
    "counting.minimum_n": st.integers(0, 60),
    "elements.14a": st.sampled_from(ELEMENT),
    "evaluations.school_age.ties": st.sampled_from(["average", "worst", "best"]),
    "evaluations.school_age.domains.placement.weight": st.decimals("0.5", 3, places=1),
    "evaluations.school_age.domains.placement.indicators": st.sampled_from([("5a",), ("5a", "5c")]),
    "evaluations.school_age.swd_over": st.integers(0, 400),
    "evaluations.school_age.domains_used": st.sampled_from(
        [("climate", "placement"), ("achievement", "placement")]
    ),
    "elements.nc_is_met": st.sampled_from([(), ("5a", "8")]),
}
edits = st.builds(
    lambda row, code, bottom, part: DataEdit(
        str(DATA.lea_code[row]), str(DATA.year[row]), code, int(bottom * part), bottom
    ),
    st.integers(0, len(DATA) - 1),
    st.sampled_from(["5a", "8", "11", "susp"]),
    st.integers(1, 3000),
    st.floats(0, 1),
)
scenarios = st.builds(
    Scenario,
    name=st.text(max_size=30),
    note=st.text(max_size=60),
    base=st.just("at-a-glance"),
    base_hash=st.just(rulebook_file.content_hash(RAW)),
    reference=st.sampled_from(["", "within", "none"]),
    improve=st.none() | st.decimals(1, 20, places=1),
    changes=st.fixed_dictionaries({}, optional=changes(KEYS)),
    edits=st.lists(edits, max_size=3).map(tuple),
)


@given(scenarios)
@settings(max_examples=examples(150), deadline=None)
def test_a_scenario_written_and_read_back_is_the_same(one):
    assert scenario.loads(scenario.dumps(one)) == one
    link = scenario.encode(one)
    assert link is None or scenario.decode(link) == one


@given(scenarios)
@settings(max_examples=examples(80), deadline=None)
def test_compare_equals_two_independent_placements(one):
    base = rulebook_file.load()
    before = place(DATA, base, STATE)
    after = scenario.run(one, BASE, DATA, STATE, STATE)
    data = scenario.changed_data(one, DATA)
    rules = rulebook_file.loads(rulebook_file.dumps(as_raw(scenario.changed_rulebook(one, BASE))))
    against = {"": STATE, "within": WITHIN, "none": NO_REFERENCE}[one.reference]
    independent = place(data, rules, against)
    found = compare(before, after)
    for row in range(len(DATA)):
        moved = before.placement(row) != independent.placement(row)
        assert found.moved[row] == moved
        assert after.placement(row) == independent.placement(row)
    movers = found.movers(range(len(DATA)))
    assert {mover.row for mover in movers} == {
        row for row in range(len(DATA)) if before.placement(row) != independent.placement(row)
    }


@given(upload=lea_years())
@settings(max_examples=40, deadline=None)
def test_an_empty_scenario_moves_nobody(upload):
    data = build(upload, CODES)
    empty = scenario.new("at-a-glance", RAW)
    assert empty.is_empty and scenario.keeps_ranking(empty)
    before, after = place(data, rulebook_file.load(), WITHIN), scenario.run(empty, BASE, data, WITHIN)
    assert not compare(before, after).moved.any()


def test_changed_rules_are_never_official():
    one = Scenario(changes=changes({"targets.5a.value": Decimal(54), "clauses.level-2-missed.at_least": 4}))
    rules = scenario.changed_rulebook(one, BASE)
    assert not rules.official and WORKING.say(rules.title).endswith("changed")
    target = rules.target("5a")
    assert target.provenance.status.value == "assumed"
    assert "instead of 53.2" in WORKING.say(target.provenance.note)
    assert "not official" in WORKING.say(rules.source(target.provenance.source).title)
    assert rules.target("5b").provenance.source != target.provenance.source
    clause = next(one for one in rules.clauses if one.id == "level-2-missed")
    assert (
        WORKING.say(clause.said) == "4 or more targets missed" and clause.provenance.status.value == "assumed"
    )


def test_a_blank_target_can_be_typed():
    one = Scenario(changes=changes({"targets.chronic.value": Decimal(25), "elements.chronic": "in"}))
    rules = scenario.changed_rulebook(one, BASE)
    assert rules.target("chronic").written == "≤25%"
    row = DATA.row_of("9910112", "2024-25")
    placed = scenario.run(one, BASE, DATA, NO_REFERENCE)
    assert placed.results[row, POSITION["chronic"]] in (Result.MET, Result.MISSED)


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("targets.5z.value", 1, "a setting of this rulebook"),
        ("targets.5a.vintage", "x", "a setting of this rulebook"),
        ("clauses.nope.at_least", 1, "a setting of this rulebook"),
        ("clauses.level-2-missed.at_most", 4, "a setting of this rulebook"),
        ("evaluations.school_age.domains.weather.weight", 2, "a setting of this rulebook"),
        ("elements.5a", "maybe", "one of: in, out"),
        ("clauses.level-3-percentile.to", Decimal(5), "above the lower one"),
        ("targets.5a.value", "x", "a number"),
        ("counting.precision", 9, "0 to 6"),
    ],
)
def test_a_change_that_does_not_fit_is_refused(key, value, expected):
    with pytest.raises(SchemaError, match=expected):
        scenario.changed_rulebook(Scenario(changes=changes({key: value})), BASE)


@pytest.mark.parametrize(
    "text",
    [
        "schema = 2",
        "schema = 1\nshoe = 2",
        'schema = 1\nreference = "moon"',
        'schema = 1\ninstead = "x"',
        "schema = 1\nimprove = 400",
        "schema = 1\n[targets.5a]\nvalue = [1]",
        "nonsense",
        'schema = 1\n[[data]]\nlea_code = "1"\nyear = "2023-24"\nindicator = "5a"\n'
        "numerator = 9\ndenominator = 3",
    ],
)  # fmt: skip
def test_a_wrong_scenario_file_is_refused(text):
    with pytest.raises(SchemaError):
        scenario.loads(text)


@pytest.mark.parametrize("written", ["", "1.", "2.abc", "1.!!!!", "1.eJw", "1." + "A" * 2000])
def test_a_damaged_link_is_refused(written):
    with pytest.raises(SchemaError, match="a link made by this app"):
        scenario.decode(written)


def test_a_link_that_unpacks_without_end_is_refused():
    import base64
    import zlib

    bomb = base64.urlsafe_b64encode(zlib.compress(b"a" * 900_000, 9)).decode().rstrip("=")
    with pytest.raises(SchemaError):
        scenario.decode("1." + bomb)


def test_a_scenario_on_another_base_says_what_no_longer_fits():
    one = Scenario(changes=changes({"clauses.level-1-findings.at_least": 2, "targets.5a.value": Decimal(54)}))
    other = rulebook_file.load("cde-2023")
    assert scenario.misfits(one, BASE) == ()
    assert scenario.misfits(one, other) == (Setting.parse("clauses.level-1-findings.at_least"),)


def test_a_large_scenario_goes_by_file():
    many = tuple(
        DataEdit(f"99{at * 7919:05d}", "2024-25", "5a", at * 37 % 997, 1000 + at) for at in range(400)
    )
    assert scenario.encode(Scenario(edits=many)) is None


def test_one_more_student_moves_the_lea_that_was_one_short():
    row = DATA.row_of("9910112", "2024-25")
    one = Scenario(edits=(DataEdit("9910112", "2024-25", "5a", 238, 446),))
    before, after = place(DATA, rulebook_file.load(), STATE), scenario.run(one, BASE, DATA, STATE)
    assert before.placement(row).name == "Targeted Level 1" and after.placement(row).name == "Universal"
    assert DATA.numerator[row, POSITION["5a"]] == 237


def test_everybody_improves_by_whole_students():
    better = improved(DATA, Decimal(10))
    row = DATA.row_of("9910112", "2024-25")
    assert better.numerator[row, POSITION["5a"]] == 261  # 237 × 1.1 = 260.7
    before = DATA.numerator[row, POSITION["susp"]]
    assert better.numerator[row, POSITION["susp"]] == (2 * before * 90 + 100) // 200
    assert (better.numerator <= better.denominator)[better.numerator >= 0].all()
    assert better.value[row, POSITION["ela_dfs"]] == DATA.value[row, POSITION["ela_dfs"]]


@pytest.mark.parametrize(
    "edit",
    [
        DataEdit("123", "2024-25", "5a", 1, 2), DataEdit("9910112", "1999-00", "5a", 1, 2),
        DataEdit("9910112", "2024-25", "ela_dfs", 1, 2), DataEdit("9910112", "2024-25", "5a", 3, 2),
        DataEdit("9910112", "2024-25", "5a", 0, 0),
    ],
)  # fmt: skip
def test_an_edit_that_does_not_fit_the_data_is_refused(edit):
    with pytest.raises(ValueError):
        edited(DATA, [edit])


def test_another_rulebook_instead():
    one = Scenario(instead="cde-2023")
    after = scenario.run(one, BASE, DATA, STATE)
    assert after.rulebook.id == "cde-2023" and after.rulebook.official
    assert compare(place(DATA, rulebook_file.load(), STATE), after).moved.any()


def test_read_back_from_a_file_by_a_person():
    text = """
schema = 1
name = "Four misses for Level 2"
base = "at-a-glance"

[clauses.level-2-missed]
at_least = 4

[clauses.level-1-missed]
at_most = 3
"""
    placed = scenario.run(scenario.loads(text), BASE, DATA, NO_REFERENCE)
    three = [row for row in range(len(DATA)) if placed.missed[row] == 3]
    assert three
    data = checked_files.read_path(ROOT / "sample_data" / "invented_selpa.csv").dataset
    for row in three:
        if data.disproportionate_years[row] == 0:
            assert placed.placement(row).name == "Targeted Level 1"


def test_lists_are_said_in_their_own_words():
    wanted = Scenario(
        changes=changes(
            {"evaluations.school_age.domains_used": ("climate", "placement"), "elements.nc_is_met": ("8",)}
        )
    )
    found = sentences.differences(wanted, BASE)
    said = [tuple(WORKING.say(part) for part in (one.label, one.before, one.after)) for one in found]
    assert said == [
        ("NC counts as met", "", "8"),
        (
            "Domains that are ranked on",
            "Achievement, Placement (least restrictive environment) and School climate",
            "School climate and Placement (least restrictive environment)",
        ),
    ]
