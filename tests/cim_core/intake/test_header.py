from __future__ import annotations

import csv
import io

import pytest

from cim_core.intake.assembly import header
from cim_core.intake.files.tables import Table
from cim_core.placing import checked_files
from tests.cim_core.intake.files import errors, kinds, three
from tests.cim_core.intake.test_workbooks import book
from tests.workbooks import ods

WHO = ["LEA Code", "LEA Name", "School Year"]
DATA = ["9900001", "Meadow Unified", "2023-24", "50.0", "5", "10", "20.0", "2", "10"]
UPPER = ["", "", "", "5a", "", "", "5b", "", ""]
LOWER = [*WHO, "Rate", "n", "d", "Rate", "n", "d"]


def text(*rows):
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def files(*rows, merge=()):
    yield "x.csv", text(*rows)
    yield "x.xlsx", book([[cell or None for cell in row] for row in rows])
    yield "merged.xlsx", book([[cell or None for cell in row] for row in rows], merge=merge)
    yield "x.ods", ods([[cell or None for cell in row] for row in rows])


@pytest.mark.parametrize(
    ("upper", "lower"),
    [
        (UPPER, LOWER),
        ([*WHO, *UPPER[3:]], ["", "", "", *LOWER[3:]]),
        (["Data of our SELPA", *UPPER[1:]], LOWER),
        ([*UPPER[:3], "Indicator 5a", *UPPER[4:]], LOWER),
    ],
)
def test_an_indicator_over_its_parts(upper, lower):
    for name, content in files(["Our SELPA"], upper, lower, DATA, merge=("D2:F2", "G2:I2")):
        taken = checked_files.take(content, name)
        assert not errors(taken) and "above_header" not in kinds(taken), (name, taken.problems)
        assert three(taken, "9900001", "5a")[1:] == (5, 10) and three(taken, "9900001", "5b")[1:] == (2, 10)


def names(*rows, merged=()):
    found = header.joined(Table("x.csv", "", [list(row) for row in rows], merged=merged))
    assert len(found.rows) == len(rows)
    return found.rows


def test_years_over_indicators():
    rows = names(["", "", "2022-23", "", "2023-24", ""], ["LEA Code", "LEA", "5a", "5b", "5a", "5b"])
    assert rows[0] == [] and rows[1][2:] == ["2022-23 5a", "2022-23 5b", "2023-24 5a", "2023-24 5b"]


def test_names_that_repeat_under_others():
    rows = names(
        ["", "Reading", "", "Math", ""], ["LEA Code", "Tested", "Proficient", "Tested", "Proficient"]
    )
    assert rows[1] == ["LEA Code", "Reading Tested", "Reading Proficient", "Math Tested", "Math Proficient"]


@pytest.mark.parametrize(
    "rows",
    [
        (["Our SELPA, 2023-24"], ["LEA Code", "School Year", "5a", "5b"]),
        (["SELPA", "Foothill", "Printed", "May"], ["LEA Code", "School Year", "5a", "5b"]),
        (["LEA Code", "School Year", "5a", "5b"], ["9900001", "2023-24", "NC", "NC"]),
        (["LEA Code", "School Year", "5a", "5b"], ["", "", "", ""]),
        (["lea_code", "year", "indicator", "note"], ["9900001", "2023-24", "5a", "NC"]),
        (["No.", "Indicator", "Rate", "Target"], ["5a", "LRE Rate", "NC", "NA"]),
        (["2023-24"], ["LEA Code", "5a", "5b"]),
    ],
)
def test_rows_that_do_not_belong_together_are_left_alone(rows):
    assert names(*rows) == [list(row) for row in rows]


def test_a_title_with_the_year_beside_the_names_is_not_lost():
    rows = names(["2023-24 data", "", "5a", "", "5b", ""], ["LEA Code", "LEA", "n", "d", "n", "d"])
    assert rows[0][0] == "2023-24 data" and rows[1] == ["LEA Code", "LEA", "5a n", "5a d", "5b n", "5b d"]
    content = text(*rows, ["9900001", "Meadow", 5, 10, 2, 10])
    assert three(checked_files.take(content, "x.csv"), "9900001", "5a")[1:] == (5, 10)


def test_ages_over_settings():
    upper = ["LEA Code", "School Year", "School Age", "", "", "", "Preschool", "", ""]
    lower = ["", "", "Regular class 80%+", "40-79%", "<40%", "Separate school"]
    lower += ["Regular program", "Separate class", "Separate school"]
    taken = checked_files.take(text(upper, lower, ["9900001", "2023-24", 56, 20, 21, 3, 60, 15, 3]), "x.csv")
    assert taken.layout == "settings" and not errors(taken)
    assert three(taken, "9900001", "5c")[1:] == (3, 100) and three(taken, "9900001", "6b")[1:] == (18, 78)
