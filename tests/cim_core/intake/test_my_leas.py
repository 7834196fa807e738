"""Whose LEAs: by SELPA, county, name and pasted list; what is not found is offered, never taken."""

from __future__ import annotations

import pytest

from cim_core.data.dataset import Facts, LeaYear, build
from cim_core.intake.my_leas import Choice, LeasOfFile, from_link
from cim_core.placing import reference

ALAMEDA, FREMONT, ABC = "01611190000000", "01611760000000", "19642120000000"


@pytest.fixture(scope="module")
def state() -> LeasOfFile:
    return LeasOfFile(reference.shipped().dataset)


def small(*leas: tuple[str, str, str, str]) -> LeasOfFile:
    rows = [
        LeaYear(code, "2023-24", name, selpa, Facts(swd=200, county=county))
        for code, name, selpa, county in leas
    ]
    return LeasOfFile(build(rows))


OWN = small(
    ("9900001", "Fir Mountain Union", "Alder Valley", "Pine County"),
    ("9900002", "Redbud", "Alder Valley", "Pine County"),
    ("9900003", "Elm Creek", "Birch", "Oak"),
)


@pytest.mark.parametrize(
    "written",
    ["0161119", "161119", "01-61119-0000000", "01611190000000", "Alameda Unified",
     "ALAMEDA CITY UNIF. SCH DIST", "0161119\tAlameda Unified", "Alameda Unified\t0161119"],
)  # fmt: skip
def test_an_lea_is_meant_by_any_spelling_of_its_code_or_name(state, written):
    assert [(line.key, line.nearest) for line in state.read_list(written)] == [(ALAMEDA, ())]


def test_a_list_may_stand_in_lines_or_with_commas_and_keep_a_county_apart(state):
    text = "0161119, 0161176\nabc usd; Jefferson Elementary, San Mateo County\n\n"
    assert [line.key for line in state.read_list(text)] == [ALAMEDA, FREMONT, ABC, "41689160000000"]


def test_what_is_only_similar_is_offered(state):
    several, none = state.read_list("Jefferson Elementary\nqqqq zzzz")
    assert several.key == "" and len(several.nearest) == 3
    assert all("Jefferson Elementary, " in state.described(key) for key in several.nearest)
    assert (none.written, none.key, none.nearest) == ("qqqq zzzz", "", ())
    (misspelt,) = OWN.read_list("Fir Montain Union")
    assert misspelt.key == "" and [OWN.described(key) for key in misspelt.nearest] == [
        "Fir Mountain Union (9900001)"
    ]


def test_an_lea_of_the_state_that_is_not_in_the_file_is_not_found():
    assert [line.key for line in OWN.read_list("Alameda Unified\n0161119")] == ["", ""]


def test_whole_selpas_and_counties_take_all_their_leas():
    assert OWN.selpas == {"Alder Valley": {"99000010000000", "99000020000000"}, "Birch": {"99000030000000"}}
    assert set(OWN.counties) == {"Pine", "Oak"}
    assert OWN.keys(Choice(selpas=("Alder Valley",))) == {"99000010000000", "99000020000000"}
    assert OWN.keys(Choice(counties=("Oak",), leas=("99000020000000", ALAMEDA))) == {
        "99000030000000", "99000020000000",
    }  # fmt: skip
    assert not OWN.keys(Choice(selpas=("Cedar",)))


def test_the_state_list_knows_counties_where_the_file_gives_none(state):
    assert ALAMEDA in state.counties["Alameda"] and len(state.counties) == 58


def test_one_asks_whose_they_are_where_there_are_many_or_several_selpas(state):
    assert state.are_many and OWN.are_many
    assert not small(("9900001", "Oak", "Alder Valley", "")).are_many


@pytest.mark.parametrize(
    "choice",
    [
        Choice(),
        Choice(name="Foothill ~ Region"),
        Choice("Foothill", ("Alder Valley",), ("Oak",), (ALAMEDA, "localgreenvalley")),
    ],
)
def test_a_choice_goes_through_an_address(choice):
    back = from_link(choice.in_link())
    assert (back.selpas, back.counties, back.leas) == (choice.selpas, choice.counties, choice.leas)
    assert back.name == choice.name.replace("~", " ") and back.is_empty is choice.is_empty


def test_a_whole_selpa_stays_short_in_an_address():
    assert Choice(selpas=("Alder Valley",)).in_link() == "s:Alder Valley"
    assert Choice(leas=(ALAMEDA, FREMONT)).in_link() == "0161119~0161176"
