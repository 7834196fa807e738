"""Files about single students are refused, and nothing of theirs is repeated."""

from __future__ import annotations

from pathlib import Path

import pytest

from cim_core import intake
from cim_core.intake import known_leas
from cim_core.intake.assembly import header
from cim_core.intake.files import tables
from cim_core.intake.meanings import persons, privacy_guard
from cim_core.placing import checked_files
from tests.workbooks import ods

ROOT = Path(__file__).parent.parent.parent.parent

ROWS = "".join(f"{1000000000 + 7 * at},x,{at}\n" for at in range(12))


@pytest.mark.parametrize(
    "text",
    [
        "SSID,School,5a\n1234567890,A,1\n",
        "School,Date of Birth,5a\nA,2010-01-01,1\n",
        "First Name,Last Name,Rate\nAda,B,1\n",
        "My report\n\nStudent ID;School\n12;A\n",
        f"Number,School,Count\n{ROWS}",
        ROWS,
    ],
)
def test_students_are_refused(text):
    taken = checked_files.take(text.encode(), "x.csv")
    assert [one.kind for one in taken.problems] == ["students"] and not len(taken.dataset)
    assert not any(sign in taken.problems[0].sentence() for sign in ("1234567890", "Ada", "1000000007"))


def test_students_on_a_second_sheet_or_in_another_format_are_refused_too():
    content = ods([["SSID", "School"], ["1234567890", "A"]])
    assert [one.kind for one in checked_files.take(content, "x.ods").problems] == ["students"]


@pytest.mark.parametrize(
    "text",
    [
        "lea_code,lea_name,year,5a\n9900001,First Last,2023-24,50\n",
        "lea_code,year,swd,5a\n" + "".join(f"99000{at:02d},2023-24,{3000000000},50\n" for at in range(12)),
    ],
)
def test_totals_of_groups_are_not_students(text):
    assert "students" not in [one.kind for one in checked_files.take(text.encode(), "x.csv").problems]


def sign(head: str, rows: str = "a,b\nc,d\n") -> str:
    table = tables.tables_of(f"{head}\n{rows}".encode(), "x.csv")[0]
    return privacy_guard.sign_of_students(table, persons.look(table)[1])


@pytest.mark.parametrize(
    "head",
    [
        "SSID Number,Mark", "Statewide Student Identifier (SSID),Mark", "Date of Birth (mm/dd/yyyy),Mark",
        "Birth Dt,Mark", "DOB (student),Mark", "Student Full Name,Mark", "Student's Name,Mark",
        "Student’s Name,Mark", "Stu ID,Stu Name", "SEIS ID,Last Name First Name", "Last Name First Name,Mark",
        "First Name / Last Name,Mark", '"Name (Last, First)",Mark', "Student,Grade,Disability,School",
        "CALPADS ID,Mark", "School,Grade,Gender,Ethnicity,Disability,Exit date", "StudentSSID,Mark",
        "School Name,Grade Level,Primary Disability,Days absent", "student_legal_last_name,Mark",
        "Student #,Mark", "D.O.B.,Mark", "Student's Date of Birth (mm/dd/yyyy),Mark", "studentbirthdate,Mark",
        "Parent Name,Mark", "Initials of student,Mark", "First,Last", "SSIDNumber,Mark", "localid,Mark",
    ],
)  # fmt: skip
def test_headers_about_one_student(head):
    told = sign(head)
    assert told and all(part in head for part in told.split(", "))
    assert sign("\n".join(f"note {at},x" for at in range(59)) + f"\n{head}")


@pytest.mark.parametrize(
    "head",
    [
        "Unduplicated Count of Students Suspended (Total),x", "studentgroup,x", "Student Group Name,x",
        "Students with Disabilities,Last", "First year,x", "student names were removed,x",
        "number of students with disabilities,x", "# of students,Number of student IDs", "Third birthday,x",
        "No student names here,x", "School,Grade,Gender,Students", "School,Grade,Gender,Ethnicity,5a",
        "Child Count,Child Find", "School ID,School Name", "School,Grade,Disability,% in regular class",
        "This file has no column such as SSID or Student Name or Date of Birth in it,x",
    ],
)  # fmt: skip
def test_headers_about_many_students(head):
    assert sign(head) == ""


@pytest.mark.parametrize("layout", intake.LAYOUTS, ids=lambda layout: layout.id)
def test_no_example_is_about_students(layout):
    assert sign(layout.example) == ""


def test_nothing_that_is_shipped_is_about_students():
    samples = (ROOT / "sample_data").glob("*.[cx]*")
    fixtures = (one for one in (ROOT / "tests" / "fixtures").iterdir() if one.is_file())
    for path in (*samples, *fixtures):
        for table in tables.tables_of(path.read_bytes(), path.name):
            joined = header.joined(table)
            assert privacy_guard.sign_of_students(joined, persons.look(joined)[1]) == "", path.name
    for name in known_leas.names().values():
        assert privacy_guard._cell_sign(name) == ""


def test_ten_digits_are_identifiers_unless_they_are_called_otherwise():
    two = "1234567890,x\n2234567890,y\n"
    assert sign("Number,School", two) == "Number" and sign("Report\nAda,School", two) == "##########"
    assert sign("Some report of ours\n\nKey,School", two + "Source: us,\n") == "Key"
    for head in ("Phone,School", "Fax number,School", "Budget,School"):
        assert sign(head, two) == ""
    assert sign("Number,School", "1234567890,x\n1234567890,y\n") == ""
    assert sign("Number,School", "1234567890,x\n") == ""


def test_a_value_beside_a_header_is_not_repeated():
    assert sign("Student Name: Ada Lovelace,x") == "Student Name"
    assert sign("SSID 1234567890,x") == "SSID"
