"""Printed targets as a rulebook: what they agree on, what they change, what they contradict."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from cim_core.intake import printed_targets
from cim_core.intake.printed_targets import collect, differences, rulebook_from
from cim_core.intake.problems import Severity
from cim_core.placing import checked_files
from cim_core.placing.placement import Result, place
from cim_core.placing.printed_met import met_differs
from cim_core.rules import rulebook_file
from cim_core.rules.rulebook import Comparator
from cim_core.rules.sources import Status
from cim_core.shell.main import main
from cim_core.words.disclosure import WORKING

FIXTURES = Path(__file__).parent.parent.parent / "fixtures"
APR = FIXTURES / "apr_2017_18.csv"
SEVEN = FIXTURES / "indicator7_preschool.csv"
BASE, _ = rulebook_file.read_raw()
BOOK = rulebook_file.load()
LONG = "lea_code,year,indicator,rate,target,comparator,target_met,source\n"


def read(lines: str):
    taken = checked_files.take((LONG + lines).encode(), "mine.csv")
    assert taken.layout == "long"
    return taken


def printed_in(lines: str):
    return collect(read(lines).targets)


def made(path: Path, year: str):
    taken = checked_files.read_path(path)
    raw = rulebook_from(collect(taken.targets), BASE, year, "Mine", path.name)
    return taken, raw, rulebook_file.loads(rulebook_file.dumps(raw))


def test_a_rulebook_of_the_real_report():
    _, raw, book = made(APR, "2017-18")
    target = book.target("5a")
    assert (target.written, target.vintage) == ("≥51.2%", "2017-18")
    assert target.provenance.status is Status.ASSUMED and "≥51.2%" in WORKING.say(target.provenance.note)
    assert "apr_2017_18.csv" in WORKING.say(book.source(target.provenance.source).title)
    assert (book.id, book.official, WORKING.say(book.title)) == ("own-2017-18", False, "Mine")
    assert book.elements.nc_is_met == ("4a",)
    assert book.target("4b").comparator is Comparator.AT_MOST
    kept = book.target("14c")
    assert kept == BOOK.target("14c") and kept.vintage == "2019-20"
    assert raw is not BASE and rulebook_file.read_raw()[0] == BASE


def test_signs_as_printed_else_the_bases_own_else_the_directions():
    lines = "9900001,2023-24,{},50,{},{},,\n".format
    printed = printed_in(
        lines("1", "91", "") + lines("5a", ">60%", "") + lines("5b", "20", "<") + lines("3c_ela", "8", "")
    )
    book = rulebook_file.from_raw(rulebook_from(printed, BASE, "2023-24", "x", "mine.csv"), "x")
    signs = {code: book.target(code).comparator.value for code in ("1", "5a", "5b", "3c_ela")}
    assert signs == {"1": ">", "5a": ">", "5b": "<", "3c_ela": "≥"}
    assert printed_targets.not_counted(printed, BOOK, "2023-24") == ("3c_ela",)


def test_a_target_that_is_there_already_keeps_its_source():
    _, raw, _ = made(APR, "2017-18")
    printed = collect(checked_files.read_path(APR).targets)
    again = rulebook_file.from_raw(rulebook_from(printed, raw, "2017-18", "x", "other.csv"), "x")
    assert again.target("5a").provenance.source == "printed-2017-18"
    other = rulebook_file.load("at-a-glance").target("3a_ela").provenance.status
    kept = rulebook_from(printed, rulebook_file.read_raw()[0], "2017-18", "x", "f")
    assert rulebook_file.from_raw(kept, "x").target("3a_ela").provenance.status is other


def test_another_file_of_the_year_gets_a_source_of_its_own():
    _, raw, _ = made(APR, "2017-18")
    targets = [one for one in checked_files.read_path(APR).targets if one.indicator == "5a"]
    moved = [replace(one, value=one.value + 1) for one in targets]
    again = rulebook_file.from_raw(rulebook_from(collect(moved), raw, "2017-18", "x", "o.csv"), "x")
    assert again.target("5a").provenance.source == "printed-2017-18-2"


def test_targets_that_differ_are_left_out_and_listed():
    lines = (
        "9900001,2023-24,5a,50,≥51.2,,,\n9900002,2023-24,5a,50,{},,,\n9900001,2023-24,5b,9,≤20,,,\n".format
    )
    for other in (">51.2", "≥51.3"):
        printed = printed_in(lines(other))
        assert [one.indicator for one in printed.of("2023-24")] == ["5b"]
        (conflict,) = printed.conflicts
        assert (conflict.indicator, conflict.year) == ("5a", "2023-24")
        assert conflict.written == f"≥51.2 (2), {other} (3)"
    for same in ("≥51.20%", ">=51.2", "51.2", "at least 51.2%"):
        printed = printed_in(lines(same))
        assert not printed.conflicts and printed.targets["2023-24", "5a"].comparator is Comparator.AT_LEAST
    other_year = printed_in("9900001,2022-23,5a,50,≥51.2,,,\n9900001,2023-24,5a,50,≥53.2,,,\n")
    assert not other_year.conflicts and other_year.years == ("2022-23", "2023-24")


def test_what_differs_from_the_shipped_targets():
    found = {
        one.indicator: one
        for one in differences(collect(checked_files.read_path(APR).targets), BOOK, "2017-18")
    }
    assert set(found) == {"2", "5a", "5b"}
    of_5a = found["5a"]
    assert (of_5a.value, of_5a.vintage, of_5a.printed_value) == (Decimal("53.2"), "2019-20", Decimal("51.2"))
    new = differences(
        printed_in("9900001,2023-24,3c_ela,9,8,,,\n9900001,2023-24,1,9,>90.0,,,\n"), BOOK, "2023-24"
    )
    assert [(one.indicator, one.value, one.printed_comparator) for one in new] == [
        ("1", Decimal(90), Comparator.GREATER),  # the same number, for students who left and not for a cohort
        ("3c_ela", None, Comparator.AT_LEAST),
    ]


@pytest.mark.parametrize(
    ("rate", "target", "met", "differs"),
    [
        ("90.0", ">90.0", "Yes", True), ("90.0", ">90.0", "No", False), ("90.1", ">90.0", "Yes", False),
        ("53.2", "≥53.2", "Yes", False), ("53.2", "≥53.2", "No", True), ("53.19", "≥53.2", "Yes", True),
        ("NC", "≥53.2", "Yes", False), ("50", "≥53.2", "", False), ("50", "≥53.2", "NA", False),
    ],
)  # fmt: skip
def test_printed_met_against_the_printed_target(rate, target, met, differs):
    taken = read(f"9900001,2023-24,5a,{rate},{target},,{met},\n")
    found = met_differs(taken.targets, taken.dataset)
    assert bool(found) is differs
    for one in found:
        assert (one.kind, one.severity, one.row, one.file) == ("met_differs", Severity.WARNING, 2, "mine.csv")
        assert rate in one.sentence() and target in one.sentence()


def test_a_count_behind_a_rate_is_compared_as_printed():
    text = "lea_code,year,indicator,rate,numerator,denominator,target,target_met\n"
    taken = checked_files.take(f"{text}990001,2023-24,5a,53.2,1329,2499,≥53.2,Yes\n".encode(), "x.csv")
    assert taken.targets[0].lea_code == "990001"
    assert not met_differs(taken.targets, taken.dataset)


def test_what_the_real_files_print_agrees_with_itself():
    for path in (APR, SEVEN):
        taken = checked_files.read_path(path)
        assert not met_differs(taken.targets, taken.dataset)


def test_targets_of_a_file_in_fractions_are_fractions_too():
    lines = "9900001,2023-24,5a,0.512,0.532,≥,No,\n9900002,2023-24,5a,0.6,0.532,≥,Yes,\n"
    assert not read(lines).targets
    taken = checked_files.take((LONG + lines).encode(), "x.csv", answers={"rates": "fraction"})
    assert {one.value for one in taken.targets} == {Decimal("53.2")}
    assert not met_differs(taken.targets, taken.dataset)


COUNTED = "lea_code,year,indicator,numerator,denominator,target\n"


def test_a_target_that_may_be_a_fraction_is_left_out_and_said():
    lines = (
        "9900001,2023-24,5a,500,1000,≥0.512\n9900002,2023-24,5a,9,10,≥0.512\n9900001,2023-24,4a,1,99,<0.9\n"
    )
    taken = checked_files.take(f"{COUNTED}{lines}9900001,2023-24,5b,1,9,20\n".encode(), "x.csv")
    assert {(one.indicator, one.value) for one in taken.targets} == {
        ("4a", Decimal("0.9")),
        ("5b", Decimal("20")),
    }
    (low,) = [one for one in taken.problems if one.kind == "target_low"]
    assert (low.row, low.found, low.indicator, low.severity) == (2, "≥0.512", "5a", Severity.WARNING)
    assert "fraction" in low.sentence() and not taken.errors
    every = checked_files.take(f"{COUNTED}{lines}".encode(), "x.csv")
    assert not every.targets
    assert [one.indicator for one in every.problems if one.kind == "target_low"] == ["5a", "4a"]
    for plain in ("9900001,2023-24,4a,1,99,<0.9\n", "9900001,2023-24,5a,500,1000,≥0.512%\n"):
        alone = checked_files.take(f"{COUNTED}{plain}".encode(), "x.csv")
        assert len(alone.targets) == 1 and not alone.problems[1:], alone.problems
    years = checked_files.take(f"{COUNTED}{lines}9900001,2022-23,5b,1,9,20\n".encode(), "x.csv")
    assert [(one.indicator, one.year) for one in years.targets] == [("5b", "2022-23")]


@pytest.mark.parametrize(
    ("source", "collection"),
    [("DataQuest", "dataquest"), ("CA School Dashboard", "dashboard"), ("apr", "apr"), ("APR", "apr"),
     ("Indicator 7", "indicator7"), ("Educational Environment", "environment"),
     ("our own count", "our own count"), ("", "")],
)  # fmt: skip
def test_a_row_says_where_it_comes_from(source, collection):
    data = read(f"9900001,2023-24,5a,50,,,,{source}\n").dataset
    assert data.origin_of(0, "5a").collection == collection


def test_signs_that_contradict_each_other_are_said():
    taken = read("9900001,2023-24,5a,50,>51.2,≥,,\n9900001,2023-24,5b,50,20,about,,\n")
    assert [(one.kind, one.row) for one in taken.problems] == [("bad_target", 2), ("bad_target", 3)]
    assert not taken.targets


def test_placement_with_the_printed_targets_counts_what_the_report_counts():
    taken, _, book = made(APR, "2017-18")
    placements = place(taken.dataset, book)
    row = taken.dataset.row_of("1964659", "2017-18")
    assert placements.elements(row, Result.MISSED) == ("3a_ela", "3a_math")
    assert placements.elements(row, Result.MET_NOT_CALCULATED) == ("4a",)


@pytest.fixture
def run(capsys):
    def call(*arguments: str) -> tuple[int, str, str]:
        code = main(list(arguments))
        out, err = capsys.readouterr()
        return code, out, err

    return call


def test_shell_makes_a_rulebook(run, tmp_path):
    code, out, err = run("rulebooks", "from", str(APR))
    book = rulebook_file.loads(out)
    assert code == 0 and book.target("2").written == "≤11.72%"
    assert "5a: the file prints ≥51.2, and at-a-glance has ≥53.2 (2019-20)." in err
    assert "6a" not in err and "Targets taken from apr_2017_18.csv for 2017-18: 13." in err
    path = tmp_path / "own.toml"
    assert run("rulebooks", "from", str(APR), "--out", str(path), "--base", "cde-2023")[:2] == (0, "")
    assert WORKING.say(rulebook_file.load(path).about).startswith("The rules of CDE")
    placed = run("place", str(APR), "--rulebook", str(path), "--reference", "none")
    assert placed[0] == 0 and "own-2017-18" in placed[1]


def test_shell_and_years(run, tmp_path):
    code, _, err = run("rulebooks", "from", str(SEVEN))
    assert code == 2 and "2017-18, 2018-19" in err
    code, out, err = run("rulebooks", "from", str(SEVEN), "--year", "2018-2019")
    assert code == 0 and rulebook_file.loads(out).target("7A1").written == "≥84.20%"
    assert run("rulebooks", "from", str(SEVEN), "--year", "2001-02")[0] == 2
    assert run("rulebooks", "from", str(SEVEN), "--year", "soon")[0] == 2
    undated = tmp_path / "undated.txt"
    undated.write_text(
        "Agency: A (9900001)\nNo. Indicator Rate Target Target Met?\n5a LRE 60% ≥55.5% Yes\n", "utf-8"
    )
    code, _, err = run("rulebooks", "from", str(undated))
    assert code == 1 and "prints no targets" in err and "school year" in err
    code, out, _ = run("rulebooks", "from", str(undated), "--year", "2023-24")
    assert code == 0 and rulebook_file.loads(out).target("5a").vintage == "2023-24"


def test_shell_without_targets_and_wrong_usage(run, tmp_path):
    bare = tmp_path / "bare.csv"
    bare.write_text("lea_code,year,5a\n9900001,2023-24,50\n", "utf-8")
    assert run("rulebooks", "from", str(bare))[0] == 1
    assert run("rulebooks", "from", str(tmp_path / "none.csv"))[0] == 1
    for wrong in (
        ["from"], ["to", "x"], ["from", str(APR), "--base", "nope"],
        ["show", "cde-2022", "--year", "2017-18"],
    ):  # fmt: skip
        assert run("rulebooks", *wrong)[0] == 2
    mine = tmp_path / "mine.csv"
    mine.write_bytes(APR.read_bytes())
    assert run("rulebooks", "from", str(mine), "--out", str(mine))[0] == 2
    assert mine.read_bytes() == APR.read_bytes()


def test_shell_says_conflicts_and_what_differs(run, tmp_path):
    mine = tmp_path / "mine.csv"
    mine.write_text(
        LONG + "9900001,2023-24,5a,50,≥51.2,,Yes,\n9900002,2023-24,5a,50,≥53.2,,No,\n"
        "9900001,2023-24,3c_ela,9,>8,,,\n",
        "utf-8",
    )
    code, out, err = run("rulebooks", "from", str(mine))
    assert code == 0 and rulebook_file.loads(out).target("5a") == BOOK.target("5a")
    assert "5a, 2023-24: the file prints different targets (≥51.2 (2), ≥53.2 (3))" in err
    assert "3c ELA: the file prints >8, and at-a-glance has no target." in err
    assert "printed as met, while 50 against the printed target ≥51.2 is missed" in err
    assert "printed as met" in run("check", str(mine))[1]


def test_shell_takes_answers_mappings_and_further_files(run, tmp_path):
    fractions = tmp_path / "fractions.csv"
    fractions.write_text(
        LONG + "9900001,2023-24,5a,0.512,0.532,≥,No,\n9900002,2023-24,5a,0.6,0.532,≥,Yes,\n", "utf-8"
    )
    assert run("rulebooks", "from", str(fractions))[0] == 1
    for said in (["--rates", "fraction"], ["--answer", "rates=fraction"]):
        code, out, err = run("rulebooks", "from", str(fractions), *said)
        assert code == 0 and rulebook_file.loads(out).target("5a").written == "≥53.2%"
    theirs = tmp_path / "theirs.csv"
    theirs.write_text("Who,When,What,How many,Goal\n9900001,2023-24,LRE,50,≥55.5\n", "utf-8")
    ties = tmp_path / "ties.toml"
    ties.write_text(
        'schema = 1\n[columns]\n"Who" = "lea_code"\n"When" = "year"\n"What" = "indicator"\n'
        '"How many" = "rate"\n"Goal" = "target"\n[values]\n"LRE" = "5a"\n',
        "utf-8",
    )
    code, out, err = run("rulebooks", "from", str(theirs), "--mapping", str(ties))
    assert code == 0 and rulebook_file.loads(out).target("5a").written == "≥55.5%", err
    other = tmp_path / "other.csv"
    other.write_text(LONG + "9900001,2023-24,5b,50,≤20,,,\n", "utf-8")
    both = ("rulebooks", "from", str(theirs), "--mapping", str(ties), "--with", str(other))
    code, out, err = run(*both)
    assert code == 0 and rulebook_file.loads(out).target("5b").written == "≤20%"
    assert "theirs.csv + other.csv" in err
    assert run(*both, "--out", str(other))[0] == 2 and run(*both, "--out", str(ties))[0] == 2
    assert run("rulebooks", "from", str(other), "--answer", "weather=fine")[0] == 2
    assert "asks" in run("rulebooks", "from", str(other), "--answer", "sheet=x")[2]
    assert run("rulebooks", "--answer", "rates=percent")[0] == 2
    assert run("rulebooks", "show", "cde-2022", "--with", str(other))[0] == 2
