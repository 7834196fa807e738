"""Late evaluations: missed targets by assumption, or minor findings; the same lateness counts once."""

from pathlib import Path

import pytest

from cim_core.data.facts import Fact
from cim_core.outlook import exposure, sentences, smallest_change
from cim_core.outlook.change_search import Blocked, ground
from cim_core.outlook.closeness import Closeness, Untested, closeness
from cim_core.outlook.levers import Way
from cim_core.placing import checked_files
from cim_core.placing.placement import place
from cim_core.placing.ranking import NO_REFERENCE
from cim_core.rules import rulebook_file, thresholds
from cim_core.rules.settings import AS_FINDINGS, Setting
from cim_core.rules.toml_table import SchemaError
from cim_core.whatif import scenario, sweep
from cim_core.whatif.ready_scenarios import ready
from cim_core.whatif.scenario import Scenario
from cim_core.why.explanation import explain
from cim_core.words.disclosure import Disclosure
from tests.changes import changes
from tests.conftest import whole_rulebook

BASE = rulebook_file.load()
BOOK = rulebook_file.load()
GATE = Disclosure()
LATE = Scenario(changes={AS_FINDINGS: ("11", "12", "13")})
CASE = checked_files.read_path(
    Path(__file__).parents[2] / "fixtures" / "cases" / "P5_areas_late_one_element.csv"
).dataset
HEAD = "lea_code,lea_name,year,swd,disproportionate_years,newly_disproportionate,percentile,minor_findings"


def read(findings, *cells, names="5a,5b,11,12", **options):
    row = f"9900001,Oak,2023-24,640,0,no,50,{findings},{','.join(cells)}"
    return checked_files.take(f"{HEAD},{names}\n{row}\n".encode(), "x.csv", **options).dataset


def run(dataset, one=LATE):
    return scenario.run(one, BASE, dataset, NO_REFERENCE)


def said(placements, row=0):
    return " ".join(GATE.say(one) for one in explain(placements, row).sentences)


def test_the_case_says_what_is_assumed_and_what_it_would_be_otherwise():
    placed = place(CASE, BOOK)
    assert placed.placement(2).name == "Targeted Level 2"
    text = said(placed, 2)
    assert "that late evaluations count as missed targets is assumed" in text
    assert "that a missed 11, 12 or 13 counts is assumed" in text
    assert "as minor findings they would make it Targeted Level 1" in text
    rung = next(one for one in explain(placed, 2).clauses if one.deciding)
    assert "assumed" in GATE.say(rung.source)
    after = run(CASE)
    assert after.placement(2).name == "Targeted Level 1"
    assert after.clause(2).id == "level-1-findings" and "3 minor findings" in said(after, 2)
    assert any(one.changes == LATE.changes for one in ready(BASE, ""))
    assert scenario.loads(scenario.dumps(LATE)).changes == LATE.changes
    assert scenario.decode(scenario.encode(LATE)).changes == LATE.changes


def test_where_it_decides_nothing_nothing_is_said():
    text = said(place(read("0", "40", "40", "99", "100"), BOOK))
    assert "It missed 3 targets" in text and "as minor findings" in text
    assert "as minor findings" not in said(place(read("0", "40", "40", "100", "100"), BOOK))
    assert "as minor findings" not in said(place(read("0", "60", "10", "99", "100"), BOOK))


@pytest.mark.parametrize(
    ("findings", "eleven", "twelve", "clause", "number"),
    [
        ("0", "99", "100", True, "1 minor finding,"), ("1", "99", "100", True, "1 minor finding,"),
        ("1", "99", "98", True, "2 minor findings,"), ("3", "99", "98", True, "3 minor findings,"),
        ("0", "100", "100", False, ""), ("", "99", "100", True, "1 minor finding,"),
        ("", "100", "100", None, ""),
    ],
)  # fmt: skip
def test_a_late_evaluation_counts_once(findings, eleven, twelve, clause, number):
    """Blank findings beside a late evaluation: one finding at least is known, so the clause holds."""
    after = run(read(findings, "60", "10", eleven, twelve))
    at = next(at for at, one in enumerate(after.rulebook.clauses) if one.id == "level-1-findings")
    assert after.outcomes[0, at] == {True: 1, False: 0, None: -1}[clause]
    assert number in said(after)
    once = "it counts once" in said(after)
    assert once == (clause is True and findings not in ("", "0"))


def test_a_finding_and_a_late_target_are_said_to_count_once():
    text = said(place(read("1", "60", "10", "99", "100"), BOOK))
    assert "If they are for the same lateness (11), it counts once here: as a missed target." in text
    assert "once" not in said(place(read("1", "60", "10", "100", "100"), BOOK))


def test_taken_as_none_holds_only_for_what_is_not_known():
    content = b"lea_code,year,swd,percentile,5a,11\n9900001,2023-24,640,50,60,99\n"
    data = checked_files.take(content, "x.csv", assumed_none=tuple(Fact)).dataset
    assert run(data).placement(0).name == "Targeted Level 1"


def test_the_least_count_of_findings_can_be_swept():
    data = read("0", "60", "10", "99", "98")
    rules = scenario.changed_rulebook(LATE, BASE)
    threshold = thresholds.find(rules, Setting.parse("clauses.level-1-findings.at_least"))
    swept = sweep(threshold, rules, data, NO_REFERENCE, place(data, rules).percentiles)
    assert [(int(one.value), one.at) for one in swept.changes] == [(3, True)]


@pytest.mark.parametrize("wrong", ['["5a"]', '["11", "11"]', '"11"', '["4b"]'])
def test_only_compliance_indicators_in_percent_can_be_findings(wrong):
    text = whole_rulebook()
    with pytest.raises(SchemaError, match="as_findings"):
        rulebook_file.loads(text.replace("report_only =", f"as_findings = {wrong}\nreport_only =", 1))


def test_the_order_of_the_two_settings_does_not_matter():
    out = run(read("0", "60", "10", "99", "100"), LATE.changed(changes({"elements.11": "out"})))
    assert out.rulebook.elements.as_findings == ("12", "13") and out.placement(0).name == "Universal"


def moves(placements, row=0):
    on = ground(placements, "2023-24")
    return on, {way: smallest_change.answer(exposure.without(on), row, way) for way in Way}


COUNTS = "5a_n,5a_d,11_n,11_d,12_n,12_d"


def test_a_late_timeline_that_decides_as_a_finding_can_be_mended():
    """One late result in 11 is one finding, which is Level 1: one more in time and it is at the target."""
    book = scenario.changed_rulebook(LATE, BASE)
    data = read("0", "900", "1000", "39", "40", "50", "50", names=COUNTS, assumed_none=tuple(Fact))
    placed = place(data, book)
    assert placed.placement(0).name == "Targeted Level 1" and placed.clause(0).id == "level-1-findings"
    on, found = moves(placed)
    best = found[Way.LESS].best
    assert [(one.indicator, one.students, one.numerator_after) for one in best.changes] == [("11", 1, 40)]
    assert best.placement.name == "Universal" and best.proven and best.students == 1
    assert "by the assumed ranking" not in GATE.say(sentences.plan(on, 0, best)[0])
    near = closeness(on, [0])[0]
    assert near.closeness is Closeness.FRAGILE and near.untested is None
    assert "11" in [one.code for one in sentences.lockable(on, 0)]


def test_two_late_timelines_and_a_finding_that_the_file_gives():
    book = scenario.changed_rulebook(LATE, BASE)
    both = read("0", "900", "1000", "39", "40", "48", "50", names=COUNTS)
    _, found = moves(place(both, book))
    assert {one.indicator: one.students for one in found[Way.LESS].best.changes} == {"11": 1, "12": 2}
    given = read("1", "900", "1000", "39", "40", "50", "50", names=COUNTS)
    on, found = moves(place(given, book))
    assert found[Way.LESS].blocked is Blocked.FACT
    assert closeness(on, [0])[0].untested is not Untested.FACT_FROM_COUNTS
    unsaid = read("", "900", "1000", "39", "40", "50", "50", names=COUNTS)
    on, found = moves(place(unsaid, book))
    assert GATE.say(sentences.reached(on, 0, found[Way.LESS].best)) == "at least Universal – not settled"


def test_without_the_exposure_apart_one_late_result_leads_to_level_1():
    book = scenario.changed_rulebook(LATE, BASE)
    placed = place(read("0", "900", "1000", "40", "40", "50", "50", names=COUNTS), book)
    on = ground(placed, "2023-24")
    best = smallest_change.answer(on, 0, Way.MORE).best
    assert best.students == 1 and best.changes[0].indicator in ("11", "12")
    assert best.placement.name == "Targeted Level 1"
    assert "by the assumed ranking" not in GATE.say(sentences.plan(on, 0, best)[0])
    _, apart = moves(placed)
    assert apart[Way.MORE].best.changes[0].indicator == "5a"
