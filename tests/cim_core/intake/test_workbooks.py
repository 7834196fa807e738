"""Workbooks of every kind give the same text as a CSV would; what they hide or exaggerate is refused."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from fractions import Fraction
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.styles import PatternFill

from cim_core.data.dataset import Missing
from cim_core.data.indicators import POSITION
from cim_core.intake import limits
from cim_core.intake.assembly import opening
from cim_core.intake.assembly.opening import Upload
from cim_core.intake.files import sheet_xml
from cim_core.intake.problems import Severity
from cim_core.placing import checked_files
from tests.workbooks import ods, ods_cell

FIXTURES = Path(__file__).parent.parent.parent / "fixtures"
HEAD = ["LEA Code", "LEA Name", "School Year", "5a", "8", "sig_dis"]
ROWS = [
    HEAD,
    [9900001, "Meadow Unified", "2023-24", 0.532, 90.25, "no"],
    [9900002, "La Cañada", "2023-24", 0.6, "NC", "yes"],
]


def saved(made: Workbook) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def book(rows, percent: str = "", merge: tuple[str, ...] = ()) -> bytes:
    made = Workbook()
    sheet = made.active
    for row in rows:
        sheet.append(row)
    if percent:
        for cell in sheet[percent]:
            cell.number_format = "0.0%"
    for cells in merge:
        sheet.merge_cells(cells)
    return saved(made)


def kinds(taken) -> set[str]:
    return {one.kind for one in taken.problems}


def test_the_same_table_in_every_kind_of_workbook():
    in_percent = [HEAD, *([*row[:3], ("%", row[3]), *row[4:]] for row in ROWS[1:])]
    found = [
        checked_files.take(book(ROWS, "D"), "a.xlsx"),
        checked_files.take(book(ROWS, "D"), "a.xlsm"),
        checked_files.take(ods(in_percent), "a.ods"),
        checked_files.take((FIXTURES / "old_excel.xls").read_bytes(), "a.xls"),
    ]
    for taken in found:
        assert not taken.errors, taken.problems
        data = taken.dataset
        assert [str(name) for name in data.lea_name] == ["Meadow Unified", "La Cañada"]
        assert (data.exact(0, "5a"), data.exact(1, "5a")) == (Fraction("53.2"), 60)
        assert data.exact(0, "8") == Fraction("90.25")
        assert data.missing[1, POSITION["8"]] == Missing.NOT_CALCULATED
        assert data.sig_dis.tolist() == [0, 1]


def test_title_rows_line_breaks_and_blanks_in_headers():
    rows = [
        ["Foothill SELPA, data for 2023-24"], [], ["LEA \nCode ", "School\nYear", "5a\n", "5a  n", "5a_d "],
        [9900001, "2023-24", None, 5, 10],
    ]  # fmt: skip
    assert checked_files.take(book(rows), "x.xlsx").dataset.exact(0, "5a") == 50


def test_cells_merged_downwards_hold_for_all_their_rows():
    rows = [
        ["lea_code", "year", "indicator", "rate"],
        ["9900001", "2023-24", "5a", 60], [None, None, "5b", 20], [None, None, "5c", 3],
    ]  # fmt: skip
    data = checked_files.take(book(rows, merge=("A2:A4", "B2:B4")), "x.xlsx").dataset
    assert [data.exact(0, code) for code in ("5a", "5b", "5c")] == [60, 20, 3]


def test_headers_of_two_rows_with_merged_names():
    rows = [
        ["Our SELPA, 2023-24"], ["", "", "5a", "", "5b", ""],
        ["LEA Code", "School Year", "n", "d", "n", "d"], [9900001, "2023-24", 5, 10, 2, 10],
    ]  # fmt: skip
    taken = checked_files.take(book(rows, merge=("A1:F1", "C2:D2", "E2:F2")), "x.xlsx")
    assert (taken.dataset.exact(0, "5a"), taken.dataset.exact(0, "5b")) == (50, 20)
    assert not taken.problems


def test_an_ending_that_lies_is_a_note():
    for content, name in ((book(ROWS), "x.csv"), (b"lea_code,year,5a\n9900001,2023-24,50\n", "x.xlsx")):
        taken = checked_files.take(content, name)
        assert len(taken.dataset) and "other_ending" in kinds(taken)
        assert next(one for one in taken.problems if one.kind == "other_ending").severity is Severity.NOTE


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (b"<html><table><tr><td>5a</td></tr></table></html>", "export.xls", "web_page"),
        (b"\xff\xd8\xff\xe0 a photo", "photo.csv", "not_a_table"),
        (b"{\\rtf1 text}", "x.csv", "not_a_table"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><text>a,b</text></svg>', "x.csv", "not_a_table"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- drawn -->\n<svg width="1"></svg>', "x.csv", "not_a_table"),
        (b"\xef\xbb\xbf<html><table></table></html>", "export.xls", "web_page"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "x.xls", "damaged_workbook"),
    ],
)
def test_files_that_are_no_tables(content, name, kind):
    assert kind in kinds(checked_files.take(content, name))


def zipped(members: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return out.getvalue()


def members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as made:
        return {name: made.read(name) for name in made.namelist()}


def test_entities_and_archives_inside_are_refused():
    good = members(book(ROWS))
    evil = good | {"xl/workbook.xml": b'<!DOCTYPE x [<!ENTITY a "b">]>' + good["xl/workbook.xml"]}
    assert kinds(checked_files.take(zipped(evil), "x.xlsx")) == {"xml_entities"}
    for name in ("xl/embeddings/inside.xlsx", "more.zip"):
        assert kinds(checked_files.take(zipped(good | {name: b"PK\x03\x04"}), "x.xlsx")) == {"archive_inside"}
    assert kinds(checked_files.take(zipped({"data.csv": b"a,b"}), "x.zip")) == {"not_a_table"}


def test_an_archive_that_states_smaller_sizes_than_it_has_is_refused():
    content = bytearray(zipped(members(book(ROWS)) | {"xl/media/x.xml": b"0" * 3_000_000}))
    entry = content.rindex(b"PK\x01\x02", 0, content.index(b"xl/media/x.xml", content.index(b"PK\x01\x02")))
    content[entry + 24 : entry + 28] = struct.pack("<I", 1_000)
    assert kinds(checked_files.take(bytes(content), "x.xlsx")) == {"unpacks_too_big"}


def test_stated_sizes_over_the_limit_are_refused_before_unpacking(monkeypatch):
    monkeypatch.setattr(zlib, "decompressobj", lambda *_: pytest.fail("it was unpacked"))
    content = bytearray(zipped({"[Content_Types].xml": b"x", "xl/workbook.xml": b"y"}))
    entry = content.index(b"PK\x01\x02")
    content[entry + 24 : entry + 28] = struct.pack("<I", limits.MAX_UNPACKED + 1)
    assert kinds(checked_files.take(bytes(content), "x.xlsx")) == {"unpacks_too_big"}


def test_repeated_ods_cells_that_would_fill_the_memory_are_refused():
    bomb = f'<table:table-row table:number-rows-repeated="1000000">{ods_cell("x", 1000)}</table:table-row>'
    assert kinds(checked_files.take(ods(ROWS, bomb), "x.ods")) == {"unpacks_too_big"}
    blank = f'<table:table-row table:number-rows-repeated="1048000">{ods_cell(None, 1024)}</table:table-row>'
    assert len(checked_files.take(ods(ROWS, blank), "x.ods").dataset) == 2


def test_ods_cells_that_exist_only_by_repetition_are_few():
    cell = ods_cell(("%", 1), 399)
    bomb = f'<table:table-row table:number-rows-repeated="15000">{cell}</table:table-row>'
    assert kinds(checked_files.take(ods([], bomb), "x.ods")) == {"unpacks_too_big"}
    formula = cell.replace("office:value-type", 'table:formula="=1" x').replace(' x="percentage"', "")
    assert kinds(checked_files.take(ods([], bomb.replace(cell, formula)), "x.ods")) == {"unpacks_too_big"}
    some = f'<table:table-row table:number-rows-repeated="300">{ods_cell("x", 20)}</table:table-row>'
    rows = opening.open_tables(Upload("x.ods", ods(ROWS, some)))[0].rows
    assert [len(row) for row in rows[3:]] == [20] * 300


def test_a_stray_ods_cell_that_cannot_be_streamed_is_refused():
    far = '<table:table-row table:number-rows-repeated="150000"/><table:table-row>'
    stray = f"{far}{ods_cell(None, 29)}{ods_cell('x')}</table:table-row>"
    assert kinds(checked_files.take(ods(ROWS, stray), "x.ods")) == {"unpacks_too_big"}


def spanned(text: str, rows: int, columns: int = 1) -> str:
    span = f'table:number-rows-spanned="{rows}" table:number-columns-spanned="{columns}"'
    return f'<table:table-cell {span} office:value-type="string"><text:p>{text}</text:p></table:table-cell>'


def test_ods_cells_merged_downwards_hold_for_all_their_rows():
    first = f"{spanned('9900001', 3)}{spanned('2023-24', 3)}{ods_cell('5a')}{ods_cell(60)}"
    rows = [
        f"<table:covered-table-cell/>{ods_cell(None)}{ods_cell(code)}{ods_cell(1)}" for code in ("5b", "5c")
    ]
    raw = "".join(f"<table:table-row>{row}</table:table-row>" for row in (first, *rows))
    data = checked_files.take(ods([["lea_code", "year", "indicator", "rate"]], raw), "x.ods").dataset
    assert [data.exact(0, code) for code in ("5a", "5b", "5c")] == [60, 1, 1]


def test_a_block_merged_over_rows_and_columns_fills_its_first_column():
    rows = [["a", "b", "c"], ["x", "", 1], ["", "", 2], ["", "", 3], ["", "", 4]]
    content = book(rows, merge=("A2:B4",))
    expected = [["a", "b", "c"], ["x", "", "1"], ["x", "", "2"], ["x", "", "3"], ["", "", "4"]]
    assert opening.open_tables(Upload("x.xlsx", content))[0].rows == expected
    raw = f"<table:table-row>{spanned('x', 2, 2)}<table:covered-table-cell/>{ods_cell(1)}</table:table-row>"
    raw += f"<table:table-row>{ods_cell(None, 2)}{ods_cell(2)}</table:table-row>"
    found = opening.open_tables(Upload("x.ods", ods([["a", "b", "c"]], raw)))[0].rows
    assert found == expected[:3]


def stray_cell(row: int = 199_000, column: int = 30, value: str | None = "x") -> bytes:
    made = Workbook()
    for line in ROWS:
        made.active.append(line)
    for cell in made.active["D"]:
        cell.number_format = "0.0%"
    made.active.merge_cells("B2:B3")
    made.active.cell(row, column).value = value
    made.active.cell(row, column).fill = PatternFill("solid", start_color="FF0000")
    return saved(made)


def test_a_sheet_with_a_stray_cell_is_streamed_with_its_formats_and_merged_cells(monkeypatch):
    monkeypatch.setattr(sheet_xml, "formats", lambda *_: pytest.fail("it was laid out"))
    data = checked_files.take(stray_cell(), "x.xlsx").dataset
    assert (data.exact(0, "5a"), data.exact(1, "5a")) == (Fraction("53.2"), 60)
    assert [str(name) for name in data.lea_name] == ["Meadow Unified", "Meadow Unified"]


def test_a_sheet_that_spans_too_much_is_streamed():
    made = Workbook()
    for row in ROWS:
        made.active.append(row)
    made.active["RZ190000"] = "x"
    assert len(checked_files.take(saved(made), "x.xlsx").dataset) == 2


def test_a_fill_alone_is_no_data():
    made = Workbook()
    for row in ROWS:
        made.active.append(row)
    made.active["A900"].fill = PatternFill("solid", start_color="FF0000")
    assert len(opening.open_tables(Upload("x.xlsx", saved(made)))[0].rows) == 3


def test_a_chosen_sheet_and_all_sheets():
    made = Workbook()
    made.remove(made.active)
    for year in ("2022-23", "2023-24"):
        sheet = made.create_sheet(year)
        for row in (["lea_code", "year", "5a"], ["9900001", year, 50]):
            sheet.append(row)
    content = saved(made)
    for answer, years in (("", ("2022-23",)), ("2023-24", ("2023-24",)), ("*", ("2022-23", "2023-24"))):
        taken = checked_files.take(content, "x.xlsx", answers={"sheet": answer} if answer else {})
        assert taken.dataset.years == years
        assert [question.id for _, question in taken.questions] == ["sheet"]
        assert ("sheet_second" in kinds(taken)) == (answer != "*")


def test_text_copied_from_a_page_in_columns_of_blanks():
    text = "lea_code     year       5a\n9900001      2023-24    50\n9900002      2023-24    60\n"
    assert len(checked_files.take(text.encode(), "pasted.txt").dataset) == 2


def test_cells_merged_in_the_data_take_nothing_away():
    rows = [["lea_code", "lea_name", "year", "5a", "8", "note a", "note b"]]
    rows += [[f"990000{at}", f"LEA {at}", "2023-24", 50 + at, 90 + at, "x", None] for at in range(1, 6)]
    for merge in ("F3:G3", "D3:E3", "B3:B4"):
        data = checked_files.take(book(rows, merge=(merge,)), "x.xlsx").dataset
        assert len(data) == 5 and data.exact(4, "5a") == 55 and data.exact(0, "5a") == 51


def test_a_count_merged_over_two_leas_is_not_the_count_of_each():
    rows = [
        ["lea_code", "year", "swd", "5a"],
        ["9900001", "2023-24", 300, 50],
        ["9900002", "2023-24", None, 60],
    ]
    assert checked_files.take(book(rows, merge=("C2:C3",)), "x.xlsx").dataset.swd.tolist() == [300, -1]


def test_error_cells_are_said():
    made = Workbook()
    for row in ([*HEAD], [9900001, "A", "2023-24", 50, None, "no"]):
        made.active.append(row)
    made.active["E2"] = "#DIV/0!"
    made.active["E2"].data_type = "e"
    taken = checked_files.take(saved(made), "x.xlsx")
    assert [(one.kind, one.found, one.column) for one in taken.errors] == [("bad_number", "#DIV/0!", "8")]


def edited(content: bytes, member: str, *changes: tuple[bytes, bytes], name: str = "") -> bytes:
    found = members(content)
    data = found.pop(member)
    for old, new in changes:
        assert old in data
        data = data.replace(old, new)
    return zipped(found | {name or member: data})


def test_percent_formats_hold_however_the_workbook_is_written():
    sheet, good = "xl/worksheets/sheet1.xml", book(ROWS, "D")
    strict = b"http://purl.oclc.org/ooxml/officeDocument/relationships"
    usual = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    quotes = [(b's="1"', b"s='1'")]
    for content in (
        edited(good, sheet, name="xl/worksheets/Sheet1.xml"),
        edited(good, sheet, *quotes),
        edited(good, "xl/workbook.xml", (usual, strict)),
    ):
        taken = checked_files.take(content, "x.xlsx")
        assert not len(taken.dataset) or taken.dataset.exact(0, "5a") == Fraction("53.2"), taken.problems
        assert len(taken.dataset) or taken.errors


def test_hidden_rows_are_read_and_said():
    made = Workbook()
    for row in ([*HEAD], [9900001, "A", "2023-24", 50, 90, "no"], [9900002, "B", "2023-24", 60, 90, "no"]):
        made.active.append(row)
    made.active.row_dimensions[3].hidden = True
    taken = checked_files.take(saved(made), "x.xlsx")
    assert len(taken.dataset) == 2 and "hidden_cells" in kinds(taken)


def test_two_stray_quotation_marks_swallow_no_rows():
    text = (
        'lea_code,lea_name,year,5a\n9900001,"Foo,2023-24,53.2\n9900002,Ba,2023-24,54.2\n'
        '9900003,Ba",2023-24,55.2\n'
    )
    assert kinds(checked_files.take(text.encode(), "x.csv")) == {"open_quote"}
    fine = 'lea_code,lea_name,year,5a,note\n9900001,Foo,2023-24,53.2,"first, second\nthird line"\n'
    assert len(checked_files.take(fine.encode(), "x.csv").dataset) == 1


def test_line_ends_of_old_macs():
    assert (
        len(
            checked_files.take(
                b"lea_code\tyear\t5a\r9900001\t2023-24\t50\r9900002\t2023-24\t5\r", "x.txt"
            ).dataset
        )
        == 2
    )
