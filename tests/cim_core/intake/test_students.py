"""Files about single students are refused, and nothing of theirs is repeated."""

from __future__ import annotations

import pytest

from cim_core import intake
from tests.workbooks import ods

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
    taken = intake.read(text.encode(), "x.csv")
    assert [one.kind for one in taken.problems] == ["students"] and not len(taken.dataset)
    assert not any(sign in taken.problems[0].sentence() for sign in ("1234567890", "Ada", "1000000007"))


def test_students_on_a_second_sheet_or_in_another_format_are_refused_too():
    content = ods([["SSID", "School"], ["1234567890", "A"]])
    assert [one.kind for one in intake.read(content, "x.ods").problems] == ["students"]


@pytest.mark.parametrize(
    "text",
    [
        "lea_code,lea_name,year,5a\n9900001,First Last,2023-24,50\n",
        "lea_code,year,swd,5a\n" + "".join(f"99000{at:02d},2023-24,{3000000000},50\n" for at in range(12)),
    ],
)
def test_totals_of_groups_are_not_students(text):
    assert "students" not in [one.kind for one in intake.read(text.encode(), "x.csv").problems]
