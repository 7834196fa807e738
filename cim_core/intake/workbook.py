"""XLSX and XLSM workbooks → sheets of text. Macros, external links and embedded objects are never looked at.

Values come from calamine, many times faster than openpyxl (see `benchmarks`). It knows no number formats, so
cells that are shown in percent are found in the sheets' XML; and it lays out a sheet in full, so a sheet with
a stray cell far away, or without references, is streamed by openpyxl instead.
"""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from xml.etree import ElementTree

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from cim_core.intake.archive import Archive
from cim_core.intake.number_format import scales, text_of
from cim_core.intake.problems import Problem, Severity, refuse
from cim_core.intake.sheets import MAX_SHEETS, Merged, Sheet, can_lay_out, texts

_MOST_FORMULAS = 200
_NO_RESULT = re.compile(
    rb'<(?:\w+:)?c\s(?![^>]*t="str")[^>]*?r="([A-Z]+)(\d+)"[^>]*>\s*'
    rb"<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
"""A cell with a formula and no value; a text (`t="str"`) without letters is a result like any other."""
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_PLACE = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})(\d{1,9})"')
_MERGED = re.compile(
    rb"<(?:\w+:)?mergeCell\s[^>]*?\bref=[\"']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})[\"']"
)
_BLOCK = re.compile(
    rb"<(?:\w+:)?(?:mergeCell|hyperlink)\s[^>]*?"
    rb"\bref=[\"']([A-Z]{1,3})(\d{1,7})(?::([A-Z]{1,3})(\d{1,7}))?[\"']"
)
_BLOCKS = re.compile(rb"<(?:\w+:)?(?:mergeCell|hyperlink)\s")
_MOST_IN_BLOCKS = 500_000
_BUILT_IN = {9: "0%", 10: "0.00%"}
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def sheets(content: bytes, archive: Archive, file: str) -> Iterator[Sheet]:
    """The sheets of a workbook in its own order. Raises UnreadableFileError with a plain reason."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    listed = [one for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
    if not listed or len(listed) > MAX_SHEETS:
        raise refuse(file, "no_sheet", str(len(listed)), limit=MAX_SHEETS)
    parts, percent = _parts(archive), _percent_styles(archive)
    for one in listed:
        hidden = one.visible != SheetVisibleEnum.Visible
        xml = archive.read(parts.get(one.name, ""))
        problems = _uncalculated(xml, file, one.name)
        if not _compact(xml):
            merged = _merged(xml)
            yield Sheet(one.name, hidden, texts(_streamed(content, one.name), {}, merged), problems, merged)
            continue
        sheet = book.get_sheet_by_name(one.name)
        merged = tuple(sheet.merged_cell_ranges or ())
        rows = sheet.to_python(skip_empty_area=False)
        yield Sheet(one.name, hidden, texts(rows, _formats(xml, percent), merged), problems, merged)


def compact(archive: Archive) -> bool:
    """Whether openpyxl can hold every sheet: it also makes each cell of a block that is merged or linked."""
    pages = [archive.read(part) for part in _parts(archive).values()]
    return bool(pages) and all(_compact(xml) and _small_blocks(xml) for xml in pages)


def _small_blocks(xml: bytes) -> bool:
    blocks = _BLOCK.findall(xml)
    area = sum(
        (int(bottom or top) - int(top) + 1) * (_number(right or left) - _number(left) + 1)
        for left, top, right, bottom in blocks
    )
    return len(blocks) == len(_BLOCKS.findall(xml)) and area <= _MOST_IN_BLOCKS


def _merged(xml: bytes) -> tuple[Merged, ...]:
    return tuple(
        ((int(top) - 1, _number(left) - 1), (int(bottom) - 1, _number(right) - 1))
        for left, top, right, bottom in _MERGED.findall(xml)
    )


def _compact(xml: bytes) -> bool:
    """Whether every cell says where it stands, and the sheet spans little more than it holds."""
    places = _PLACE.findall(xml)
    if not xml or len(places) != len(_CELL.findall(xml)):
        return False
    rows = max((int(row) for _, row in places), default=0)
    columns = max((_number(letters) for letters in {letters for letters, _ in places}), default=0)
    return can_lay_out(rows, columns, len(places))


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number


def _formats(xml: bytes, percent: Mapping[int, str]) -> dict[tuple[int, int], str]:
    """The number formats of the cells that may be shown in percent, by (row, column) from 0."""
    if not percent:
        return {}
    ids = b"|".join(str(style).encode() for style in percent)
    cells = re.compile(rb'<(?:\w+:)?c\s(?=[^>]*?\bs="(' + ids + rb')")[^>]*?\br="([A-Z]{1,3})(\d{1,9})"')
    return {
        (int(row) - 1, _number(letters) - 1): percent[int(style)]
        for style, letters, row in cells.findall(xml)
    }


def _percent_styles(archive: Archive) -> dict[int, str]:
    """The styles whose number format scales by 100, with that format."""
    styles = archive.read("xl/styles.xml")
    if not styles:
        return {}
    root = ElementTree.fromstring(styles)
    formats = dict(_BUILT_IN)
    for one in root.iter():
        if _local(one.tag) == "numFmt":
            formats[int(one.get("numFmtId", "0"))] = one.get("formatCode", "")
    applied = next((one for one in root.iter() if _local(one.tag) == "cellXfs"), None)
    found = {}
    for style, one in enumerate(applied if applied is not None else ()):
        number_format = formats.get(int(one.get("numFmtId", "0")), "")
        if scales(number_format):
            found[style] = number_format
    return found


def _parts(archive: Archive) -> dict[str, str]:
    """The part of the archive that holds each sheet, by the sheet's name."""
    book, links = archive.read("xl/workbook.xml"), archive.read("xl/_rels/workbook.xml.rels")
    if not book or not links:
        return {}
    targets = {one.get("Id"): one.get("Target", "") for one in ElementTree.fromstring(links)}
    found = {}
    for one in ElementTree.fromstring(book).iter():
        if _local(one.tag) == "sheet":
            target = targets.get(one.get(_RELATION), "").lstrip("/")
            found[one.get("name", "")] = target if target.startswith("xl/") else f"xl/{target}"
    return found


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _uncalculated(xml: bytes, file: str, title: str) -> list[Problem]:
    """Cells that hold a formula and no result at all; an empty text is a result."""
    return [
        Problem(Severity.ERROR, "formula", file, title, int(row), letters.decode())
        for letters, row in itertools.islice(_NO_RESULT.findall(xml), _MOST_FORMULAS)
    ]


def _streamed(content: bytes, title: str) -> Iterator[list[str]]:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    try:
        sheet = book[title]
        sheet.reset_dimensions()
        yield from _rows(sheet)
    finally:
        book.close()


def _rows(sheet: Iterable[Iterable[object]]) -> Iterator[list[str]]:
    for row in sheet:
        cells = [
            text_of(getattr(cell, "value", None), str(getattr(cell, "number_format", ""))) for cell in row
        ]
        while cells and not cells[-1]:
            cells.pop()
        yield cells
