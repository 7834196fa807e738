from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from cim_core.data.dataset import Missing
from cim_core.data.indicators import POSITION
from cim_core.intake.layouts import indicator7
from cim_core.intake.problems import Severity
from cim_core.placing import checked_files

FIXTURE = Path(__file__).parent.parent.parent / "fixtures" / "indicator7_preschool.csv"


def read(text: str, **options):
    return checked_files.take(text.encode(), "seven.csv", **options)


def kinds(taken) -> list[str]:
    return [problem.kind for problem in taken.problems]


def test_the_real_file():
    taken = checked_files.read_path(FIXTURE)
    assert taken.layout == "indicator7"
    note = next(one for one in taken.problems if one.kind == "indicator7_selpas")
    assert note.severity is Severity.NOTE and note.values["n"] == 86
    assert "names_matched" in kinds(taken) and not taken.errors
    data = taken.dataset
    assert data.lea_code.tolist() == [
        "1010108", "1073965", "1964287", "1964295", "1964394", "1964451", "1973445", "3968569", "3976760",
    ]  # fmt: skip
    row = data.row_of("1073965", "2018-19")
    assert data.exact(row, "7A1") == Decimal("85.71") and data.denominator[row, POSITION["7A1"]] == 34
    assert {one.collection for one in data.origins} == {"indicator7"}
    assert len(taken.targets) == 120 and {one.comparator for one in taken.targets} == {None}
    assert {one.year for one in taken.targets} == {"2017-18", "2018-19"}


@pytest.mark.parametrize(
    "header",
    [
        "cd_code,School Year,Summary Statement,Number of Children Exited,LEA Result,State Target",
        "CDS Code,Year,Statement,# Exited,Result,Target",
        "Agency Code,Academic Year,Summary Statements,Children Exited,Result Pct,State Target Pct",
    ],
)
def test_spellings_of_the_header(header):
    taken = read(f"{header}\n9900001,2023-24,7A.1,34,85.71,84.20\n9900001,2023-24,7A.2,34,--,80.50\n")
    assert taken.layout == "indicator7" and not taken.problems
    assert taken.dataset.exact(0, "7A1") == Decimal("85.71")
    assert taken.dataset.missing[0, POSITION["7A2"]] == Missing.FEWER_THAN_11
    assert [str(one.value) for one in taken.targets] == ["84.20", "80.50"]


@pytest.mark.parametrize(
    ("written", "code"),
    [("7A.1", "7A1"), ("7a1", "7A1"), ("C.2", "7C2"), ("B1", "7B1"), ("5a", None), ("7", None), ("", None),
     ("Outcome A, Summary Statement 1", "7A1"), ("C: Behavior, statement 2", "7C2")],
)  # fmt: skip
def test_which_statement(written, code):
    assert indicator7.code_of(written) == code


def test_title_lines_name_year_and_agency():
    table = "Summary Statement,Result,State Target\n7A.1,85.71,84.20\n"
    taken = read(f"Indicator 7 of 2023-24,,\nAgency: Meadow Unified (9900001),,\n{table}")
    data = taken.dataset
    assert (str(data.lea_code[0]), str(data.lea_name[0]), str(data.year[0])) == (
        "9900001",
        "Meadow Unified",
        "2023-24",
    )
    asked = read(f"Agency: Meadow Unified (9900001),,\n{table}")
    assert kinds(asked) == ["year_asked"] and not asked.targets
    assert len(read(f"Agency: Meadow Unified (9900001),,\n{table}", answers={"year": "2023-24"}).dataset) == 1
    nobody = read(f"Indicator 7 of 2023-24,,\n{table}")
    assert "report_no_code" in kinds(nobody) and len(nobody.dataset) == 0


def test_results_of_selpas_are_never_those_of_an_lea():
    taken = read("cd_code,school_year,summary_statement,SELPA Result\n9900001,2023-24,7A.1,83\n")
    assert len(taken.dataset) == 0 and "indicator7_selpas" in kinds(taken)
    both = read("cd_code,school_year,summary_statement,SELPA Result,LEA Result\n9900001,2023-24,7A.1,83,70\n")
    assert both.dataset.exact(0, "7A1") == 70 and kinds(both) == ["column_unused"]


def test_an_unknown_statement_is_an_error_in_its_row():
    taken = read(
        "cd_code,school_year,summary_statement,result\n9900001,2023-24,7D.1,83\n9900001,2023-24,7A.1,8\n"
    )
    problem = next(one for one in taken.problems if one.kind == "unknown_indicator")
    assert (problem.row, problem.column, problem.found) == (2, "summary_statement", "7D.1")


def test_the_example_reads():
    assert not read(indicator7.EXAMPLE).errors
