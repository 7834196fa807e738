"""Targets of another measure than the values: never met, never missed, not counted, and said."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cim_core.data import measures
from cim_core.data.dataset import Cell, LeaYear, Origin, build
from cim_core.data.indicators import POSITION
from cim_core.data.measures import Measure
from cim_core.intake import printed_targets
from cim_core.intake.meanings.layout import PrintedTarget
from cim_core.outlook.margins import margins
from cim_core.placing.placement import Result, against_targets, place
from cim_core.placing.ranking import NO_REFERENCE
from cim_core.placing.targets_met import differs, other_measure
from cim_core.rules import rulebook_file, thresholds
from cim_core.rules.rulebook import Comparator
from cim_core.rules.settings import Setting
from cim_core.rules.toml_table import SchemaError
from cim_core.whatif import scenario, sweep
from cim_core.whatif.ready_scenarios import ready
from cim_core.whatif.scenario import Scenario
from cim_core.why.explanation import explain
from cim_core.words.disclosure import Disclosure
from tests.changes import changes
from tests.conftest import whole_rulebook
from tests.oracles import placement

RAW, _ = rulebook_file.read_raw()
BOOK = rulebook_file.load()
GATE = Disclosure()


def data(year, collection="", **values):
    origin = Origin("x.csv", collection)
    cells = {code: Cell(rate=Decimal(value), origin=origin) for code, value in values.items()}
    return build([LeaYear("9900001", year, "Oak", cells=cells)])


def results(found, book=BOOK):
    return {code: Result(int(against_targets(found, book)[0, POSITION[code]])) for code in found.indicators}


@pytest.mark.parametrize(
    ("year", "collection", "compared"),
    [
        ("2018-19", "", True), ("2019-20", "", True), ("2020-21", "", False), ("2023-24", "apr", False),
        ("2023-24", "acgr", True), ("2023-24", "dashboard", True), ("2017-18", "apr", True),
    ],
)  # fmt: skip
@pytest.mark.parametrize("book", rulebook_file.available())
def test_the_file_says_the_measure_else_the_year(book, year, collection, compared):
    rules = rulebook_file.load(book)
    found = results(data(year, collection, **{"1": "80", "2": "30"}), rules)
    expected = Result.MISSED if compared else Result.OTHER_MEASURE
    assert found == {"1": expected, "2": expected}
    row = LeaYear("9900001", year, cells={"1": Cell(rate=Decimal(80), origin=Origin("x", collection))})
    assert placement.result(row, "1", rules) == ("missed" if compared else "other measure")


def test_it_counts_as_without_a_target_and_is_said():
    found = place(data("2023-24", **{"1": "80", "2": "30", "5a": "60"}), BOOK)
    assert (found.counted[0], found.missed[0]) == (1, 0)
    assert found.elements(0, Result.OTHER_MEASURE) == ("1", "2")
    why = explain(found, 0)
    (said,) = (text for one in why.sentences if "another measure" in (text := GATE.say(one)))
    assert "1 (target of 2019-20 for the four-year cohort rate, value is the rate of those who left)" in said
    one = next(line for line in why.indicators if line.indicator.code == "1")
    assert one.difference is None and one.measure is Measure.LEAVERS
    margin = margins(found)
    assert margin.students[0, POSITION["1"]] == -1 and margin.steps[0, POSITION["1"]] == -1
    alone = place(data("2023-24", **{"1": "80"}), BOOK)
    assert alone.placement(0).name == "Not placed" and not alone.counted[0]


def test_missing_values_are_missing_and_an_absent_column_knows_its_year():
    rows = [LeaYear("9900001", "2023-24"), LeaYear("9900001", "2018-19")]
    target = BOOK.target("1")
    assert other_measure(build(rows), target).tolist() == [False, True]
    assert against_targets(build(rows), BOOK)[:, POSITION["1"]].tolist() == [Result.MISSING] * 2


def typed(written, found):
    return scenario.run(Scenario(changes=changes(written)), BOOK, found, NO_REFERENCE)


@pytest.mark.parametrize("value", [Decimal(70), Decimal(90)])
def test_a_typed_target_is_compared(value):
    found = data("2023-24", **{"1": "80"})
    after = typed({"targets.1.value": value}, found)
    assert after.results[0, POSITION["1"]] == (Result.MET if value == 70 else Result.MISSED)
    assert after.rulebook.target("1").vintage == "typed here" and after.rulebook.target("1").measure is None
    assert typed({"targets.2.value": value}, found).results[0, POSITION["1"]] == Result.OTHER_MEASURE
    only_sign = typed({"targets.1.comparator": "≥"}, found)
    assert only_sign.results[0, POSITION["1"]] == Result.OTHER_MEASURE


def test_a_sweep_sees_every_value_as_typed():
    found = build([LeaYear("9900001", "2023-24", cells={"1": Cell(rate=Decimal(80))})])
    threshold = thresholds.find(BOOK, Setting.parse("targets.1.value"))
    swept = sweep(threshold, BOOK, found, NO_REFERENCE, place(found, BOOK).percentiles)
    for value in (Decimal(70), Decimal(80), Decimal(90), Decimal("79.99")):
        after = typed({"targets.1.value": value}, found)
        assert swept.severities_at(value).tolist() == [after.placement(0).severity], value


def test_ready_scenarios_do_not_type_a_target_by_moving_it():
    for one in ready(BOOK, ""):
        assert not {"targets.1.value", "targets.2.value"} & set(one.changes)
    assert any(Setting.parse("targets.5a.value") in one.changes for one in ready(BOOK, ""))


@pytest.mark.parametrize("written", ["90", "70"])
def test_a_printed_target_is_for_the_measure_of_its_year(written):
    """Also where it is the number that the rulebook has already, for another measure."""
    target = PrintedTarget("1", "2023-24", Decimal(written), Comparator.GREATER, 2, "Target", f">{written}%")
    printed = printed_targets.collect([target])
    (difference,) = printed_targets.differences(printed, BOOK, "2023-24")
    assert difference.indicator == "1"
    raw = printed_targets.rulebook_from(printed, RAW, "2023-24", "mine", "letter.csv")
    rules = rulebook_file.from_raw(raw, "mine")
    assert rules.target("1").measure is Measure.LEAVERS
    found = results(data("2023-24", **{"1": "80", "2": "30"}), rules)
    assert found == {"1": Result.MISSED if written == "90" else Result.MET, "2": Result.OTHER_MEASURE}
    assert results(data("2023-24", "acgr", **{"1": "80"}), rules)["1"] is Result.OTHER_MEASURE
    assert results(data("2018-19", **{"1": "80"}), rules)["1"] is Result.OTHER_MEASURE


@pytest.mark.parametrize(("code", "value", "said"), [
    ("3b_ela", "10", "all grades together, and the value is of another measure: by grade"),
    ("7B1", "50", "baseline before 2021-22, and the value is of another measure: baseline of 2021-22"),
])  # fmt: skip
def test_grades_and_baselines_are_compared_and_said(code, value, said):
    found = place(data("2023-24", **{code: value}), BOOK)
    assert found.results[0, POSITION[code]] == Result.MISSED
    assert differs(found.dataset, BOOK.target(code)).tolist() == [True]
    texts = [GATE.say(one) for one in explain(found, 0).sentences]
    assert any(said in text for text in texts)
    assert any("earlier way of measuring, compared all the same" in text for text in texts)
    before = place(data("2018-19", **{code: value}), BOOK)
    assert not any("measure" in GATE.say(one) for one in explain(before, 0).sentences)


def test_the_baseline_of_7a_is_of_today():
    found = place(data("2023-24", **{"7A1": "50"}), BOOK)
    assert found.results[0, POSITION["7A1"]] == Result.MISSED
    assert not differs(found.dataset, BOOK.target("7A1")).any()
    assert differs(data("2018-19", **{"7A1": "50"}), BOOK.target("7A1")).all()


def test_a_rulebook_names_only_measures_that_there_are():
    text = whole_rulebook()
    for wrong in ('measure = "by_grade"', 'measure = "pupils"', "measure = 3"):
        with pytest.raises(SchemaError, match="measure"):
            rulebook_file.loads(text.replace('measure = "cohort"', wrong, 1))
    own = text.replace('measure = "cohort"', 'measure = "leavers"', 1)
    assert results(data("2023-24", **{"1": "80"}), rulebook_file.loads(own))["1"] is Result.MISSED
    unnamed = text.replace('measure = "cohort"\n', "")
    assert results(data("2023-24", **{"1": "80"}), rulebook_file.loads(unnamed))["1"] is Result.OTHER_MEASURE
    for code, since in measures.SINCE.items():
        assert measures.newest(code) is since[-1][1] and measures.choices(code)
    assert measures.of_target("5a", "", "2019-20") is None


@given(
    st.lists(
        st.sampled_from(["2018-19", "2019-20", "2020-21", "2023-24"]), min_size=1, max_size=4, unique=True
    )
)
@settings(max_examples=20, deadline=None)
def test_a_value_of_another_measure_never_counts(years):
    rows = [LeaYear("9900001", year, cells={"1": Cell(rate=Decimal(80))}) for year in years]
    found = place(build(rows), BOOK)
    cohort = np.array([year < "2020-21" for year in sorted(years)])
    assert (found.counted == cohort).all() and (found.missed == cohort).all()
