"""Old Excel workbooks (XLS, 1997–2003) → sheets of text, by xlrd, which knows their number formats."""

from __future__ import annotations

import io
from collections.abc import Iterator

import xlrd

from cim_core.intake import limits
from cim_core.intake.files import biff, ole
from cim_core.intake.files.number_format import scales
from cim_core.intake.files.sheets import Sheet, texts
from cim_core.intake.problems import refuse
from cim_core.words.messages import HowMany

_PLAIN = {xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_TEXT, xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_BLANK}


def sheets(content: bytes, file: str) -> Iterator[Sheet]:
    """The sheets of an XLS file in its own order. Raises UnreadableFileError with a plain reason."""
    try:
        stream = ole.workbook(content)
    except ole.DamagedError as error:
        raise refuse(file, "damaged_workbook", "XLS") from error
    biff.check(stream, file)
    try:
        book = xlrd.open_workbook(
            file_contents=stream, formatting_info=True, ragged_rows=True, logfile=io.StringIO()
        )
    except xlrd.XLRDError as error:
        raise refuse(file, "password" if "encrypted" in str(error) else "damaged_workbook", "XLS") from error
    if not book.nsheets or book.nsheets > limits.MAX_SHEETS:
        raise refuse(file, "no_sheet", str(book.nsheets), limit=HowMany(limits.MAX_SHEETS))
    if any(len(one.format_str or "") > limits.MAX_FORMAT for one in book.format_map.values()):
        raise refuse(file, "damaged_workbook", "XLS")
    percent = {
        at: one.format_str
        for at, xf in enumerate(book.xf_list)
        if (one := book.format_map.get(xf.format_key)) is not None and scales(one.format_str or "")
    }
    for sheet in book.sheets():
        formats: dict[tuple[int, int], str] = {}
        merged = tuple(
            ((top, left), (bottom - 1, right - 1)) for top, bottom, left, right in sheet.merged_cells
        )
        values = _rows(sheet, percent, formats, book.datemode)
        yield Sheet(sheet.name, sheet.visibility != 0, texts(values, formats, merged), merged=merged)


def _rows(
    sheet: xlrd.sheet.Sheet, percent: dict[int, str], formats: dict[tuple[int, int], str], datemode: int
) -> Iterator[list[object]]:
    """The values row by row; which of them are shown in percent stands in `formats` from then on."""
    for row in range(sheet.nrows):
        cells = sheet.row(row)
        formats.clear()
        formats |= {
            (row, place): percent[cell.xf_index]
            for place, cell in enumerate(cells)
            if percent and cell.xf_index in percent
        }
        yield [_value(cell, datemode) for cell in cells]


def _value(cell: xlrd.sheet.Cell, datemode: int) -> object:
    if cell.ctype in _PLAIN:
        return cell.value
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code.get(cell.value, "#ERROR")
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            return xlrd.xldate_as_datetime(cell.value, datemode)
        except (ValueError, OverflowError):
            return cell.value
    return cell.value
