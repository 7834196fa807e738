from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from cim_core.data.dataset import Missing
from cim_core.intake import Upload
from cim_core.intake.problems import Severity
from cim_core.placing import checked_files
from tests.cim_core.intake.files import errors, kinds, missing, only, three

CASES = Path(__file__).parents[2] / "fixtures" / "cases"
MEADOW, BROOK = "99000010000000", "99000020000000"
HEAD = (
    "County Code^District Code^School Code^Type ID^Test Year^Test ID^Student Group ID^Grade^"
    "Total Students Enrolled^Total Students Tested^Total Students Tested with Scores^"
    "Percentage Standard Met and Above^Percentage Level 3^Count Level 3"
)
ELA, ALTERNATE = "2024^1^128^13^210^200^198^17.17^^", "2024^3^128^13^20^19^18^^33.33^6"


def read(*rows, head=HEAD, name="sb_ca2024.txt"):
    return checked_files.take("\r\n".join((head, *rows)).encode(), name)


def meadow(rest, school="0000000", kind="06"):
    return f"99^00001^{school}^{kind}^{rest}"


def test_students_with_disabilities_in_all_grades():
    taken = checked_files.read_path(CASES / "C1_caaspp_caret.txt")
    assert taken.layout == "caaspp" and not errors(taken) and "column_unused" not in kinds(taken)
    assert three(taken, MEADOW, "3b_ela") == (Fraction(17), None, 198)
    assert three(taken, MEADOW, "3b_math") == (Fraction(13), None, 197)
    assert three(taken, MEADOW, "3a_ela") == (Fraction(2000, 21), 200, 210)
    assert three(taken, MEADOW, "3a_math") == (Fraction(1990, 21), 199, 210)
    assert {missing(taken, BROOK, code) for code in ("3b_ela", "3a_ela")} == {Missing.SUPPRESSED}
    assert (
        only(taken, "caaspp_group").found == "1 (1)"
        and only(taken, "caaspp_year").values["year"] == "2023-24"
    )
    assert only(taken, "caaspp_one_test").severity is Severity.NOTE
    assert taken.dataset.origin_of(0, "3b_ela").collection == "caaspp"


@pytest.mark.parametrize("turned", [False, True])
def test_both_tests_of_one_file_add_up_to_participation(turned):
    rows = [meadow(ELA), meadow(ALTERNATE)]
    taken = read(*(rows[::-1] if turned else rows))
    assert three(taken, MEADOW, "3a_ela") == (Fraction(21900, 230), 219, 230)
    assert three(taken, MEADOW, "3b_ela") == (Fraction("17.17"), 34, 198)
    assert three(taken, MEADOW, "3c_ela")[1:] == (6, 18)
    assert (
        only(taken, "caaspp_both_tests").values["n"] == 1
        and "assumed" in only(taken, "caaspp_level_3").sentence()
    )
    assert not errors(taken) and "caaspp_one_test" not in kinds(taken)


def test_participation_with_a_part_that_is_suppressed_is_not_known():
    taken = read(meadow(ELA), meadow("2024^3^128^13^*^*^*^*^*^*"))
    assert missing(taken, MEADOW, "3a_ela") == Missing.SUPPRESSED == missing(taken, MEADOW, "3c_ela")
    assert three(taken, MEADOW, "3b_ela")[2] == 198 and not errors(taken)


def test_the_alternate_assessment_alone_gives_no_participation():
    taken = read(meadow(ALTERNATE))
    assert three(taken, MEADOW, "3c_ela")[1:] == (6, 18) and "3a_ela" not in taken.dataset.columns
    assert only(taken, "caaspp_alternate_alone").values["n"] == 1


def test_two_files_are_joined():
    head = HEAD.replace("^", ",")
    uploads = [
        Upload(f"{name}.csv", f"{head}\n{meadow(row).replace('^', ',')}\n".encode())
        for name, row in (("sb", ELA), ("caa", ALTERNATE))
    ]
    taken = checked_files.read_all(uploads)
    assert not errors(taken) and three(taken, MEADOW, "3a_ela")[1:] == (200, 210)
    assert three(taken, MEADOW, "3c_ela")[1:] == (6, 18)


def test_everything_else_is_set_aside_and_counted():
    taken = read(
        f"00^00000^0000000^04^{ELA}", f"99^00000^0000000^05^{ELA}", meadow(ELA),
        meadow(ELA, "0000011", "07"), meadow(ELA, "0000012", "09"), meadow(ELA, "0000013", "10"),
        meadow(ELA.replace("^1^128", "^17^128")), meadow(ELA.replace("128^13", "128^3")),
        meadow(ELA.replace("128", "31")),
    )  # fmt: skip
    assert len(taken.dataset) == 1 and three(taken, MEADOW, "3a_ela")[1:] == (200, 210) and not errors(taken)
    for kind, n in {"schools": 2, "charters": 1, "areas": 2, "test": 1, "grade": 1, "group": 1}.items():
        assert only(taken, f"caaspp_{kind}").values["n"] == n, kind


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        (meadow(ELA.replace("128", "1")), "group"),
        (meadow(ELA.replace("^13^", "^5^")), "grade"),
        (meadow(ELA, "0000011", "07"), "schools"),
        (meadow(ELA, "0000012", "09"), "charters"),
        (meadow(ELA.replace("^1^128", "^17^128")), "test"),
    ],
)
def test_a_file_without_the_rows_that_count_says_so(row, kind):
    taken = read(row)
    assert errors(taken) == [f"caaspp_only_{kind}"] and not len(taken.dataset)


@pytest.mark.parametrize(
    "head",
    [
        "County Code,District Code,School Code,Filler,Test Year,Subgroup ID,Test Type,"
        "Total CAASPP Enrollment,Total Tested At Entity Level,Total Tested At Subgroup Level,Grade,Test Id,"
        "CAASPP Reported Enrollment,Students Tested,Mean Scale Score,Percentage Standard Exceeded,"
        "Percentage Standard Met,Percentage Standard Met and Above,Students with Scores",
        "County Code^District Code^School Code^Filler^Test Year^Student Group ID^Test Type^"
        "Total Tested at Reporting Level^Total Tested with Scores at Reporting Level^^Grade^Test ID^"
        "Students Enrolled^Students Tested^Mean Scale Score^Percentage Standard Exceeded^"
        "Percentage Standard Met^Percentage Standard Met and Above^Students with Scores",
    ],
)
def test_headers_of_earlier_years_and_codes_without_zeros(head):
    mark = "^" if "^" in head else ","
    row = ["1", "61119", "0", "", "2019", "128", "B", "900", "800", "", "13", "01", "210", "200", "2391.0"]
    row += ["5.05", "12.12", "17.17", "198"]
    taken = read(mark.join(f'"{cell}"' if mark == "," else cell for cell in row), head=head)
    assert not errors(taken) and "column_unused" not in kinds(taken)
    assert three(taken, "01611190000000", "3a_ela", "2018-19")[1:] == (200, 210)
    assert three(taken, "01611190000000", "3b_ela", "2018-19") == (Fraction("17.17"), 34, 198)


def test_groups_and_grades_by_their_names():
    head = HEAD.replace("Student Group ID", "Student Group")
    rows = [
        meadow(ELA.replace("128^13", "Students with disability^All Grades")),
        meadow(ELA.replace("128", "All")),
    ]
    taken = read(*rows, head=head)
    assert not errors(taken) and three(taken, MEADOW, "3a_ela")[1:] == (200, 210)


def test_two_different_rows_of_one_test_are_a_problem():
    taken = read(meadow(ELA), meadow(ELA.replace("^200^", "^190^")))
    assert errors(taken) == ["cell_twice"] and missing(taken, MEADOW, "3a_ela") == Missing.REFUSED


@pytest.mark.parametrize("damaged", ["many", "-1", "1e3", "9" * 60, "=1+1", "5%", "NC"])
def test_damaged_counts_are_never_made_up(damaged):
    taken = read(meadow(ELA.replace("^200^", f"^{damaged}^")), meadow(ALTERNATE))
    assert three(taken, MEADOW, "3a_ela")[0] is None
