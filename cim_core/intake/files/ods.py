"""ODS spreadsheets (LibreOffice, Google Sheets' export) → sheets of text.

Values come from calamine; one pass over the XML before it finds the cells that are shown in percent and those
that are merged, and refuses repeated and stray cells that would fill the memory.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from cim_core.intake import limits
from cim_core.intake.files.archive import Archive
from cim_core.intake.files.sheets import Merged, Sheet, can_lay_out, texts
from cim_core.intake.problems import UnreadableFileError, refuse
from cim_core.words.messages import HowMany

_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_SPACES = {"table": _TABLE, "text": _TEXT, "office": _OFFICE}
"""calamine goes by these prefixes, not by what they stand for."""
_SHEET, _ROW, _BLANKS = f"{_TABLE} table", f"{_TABLE} table-row", f"{_TEXT} s"
_CELLS = {f"{_TABLE} table-cell", f"{_TABLE} covered-table-cell"}
_TYPE = f"{_OFFICE} value-type"
_BLANK = frozenset(
    f"{_TABLE} {name}" for name in ("number-columns-repeated", "style-name", "content-validation-name")
)
"""What a cell may have and still hold nothing."""


@dataclass(slots=True)
class _Page:
    """What one pass over a sheet's XML finds; places are (row, column) from 0."""

    percent: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[Merged] = field(default_factory=list)
    cells: int = 0
    rows: int = 0
    columns: int = 0


def sheets(archive: Archive, file: str) -> Iterator[Sheet]:
    """The sheets of an ODS file in its own order. Raises UnreadableFileError with a plain reason."""
    xml = archive.member("content.xml")
    if xml.count(b"<") > limits.MAX_MARKS_WALKED:
        raise refuse(file, "too_many_marks", "ODS", limit=f"{limits.MAX_MARKS_WALKED:,}")
    pages = _Walk(file).pages_of(xml)
    if len(pages) > limits.MAX_SHEETS:
        raise refuse(file, "no_sheet", str(len(pages)), limit=HowMany(limits.MAX_SHEETS))
    book = CalamineWorkbook.from_filelike(io.BytesIO(archive.content))
    listed = [one for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
    if not listed or len(listed) > limits.MAX_SHEETS:
        raise refuse(file, "no_sheet", str(len(listed)), limit=HowMany(limits.MAX_SHEETS))
    if len({one.name for one in listed}) < len(listed):
        raise refuse(file, "damaged_workbook", "ODS")
    for at, sheet in enumerate(listed):
        page = pages[at] if at < len(pages) else _Page()
        merged = tuple(page.merged)
        rows = texts(
            book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False), page.percent, merged
        )
        yield Sheet(sheet.name, sheet.visible != SheetVisibleEnum.Visible, rows, merged=merged)


class _Walk:
    """One pass over the XML of a file, mark by mark, that keeps no tree of it."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.pages: list[_Page] = []
        self.open: list[tuple[dict[str, str], int]] = []
        """The cells that are open, each with the length of its text so far."""
        self.row = self.column = self.deep = 0
        self.row_repeat = 1
        self.repeated = self.letters = self.blanks = self.all_blanks = self.merged = 0

    def pages_of(self, xml: bytes) -> list[_Page]:
        """The sheets as far as the XML has to be looked at. Raises UnreadableFileError."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartNamespaceDeclHandler = self.named
        parser.StartElementHandler, parser.EndElementHandler = self.begun, self.closed
        parser.CharacterDataHandler = self.text
        try:
            parser.Parse(xml, True)
        except expat.ExpatError as error:
            raise refuse(self.file, "damaged_workbook", "ODS") from error
        return self.pages

    def named(self, prefix: str | None, space: str) -> None:
        """A prefix is given a meaning."""
        if space != _SPACES.get(prefix or "", space):
            raise refuse(self.file, "damaged_workbook", "ODS")

    def begun(self, tag: str, given: dict[str, str]) -> None:
        """An element begins."""
        if tag in _CELLS:
            self.open.append((given, 0))
        elif tag == _BLANKS:
            here = _number(given.get(f"{_TEXT} c", "1"))
            self.blanks, self.all_blanks = self.blanks + here, self.all_blanks + here
            if self.all_blanks > limits.MAX_BLANKS:
                raise _too_big(self.file)
        elif tag == _ROW:
            self.column, self.row_repeat = 0, _count(given, "rows-repeated")
        elif tag == _SHEET:
            self.deep += 1
            if self.deep == 1:
                self.pages.append(_Page())
                self.row = 0

    def text(self, written: str) -> None:
        """Text, also within elements of a cell."""
        if self.open:
            given, long = self.open[-1]
            self.open[-1] = given, long + len(written)

    def closed(self, tag: str) -> None:
        """An element ends."""
        if tag in _CELLS:
            self._cell(*self.open.pop())
        elif tag == _ROW:
            self.row += self.row_repeat
        elif tag == _SHEET:
            self.deep -= 1
            page = self.pages[-1]
            if not self.deep and not can_lay_out(page.rows, page.columns, page.cells):
                raise _too_big(self.file)

    def _cell(self, given: dict[str, str], long: int) -> None:
        repeat = _count(given, "columns-repeated")
        long, self.blanks = long + self.blanks, 0
        if self.open:
            outer, before = self.open[-1]
            self.open[-1] = outer, before + long
        if self.pages and (long or not _BLANK.issuperset(given)):
            self.repeated += repeat * self.row_repeat - 1
            self.letters += long * repeat * self.row_repeat
            if self.repeated > limits.MAX_REPEATED or self.letters > limits.MAX_LETTERS:
                raise _too_big(self.file)
            self._look(given, self.pages[-1], repeat)
        self.column += repeat

    def _look(self, given: dict[str, str], page: _Page, right: int) -> None:
        """Take down one cell that holds something, with its repetitions."""
        row, column, down = self.row, self.column, self.row_repeat
        page.cells += down * right
        page.rows, page.columns = max(page.rows, row + down), max(page.columns, column + right)
        if page.rows > limits.FURTHEST[0] or page.columns > limits.FURTHEST[1]:
            raise _too_big(self.file)
        if given.get(_TYPE) == "percentage":
            for below in range(down):
                for beside in range(right):
                    page.percent[row + below, column + beside] = "0%"
        high, wide = _count(given, "rows-spanned"), _count(given, "columns-spanned")
        if high > 1 or wide > 1:
            last = min(row + high - 1, limits.FURTHEST[0]), min(column + wide - 1, limits.FURTHEST[1])
            page.merged.append(((row, column), last))
            self.merged += 1
            if self.merged > limits.MAX_BLOCKS:
                raise refuse(self.file, "too_many_marks", "ODS", limit=f"{limits.MAX_BLOCKS:,}")


def _too_big(file: str) -> UnreadableFileError:
    return refuse(file, "unpacks_too_big", "ODS", limit=HowMany(limits.MAX_UNPACKED // 2**20))


def _count(given: dict[str, str], what: str) -> int:
    return _number(given.get(f"{_TABLE} number-{what}", "1"))


def _number(written: str) -> int:
    """A whole number as the reader takes it, at least 1; of a very long one its size is enough."""
    plain = written.removeprefix("+")
    return max(1, int(plain[:18])) if plain.isdecimal() else 1
