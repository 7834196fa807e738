"""Sentences, the shell, the rulebook's numbers and the sample: what people see of disproportionality."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from cim_core import intake
from cim_core.data.dataset import Cell, Facts, LeaYear
from cim_core.data.dataset import build as dataset_of
from cim_core.data.facts import Fact
from cim_core.data.race_counts import SEVEN, Area, Group
from cim_core.export.rows import clause_rows
from cim_core.placing import checked_files
from cim_core.placing.disproportionality import RatioStatus
from cim_core.placing.from_counts import filled
from cim_core.placing.placement import Outcome, place
from cim_core.placing.ranking import NO_REFERENCE
from cim_core.rules import rulebook_file, thresholds
from cim_core.rules.clause import Basis
from cim_core.rules.rulebook import Comparator, Disproportionality
from cim_core.rules.rulebook_file import SchemaError
from cim_core.rules.settings import RulebookArea, Setting
from cim_core.rules.sources import Status
from cim_core.shell.main import main
from cim_core.whatif import scenario, sentences
from cim_core.whatif.sweep import sweep
from cim_core.why import risk_ratios as said
from cim_core.why.explanation import explain
from cim_core.words import messages
from cim_core.words.disclosure import Disclosure
from cim_core.words.messages import message
from tests.changes import changes
from tests.cim_core.placing.test_disproportionality import LEA, one, pair
from tests.conftest import ROOT, whole_rulebook

SAMPLE = ROOT / "sample_data"
GATE = Disclosure()
RULES = Disproportionality()
BOTH = checked_files.read_all(
    [intake.open_path(SAMPLE / f"invented_{name}.csv") for name in ("selpa", "counts")]
)
PLACED = place(BOTH.dataset, rulebook_file.load())


def row_of(name: str, year: str = "2024-25") -> int:
    data = BOTH.dataset
    return next(at for at in range(len(data)) if (data.lea_name[at], data.year[at]) == (name, year))


def headline(name: str, year: str = "2024-25") -> str:
    return GATE.say(said.headline(BOTH.dataset, row_of(name, year), RULES))


def test_everything_has_its_words():
    for area in Area:
        assert messages.text(f"area.{area.code}") and messages.text(f"area_short.{area.code}")
    for group in Group:
        assert messages.text(f"race.{group.code}")
    for group in SEVEN:
        assert messages.text(f"race_students.{group.code}") and messages.text(f"race_short.{group.code}")
    for status in RatioStatus:
        assert messages.text(f"disproportionality.status.{status.word}")
        assert status.calculated or messages.text(f"disproportionality.mark.{status.word}")


def test_the_invented_counts_fit_what_the_selpas_file_states():
    assert not [problem for problem in BOTH.problems if problem.kind != "jump"]
    data = filled(BOTH.dataset, rulebook_file.load())
    assert {str(data.lea_name[row]) for row in range(len(data)) if data.worked_out.years[row]} == {
        "Pine Summit Unified"
    }
    taken = checked_files.read_path(SAMPLE / "template_counts.csv")
    assert taken.layout == "race_counts" and len(taken.dataset.counts) == 16
    assert [problem.kind for problem in taken.problems] == ["template_row"]


def test_one_sentence_for_an_lea():
    assert headline("Nutmeg Unified").startswith(
        "Disproportionality: Black students, out-of-school suspensions"
    )
    assert "at least 3 years in a row" in headline("Nutmeg Unified")
    assert headline("Ironwood Unified").endswith("second year in a row")
    assert headline("Alder Valley Unified") == (
        "Disproportionality: no area and group has a risk ratio of over 3.0 times, an assumed threshold"
    )
    assert headline("Madrone Union High") == (
        "Disproportionality: the file states none (0 years). "
        "No counts by race and ethnicity are open for 2024-25"
    )


def test_the_ladder_says_that_years_were_worked_out_and_by_what():
    why = explain(PLACED, row_of("Pine Summit Unified"))
    rungs = {rung.clause.id: rung for rung in why.clauses if "disproportionate" in rung.clause.id}
    assert {rung.outcome for rung in rungs.values()} == {Outcome.TRUE, Outcome.FALSE}
    for rung in rungs.values():
        text = GATE.say(rung.detail)
        assert text.startswith("worked out from counts, not stated by the file: Black students")
        assert "disciplinary removals in total" in text and "assumed" in text and "first year" in text
        assert "the file says" not in text
    stated = explain(PLACED, row_of("Ironwood Unified"))
    assert not any("counts" in GATE.say(rung.detail) for rung in stated.clauses)


def test_open_years_are_said_as_open():
    content = (SAMPLE / "invented_counts.csv").read_text("utf-8")
    placed = place(checked_files.take(content.encode(), "counts.csv").dataset, rulebook_file.load())
    row = placed.dataset.row_of("9910091", "2023-24")
    details = [GATE.say(rung.detail) for rung in explain(placed, row).clauses if rung.clause.fact]
    assert any("at least 2 years in a row" in one and "not known" in one for one in details)
    values = {GATE.say(one.value) for one in explain(placed, row).clauses if "years" in one.clause.kind}
    assert values == {"2+ years", "no"}
    assert GATE.say(said.sig_dis_said(placed.dataset, row + 1, RULES)).startswith(
        "Significant disproportionality: yes"
    )
    assert said.sig_dis_said(BOTH.dataset, 0, RULES) is None


@pytest.mark.parametrize(
    ("group", "others", "printed"),
    [((3000, 10_000), (1000, 10_000), "3.00"), ((3001, 10_000), (1000, 10_000), "3.001"),
     ((30_004, 100_000), (10_000, 100_000), "3.0004"), ((340, 1000), (100, 1000), "3.40")],
)  # fmt: skip
def test_a_ratio_is_printed_on_its_own_side_of_the_threshold(group, others, printed):
    ratios, at = one(pair(group, others))
    assert GATE.bare(said.finding(ratios, at).ratio) == printed


def test_students_above_parity_can_be_redone_with_a_pencil():
    ratios, at = one(pair((18, 120), (44, 880)))
    found = said.finding(ratios, at)
    assert found.above.value == 12 and GATE.number(found.above) == "12"
    assert (GATE.number(found.risk), GATE.number(found.others_risk)) == ("15.0%", "5.0%")
    assert found.cell.group == found.total.group == 120


def test_the_worst_comes_first_and_suspension_of_all_students_never_does():
    rows = pair((577, 39_763), (2155, 497_773), Area.SUSPENDED_ALL) + pair((73, 829), (14, 840))
    ratios, _ = one(rows)
    found = said.findings(ratios, LEA, "2024-25")
    assert [each.area for each in said.worst(found)] == [Area.OSS_OVER_10]
    assert len(found) == 14


def test_only_suspension_of_all_students_is_named_for_what_it_is():
    taken = checked_files.read_path(ROOT / "tests" / "fixtures" / "suspension_by_race_2024_25.csv")
    row = taken.dataset.row_of("1964733", "2024-25")
    text = GATE.say(said.headline(taken.dataset, row, RULES))
    assert text.startswith("Suspensions of all students, not an area of the regulation: Black students")
    assert "3.35 times" in text
    placed = place(taken.dataset, rulebook_file.load())
    assert placed.dataset.disproportionate_years[row] == -1 and placed.sig_dis[row] == -1


def shell(capsys, *arguments):
    code = main(["disproportionality", *map(str, arguments)])
    out, err = capsys.readouterr()
    return code, out, err


def test_the_shell_prints_every_ratio(capsys):
    code, out, err = shell(capsys, SAMPLE / "invented_counts.csv")
    lines = list(csv.DictReader(io.StringIO(out)))
    assert code == 0 and len(lines) == 6 * 3 * 14 * 7 and "assumed threshold" in err
    nutmeg = next(
        one for one in lines
        if [one[name] for name in ("lea_code", "year", "area", "group")]
        == ["9910091", "2024-25", "oss_up_to_10", "black"]
    )  # fmt: skip
    assert (nutmeg["over_threshold"], nutmeg["years_at_least"], nutmeg["years_at_most"]) == ("yes", "3", "")
    ratio = Fraction(nutmeg["cell"]) / Fraction(nutmeg["total"])
    ratio /= Fraction(nutmeg["others_cell"]) / Fraction(nutmeg["others_total"])
    assert abs(float(ratio) - float(nutmeg["risk_ratio"])) <= 0.005
    assert float(nutmeg["low_95"]) < float(ratio) < float(nutmeg["high_95"])
    code, out, _ = shell(capsys, SAMPLE / "invented_counts.csv", "--format", "json", "--rulebook", "cde-2022")
    assert code == 0 and len(json.loads(out)) == len(lines)


def test_the_shell_without_counts_and_with_an_own_rulebook(capsys, tmp_path):
    code, out, err = shell(capsys, SAMPLE / "invented_selpa.csv")
    assert code == 1 and not out and "no counts" in err
    text = whole_rulebook()
    own = tmp_path / "own.toml"
    own.write_text(text.replace("threshold = 3.0", "threshold = 50"), "utf-8")
    target = tmp_path / "out.csv"
    code, out, err = shell(capsys, SAMPLE / "invented_counts.csv", "--rulebook", own, "--out", target)
    assert code == 0 and not out and "over 50.0 times" in err and ",yes," not in target.read_text("utf-8")
    assert shell(capsys, SAMPLE / "invented_counts.csv", "--rulebook", tmp_path / "none.toml")[0] == 2


def test_an_own_rulebook_without_the_table_gets_the_defaults_marked_assumed():
    raw, _ = rulebook_file.read_raw()
    del raw["disproportionality"]
    rules = rulebook_file.from_raw(raw, "own").disproportionality
    assert rules == RULES and rules.provenance.status is Status.ASSUMED
    assert rulebook_file.loads(rulebook_file.dumps(raw)).disproportionality == RULES
    for book in rulebook_file.available():
        shipped = rulebook_file.load(book)
        assert shipped.disproportionality.comparator is Comparator.GREATER
        assert "300.646" in GATE.say(shipped.source(shipped.disproportionality.comparator_source).title)
        assert shipped.disproportionality.provenance.status is Status.ASSUMED


@pytest.mark.parametrize(
    ("key", "value"),
    [("threshold", Decimal("0.5")), ("threshold", Decimal("3.001")), ("threshold", 101), ("min_n", -1),
     ("comparator", "<"), ("min_cel", 3), ("years_significant", 0), ("comparator_source", "nowhere")],
)  # fmt: skip
def test_a_wrong_table_is_refused(key, value):
    raw, _ = rulebook_file.read_raw()
    raw["disproportionality"] = {**raw["disproportionality"], key: value}
    with pytest.raises(SchemaError, match=f"disproportionality.{key}"):
        rulebook_file.from_raw(raw, "own")


def test_the_threshold_can_be_changed_in_a_scenario():
    raw, _ = rulebook_file.read_raw()
    base, setting = rulebook_file.load(), Setting(RulebookArea.DISPROPORTIONALITY, "", "threshold")
    stricter = scenario.new("at-a-glance", raw).changed({setting: Decimal(4)})
    again = scenario.loads(scenario.dumps(stricter))
    assert again == stricter and setting.get(base) == 3
    rules = scenario.changed_rulebook(again, base)
    assert rules.disproportionality.threshold == 4 and rules.disproportionality.provenance.source == "what-if"
    row = row_of("Pine Summit Unified")
    assert str(PLACED.placement(row)) == "Targeted Level 2"
    moved = scenario.run(again, base, PLACED.dataset, PLACED.percentiles["school_age"].reference)
    assert moved.dataset.disproportionate_years[row] == 0
    assert str(moved.placement(row)) != "Targeted Level 2"
    (difference,) = sentences.differences(again, base)
    assert (difference.before, difference.after) == ("3", "4")
    assert "threshold" in GATE.say(difference.label)
    del raw["disproportionality"]
    silent = rulebook_file.from_raw(raw, "own")
    assert setting.get(silent) == 3 and not scenario.misfits(again, silent)
    assert scenario.changed_rulebook(again, silent).disproportionality.threshold == 4


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({}, "the file states nothing"), ({"disproportionate_years": 2}, "the file states 2 years in a row"),
        ({"disproportionate_years": 1}, "the file states 1 year"), ({"disproportionate_years": 0}, "none"),
        ({"newly_disproportionate": True}, "is new"), ({"newly_disproportionate": False}, "is not new"),
    ],
)  # fmt: skip
def test_what_a_file_states_in_words(facts, says):
    data = dataset_of([LeaYear(LEA, "2024-25", facts=Facts(**facts))])
    assert says in GATE.say(said.file_says(data, 0))
    if not facts:
        assumed = replace(data, assumed_none=frozenset({Fact.DISPROPORTIONALITY}))
        assert "you said so" in GATE.say(said.headline(assumed, 0, RULES))


def test_a_sweep_over_the_years_agrees_with_placing_at_each_value():
    """Rows of which only bounds are known turn too: from true to unknown."""
    content = (SAMPLE / "invented_counts.csv").read_text("utf-8")
    data = place(checked_files.take(content.encode(), "counts.csv").dataset, rulebook_file.load()).dataset
    rules, (raw, _) = rulebook_file.load(), rulebook_file.read_raw()
    clause = next(one for one in rules.clauses if one.id == "level-3-disproportionate")
    threshold = thresholds.single(rules, Setting.parse(f"clauses.{clause.id}.at_least"))
    swept = sweep(
        threshold, rulebook_file.load(), data, NO_REFERENCE, place(data, rulebook_file.load()).percentiles
    )
    for value in range(int(threshold.least), int(threshold.most) + 1):
        changed = scenario.new("at-a-glance", raw).changed(changes({f"clauses.{clause.id}.at_least": value}))
        placed = scenario.run(changed, rules, data, NO_REFERENCE)
        expected = [placed.placement(row).severity for row in range(len(data))]
        assert swept.severities_at(Decimal(value)).tolist() == expected


def test_limits_in_words():
    assert GATE.say(said.limit(RULES)) == "over 3.0 times, an assumed threshold"
    known = replace(RULES.provenance, status=Status.CONFIRMED)
    sure = replace(RULES, threshold=Decimal("2.50"), comparator=Comparator.AT_LEAST, provenance=known)
    assert GATE.say(said.limit(sure)) == "at least 2.5 times"
    assert GATE.say(message("disproportionality.years.at_least", n=1)).startswith("at least 1 year ")


COUNTS = "stand for CDE's own finding (4b, 9, 10 and the years in a row) is assumed"


def test_that_ratios_stand_for_cdes_finding_is_said_to_be_assumed_where_they_decide():
    placements = PLACED
    data = placements.dataset
    seen = set()
    for row in range(len(data)):
        why, clause = explain(placements, row), placements.clause(row)
        sources = [COUNTS in GATE.say(rung.source) for rung in why.clauses]
        decides = clause is not None and clause.basis is Basis.YEARS
        counted = bool(data.worked_out.years[row] or data.worked_out.newly[row])
        bounded = bool(data.worked_out.least[row] >= 0 and data.disproportionate_years[row] < 0)
        assert any(sources) == (decides and (counted or bounded))
        assert sum(sources) <= 1
        seen.add((decides, any(sources)))
        if any(sources):
            assert "stand for CDE's own finding is assumed" in GATE.say(why.sentences[0])
            rows = clause_rows(why, GATE)
            assert [COUNTS in one["source"] for one in rows] == [rung.deciding for rung in why.clauses]
    assert {(True, True), (False, False)} <= seen


def test_what_the_file_itself_states_is_not_said_to_come_from_ratios():
    facts = Facts(swd=500, disproportionate_years=2, newly_disproportionate=False, minor_findings=0)
    rows = [LeaYear("9900001", "2023-24", "Oak", "S", facts, {"5a": Cell(numerator=9, denominator=10)})]
    why = explain(place(dataset_of(rows), rulebook_file.load()), 0)
    assert why.placement.name == "Targeted Level 3"
    assert not any(COUNTS in GATE.say(rung.source) for rung in why.clauses)
