"""Headers as people write them: sure ones are read and said, unsure ones asked, none forgotten."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from cim_core import intake
from cim_core.data.dataset import Missing
from cim_core.data.indicators import POSITION
from cim_core.intake.layouts import wide_targets
from cim_core.intake.meanings import header_years, our_columns, spellings
from cim_core.intake.problems import Severity
from cim_core.intake.questions import NOT_USED
from cim_core.placing import checked_files
from tests.cim_core.intake.files import errors, kinds, only, question

CASES = Path(__file__).parent.parent.parent / "fixtures" / "cases"
HEAD = "lea_code,lea_name,selpa,year,"
ROWS = ("9900001,A,S,2023-24,", "9900002,B,S,2023-24,")
A, B = "9900001", "9900002"


def read(columns: str, *values: str, head: str = HEAD, rows: tuple[str, ...] = ROWS, answers=None):
    text = head + columns + "\n" + "".join(f"{who}{row}\n" for who, row in zip(rows, values, strict=False))
    return checked_files.take(text.encode(), "x.csv", answers=answers)


def exact(taken, lea: str, code: str, year: str = "2023-24"):
    row = taken.dataset.row_of(lea, year)
    assert row is not None, taken.dataset.year
    return taken.dataset.exact(row, code)


def missing(taken, lea: str, code: str, year: str = "2023-24") -> int:
    data = taken.dataset
    return int(data.missing[data.row_of(lea, year), POSITION[code]])


@pytest.mark.parametrize("case", ["H1_percent_sign.csv", "H2_code_and_words.csv"])
def test_cases_of_spellings(case):
    taken = checked_files.read_path(CASES / case)
    assert (exact(taken, A, "5a"), exact(taken, A, "5b"), exact(taken, A, "11")) == (20, 40, 100)
    assert kinds(taken) == ["column_read", "column_read"] and not taken.dataset.unread.any()


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("5a %", "5a"), ("5a (LRE >80%)", "5a"), ("Regular Class 80% or more", "5a"), ("5b (%)", "5b"),
        ("Indicator 5a (LRE ≥ 80%)", "5a"), ("5b - Regular Class < 40%", "5b"), ("SPP 5A", "5a"),
        ("5a - LRE", "5a"), ("LRE 80%+", "5a"), ("5c Separate Schools (%)", "5c"), ("Suspension Rate",
        "susp"),
        ("Chronic Absenteeism Rate", "chronic"), ("5a (n)", "5a_n"), ("5a n-size", "5a_d"),
        ("5a Denominator", "5a_d"),
        ("Indicator 11 (60-day timeline)", "11"), ("7A.1 %", "7A1"), ("3b (ELA) %", "3b_ela"), ("Ind. 14c",
        "14c"),
        ("SPPI 13 %", "13"), ("#5a", "5a"), ("5A\nRate", "5a"), ("Overdue IEPs", "overdue"),
        ("5a LRE Rate: In Regular Class more than 80%", "5a"),
    ],
)  # fmt: skip
def test_sure_names(header, column):
    code, part = our_columns.WIDE[column]
    other = "5b" if code != "5b" else "5c"
    values = ("4,30", "5,40") if part else ("20.5,30", "40.1,40")
    beside = f",{code}_d" if part == 1 else f",{code}_n" if part == 2 else ""
    more = ("", "") if not part else (",40", ",50") if part == 1 else (",3", ",2")
    taken = read(f'"{header}",{other}{beside}', *(one + two for one, two in zip(values, more, strict=True)))
    assert code in taken.dataset.columns and not errors(taken) and not taken.dataset.unread.any()
    assert "column_unused" not in kinds(taken) and missing(taken, A, code) == Missing.PRESENT


@pytest.mark.parametrize(
    "header",
    ["5a all students", "5a LRE < 40%", "Chronic absenteeism (EL)", "Suspension rate (all students)",
    "Indicator 3b",
     "ELA proficiency all students", "5a prior year", "Graduation rate Hispanic", "LRE 5a or 5b",
     "Column 5a"],
)  # fmt: skip
def test_unsure_names_are_asked_and_settle_nothing_until_then(header):
    taken = read(f"{header},11", "20.5,100", "30.5,100")
    asked = question(taken, f"column:{header}")
    assert asked.open and asked.options[-1] == NOT_USED and len(asked.options) > 1
    assert taken.dataset.unread.all() and only(taken, "column_asked").found == header
    chosen = asked.options[0]
    code = our_columns.WIDE[chosen][0]
    told = read(f"{header},11", "20.5,100", "30.5,100", answers={asked.id: chosen})
    assert exact(told, A, code) == Fraction(41, 2) and not told.dataset.unread.any()
    assert not question(told, asked.id).open
    not_used = read(f"{header},11", "20.5,100", "30.5,100", answers={asked.id: NOT_USED})
    assert code not in not_used.dataset.columns and not not_used.dataset.unread.any()


@pytest.mark.parametrize("header", ["Comments", "5a comment", "shoe size", "Grade 8", "Phone", "IEP count"])
def test_other_columns_are_only_noted(header):
    values = ("fine,20", "good,30") if "omment" in header else ("12,20", "13,30")
    taken = read(f"{header},5a", *values)
    assert kinds(taken) == ["column_unused"] and not taken.dataset.unread.any()


def test_two_columns_with_one_meaning():
    taken = checked_files.read_path(CASES / "D1_duplicate_header.csv")
    assert only(taken, "columns_differ").found == "60.0 / 25.0" and missing(taken, A, "5a") == Missing.REFUSED
    assert taken.dataset.unread.all()
    for header in ("5a,Regular Class 80% or more", "5a %,5a (LRE >80%)", "Indicator 5a,5a"):
        taken = read(header, "60,25", "70,70.0")
        assert errors(taken) == ["columns_differ"] and missing(taken, A, "5a") == Missing.REFUSED
        assert exact(taken, B, "5a") == 70 and taken.dataset.unread.tolist() == [True, False]
    taken = read("5a,5a", "60,60", "70,")
    assert not errors(taken) and "columns_same" in kinds(taken) and exact(taken, B, "5a") == 70
    taken = read("5a_n,5a_d,5a_n", "10,40,11", "10,40,10")
    assert errors(taken) == ["columns_differ"] and missing(taken, A, "5a") == Missing.REFUSED
    assert exact(taken, B, "5a") == 25
    taken = read("5a,5a", "NC,60", "70,*")
    assert errors(taken) == ["columns_differ"] * 2


def test_two_columns_with_one_fact():
    taken = read("swd,Total SWD,5a", "300,310,50", "90,90,60")
    assert errors(taken) == ["columns_differ"] and taken.dataset.swd.tolist() == [-1, 90]


@pytest.mark.parametrize(
    ("columns", "values", "column"),
    [
        ("5a,5a_n,5a_d,4A,11_d", ("53.2,532,1000,40,40", "NC,,,12,12"), "4A"),
        ("5a,5a_n,5a_d,5a_n,11_d", ("53.2,532,1000,40,40", "NC,,,12,12"), "5a_n (2)"),
        ("5a,5a_n,5a_d,11_n,5c", ("53.2,532,1000,40,40", "NC,,,12,12"), "5c"),
        ("5b,5a_n,5a_d,11", ("53.2,532,1000,40", "20,10,50,12"), "5b"),
        ("5a,4A,5a_d", ("53.2,532,1000", "20,10,50"), "4A"),
    ],
)  # fmt: skip
def test_a_header_that_does_not_fit_its_neighbors(columns, values, column):
    taken = read(columns, *values)
    assert question(taken, f"column:{column}").open and taken.dataset.unread.all()
    assert "4a" not in taken.dataset.columns and "5c" not in taken.dataset.columns
    likely = question(taken, f"column:{column}").options[1]
    told = read(columns, *values, answers={f"column:{column}": likely})
    assert not told.dataset.unread.any() and not errors(told)


@pytest.mark.parametrize("column", ["11_n", "11_d", "11 (n)"])
def test_counts_without_a_partner(column):
    taken = read(f"5a,{column}", "50,40", "60,12")
    assert only(taken, "column_partner").found == column and taken.dataset.unread.all()


def test_neighbors_that_fit():
    for columns, values in (
        ("5a,5a_d,5b,5b_d", ("50,40,20,40", "60,50,30,50")),
        ("4b,5a_d,5a", ("0,40,50", "1,50,60")),
        ("5a_n,5b_n,5a_d,5b_d", ("10,11,40,40", "20,21,50,50")),
        ("5a,5a_n,5b,5b_d", ("50,20,20,40", "60,30,30,50")),
    ):
        taken = read(columns, *values)
        assert not taken.questions and not taken.dataset.unread.any(), columns


def test_targets_in_a_wide_table():
    taken = checked_files.read_path(CASES / "W1_wide_target_met.csv")
    printed = {one.indicator: (one.written, one.met) for one in taken.targets}
    assert printed == {"5a": (">58%", "no"), "5b": ("<15%", "no"), "11": ("100%", "yes")}
    assert exact(taken, A, "5a") == Fraction(539, 10)
    assert kinds(taken) == ["met_otherwise"] * 2
    assert [(one.indicator, one.found, one.severity) for one in taken.problems] == [
        ("5a", "no", Severity.WARNING), ("5b", "no", Severity.WARNING),
    ]  # fmt: skip
    assert "58" in taken.problems[0].sentence() and "53.2" in taken.problems[0].sentence()


def test_the_long_layout_says_the_same_of_targets():
    text = "lea_code,year,indicator,rate,target,target_met\n9900001,2023-24,5a,53.9,>58%,No\n"
    assert kinds(checked_files.take(text.encode(), "x.csv")) == ["met_otherwise"]
    assert kinds(checked_files.take(text.replace("No", "").encode(), "x.csv")) == []
    assert kinds(checked_files.take(text.replace(">58%,No", "≥53.2%,Yes").encode(), "x.csv")) == []


@pytest.mark.parametrize(
    "written", ["Indicator 5a", "5a - LRE", "SPP 5A", "Regular Class 80% or more", "5a %"]
)
def test_names_of_indicators_in_cells(written):
    text = f"lea_code,year,Indicator Name,Percent\n9900001,2023-24,{written},53.9\n"
    taken = checked_files.take(text.encode(), "x.csv")
    assert taken.layout == "long" and exact(taken, A, "5a") == Fraction(539, 10) and not errors(taken)


def test_names_that_are_unsure_settle_nothing():
    text = "lea_code,year,indicator,rate\n9900001,2023-24,5b,20\n9900001,2023-24,{},53.9\n"
    for written, unread in (("5a all students", True), ("bus rides", False)):
        taken = checked_files.take(text.format(written).encode(), "x.csv")
        assert errors(taken) == ["unknown_indicator"] and bool(taken.dataset.unread.any()) is unread


def test_a_report_that_names_indicators_without_numbers():
    report = intake.LAYOUTS[0].example.replace(
        "5a\tLRE Rate: In Regular Class more than 80%", "LRE\tRegular Class >80%"
    )
    taken = checked_files.take(report.encode(), "x.tsv")
    assert not errors(taken) and exact(taken, A, "5a") == Fraction(6657, 100)


def test_two_rate_columns_in_a_long_table():
    text = "lea_code,year,indicator,rate,Rate (%)\n9900001,2023-24,5a,50,60\n9900001,2023-24,5b,20,20.0\n"
    taken = checked_files.take(text.encode(), "x.csv")
    assert errors(taken) == ["columns_differ"] and missing(taken, A, "5a") == Missing.REFUSED
    assert exact(taken, A, "5b") == 20


@pytest.mark.parametrize(
    ("header", "meant"),
    [
        ("5a Target", "target"), ("Target 5a", "target"), ("5a_target", "target"), ("5a State Target",
        "target"),
        ("State Target: 5a", "target"), ("Indicator 5a Target (%)", "target"), ("LRE >80% Target", "target"),
        ("Regular Class 80% or more Target", "target"), ("5a Met", "met"), ("5a_met", "met"),
        ("5a Target Met?", "met"), ("Met Target 5a", "met"), ("5a Met (Y/N)", "met"), ("5a Met/Not Met",
        "met"),
    ],
)  # fmt: skip
def test_names_of_targets(header, meant):
    assert wide_targets.about(header) == ("5a", meant)


@pytest.mark.parametrize(
    "header", ["Target", "Met", "Transition goals", "Parent meeting", "ELA met standard"]
)
def test_what_is_no_target(header):
    assert wide_targets.about(header) is None


def test_met_against_its_own_target():
    taken = read("5a,5a Target,5a Met", "53.9,>50%,No", "53.9,>50%,Yes")
    assert only(taken, "met_differs").row == 2 and len(taken.targets) == 2


@pytest.mark.parametrize(
    ("header", "year", "rest"),
    [
        ("2022-23 5a", "2022-23", "5a"), ("5a 2022-23", "2022-23", "5a"), ("5a_2023_24", "2023-24", "5a"),
        ("5a (2023-24)", "2023-24", "5a"), ("5a_n 2023–24", "2023-24", "5a_n"), ("5a SY23-24", "2023-24",
        "5a"),
        ("ages 14-15", "", "ages 14-15"), ("LRE 40-79%", "", "LRE 40-79%"), ("5a", "", "5a"),
    ],
)  # fmt: skip
def test_years_in_headers(header, year, rest):
    assert header_years.split(header) == (year, rest)


@pytest.mark.parametrize(
    "columns",
    [
        "2022-23 5a,2023-24 5a",
        "5a 2022-23,5a 2023-24",
        "5a_2022_23,5a_2023_24",
        "5a (2022-23),5a % (2023-24)",
    ],
)
def test_years_across(columns):
    taken = read(
        f"{columns},swd", "50,60,300", "51,,301", head="lea_code,lea_name,", rows=(f"{A},A,", f"{B},B,")
    )
    assert taken.layout == "wide" and not errors(taken) and not taken.questions
    assert (exact(taken, A, "5a", "2022-23"), exact(taken, A, "5a")) == (50, 60)
    data = taken.dataset
    assert data.swd[data.row_of(A, "2023-24")] == 300 and data.swd[data.row_of(A, "2022-23")] == -1
    assert only(taken, "years_across").found == "2022-23, 2023-24"


def test_years_across_with_counts_targets_and_problems_in_their_places():
    columns = "5a_n 2022-23,5a_d 2022-23,5a_n 2023-24,5a_d 2023-24,5a Target 2023-24"
    taken = read(columns, "10,40,x,40,≥50%", "20,40,25,50,≥50%", head="lea_code,", rows=(f"{A},", f"{B},"))
    assert exact(taken, B, "5a") == 50 and exact(taken, A, "5a", "2022-23") == 25
    problem = only(taken, "bad_number")
    assert (problem.row, problem.column, problem.year) == (2, "5a_n 2023-24", "2023-24")
    assert {(one.year, one.indicator) for one in taken.targets} == {("2023-24", "5a")}


def test_a_year_in_a_header_beside_a_year_in_the_row():
    taken = read("5a,5a 2022-23", "50,40", "60,")
    assert (exact(taken, A, "5a"), exact(taken, A, "5a", "2022-23")) == (50, 40)
    assert taken.dataset.row_of(B, "2022-23") is None


def test_guesses_hold_for_all_headers_that_templates_use():
    for one in our_columns.WIDE:
        assert our_columns.column(one) is not None
        assert spellings.likely(one) or one.split("_")[0].isdecimal()


@pytest.mark.parametrize(
    ("header", "year", "rest"),
    [
        ("5a 2024", "2024", "5a"), ("2024 5a", "2024", "5a"), ("5a_2024", "2024", "5a"),
        ("5a (2024)", "2024", "5a"), ("5a SY24", "2024", "5a"), ("5a SY2324", "2023-24", "5a"),
        ("FFY 2023 Suspension", "2023-24", "Suspension"), ("Suspension Fall 2023", "2023-24", "Suspension"),
        ("School Year Ending 2024 5a", "2023-24", "5a"), ("5a June 2024", "2023-24", "5a"),
        ("5a Dec 1, 2023", "2023-24", "5a"), ("5a 6/30/2024", "", "5a 6/30/2024"),
        ("Ages 2024", "", "Ages 2024"), ("5a 2023 n 2024", "", "5a 2023 n 2024"),
        ("5a 20245", "", "5a 20245"), ("2024 %", "", "2024 %"), ("4a > 10 days", "", "4a > 10 days"),
    ],
)  # fmt: skip
def test_single_years_in_headers(header, year, rest):
    assert header_years.split(header) == (year, rest)


def single(columns: str, values: str, **answers):
    return checked_files.take(
        f"lea_code,lea_name,{columns}\n{A},A,{values}\n".encode(), "x.csv", answers=answers
    )


def test_a_single_year_in_headers_is_asked_once_and_read():
    taken = single("5a 2024,5a 2023,2024 Suspension", "50,51,4")
    assert set(errors(taken)) == {"year_which"} and not len(taken.dataset)
    assert "5a 2024" in taken.errors[0].column
    asked = question(taken, "year")
    assert asked.options == ("end", "start") and asked.open
    told = single("5a 2024,5a 2023,2024 Suspension", "50,51,4", year="end")
    assert not errors(told) and [exact(told, A, "5a", year) for year in ("2022-23", "2023-24")] == [51, 50]
    assert exact(told, A, "susp") == 4
    told = single("5a 2024,5a 2023", "50,51", year="start")
    assert [exact(told, A, "5a", year) for year in ("2023-24", "2024-25")] == [51, 50]


def test_a_single_year_in_a_header_beside_another_year():
    assert single("year,5a 2024", "2023-24,50", year="2023-24").dataset.year.tolist() == ["2023-24"]
    taken = single("2024 Suspension Rate,5b", "50,9", **{"year:2024": "2023-24", "year": "2022-23"})
    assert not errors(taken)
    assert exact(taken, A, "susp") == 50 and exact(taken, A, "5b", "2022-23") == 9
    one = single("2024 Suspension Rate,5b", "50,9", year="2022-23")
    assert errors(one) == ["year_which"] and question(one, "year:2024").open


def test_a_target_of_a_year_without_values_is_kept():
    taken = single("year,5a,5a Target 2024,5b Target 2025-26", "2023-24,50,51,9", year="2023-24")
    assert {(one.indicator, one.year) for one in taken.targets} == {("5a", "2023-24"), ("5b", "2025-26")}
    open_ = single("year,5a,5a Target 2024", "2023-24,50,51")
    assert not open_.targets and exact(open_, A, "5a") == 50 and errors(open_) == ["year_which"]


def test_one_row_that_is_about_a_year_twice_is_no_repeated_row():
    taken = single("year,5a 2023-24,5b", "2023-24,50,9")
    assert kinds(taken) == ["years_across"] and (exact(taken, A, "5a"), exact(taken, A, "5b")) == (50, 9)


def test_single_years_across():
    text = "Indicator,Alameda Unified 2023,Alameda Unified 2024\n5a,50,51\n5b,7,8\n"
    taken = checked_files.take(text.encode(), "x.csv")
    assert errors(taken) == ["year_which"] * 2 and not len(taken.dataset)
    told = checked_files.take(text.encode(), "x.csv", answers={"year": "end"})
    assert told.dataset.year.tolist() == ["2022-23", "2023-24"] and exact(told, "0161119", "5b") == 8
