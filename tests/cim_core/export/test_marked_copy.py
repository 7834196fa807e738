"""The marked copy: the person's own rows, every problem in its cell, nothing that a spreadsheet would run."""

from __future__ import annotations

import io

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import PatternFill

from cim_core.export import marked_copy
from cim_core.intake.assembly.opening import Upload
from cim_core.intake.problems import UnreadableFileError
from cim_core.intake.tying.mapping import Mapping
from cim_core.placing import checked_files
from tests.cim_core.intake.test_workbooks import HEAD, members, zipped
from tests.cim_core.intake.test_workbooks import book as xlsx
from tests.workbooks import ods

ROWS = [
    ["My SELPA"], ["lea_code", "lea_name", "year", "5a", "5b", "5c"],
    ["0110017", "=cmd|' /C calc'!A1", "2023-24", "60", "40", "10"],
    ["9900002", "@SUM(1)", "2023-24", "x", "20", "3"],
]  # fmt: skip


def book_of(content: bytes, name: str):
    taken = checked_files.take(content, name)
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
    assert "at most 100%" in sheet["D3"].comment.text
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


def far_away() -> bytes:
    made = Workbook()
    for row in (HEAD, ["9900001", "Meadow", "2023-24", "x", 1, "no"]):
        made.active.append(row)
    made.active.cell(1_048_576, 400).fill = PatternFill("solid", start_color="FF0000")
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def with_block(written: bytes) -> bytes:
    parts = members(xlsx([HEAD, ["9900001", "Meadow", "2023-24", "x", 1, "no"]]))
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b"</sheetData>", b"</sheetData>" + written)
    return zipped(parts)


@pytest.mark.parametrize(
    "content",
    [
        far_away(),
        with_block(b'<mergeCells count="1"><mergeCell ref="A9:XFD1048576"/></mergeCells>'),
        with_block(b"<mergeCells count='1'><mergeCell ref='A9:XFD1048576'/></mergeCells>"),
        with_block(b'<hyperlinks><hyperlink ref="A9:XFD1048576" location="A1"/></hyperlinks>'),
    ],
    ids=["blank cell", "merged", "written otherwise", "linked"],
)
def test_a_workbook_that_spans_far_more_than_it_holds_is_copied_from_its_rows(content, monkeypatch):
    monkeypatch.setattr(marked_copy, "load_workbook", lambda *_, **__: pytest.fail("openpyxl would hang"))
    taken = checked_files.take(content, "x.xlsx")
    copy = load_workbook(io.BytesIO(marked_copy.marked(Upload("x.xlsx", content), taken.problems)))
    assert "a number such as" in copy.worksheets[0]["D2"].comment.text


def test_between_far_cells_none_are_made():
    made = Workbook()
    made.active.append(HEAD)
    made.active.cell(3_000, 300).value = "x"
    out = io.BytesIO()
    made.save(out)
    assert len(marked_copy._own(Upload("x.xlsx", out.getvalue())).active._cells) == len(HEAD) + 1


def test_what_an_archive_is_refused_for_holds_here_too(monkeypatch):
    monkeypatch.setattr(marked_copy.opening, "open_tables", lambda _: [])
    parts = members(as_xlsx())
    parts["xl/workbook.xml"] = b'<!DOCTYPE x [<!ENTITY a "b">]>' + parts["xl/workbook.xml"]
    with pytest.raises(UnreadableFileError):
        marked_copy.marked(Upload("x.xlsx", zipped(parts)), [])


def test_the_column_under_two_header_rows():
    rows = [
        ["", "", "5a", "", "5b", ""], ["LEA Code", "School Year", "n", "d", "n", "d"],
        [9900001, "2023-24", "x", 10, 2, 10], [9900002, "2023-24", 1, 10, "y", 10],
    ]  # fmt: skip
    for content, name in ((xlsx(rows, merge=("C1:D1", "E1:F1")), "x.xlsx"), (two_header_rows(), "x.ods")):
        sheet = book_of(content, name)[0].worksheets[0]
        marks = {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.comment}
        assert {"C3", "E4"} <= marks and sheet["C1"].value == "5a" and sheet["C2"].value == "n"


def two_header_rows() -> bytes:
    wide = ' table:number-columns-spanned="2"'
    top = "".join(
        f'<table:table-cell{wide} office:value-type="string"><text:p>{name}</text:p></table:table-cell>'
        "<table:covered-table-cell/>"
        for name in ("5a", "5b")
    )
    rows = [["LEA Code", "School Year", "n", "d", "n", "d"], ["9900001", "2023-24", "x", 10, 2, 10]]
    rows.append(["9900002", "2023-24", 1, 10, "y", 10])
    first = f'<table:table-row><table:table-cell table:number-columns-repeated="2"/>{top}</table:table-row>'
    parts = members(ods(rows))
    return zipped(parts | {"content.xml": parts["content.xml"].replace(b'LEAs">', f'LEAs">{first}'.encode())})


def test_the_column_of_a_repeated_name_and_of_one_that_is_a_value_too():
    text = b"Code,Year,LRE,N,8,N\n9900001,2023-24,50,5,8,N\n9900002,2023-24,50,x,999,y\n"
    columns = {"Code": "lea_code", "Year": "year", "LRE": "5a", "N": "5a_n", "N (2)": "5a_d", "8": "8"}
    ties = Mapping(("Code", "Year", "LRE", "N", "8", "N (2)"), columns)
    taken = checked_files.take(text, "x.csv", mapping=ties)
    copy = load_workbook(io.BytesIO(marked_copy.marked(Upload("x.csv", text, {}, ties), taken.problems)))
    sheet = copy.worksheets[0]
    marks = {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.comment}
    assert {"D3", "E3", "F2", "F3"} <= marks, (marks, taken.problems)
