"""A copy of a person's own workbook with every problem marked in its cell, and a sheet that lists them all.

Values only: formulas, macros and links of the original do not come along, and text that a spreadsheet would
run is made harmless. Files that are no XLSX workbook become one, with the same rows and columns.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator, Sequence
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import column_index_from_string

from cim_core import words
from cim_core.export import safe
from cim_core.intake import reading, tables
from cim_core.intake.problems import Problem, Severity
from cim_core.intake.reading import Upload

MOST_MARKS = 2_000
_FILLS = {Severity.ERROR: "F4B6B6", Severity.WARNING: "FFE08A", Severity.NOTE: "D6E6F4"}
_ORDER = (Severity.NOTE, Severity.WARNING, Severity.ERROR)
_LONGEST_TITLE = 31


def marked(upload: Upload, problems: Sequence[Problem]) -> bytes:
    """The copy as XLSX. Raises UnreadableFileError when the upload cannot be read at all."""
    found = reading.open_tables(upload)
    mine = [one for one in problems if one.file == upload.file]
    book = _own(upload.content) or _made(found)
    sheets = {table.sheet: table for table in found}
    worst_last = sorted(mine, key=lambda one: _ORDER.index(one.severity))[-MOST_MARKS:]
    notes: dict[tuple[str, int, int], list[Problem]] = {}
    for one in worst_last:
        table = sheets.get(one.sheet)
        place = _place(table, one) if table is not None else None
        if place is not None:
            notes.setdefault((one.sheet, *place), []).append(one)
    for (title, row, column), each in notes.items():
        name = title if title in book.sheetnames else book.sheetnames[0]
        cell = book[name].cell(row, column)
        if cell.__class__.__name__ == "MergedCell":
            continue
        cell.fill = PatternFill("solid", start_color=_FILLS[each[-1].severity])
        cell.comment = Comment("\n".join(one.sentence() for one in each)[:2_000], "CIM Tier Explorer")
    _list(book, mine)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _own(content: bytes) -> Any:
    """The workbook itself with results in place of formulas; None for a file that is none."""
    if content[:2] != b"PK":
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(content), data_only=True, keep_links=False, keep_vba=False)
    except Exception:  # what openpyxl cannot open is written anew from its rows
        return None
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str):
                    _put(cell, cell.value)
                cell.hyperlink = None
    return book


def _made(found: Sequence[tables.Table]) -> Any:
    book = Workbook()
    book.remove(book.active)
    for at, table in enumerate(found, 1):
        sheet = book.create_sheet((table.sheet or f"Table {at}")[:_LONGEST_TITLE])
        for number, row in enumerate(table.rows, table.first_row):
            for place, written in enumerate(row, 1):
                if written:
                    _put(sheet.cell(number, place), written)
    return book


def _put(cell: Any, written: str) -> None:
    """Text stays text: codes keep their zeros, and nothing is taken for a formula."""
    if cell.__class__.__name__ == "MergedCell":
        return
    cell.value = safe(written) if len(written) > 1 else written
    cell.data_type = "s"


def _place(table: tables.Table, problem: Problem) -> tuple[int, int] | None:
    """Row and column from 1 of a problem's cell; the row's first cell where the column is not known."""
    if problem.row is None:
        return None
    at = min(problem.row - table.first_row, len(table.rows) - 1)
    for above in range(at, -1, -1):
        row = table.rows[above]
        if problem.column and problem.column in row:
            return problem.row, row.index(problem.column) + 1
    if problem.kind == "formula":
        return problem.row, int(column_index_from_string(problem.column))
    first = next((place for place, cell in enumerate(table.rows[at], 1) if cell), 1) if at >= 0 else 1
    return problem.row, first


def _list(book: Any, problems: Sequence[Problem]) -> None:
    title = words.text("marked.sheet")
    while title in book.sheetnames:
        title += "_"
    sheet = book.create_sheet(title)
    for row, line in enumerate(_lines(problems), 1):
        for column, written in enumerate(line, 1):
            _put(sheet.cell(row, column), written)
            if row == 1:
                sheet.cell(row, column).font = Font(bold=True)
    for letter, width in zip("ABCDEFGH", (10, 18, 18, 8, 20, 26, 50, 60), strict=True):
        sheet.column_dimensions[letter].width = width


def _lines(problems: Sequence[Problem]) -> Iterator[list[str]]:
    yield [
        words.text(f"head.{name}")
        for name in ("severity", "kind", "sheet", "row", "column", "found", "expected", "mend")
    ]
    for one in problems:
        row = "" if one.row is None else str(one.row)
        severity = words.text(f"problem.severity.{one.severity.value}")
        yield [severity, one.title(), one.sheet, row, one.column, one.found, one.expected(), one.mend()]
