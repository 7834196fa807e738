"""ODS spreadsheets (LibreOffice, Google Sheets' export) → sheets of text.

Values come from calamine; one pass over the XML finds the cells that are shown in percent, and refuses
repeated cells that would fill the memory.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterator
from xml.etree import ElementTree

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from cim_core.intake.archive import MAX_UNPACKED, Archive
from cim_core.intake.problems import refuse
from cim_core.intake.sheets import MAX_AREA, MAX_SHEETS, Sheet, texts

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TYPE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}value-type"
_FURTHEST = 200_100, 1_000


def sheets(content: bytes, archive: Archive, file: str) -> Iterator[Sheet]:
    """The sheets of an ODS file in its own order. Raises UnreadableFileError with a plain reason."""
    percent = _percent_cells(archive.read("content.xml"), file)
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    listed = [one for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
    if not listed or len(listed) > MAX_SHEETS:
        raise refuse(file, "no_sheet", str(len(listed)), limit=MAX_SHEETS)
    for at, one in enumerate(listed):
        rows = book.get_sheet_by_name(one.name).to_python(skip_empty_area=False)
        yield Sheet(one.name, one.visible != SheetVisibleEnum.Visible, texts(rows, percent.get(at, {})))


def _percent_cells(xml: bytes, file: str) -> dict[int, dict[tuple[int, int], str]]:
    """For each sheet the cells that are shown in percent, by (row, column) from 0."""
    found: dict[int, dict[tuple[int, int], str]] = defaultdict(dict)
    sheet, row, column, area, deep = -1, 0, 0, 0, 0
    row_repeat = 1
    for event, one in ElementTree.iterparse(io.BytesIO(xml), events=("start", "end")):
        tag = one.tag
        if tag == f"{_TABLE}table":
            deep += 1 if event == "start" else -1
            if event == "start" and deep == 1:
                sheet, row = sheet + 1, 0
            elif event == "end":
                one.clear()
        elif tag == f"{_TABLE}table-row":
            if event == "start":
                column, row_repeat = 0, _repeat(one, "rows")
            else:
                row += row_repeat
                one.clear()
        elif tag in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell") and event == "start":
            repeat, kind = _repeat(one, "columns"), one.get(_TYPE)
            if kind is not None:
                area += repeat * row_repeat
                if area > MAX_AREA or row > _FURTHEST[0] or column > _FURTHEST[1]:
                    raise refuse(file, "unpacks_too_big", "ODS", limit=MAX_UNPACKED // 2**20)
                if kind == "percentage":
                    found[sheet] |= {
                        (row + down, column + right): "0%"
                        for down in range(row_repeat)
                        for right in range(repeat)
                    }
            column += repeat
    return found


def _repeat(one: ElementTree.Element, what: str) -> int:
    written = one.get(f"{_TABLE}number-{what}-repeated", "1")
    return max(1, int(written)) if written.isdecimal() else 1
