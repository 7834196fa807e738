"""A copy of a person's own workbook with every problem marked in its cell, and a sheet that lists them all.

Values only: formulas, macros and links of the original do not come along, and text that a spreadsheet would
run is made harmless. Files that are no XLSX workbook become one, with the same rows and columns.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator, Sequence
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.packaging.core import DocumentProperties
from openpyxl.packaging.custom import CustomPropertyList
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import column_index_from_string
from openpyxl.worksheet.datavalidation import DataValidationList
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.header_footer import HeaderFooter
from openpyxl.worksheet.table import TableList

from cim_core.data.outside import plain
from cim_core.export.rows import safe
from cim_core.intake.assembly import opening
from cim_core.intake.assembly.opening import Upload
from cim_core.intake.files import archive, tables, workbook
from cim_core.intake.files.sheets import plain_titles
from cim_core.intake.problems import SEVERITY_NAMED, Problem, Severity
from cim_core.intake.tying import mapping
from cim_core.intake.tying.mapping import key
from cim_core.words.disclosure import WORKING, Disclosure
from cim_core.words.messages import HowMany

MOST_MARKS = 2_000
_FILLS = {Severity.ERROR: "F4B6B6", Severity.WARNING: "FFE08A", Severity.NOTE: "D6E6F4"}
_ORDER = (Severity.NOTE, Severity.WARNING, Severity.ERROR)
_LONGEST_TITLE = 31
_HEADERS_WITHIN = 400


def marked(upload: Upload, problems: Sequence[Problem], gate: Disclosure = WORKING) -> bytes:
    """The copy as XLSX. Raises UnreadableFileError when the upload cannot be read at all."""
    found = opening.open_tables(upload)
    mine = [one for one in problems if one.file == upload.file]
    book = _own(upload, gate)
    titles: dict[str, str] = {}
    if book is None:
        book, titles = _made(tables.tables_of(upload.content, upload.file), gate)
    sheets = {table.sheet: _Places(table) for table in found}
    worst_last = sorted(mine, key=lambda one: _ORDER.index(one.severity))[-MOST_MARKS:]
    notes: dict[tuple[str, int, int], list[Problem]] = {}
    for problem in worst_last:
        places = sheets.get(problem.sheet)
        if places is None:
            continue
        for row in (problem.row, *problem.also):
            place = places.of(problem, row)
            if place is not None:
                notes.setdefault((problem.sheet, *place), []).append(problem)
    for (title, row, column), each in notes.items():
        names = (titles.get(title), title, _title(title))
        name = next((one for one in names if one in book.sheetnames), book.sheetnames[0])
        cell = book[name].cell(row, column)
        if _covered(cell):
            continue
        cell.fill = PatternFill("solid", start_color=_FILLS[each[-1].severity])
        cell.comment = Comment(
            "\n".join(plain(one.sentence(gate)) for one in each)[:2_000], "CIM Tier Explorer"
        )
    _list(book, mine, gate)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _own(upload: Upload, gate: Disclosure = WORKING) -> Any:
    """The workbook itself with results in place of formulas; None for a file that is none.

    None as well for one that spans far more than it holds: openpyxl would fill the memory.
    """
    if upload.content[:2] != b"PK" or not workbook.compact(archive.unpack(upload.content, upload.file)):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(upload.content), data_only=True, keep_links=False, keep_vba=False)
    except Exception:  # what openpyxl cannot open is written anew from its rows
        return None
    book.defined_names.clear()
    book.properties, book.custom_doc_props = DocumentProperties(), CustomPropertyList()
    titles = plain_titles([one.title for one in book.worksheets])
    for at, (sheet, title) in enumerate(zip(book.worksheets, titles, strict=True), 1):
        if sheet.title != title:
            sheet.title = _title(title) or gate.say_id("marked.table", n=HowMany(at))
        _only_values(sheet)
    return book


def _only_values(sheet: Any) -> None:
    """Take away whatever else of a sheet holds text of its own, or refers to cells by what they held."""
    sheet.defined_names.clear()
    sheet.data_validations = DataValidationList()
    sheet.conditional_formatting = ConditionalFormattingList()
    sheet.HeaderFooter, sheet.auto_filter = HeaderFooter(), AutoFilter()
    sheet._tables, sheet._charts, sheet._images, sheet._pivots = TableList(), [], [], []
    for cell in list(sheet._cells.values()):  # iter_rows() would make every cell between two others
        if isinstance(cell.value, str):
            _put(cell, cell.value)
        if not _covered(cell):
            cell.hyperlink = None
            if cell.comment is not None:
                cell.comment = Comment(plain(cell.comment.text), plain(cell.comment.author or ""))


def _made(found: Sequence[tables.Table], gate: Disclosure) -> tuple[Any, dict[str, str]]:
    """A workbook with the rows of the tables, and what each of these is called in it."""
    book, names = Workbook(), {}
    book.remove(book.active)
    for at, table in enumerate(found, 1):
        sheet = book.create_sheet(_title(table.sheet) or gate.say_id("marked.table", n=HowMany(at)))
        names[table.sheet] = sheet.title
        for number, row in enumerate(table.rows, table.first_row):
            for place, written in enumerate(row, 1):
                if written:
                    _put(sheet.cell(number, place), written)
    return book, names


def _title(name: str) -> str:
    """A sheet's name as XLSX allows it."""
    return re.sub(r"[\[\]:*?/\\]", " ", name)[:_LONGEST_TITLE].strip("' ")


def _covered(cell: Any) -> bool:
    """Whether a cell lies in a merged block and is not its first: nothing can be written there."""
    return bool(cell.__class__.__name__ == "MergedCell")


def _put(cell: Any, written: str) -> None:
    """Text stays text: codes keep their zeros, and nothing is taken for a formula."""
    if _covered(cell):
        return
    written = plain(written)
    cell.value = safe(written) if len(written) > 1 else written
    cell.data_type = "s"


class _Places:
    """Where the problems of a table stand in it."""

    def __init__(self, table: tables.Table) -> None:
        self.table = table
        self.columns: dict[str, tuple[int, int] | None] = {}
        self.names = [[key(name) for name in mapping.names(row)] for row in table.rows[:_HEADERS_WITHIN]]

    def of(self, problem: Problem, row: int | None) -> tuple[int, int] | None:
        """Row and column from 1 of a problem's cell; the row's first cell where the column is not known."""
        if row is None:
            return None
        rows = self.table.rows
        at = min(row - self.table.first_row, len(rows) - 1)
        if problem.kind == "formula":
            return row, int(column_index_from_string(problem.column))
        header = self.header(problem.column) if problem.column else None
        if header is not None and header[0] <= at:
            return row, header[1] + 1
        first = next((place for place, cell in enumerate(rows[at], 1) if cell), 1) if at >= 0 else 1
        return row, first

    def header(self, column: str) -> tuple[int, int] | None:
        """Row and place of a column's name, the highest: further down `8` or `N` may well be a value.

        A code that is joined from several columns is where the first of them is.
        """
        if column not in self.columns:
            places = (
                (at, names.index(wanted))
                for wanted in dict.fromkeys((key(column), key(column.split(" + ")[0])))
                for at, names in enumerate(self.names)
                if wanted in names
            )
            self.columns[column] = next(places, None)
        return self.columns[column]


def _list(book: Any, problems: Sequence[Problem], gate: Disclosure) -> None:
    title = gate.say_id("marked.sheet")
    while title in book.sheetnames:
        title += "_"
    sheet = book.create_sheet(title)
    for row, line in enumerate(_lines(problems, gate), 1):
        for column, written in enumerate(line, 1):
            _put(sheet.cell(row, column), written)
            if row == 1:
                sheet.cell(row, column).font = Font(bold=True)
    for letter, width in zip("ABCDEFGH", (10, 18, 18, 8, 20, 26, 50, 60), strict=True):
        sheet.column_dimensions[letter].width = width


def _lines(problems: Sequence[Problem], gate: Disclosure) -> Iterator[list[str]]:
    yield [
        gate.say_id("head.severity"),
        gate.say_id("head.kind"),
        gate.say_id("head.sheet"),
        gate.say_id("head.row"),
        gate.say_id("head.column"),
        gate.say_id("head.found"),
        gate.say_id("head.expected"),
        gate.say_id("head.mend"),
    ]
    for problem in problems:
        row = "" if problem.row is None else str(problem.row)
        severity = gate.say_id(SEVERITY_NAMED[problem.severity])
        yield [
            severity,
            problem.title(gate),
            problem.sheet,
            row,
            problem.column,
            problem.shown(gate),
            problem.expected(gate),
            problem.mend(gate),
        ]
