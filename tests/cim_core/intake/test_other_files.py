from __future__ import annotations

from pathlib import Path

import pytest

from cim_core.placing import checked_files
from cim_core.words import messages
from tests.cim_core.intake.files import errors, kinds, only, tsv

CASES = Path(__file__).parents[2] / "fixtures" / "cases"
LEVELS = ["Academic Year", "Aggregate Level", "County Code", "District Code", "School Code", "County Name"]
LEVELS += ["District Name", "School Name", "Charter", "Reporting Category"]
WHO = ["2023-24", "D", "99", "00001", "", "Example", "Meadow Unified", "", "All", "SD"]


def test_absences_by_reason_are_named_and_nothing_is_read():
    taken = checked_files.read_path(CASES / "B1_absence_by_reason.txt")
    assert taken.layout == "" and not len(taken.dataset) and errors(taken) == ["other_file"]
    assert "absences by reason" in only(taken, "other_file").sentence()


@pytest.mark.parametrize(
    ("columns", "name"),
    [
        (["TOTAL_ENR", "GR_TK", "GR_KN", "GR_01"], "enrollment"),
        (["Adjusted Cumulative Enrollment", "Stability Count", "Stability Rate (percent)"], "stability"),
        (["High School Completers", "College Going Rate - Total (12 Months)"], "college_going"),
        (["Cumulative Enrollment", "Total Expulsions", "Expulsion Rate (Total)"], "expulsion"),
        (["CumulativeEnrollment"], "cumulative_enrollment"),
        (["Staff Type", "Staff Gender", "Total Staff Count"], "staff"),
        (["One-Year Graduate Count"], "one_year_graduates"),
        (["SPED_ENR_N", "DC_AUT_N"], "special_education_enrollment"),
        (["Enrollment (K-12)", "Free Meal Count (K-12)", "FRPM Count (K-12)"], "meals"),
    ],
)
def test_files_that_are_known_and_not_needed(columns, name):
    taken = checked_files.take(tsv([*LEVELS, *columns], [[*WHO, *[10] * len(columns)]]), "download.txt")
    assert taken.layout == "" and errors(taken) == ["other_file"]
    assert only(taken, "other_file").shown() == messages.text(f"other_file.{name}")


def test_english_learners_who_were_reclassified():
    rows = [["99000010000001", "Example", "Meadow Unified", "Meadow High", 58, 145, 0]]
    taken = checked_files.take(
        tsv(["CDS", "County", "District", "School", "EL", "FEP", "Reclass"], rows), "x.txt"
    )
    assert only(taken, "other_file").shown() == messages.text("other_file.reclassified")


@pytest.mark.parametrize("more", [[], ["Some measure", "Another one"]])
def test_codes_years_and_counties_are_no_indicators(more):
    taken = checked_files.take(tsv([*LEVELS, *more], [[*WHO, *[5] * len(more)]]), "new.txt")
    assert taken.layout == "" and not len(taken.dataset) and errors(taken) == ["unknown_layout"]


def test_a_file_of_our_own_facts_is_still_one():
    rows = [["9900001", "2023-24", "Example", "unified"]]
    taken = checked_files.take(tsv(["lea_code", "year", "county", "lea_type"], rows), "types.txt")
    assert taken.layout == "wide" and len(taken.dataset) == 1 and not errors(taken)


@pytest.mark.parametrize("name", ["5a", "5a_n"])
def test_a_file_with_an_indicator_is_read_whatever_else_it_holds(name):
    head = ["lea_code", "year", "County Name", "TOTAL_ENR", "GR_01", name]
    taken = checked_files.take(tsv(head, [["9900001", "2023-24", "Example", 900, 80, 55]]), "own.txt")
    assert taken.layout == "wide" and "other_file" not in kinds(taken)


def test_a_fixed_width_research_file_is_named():
    line = "99000010000000    2019128B0001180000117513010000210000200 2391.0  5.05 12.12 17.17 22.22 60.61"
    taken = checked_files.take("\n".join([line] * 3).encode(), "sb_ca2019_all_ascii.txt")
    assert errors(taken) == ["fixed_width"] and only(taken, "fixed_width").sentence()


def test_an_indicator_in_words_beside_a_county_is_one():
    head = ["lea_code", "year", "County", "LRE >80%"]
    taken = checked_files.take(tsv(head, [["9900001", "2023-24", "Example", "55.5"]]), "own.txt")
    assert taken.layout == "wide" and not errors(taken)
