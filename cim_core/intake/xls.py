"""Old Excel workbooks (XLS, 1997–2003) → sheets of text, by xlrd, which knows their number formats."""

from __future__ import annotations

import io
from collections.abc import Iterator

import xlrd

from cim_core.intake import limits
from cim_core.intake.number_format import scales
from cim_core.intake.problems import refuse
from cim_core.intake.sheets import Sheet, texts


def sheets(content: bytes, file: str) -> Iterator[Sheet]:
    """The sheets of an XLS file in its own order. Raises UnreadableFileError with a plain reason."""
    try:
        book = xlrd.open_workbook(
            file_contents=content, formatting_info=True, ragged_rows=True, logfile=io.StringIO()
        )
    except xlrd.XLRDError as error:
        raise refuse(file, "password" if "encrypted" in str(error) else "damaged_workbook", "XLS") from error
    if not book.nsheets or book.nsheets > limits.MAX_SHEETS:
        raise refuse(file, "no_sheet", str(book.nsheets), limit=limits.MAX_SHEETS)
    percent = {
        at: one.format_str
        for at, xf in enumerate(book.xf_list)
        if (one := book.format_map.get(xf.format_key)) is not None and scales(one.format_str)
    }
    for sheet in book.sheets():
        formats = {
            (row, place): percent[index]
            for row in range(sheet.nrows)
            if percent
            for place in range(sheet.row_len(row))
            if (index := sheet.cell_xf_index(row, place)) in percent
        }
        merged = tuple(
            ((top, left), (bottom - 1, right - 1)) for top, bottom, left, right in sheet.merged_cells
        )
        values = ([_value(cell, book.datemode) for cell in sheet.row(row)] for row in range(sheet.nrows))
        yield Sheet(sheet.name, sheet.visibility != 0, texts(values, formats, merged), merged=merged)


def _value(cell: xlrd.sheet.Cell, datemode: int) -> object:
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
