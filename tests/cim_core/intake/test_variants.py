"""Further spellings and shapes of what files hold: each is read as meant, or named, and never guessed."""

from __future__ import annotations

import pytest

from cim_core.data.indicators import POSITION
from cim_core.intake.problems import Severity
from cim_core.placing import checked_files

HEAD = "lea_code,lea_name,year"
WHO = "9900001,Meadow Unified,2023-24"


def read(text, **answers):
    return checked_files.take(text.encode(), "variant.csv", answers=answers)


def kinds(taken):
    return [one.kind for one in taken.problems]


def values(taken, row=0):
    data = taken.dataset
    return {code: float(data.value[row, at]) for code, at in POSITION.items() if data.missing[row, at] == 0}


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("5A%", "5a"), ("SPP 5a", "5a"), ("5a. Regular class 80%+", "5a"), ("LRE >= 80%", "5a"),
        ("% in regular class 80% or more", "5a"), ("11 (timely evaluations)", "11"), ("5(a)", "5a"),
        ("3a ELA participation rate", "3a_ela"), ("7a(1)", "7A1"), ("14A Higher Ed", "14a"),
        ("11 Eligibility Evaluation", "11"),
    ],
)  # fmt: skip
def test_headers(header, code):
    assert values(read(f"{HEAD},swd,{header}\n{WHO},300,20\n")) == {code: 20.0}


@pytest.mark.parametrize(
    "head", ["Subgroup", "Student Subgroup", "ReportingCategory", "STUDENT GROUP ", "Category"]
)
@pytest.mark.parametrize(
    "swd",
    ["SpEd", "Students w/ Disabilities", "SWD (IEP)", "students with disabilities ", "Special Education"],
)
def test_columns_of_groups(head, swd):
    rows = "".join(
        f"{WHO},{group},{rate}\n" for group, rate in [("All Students", 61), ("EL", 41), (swd, 55.5)]
    )
    assert values(read(f"{HEAD},{head},5a\n{rows}")) == {"5a": 55.5}


def test_a_column_that_told_whose_rows_they_are_counts_nobody():
    taken = read(f"{HEAD},swd,5a\n{WHO},No,41\n{WHO},Yes,55.5\n")
    assert values(taken) == {"5a": 55.5} and kinds(taken) == ["rows_group"]
    taken = read(f"{HEAD},swd,Subgroup,5a\n{WHO},1,SWD,60\n{WHO},0,ALL,70\n")
    assert values(taken) == {"5a": 60} and taken.dataset.swd.tolist() == [-1]


def test_of_two_rows_for_one_lea_and_year_nothing_that_differs_is_used():
    taken = read(f"{HEAD},swd,5a,5b,11\n{WHO},300,40,10,100\n{WHO},500,70,10,\n")
    assert values(taken) == {"5b": 10.0, "11": 100.0} and taken.dataset.swd.tolist() == [-1]
    (problem,) = taken.errors
    assert (problem.kind, problem.row, problem.values["first"]) == ("lea_twice", 3, "2")
    assert "differs in: swd and 5a" in problem.expected() and taken.dataset.unread.tolist() == [True]
    backwards = read(f"{HEAD},swd,5a,5b,11\n{WHO},500,70,10,\n{WHO},300,40,10,100\n")
    assert values(backwards) == values(taken)


def test_a_row_that_is_there_twice_is_read_once():
    taken = read(f"{HEAD},5a\n{WHO},40\n{WHO},40\n")
    assert values(taken) == {"5a": 40.0} and not taken.errors and kinds(taken) == ["lea_repeated"]


@pytest.mark.parametrize(
    "written", ["pending", "FERPA", "~", "0 students", "n/r", "＜11", "Less than 11 students"]
)
def test_further_reasons_are_no_errors(written):
    taken = read(f"{HEAD},indicator,rate\n{WHO},5a,{written}\n{WHO.replace('1,M', '2,M')},5a,50\n")
    assert not taken.errors and len(taken.dataset) == 2 and values(taken) == {}


@pytest.mark.parametrize("written", ["SY2324", "FY 2023-24", "2023–2024", "AY2023-24", "2324", "2023-24*"])
def test_years(written):
    assert read(f"{HEAD},5a\n9900001,Meadow Unified,{written},60\n").dataset.year.tolist() == ["2023-24"]


@pytest.mark.parametrize(
    "lines",
    [
        ["Name,DOB,School", "Ana Ortiz,1/2/2012,Oak", "Tom Bell,3/4/2011,Elm"],
        ["Student,Gr,Elig,Minutes", "Ortiz Ana,3,SLD,300", "Bell Tom,4,AUT,200"],
        ["Full Name,Grade Level,Program", "Ana Ortiz,03,RSP", "Tom Bell,04,SDC", "Kim Pat,05,RSP"],
    ],
)
def test_a_list_of_persons_far_below_a_table_is_refused(lines):
    leas = "".join(f"99{at:05d},Meadow {at} Unified,2023-24,60\n" for at in range(1, 300))
    taken = read(f"{HEAD},5a\n{leas}\n" + "\n".join(lines) + "\n")
    assert kinds(taken) == ["students"] and not len(taken.dataset)
    assert not any(name in one.sentence() for one in taken.problems for name in ("Ortiz", "Bell", "Pat"))


REPORT = """\
2023-24 Annual Performance Report
Agency: Alameda Unified
No.\tIndicator\tRate\tTarget\tTarget Met?
5a\tLRE Rate: In Regular Class more than 80%\t66.57%\t≥51.2%\tYes
"""


def test_a_printed_report_without_a_code_is_read_by_its_name():
    taken = read(REPORT)
    assert taken.dataset.lea_code.tolist() == ["0161119"] and values(taken) == {"5a": 66.57}
    assert "names_matched" in kinds(taken)
    unknown = read(REPORT.replace("Alameda", "Meadow"))
    assert len(unknown.dataset) == 1 and "names_local" in kinds(unknown)


def test_a_dashboard_file_whose_codes_were_removed_is_read_by_names():
    text = (
        "rtype\tdistrictname\tstudentgroup\tcurrnumer\tcurrdenom\tcurrstatus\treportingyear\n"
        "D\tAlameda Unified\tSWD\t300\t1200\t25.0\t2024\nD\tAlameda Unified\tALL\t1\t9\t11.1\t2024\n"
    )
    taken = checked_files.take(text.encode(), "chronic_2024.txt")
    assert taken.dataset.lea_code.tolist() == ["0161119"] and values(taken) == {"chronic": 25.0}


def test_names_of_a_list_that_may_be_of_persons_are_never_those_of_leas():
    taken = read("District,Year,Grade,5a\nAna Ortiz,2023-24,3,40\nTom Bell,2023-24,4,50\n")
    assert not len(taken.dataset) and not taken.questions
    assert not any("Ortiz" in one.sentence() for one in taken.problems)


def test_indicators_by_years_without_an_lea_are_told_what_is_missing():
    table = "Indicator,2022-23,2023-24\n5a,60,61\n5b,20,21\n11,100,99\n"
    assert kinds(read(table)) == ["unknown_layout", "lea_missing"]
    assert len(read(f"LEA: Meadow Unified (9900001),,\n{table}").dataset) == 2
    assert "lea_missing" not in kinds(read("Dept,Number,Fifth\nx,1,2\n"))


def test_a_charter_school_with_its_districts_code_never_takes_the_districts_place():
    rows = f"{WHO},Beta Charter,Y,90\n{WHO},,,60\n{WHO},Alpha Elementary,N,30\n"
    taken = read(f"{HEAD},school_name,charter,5a\n{rows}")
    assert values(taken) == {"5a": 60.0} and "schools_aside" in kinds(taken)


def test_what_leaves_ratios_open_is_said_by_row():
    head = "LEA Code,LEA Name,School Year,Area,Race/Ethnicity,Risk Ratio,Status\n"
    row = "9900001,Meadow Unified,2023-24,{},{},3.4,{}\n"
    for area, group, status, kind in [
        ("1_0", "Black", "Disproportionate", "ratio_unknown"),
        ("Autism", "Purple", "Disproportionate", "ratio_unknown"),
        ("Autism", "Black", "NC", "ratio_open"),
    ]:
        taken = read(head + row.format(area, group, status))
        (problem,) = (one for one in taken.problems if one.kind == kind)
        assert problem.row == 2 and problem.severity is not Severity.ERROR
