"""Lists of persons in many shapes are refused, whatever else they count; tables of LEAs never are."""

from __future__ import annotations

import csv
import io
import random
from pathlib import Path

import openpyxl
import pytest

from cim_core import intake
from cim_core.intake import known_leas
from cim_core.intake.assembly import header, opening
from cim_core.intake.assembly.opening import Upload
from cim_core.intake.files import tables
from cim_core.intake.meanings.persons import Verdict, look
from cim_core.intake.tying import guess
from cim_core.placing import checked_files
from tests.cim_core.intake.files import kinds
from tests.workbooks import ods

ROOT = Path(__file__).parent.parent.parent.parent
CASES = ROOT / "tests" / "fixtures" / "cases"
INVENTED = ("Zzyx", "Quill", "ZZYX", "QUILL", "Holt", "Eve", "Ada", "Bo ")
"""Names in the lists below; none may be repeated anywhere."""
ROSTERS = (
    'Student,Quiz 1,Quiz 2,Final\n"Zzyx, Ada",8,9,10\n"Quill, Bo",7,6,8\n',
    "Name,Quiz 1,Quiz 2,Final\nAda Zzyx,8,9,10\nBo Quill,7,6,8\n",
    'Name,Score\n"Zzyx, Ada",8\n"Quill, Bo",7\n',
    "Nombre,Apellido,Grado,Fecha de nacimiento,Discapacidad,Maestro\nAda,Zzyx,3,2015-03-02,SLD,Oak\n"
    "Bo,Quill,4,2014-02-01,AUT,Oak\n",
    'Apellido y Nombre,Grado,Ausencias\n"Zzyx, Ada",3,12\n"Quill, Bo",4,2\n',
    "Alumno,Escuela,Días ausentes\nAda Zzyx,Roble,12\nBo Quill,Roble,3\n",
    "Nombre del estudiante,Número de ausencias\nAda Zzyx,12\nBo Quill,3\n",
    '"Zzyx, Ada",3,SLD,Ms. Oak,12\n"Quill, Bo",4,AUT,Ms. Oak,12\n',
    "Ada Zzyx,3,SLD,F\nBo Quill,4,AUT,M\n",
    "Zzyx,Ada,3,F,SLD\nQuill,Bo,4,M,AUT\nHolt,Cy,4,M,OHI\n",
    "Oak Elementary\nSpecial Education Roster 2024-25\n\nName,Gr,Elig,CM,Min/Wk\n"
    '"Zzyx, Ada",3,SLD,Oak,120\n"Quill, Bo",4,AUT,Oak,60\n',
    "ID,Grade,Gender,Ethnicity,Days Absent\n100234,3,F,White,12\n100235,4,M,Asian,2\n",
    "Local ID,School,Disability,% in Regular Class\nS10023,Oak,SLD,80\nS10024,Oak,AUT,40\n",
    "Key,Total\n123456789,3\n223456780,4\n323456781,4\n",
    "Num,n\n1234567890,3\n2234567801,4\n",
    "Rider,AM Stop,Route,School\nAda Zzyx,5th & Elm,12,Oak\nBo Quill,9th & Oak,12,Oak\n",
    "Date,Name,Incident,Days Suspended\n9/1/2024,Ada Zzyx,Fight,2\n9/3/2024,Bo Quill,Defiance,1\n",
    "Name,IEP Date,Triennial Date,Count of Services\nAda Zzyx,9/1/2024,9/1/2026,2\n"
    "Bo Quill,9/3/2024,9/1/2025,3\n",
    "Student,,Program,\nLast,First,Grade,Rate %\nZzyx,Ada,3,80\nQuill,Bo,4,30\n",
    "Pupil information,,Special Education,\nName,Gr,Primary Disability,Number of minutes\n"
    "Ada Zzyx,3,SLD,80\nBo Quill,4,AUT,30\n",
    "Reporting LEA,School of Attendance,Academic Year ID,Legal Name,Grade Level,"
    "Disability 1 Code,Total Days\n"
    '1964733,6000011,2023-2024,"Zzyx, Ada",03,290,180\n'
    '1964733,6000011,2023-2024,"Quill, Bo",04,320,170\n',
    "LEA,Local Student Identifier,Gender,Ethnicity,Primary Disability\n1964733,77001,F,White,SLD\n"
    "1964733,77002,M,Asian,AUT\n",
    '"Zzyx, Ada",P,A,P,P\n"Quill, Bo",P,P,P,A\n"Holt, Cy",A,P,P,P\n',
    "Name,Grade,Room Number,Case Manager\nAda,3,12,Oak\nBo,4,12,Oak\n",
    'NAME,GRADE,SCHOOL,PERCENT\n"ZZYX, ADA",3,OAK ELEMENTARY,10\n"QUILL, BO",4,OAK ELEMENTARY,20\n',
    'District Code,Name,Grade,5a\n64733,"Zzyx, Ada",3,85\n64733,"Quill, Bo",4,35\n',
    "lea_code,name,grade,disability,5a\n1964733,Ada Zzyx,3,SLD,85\n1964733,Bo Quill,4,AUT,35\n",
    "Name\tBirthday\tTotal\nAda Zzyx\t3/4/2015\t3\nBo Quill\t3/4/2014\t2\n",
    "Case Manager,Grade,Primary Disability,Room Number,% in Regular Class\nMs. Oak,3,SLD,12,80\n"
    "Ms. Oak,4,AUT,12,40\n",
    "Initials,Grade,Disability,Minutes\nA.Z.,3,SLD,80\nB.Q.,4,AUT,30\n",
    "Name,Phone,Count\nAda Zzyx,555-123-4567,1\nBo Quill,555-123-4568,1\n",
    "Child,Parent/Guardian,Home Language,Number of meetings\nAda,Eve Zzyx,Spanish,2\n"
    "Bo,Dan Quill,English,1\n",
    "Surname,Grade,Absence %\nZzyx,3,10\nQuill,4,2\n",
    "Last,First,Total\nZzyx,Ada,3\nQuill,Bo,4\n",
    "Student Last,Student First,% Present\nZzyx,Ada,93\nQuill,Bo,84\n",
    "Name (Last First),Gr,Disab,Days\nZzyx Ada,3,SLD,4\nQuill Bo,4,AUT,5\n",
    "Kid,Teacher,Points\nAda,Oak,10\nBo,Elm,9\n",
    "Name,Teacher,Number of Tardies\nAda Zzyx,Ms. Oak,4\nBo Quill,Mr. Elm,5\n",
    "NOMBRE COMPLETO,GRADO,SALÓN,MAESTRA,PORCENTAJE\nAda Zzyx,3,12,Sra. Roble,80\n"
    "Bo Quill,4,12,Sra. Roble,70\n",
    "Apellidos,Nombres,Idioma,Total\nZzyx,Ada,Español,3\nQuill,Bo,Inglés,4\n",
    "Estudiante,Discapacidad,Minutos\nAda Zzyx,SLD,30\nBo Quill,AUT,20\n",
    "Name;DOB;Count\nAda;3/4/2015;1\nBo;4/4/2014;2\n",
    "Case Mgr,Student,Elig,Annual,Tri,% GenEd\nOak,Ada Z.,SLD,9/1/24,9/1/26,80\n"
    "Oak,Bo Q.,AUT,9/2/24,9/1/25,40\n",
    "No.,Name,Age,Disability,LRE %\n1,Ada Zzyx,9,SLD,80\n2,Bo Quill,10,AUT,40\n",
    "#,Name,Sex,Absences\n1,Zzyx Ada,F,4\n2,Quill Bo,M,5\n",
    "Incident Date,Offender,Ed Code,Days Suspended,Number of Incidents\n"
    "9/1/24,Ada Zzyx,48900(a),2,1\n9/2/24,Bo Quill,48900(k),1,2\n",
    "Bus,Stop,Name,Grade,Count\n12,Elm,Ada Zzyx,3,1\n12,Oak,Bo Quill,4,1\n",
    "1002345,3,F,SLD,White\n1002346,4,M,AUT,Asian\n",
    "Perm ID,Grade,Days Absent,Absence Rate\n100234,3,12,10.2\n100235,4,2,1.7\n",
    "ID,GR,RACE,SWD,CHRONIC\n553012,3,H,Y,N\n553013,4,W,N,N\n553014,4,W,N,Y\n",
    'Oak Elementary School Attendance\nWeek of 9/1\n\nName,M,T,W,Th,F\n"Zzyx, Ada",P,P,A,P,P\n'
    '"Quill, Bo",P,P,P,P,P\n',
    "Name,IEP Goal,Progress %\nAda Zzyx,Reading fluency,80\nBo Quill,Writing,40\n",
    'Name,School,5a,5b\n"Zzyx, Ada",Oak Elementary,1,0\n"Quill, Bo",Oak Elementary,0,1\n',
    'District,Name,Disability,Regular Class 80%\nMeadow Unified,"Zzyx, Ada",SLD,1\n'
    'Meadow Unified,"Quill, Bo",AUT,0\n',
    "lea_code,lea_name,student_name,5a\n1964733,LAUSD,Ada Zzyx,1\n1964733,LAUSD,Bo Quill,0\n",
    "cds,year,name,gender,5a\n19647330000000,2023-24,Ada Zzyx,F,1\n"
    "19647330000000,2023-24,Bo Quill,M,0\n",
    "Full Name|Home Phone|Parent|Meetings Held|Rate\nAda Zzyx|555-111-2222|Eve Zzyx|2|80\n"
    "Bo Quill|555-111-2223|Dan Quill|1|70\n",
    "Name,Email,Total hours\nAda Zzyx,ada@x.org,3\nBo Quill,bo@x.org,4\n",
    "Ada Zzyx,12,Oak Elementary,3/4/2015\nBo Quill,13,Oak Elementary,4/4/2014\n",
    "Zzyx; Ada; 3; 10\nQuill; Bo; 4; 12\nHolt; Cy; 4; 13\n",
    "SSID,Rate\n1234567890,3\n1234567890,4\n",
    "Ident,Days\n987654321,3\n987654322,4\n987654322,5\n987654327,4\n987654328,4\n",
    "First Name,Grade,Score\nAda,3,8\nBo,4,9\n",
    "Participant,Date of Service,Minutes\nAda Zzyx,9/1/24,30\nBo Quill,9/2/24,60\n",
    "Client Name,Provider,Service Minutes,Sessions Count\nAda Zzyx,Oak,30,2\nBo Quill,Oak,60,3\n",
    "Legal Name,Local ID,Primary Disability Code,Percentage of Time In Regular Class\n"
    "Ada Zzyx,2001,290,80\nBo Quill,2002,320,40\n",
    "Reporting LEA,Academic Year,Student,Race,Discipline Count\n1964733,2023-24,Ada Zzyx,White,2\n"
    "1964733,2023-24,Bo Quill,Asian,1\n",
    "Nombre,Edad,Ruta,Parada,Total\nAda,9,12,Elm,1\nBo,10,12,Oak,1\n",
    "Nombre del alumno;Fecha nac.;Grado;Faltas\nZzyx, Ada;3/4/2015;3;4\nQuill, Bo;4/4/2014;4;5\n",
    "name,homeroom,n\nAda Zzyx,12,1\nBo Quill,13,2\n",
    "NAME,LUNCH,RATE\nZZYX ADA,F,1\nQUILL BO,R,2\n",
    "Ms. Oak period 3\nAda Zzyx\nBo Quill\nCy Holt\nDi Fern\nEd Moss\nFay Reed\n",
    "Student,Special Education Status,5a\nAda Zzyx,Yes,80\nBo Quill,Yes,20\n",
    "Grade,Birth Year,Disability,Gender,n\n3,2015,SLD,F,1\n4,2014,AUT,M,1\n",
    "Room Number,Grade,Disability,Minutes\n12,3,SLD,30\n12,4,AUT,20\n",
    "School,Grade,Disability,Days Absent,Absence %\nOak,3,SLD,4,2\nOak,4,AUT,5,3\n",
)  # fmt: skip


def refused(content: bytes, name: str) -> None:
    taken = checked_files.take(content, name)
    assert [one.kind for one in taken.problems] == ["students"] and not len(taken.dataset)
    said = taken.problems[0].sentence()
    assert not any(one in said for one in INVENTED), said


@pytest.mark.parametrize("text", ROSTERS, ids=range(len(ROSTERS)))
def test_lists_of_persons_are_refused(text):
    refused(text.encode(), "x.csv")


@pytest.mark.parametrize("name", ["R1_roster_room_number", "R2_roster_percent", "R4_roster_absences"])
def test_cases(name):
    refused((CASES / f"{name}.csv").read_bytes(), f"{name}.csv")


@pytest.mark.parametrize("text", ROSTERS[::4], ids=range(len(ROSTERS[::4])))
def test_one_such_sheet_refuses_a_workbook(text):
    rows = tables.tables_of(text.encode(), "x.csv")[0].rows
    own = [["lea_code", "year", "5a"], ["9900001", "2023-24", "50"]]
    refused(ods(rows), "x.ods")
    book = openpyxl.Workbook()
    for sheet, given in ((book.active, own), (book.create_sheet("Sheet2"), rows)):
        for row in given:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    refused(out.getvalue(), "x.xlsx")


def test_tables_of_real_leas_are_not_refused():
    names = list(dict.fromkeys(known_leas.names().values()))
    draw = random.Random(7)
    shapes = (
        ("Name,Grade,School,Rate", lambda one: [one, "K-8", "all", 5]),
        ("Name,Grade,5a", lambda one: [one, draw.randint(1, 12), 5]),
        ("Name,Ethnicity,Gender,Rate", lambda one: [one, "White", "M", 5]),
        ("Name,5a,chronic", lambda one: [f"{one}, CA", 5, 6]),
        ("Name,5a,Disability", lambda one: [", ".join(one.split(" ", 1)), 5, "SLD"]),
        ("District,Grade,Gender,Days Absent", lambda one: [one, "3", "M", 5]),
        ("Name,Contact,Phone,5a", lambda one: [one, "Zzyx, Ada", "555-123-4567", 5]),
    )
    for head, row in shapes:
        for many in (2, 3, 25):
            text = io.StringIO()
            csv.writer(text).writerows([head.split(","), *map(row, draw.sample(names, many))])
            (table,) = tables.tables_of(text.getvalue().encode(), "x.csv")
            verdict, told = look(table)
            assert (verdict is Verdict.NO or "Contact" in head) and not told, text.getvalue()


def test_nothing_that_is_shipped_is_a_list_of_persons():
    files = [*(ROOT / "sample_data").glob("*.[cx]*"), *(ROOT / "tests" / "fixtures" / "cases").rglob("*")]
    for path in files:
        if path.is_file() and path.suffix not in (".toml", ".md") and "roster" not in path.name:
            for table in tables.tables_of(path.read_bytes(), path.name):
                assert look(header.joined(table))[1] == "", path.name
    for layout in intake.LAYOUTS:
        assert look(tables.tables_of(layout.example.encode(), "x.txt")[0])[1] == ""


UNSURE = (
    "Name,Wishes,Amount\nAda Zzyx,Sun,80\nBo Quill,Rain,40\n",
    "Ada Zzyx,Sun,80\nBo Quill,Rain,40\n",
    "Grade,Gender,Sum\n3,F,20\n4,M,30\n",
)


@pytest.mark.parametrize("text", UNSURE, ids=range(len(UNSURE)))
def test_where_it_is_not_sure_no_value_is_shown(text):
    taken = checked_files.take(text.encode(), "x.csv")
    assert "students" not in kinds(taken) and not len(taken.dataset)
    said = " ".join(problem.sentence() for problem in taken.problems)
    (table,) = opening.open_tables(Upload("x.csv", text.encode()))
    proposal = guess.propose(table)
    shown = " ".join([said, *(one.header for one in proposal.columns)])
    assert not any(one in shown for one in INVENTED)
    assert not any(one.examples for one in proposal.columns) and not proposal.unknown


def test_values_of_leas_are_shown():
    text = "District,Regular class 80%,Pupils\nMeadow Unified,50,100\nBrook Elementary,40,90\n"
    (table,) = opening.open_tables(Upload("x.csv", text.encode()))
    assert guess.propose(table).columns[0].examples == ("Meadow Unified", "Brook Elementary")


@pytest.mark.parametrize(
    "text",
    [
        "lea_code,year,Student Group,5a\n9900001,2023-24,{0},50\n9900001,2023-24,{1},40\n",
        "lea_code,year,Student Group,5a\n9900001,2023-24,{0},50\n9900001,2023-24,SWD,40\n",
        "lea_code,year,indicator,rate\n9900001,2023-24,{0},50\n9900001,2023-24,{1},40\n",
        "lea_code,year,5a\n9900001,{0},50\n9900001,{1},40\n",
        "lea_code,lea_name,year,5a\n9900001,{0},2023-24,50\n9900001,{1},2023-24,50\n",
        "lea_code,lea_name,District,year,5a\n9900001,{0} Unified,{1} Unified,2023-24,50\n",
    ],
)
def test_no_value_of_a_table_that_may_hold_persons_stands_in_a_message_or_question(text, monkeypatch):
    monkeypatch.setattr(opening.persons, "look", lambda table: (Verdict.UNSURE, ""))
    names = "Zzyx", "Quill"
    taken = checked_files.take(text.format(*(f"{name} Ada" for name in names)).encode(), "x.csv")
    assert taken.problems
    said = [problem.sentence() for problem in taken.problems]
    said += [one.text() + " ".join(one.options) for _, one in taken.questions]
    assert not [one for one in said if any(name in one for name in names)]
