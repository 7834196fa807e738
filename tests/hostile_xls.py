"""Hostile XLS workbooks: records and sectors written by hand."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from tests.hostile import TOO_MUCH, Case

_SECTOR = 512
_END, _FREE, _TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_GUID = bytes.fromhex("D0C9EA79F9BACE118C8200AA004BA90B")


def record(code: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", code, len(content)) + content


def text(written: str) -> bytes:
    return struct.pack("<HB", len(written), 0) + written.encode("latin-1")


def label(row: int, column: int, written: str) -> bytes:
    return record(0x0204, struct.pack("<HHH", row, column, 0) + text(written))


def number(row: int, column: int, value: float) -> bytes:
    return record(0x0203, struct.pack("<HHHd", row, column, 0, value))


_BEGIN = record(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0x0DBB, 1996, 0, 6))
_BEGIN_SHEET = record(0x0809, struct.pack("<HHHHII", 0x0600, 16, 0x0DBB, 1996, 0, 6))
EOF = record(0x0A)
FONT = record(0x31, struct.pack("<HHHHHBBBB", 200, 0, 0x7FFF, 400, 0, 0, 0, 0, 0) + b"\x01\x00A")
XF = record(0xE0, struct.pack("<HHHBBBBIIH", 0, 0, 0, 0x20, 0, 0, 0, 0, 0, 0x20C0))
GOOD = b"".join(
    label(down, across, one)
    for down, line in enumerate((("lea_code", "year", "5a"), ("9900001", "2023-24", "50"), ("9900002", "2023-24", "60")))
    for across, one in enumerate(line)
)  # fmt: skip


def stream(
    cells: bytes = b"", more: bytes = b"", sheets: int = 1, apart: bool = False, fonts: bytes = FONT * 4
) -> bytes:
    """The records of a workbook: `more` among those of the book, `cells` in its sheets."""
    head = _BEGIN + fonts + XF * 16 + more
    size = (
        len(head)
        + sum(
            len(record(0x85, bytes(6) + struct.pack("<BB", len(f"S{at}"), 0) + f"S{at}".encode()))
            for at in range(sheets)
        )
        + len(EOF)
    )
    one = _BEGIN_SHEET + GOOD + cells + EOF
    bounds = b"".join(
        record(
            0x85,
            struct.pack("<IBB", size + (len(one) * at if apart else 0), 0, 0)
            + struct.pack("<BB", len(f"S{at}"), 0)
            + f"S{at}".encode(),
        )
        for at in range(sheets)
    )
    return head + bounds + EOF + one * (sheets if apart else 1)


def entry(
    name: str, kind: int, start: int, size: int, child: int = -1, left: int = -1, right: int = -1
) -> bytes:
    named = name.encode("utf-16-le").ljust(64, b"\0")
    return (
        named
        + struct.pack("<HBBiii", 2 * len(name) + 2, kind, 1, left, right, child)
        + bytes(36)
        + struct.pack("<III", start, size, 0)
    )


def ole(content: bytes, **odd: int) -> bytes:
    """A compound file around a stream; `odd` replaces what its tables say."""
    content = content.ljust(max(len(content), 4_096), b"\0")
    length = odd.get("length", len(content))
    content += bytes(-len(content) % _SECTOR)
    used = len(content) // _SECTOR
    directory = b"".join(
        [
            entry("Root Entry", 5, odd.get("short", _END), odd.get("short_size", 0), odd.get("child", 1)),
            entry(
                "Workbook",
                2,
                odd.get("start", 0),
                length,
                odd.get("down", -1),
                odd.get("left", -1),
                odd.get("right", -1),
            ),
            bytes(256),
        ]
    )
    tables = 1
    while tables * 128 < used + 1 + tables + (max(0, tables - 109) + 126) // 127:
        tables += 1
    further = max(0, tables - 109 + 126) // 127 if tables > 109 else 0
    chain = [at + 1 for at in range(used)]
    chain[-1] = odd.get("last", _END)
    chain += [odd.get("directory", _END)] + [_TABLE] * (tables + further)
    chain += [_FREE] * (tables * 128 - len(chain))
    places = [used + 1 + at for at in range(tables)]
    first, rest = places[:109], places[109:]
    extra = b""
    for at in range(further):
        part = rest[127 * at : 127 * (at + 1)]
        part += [_FREE] * (127 - len(part))
        extra += struct.pack("<128I", *part, used + 1 + tables + at + 1 if at + 1 < further else _END)
    head = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, odd.get("sector", 9), odd.get("small", 6))
        + bytes(10)
    )
    head += struct.pack(
        "<IIIIIIII",
        odd.get("tables", tables),
        odd.get("first", used),
        0,
        odd.get("least", 4_096),
        odd.get("small_first", _END),
        odd.get("small_tables", 0),
        odd.get("further", used + 1 + tables if further else _END),
        further,
    )
    head += struct.pack("<109I", *first, *[_FREE] * (109 - len(first)))
    return head + content + directory + struct.pack(f"<{len(chain)}I", *chain) + extra


def strings(number: int, one: bytes, stated: int | None = None) -> bytes:
    """A table of shared strings, cut into records between strings."""
    each = max(1, 8_000 // len(one))
    said = number if stated is None else stated
    parts, left = [], number
    while left > 0:
        parts.append(one * min(each, left))
        left -= each
    first = record(0xFC, struct.pack("<II", said, said) + (parts[0] if parts else b""))
    return first + b"".join(record(0x3C, part) for part in parts[1:])


def _case(title: str, made, refused: tuple[str, ...] = (), read: bool = False) -> Case:
    return Case("xls", title, "x.xls", lambda: ole(made()), refused, read)


def _records() -> Iterator[Case]:
    yield _case("as it should be", stream, read=True)
    for rows, cells in ((1_000, 40), (20_000, 50), (30_000, 256), (45_000, 256)):

        def blank(r=rows, c=cells):
            return b"".join(
                record(0xBE, struct.pack("<HH", at, 0) + bytes(2 * c) + struct.pack("<H", c - 1))
                for at in range(4, r)
            )

        refused = TOO_MUCH if rows * cells > 6_000_000 else ()
        yield _case(f"MULBLANK in {rows} rows, {cells} cells", lambda b=blank: stream(b()), refused)
    yield _case(
        "MULBLANK in one row",
        lambda: stream(record(0xBE, struct.pack("<HH", 9, 0) + bytes(512) + struct.pack("<H", 255)) * 40_000),
        TOO_MUCH,
    )
    yield _case(
        "MULBLANK that lies",
        lambda: stream(record(0xBE, struct.pack("<HH", 9, 0) + bytes(4) + struct.pack("<H", 65_535))),
    )
    yield _case(
        "MULRK in one row",
        lambda: stream(
            record(0xBD, struct.pack("<HH", 9, 0) + bytes(6 * 250) + struct.pack("<H", 249)) * 14_000
        ),
    )
    yield _case("far cells", lambda: stream(b"".join(number(at, 255, 1.0) for at in range(4, 65_536))))
    yield _case("cells of one place", lambda: stream(number(9, 9, 1.0) * 1_000_000))
    for where in ((65_535, 255), (65_535, 65_535), (0, 65_535)):
        yield _case(f"stray cell {where}", lambda w=where: stream(number(*w, 1.0)))
    for top, bottom, left, right in ((0, 65_535, 0, 255), (0, 65_535, 0, 65_535), (5, 4, 9, 8)):
        place = struct.pack("<HHHH", top, bottom, left, right)
        link = record(0x1B8, place + _GUID + b"\2\0\0\0" + bytes(4))
        for times in (1, 50, 10_000):
            yield _case(
                f"{times} links over {top}:{bottom}, {left}:{right}",
                lambda k=link, t=times: stream(k * t),
                TOO_MUCH if bottom > top else (),
            )
        merged = record(0xE5, struct.pack("<H", 1_000) + place * 1_000)
        yield _case(f"merged over {top}:{bottom}, {left}:{right}", lambda m=merged: stream(m * 500))
    column = record(0x7D, struct.pack("<HHHHHH", 0, 65_535, 2_000, 0, 0, 0))
    yield _case("widths of columns", lambda: stream(column * 400_000))
    for code, size, title in (
        (0x5D, 30, "objects"),
        (0x1C, 20, "notes"),
        (0x208, 16, "rows"),
        (0x1B0, 30, "conditions"),
        (0x15F, 10, "ranges"),
        (0xEC, 20, "drawings"),
        (0x1B6, 18, "texts"),
        (0x1234, 0, "unknown"),
        (0x809, 16, "begins"),
        (0x1B, 6, "breaks"),
        (0x4BC, 20, "shared formulas"),
        (0x221, 20, "arrays"),
    ):
        yield _case(f"many {title}", lambda c=code, s=size: stream(record(c, bytes(s)) * 500_000))

    def formula(at):
        return record(6, struct.pack("<HHHdHIH", at, 3, 0, 1.0, 0, 0, 0))

    yield _case("formulas", lambda: stream(b"".join(formula(at) for at in range(4, 60_000))))
    yield _case("no end", lambda: stream()[: -len(EOF)])
    yield _case("long record", lambda: stream(struct.pack("<HH", 0x203, 65_535) + bytes(65_535)))


def _book() -> Iterator[Case]:
    for number_of, one, title in (
        (500_000, text(""), "empty"),
        (3_000_000, text(""), "empty"),
        (2_000_000, text("abcd"), "short"),
        (3_000, text("x" * 7_000), "long"),
    ):
        refused = ("too_many_strings",) if number_of > 10**6 else ()
        yield _case(
            f"{number_of} {title} strings", lambda n=number_of, o=one: stream(more=strings(n, o)), refused
        )
    rich = struct.pack("<HBH", 1, 8, 1_000) + b"x" + bytes(4_000)
    yield _case("runs in strings", lambda: stream(more=strings(4_000, rich)))
    for stated in (2**31, 2**32 - 1, 10**6):
        yield _case(
            f"{stated} strings stated",
            lambda s=stated: stream(more=strings(10, text("ab"), s)),
            ("too_many_strings", "damaged_workbook"),
        )
    back = struct.pack("<HBi", 1, 4, -8) + b"x"
    yield _case("strings that lead back", lambda: stream(more=strings(100, back, 900_000)))
    yield _case(
        "long string in pieces",
        lambda: stream(
            more=record(0xFC, struct.pack("<IIHB", 1, 1, 65_535, 0) + b"x") + (record(0x3C, b"\0x") * 65_534)
        ),
    )
    for times in (60, 5_000, 200_000):
        yield _case(
            f"{times} sheets of one place",
            lambda t=times: stream(number(9, 1, 1.0) * 5_000, sheets=t),
            ("no_sheet", "damaged_workbook", *TOO_MUCH),
        )
    yield _case(
        "a large sheet 50 times",
        lambda: stream(number(9, 1, 1.0) * 200_000, sheets=50),
        ("damaged_workbook", *TOO_MUCH),
    )
    yield _case("50 sheets apart", lambda: stream(number(9, 1, 1.0) * 100, sheets=50, apart=True), read=True)

    def form(size):
        return record(0x41E, struct.pack("<H", 200) + text("0%;" * (size // 3)))

    for size in (300, 8_000):
        yield _case(
            f"format of {size}",
            lambda s=size: stream(b"".join(number(at, 2, 0.5) for at in range(4, 5_000)), form(s) * 100),
        )
    for _code, one, title in (
        (0xE0, XF, "styles"),
        (0x31, FONT, "fonts"),
        (0x41E, form(30), "formats"),
        (0x293, record(0x293, bytes(4)), "named styles"),
        (0x92, record(0x92, struct.pack("<H", 56) + bytes(224)), "palettes"),
        (0x18, record(0x18, struct.pack("<HBBHHHBBBB", 0, 0, 1, 0, 0, 0, 0, 0, 0, 0) + b"\0a"), "names"),
        (0x1AE, record(0x1AE, b"\1\0\1\4"), "books"),
        (0x17, record(0x17, b"\1\0" + bytes(6)), "references"),
        (0x23, record(0x23, bytes(10)), "outside names"),
        (0x5C, record(0x5C, bytes(112)), "writers"),
    ):
        for times in (10_000, 400_000):
            yield _case(f"{times} {title}", lambda o=one, t=times: stream(more=o * t))


def _sectors() -> Iterator[Case]:
    odd = {
        "a ring": {"last": 0}, "a ring at its end": {"last": 7}, "a far sector": {"last": 10**6}, "an odd sector": {"last": 2**31 + 5},
        "a directory in a ring": {"directory": 8}, "a directory nowhere": {"first": 10**6}, "a long stream": {"length": 2**31 - 1},
        "short sectors in a ring": {"short": 0, "short_size": 4_096, "small_first": 0, "small_tables": 1, "least": 10**6},
        "short sectors of zeros": {"short": 1, "short_size": 3_000, "small_first": 2, "small_tables": 1, "least": 10**8},
        "large sectors": {"sector": 20}, "huge sectors": {"sector": 60_000}, "tiny sectors": {"sector": 0}, "small sectors larger": {"small": 12},
        "a child of itself": {"child": 0}, "a ring of children": {"left": 1, "right": 1}, "children outside": {"left": 10**6}, "further tables in a ring": {"further": 3},
        "no tables": {"tables": 0}, "tables stated": {"tables": 2**31 - 1}, "start outside": {"start": 10**6}, "small tables stated": {"small_tables": 2**31 - 1, "small_first": 0},
    }  # fmt: skip
    for title, given in odd.items():
        yield Case("xls", title, "x.xls", lambda g=given: ole(stream(), **g))
    ring = struct.pack("<128i", *[0] * 128)
    yield Case(
        "xls",
        "short sectors that lead to the first",
        "x.xls",
        lambda: ole(ring + stream(), short=1, short_size=4_096, small_first=0, small_tables=1, least=10**6),
    )
    for size in (8, 512, 600, 24 * 2**20):
        yield Case(
            "xls", f"zeros, {size}", "x.xls", lambda s=size: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(s)
        )
        yield Case(
            "xls", f"ones, {size}", "x.xls", lambda s=size: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * s
        )

    def entries(n):
        return b"".join(entry(f"e{at}", 2, 0, 1, left=at + 1) for at in range(n))

    yield Case("xls", "many entries", "x.xls", lambda: ole(entries(150_000) + stream(), first=0))
    yield Case("xls", "records only", "x.xls", lambda: stream())


def cases() -> Iterator[Case]:
    yield from _records()
    yield from _book()
    yield from _sectors()
