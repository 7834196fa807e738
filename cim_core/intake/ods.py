"""ODS spreadsheets (LibreOffice, Google Sheets' export) → sheets of text.

Values come from calamine; one pass over the XML before it finds the cells that are shown in percent and those
that are merged, and refuses repeated and stray cells that would fill the memory.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from cim_core.intake import limits
from cim_core.intake.archive import Archive
from cim_core.intake.problems import UnreadableFileError, refuse
from cim_core.intake.sheets import Merged, Sheet, can_lay_out, texts

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TYPE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}value-type"
_BLANK = {f"{_TABLE}number-columns-repeated", f"{_TABLE}style-name", f"{_TABLE}content-validation-name"}
"""What a cell may have and still hold nothing."""
_PREFIX = re.compile(rb"xmlns:(table|office|text)=[\"']([^\"'<>]*)[\"']")
_SPACES = {
    name: b"urn:oasis:names:tc:opendocument:xmlns:" + name + b":1.0"
    for name in (b"table", b"office", b"text")
}
"""calamine goes by these prefixes, not by what they stand for."""


@dataclass(slots=True)
class _Page:
    """What one pass over a sheet's XML finds; places are (row, column) from 0."""

    percent: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[Merged] = field(default_factory=list)
    cells: int = 0
    rows: int = 0
    columns: int = 0


def sheets(content: bytes, archive: Archive, file: str) -> Iterator[Sheet]:
    """The sheets of an ODS file in its own order. Raises UnreadableFileError with a plain reason."""
    pages = _pages(archive.read("content.xml"), file)
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    listed = [one for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
    if not listed or len(listed) > limits.MAX_SHEETS:
        raise refuse(file, "no_sheet", str(len(listed)), limit=limits.MAX_SHEETS)
    for at, one in enumerate(listed):
        page = pages[at] if at < len(pages) else _Page()
        merged = tuple(page.merged)
        rows = texts(book.get_sheet_by_name(one.name).to_python(skip_empty_area=False), page.percent, merged)
        yield Sheet(one.name, one.visible != SheetVisibleEnum.Visible, rows, merged=merged)


def _pages(xml: bytes, file: str) -> list[_Page]:
    """The sheets of a file as far as its XML has to be looked at. Raises UnreadableFileError."""
    for prefix, space in _PREFIX.findall(xml):
        if space != _SPACES.get(prefix, space):
            raise refuse(file, "damaged_workbook", "ODS")
    pages: list[_Page] = []
    row, column, repeated, deep, row_repeat, letters = 0, 0, 0, 0, 1, 0
    blanks = all_blanks = 0
    for event, one in ElementTree.iterparse(io.BytesIO(xml), events=("start", "end")):
        tag = one.tag
        if tag == f"{_TABLE}table":
            deep += 1 if event == "start" else -1
            if event == "start" and deep == 1:
                pages.append(_Page())
                row = 0
            elif event == "end":
                one.clear()
                if not deep and not can_lay_out(pages[-1].rows, pages[-1].columns, pages[-1].cells):
                    raise _too_big(file)
        elif tag == f"{_TABLE}table-row":
            if event == "start":
                column, row_repeat = 0, _count(one, "rows-repeated")
            else:
                row += row_repeat
                one.clear()
        elif tag in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell") and event == "end" and pages:
            repeat = _count(one, "columns-repeated")
            text = sum(map(len, one.itertext())) + blanks
            blanks = 0
            if text or not set(one.keys()) <= _BLANK:
                repeated += repeat * row_repeat - 1
                letters += text * repeat * row_repeat
                if repeated > limits.MAX_REPEATED or letters > limits.MAX_LETTERS:
                    raise _too_big(file)
                _look(one, pages[-1], file, (row, column), (row_repeat, repeat))
            column += repeat
        elif tag == f"{_TEXT}s" and event == "end":
            here = _number(one.get(f"{_TEXT}c", "1"))
            blanks, all_blanks = blanks + here, all_blanks + here
            if all_blanks > limits.MAX_BLANKS:
                raise _too_big(file)
    return pages


def _look(
    one: ElementTree.Element, page: _Page, file: str, place: tuple[int, int], size: tuple[int, int]
) -> None:
    """Take down one cell that holds something, with its repetitions."""
    (row, column), (down, right) = place, size
    page.cells += down * right
    page.rows, page.columns = max(page.rows, row + down), max(page.columns, column + right)
    if page.rows > limits.FURTHEST[0] or page.columns > limits.FURTHEST[1]:
        raise _too_big(file)
    if one.get(_TYPE) == "percentage":
        page.percent |= {
            (row + below, column + beside): "0%" for below in range(down) for beside in range(right)
        }
    high, wide = _count(one, "rows-spanned"), _count(one, "columns-spanned")
    if high > 1 or wide > 1:
        last = min(row + high - 1, limits.FURTHEST[0]), min(column + wide - 1, limits.FURTHEST[1])
        page.merged.append(((row, column), last))


def _too_big(file: str) -> UnreadableFileError:
    return refuse(file, "unpacks_too_big", "ODS", limit=limits.MAX_UNPACKED // 2**20)


def _count(one: ElementTree.Element, what: str) -> int:
    return _number(one.get(f"{_TABLE}number-{what}", "1"))


def _number(written: str) -> int:
    """A whole number as the reader takes it, at least 1; of a very long one its size is enough."""
    return max(1, int(written[:18])) if written.isdecimal() else 1
