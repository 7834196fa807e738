"""Files that name LEAs and give no codes: sure names are taken, others asked about, unknown ones kept."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from cim_core import intake
from cim_core.data.race_counts import STATE
from cim_core.intake import known_leas
from cim_core.intake.meanings import lea_names
from cim_core.intake.tying.mapping import Mapping
from cim_core.placing import checked_files, reference
from cim_core.placing.ranking import evaluate
from cim_core.rules import rulebook_file
from tests.cim_core.intake.files import kinds, only

CASES = Path(__file__).parent.parent.parent / "fixtures" / "cases"
NAMES = known_leas.names()


def read(text: str, **options):
    return checked_files.take(text.encode(), "names.csv", **options)


def sure(*called: str) -> str:
    return NAMES.get(lea_names.match(*called).sure, "")


def test_every_name_of_the_state_list_is_found_or_asked_about():
    often = Counter(NAMES.values())
    for cds, one in known_leas.leas().items():
        if one.name.isdigit():
            continue
        found = lea_names.match(one.name)
        assert found.sure == cds if often[one.name] == 1 else cds in found.candidates, one
        assert lea_names.match(one.name, one.county, one.lea_type).sure == cds
        assert lea_names.match(f"{one.name.upper()} ({one.county} County)", "", one.lea_type).sure == cds


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("ALAMEDA UNIF.", "Alameda Unified"), ("Alameda City Unified School District", "Alameda Unified"),
        ("Unified, Alameda", "Alameda Unified"), ("La Cañada USD", "La Canada Unified"),
        ("La Canada U.S.D.", "La Canada Unified"), ("Jefferson UHSD", "Jefferson Union High"),
        ("Fullerton Joint Union High School District", "Fullerton Joint Union High"),
        ("Saint Helena Unified", "Saint Helena Unified"), ("St. Helena Unified", "Saint Helena Unified"),
        ("Mt Diablo Unified SD", "Mt. Diablo Unified"), ("Santee School District", "Santee"),
        ("Alameda COE", "Alameda County Office of Education"),
        ("Jefferson Elementary, San Mateo County", "Jefferson Elementary"),
        ("1. Oakland Unified*", "Oakland Unified"), ("Sunnyvale Elem.", "Sunnyvale"),
        ("Berkely Unified", ""), ("Alameda", ""), ("LAUSD", ""), ("Saugus USD", ""),
        ("Jefferson Elementary School", ""), ("Green Valley Charter", ""), ("Meadow Unified", ""),
    ],
)  # fmt: skip
def test_names_as_people_write_them(written, name):
    assert sure(written) == name


@pytest.mark.parametrize(
    ("written", "candidate"),
    [("Berkely Unified", "Berkeley Unified"), ("Alameda", "Alameda Unified"),
     ("LAUSD", "Los Angeles Unified"),
     ("Saugus USD", "Saugus Union"), ("Berkeley Elementary", "Berkeley Unified")],
)  # fmt: skip
def test_what_is_only_similar_is_a_candidate(written, candidate):
    assert candidate in [NAMES[one] for one in lea_names.match(written).candidates]


def test_county_and_type_tell_leas_of_one_name_apart():
    assert not sure("Jefferson Elementary") and not sure("Alameda")
    assert lea_names.match("Jefferson Elementary", "San Mateo").sure == "41689160000000"
    assert sure("Alameda", "", "Unified School District") == "Alameda Unified"
    assert len(lea_names.match("Jefferson Elementary").candidates) == 3


@pytest.mark.parametrize("layout", ["wide", "long", "mapped", "counts", "titled"])
def test_layouts_without_codes(layout):
    ties = None
    if layout == "wide":
        text = "LEA,Year,5a,5b,11\nAlameda Unified,2023-24,40.0,10.0,100\nBerkeley USD,2023-24,70.0,9.0,100\n"
    elif layout == "long":
        text = (
            "District Name,School Year,indicator,rate,target\nAlameda Unified,2023-24,5a,40.0,>58%\n"
            "Alameda Unified,2023-24,5b,10.0,<15%\nBerkeley USD,2023-24,5a,70.0,>58%\n"
        )
    elif layout == "mapped":
        text = "Org,SY,In class\nAlameda Unified,2023-24,40.0\nBerkeley USD,2023-24,70.0\n"
        ties = Mapping((), {"Org": "lea_name", "SY": "year", "In class": "5a"})
    elif layout == "counts":
        text = (
            "LEA,Year,Area,Race,Count,Total\nAlameda Unified,2023-24,oss_over_10,Black,18,120\n"
            "Berkeley USD,2023-24,oss_over_10,Black,18,120\nState,2023-24,oss_over_10,Black,3000,40000\n"
        )
    else:
        text = "Ours\n2023-24\nMember District,5a,5b\nAlameda Unified,40,1\nBerkeley USD,70,9\nTotal,5,9\n"
    taken = read(text, mapping=ties)
    assert not taken.errors, [one.sentence() for one in taken.errors]
    said = only(taken, "names_matched")
    assert said.values["names"] == "Alameda Unified → 0161119; Berkeley USD → 0161143" and said.column
    if layout == "counts":
        assert set(taken.dataset.counts.lea_key.tolist()) == {"01611190000000", "01611430000000", STATE}
        return
    assert taken.dataset.lea_code.tolist() == ["0161119", "0161143"]
    assert str(taken.dataset.exact(0, "5a")) == "40" and "name_differs" not in kinds(taken)
    if layout == "long":
        assert {one.lea_code for one in taken.targets} == {"0161119", "0161143"}


def test_a_name_in_question_is_asked_about_once_and_answered():
    text = (
        "LEA,Year,5a\nJefferson Elementary,2022-23,50\nJefferson Elementary,2023-24,50\n"
        "Oakland Unified,2023-24,50\n"
    )
    taken = read(text)
    asked = only(taken, "name_asked")
    assert (asked.row, asked.also) == (2, (3,)) and "San Mateo County" in asked.sentence()
    ((_, question),) = taken.questions
    assert question.id == "lea:Jefferson Elementary" and question.open
    assert question.options == ("3567488", "3968544", "4168916", "local")
    assert taken.dataset.lea_code.tolist() == ["0161259"]
    for answer in ("4168916", "41689160000000", "41-68916"):
        told = read(text, answers={question.id: answer})
        assert told.dataset.lea_code.tolist() == ["0161259", "4168916", "4168916"] and not told.errors
    told = read(text, answers={question.id: "local"})
    assert told.dataset.lea_code.tolist()[1:] == ["local-jefferson-elementary"] * 2
    assert read(text, answers={question.id: "nonsense"}).errors


def test_all_names_with_one_likeness_are_confirmed_at_once():
    text = (
        "LEA,Year,5a\nBerkely Unified,2023-24,50\nOaklnd Unified,2023-24,50\n"
        "Jefferson Elementary,2023-24,50\n"
    )
    taken = read(text)
    assert "lea" in {question.id for _, question in taken.questions} and not len(taken.dataset)
    told = read(text, answers={"lea": "likeliest"})
    assert told.dataset.lea_code.tolist() == ["0161143", "0161259"] and kinds(told).count("name_asked") == 1


def test_an_unknown_lea_has_the_same_code_in_every_file():
    text = "LEA,Year,5a,5b\nGreen Valley Charter,2023-24,50,9\n"
    taken = read(text)
    assert taken.dataset.lea_code.tolist() == ["local-green-valley-charter"] and not taken.errors
    assert "cannot be ranked" in only(taken, "names_local").sentence()
    other = text.replace("Green Valley Charter,2023-24", "GREEN  VALLEY charter,2022-23")
    both = checked_files.read_all(
        [intake.Upload("a.csv", text.encode()), intake.Upload("b.csv", other.encode())]
    ).dataset
    assert len(set(both.lea_key.tolist())) == 1 and both.row_of("local-green-valley-charter", "2022-23") == 0
    again = read("lea_code,lea_name,year,5a\nlocal-green-valley-charter,Green Valley Charter,2023-24,50\n")
    assert again.dataset.lea_code.tolist() == taken.dataset.lea_code.tolist() and not again.errors


def test_codes_that_stand_in_names_are_read():
    text = (
        "LEA,Year,5a\nAlameda Unified (0161119),2023-24,50\n0161143,2023-24,60\n01-61259 Oakland,2023-24,60\n"
    )
    assert "0161119" in read(text).dataset.lea_code.tolist() and not read(text).errors
    named = "lea_code,year,5a\nAlameda Unified,2023-24,50\n"
    assert read(named).dataset.lea_code.tolist() == ["0161119"]


def test_a_blank_code_beside_others_is_only_filled_by_a_sure_name():
    head = "lea_code,lea_name,year,5a\n9900001,Meadow Unified,2023-24,50\n"
    assert read(head + ",Alameda Unified,2023-24,50\n").dataset.lea_code.tolist() == ["0161119", "9900001"]
    assert only(read(head + ",Brook Elementary,2023-24,50\n"), "no_code").row == 3


@pytest.mark.parametrize(
    "text",
    ["Dist Code,District,Year,5a\n9900001,Meadow Unified,2023-24,50\n", "Name,Year,5a\nJane Doe,2023-24,50\n",
     "School,Year,5a\nLincoln High,2023-24,50\n"],
)  # fmt: skip
def test_names_decide_nothing_beside_codes_and_of_persons_and_schools(text):
    taken = read(text)
    assert "names_local" not in kinds(taken) and "names_matched" not in kinds(taken)


def test_case():
    taken = checked_files.read_path(CASES / "N1_names_only.csv")
    assert taken.dataset.lea_code.tolist() == ["0161119", "0161143"] and kinds(taken) == ["names_matched"]


def test_an_lea_that_the_state_list_does_not_have_is_not_ranked():
    head = "LEA,Year,swd,susp_n,susp_d,chronic_n,chronic_d,ela_dfs,ela_dfs_d,math_dfs,math_dfs_d\n"
    values = "2023-24,500,40,600,200,550,-90,300,-120,300\n"
    taken = read(
        f"{head}Oakland Unified,{values}Green Valley Charter,{values}", answers={"source": "dashboard"}
    )
    ranked = evaluate(taken.dataset, rulebook_file.load(), reference.shipped())["school_age"]
    assert taken.dataset.lea_code.tolist() == ["0161259", "local-green-valley-charter"]
    assert not np.isnan(ranked.percentile[0]) and np.isnan(ranked.percentile[1])
    alone = evaluate(
        read(head + "Oakland Unified," + values).dataset, rulebook_file.load(), reference.shipped()
    )["school_age"]
    assert alone.percentile[0] == ranked.percentile[0] and alone.ranked[0] == ranked.ranked[0]


@pytest.mark.parametrize(
    "text",
    [
        "Indicator,Alameda Unified,Berkeley USD\n5a,40,70\n5b,10,9\n",
        "Local Educational Agency,School Yr,5a,5b\nAlameda Unified,2023-24,40,1\nBerkeley USD,2023-24,70,9\n",
        "Member District,FFY,5a,5b\nAlameda Unified,2023,40,10\nBerkeley USD,2023,70,9\n",
        "LEA,2023-24 5a,2023-24 5b\nAlameda Unified,40,10\nBerkeley USD,70,9\n",
    ],
)
def test_names_across_and_under_other_headers(text):
    taken = read(text, answers={"year": "2023-24"} if text.startswith("Indicator") else {})
    assert not taken.errors and taken.dataset.years == ("2023-24",)
    assert taken.dataset.lea_code.tolist() == ["0161119", "0161143"]
    assert [str(taken.dataset.exact(row, "5a")) for row in (0, 1)] == ["40", "70"]
