"""Two columns with one meaning: they count where they agree, and are named with row and column where not."""

from __future__ import annotations

import pytest

from cim_core.intake.problems import Severity
from cim_core.placing import checked_files
from tests.cim_core.intake.files import errors, kinds, only, three

A, B = "9900001,Meadow Unified,2023-24", "9900003,Sand Unified,2023-24"
HEAD = "lea_code,lea_name,year"


def read(text, **answers):
    return checked_files.take(text.encode(), "twins.csv", answers=answers)


@pytest.mark.parametrize(
    ("second", "same", "other"),
    [
        ("District Code", "9900003", "9900002"), ("CDS", "99000030000000", "99000020000000"),
        ("Agency Code", "3", "99999"), ("CD Code", "99-00003", "99-00004"),
        ("School Year", "SY 2023-24", "2022-23"), ("FFY", "2023", "2024"),
        ("Academic Year", "2024", "2022"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("shape", ["wide", "long"])
def test_of_two_codes_or_years_that_differ_neither_is_used(second, same, other, shape):
    columns, value = ("5a", "50") if shape == "wide" else ("indicator,rate", "5a,50")
    taken = read(f"{HEAD},{second},{columns}\n{A},{other},{value}\n{B},{same},{value}\n")
    assert taken.dataset.lea_code.tolist()[0].startswith("9900003") and len(taken.dataset) == 1
    problem = only(taken, "identity_differs")
    first = "year" if second.endswith(("Year", "FFY")) else "lea_code"
    assert (problem.row, problem.column) == (2, f"{first} / {second}") and other in problem.found
    assert problem.severity is Severity.ERROR and errors(taken) == ["identity_differs"]


def test_rows_with_the_same_two_values_are_one_finding():
    taken = read(f"{HEAD},School Year,5a\n{A},2022-23,50\n{B},2022-23,50\n")
    assert (only(taken, "identity_differs").row, only(taken, "identity_differs").also) == (2, (3,))
    assert not len(taken.dataset)


def test_columns_that_agree_are_named_once_and_the_more_exact_is_used():
    taken = read(f"{HEAD},CDS,5a\n{A},99000010000000,50\n{B},,50\n")
    assert kinds(taken) == ["columns_same"]
    assert taken.dataset.lea_code.tolist() == ["99000010000000", "9900003"]


def test_a_column_whose_values_are_no_codes_is_not_one_of_two():
    taken = read("Code,CDS,lea_name,year,5a\nR1,99000010000000,A,2023-24,50\n")
    assert three(taken, "99000010000000", "5a")[0] == 50 and only(taken, "column_unused").found == "Code"


def test_two_names_that_differ_leave_the_lea_nameless():
    taken = read(f"{HEAD},District,5a\n{A},Brook Unified,50\n{B},Sand USD,50\n")
    assert taken.dataset.lea_name.tolist() == ["9900001", "Sand Unified"] and not taken.errors
    assert only(taken, "names_differ").found == "Meadow Unified / Brook Unified"


def test_without_a_code_two_names_that_differ_are_nobody():
    taken = read("District,LEA,year,5a\nAlameda Unified,Berkeley Unified,2023-24,50\n"
        "Oakland Unified,Oakland USD,2023-24,51\n")  # fmt: skip
    assert taken.dataset.lea_code.tolist() == ["0161259"]
    assert only(taken, "identity_differs").column == "District / LEA"


@pytest.mark.parametrize("shape", ["wide", "long"])
def test_of_two_targets_that_differ_neither_is_used(shape):
    head = "5a,5a Target,State Target 5a" if shape == "wide" else "indicator,rate,target,State Target"
    value = "50" if shape == "wide" else "5a,50"
    taken = read(f"{HEAD},{head}\n{A},{value},51,52\n{B},{value},51,≥51.0\n")
    assert [(one.lea_code, one.comparator and one.comparator.value) for one in taken.targets] == [
        ("9900003", taken.targets[0].comparator.value if taken.targets[0].comparator else None)
    ]
    assert errors(taken) == ["columns_differ"] and only(taken, "columns_differ").row == 2
    assert three(taken, "9900001", "5a")[0] == 50


@pytest.mark.parametrize("shape", ["wide", "long"])
def test_of_two_results_that_differ_neither_is_checked(shape):
    head = (
        "5a,5a Target,5a Met,5a Met Y/N" if shape == "wide" else "indicator,rate,target,target_met,target met"
    )
    value = "50" if shape == "wide" else "5a,50"
    taken = read(f"{HEAD},{head}\n{A},{value},60,Yes,No\n{B},{value},60,No,n\n")
    assert [one.met for one in taken.targets] == ["", "no"] and only(taken, "columns_differ").row == 2


def test_two_indicators_in_one_long_row_are_neither():
    taken = read(f"{HEAD},indicator,SPP indicator,rate\n{A},5a,5b,50\n{B},5a,5a - LRE,51\n")
    assert only(taken, "columns_differ").found == "5a / 5b" and three(taken, "9900003", "5a")[0] == 51
    assert taken.dataset.missing[0].tolist().count(0) == 0 and taken.dataset.unread.tolist() == [True, False]


@pytest.mark.parametrize("target", ["Target", "State Target", "Goal"])
@pytest.mark.parametrize("met", ["Met", "Met?", "Target Met (Y/N)"])
def test_targets_without_an_indicator_are_those_of_the_only_one(target, met):
    taken = read(f"{HEAD},5a,5a_n,5a_d,{target},{met}\n{A},50,5,10,≥40,No\n{B},50,5,10,≥40,Yes\n")
    assert [(one.indicator, one.year, one.met) for one in taken.targets] == [
        ("5a", "2023-24", "no"), ("5a", "2023-24", "yes"),
    ]  # fmt: skip
    assert only(taken, "met_differs").row == 2
    assert [one.found for one in taken.problems if one.kind == "target_of"] == [target, met]


@pytest.mark.parametrize("columns", ["5a,5b", "5a 2022-23,5a 2023-24", "5a,5b regular"])
def test_targets_of_which_nobody_knows_the_indicator_are_not_used(columns):
    taken = read(f"{HEAD},{columns},Target,Met\n{A},50,10,40,No\n")
    assert not taken.targets and {"Target", "Met"} <= {
        one.found for one in taken.problems if one.kind == "column_unused"
    }


def test_a_result_without_a_target_is_said_to_be_unused():
    assert only(read(f"{HEAD},5a,5a Met\n{A},50,Yes\n"), "column_unused").found == "5a Met"


def test_the_year_of_an_only_target_is_that_of_its_values():
    taken = read("lea_code,lea_name,5a 2023-24,Target\n9900001,A,50,40\n")
    assert [(one.indicator, one.year) for one in taken.targets] == [("5a", "2023-24")]
