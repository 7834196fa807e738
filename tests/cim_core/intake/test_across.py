"""Tables that lie on their side: indicators down, LEAs or school years across."""

from __future__ import annotations

from fractions import Fraction

import pytest

from cim_core.data.dataset import Missing
from cim_core.placing import checked_files
from tests.cim_core.intake.files import errors, kinds, missing, only, question, three

A, B = "9900001", "9900002"


def read(text: str, **answers: str):
    return checked_files.take(text.encode(), "x.csv", answers=answers)


@pytest.mark.parametrize(
    "head",
    ["Indicator,Meadow Unified (9900001),Brook Elementary (9900002)", "Indicator,9900001,9900002",
     "lea_code,9900001,9900002", ",Meadow Unified 99-00001,Brook Elementary 99-00002",
     "Measure,Meadow Unified - 99000010000000,99000020000000",
     ",Meadow Unified,Brook Elementary\nCDS Code,9900001,9900002"],
)  # fmt: skip
def test_leas_across(head):
    text = f"Year 2023-24\n{head}\nswd,640,180\n5a,53.2,NC\n5a_n,532,\n5a_d,1000,\n5b (LRE <40%),20,<11\n"
    taken = read(text)
    assert taken.layout == "across" and not errors(taken) and len(taken.dataset) == 2
    assert three(taken, A, "5a") == (Fraction(266, 5), 532, 1000) and three(taken, A, "5b")[0] == 20
    assert missing(taken, B, "5a") == Missing.NOT_CALCULATED and missing(taken, B, "5b") == Missing.SUPPRESSED
    assert sorted(taken.dataset.swd.tolist()) == [180, 640] and "table_across" in kinds(taken)


def test_the_year_is_asked_or_stands_in_a_column_a_row_or_the_heads():
    body = "5a,50,60\n5b,20,21\n"
    taken = read(f"Indicator,{A},{B}\n{body}")
    assert question(taken, "year").open and not len(taken.dataset)
    assert three(read(f"Indicator,{A},{B}\n{body}", year="2023-24"), B, "5a")[0] == 60
    taken = read(f"Indicator,Year,{A},{B}\n5a,2022-23,50,60\n5a,2023-24,51,61\n")
    assert three(taken, A, "5a", "2022-23")[0] == 50 and three(taken, B, "5a")[0] == 61
    assert three(read(f"Indicator,{A},{B}\nyear,2023-24,2023-24\n{body}"), A, "5a")[0] == 50
    taken = read(f"Indicator,{A} 2022-23,{A} 2023-24\n{body}")
    assert (three(taken, A, "5a", "2022-23")[0], three(taken, A, "5a")[0]) == (50, 60)
    taken = read(f"Indicator,{A}\n5a 2022-23,50\n5a 2023-24,60\n")
    assert (three(taken, A, "5a", "2022-23")[0], three(taken, A, "5a")[0]) == (50, 60)


def test_years_across():
    head = f"Agency: Meadow Unified ({A})\nIndicator,2022-23,2023-24\n"
    taken = read(head + "5a,50,60\nSuspension Rate,3,2\nswd,300,310\n")
    assert not errors(taken) and taken.dataset.swd.tolist() == [300, 310]
    assert three(taken, A, "5a", "2022-23")[0] == 50 and three(taken, A, "susp")[0] == 2
    several = f"lea_code,lea_name,indicator,2022-23,2023-24\n{A},M,5a,50,60\n{A},M,11,99,100\n{B},B,5a,40,\n"
    taken = read(several)
    assert not errors(taken) and three(taken, B, "5a", "2022-23")[0] == 40 and three(taken, A, "11")[0] == 100
    parts = f"lea_code,indicator,2022-23 n,2022-23 d,2023-24 n,2023-24 d\n{A},5a,10,40,20,40\n"
    taken = read(parts)
    assert three(taken, A, "5a", "2022-23") == (25, 10, 40) and three(taken, A, "5a") == (50, 20, 40)


def test_problems_name_their_own_row_and_column():
    taken = read(
        f"2023-24\nIndicator,Meadow ({A}),Brook ({B})\n5a,50,x\nbus rides,1,2\n"
        "5a all students,3,4\n5b,20,30\n"
    )
    bad = only(taken, "bad_number")
    assert (bad.row, bad.column, bad.lea_code) == (3, f"Brook ({B})", B)
    assert only(taken, "label_unused").row == 4 and only(taken, "unknown_indicator").row == 5
    assert taken.dataset.unread.all()
    taken = read(f"2023-24\nIndicator,{A}\n5a,50\nRegular Class 80% or more,60\n")
    assert errors(taken) == ["cell_twice"] and missing(taken, A, "5a") == Missing.REFUSED


def test_targets_beside_the_indicators():
    taken = read(f"2023-24\nIndicator,Target,{A},{B}\n5a,≥58%,50,60\n11,100%,100,99\n")
    assert {(one.indicator, one.year, one.written) for one in taken.targets} == {
        ("5a", "2023-24", "≥58%"), ("11", "2023-24", "100%"),
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["Rank,Meadow Unified,Brook Elementary\n1,2,3\n2,3,4\n", "Indicator,2022-23,2023-24\n5a,50,60\n",
     "Indicator,Rate,Target\n5a,50,60\n5b,20,21\n", f"Code,1,2\n{A},50,60\n",
     "Grade,Oak High,Elm High\n9,100,120\n10,90,80\n"],
)  # fmt: skip
def test_what_does_not_lie_on_its_side(text):
    assert read(text).layout != "across"


def test_places_across_are_names_without_codes():
    text = "Indicator,Target,Alameda,Jefferson,Santee,Oakland 2022-23,Notes\n"
    text += "5a,50,51,52,53,54,hi\n5b,7,8,9,10,11,\n"
    taken = read(text, year="2023-24")
    assert taken.layout == "across" and errors(taken) == ["name_asked"] * 3
    assert taken.dataset.lea_code.tolist() == ["3768361"] and only(taken, "column_unused").found == "Notes"
    told = read(text, year="2023-24", lea="likeliest",
        **{"lea:Jefferson": "4168916", "lea:Alameda": "0161119"})  # fmt: skip
    assert not errors(told) and three(told, "4168916", "5a")[0] == 52
    assert three(told, "0161119", "5b")[0] == 8 and three(told, "0161259", "5a", "2022-23")[0] == 54


def test_a_place_beside_a_whole_name_is_no_unused_column():
    taken = read("Indicator,Alameda Unified,Berkeley\n5a,50,51\n5b,7,8\n", year="2023-24")
    assert taken.dataset.lea_code.tolist() == ["0161119"] and errors(taken) == ["name_asked"]


@pytest.mark.parametrize("head", ["Rate,Prior,Change", "Fall,Spring,Winters", "State,Region,Statewide",
    "Ana Ortiz,Tom Bell,Kim Pat"])  # fmt: skip
def test_heads_that_are_mostly_no_places_are_no_leas(head):
    assert not read(f"Indicator,{head}\n5a,50,51,52\n5b,7,8,9\n", year="2023-24").layout
