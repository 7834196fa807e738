"""Statements about disproportionality that exclude one another: reported, asked, and never settled."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from cim_core import intake
from cim_core.data.dataset import Cell, Facts, LeaYear, build
from cim_core.intake.problems import Severity
from cim_core.intake.questions import Ask
from cim_core.placing import checked_files, contradictions, worlds
from cim_core.placing.contradictions import Contradiction
from cim_core.placing.from_counts import filled
from cim_core.placing.placement import place
from cim_core.rules import rulebook_file
from cim_core.words import messages

CASES = Path(__file__).parents[2] / "fixtures" / "cases"
HEAD = "lea_code,lea_name,year,swd,disproportionate_years,newly_disproportionate,sig_dis,5a"


def read(*rows, head=HEAD, **answers):
    lines = (f"990000{at},LEA {at},2023-24,640,{row},60" for at, row in enumerate(rows, start=1))
    return checked_files.take("\n".join((head, *lines)).encode(), "facts.csv", answers=answers)


def kinds(taken):
    return [one.kind for one in taken.problems]


@pytest.mark.parametrize(
    ("facts", "kind"),
    [
        ("0,no,yes", "sig_dis_contradicts"), ("0,,yes", "sig_dis_contradicts"),
        ("1,yes,Y", "sig_dis_contradicts"),
        ("1,,yes", "sig_dis_contradicts"), (",no,yes", "sig_dis_contradicts"),
        ("2,yes,", "newly_contradicts"),
        ("3,yes,yes", "newly_contradicts"), ("0,yes,", "newly_contradicts"), ("1,no,", "newly_expected"),
    ],
)  # fmt: skip
def test_what_excludes_what_is_a_problem_and_keeps_the_row_open(facts, kind):
    taken = read(facts)
    (problem,) = (one for one in taken.problems if one.kind == kind)
    assert problem.severity is Severity.WARNING and problem.row == 2 and problem.lea_code == "9900001"
    another_area = facts in ("2,yes,", "3,yes,yes")  # one area in its second year, another newly: it can be
    assert worlds.contradicted(taken.dataset).tolist() == [not another_area]


@pytest.mark.parametrize(
    "facts",
    [",,yes", "3,no,yes", "4,,yes", ",yes,yes", "2,no,no", "0,no,no", ",no,", ",yes,", "1,yes,", ",,"],
)
def test_what_can_be_so_is_none(facts):
    taken = read(facts)
    assert not {one.value for one in Contradiction} & set(kinds(taken))
    assert not worlds.contradicted(taken.dataset).any()


def test_two_years_beside_significant_are_a_note_only():
    taken = read("2,no,yes")
    (note,) = (one for one in taken.problems if one.kind == "sig_dis_two_years")
    placed = place(taken.dataset, rulebook_file.load())
    assert note.severity is Severity.NOTE
    assert "Targeted Level 3" in [one.name for one in placed.could_be(0)]
    assert placed.placement(0).name == "Targeted Level 3"


@pytest.mark.parametrize("header", ["cceis", "CCEIS Plan", "Still in a CCEIS plan", "in_cceis"])
def test_a_plan_that_the_file_names_settles_it(header):
    taken = read("0,no,yes,yes", ",no,yes,no", head=HEAD.replace("5a", f"{header},5a"))
    assert worlds.contradicted(taken.dataset).tolist() == [False, True]
    assert taken.dataset.cceis.tolist() == [1, 0]


def test_the_case_of_sig_dis_that_contradicts():
    taken = checked_files.read_path(CASES / "P4_sig_dis_contradictions.csv")
    found = [(one.row, one.column) for one in taken.problems if one.kind == "sig_dis_contradicts"]
    assert found == [(3, "sig_dis"), (4, "sig_dis")]
    assert worlds.contradicted(taken.dataset).tolist() == [False, True, True, False]
    asked = [question for _, question in taken.questions if question.ask is Ask.SIG_DIS]
    assert [one.id for one in asked] == ["sig_dis", "sig_dis:9900002 2023-24", "sig_dis:9900003 2023-24"]
    assert [one.open for one in asked] == [True, False, False]
    assert "Brook Unified" in asked[0].text() and asked[0].options == ("in_plan", "this_year", "wrong")


def test_the_case_of_areas_that_contradict():
    taken = checked_files.read_path(CASES / "P5_areas_late_one_element.csv")
    (areas,) = (one for one in taken.problems if one.kind == "areas_contradict")
    assert (areas.row, areas.column) == (2, "4b") and "4b, 9 and 10" in areas.expected()
    (note,) = (one for one in taken.problems if one.kind == "areas_without_years")
    assert note.row == 3 and note.severity is Severity.NOTE
    assert worlds.contradicted(taken.dataset).tolist() == [True, False, False, False]


def test_an_answer_settles_it():
    rows = "0,no,yes", ",no,yes"
    data = read(*rows, sig_dis="in_plan").dataset
    assert data.cceis.tolist() == [1, 1] and data.sig_dis.tolist() == [1, 1]
    data = read(*rows, sig_dis="this_year").dataset
    assert data.disproportionate_years.tolist() == [-1, -1] and data.newly_disproportionate.tolist() == [
        -1,
        -1,
    ]
    taken = read(*rows, **{"sig_dis": "wrong", "sig_dis:9900002 2023-24": "in_plan"})
    assert taken.dataset.sig_dis.tolist() == [0, 1] and taken.dataset.cceis.tolist() == [-1, 1]
    assert "sig_dis_contradicts" not in kinds(taken)
    assert not any(question.open for _, question in taken.questions if question.ask is Ask.SIG_DIS)
    one = read(*rows, **{"sig_dis:9900002 2023-24": "in_plan"})
    assert kinds(one).count("sig_dis_contradicts") == 1
    assert worlds.contradicted(read(*rows, sig_dis="perhaps").dataset).all()
    for answer in ("in_plan", "this_year", "wrong"):
        data = read(*rows, sig_dis=answer).dataset
        assert not worlds.contradicted(data).any()
        assert messages.text(f"question.sig_dis.option.{answer}")


def test_two_files_together_can_contradict():
    first = b"lea_code,year,swd,sig_dis\n9900001,2023-24,640,yes\n"
    second = b"lea_code,year,disproportionate_years,5a\n9900001,2023-24,1,60\n"
    uploads = [intake.Upload("a.csv", first, {}), intake.Upload("b.csv", second, {})]
    taken = checked_files.read_all(uploads)
    assert [file.file for file, question in taken.questions if question.ask is Ask.SIG_DIS] == ["a.csv"]
    uploads[0] = dataclasses.replace(uploads[0], answers={"sig_dis": "in_plan"})
    assert not worlds.contradicted(checked_files.read_all(uploads).dataset).any()


COUNTS = (
    "lea_code,year,area,group,cell,total\n9900001,2023-24,oss_over_10,Black,60,120\n"
    "9900001,2023-24,oss_over_10,White,20,480\n9900001,2023-24,oss_over_10,Total,90,1000\n"
)


@pytest.mark.parametrize(("facts", "excluded"), [
    ("0,no,no", True), ("0,,", True), (",yes,", False), ("1,yes,", False), (",no,", False), (",,no", False),
])  # fmt: skip
def test_counts_that_exclude_what_is_stated(facts, excluded):
    """One year over the threshold, the years before unknown: at least one year."""
    row = f"{HEAD}\n9900001,LEA 1,2023-24,640,{facts},60\n".encode()
    taken = checked_files.read_all(
        [intake.Upload("a.csv", row, {}), intake.Upload("b.csv", COUNTS.encode(), {})]
    )
    assert ("counts_disagree" in kinds(taken)) is excluded
    full = filled(taken.dataset, rulebook_file.load())
    assert worlds.contradicted(full).tolist() == [excluded]
    assert worlds.contradicted(place(taken.dataset, rulebook_file.load()).dataset).tolist() == [excluded]


def test_areas_above_zero_where_counts_say_none():
    facts = Facts(swd=300, disproportionate_years=0)
    rows = [
        LeaYear("9900001", "2023-24", facts=facts, cells={code: Cell(rate=1)}) for code in ("4b",)
    ]  # fmt: skip
    assert contradictions.found(build(rows))[Contradiction.AREAS].tolist() == [True]
    unknown = [dataclasses.replace(rows[0], facts=Facts(swd=300))]
    assert not np.any(worlds.contradicted(build(unknown)))
