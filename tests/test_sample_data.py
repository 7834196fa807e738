"""What is shipped beside the code is what the code makes."""

from __future__ import annotations

import shutil
import subprocess
import sys
from fractions import Fraction

import pytest

from cim_core.data.indicators import POSITION
from cim_core.intake import printed_targets
from cim_core.placing import checked_files, reference
from cim_core.placing.placement import Outcome, Result, place
from cim_core.rules import rulebook_file
from tests.conftest import ROOT

DATA = checked_files.read_path(ROOT / "sample_data" / "invented_selpa.csv").dataset
PLACED = place(DATA, rulebook_file.load(), reference.shipped())
NOW = DATA.rows_of_year("2024-25")


@pytest.mark.full
def test_the_invented_selpa_and_the_templates_come_out_of_make_unchanged(tmp_path):
    for folder in ("cim_core", "sample_data"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    subprocess.run([sys.executable, str(tmp_path / "sample_data" / "make.py")], check=True, cwd=tmp_path)
    for path in sorted((ROOT / "sample_data").glob("*.csv")):
        assert (tmp_path / "sample_data" / path.name).read_bytes() == path.read_bytes(), path.name


def count(code: str, row: int, part: str = "numerator") -> int:
    return int(getattr(DATA, part)[row, POSITION[code]])


def test_it_shows_every_placement_every_clause_and_every_special_case():
    assert len(NOW) == 24 and len(DATA.years) == 3
    assert {PLACED.placement(row) for row in NOW} == set(PLACED.rulebook.placements)
    deciding = {clause.id for row in range(len(DATA)) if (clause := PLACED.clause(row))}
    assert deciding == {clause.id for clause in PLACED.rulebook.clauses}
    assert sum(PLACED.small_lea[row] == Outcome.TRUE for row in NOW) == 2
    assert any(PLACED.sig_dis[row] == Outcome.TRUE for row in NOW)
    assert {1, 2} <= set(DATA.disproportionate_years[NOW].tolist())
    assert 0 < sum(not PLACED.firm[row] for row in NOW) < 6
    assert {"coe", "charter", "unified"} <= set(DATA.lea_type.tolist())


def test_one_lea_is_one_student_from_its_target():
    row = DATA.row_of("9910112", "2024-25")
    target = PLACED.rulebook.target("5a")
    assert PLACED.results[row, POSITION["5a"]] == Result.MISSED
    top, bottom = count("5a", row), count("5a", row, "denominator")
    assert 100 * (top + 1) / bottom >= target.value > 100 * top / bottom


def test_shares_of_the_same_children_fit_together():
    """Anybody who knows the indicators would see at once if they did not."""
    for codes in (("1", "2"), ("5a", "5b", "5c"), ("6a", "6b", "6c"), ("14a", "14b", "14c")):
        for row in range(len(DATA)):
            bottoms = {count(code, row, "denominator") for code in codes}
            assert len(bottoms) == 1, (codes, row)
            if bottoms != {-1} and codes[0] != "14a":
                assert sum(count(code, row) for code in codes) <= bottoms.pop(), (codes, row)
    for row in range(len(DATA)):
        assert count("14a", row) <= count("14b", row) <= count("14c", row)
        for subject in ("ela", "math"):
            tested = [count(f"{part}_{subject}", row, "denominator") for part in ("3b", "3c")]
            if count(f"3a_{subject}", row) >= 0:
                assert sum(max(0, one) for one in tested) <= count(f"3a_{subject}", row), (subject, row)


def test_the_sample_letter_makes_graduation_and_dropout_comparable_again():
    """The letter prints the year's targets; its rates and what it calls met are those of the SELPA's file."""
    letter = checked_files.read_path(ROOT / "sample_data" / "invented_letter_targets.csv")
    assert letter.layout == "apr" and not letter.errors
    assert "met_differs" not in {one.kind for one in letter.problems}
    row = DATA.row_of(str(letter.dataset.lea_code[0]), "2024-25")
    for code in letter.dataset.indicators:
        value = letter.dataset.exact(0, code)
        assert value is None or abs(value - DATA.exact(row, code)) <= Fraction(1, 100), code
    printed = printed_targets.collect(letter.targets)
    raw, _ = rulebook_file.read_raw()
    changed = printed_targets.differences(printed, PLACED.rulebook, "2024-25")
    assert {"1", "2"} <= {one.indicator for one in changed}
    own = printed_targets.rulebook_from(printed, raw, "2024-25", "letter", "letter.csv")
    placed = place(DATA, rulebook_file.from_raw(own, "letter"), reference.shipped())
    at = [POSITION["1"], POSITION["2"]]
    assert (PLACED.results[NOW][:, at] == Result.OTHER_MEASURE).any()
    assert not (placed.results[NOW][:, at] == Result.OTHER_MEASURE).any()
    assert {Result.MET, Result.MISSED} <= set(placed.results[NOW][:, at].ravel().tolist())
