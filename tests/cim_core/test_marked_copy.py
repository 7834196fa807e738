"""The marked copy: the person's own rows, every problem in its cell, nothing that a spreadsheet would run."""

from __future__ import annotations

import io

import pytest
from openpyxl import Workbook, load_workbook

from cim_core import intake, marked_copy
from cim_core.intake.reading import Upload
from tests.workbooks import ods

ROWS = [
    ["My SELPA"], ["lea_code", "lea_name", "year", "5a", "5b", "5c"],
    ["0110017", "=cmd|' /C calc'!A1", "2023-24", "60", "40", "10"],
    ["9900002", "@SUM(1)", "2023-24", "x", "20", "3"],
]  # fmt: skip


def book_of(content: bytes, name: str):
    taken = intake.read(content, name)
    return load_workbook(io.BytesIO(marked_copy.marked(Upload(name, content), taken.problems))), taken


def as_xlsx() -> bytes:
    made = Workbook()
    for row in ROWS:
        made.active.append(row)
    made.active["B3"].data_type = "s"
    made.active["H1"] = "=1+1"
    made.active["A1"].hyperlink = "http://example.org"
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("\n".join(",".join(row) for row in ROWS).encode(), "x.csv"),
        (as_xlsx(), "x.xlsx"),
        (ods(ROWS), "x.ods"),
    ],
    ids=["csv", "xlsx", "ods"],
)
def test_problems_are_marked_where_they_are(content, name):
    book, taken = book_of(content, name)
    sheet = book.worksheets[0]
    assert str(sheet["A3"].value) == "0110017" and sheet["C4"].value == "2023-24"
    assert (
        "Not a number" not in sheet["D4"].comment.text and "a number such as 53.2" in sheet["D4"].comment.text
    )
    assert "at most 100 %" in sheet["D3"].comment.text
    assert sheet["E4"].comment is None
    listed = book.worksheets[-1]
    assert listed.max_row == 1 + len([one for one in taken.problems if one.file == name])


@pytest.mark.parametrize("content", [as_xlsx(), "\n".join(",".join(row) for row in ROWS).encode()])
def test_nothing_in_it_can_run(content):
    book, _ = book_of(content, "x.xlsx")
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f" and cell.hyperlink is None
                assert not str(cell.value or "").startswith(("=", "@"))
