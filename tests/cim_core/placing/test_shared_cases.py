"""The cases in `tests/fixtures/cases`, from a file to what the shell says: values, placements, problems."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from cim_core.data import shipped
from cim_core.shell.main import main

CASES = Path(__file__).parents[2] / "fixtures" / "cases"
STATE = shipped.STATEWIDE
ALL = "Universal|Targeted Level 1|Targeted Level 2|Targeted Level 3|Intensive"


@pytest.fixture
def run(capsys):
    def call(command: str, file: str, *more: object) -> tuple[int, str, str]:
        code = main([command, str(CASES / file), *map(str, more)])
        out, err = capsys.readouterr()
        return code, out, err

    return call


@pytest.fixture
def placed(run):
    """The lines of `place`, by the first seven digits of their codes, and what is said beside them."""

    def call(file: str, *more: object, reference: object = "none") -> tuple[dict[str, dict[str, str]], str]:
        _, out, err = run("place", file, "--reference", reference, *more)
        return {row["lea_code"][:7]: row for row in csv.DictReader(io.StringIO(out))}, err

    return call


@pytest.fixture
def cells(run):
    """What `explain` says of one LEA's indicators that have any result: rate, numerator, denominator."""

    def call(file: str, lea: str, *more: object) -> dict[str, tuple[object, object, object]]:
        _, out, _ = run("explain", file, "--reference", "none", "--lea", lea, "--format", "json", *more)
        return {
            one["indicator"]: (one["rate"], one["numerator"], one["denominator"])
            for one in json.loads(out)["indicators"]
            if one["rate"] is not None or one["numerator"] is not None
        }

    return call


def refused(run, file: str, *names: str) -> str:
    """Nothing is placed; the reason, in which none of the names stands."""
    code, out, err = run("place", file, "--reference", "none")
    assert code == 1 and not out and "Error" in err
    _, out, also = run("check", file)
    assert not any(name in out + err + also for name in names)
    return out + err


def test_wide_with_three_groups(placed, cells):
    lines, said = placed("G1_wide_three_groups.csv")
    assert cells("G1_wide_three_groups.csv", "9900001") == {
        "5a": (55.5, None, None), "chronic": (23.0, None, None),
    }  # fmt: skip
    assert cells("G1_wide_three_groups.csv", "9900002") == {
        "5a": (40.5, None, None), "chronic": (31.0, None, None),
    }  # fmt: skip
    assert {code: row["placement"] for code, row in lines.items()} == {
        "9900001": "Universal", "9900002": "Targeted Level 1",
    }  # fmt: skip
    assert lines["9900002"]["missed_indicators"] == "5a" and lines["9900001"]["lea_name"] == "Meadow Unified"
    assert said.count("set aside") == 1 and "4 rows" in said


def test_wide_with_all_students_only(run):
    assert "Which rows" in refused(run, "G2_wide_all_students_only.csv")


def test_mapped_participation(placed, cells):
    ties = ("--mapping", CASES / "G5_mapping.toml")
    lines, said = placed("G5_mapped_participation.txt", *ties)
    assert list(lines) == ["9900001"] and "1 row of a school" in said
    assert cells("G5_mapped_participation.txt", "9900001", *ties) == {"3a_ela": (96.0, 576, 600)}


@pytest.mark.parametrize("file", ["H1_percent_sign.csv", "H2_code_and_words.csv"])
def test_headers_with_signs_and_words(placed, cells, file):
    (line,) = placed(file)[0].values()
    assert cells(file, "9900001") == {
        "5a": (20, None, None), "5b": (40, None, None), "11": (100, None, None),
    }  # fmt: skip
    assert (line["placement"], line["firm"]) == ("Targeted Level 1", "false")
    assert (line["missed_indicators"], line["elements_with_data"]) == ("5a|5b", "3")
    (line,) = placed(file, "--assume-none", "elements")[0].values()
    assert (line["placement"], line["firm"]) == ("Targeted Level 1", "true")


def test_wide_targets_and_what_is_printed_as_met(placed, tmp_path, capsys):
    _, said = placed("W1_wide_target_met.csv")
    assert said.count("printed as missed") == 2 and ">58%" in said and "<15%" in said
    book = tmp_path / "year.toml"
    assert main(["rulebooks", "from", str(CASES / "W1_wide_target_met.csv"), "--out", str(book)]) == 0, (
        capsys.readouterr().err
    )
    (line,) = placed("W1_wide_target_met.csv", "--rulebook", book)[0].values()
    assert line["missed_indicators"] == "5a|5b"
    assert "printed as missed" not in placed("W1_wide_target_met.csv", "--rulebook", book)[1]


@pytest.mark.parametrize("file", ["S1_school_codes_14.csv", "S2_school_rows_by_pieces.csv"])
def test_files_of_schools(run, file):
    assert "has schools only (2 rows)" in refused(run, file)


@pytest.mark.parametrize(
    "file", ["R1_roster_room_number.csv", "R2_roster_percent.csv", "R4_roster_absences.csv"]
)
def test_files_of_persons(run, file):
    said = refused(run, file, "Zzyx", "Ada", "Quill", "SLD", "Ms. Oak", "10.2")
    assert "Nothing was kept" in said


def test_suppressed(run, placed):
    code, out, _ = run("check", "P1_suppressed.csv", "--all")
    assert code == 0 and "Error" not in out
    lines, _ = placed("P1_suppressed.csv")
    with (CASES / "P1_suppressed.csv").open(encoding="utf-8") as file:
        assert len(lines) == len(list(csv.DictReader(file)))
    assert {row["elements_with_data"] for row in lines.values()} == {"0"}


def test_years(run, placed, cells):
    lines, _ = placed("Y1_year_words.csv")
    assert [row["year"] for row in lines.values()] == ["2023-24"] * 2
    assert "Which are meant" in refused(run, "Y2_year_one_number.csv")
    for year in ("2023-24", "2024-25"):
        lines, _ = placed("Y2_year_one_number.csv", "--answer", f"year={year}")
        assert [row["year"] for row in lines.values()] == [year] * 2
    lines, _ = placed("Y3_reportingyear_letter_chronic.txt")
    assert [row["year"] for row in lines.values()] == ["2016-17"]
    assert cells("Y3_reportingyear_letter_chronic.txt", "9900001") == {"chronic": (25.0, 300, 1200)}


def test_public_files(run, placed, cells):
    assert cells("A1_group_spelled_out_susp.txt", "9900001")["susp"][1:] == (80, 1450)
    assert cells("C1_caaspp_caret.txt", "9900001") == {
        "3b_ela": (17.0, None, 198), "3b_math": (13.0, None, 197),
        "3a_ela": (pytest.approx(100 * 200 / 210, abs=0.01), 200, 210),
        "3a_math": (pytest.approx(100 * 199 / 210, abs=0.01), 199, 210),
    }  # fmt: skip
    assert cells("C1_caaspp_caret.txt", "9900002") == {}
    assert "absences by reason" in refused(run, "B1_absence_by_reason.txt")


def test_one_cell_with_two_values(placed, cells):
    lines, said = placed("D1_duplicate_header.csv")
    assert lines["9900001"]["firm"] == "false" and said.count("Error") == 1
    assert "60.0 / 25.0" in said
    assert cells("D1_duplicate_header.csv", "9900001") == {"11": (100, None, None)}


def test_who_it_is_about(run, placed):
    lines, said = placed("N1_names_only.csv")
    assert list(lines) == ["0161119", "0161143"] and "Alameda Unified → 0161119" in said
    assert "SELPA" not in refused(run, "E1_four_digit_codes.csv").replace("_selpa", "")
    lines, said = placed("F1_swd_flag.csv")
    assert {(row["swd"], row["small_lea"]) for row in lines.values()} == {("", "unknown")}
    assert said.count("Warning") == 1 and "0 and 1" in said


def test_one_year_of_counts_over_the_threshold(placed):
    (line,) = placed(
        "P3_counts_one_year_lea.csv", "--with", CASES / "P3_counts_one_year.csv", "--assume-none", "elements"
    )[0].values()
    assert (line["placement"], line["firm"]) == ("Targeted Level 2", "false")
    assert line["could_be"] == "Targeted Level 2|Targeted Level 3"
    assert line["placement_said"] == "at least Targeted Level 2 – not settled: up to Targeted Level 3"


def test_contradictions(placed):
    lines, said = placed("P4_sig_dis_contradictions.csv")
    assert {code: (row["placement"], row["firm"]) for code, row in lines.items()} == {
        "9900001": ("Targeted Level 3", "true"),
        "9900002": ("Universal", "false"),
        "9900003": ("Universal", "false"),
        "9900004": ("Universal", "false"),
    }
    assert all("Targeted Level 3" in row["could_be"] for row in lines.values())
    assert "Question" in said and said.count("Warning") == 2
    lines, _ = placed("P4_sig_dis_contradictions.csv", "--assume-none", "elements")
    assert lines["9900004"]["could_be"] == "Universal|Targeted Level 3"


def test_areas_late_evaluations_and_one_element(placed):
    lines, said = placed("P5_areas_late_one_element.csv")
    assert said.count("Warning") == 1 and "row 2, column 4b, LEA 9900001" in said
    late = lines["9900003"]
    assert (late["placement"], late["missed_indicators"]) == ("Targeted Level 2", "11|12|13")
    assert "is assumed" in late["reasons"] and "they would make it Targeted Level 1" in late["reasons"]
    one = "9900004"
    assert (lines[one]["firm"], lines[one]["could_be"]) == (
        "false",
        "Universal|Targeted Level 1|Targeted Level 2",
    )
    lines, _ = placed("P5_areas_late_one_element.csv", "--assume-none", "elements")
    assert (lines[one]["firm"], lines[one]["could_be"]) == ("true", "Universal")
    assert lines[one]["assumed_none"] == "elements"


def test_real_leas_with_their_placement_in_class_only(run):
    _, out, _ = run("place", "P6_only_placement_of_real_leas.csv")
    lines = {row["lea_code"][:7]: row for row in csv.DictReader(io.StringIO(out))}
    assert {code: row["percentile"] for code, row in lines.items()} == {
        "1964733": "56.8333", "1262810": "0.5",
    }  # fmt: skip
    assert lines["1262810"]["placement"] == "Intensive"
    for row in lines.values():
        assert set(row["from_state_file"].split("|")) == {"susp", "chronic", "ela_dfs", "math_dfs"}


def test_a_new_year_against_an_older_reference(run, placed, tmp_path):
    with STATE.open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    year = head.index("school_year")
    old = tmp_path / "to_2023_24.csv"
    with old.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *(row for row in rows if row[year] != "2024-25")])
    file = "P7_new_year_old_reference.csv"
    lines, said = placed(file, "--assume-none", "elements", reference=old)
    assert {row["firm"] for row in lines.values()} == {"false"} and "too good" in said
    _, out, _ = run("place", file)
    lines = {row["lea_code"][:7]: row for row in csv.DictReader(io.StringIO(out))}
    assert {row["firm"] for row in lines.values()} == {"true"}
    assert [lines[code]["placement"] for code in ("1964857", "4569989", "5472249", "0761721")] == [
        "Intensive", "Intensive", "Targeted Level 3", "Targeted Level 3",
    ]  # fmt: skip


def test_many_targets_met_by_little(run, placed):
    lines, said = placed("P8_many_targets_met_by_little.csv", "--assume-none", "elements")
    assert {row["lea_name"]: row["placement"] for row in lines.values()} == {
        "far": "Universal", "edge1": "Universal", "one_short": "Targeted Level 1",
        "small_perfect": "Universal", "three_edge": "Universal", "missed3": "Targeted Level 2",
        "typical": "Universal",
    }  # fmt: skip
    out = run("explain", "P8_many_targets_met_by_little.csv", "--reference", "none", "--lea", "9900016")[1]
    assert "How sure: Fragile (as far as the files tell): 3 targets are met by two or three students" in out
    before = out[: out.index("What a draw is")].split("How sure")[0]
    assert "Toss-up" not in out and "1,000 draws" not in before
