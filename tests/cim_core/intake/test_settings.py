from __future__ import annotations

from fractions import Fraction

import pytest

from cim_core.data.dataset import Missing
from cim_core.intake.meanings.setting_names import Setting, setting
from cim_core.intake.problems import Severity
from cim_core.placing import checked_files
from tests.cim_core.intake.files import errors, kinds, missing, only, three

MEADOW, BROOK = "9900001", "9900002"
AGE = "Regular Class 80% or more,Regular Class 40% to 79%,Regular Class less than 40%,Separate School"
AGE += ",Residential Facility,Homebound/Hospital"
EARLY = (
    "Preschool regular program (services in program),Preschool regular program (services in other location)"
)
EARLY += (
    ",Preschool separate class,Preschool separate school,Preschool home,Preschool service provider location"
)


def read(header, *rows, who="LEA Code,LEA Name,School Year", name="report1613.csv"):
    lines = [f"{who},{header}", *(f"{code},,2023-24,{values}" for code, values in rows)]
    return checked_files.take("\n".join(lines).encode(), name)


def all_three(taken, lea=MEADOW, codes=("5a", "5b", "5c")):
    return [three(taken, lea, code)[1:] for code in codes]


def test_settings_are_added_up_and_it_is_said():
    taken = read(AGE + ",Total", (MEADOW, "560,200,210,20,2,8,1000"), (BROOK, "90,40,25,*,0,*,160"))
    assert taken.layout == "settings" and not errors(taken)
    assert all_three(taken) == [(560, 1000), (210, 1000), (30, 1000)]
    assert three(taken, MEADOW, "5a")[0] == Fraction(56)
    assert missing(taken, BROOK, "5c") == Missing.SUPPRESSED and three(taken, BROOK, "5a")[1:] == (90, 160)
    said = [one for one in taken.problems if one.kind == "settings_summed"]
    assert [one.found[:2] for one in said] == ["5a", "5b", "5c"]
    assert said[2].found == "5c = Separate School + Residential Facility + Homebound/Hospital"
    assert taken.dataset.origin_of(0, "5a").collection == "calpads"


def test_without_a_total_all_settings_are_the_denominator():
    header = AGE + ",Correctional Facility,Parentally Placed in Private School"
    taken = read(header, (MEADOW, "560,200,210,20,2,8,1,9"))
    assert all_three(taken) == [(560, 1010), (210, 1010), (30, 1010)] and not errors(taken)


def test_without_a_total_a_withheld_setting_withholds_the_denominator():
    taken = read(AGE, (MEADOW, "560,200,210,20,2,8"), (BROOK, "90,40,25,*,0,3"))
    assert all_three(taken)[0] == (560, 1000)
    assert {missing(taken, BROOK, code) for code in ("5a", "5b", "5c")} == {Missing.SUPPRESSED}


def test_a_blank_is_none_only_where_the_total_says_so():
    taken = read(AGE + ",Total", (MEADOW, "560,200,210,30,,,1000"), (BROOK, "90,40,25,,,,160"))
    assert all_three(taken) == [(560, 1000), (210, 1000), (30, 1000)]
    assert three(taken, BROOK, "5c")[0] is None and three(taken, BROOK, "5a")[1:] == (90, 160)
    assert only(taken, "settings_under_total").severity is Severity.WARNING


def test_more_students_in_settings_than_in_total_give_no_rate():
    taken = read(AGE + ",Total", (MEADOW, "560,200,210,20,2,8,900"))
    assert errors(taken) == ["settings_over_total"] and three(taken, MEADOW, "5a")[0] is None


def test_preschool_settings():
    taken = read(EARLY, (MEADOW, "60,20,15,3,2,5"))
    assert not errors(taken)
    assert all_three(taken, codes=("6a", "6b", "6c")) == [(60, 105), (18, 105), (2, 105)]


def test_both_ages_in_one_file_each_with_its_own_students():
    taken = read(f"{AGE},{EARLY}", (MEADOW, "560,200,210,20,2,8,60,20,15,3,2,5"))
    assert not errors(taken) and "settings_shared" not in kinds(taken)
    assert all_three(taken)[2] == (30, 1000) and all_three(taken, codes=("6b",)) == [(18, 105)]


def test_a_separate_school_without_an_age_where_both_are_counted_is_said():
    header = f"{AGE},Early childhood program 10+ hours,Separate class,Home"
    taken = read(header, (MEADOW, "560,200,210,20,2,8,60,15,2"))
    assert only(taken, "settings_shared").severity is Severity.WARNING
    assert all_three(taken)[2] == (30, 1000) and all_three(taken, codes=("6a", "6b")) == [(60, 77), (15, 77)]


def test_settings_of_a_preschool_file_need_not_say_preschool():
    header = "Regular Early Childhood Program 10+ hours: majority of services in program"
    header += ",Regular Early Childhood Program <10 hours: majority of services in program"
    header += ",Regular Early Childhood Program: services in other location"
    header += ",Separate Class,Separate School,Residential Facility,Home,Service Provider Location"
    taken = read(header, (MEADOW, "40,20,20,15,2,1,2,5"))
    assert all_three(taken, codes=("6a", "6b", "6c")) == [(60, 105), (18, 105), (2, 105)]


@pytest.mark.parametrize("turned", [False, True])
def test_one_row_for_each_setting(turned):
    names = [*AGE.split(","), "Total"]
    rows = [
        (lea, f"{name},{n}")
        for lea, numbers in ((MEADOW, (560, 200, 210, 20, 2, 8, 1000)), (BROOK, (90, 40, 25, 5, 0, 0, 160)))
        for name, n in zip(names, numbers, strict=True)
    ]
    taken = read("Federal Setting,Count", *(rows[::-1] if turned else rows))
    assert taken.layout == "settings" and not errors(taken) and len(taken.dataset) == 2
    assert all_three(taken) == [(560, 1000), (210, 1000), (30, 1000)]
    assert all_three(taken, BROOK) == [(90, 160), (25, 160), (5, 160)]


def test_a_setting_in_two_rows_or_unknown_is_a_problem():
    rows = [(MEADOW, f"{name},10") for name in AGE.split(",")]
    taken = read("Setting,Students", *rows, (MEADOW, "Separate School,7"), (MEADOW, "Somewhere,7"))
    assert errors(taken) == ["settings_twice"] and only(taken, "settings_unknown").found == "Somewhere"
    assert not taken.dataset.value[~(taken.dataset.missing > 0)].size


def test_rows_of_single_disabilities_are_set_aside():
    header = "Primary Disability," + AGE
    rows = [(MEADOW, "Autism,60,20,21,2,0,1"), (MEADOW, "Total,560,200,210,20,2,8")]
    taken = read(header, *rows)
    assert all_three(taken)[0] == (560, 1000) and only(taken, "settings_rows").found == "Autism (1)"
    assert "settings_no_total" in errors(read(header, rows[0]))


@pytest.mark.parametrize(
    "text",
    [
        "lea_code,year,Regular Class 80% or more,Regular Class 40-79%,Regular Class < 40%,Separate School\n"
        "9900001,2023-24,56.0,20.0,21.0,3.0\n",
        "lea_code,year,Regular Class 80% or more,Regular Class 40-79%,Regular Class < 40%,Separate School\n"
        "9900001,2023-24,56,20,21,3\n9900002,2023-24,60,20,17,3\n",
        "lea_code,year,Regular Class 80% or more,Regular Class < 40%\n9900001,2023-24,20,40\n",
    ],
)
def test_percents_are_no_counts(text):
    assert checked_files.take(text.encode(), "x.csv").layout != "settings"


@pytest.mark.parametrize("damaged", ["many", "5%", "1e3", "-3", "9" * 40, "=1+1", "3.5"])
@pytest.mark.parametrize("at", range(7))
def test_damaged_counts_are_never_added(damaged, at):
    values = ["560", "200", "210", "20", "2", "8", "1000"]
    values[at] = damaged
    taken = read(AGE + ",Total", (MEADOW, ",".join(values)), (BROOK, "90,40,25,5,0,0,160"))
    if at in (0, 6) and taken.layout == "settings":
        assert three(taken, MEADOW, "5a")[0] is None


@pytest.mark.parametrize(
    ("written", "means"),
    [
        ("Inside regular class 80% or more of the day", Setting.REGULAR_80),
        ("Inside regular class 40% through 79% of the day", Setting.REGULAR_40_79),
        ("Regular Class/Public Day School <40%", Setting.REGULAR_UNDER_40),
        ("Home/Hospital", Setting.HOME_HOSPITAL),
        ("Home", Setting.EARLY_HOME),
        ("Juvenile correctional facility", Setting.CORRECTIONAL),
        ("% in separate schools", None),
        ("Regular class 80% or more (%)", None),
        ("Total SWD", Setting.TOTAL),
        ("District Name", None),
    ],
)
def test_names_of_settings(written, means):
    assert setting(written) is means
