"""Whatever a name holds, every file that is written opens again, and no spreadsheet runs a cell of it."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.worksheet.table import Table as ExcelTable
from python_calamine import CalamineWorkbook

from cim_core.data import outside
from cim_core.export import marked_copy
from cim_core.export import rows as export
from cim_core.intake.assembly.opening import Upload
from cim_core.intake.bundle import Bundle
from cim_core.intake.files.sheets import plain_titles
from cim_core.placing import checked_files
from cim_core.shell.main import main
from tests.conftest import in_long_checks
from tests.workbooks import ods

SIGNS = [*"=+-@", *"＝＋－＠", *"﹦﹢﹣﹫", "⁼", "₊"]
BEFORE = [
    "",
    " ",
    "\u200b",
    "\ufeff",
    "\u00ad",
    "\u202e",
    "\u2066",
    "\u00a0",
    "\u3000",
    "\t",
    "\ufffe",
    "\u3164",
]
FORMULAS = [f"{before}{sign}1+1" for sign in SIGNS for before in BEFORE]
ODD = [
    "Oak\uffff", "Oak\ufffe", "\ufffd", "Oak\u200bUnified", "O\u00adak", "\u202eelif\u202c", "A\x00B",
    "A\x08B",
    "A\x1fB", "A\x85B", "A\u2028B", "a\u0301", "🙂\u200d🙂", "\U0001ffff", "\ufdd0", "_x0008_", "_xFFFF_",
    "]]>",
    "<b>&amp;</b>", "'", "''=1", '"', 'a"b,c;d', "a\tb", "\\", "%s{0}", "x" * 9_000, " ", "-", "＝", "学区",
    "\u0600", "\U000e0041\U000e0042", "http://x.y", "=cmd|' /C calc'!A0", "@SUM(1)", "+1-2",
]  # fmt: skip
NAMES = FORMULAS + ODD
HEAD = ["lea_code", "lea_name", "selpa", "year", "swd", "5a", "5b"]


def rows(names: list[str]) -> list[list[str]]:
    lines = [[f"99{at:05d}", name, name, "2023-24", "200", "x" if at % 2 else "60", name] for at, name in
             enumerate(names)]  # fmt: skip
    return [HEAD, *lines]


def in_csv(names: list[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows([name.replace("\x00", "") for name in names]))
    return out.getvalue().encode("utf-8", "surrogatepass")


def in_utf_16(names: list[str]) -> bytes:
    return in_csv(names).decode().encode("utf-16")


def allowed(name: str) -> str:
    """What can stand in a workbook's XML at all; the rest of a name is written as Excel writes it."""
    return "".join(one if one >= " " and one not in "\ufffe\uffff" else f"_x{ord(one):04X}_" for one in name)


def in_xlsx(names: list[str]) -> bytes:
    book = Workbook()
    for at, line in enumerate(rows(names), 1):
        for place, name in enumerate(line, 1):
            cell = book.active.cell(at, place)
            cell.value, cell.data_type = allowed(name), "s"
    book.active.title = "A\u200b\u202eB"
    book.active["A1"].comment = Comment("a\u200b\u202e", "=b")
    book.active.oddHeader.center.text = "=1\u200b"
    book.active.add_table(ExcelTable(displayName="All", ref="A1:G3"))
    book.properties.title = "=1\u202e"
    book.create_sheet("AB").append(["x"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def in_ods(names: list[str]) -> bytes:
    return ods(rows([allowed(name) for name in names]), title="A\u200bB")


FORMATS = {"a.csv": in_csv, "b.csv": in_utf_16, "c.xlsx": in_xlsx, "d.ods": in_ods}


def harmless(text: str) -> bool:
    bare = outside.without_invisible(text).strip()
    return not bare or len(bare) == 1 or unicodedata.normalize("NFKC", bare[0])[0] not in "=+-@"


@pytest.fixture(scope="module", params=[next(iter(FORMATS)), *in_long_checks(*list(FORMATS)[1:])])
def upload(request) -> Upload:
    return Upload(request.param, FORMATS[request.param](NAMES))


def test_what_enters_is_plain(upload):
    taken = checked_files.read_all([upload])
    assert len(taken.dataset) > 0.9 * len(NAMES)
    for name in (*taken.dataset.lea_name.tolist(), *(one.sheet for one in taken.problems)):
        assert outside.without_invisible(name) == outside.plain(name) == name and "\n" not in name
    assert any(one.sheet == "AB" for one in taken.problems) or not upload.file.endswith("xlsx")


def test_place_and_explain_parse_again(upload, tmp_path, capsys):
    path, out = tmp_path / upload.file, tmp_path / "out"
    path.write_bytes(upload.content)
    for command in (["place"], ["explain", "--lea", "9900003"]):
        assert main([command[0], str(path), *command[1:], "--format", "json", "--out", str(out)]) == 0
        json.loads(out.read_text("utf-8"))
    assert main(["place", str(path), "--out", str(out)]) == 0
    with out.open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file, strict=True))
    assert len({len(line) for line in lines}) == 1 and len(lines) > 0.9 * len(NAMES)
    assert all(harmless(cell) for line in lines for cell in line)
    capsys.readouterr()


def check_archive(copy: bytes) -> None:
    """Every part of the XLSX is XML, and nothing else of the original came along."""
    with zipfile.ZipFile(io.BytesIO(copy)) as archive:
        for part in archive.namelist():
            if part.endswith((".xml", ".rels")):
                ElementTree.fromstring(archive.read(part))
        assert not [one for one in archive.namelist() if "/tables/" in one or "/drawings/drawing" in one]


def check_cell(cell) -> None:
    assert cell.data_type != "f" and harmless(str(cell.value)), cell.value
    assert outside.plain(str(cell.value)) == str(cell.value)
    if cell.comment:
        assert outside.without_invisible(cell.comment.text) == cell.comment.text


def test_the_marked_copy_parses_again(upload):
    copy = marked_copy.marked(upload, checked_files.read_all([upload]).problems)
    check_archive(copy)
    book = load_workbook(io.BytesIO(copy))
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line if cell.value is not None]
    assert len(cells) > 3 * len(NAMES)
    for cell in cells:
        check_cell(cell)
    assert CalamineWorkbook.from_filelike(io.BytesIO(copy)).sheet_names == book.sheetnames
    for sheet in book:
        assert outside.without_invisible(sheet.title) == sheet.title
    assert sum(cell.comment is not None and "found x" in cell.comment.text for cell in cells) > 50


@pytest.mark.parametrize("text", FORMULAS)
def test_no_sign_hides_behind_what_is_not_seen(text):
    assert export.safe(text).startswith("'") and harmless("'" + text)


@pytest.mark.parametrize("text", ["Oak", "5 - 3", "学区", "−0.4 points", "–", "", " Oak", "'=1", "½", "½=1"])
def test_what_is_harmless_stays_as_it_is(text):
    assert export.safe(text) == text


def test_names_of_files_and_sheets_are_plain():
    assert Upload("a\u202egnp.csv\ud800", b"").file == "agnp.csv"
    assert Bundle().with_file("a\u200b.csv", "1").with_file("a.csv", "2").parts[1].file == "a.csv (2)"
    assert plain_titles(["A", "A\u200b", "A (2)", "\ufeff", ""]) == ["A", "A (2)", "A (2) (2)", "", " (2)"]


def test_a_file_whose_name_no_encoding_knows(tmp_path, capsys):
    raw = bytes(tmp_path) + b"/data\xff\xe2\x80\x8b.csv"
    Path(raw.decode("utf-8", "surrogateescape")).write_bytes(in_csv(["Oak", "Elm"]))
    out = tmp_path / "out.json"
    path = raw.decode("utf-8", "surrogateescape")
    assert main(["explain", path, "--lea", "9900000", "--format", "json", "--out", str(out)]) == 0
    assert "data.csv" in out.read_text("utf-8") and main(["check", path]) == 1
    capsys.readouterr()
