"""A school is no LEA unless it shows a sign of a charter; 0 and 1 are no counts."""

from __future__ import annotations

import pytest

from cim_core.intake.files import tables
from cim_core.placing import checked_files
from tests.cim_core.intake.files import errors, kinds, only
from tests.cim_core.intake.test_student_groups import MEADOW, case, value


def test_schools_only_are_refused_by_name():
    for name, found in (("S1_school_codes_14.csv", 2), ("S2_school_rows_by_pieces.csv", 2)):
        taken = case(name)
        assert errors(taken) == ["schools_only"] and not len(taken.dataset)
        assert only(taken, "schools_only").values["n"] == found and only(taken, "schools_only").file == name


DISTRICT = f"{MEADOW},{{}},Meadow Unified,2023-24,50\n"


@pytest.mark.parametrize(
    ("head", "school"),
    [
        (
            "cds,School Name,District Name,year,5a",
            "99000011234567,Alpha Elementary,Meadow Unified,2023-24,30",
        ),
        ("cds,School Code,District Name,year,5a", f"{MEADOW},1234567,Meadow Unified,2023-24,30"),
        ("cds,rtype,District Name,year,5a", "99000011234567,S,Meadow Unified,2023-24,30"),
        ("cds,School,District Name,year,5a", f"{MEADOW},Alpha High,Meadow Unified,2023-24,30"),
        ("cds,Site,District Name,year,5a", f"{MEADOW},Alpha Middle,Meadow Unified,2023-24,30"),
        ("CDS Code,Aggregate Level,District Name,year,5a", f"{MEADOW},School,Meadow Unified,2023-24,30"),
    ],
)
def test_a_districts_row_is_its_own(head, school):
    blank = "D" if "rtype" in head else "District" if "Level" in head else ""
    own = DISTRICT.format(blank).strip()
    for rows in ((own, school), (school, own), (school, school, own)):
        taken = checked_files.take("\n".join((head, *rows, "")).encode(), "x.csv")
        assert value(taken, MEADOW, "5a") == 50 and len(taken.dataset) == 1 and not errors(taken)
        assert only(taken, "schools_aside").values["n"] == len(rows) - 1
    assert errors(checked_files.take(f"{head}\n{school}\n".encode(), "x.csv")) == ["schools_only"]


@pytest.mark.parametrize(
    ("head", "row"),
    [
        ("cds,School Name,Charter,year,5a", "99000011234567,Alpha Academy,Y,2023-24,30"),
        ("cds,School Name,Charter School,year,5a", "99000011234567,Alpha Academy,Yes,2023-24,30"),
        ("cds,School Name,Charter Number,year,5a", "99000011234567,Alpha Academy,1234,2023-24,30"),
        ("cds,School Name,County,year,5a", "99000011234567,Alpha Charter Academy,Kern,2023-24,30"),
        ("cds,lea_name,lea_type,year,5a", "99000011234567,Alpha Academy,charter,2023-24,30"),
    ],
)
def test_charter_schools_of_their_own_are_read(head, row):
    taken = checked_files.take(f"{head}\n{row}\n".encode(), "x.csv")
    assert value(taken, "99000011234567", "5a") == 30 and "schools_aside" not in kinds(taken)


def test_a_person_may_say_that_they_are_leas():
    taken = case("S1_school_codes_14.csv", answers={"schools": "leas"})
    assert len(taken.dataset) == 2 and not errors(taken)


def test_names_of_districts_in_a_column_of_schools_are_no_schools():
    text = f"cds,School,year,5a\n{MEADOW},Meadow Unified,2023-24,50\n"
    assert value(checked_files.take(text.encode(), "x.csv"), MEADOW, "5a") == 50
    text = f"cds,District Name,School Name,year,5a\n{MEADOW},Meadow,All,2023-24,50\n"
    assert value(checked_files.take(text.encode(), "x.csv"), MEADOW, "5a") == 50


def test_an_unknown_file_of_schools_is_named_too():
    text = "\n".join(
        ["CDSCode,School,Charter,Teachers", *(f"9900001{at:07d},Alpha {at},N,5" for at in range(1, 9))]
    )
    assert errors(checked_files.take(text.encode(), "x.csv")) == ["schools_only"]


def test_a_sign_is_no_count():
    taken = case("F1_swd_flag.csv")
    assert only(taken, "flag_for_count").column == "SWD" and len(taken.dataset) == 2
    assert not (taken.dataset.swd >= 0).any()
    head = "lea_code,year,swd,minor_findings,5a_n,5a_d\n"
    for rows, found in (
        ("9900001,2023-24,1,1,5,10\n", 0),
        ("9900001,2023-24,1,1,5,10\n9900002,2023-24,0,0,5,9\n", 1),
    ):
        taken = checked_files.take((head + rows).encode(), "x.csv")
        assert kinds(taken).count("flag_for_count") == found
        assert (taken.dataset.minor_findings >= 0).all()
    taken = checked_files.take(
        (head + "9900001,2023-24,5,1,1,1\n9900002,2023-24,7,0,0,1\n").encode(), "x.csv"
    )
    assert only(taken, "flag_for_count").column == "5a_d"


def test_a_districts_own_name_is_no_sign_of_a_charter():
    text = "cds,School Name,District Name,year,5a\n19643781234567,Alpha High,Charter Oak Unified,2023-24,30\n"
    assert errors(checked_files.take(text.encode(), "x.csv")) == ["schools_only"]


@pytest.mark.parametrize(
    "head", ["cds,School Name,Charter,year,5a", "CDSCode,School Name,Charter,year,Teachers"]
)
def test_a_large_file_of_schools_is_named_before_it_is_read_in(head, monkeypatch):
    rows = [f"9900001{at:07d},School of the Arts Number {at},N,2023-24,{at % 100}" for at in range(1, 20_001)]
    content = "\n".join((head, *rows, "")).encode()
    assert len(content) > 2**20
    with monkeypatch.context() as patched:
        patched.setattr(tables, "tables_of", lambda *_: pytest.fail("read in as a whole"))
        taken = checked_files.take(content, "large.csv")
    assert errors(taken) == ["schools_only"] and only(taken, "schools_only").values["n"] == 20_000
    district = f"{MEADOW},,N,2023-24,50\n".encode()
    if "5a" in head:
        assert value(checked_files.take(content + district, "large.csv"), MEADOW, "5a") == 50


def test_a_large_list_of_persons_is_not_taken_for_schools():
    rows = [f'Oak School {at % 9},"Zzyx{"abcdef"[at % 6]}, Ada",3,{at}' for at in range(60_000)]
    content = "\n".join(("School,Name,Grade,Days Absent", *rows, "")).encode()
    taken = checked_files.take(content, "large.csv")
    assert errors(taken) == ["students"] and "Ada" not in taken.problems[0].sentence()
