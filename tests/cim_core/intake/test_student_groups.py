"""Only rows of students with disabilities are read, in any layout; where none are, nothing is."""

from __future__ import annotations

from pathlib import Path

import pytest

from cim_core.data.indicators import POSITION
from cim_core.intake.meanings import group_words
from cim_core.intake.meanings.group_words import Meaning
from cim_core.intake.tying import mapping
from cim_core.placing import checked_files
from tests.cim_core.intake.files import errors, kinds, only, question

CASES = Path(__file__).parent.parent.parent / "fixtures" / "cases"
MEADOW, BROOK = "99000010000000", "99000020000000"
WIDE = "cds,district,{},year,5a,chronic\n"


def case(name: str, **more):
    return checked_files.take((CASES / name).read_bytes(), name, **more)


def value(taken, lea: str, code: str) -> float:
    data = taken.dataset
    (row,) = [at for at, key in enumerate(data.lea_key.tolist()) if key == lea]
    return round(float(data.value[row, POSITION[code]]), 4)


def wide(header: str, *groups: str, answers=None):
    """One LEA with one row for each group: 5a of 10, 20, … in the order given."""
    rows = "".join(
        f'{MEADOW},Meadow Unified,"{one}",2023-24,{at}0,{at}\n' for at, one in enumerate(groups, 1)
    )
    return checked_files.take((WIDE.format(header) + rows).encode(), "x.csv", answers=answers)


def test_one_row_in_three():
    taken = case("G1_wide_three_groups.csv")
    assert value(taken, MEADOW, "5a") == 55.5 and value(taken, MEADOW, "chronic") == 23
    assert value(taken, BROOK, "5a") == 40.5 and value(taken, BROOK, "chronic") == 31
    assert only(taken, "rows_group").found == "AA (2), ALL (2)" and not errors(taken)
    assert "studentgroup" not in [one.found for one in taken.problems if one.kind == "column_unused"]


def test_all_students_are_refused_unless_somebody_says_who_they_are():
    taken = case("G2_wide_all_students_only.csv")
    assert errors(taken) == ["group_none"] and not len(taken.dataset)
    assert question(taken, "group").options == ("swd", "ALL") and question(taken, "group").open
    for answer in ("swd", "all"):
        taken = case("G2_wide_all_students_only.csv", answers={"group": answer})
        assert value(taken, MEADOW, "5a") == 61 and only(taken, "group_said")


def test_a_group_spelled_out_in_dataquests_file():
    taken = case("A1_group_spelled_out_susp.txt")
    data = taken.dataset
    at = POSITION["susp"]
    assert (int(data.numerator[0, at]), int(data.denominator[0, at])) == (80, 1450)


def test_a_mapped_file_is_held_to_the_same():
    ties = mapping.loads((CASES / "G5_mapping.toml").read_text())
    taken = case("G5_mapped_participation.txt", mapping=ties, answers={"year": "2023-24"})
    data = taken.dataset
    at = POSITION["3a_ela"]
    assert data.lea_key.tolist() == [MEADOW]
    assert (int(data.numerator[0, at]), int(data.denominator[0, at])) == (576, 600)
    assert only(taken, "schools_aside").values["n"] == 1 and only(taken, "rows_group").values["n"] == 2


SPELLED = (
    "Students with Disabilities", "Students With Disability", "STUDENTS  WITH DISABILITIES", "SWD", "swd",
    "SWDs",
    "SD", "SE", "SpEd", "SPED", "Special Education", "Special Ed", "Special Ed.", "IEP", "Students with IEPs",
    "128", "Student with Disability", "Students w/ Disabilities", "Students with Disabilities (SWD)",
    "SWD - Students with Disabilities", "Special-Education", "Special Education Students", "Disabled",
    "Students_with_Disabilities", "Reported Disabilities", "students with an IEP", "Pupils with Disabilities",
    "Students in Special Education", "StudentsWithDisabilities", "With Disabilities", "Disabilities",
    "Students with Disabilities - Total", "Children with disabilities", "All Students with Disabilities",
)  # fmt: skip


@pytest.mark.parametrize("spelled", SPELLED)
def test_spellings_of_students_with_disabilities(spelled):
    assert group_words.meaning(spelled) is Meaning.SWD
    for order in (("AA", spelled, "Hispanic"), ("Hispanic", spelled), (spelled, "AA")):
        taken = wide("Student Group", *order)
        assert value(taken, MEADOW, "5a") == 10 * (order.index(spelled) + 1) and not errors(taken)


@pytest.mark.parametrize(
    "spelled",
    [
        "Students without Disabilities", "Non-SWD", "General Education", "No reported disability", "EL",
        "SED", "English Learners with Disabilities", "ALL", "All Students", "Total",
        "Not Special Education", "99", "Section 504", "Hispanic", "Foster Youth",
        "Students with Disabilities who are Black",
        "Black - SWD",
    ],
)  # fmt: skip
def test_others_are_never_taken_for_them(spelled):
    assert group_words.meaning(spelled) is not Meaning.SWD
    taken = wide("Student Group", spelled, "Asian")
    assert not len(taken.dataset) and errors(taken) in (["group_none"], ["group_unsure"])


@pytest.mark.parametrize(
    "header",
    [
        "studentgroup", "Student Group", "Subgroup", "Student Subgroup", "ReportingCategory",
        "Reporting Category", "Student Group ID", "group", "Group", "Sub-group", "STUDENT_GROUP",
        "Student Group Name",
        "Subgroup Name",
        "Demographic", "Demographic Group", "Student Population", "Student Category", "Accountability Group",
        "Subgroup Description", "Category", "Population", "Which students", "Column 3", "Students",
    ],
)  # fmt: skip
def test_headers_of_groups(header):
    taken = wide(header, "ALL", "EL", "Students with Disabilities")
    assert value(taken, MEADOW, "5a") == 30 and not errors(taken)


@pytest.mark.parametrize(
    ("header", "yes", "no"),
    [
        ("Special Education Status", "Yes", "No"), ("SWD Status", "SWD", "Non-SWD"), ("SWD", "Y", "N"),
        ("Disability Status", "With Disability", "Without Disability"), ("SWD Flag", "1", "0"),
        ("Students with disabilities", "Yes", "No"), ("Has IEP", "TRUE", "FALSE"), ("SWD", "1", "0"),
        ("Special Education", "Special Education", "General Education"), ("IEP", "Y", "N"),
        ("Special Education Status", "SPED", "ALL"), ("SPED", "Yes", "No"), ("is_swd", "1", "0"),
    ],
)  # fmt: skip
def test_signs_for_each_row(header, yes, no):
    assert value(wide(header, no, yes), MEADOW, "5a") == 20
    assert value(wide(header, yes, no), MEADOW, "5a") == 10
    if not no.isdigit():
        assert not len(wide(header, no).dataset)


def test_what_may_be_them_is_asked():
    taken = wide("Student Group", "Group A", "Group B")
    assert errors(taken) == ["group_unsure"] and not len(taken.dataset)
    assert question(taken, "group").options == ("swd", "Group A", "Group B")
    taken = wide("Student Group", "Group A", "Group B", answers={"group": "Group B"})
    assert value(taken, MEADOW, "5a") == 20 and only(taken, "rows_group").found == "Group A (1)"


def test_se_are_english_learners_beside_dataquests_own_codes():
    assert value(wide("Reporting Category", "TA", "SE", "SD"), MEADOW, "5a") == 30
    assert errors(wide("Reporting Category", "TA", "SE", "RB")) == ["group_unsure"]
    assert value(wide("Student Group", "ALL", "EL", "SE"), MEADOW, "5a") == 30


def test_a_part_of_them_is_not_them_all():
    text = (
        "cds,district,Race,SWD status,year,5a\n"
        f"{MEADOW},Meadow,Black,Yes,2023-24,10\n{MEADOW},Meadow,All,Yes,2023-24,20\n"
        f"{MEADOW},Meadow,All,No,2023-24,30\n"
    )
    assert value(checked_files.take(text.encode(), "x.csv"), MEADOW, "5a") == 20
    races = "\n".join(line for line in text.splitlines() if ",All,Yes" not in line)
    assert errors(checked_files.take(races.encode(), "x.csv")) == ["group_none"]


def test_other_layouts():
    long = (
        "lea_code,year,studentgroup,indicator,rate\n"
        f"{MEADOW},2023-24,ALL,5a,60\n{MEADOW},2023-24,SWD,5a,50\n{MEADOW},2023-24,SWD,11,100\n"
    )
    taken = checked_files.take(long.encode(), "x.csv")
    assert taken.layout == "long" and value(taken, MEADOW, "5a") == 50 and value(taken, MEADOW, "11") == 100
    seven = (
        "level,cd_code,name,school_year,Student Group,summary_statement,children_exited,result_pct\n"
        "LEA,9900001,Meadow Unified,2023-24,Foster,7A.1,34,85.71\n"
        "LEA,9900001,Meadow Unified,2023-24,SWD,7A.1,34,80.00\n"
    )
    taken = checked_files.take(seven.encode(), "x.csv")
    assert taken.layout == "indicator7" and value(taken, MEADOW, "7A1") == 80
    dashboard = (
        "cds\trtype\tdistrictname\tstudentgroup\tcurrdenom\tcurrstatus\tindicator\treportingyear\n"
        f"{MEADOW}\tD\tMeadow Unified\tALL\t4200\t-12.4\tELA\t2024\n"
        f"{MEADOW}\tD\tMeadow Unified\tStudents with Disabilities\t597\t-74.8\tELA\t2024\n"
    )
    taken = checked_files.take(dashboard.encode(), "ela.txt")
    assert taken.layout == "dashboard" and value(taken, MEADOW, "ela_dfs") == -74.8
    taken = checked_files.take(dashboard.replace("Students with Disabilities", "EL").encode(), "ela.txt")
    assert errors(taken) == ["group_none"] and not len(taken.dataset)


def test_a_mapping_reads_only_rows_that_meet_its_conditions():
    text = "Code,Bunch,Kind,Yr,LRE\n" + "".join(
        f"{MEADOW},{bunch},{kind},2023-24,{at}\n"
        for at, (bunch, kind) in enumerate([("A", "x"), ("B", "x"), ("B", "y"), ("C", "y")])
    )
    ties = mapping.loads(
        'schema = 1\n[columns]\nCode = "lea_code"\nYr = "year"\nLRE = "5a"\n'
        '[only]\nBunch = " b"\nKind = ["Y", "z"]\n'
    )
    assert ties.only == {"Bunch": (" b",), "Kind": ("Y", "z")}
    assert mapping.loads(mapping.dumps(ties)) == ties
    taken = checked_files.take(text.encode(), "x.csv", mapping=ties)
    assert value(taken, MEADOW, "5a") == 2 and only(taken, "rows_only").values["n"] == 3
    assert "column_not_tied" not in kinds(taken)
    none = mapping.loads(mapping.dumps(ties).replace(" b", "d"))
    assert errors(checked_files.take(text.encode(), "x.csv", mapping=none))[0] == "only_none"


def test_a_mapping_may_choose_the_group_itself():
    ties = 'schema = 1\n[columns]\ncds = "lea_code"\nyear = "year"\n5a = "5a"\n[only]\nBand = {}\n'.replace(
        "5a =", '"5a" ='
    )
    for value_of, wanted in (('"SWD"', 20.0), ("[2]", None)):
        text = WIDE.format("Band") + f"{MEADOW},M,ALL,2023-24,10,1\n{MEADOW},M,SWD,2023-24,20,1\n"
        if wanted is None:
            with pytest.raises(ValueError, match="only"):
                mapping.loads(ties.format(value_of))
            continue
        taken = checked_files.take(text.encode(), "x.csv", mapping=mapping.loads(ties.format(value_of)))
        assert value(taken, MEADOW, "5a") == wanted and not errors(taken)
    with pytest.raises(ValueError, match="only"):
        mapping.loads(ties.format('""'))


@pytest.mark.parametrize(
    ("header", "part", "whole"),
    [
        ("EL Status", "EL", "All"),
        ("Grade", "4", "All grades"),
        ("Gender", "F", "Total"),
        ("Charter School", "Y", "All"),
    ],
)
def test_a_further_cut_is_read_for_everybody(header, part, whole):
    text = f"cds,year,Student Group,{header},5a\n{MEADOW},2023-24,SWD,{part},60\n"
    text += f"{MEADOW},2023-24,SWD,{whole},50\n"
    taken = checked_files.take((text + f"{MEADOW},2023-24,ALL,{whole},40\n").encode(), "x.csv")
    assert value(taken, MEADOW, "5a") == 50 and not errors(taken)
    assert only(taken, "rows_group").values["n"] == 2
    alone = text.replace("Student Group", "Comment").replace("SWD", "")
    assert value(checked_files.take(alone.encode(), "x.csv"), MEADOW, "5a") == 50


def test_a_line_above_the_table_says_who_they_are():
    text = f"Student group: {{}}\ncds,year,5a\n{MEADOW},2023-24,60\n"
    assert (
        value(
            checked_files.take(text.format("Students with Disabilities").encode(), "x.csv"),
            MEADOW,
            "5a",
        )
        == 60
    )
    taken = checked_files.take(text.format("All Students").encode(), "x.csv")
    assert errors(taken) == ["group_none"] and not len(taken.dataset)
    taken = checked_files.take(text.format("All Students").encode(), "x.csv", answers={"group": "swd"})
    assert value(taken, MEADOW, "5a") == 60


def test_a_group_beside_each_row_of_a_printed_report():
    text = (
        "Agency: Meadow Unified (9900001)\nSchool year: 2023-24\n\n"
        "No.,Indicator,Student Group,Rate,Target,Target Met?\n"
        "5a,Regular class 80%,All Students,70.0%,>=51.2%,Yes\n"
        "5a,Regular class 80%,Students with Disabilities,50.0%,>=51.2%,No\n"
    )
    taken = checked_files.take(text.encode(), "x.csv")
    assert taken.layout == "apr" and value(taken, MEADOW, "5a") == 50
