"""What has to be known of an XLSX sheet's XML before and beside its values: extent, formats, errors, merges.

All patterns stop at the next angle bracket, so that no text can make them run long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from cim_core.intake import limits
from cim_core.intake.files.sheets import Merged, can_lay_out

FURTHEST_ROW = 1_048_576
"""The last row of an XLSX sheet."""
_PLACE = rb"\br=[\"']([A-Z]{1,3})(\d{1,9})[\"']"
_PREFIX = rb"(?:[^\s<>/:]+:)?"
_CELL = re.compile(rb"<" + _PREFIX + rb"c[\s/>]")
_PLACED = re.compile(rb"<" + _PREFIX + rb"c\s[^<>]*?" + _PLACE)
_ATTRIBUTES = re.compile(rb"<" + _PREFIX + rb"c\s([^<>]*)>")
_STYLE = re.compile(rb"\bs=[\"'](\d+)[\"']")
_WHERE = re.compile(_PLACE)
_ROW = re.compile(rb"<" + _PREFIX + rb"row\s[^<>]*?\br\s*=\s*[\"'](\d+)[\"']")
_ODD_ROW = re.compile(rb"<" + _PREFIX + rb"row\s[^<>]*?\br\s*=\s*[\"'](?!\d{1,7}[\"'])")
"""A row with a number that is none: openpyxl takes `1e9` for one, and makes all rows before it."""
_HIDDEN_ROW = re.compile(rb"<" + _PREFIX + rb"row\s[^<>]*?\bhidden=[\"'](?:1|true)[\"']")
_HIDDEN_COLUMN = re.compile(rb"<" + _PREFIX + rb"col\s[^<>]*?\bhidden=[\"'](?:1|true)[\"']")
_ERROR = re.compile(
    rb"<" + _PREFIX + rb"c\s(?=[^<>]*?\bt=[\"']e[\"'])(?>[^<>]*?" + _PLACE + rb"[^<>]*+)>"
    rb"(?:<" + _PREFIX + rb"f(?:\s[^<>]*)?(?:/>|>[^<>]*+</(?:\w+:)?f>))?\s*+<(?:\w+:)?v>([^<>]*)<"
)
_NO_RESULT = re.compile(
    rb"<" + _PREFIX + rb'c\s(?![^<>]*t="str")(?>[^<>]*?' + _PLACE + rb"[^<>]*+)>\s*+"
    rb"<" + _PREFIX + rb"f(?:\s[^<>]*)?(?:/>|>[^<>]*+</(?:\w+:)?f>)\s*+"
    rb"(?:(?:<(?:\w+:)?v\s*+/>|<(?:\w+:)?v></(?:\w+:)?v>)\s*+)?</(?:\w+:)?c>"
)
"""A cell with a formula and no value; a text (`t="str"`) without letters is a result like any other."""
_REF = rb"\bref=[\"']([A-Z]{1,3})(\d{1,7})(?::([A-Z]{1,3})(\d{1,7}))?[\"']"
_MERGED = re.compile(rb"<" + _PREFIX + rb"mergeCell\s[^<>]*?" + _REF)
_BLOCK = re.compile(rb"<" + _PREFIX + rb"(?:mergeCell|hyperlink)\s[^<>]*?" + _REF)
_BLOCKS = re.compile(rb"<" + _PREFIX + rb"(?:mergeCell|hyperlink)\s")
_SHARED = re.compile(rb"\bt=[\"']s[\"']")
_PIECE = 4 * 2**20

Place = tuple[int, int]
"""Row and column from 0."""


def number(letters: bytes) -> int:
    """The number of a column, from 1: `A` → 1."""
    found = 0
    for letter in letters:
        found = 26 * found + letter - 64
    return found


class Span(NamedTuple):
    """How many cells a sheet has and says the place of, and how far they reach."""

    cells: int
    placed: int
    rows: int
    columns: int

    @property
    def compact(self) -> bool:
        """Whether every cell says where it stands, and the sheet spans little more than it holds."""
        return 0 < self.placed == self.cells and can_lay_out(self.rows, self.columns, self.placed)

    @property
    def too_far(self) -> bool:
        """Whether a row stands beyond the last one that a sheet can have."""
        return self.rows > FURTHEST_ROW


def span(xml: bytes) -> Span:
    """How far a sheet reaches."""
    cells = placed = rows = 0
    columns: set[bytes] = set()
    for piece in _pieces(xml):
        places = _PLACED.findall(piece)
        cells, placed = cells + len(_CELL.findall(piece)), placed + len(places)
        rows = max(rows, max((int(row) for row in {row for _, row in places}), default=0))
        rows = max(rows, max((int(row) for row in _ROW.findall(piece) if len(row) > 6), default=0))
        columns |= {letters for letters, _ in places}
        if _ODD_ROW.search(piece):
            rows = FURTHEST_ROW + 1
    return Span(cells, placed, rows, max(map(number, columns), default=0))


def _pieces(xml: bytes) -> Iterator[bytes]:
    """The XML in pieces that begin with a mark: all places of a large sheet at once would fill the memory."""
    start = 0
    while start < len(xml):
        end = xml.find(b"<", start + _PIECE)
        end = len(xml) if end < 0 else end
        yield xml[start:end]
        start = end


def blocks(xml: bytes) -> int:
    """How many merged or linked blocks a sheet has."""
    if b"mergeCell" not in xml and b"hyperlink" not in xml:
        return 0
    return sum(len(_BLOCKS.findall(piece)) for piece in _pieces(xml))


def small_blocks(xml: bytes) -> bool:
    """Whether merged and linked blocks are few cells: openpyxl makes each of them."""
    blocks = _BLOCK.findall(xml)
    area = sum(
        (int(bottom or top) - int(top) + 1) * (number(right or left) - number(left) + 1)
        for left, top, right, bottom in blocks
    )
    return len(blocks) == len(_BLOCKS.findall(xml)) and area <= limits.MAX_IN_BLOCKS


def merged(xml: bytes) -> tuple[Merged, ...]:
    """The merged blocks, first and last place of each."""
    return tuple(
        ((int(top) - 1, number(left) - 1), (int(bottom or top) - 1, number(right or left) - 1))
        for left, top, right, bottom in _MERGED.findall(xml)
    )


def formats(xml: bytes, percent: Mapping[int, str]) -> dict[Place, str]:
    """The number formats of the cells that may be shown in percent; a cell without a style has style 0."""
    found: dict[Place, str] = {}
    if not percent:
        return found
    for cell in _ATTRIBUTES.finditer(xml):
        attributes = cell[1]
        style = _STYLE.search(attributes)
        applied = percent.get(int(style[1]) if style else 0)
        where = _WHERE.search(attributes) if applied else None
        if applied and where:
            found[int(where[2]) - 1, number(where[1]) - 1] = applied
    return found


def errors(xml: bytes) -> dict[Place, str]:
    """The cells that hold an error, such as `#DIV/0!`, with its text."""
    if b'"e"' not in xml and b"'e'" not in xml:
        return {}
    return {
        (int(row) - 1, number(letters) - 1): text.decode("utf-8", "replace")
        for letters, row, text in _ERROR.findall(xml)
    }


def without_result(xml: bytes, most: int) -> list[tuple[str, int]]:
    """Column and row (as a person names them) of formulas that were never calculated."""
    found: list[tuple[str, int]] = []
    if b"<f" not in xml and b":f" not in xml:
        return found
    for one in _NO_RESULT.finditer(xml):
        found.append((one[1].decode(), int(one[2])))
        if len(found) == most:
            break
    return found


def hidden(xml: bytes) -> tuple[int, int]:
    """How many rows are hidden, and how many blocks of columns."""
    if b"hidden" not in xml:
        return 0, 0
    return len(_HIDDEN_ROW.findall(xml)), len(_HIDDEN_COLUMN.findall(xml))


def shared_texts(xml: bytes) -> int:
    """How many cells hold a text from the table of shared strings."""
    return sum(len(_SHARED.findall(piece)) for piece in _pieces(xml))
