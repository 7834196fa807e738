"""The shell interface, as pipelines use it."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from cim_core.shell.main import main
from tests.conftest import state_years

ROOT = Path(__file__).parent.parent.parent.parent
SAMPLE = str(ROOT / "sample_data" / "invented_selpa.csv")


@pytest.fixture
def run(capsys):
    def call(*arguments: str) -> tuple[int, str, str]:
        code = main(list(arguments))
        out, err = capsys.readouterr()
        return code, out, err

    return call


def test_as_a_program():
    done = subprocess.run(
        [sys.executable, "-m", "cim_core", "rulebooks"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0 and done.stdout.startswith("at-a-glance\t")


def test_rulebooks(run):
    code, out, _ = run("rulebooks", "show", "cde-2022")
    assert code == 0 and 'id = "cde-2022"' in out
    assert run("rulebooks", "show")[0] == 2
    assert run("rulebooks", "show", "nope")[0] == 2


def test_check(run, tmp_path):
    assert run("check", SAMPLE)[0] == 0
    bad = tmp_path / "bad.csv"
    bad.write_text("lea_code,year,5a\n9900001,2023-24,fifty\n", "utf-8")
    code, out, err = run("check", str(bad))
    assert code == 1 and "row 2, column 5a, LEA 9900001: found fifty" in out
    assert "--assume-none findings" in err
    assert run("check", str(tmp_path / "none.csv"))[0] == 1


def test_check_counts_what_is_too_much_of_one_kind(run, tmp_path):
    bad = tmp_path / "bad.csv"
    rows = "".join(f"99{at:05d},2023-24,{'fifty' if at else 'NC'},0.5\n" for at in range(26))
    bad.write_text("lea_code,year,5a,4a\n" + rows, "utf-8")
    code, out, _ = run("check", str(bad))
    assert code == 1 and out.count("found fifty") == 20
    assert "Error: Not a number: 5 more of this kind. --all prints every one." in out.splitlines()
    code, every, _ = run("check", str(bad), "--all")
    assert code == 1 and every.count("found fifty") == 25 and "more of this kind" not in every
    few = tmp_path / "few.csv"
    few.write_text("lea_code,year,5a\n" + "".join(rows.replace(",0.5", "").splitlines(True)[:21]), "utf-8")
    assert run("check", str(few))[1] == run("check", str(few), "--all")[1]


def test_place_csv(run):
    code, out, err = run("place", SAMPLE, "--year", "2024-25")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert code == 0 and len(rows) == 24
    assert list(rows[0])[:11] == [
        "lea_code", "lea_name", "selpa", "year", "placement", "tier", "level", "firm", "could_be",
        "placement_said", "from_state_file",
    ]  # fmt: skip
    by_name = {row["lea_name"]: row for row in rows}
    assert by_name["Kelp Harbor Unified"]["placement"] == "Intensive"
    assert by_name["Nutmeg Unified"]["sig_dis"] == "true"
    assert by_name["Willow Fork Elementary"]["small_lea"] == "true"
    assert by_name["Zinnia Online Charter"]["could_be"].startswith("Not placed|Universal|")
    assert by_name["Oak Bend Elementary"]["firm"] == "false"


def test_place_json_carries_the_clauses(run):
    code, out, _ = run("place", SAMPLE, "--year", "2024-25", "--format", "json")
    rows = json.loads(out)
    assert code == 0 and rows[0]["firm"] in (True, False)
    assert {clause["outcome"] for row in rows for clause in row["clauses"]} == {"true", "false", "unknown"}


def test_explain(run):
    code, out, _ = run("explain", SAMPLE, "--lea", "9910112", "--format", "json", "--year", "2024-25")
    told = json.loads(out)
    assert code == 0 and told["lea_name"] == "Quince Valley Elementary"
    of_5a = next(one for one in told["indicators"] if one["indicator"] == "5a")
    assert (of_5a["rate"], of_5a["numerator"], of_5a["denominator"]) == (53.14, 237, 446)
    assert (of_5a["comparator"], of_5a["target"], of_5a["vintage"], of_5a["result"]) == (
        "≥",
        53.2,
        "2019-20",
        "missed",
    )
    assert {"id", "placement", "outcome", "sentence", "source", "status"} <= set(told["clauses"][0])
    assert "→ Targeted Level 1" in run("explain", SAMPLE, "--lea", "9910112")[1]
    assert run("explain", SAMPLE, "--lea", "0000000")[0] == 1


def test_references(run):
    for asked, expected in (("none", "none"), ("within", "within"), (SAMPLE, "invented_selpa.csv")):
        code, out, _ = run("place", SAMPLE, "--reference", asked)
        assert code == 0 and {row["reference"] for row in csv.DictReader(io.StringIO(out))} == {expected}
    assert run("place", SAMPLE, "--reference", "nowhere.csv")[0] == 2


def test_assume_none(run, tmp_path):
    silent = tmp_path / "silent.csv"
    silent.write_text("lea_code,year,swd,percentile,5a\n9900001,2023-24,200,50,60\n", "utf-8")
    unsure = next(csv.DictReader(io.StringIO(run("place", str(silent))[1])))
    sure = next(
        csv.DictReader(
            io.StringIO(run("place", str(silent), "--assume-none", "findings,disproportionality,elements")[1])
        )
    )
    assert (unsure["firm"], sure["firm"]) == ("false", "true")
    assert sure["assumed_none"] == "disproportionality|elements|findings"
    assert run("place", str(silent), "--assume-none", "rain")[0] == 2


def test_exit_codes(run, tmp_path):
    nothing = tmp_path / "nothing.csv"
    nothing.write_text("lea_code,year,swd,5a\n9900001,2023-24,200,NC\n", "utf-8")
    assert run("place", str(nothing), "--reference", "none")[0] == 1
    partly = tmp_path / "partly.csv"
    partly.write_text("lea_code,year,swd,5a,5b\n9900001,2023-24,200,x,10\n", "utf-8")
    code, out, err = run("place", str(partly))
    assert code == 0 and "found x" in err and "Universal" in out
    assert run("place", SAMPLE, "--year", "1999-00")[0] == 2
    assert run("place")[0] == 2
    assert run("place", SAMPLE, "--rulebook", "nope")[0] == 2


def test_out_and_formulas_made_harmless(run, tmp_path):
    evil, out = tmp_path / "evil.csv", tmp_path / "out.csv"
    evil.write_text("lea_code,lea_name,year,5a\n9900001,=cmd|x,2023-24,60\n", "utf-8")
    assert run("place", str(evil), "--out", str(out))[0] == 0
    row = next(csv.DictReader(out.open(encoding="utf-8", newline="")))
    assert row["lea_name"] == "'=cmd|x"
    assert run("place", str(evil), "--out", str(tmp_path / "no" / "where.csv"))[0] == 2


def test_problems_of_a_reference_are_said(run, tmp_path):
    state = tmp_path / "state.csv"
    state.write_text("lea_code,year,swd,5a\n9800001,2023-24,300,fifty\n", "utf-8")
    _, _, err = run("place", SAMPLE, "--reference", str(state))
    assert "state.csv, row 2, column 5a, LEA" in err


def test_explain_prints_how_the_percentile_came_about(run):
    told = json.loads(run("explain", SAMPLE, "--lea", "9910112", "--format", "json")[1])
    last = told["ranking"]["school_age"][-1]
    assert last["percent"] == pytest.approx(told["percentile"], abs=0.006)
    assert told["ranking"]["preschool"] == []


def test_an_older_reference_and_left_out_indicators_are_said_once_and_only_for_the_years_asked(run, tmp_path):
    older = str(state_years(("2022-23", "2023-24"), tmp_path / "older.csv"))
    _, _, err = run("place", SAMPLE, "--reference", older)
    assert err.count("the reference has no 2024-25") == 1
    assert "2023-24, stands in" in err
    assert "for 2024-25 the school-age evaluation is ranked without the Placement" in err
    _, _, err = run("place", SAMPLE, "--year", "2022-2023", "--reference", older)
    assert "2024-25" not in err and "for 2022-23 the school-age evaluation" in err


def test_the_file_itself_is_never_overwritten(run, tmp_path):
    mine = tmp_path / "mine.csv"
    mine.write_bytes(Path(SAMPLE).read_bytes())
    code, _, err = run("place", str(mine), "--out", str(mine))
    assert code == 2 and "another name" in err
    assert mine.read_bytes() == Path(SAMPLE).read_bytes()


@pytest.mark.parametrize(
    "arguments", [["explain", SAMPLE, "--lea", "\udcff"], ["place", SAMPLE, "--year", "\udcff"]]
)
def test_undecodable_arguments_are_answered(arguments):
    code = "import sys; from cim_core.shell.main import main; sys.exit(main(sys.argv[1:]))"
    raw = [one.encode("utf-8", "surrogateescape") for one in arguments]
    done = subprocess.run(
        [sys.executable.encode(), b"-c", code.encode(), *raw], cwd=ROOT, capture_output=True, check=False
    )
    assert done.returncode in (1, 2) and b"Traceback" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device here")
def test_a_full_disk_is_answered():
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "cim_core", "place", SAMPLE],
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert b"Traceback" not in done.stderr and done.returncode == 2


FOUR = """
schema = 1
name = "Four misses for Level 2"
base = "at-a-glance"

[targets.5a]
value = 53.0

[clauses.level-2-missed]
at_least = 4

[clauses.level-1-missed]
at_most = 3
"""


@pytest.fixture
def four(tmp_path):
    path = tmp_path / "four.toml"
    path.write_text(FOUR, "utf-8")
    return str(path)


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def by_lea_year(text: str) -> dict[tuple[str, str], dict[str, str]]:
    return {(row["lea_code"], row["year"]): row for row in table(text)}


def test_compare_is_the_difference_of_two_placements(run, four):
    before = by_lea_year(run("place", SAMPLE)[1])
    after = by_lea_year(run("place", SAMPLE, "--scenario", four)[1])
    code, out, _ = run("compare", SAMPLE, "--scenario", four)
    moved = {key: (row["from"], row["to"]) for key, row in by_lea_year(out).items()}
    assert code == 0 and moved
    assert moved == {
        key: (row["placement"], after[key]["placement"])
        for key, row in before.items()
        if after[key]["placement"] != row["placement"]
    }
    fir = next(row for row in table(out) if row["lea_code"] == "9910035")
    assert "no longer “4 or more targets missed”: 3 targets missed" in fir["because"]
    assert "margin: 2 more than the 1 it takes" in fir["because"]
    assert fir["because"].count("3 targets missed") == 1
    quince = by_lea_year(out)["9910112", "2024-25"]
    assert "53.1% now meets ≥53.0%, by 0.1" in quince["because"]
    assert all(
        "not CDE's" in row["notice"] and row["rulebook"] == "at-a-glance, changed" for row in after.values()
    )


def test_explain_under_a_scenario_says_that_the_rules_are_changed(run, four):
    text = run("explain", SAMPLE, "--lea", "9910112", "--scenario", four)[1]
    assert "Changed rules: not CDE's." in text and "4 or more targets missed" in text


def test_sweep_and_compare_know_the_numbers_of_disproportionality(run, tmp_path):
    counts = str(ROOT / "sample_data" / "invented_counts.csv")
    code, out, _ = run("sweep", SAMPLE, "--with", counts, "--vary", "disproportionality.threshold")
    nutmeg = [row for row in table(out) if (row["lea_code"], row["year"]) == ("9910091", "2024-25")]
    assert code == 0 and [(row["value"], row["to"]) for row in nutmeg][-1][1] == "Targeted Level 1"
    wanted = tmp_path / "scenario.toml"
    wanted.write_text("schema = 1\n[disproportionality]\nthreshold = 3.7\n")
    code, out, _ = run("compare", SAMPLE, "--with", counts, "--scenario", str(wanted), "--year", "2024-25")
    assert code == 0 and "Targeted Level 3,Targeted Level 1" in out
    for key in ("min_cell", "min_n", "years_significant"):
        assert run("sweep", SAMPLE, "--with", counts, "--vary", f"disproportionality.{key}")[0] == 0


def test_sweep_prints_change_points(run):
    code, out, _ = run("sweep", SAMPLE, "--vary", "targets.5a.value", "--year", "2024-25")
    rows = table(out)
    assert code == 0 and list(rows[0])[:5] == ["value", "lea_code", "year", "from", "to"]
    quince = next(row for row in rows if row["lea_code"] == "9910112")
    assert (quince["value"], quince["from"], quince["to"], quince["at"]) == (
        "53.14", "Universal", "Targeted Level 1", "false",
    )  # fmt: skip
    code, _, err = run("sweep", SAMPLE, "--vary", "targets.5a.vintage")
    assert code == 2 and "targets.5a.value" in err


def test_a_scenario_on_another_rulebook_warns_of_what_does_not_fit(run, tmp_path):
    path = tmp_path / "one.toml"
    path.write_text('schema = 1\nbase = "at-a-glance"\n[clauses.level-1-findings]\nat_least = 2\n', "utf-8")
    code, _, err = run("place", SAMPLE, "--scenario", str(path), "--rulebook", "cde-2023")
    assert code == 0 and "cde-2023 has no setting clauses.level-1-findings.at_least" in err


def test_a_gap_between_neighbors_is_said(run, tmp_path, four):
    path = tmp_path / "gap.toml"
    path.write_text("schema = 1\n[clauses.level-2-missed]\nat_least = 9\n", "utf-8")
    assert (
        "its neighbor clauses.level-1-missed.at_most stays"
        in run("compare", SAMPLE, "--scenario", str(path))[2]
    )
    assert "neighbor" not in run("compare", SAMPLE, "--scenario", four)[2]


def test_a_scenario_that_cannot_be_used_is_wrong_usage(run, tmp_path):
    bad = tmp_path / "bad.toml"
    bad.write_text("schema = 1\n[targets.5a]\nvalue = true\n", "utf-8")
    code, _, err = run("place", SAMPLE, "--scenario", str(bad))
    assert code == 2 and "bad.toml" in err and "targets.5a" in err
    assert run("compare", SAMPLE, "--scenario", str(tmp_path / "none.toml"))[0] == 2
    assert run("compare", SAMPLE)[0] == 2
    edit = tmp_path / "edit.toml"
    edit.write_text(
        'schema = 1\n[[data]]\nlea_code = "1"\nyear = "2024-25"\nindicator = "5a"\n'
        "numerator = 1\ndenominator = 2\n",
        "utf-8",
    )
    assert run("compare", SAMPLE, "--scenario", str(edit))[0] == 2


def test_some_leas_are_printed_as_they_stand_among_all(run, tmp_path):
    """By codes, names, a file and a SELPA; the same rows as of everybody, whatever they are ranked in."""
    everybody = run("place", SAMPLE, "--reference", "within")[1].splitlines()
    wanted = {"9910007", "9910112"}
    mine = [line for line in everybody[1:] if line.split(",")[0] in wanted]
    listed = tmp_path / "mine.txt"
    listed.write_text("9910007\n9910112\n", "utf-8")
    for leas in ("9910007,9910112", str(listed)):
        code, out, _ = run("place", SAMPLE, "--reference", "within", "--leas", leas)
        assert code == 0 and out.splitlines() == [everybody[0], *mine] and mine
    many = ",".join(["9910007", "9910112"] * 60)
    out = tmp_path / "out.csv"
    assert run("place", SAMPLE, "--reference", "within", "--leas", many, "--out", str(out))[0] == 0
    assert out.read_text("utf-8").splitlines() == [everybody[0], *mine]
    assert run("place", SAMPLE, "--leas", str(listed), "--out", str(listed))[0] == 2
    selpa = everybody[1].split(",")[2]
    assert run("place", SAMPLE, "--reference", "within", "--leas", selpa.upper())[1].splitlines() == everybody


def test_leas_that_are_not_found_are_said(run):
    code, out, err = run("place", SAMPLE, "--leas", "9910007,Birch Holow,zzzz")
    assert code == 0 and out.count("9910007") and "called Birch Holow. Is it one of these?" in err
    assert "has the code or name zzzz" in err
    code, out, err = run("place", SAMPLE, "--leas", "zzzz")
    assert code == 2 and not out and "--leas names no LEA of these files: zzzz" in err
    assert run("place", SAMPLE, "--leas", " ")[0] == 2


def test_a_scenario_that_improves_everybody_improves_those_who_are_printed(run, tmp_path):
    better = tmp_path / "better.toml"
    better.write_text("schema = 1\nimprove = 40\n", "utf-8")
    given = ("compare", SAMPLE, "--scenario", str(better), "--reference", "none")
    every = run(*given)[1].splitlines()
    lea = every[1].split(",")[0]
    code, out, _ = run(*given, "--leas", lea)
    assert code == 0 and {line.split(",")[0] for line in out.splitlines()[1:]} == {lea}
