"""`python -m cim_core reconcile`: one row per setting, what is said beside it, and the codes it ends with."""

from __future__ import annotations

import csv
import io
import json

import pytest

from cim_core.export import reconcile_rows
from cim_core.placing import checked_files
from cim_core.placing.placement import place
from cim_core.placing.ranking import WITHIN
from cim_core.rules import rulebook_file
from cim_core.rules.settings import Setting
from cim_core.shell.main import main
from cim_core.whatif import scenario
from tests.conftest import ROOT

SAMPLE = ROOT / "sample_data" / "invented_selpa.csv"
YEAR = "2024-25"
HIDDEN = {Setting.parse("elements.5a"): "out"}
"""What the letters of the test follow, and the shipped rules do not."""


@pytest.fixture(scope="module")
def lettered(tmp_path_factory):
    """The sample with letters for one year, in which 5a does not count; one LEA has no placement."""
    data = checked_files.read_path(SAMPLE).dataset
    rules = scenario.with_changes(rulebook_file.load(), HIDDEN, "hidden")
    placed = place(data, rules, WITHIN)
    says = {str(data.lea_code[row]): placed.placement(int(row)).name for row in data.rows_of_year(YEAR)}
    path = tmp_path_factory.mktemp("letters") / "letters.csv"
    with SAMPLE.open(encoding="utf-8-sig", newline="") as source, path.open("w", encoding="utf-8") as target:
        rows = list(csv.DictReader(source))
        writer = csv.DictWriter(target, [*rows[0], "cde_placement"])
        writer.writeheader()
        for row in rows:
            writer.writerow(row | {"cde_placement": says[row["lea_code"]] if row["year"] == YEAR else ""})
    return str(path)


def run(capsys, *arguments: str) -> tuple[int, str, str]:
    code = main(["reconcile", *arguments, "--reference", "within"])
    out, err = capsys.readouterr()
    return code, out, err


@pytest.fixture
def printed(lettered, capsys):
    """Everything that is printed of the letters: the rows, and what is said beside them."""
    code, out, err = run(capsys, lettered)
    assert code == 0
    return list(csv.DictReader(io.StringIO(out))), err


def test_every_setting_is_a_row_the_hidden_one_fits(printed):
    rows, err = printed
    first = rows[0]
    assert tuple(first) == reconcile_rows.COLUMNS
    assert (first["assumption"], first["as_it_is"], first["letters"]) == ("", "true", "23")
    assert int(first["fit"]) + len(first["against"].split("|")) == 23
    hidden = next(row for row in rows if row["settings"] == "elements.5a=out")
    assert hidden["choice"] == "it does not count"
    assert (hidden["fit"], hidden["against"], hidden["status"]) == ("23", "", "assumed")
    assert hidden["now_fit"] == first["against"]
    for said in (f"As it is: {first['fit']} of 23 letters fit, and ", "Best: All 23 letters fit.",
                 "Two at once were not.", "Settings: 0 of "):  # fmt: skip
        assert said in err


def test_best_comes_first_and_what_is_confirmed_last(printed):
    rows = printed[0][1:]
    statuses = [row["status"] for row in rows]
    assert statuses == sorted(statuses) and set(statuses) == {"assumed", "confirmed"}
    fits = [int(row["fit"]) for row in rows if row["status"] == "assumed"]
    assert fits == sorted(fits, reverse=True)


def test_numbers_of_those_that_speak_against_it(lettered, capsys):
    code, out, _ = run(capsys, lettered, "--format", "json")
    first = json.loads(out)[0]
    assert code == 0 and len(first["numbers"]) == len(first["against"]) > 0
    assert all("the letter says “" in line and "missed, based on" in line for line in first["numbers"])


def test_pairs_are_bounded_and_said(lettered, capsys):
    code, out, err = run(capsys, lettered, "--year", YEAR, "--pairs", "30")
    assert code == 0 and "the " in err and "three settings at once, were not." in err
    assert "Two settings at once: 30 of 30 placings." in err
    assert run(capsys, lettered, "--pairs", "-1")[0] == 2
    assert run(capsys, lettered, "--pairs", "many")[0] == 2


def test_a_scenario_is_where_the_search_begins(lettered, capsys, tmp_path):
    path = tmp_path / "out.toml"
    path.write_text('schema = 1\n[elements]\n5a = "out"\n', "utf-8")
    code, out, err = run(capsys, lettered, "--scenario", str(path))
    rows = list(csv.DictReader(io.StringIO(out)))
    assert code == 0 and rows[0]["fit"] == "23" and "As it is: All 23 letters fit." in err
    assert "two settings at once were not searched" in err


def test_without_letters_it_says_how_to_give_them(capsys):
    code, out, err = run(capsys, str(SAMPLE))
    assert (code, out) == (1, "")
    assert "has no letter" in err and "cde_placement" in err


def test_letters_of_another_year_are_none(lettered, capsys):
    code, out, err = run(capsys, lettered, "--year", "2023-24")
    assert (code, out) == (1, "") and "has no letter" in err
