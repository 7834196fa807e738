"""What CDE's letter says, by column in any layout: kept in its own words, or said to be unreadable."""

from __future__ import annotations

import pytest

from cim_core.intake.meanings import dates
from tests.cim_core.intake.test_intake import read

HEAD = "lea_code,lea_name,selpa,year"
OAK, ELM = "9900001,Oak,S,2024-25", "9900002,Elm,S,2024-25"


def errors(taken) -> list[str]:
    return [problem.kind for problem in taken.errors]


def facts(taken, code="9900001"):
    data = taken.dataset
    row = data.row_of(code, "2024-25")
    names = ("cde_placement", "cde_reasons", "letter_date", "monitoring_year")
    return [str(getattr(data, name)[row]) for name in names]


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD},5a,cde_placement,cde_reasons,letter_date,monitoring_year\n"
        f'{OAK},50,T-2,"missed 5a, 5b",6/30/2026,2026-27\n',
        f"{HEAD},indicator,rate,CDE Tier,Reason for selection,Date of letter,Monitoring year\n"
        f'{OAK},5a,50,T-2,"missed 5a, 5b","June 30, 2026",2026-2027\n',
        f"{HEAD},CIM tier,Letter reasons,Letter date,CIM year\n"
        f'{OAK},T-2,"missed 5a, 5b",2026-06-30,2026-27\n',
    ],
    ids=["wide", "long", "letters alone"],
)
def test_by_column_in_the_letter_s_own_words(text):
    taken = read(text)
    assert not errors(taken)
    assert facts(taken) == ["T-2", "missed 5a, 5b", "2026-06-30", "2026-27"]


def test_words_that_name_no_placement_are_kept_and_said():
    taken = read(f"{HEAD},5a,cde_placement\n{OAK},50,Targeted Level 5\n{ELM},50,Universal\n")
    assert errors(taken) == ["bad_cde_placement"]
    problem = taken.errors[0]
    assert (problem.row, problem.column, problem.found) == (2, "cde_placement", "Targeted Level 5")
    assert facts(taken)[0] == "Targeted Level 5" and facts(taken, "9900002")[0] == "Universal"


def test_a_letter_of_an_lea_without_data_is_said_and_kept():
    taken = read(f"{HEAD},5a,cde_placement\n{OAK},50,T2\n{ELM},,Universal\n")
    found = [problem for problem in taken.problems if problem.kind == "letter_alone"]
    assert [(problem.row, problem.found) for problem in found] == [(3, "Universal")]
    assert facts(taken, "9900002")[0] == "Universal"


def test_two_letters_for_one_year_that_differ_count_neither_and_are_said():
    taken = read(f"{HEAD},indicator,rate,cde_placement\n{OAK},5a,50,T2\n{OAK},5b,20,Intensive\n")
    assert errors(taken) == ["facts_differ"] and facts(taken)[0] == ""


def test_two_spellings_of_one_placement_are_no_contradiction():
    taken = read(f"{HEAD},indicator,rate,cde_placement\n{OAK},5a,50,T2\n{OAK},5b,20,Targeted Level 2\n")
    assert not errors(taken) and facts(taken)[0] == "T2"


@pytest.mark.parametrize("column", ["letter_date", "monitoring_year"])
def test_dates_that_are_none_are_kept_and_said(column):
    taken = read(f"{HEAD},5a,cde_placement,{column}\n{OAK},50,T2,soon\n")
    assert errors(taken) == [f"bad_{column.replace('letter_', '')}"]
    assert "soon" in facts(taken)


def test_a_year_in_progress_with_a_wrong_date_is_none():
    taken = read(f"{HEAD},5a,as_of\n{OAK},50,soon\n{ELM},50,11/15/2026\n")
    assert errors(taken) == ["bad_date"]
    assert taken.dataset.as_of.tolist() == ["", "2026-11-15"]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-06-30", "2026-06-30"), ("6/30/26", "2026-06-30"), ("June 30, 2026", "2026-06-30"),
        ("30 June 2026", "2026-06-30"), ("Sept 3rd, 2026", "2026-09-03"),
        ("2026-06-30T00:00:00", "2026-06-30"), ("13/13/2026", ""), ("6/30/1026", ""),
        ("", ""), ("x" * 500, ""),
    ],
)  # fmt: skip
def test_days(written, day):
    assert dates.date(written) == day


@pytest.mark.parametrize(
    ("written", "year"),
    [
        ("2026-27", "2026-27"),
        ("2026-2027", "2026-27"),
        ("2023", "2023"),
        ("2023.0", "2023"),
        ("23", ""),
        ("soon", ""),
    ],
)
def test_monitoring_years(written, year):
    assert dates.monitoring_year(written) == year
