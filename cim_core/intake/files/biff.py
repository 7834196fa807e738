"""What the records of an XLS workbook would cost, counted before they are read."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from cim_core.intake import limits
from cim_core.intake.files.sheets import can_lay_out
from cim_core.intake.problems import UnreadableFileError, refuse
from cim_core.words.messages import HowMany

_BOUND_SHEET, _STRINGS, _LINK, _MERGED, _END, _BEGIN = 0x85, 0xFC, 0x1B8, 0xE5, 0x0A, 0x809
_SEVERAL = {0xBD, 0xBE}
"""Several numbers, several blanks in one record."""
_CELLS = {0x203, 0x204, 0x205, 0x201, 0x27E, 0xFD, 0xD6, 0x06, 0x206, 0x406, 0x01, 0x02, 0x03, 0x04, 0x05}
_CONTINUED = 0x3C
_FURTHEST_COLUMN = 255


@dataclass(slots=True)
class _Cost:
    """What was counted so far: all records, cells of the workbook, cells that links cover, merged blocks."""

    records: int = 0
    cells: int = 0
    linked: int = 0
    merged: int = 0
    widths: dict[int, int] = field(default_factory=dict)
    """How far each row of the present sheet reaches."""


def check(stream: bytes, file: str) -> None:
    """Raise UnreadableFileError for records that would take too long or fill the memory."""
    places: list[int] = []
    strings = records = 0
    for code, start, size in _records(stream, 0):
        records += code != _CONTINUED
        if code == _BOUND_SHEET and size >= 4:
            places.append(struct.unpack_from("<I", stream, start)[0])
        elif code == _STRINGS and size >= 8:
            strings += struct.unpack_from("<I", stream, start + 4)[0]
        if code == _END:
            break
        if records > limits.MAX_STYLES:
            raise refuse(file, "too_many_marks", "XLS", limit=f"{limits.MAX_STYLES:,}")
    if strings > limits.MAX_STRINGS:
        raise refuse(file, "too_many_strings", f"{strings:,}", limit=f"{limits.MAX_STRINGS:,}")
    if len(places) > limits.MAX_SHEETS:
        raise refuse(file, "no_sheet", str(len(places)), limit=HowMany(limits.MAX_SHEETS))
    if len(set(places)) < len(places):
        raise refuse(file, "damaged_workbook", "XLS")
    cost = _Cost()
    for place in places or [0]:
        _sheet(stream, place, cost, file)


def _sheet(stream: bytes, place: int, cost: _Cost, file: str) -> None:
    """Add up one sheet, from its place to the record that ends it."""
    deep, before = 0, cost.cells
    cost.widths = {}
    for code, start, size in _records(stream, place):
        cost.records += 1
        if code == _BEGIN:
            deep += 1
        elif code == _END:
            deep -= 1
            if deep <= 0:
                break
        else:
            _add(cost, stream, code, start, size)
        if cost.records > limits.MAX_RECORDS:
            raise refuse(file, "too_many_marks", "XLS", limit=f"{limits.MAX_RECORDS:,}")
        if cost.cells > limits.MAX_CELLS or cost.linked > limits.MAX_IN_BLOCKS:
            raise _too_many(file)
        if cost.merged > limits.MAX_BLOCKS:
            raise refuse(file, "too_many_marks", "XLS", limit=f"{limits.MAX_BLOCKS:,}")
    if not can_lay_out(sum(cost.widths.values()), 1, cost.cells - before):
        raise _too_many(file)


def _add(cost: _Cost, stream: bytes, code: int, start: int, size: int) -> None:
    """Add one record to the cost."""
    if code in _CELLS and size >= 4:
        cost.cells += 1
        _reach(cost, *struct.unpack_from("<HH", stream, start))
    elif code in _SEVERAL and size >= 6:
        row, first = struct.unpack_from("<HH", stream, start)
        several = (size - 6) // (6 if code == 0xBD else 2)
        cost.cells += several
        _reach(cost, row, first + several - 1)
    elif code == _LINK and size >= 8:
        top, bottom, left, right = struct.unpack_from("<HHHH", stream, start)
        cost.linked += max(0, bottom + 1 - top) * max(0, right + 1 - left)
    elif code == _MERGED:
        cost.merged += size // 8


def _too_many(file: str) -> UnreadableFileError:
    return refuse(file, "too_many_cells", limit=f"{limits.MAX_CELLS:,}")


def _reach(cost: _Cost, row: int, column: int) -> None:
    cost.widths[row] = max(cost.widths.get(row, 0), min(column, _FURTHEST_COLUMN) + 1)


def _records(stream: bytes, place: int) -> Iterator[tuple[int, int, int]]:
    """Code, place and size of each record from a place on, as far as they are whole."""
    last = len(stream) - 4
    while place <= last:
        code, size = struct.unpack_from("<HH", stream, place)
        place += 4
        yield code, place, min(size, len(stream) - place)
        place += size
