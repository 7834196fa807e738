"""What shell commands can be given: answers, a mapping, further files; and a proposal for an unknown file."""

from __future__ import annotations

import csv
import io
import json

import pytest

from cim_core.intake.tying import mapping
from cim_core.rules.toml_table import SchemaError
from cim_core.shell.main import main
from tests.cim_core.intake.test_mapping import LONG, LONG_FILE, SELPA, SELPA_FILE


@pytest.fixture
def run(capsys):
    def call(*arguments: object) -> tuple[int, str, str]:
        code = main([str(one) for one in arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return call


@pytest.fixture
def selpa(tmp_path):
    file, ties = tmp_path / "selpa.csv", tmp_path / "selpa.toml"
    file.write_text(SELPA_FILE, "utf-8")
    ties.write_text(mapping.dumps(SELPA), "utf-8")
    return file, ties


def rows(out: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(out)))


def test_place_with_a_mapping(run, selpa):
    file, ties = selpa
    code, out, err = run("place", file, "--mapping", ties)
    assert code == 0 and [row["lea_code"] for row in rows(out)] == ["9900001", "9900002"]
    assert {row["year"] for row in rows(out)} == {"2023-24"}
    assert "row 4, column Susp Rate, LEA" in err
    code, out, _ = run("explain", file, "--mapping", ties, "--lea", "9900002", "--format", "json")
    assert code == 0 and '"rate": 61' in out
    assert run("sweep", file, "--mapping", ties, "--vary", "targets.5a.value")[0] == 0


def test_check_proposes_a_mapping_for_an_unknown_file(run, tmp_path):
    file, ties = tmp_path / "selpa.csv", tmp_path / "mine.toml"
    text = SELPA_FILE.replace("Dist Code", "Member No").replace("fifty", "4.1")
    file.write_text(text, "utf-8")
    code, out, err = run("check", file)
    assert code == 1 and "--mapping" in err
    proposed = err[err.index("schema = 1") : err.index("0 LEAs")]
    assert '"Member No" = "lea_code"  # 9900001 | 9900002' in proposed and "told by its values" in proposed
    ties.write_text(proposed.replace("# [constants]\n# year", "[constants]\nyear"), "utf-8")
    code, out, err = run("check", file, "--mapping", ties)
    assert code == 0 and "2 LEAs" in err and "schema = 1" not in err


def test_check_of_a_file_without_a_guess_proposes_nothing(run, tmp_path):
    file = tmp_path / "other.csv"
    file.write_text("hello,all\nworld,there\n", "utf-8")
    code, _, err = run("check", file)
    assert code == 1 and "schema" not in err


def test_a_mapping_that_does_not_fit_or_cannot_be_read(run, selpa, tmp_path):
    file, ties = selpa
    other = tmp_path / "other.csv"
    other.write_text(SELPA_FILE.replace("Susp Rate", "Suspended"), "utf-8")
    code, out, _ = run("check", other, "--mapping", ties)
    assert code == 1 and "Susp Rate" in out and "selpa.toml" not in out
    assert run("place", other, "--mapping", ties)[0] == 1
    assert run("place", file, "--mapping", tmp_path / "none.toml")[0] == 2
    bad = tmp_path / "bad.toml"
    bad.write_text("schema = 1\n[columns]\nA = 'colour'\n", "utf-8")
    code, _, err = run("place", file, "--mapping", bad)
    assert code == 2 and "bad.toml, key columns.A" in err
    with pytest.raises(SchemaError):
        mapping.loads(bad.read_text("utf-8"))


def test_answers(run, tmp_path):
    file = tmp_path / "mine.csv"
    file.write_text("lea_code,5a,5b\n9900001,0.532,0.1\n9900002,0.6,0.2\n", "utf-8")
    assert run("place", file)[0] == 1
    code, out, err = run("place", file, "--answer", "year=2023/24", "--answer", "rates=fraction")
    assert code == 0 and len(rows(out)) == 2 and "changes nothing" not in err
    assert run("place", file, "--answer", "year=2023-24", "--rates", "fraction")[1] == out
    _, _, err = run("check", file, "--answer", "year=2023", "--answer", "sheet=Fall")
    assert "2023 is no answer to year. Used instead: nothing" in err and "no file asks about sheet" in err
    for wrong in ("year", "colour=red"):
        code, _, err = run("check", file, "--answer", wrong)
        assert code == 2 and "ID=VALUE" in err


def test_further_files_are_joined(run, selpa, tmp_path):
    file, ties = selpa
    facts, more = tmp_path / "facts.csv", tmp_path / "more.csv"
    facts.write_text("lea_code,year,minor_findings,5b\n9900001,2023-24,2,10\n", "utf-8")
    more.write_text(SELPA_FILE.replace("99000", "98000"), "utf-8")
    code, out, err = run("place", file, "--with", facts, "--with", more, "--mapping", ties)
    assert code == 0 and len(rows(out)) == 4
    assert run("place", facts, "--with", file, "--mapping", ties)[0] == 0
    assert run("place", file, "--with", tmp_path / "none.csv", "--mapping", ties)[0] == 2
    before = facts.read_text("utf-8")
    for kept in (facts, ties):
        assert run("place", file, "--with", facts, "--mapping", ties, "--out", kept)[0] == 2
    assert facts.read_text("utf-8") == before


def test_a_file_with_a_row_for_each_indicator(run, tmp_path):
    file, ties = tmp_path / "long.csv", tmp_path / "long.toml"
    file.write_text(LONG_FILE, "utf-8")
    ties.write_text(mapping.dumps(LONG), "utf-8")
    code, out, _ = run("check", file, "--mapping", ties)
    assert code == 1 and "column Measure: found Wishes" in out and "found LCFF" in out
    _, _, err = run("check", file)
    assert '"LRE > 80%" = "5a"' in err and '# Wishes = ""' in err


def test_explain_takes_the_newest_year_that_is_over(tmp_path, run):
    lines = "9900001,Oak,2024-25,300,60,\n9900001,Oak,2025-26,300,60,2026-01-15\n"
    file = tmp_path / "mine.csv"
    file.write_text("lea_code,lea_name,year,swd,5a,as_of\n" + lines, "utf-8")
    for more, year in (([], "2024-25"), (["--year", "2025-26"], "2025-26")):
        code, out, err = run("explain", file, "--lea", "9900001", "--format", "json", *more)
        assert code == 0 and json.loads(out)["year"] == year
        assert "2025-26" not in err


def test_an_older_year_is_explained_beside_one_that_the_reference_has_not(tmp_path, run):
    file = tmp_path / "mine.csv"
    lines = "9900001,Oak,2024-25,300,60\n9900001,Oak,2025-26,300,60\n"
    file.write_text("lea_code,lea_name,year,swd,5a\n" + lines, "utf-8")
    code, out, _ = run("explain", file, "--lea", "9900001", "--format", "json", "--year", "2024-25")
    assert code == 0 and json.loads(out)["certainty"]["draws"]
