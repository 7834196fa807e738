"""Each limit of the readers: what just fits is read, and one more is refused, with the limit named."""

from __future__ import annotations

import struct
import tomllib
from pathlib import Path

import pytest

from cim_core import intake
from cim_core.intake import limits
from cim_core.intake.files import tables
from cim_core.intake.problems import UnreadableFileError
from cim_core.placing import checked_files
from tests.hostile_books import cells, data
from tests.hostile_ods import cell, row, sheet, times
from tests.hostile_xls import ole, record, stream, strings, text
from tests.hostile_zip import book, parts, rows, zipped

ROOT = Path(__file__).parent.parent.parent.parent
HEAD = "lea_code,year,5a\n"
LINE = "9900001,2023-24,50\n"


def said(content: bytes, name: str) -> str:
    """The kind of problem for which a file is not opened; empty for one that is."""
    try:
        tables.tables_of(content, name)
    except UnreadableFileError as error:
        sentence = error.problem.sentence().replace(",", "")
        assert all(str(value).replace(",", "") in sentence for value in error.problem.values.values())
        return error.problem.kind
    return ""


def xlsx_cells(number: int) -> bytes:
    return book(
        data("".join(f'<row r="{at}"><c r="A{at}"><v>1</v></c></row>' for at in range(1, number + 1)))
    )


def unplaced(number: int) -> bytes:
    return book(data(rows() + f"<row>{'<c/>' * number}</row>"))


def in_strings(number: int) -> bytes:
    return book(data(rows()), strings="<si><t>a</t></si>" * number)


def deep(number: int) -> bytes:
    inside = number - 2
    return book(f"{data(rows())}{'<a>' * inside}<b></b>{'</a>' * inside}")


def named(number: int) -> bytes:
    sheets = "".join(f'<sheet name="S{at}" sheetId="{at + 1}" r:id="r{at}"/>' for at in range(number))
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    links = "".join(
        f'<Relationship Id="r{at}" Type="{kind}" Target="worksheets/s{at}.xml"/>' for at in range(number)
    )
    one = parts()["xl/worksheets/sheet1.xml"]
    return book(None, {f"xl/worksheets/s{at}.xml": one for at in range(number)}, sheets=sheets, links=links)


def merged(number: int) -> bytes:
    blocks = "".join(f'<mergeCell ref="A{at}:B{at}"/>' for at in range(9, 9 + number))
    return book(data(rows()) + f"<mergeCells>{blocks}</mergeCells>")


def formatted(number: int) -> bytes:
    form = f'<numFmts><numFmt numFmtId="200" formatCode="{"0" * number}"/></numFmts><cellXfs><xf/></cellXfs>'
    return book(data(rows()), styles=form)


def linked(number: int) -> bytes:
    guid = bytes.fromhex("D0C9EA79F9BACE118C8200AA004BA90B")
    return ole(
        stream(record(0x1B8, struct.pack("<HHHH", 0, number - 1, 0, 0) + guid + b"\2\0\0\0" + bytes(4)))
    )


def blanks(number: int) -> bytes:
    return ole(
        stream(record(0xBE, struct.pack("<HH", 9, 0) + bytes(2 * number) + struct.pack("<H", number - 1)))
    )


def ods_text(number: int) -> bytes:
    return sheet(row(cell(f"<text:p>{'x' * number}</text:p>", times(10))))


CSV, XLSX, ODS, XLS = "x.csv", "x.xlsx", "x.ods", "x.xls"
LIMITS = {
    "bytes": ("MAX_BYTES", 100, lambda n: (HEAD + LINE * 9)[:n].ljust(n, "x").encode(), CSV, "too_big"),
    "columns": ("MAX_COLUMNS", 20, lambda n: (",".join(["a"] * n) + "\n").encode() * 2, CSV, "too_many_columns"),
    "columns of XLSX": ("MAX_COLUMNS", 20, lambda n: book(data(cells(2, n, first=1))), XLSX, "too_many_columns"),
    "cells of text": ("MAX_CELLS", 90, lambda n: b"a,b,c\n" * 30 if n == 90 else b"a,b,c\n" * 30 + b"a\n", CSV, "too_many_cells"),
    "cells": ("MAX_CELLS", 40, xlsx_cells, XLSX, "too_many_cells"),
    "cells of XLS": ("MAX_CELLS", 50, lambda n: blanks(n - 9), XLS, "too_many_cells"),
    "letters of a cell": ("MAX_CELL", 50, lambda n: (HEAD + LINE + f"{'x' * n},y,z\n").encode(), CSV, ""),
    "sheets": ("MAX_SHEETS", 5, named, XLSX, "no_sheet"),
    "sheets of ODS": ("MAX_SHEETS", 5, lambda n: sheet("", after="".join(f'<table:table table:name="t{at}"/>' for at in range(n - 1))), ODS, "no_sheet"),
    "sheets of XLS": ("MAX_SHEETS", 5, lambda n: ole(stream(sheets=n, apart=True)), XLS, "no_sheet"),
    "members": ("MAX_MEMBERS", 20, lambda n: zipped(parts() | {f"m{at}": b"" for at in range(n - len(parts()))}), XLSX, "unpacks_too_big"),
    "unpacked": ("MAX_UNPACKED", 20_000, lambda n: zipped(parts() | {"a": bytes(n - sum(map(len, parts().values())))}), XLSX, "unpacks_too_big"),
    "a part": ("MAX_PART", 5_000, lambda n: zipped(parts() | {"xl/styles.xml": parts()["xl/styles.xml"].ljust(n)}), XLSX, "unpacks_too_big"),
    "marks": ("MAX_MARKS", 200, lambda n: book(data(rows()) + "<a/>" * (n - book_marks())), XLSX, "too_many_marks"),
    "marks walked": ("MAX_MARKS_WALKED", 200, lambda n: book(data(rows()) + "<!---->" + "<a/>" * (n - 1 - book_marks())), XLSX, "too_many_marks"),
    "marks held": ("MAX_MARKS_HELD", 60, lambda n: book(styles="<a/>" * (n - 3)), XLSX, "too_many_marks"),
    "depth": ("MAX_DEPTH", 30, deep, XLSX, "nested_too_deep"),
    "cells without place": ("MAX_UNPLACED", 10, unplaced, XLSX, "cells_without_place"),
    "strings": ("MAX_STRINGS", 10, in_strings, XLSX, "too_many_strings"),
    "strings of XLS": ("MAX_STRINGS", 10, lambda n: ole(stream(more=strings(n, text("ab")))), XLS, "too_many_strings"),
    "a string": ("MAX_STRING", 100, lambda n: book(data(rows()), strings=f"<si><t>{'a' * (n - 22)}</t></si>"), XLSX, "cell_too_long"),
    "blocks": ("MAX_BLOCKS", 10, merged, XLSX, "too_many_marks"),
    "blocks of ODS": ("MAX_BLOCKS", 10, lambda n: sheet(row(cell("<text:p>x</text:p>", ' table:number-rows-spanned="2"') * n)), ODS, "too_many_marks"),
    "blocks of XLS": ("MAX_BLOCKS", 10, lambda n: ole(stream(record(0xE5, struct.pack("<H", n) + struct.pack("<HHHH", 9, 9, 0, 1) * n)))[:], XLS, "too_many_marks"),
    "a format": ("MAX_FORMAT", 30, formatted, XLSX, "damaged_workbook"),
    "styles of XLS": ("MAX_STYLES", 40, lambda n: ole(stream(more=record(0x1234) * (n - 22))), XLS, "too_many_marks"),
    "records of XLS": ("MAX_RECORDS", 40, lambda n: ole(stream(record(0x1234) * (n - 10))), XLS, "too_many_marks"),
    "linked cells": ("MAX_IN_BLOCKS", 40, linked, XLS, "too_many_cells"),
    "repeated cells": ("MAX_REPEATED", 40, lambda n: sheet(row(cell("<text:p>x</text:p>", times(n + 1)))), ODS, "unpacks_too_big"),
    "letters of ODS": ("MAX_LETTERS", 400, lambda n: sheet(row(cell(f"<text:p>{'x' * (n - 46)}</text:p>"))), ODS, "unpacks_too_big"),
    "blanks of ODS": ("MAX_BLANKS", 40, lambda n: sheet(row(cell(f'<text:p>x<text:s text:c="{n}"/></text:p>'))), ODS, "unpacks_too_big"),
}  # fmt: skip


def book_marks() -> int:
    return parts(data(rows()))["xl/worksheets/sheet1.xml"].count(b"<")


@pytest.mark.parametrize("what", LIMITS)
def test_what_just_fits_is_read_and_one_more_is_refused(what, monkeypatch):
    name, most, made, file, kind = LIMITS[what]
    monkeypatch.setattr(limits, name, most)
    assert said(made(most), file) == ""
    assert said(made(most + 1), file) == kind


def test_rows(monkeypatch):
    monkeypatch.setattr(limits, "MAX_ROWS", 20)
    fits, more = HEAD + LINE * 119, HEAD + LINE * 120
    assert said(fits.encode(), CSV) == "" and said(more.encode(), CSV) == "too_many_rows"
    assert said(xlsx_cells(20), XLSX) == "" and said(xlsx_cells(21), XLSX) == "too_many_rows"


def of_leas(number: int, years: int = 1, column: str = "lea_code") -> bytes:
    """A file about so many LEAs in so many years, each in two rows."""
    lines = [
        f"{9900000 + at if column == 'lea_code' else f'Nobody {at} Unified'},{2020 + year}-{21 + year},5{part},50\n"
        for at in range(number)
        for year in range(years)
        for part in "ab"
    ]
    return f"{column},year,indicator,rate\n{''.join(lines)}".encode()


@pytest.mark.parametrize("column", ["lea_code", "lea_name"])
def test_how_many_leas_and_years_files_are_about(column, monkeypatch):
    def kinds(*contents: bytes) -> tuple[set[str], int]:
        taken = checked_files.read_all([intake.Upload(f"{at}.csv", one) for at, one in enumerate(contents)])
        return {one.kind for one in taken.problems}, len(taken.dataset)

    monkeypatch.setattr(limits, "MAX_LEAS", 5)
    assert not kinds(of_leas(5, 2, column))[0] & {"too_many_leas", "too_many_lea_years"}
    assert "too_many_leas" in kinds(of_leas(6, 1, column))[0]
    monkeypatch.setattr(limits, "MAX_LEA_YEARS", 10)
    assert kinds(of_leas(5, 2, column))[1] == 10
    assert "too_many_lea_years" in kinds(of_leas(4, 3, column))[0]


def test_files_about_the_same_leas_count_once_and_one_too_many_is_left_out(monkeypatch):
    monkeypatch.setattr(limits, "MAX_LEAS", 5)
    again = [intake.Upload("a.csv", of_leas(5)), intake.Upload("b.csv", of_leas(5))]
    assert not {one.kind for one in checked_files.read_all(again).problems} & {"too_many_leas"}
    more = [intake.Upload("a.csv", of_leas(5)), intake.Upload("b.csv", of_leas(6))]
    taken = checked_files.read_all(more)
    told = [one for one in taken.problems if one.kind == "too_many_leas"]
    assert [one.file for one in told] == ["b.csv"] and len(taken.dataset) == 5


def test_a_cell_that_is_too_long_takes_its_row_only(monkeypatch):
    monkeypatch.setattr(limits, "MAX_CELL", 20)
    text = HEAD + LINE
    fits, more = (checked_files.take(f"{text}{'9' * n},2023-24,50\n".encode(), CSV) for n in (20, 21))
    assert "row_aside" not in {one.kind for one in fits.problems}
    assert "row_aside" in {one.kind for one in more.problems} and len(more.dataset) == 1


def test_how_compressible_an_archive_may_be(monkeypatch):
    made = zipped(parts() | {"a": bytes(2**21)})
    packed = (2**21 + sum(map(len, parts().values()))) / len(made)
    monkeypatch.setattr(limits, "MAX_RATIO", packed * 3)
    assert said(made, XLSX) == ""
    monkeypatch.setattr(limits, "MAX_RATIO", packed / 2)
    assert said(made, XLSX) == "unpacks_too_big"


def test_how_far_a_cell_of_ods_may_stand(monkeypatch):
    monkeypatch.setattr(limits, "FURTHEST", (30, 10))
    made = {n: sheet(row("", times(n - 4, "rows")) + row(cell("<text:p>x</text:p>"))) for n in (30, 31)}
    assert said(made[30], ODS) == "" and said(made[31], ODS) == "unpacks_too_big"
    wide = {
        n: sheet(row(f"<table:table-cell{times(n - 1)}/>" + cell("<text:p>x</text:p>"))) for n in (10, 11)
    }
    assert said(wide[10], ODS) == "" and said(wide[11], ODS) == "unpacks_too_big"


def test_shared_texts_that_are_shown_often_are_read_one_by_one(monkeypatch):
    shown = book(
        data(rows() + cells(5, 5, "<v>0</v>", style=' t="s"')), strings=f"<si><t>{'a' * 200}</t></si>"
    )
    monkeypatch.setattr(limits, "MAX_TEXT", 100)
    monkeypatch.setattr(limits, "MAX_LETTERS", 25 * 200 + 64)
    assert said(shown, XLSX) == ""
    monkeypatch.setattr(limits, "MAX_LETTERS", 25 * 200)
    assert said(shown, XLSX) == "unpacks_too_big"


def test_the_limits_as_they_are():
    assert said((HEAD + LINE).encode().ljust(limits.MAX_BYTES + 1), CSV) == "too_big"
    assert said(b"1," * limits.MAX_COLUMNS + b"1\n", CSV) == "too_many_columns"
    assert said(b"1," * (limits.MAX_COLUMNS - 1) + b"1\n", CSV) == ""
    assert (
        said(deep(limits.MAX_DEPTH), XLSX) == ""
        and said(deep(limits.MAX_DEPTH + 1), XLSX) == "nested_too_deep"
    )


def test_every_limit_is_tested():
    names = {one for one in dir(limits) if one.startswith("MAX_")}
    apart = {"MAX_ROWS", "MAX_LEAS", "MAX_LEA_YEARS", "MAX_RATIO", "MAX_TEXT"}
    assert names - apart == {name for name, *_ in LIMITS.values()}


def test_the_server_takes_what_the_readers_take():
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
    assert settings["server"]["maxUploadSize"] * 2**20 == limits.MAX_BYTES
