"""Several files, and several tables in one: what agrees is joined, what contradicts is said, once."""

from __future__ import annotations

from itertools import permutations

import pytest

from cim_core.data.dataset import Missing
from cim_core.data.indicators import POSITION
from cim_core.intake import Upload
from cim_core.intake.problems import Severity
from cim_core.placing import checked_files

HEAD = "lea_code,year,"


def both(*texts: str):
    return checked_files.read_all([Upload(f"{at}.csv", text.encode()) for at, text in enumerate(texts)])


def cell(taken, code: str = "5a"):
    data = taken.dataset
    at = POSITION[code]
    exact = data.exact(0, code)
    return exact, int(data.numerator[0, at]), int(data.denominator[0, at]), Missing(int(data.missing[0, at]))


ROW = "9900001,2023-24,"
FULL, RATE = f"{HEAD}5a,5a_n,5a_d\n{ROW}53.2,532,1000\n", f"{HEAD}5a\n{ROW}53.2\n"
BAD, OTHER, REASON = f"{HEAD}5a\n{ROW}abc\n", f"{HEAD}5a\n{ROW}60\n", f"{HEAD}5a\n{ROW}NA\n"
TOP, BOTTOM = f"{HEAD}5a_n\n{ROW}532\n", f"{HEAD}5a_d\n{ROW}1000\n"


@pytest.mark.parametrize("texts", list(permutations((FULL, RATE, REASON, BAD))))
def test_values_that_agree_are_joined_in_any_order(texts):
    taken = both(*texts)
    assert cell(taken)[:3] == (pytest.approx(53.2), 532, 1000)
    assert "cell_twice" not in [one.kind for one in taken.problems]


@pytest.mark.parametrize("texts", list(permutations((FULL, OTHER, RATE))))
def test_values_that_contradict_are_refused_and_said_once(texts):
    taken = both(*texts)
    assert cell(taken)[0] is None and cell(taken)[3] is Missing.REFUSED
    assert [one.severity for one in taken.problems if one.kind == "cell_twice"] == [Severity.ERROR]


@pytest.mark.parametrize("texts", list(permutations((TOP, BOTTOM))))
def test_a_numerator_in_one_file_joins_a_denominator_in_the_other(texts):
    assert cell(both(*texts))[:3] == (pytest.approx(53.2), 532, 1000)


def test_both_values_and_both_sources_are_named():
    head = "lea_code,year,indicator,rate,source\n"
    taken = both(f"{head}{ROW}susp,3.9,DataQuest\n", f"{head}{ROW}susp,11.4,Dashboard\n")
    found = next(one for one in taken.problems if one.kind == "cell_twice").shown()
    assert "3.9 (DataQuest)" in found and "11.4 (" in found and "Dashboard" in found


def test_the_same_bytes_twice_change_nothing():
    assert cell(both(FULL, FULL)) == cell(both(FULL)) and not both(FULL, FULL).errors


@pytest.mark.parametrize("own_first", [True, False])
def test_enrollment_yields_to_a_stated_number_of_students(own_first):
    own = f"{HEAD}swd,5b\n99000010000000,2023-24,640,20\n"
    state = "cds,district,school_year,susp_value,susp_n,susp_den\n99000010000000,Meadow,2023-24,,40,700\n"
    taken = both(*((own, state) if own_first else (state, own)))
    assert taken.dataset.swd.tolist() == [640] and not taken.errors


def test_two_stated_numbers_of_students_are_a_conflict():
    taken = both(f"{HEAD}swd,5a\n{ROW}640,50\n", f"{HEAD}swd,5b\n{ROW}641,20\n")
    assert "facts_differ" in [one.kind for one in taken.errors] and taken.dataset.swd.tolist() == [-1]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Total,,2023-24,50\n", "total_row"), ("9900009,Total,2023-24,50\n", "total_row"),
        ("1912,Long Beach SELPA,2023-24,50\n", "selpa_row"), ("9900000,My SELPA,2023-24,50\n", "selpa_row"),
        ("1964733,Total Success Academy,2023-24,50\n", None),
        ("9900003,Statewide Charter,2023-24,50\n", None),
    ],
)  # fmt: skip
def test_totals_and_selpas_are_set_aside_and_leas_are_not(line, kind):
    taken = checked_files.take(f"lea_code,lea_name,year,5a\n{line}".encode(), "x.csv")
    assert len(taken.dataset) == (kind is None)
    assert (kind in [one.kind for one in taken.problems]) or kind is None


def test_a_second_table_below_the_first_is_not_read_under_its_header():
    first = f"{HEAD}2,5a\n{ROW}5,50\n"
    again = both(first + "lea_code,year,2,5a\n9900002,2023-24,6,60\n")
    assert len(again.dataset) == 2 and "header_again" in [one.kind for one in again.problems]
    other = both(first + "lea_code,year,5b,11\n9900002,2023-24,6,60\n9900003,2023-24,6,60\n")
    said = next(one for one in other.problems if one.kind == "second_table")
    assert len(other.dataset) == 1 and said.severity is Severity.ERROR and said.row == 3


def test_a_bare_fraction_beside_percent_signs_is_asked_about():
    rows = "9900001,2023-24,12.5%\n9900002,2023-24,0.125\n9900003,2023-24,11%\n"
    taken = checked_files.take(f"{HEAD}2\n{rows}".encode(), "x.csv")
    assert taken.in_question == ("2",)
    told = checked_files.take(f"{HEAD}2\n{rows}".encode(), "x.csv", answers={"rates": "fraction"}).dataset
    assert [told.exact(row, "2") for row in range(3)] == [12.5, 12.5, 11]


@pytest.mark.parametrize("written", ["-74,812", "-74.8%"])
def test_points_that_cannot_be(written):
    taken = checked_files.take(f'{HEAD}ela_dfs\n{ROW}"{written}"\n'.encode(), "x.csv")
    assert [one.kind for one in taken.errors] == ["bad_points"]


def test_endless_digits_are_no_number():
    taken = checked_files.take(f"{HEAD}5a_n,5a_d\n{ROW}{'1' * 5000},100\n".encode(), "x.csv")
    assert [one.kind for one in taken.errors] == ["bad_number"]
