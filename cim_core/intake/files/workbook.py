"""XLSX and XLSM workbooks → sheets of text. Macros, external links and embedded objects are never looked at.

Values come from calamine, many times faster than openpyxl (see `benchmarks`). It knows no number formats, so
cells that are shown in percent are found in the sheets' XML; and it lays out a sheet in full, so a sheet with
a stray cell far away, or without references, is streamed by openpyxl instead.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from xml.etree import ElementTree

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from cim_core.intake import limits
from cim_core.intake.files import sheet_xml
from cim_core.intake.files.archive import Archive
from cim_core.intake.files.number_format import scales, text_of
from cim_core.intake.files.sheets import Sheet, texts
from cim_core.intake.problems import Problem, Severity, refuse
from cim_core.words.messages import HowMany

_MOST_FORMULAS = 200
_BUILT_IN = {9: "0%", 10: "0.00%"}
_STRING = re.compile(rb"<(?:[^\s<>/:]+:)?si[\s>/]")


def sheets(archive: Archive, file: str) -> Iterator[Sheet]:
    """The sheets of a workbook in its own order. Raises UnreadableFileError with a plain reason."""
    longest = _longest_string(archive, file)
    parts, percent = _parts(archive), _percent_styles(archive, file)
    spans = {part: sheet_xml.span(archive.member(part)) for part in set(parts.values())}
    _refuse_too_many_cells(archive, file, spans)
    book = CalamineWorkbook.from_filelike(io.BytesIO(archive.content))
    listed = [one for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
    if not listed or len(listed) > limits.MAX_SHEETS:
        raise refuse(file, "no_sheet", str(len(listed)), limit=HowMany(limits.MAX_SHEETS))
    if len(parts) > len(spans) or len({one.name for one in listed}) < len(listed):
        raise refuse(file, "damaged_workbook", "XLSX")
    for sheet in listed:
        hidden = sheet.visible != SheetVisibleEnum.Visible
        xml = archive.member(parts.get(sheet.name, ""))
        span = spans.get(parts.get(sheet.name, "")) or sheet_xml.span(xml)
        if span.too_far:
            raise refuse(file, "damaged_workbook", sheet.name)
        merged = sheet_xml.merged(xml)
        problems = [*_uncalculated(xml, file, sheet.name), *_hidden(xml, file, sheet.name)]
        heavy = longest * sheet_xml.shared_texts(xml) > limits.MAX_TEXT
        if heavy or not span.compact:
            cells = texts(_streamed(archive.content, sheet.name), {}, merged)
        else:
            cells = texts(_laid_out(book, sheet.name, xml), sheet_xml.formats(xml, percent), merged)
        yield Sheet(sheet.name, hidden, cells, problems, merged)


def _longest_string(archive: Archive, file: str) -> int:
    """The length of the longest shared string. Raises UnreadableFileError for parts that are too large."""
    for part in ("xl/styles.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
        if len(archive.member(part)) > limits.MAX_PART:
            raise refuse(file, "unpacks_too_big", part, limit=HowMany(limits.MAX_UNPACKED // 2**20))
    strings, longest = _strings(archive.member("xl/sharedStrings.xml"))
    if strings > limits.MAX_STRINGS:
        raise refuse(file, "too_many_strings", f"{strings:,}", limit=f"{limits.MAX_STRINGS:,}")
    if longest > limits.MAX_STRING:
        raise refuse(file, "cell_too_long", limit=HowMany(limits.MAX_CELL))
    return longest


def _refuse_too_many_cells(archive: Archive, file: str, spans: Mapping[str, sheet_xml.Span]) -> None:
    if sum(span.cells for span in spans.values()) > limits.MAX_CELLS:
        raise refuse(file, "too_many_cells", limit=f"{limits.MAX_CELLS:,}")
    if sum(span.cells - span.placed for span in spans.values()) > limits.MAX_UNPLACED:
        raise refuse(file, "cells_without_place", limit=f"{limits.MAX_UNPLACED:,}")
    if sum(sheet_xml.blocks(archive.member(part)) for part in spans) > limits.MAX_BLOCKS:
        raise refuse(file, "too_many_marks", "XLSX", limit=f"{limits.MAX_BLOCKS:,}")


def _laid_out(book: CalamineWorkbook, title: str, xml: bytes) -> list[list[Any]]:
    """The rows of a sheet as calamine gives them, with the errors that formulas show."""
    rows: list[list[Any]] = book.get_sheet_by_name(title).to_python(skip_empty_area=False)
    for (row, column), text in sheet_xml.errors(xml).items():
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = text
    return rows


def _strings(xml: bytes) -> tuple[int, int]:
    """How many shared strings there are, and the length of the longest with its marks, in bytes."""
    number = longest = before = 0
    for one in _STRING.finditer(xml):
        longest = max(longest, one.start() - before) if number else 0
        number, before = number + 1, one.start()
    return number, max(longest, len(xml) - before) if number else 0


def compact(archive: Archive) -> bool:
    """Whether openpyxl can hold every sheet: it also makes each cell of a block that is merged or linked."""
    pages = [archive.member(part) for part in _parts(archive).values()]
    return bool(pages) and all(sheet_xml.span(xml).compact and sheet_xml.small_blocks(xml) for xml in pages)


def _hidden(xml: bytes, file: str, title: str) -> list[Problem]:
    """That rows or columns are hidden: they are read all the same."""
    rows, columns = sheet_xml.hidden(xml)
    if not rows and not columns:
        return []
    return [
        Problem(
            Severity.NOTE,
            "hidden_cells",
            file,
            title,
            values={"rows": HowMany(rows), "columns": HowMany(columns)},
        )
    ]


def _percent_styles(archive: Archive, file: str) -> dict[int, str]:
    """The styles whose number format scales by 100, with that format."""
    styles = archive.member("xl/styles.xml")
    if not styles:
        return {}
    root = ElementTree.fromstring(styles)
    formats = dict(_BUILT_IN)
    for element in root.iter():
        if _local(element.tag) == "numFmt":
            written = element.get("formatCode", "")
            if len(written) > limits.MAX_FORMAT:
                raise refuse(file, "damaged_workbook", written)
            formats[int(element.get("numFmtId", "0"))] = written
    applied = next((one for one in root.iter() if _local(one.tag) == "cellXfs"), None)
    found = {}
    for style, one in enumerate(applied if applied is not None else ()):
        number_format = formats.get(int(one.get("numFmtId", "0")), "")
        if scales(number_format):
            found[style] = number_format
    return found


def _parts(archive: Archive) -> dict[str, str]:
    """The part of the archive that holds each sheet, by the sheet's name."""
    book, links = archive.member("xl/workbook.xml"), archive.member("xl/_rels/workbook.xml.rels")
    if not book or not links:
        return {}
    targets = {one.get("Id"): one.get("Target", "") for one in ElementTree.fromstring(links)}
    found = {}
    for one in ElementTree.fromstring(book).iter():
        if _local(one.tag) == "sheet":
            target = targets.get(_relation(one), "").lstrip("/")
            found[one.get("name", "")] = target if target.startswith("xl/") else f"xl/{target}"
    return found


def _relation(one: ElementTree.Element) -> str:
    """The id that leads to a sheet's part; its namespace differs between kinds of workbooks."""
    return next((value for name, value in one.items() if name.endswith("}id")), "")


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _uncalculated(xml: bytes, file: str, title: str) -> list[Problem]:
    """Cells that hold a formula and no result at all; an empty text is a result."""
    return [
        Problem(Severity.ERROR, "formula", file, title, row, letters)
        for letters, row in sheet_xml.without_result(xml, _MOST_FORMULAS)
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
