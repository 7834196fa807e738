"""The compound file around XLS workbooks → the stream of records in it; no chain is followed twice.

Method: Microsoft's [MS-CFB]. xlrd reads compound files too, but follows a ring of short sectors until the
memory is full.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEAD = 512
_IN_HEAD = 109
_LARGEST = 12
"""Sectors are of 512 bytes, or of 4,096 (2 to the power of twelve) in newer files."""
_ENTRY = 128
_STREAM, _ROOT = 2, 5
_NAMES = ("workbook", "book")


class DamagedError(ValueError):
    """A compound file whose tables lead nowhere."""


def workbook(content: bytes) -> bytes:
    """The records of the workbook in a compound file. Raises DamagedError."""
    if len(content) < _HEAD or content[:8] != SIGNATURE:
        raise DamagedError
    power, short_power = struct.unpack_from("<HH", content, 30)
    if not 7 <= power <= _LARGEST or short_power > power:
        raise DamagedError
    first_entry, _, least, short_table, _, further = struct.unpack_from("<iIIiIi", content, 48)
    size = 1 << power
    sectors = -(-(len(content) - _HEAD) // size)

    def sector(at: int) -> bytes:
        if not 0 <= at < sectors:
            raise DamagedError
        start = _HEAD + at * size
        return content[start : start + size]

    table = _table(content, sector, further)

    def chained(start: int) -> bytes:
        return b"".join(map(sector, _chain(table, start, sectors)))

    entries = chained(first_entry)
    kind, start, length = _entry(entries)
    if kind != _ROOT:
        raise DamagedError
    begin, stated = start, length
    start, length = _found(entries)
    if length >= least:
        return chained(start)[:length]
    shorts = chained(begin)[:stated] if stated else b""
    short_size = 1 << short_power
    short_chain = _chain(_numbers(chained(short_table)), start, -(-len(shorts) // short_size))
    return b"".join(shorts[at * short_size : (at + 1) * short_size] for at in short_chain)[:length]


def _table(content: bytes, sector: Callable[[int], bytes], further: int) -> Sequence[int]:
    """Which sector follows each; the sectors of this table stand in the head and in a chain of their own."""
    places = list(struct.unpack_from(f"<{_IN_HEAD}i", content, 76))
    seen: set[int] = set()
    while further >= 0:
        if further in seen:
            raise DamagedError
        seen.add(further)
        *more, further = _numbers(sector(further))
        places += more
    used = [at for at in places if at >= 0]
    if len(set(used)) < len(used):
        raise DamagedError
    return _numbers(b"".join(map(sector, used)))


def _chain(table: Sequence[int], start: int, most: int) -> list[int]:
    """The numbers of the sectors from one on; more than there are would be a ring."""
    found: list[int] = []
    while start >= 0:
        found.append(start)
        if len(found) > most or start >= len(table):
            raise DamagedError
        start = table[start]
    return found


def _numbers(content: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(content) // 4}i", content[: len(content) // 4 * 4])


def _entry(entries: bytes, at: int = 0) -> tuple[int, int, int]:
    """Kind, first sector and length of an entry of the directory."""
    if not 0 <= at < len(entries) // _ENTRY:
        raise DamagedError
    start, length = struct.unpack_from("<iI", entries, at * _ENTRY + 116)
    return entries[at * _ENTRY + 66], start, length


def _found(entries: bytes) -> tuple[int, int]:
    """First sector and length of the workbook among the root's own entries, not those of embedded files."""
    left: list[int] = [struct.unpack_from("<i", entries, 76)[0]]
    seen: set[int] = set()
    named: dict[str, tuple[int, int]] = {}
    while left:
        at = left.pop()
        if at < 0 or at in seen:
            continue
        seen.add(at)
        kind, start, length = _entry(entries, at)
        place = at * _ENTRY
        long = min(64, struct.unpack_from("<H", entries, place + 64)[0])
        name = entries[place : place + long].decode("utf-16-le", "replace").rstrip("\0").casefold()
        if kind == _STREAM:
            named.setdefault(name, (start, length))
        left += struct.unpack_from("<ii", entries, place + 68)
    for name in _NAMES:
        if name in named:
            return named[name]
    raise DamagedError
