"""Hostile archives: bombs, archives that lie, members without end, and what is only dressed as a workbook."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from random import Random

from tests.hostile import Case
from tests.workbooks import ods

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
CELLS = (("lea_code", "year", "5a"), ("9900001", "2023-24", "50"), ("9900002", "2023-24", "60"))


def column(at: int) -> str:
    """The letters of a column, from 0."""
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def rows(cells: tuple[tuple[str, ...], ...] = CELLS) -> str:
    """Rows of texts as XML of a sheet."""
    return "".join(
        f'<row r="{down}">'
        + "".join(
            f'<c r="{column(at)}{down}" t="inlineStr"><is><t>{one}</t></is></c>' for at, one in enumerate(row)
        )
        + "</row>"
        for down, row in enumerate(cells, 1)
    )


def parts(sheet: str | None = None, strings: str = "", styles: str = "", **more: str) -> dict[str, bytes]:
    """The members of an XLSX file of one sheet; `sheet` is what stands in its `worksheet` element."""
    body = f"<sheetData>{rows()}</sheetData>" if sheet is None else sheet
    sheets = more.get("sheets", '<sheet name="LEAs" sheetId="1" r:id="rId1"/>')
    links = more.get(
        "links", f'<Relationship Id="rId1" Type="{_LINKS}/worksheet" Target="worksheets/sheet1.xml"/>'
    )
    made = {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}styles+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_TYPE}sharedStrings+xml"/></Types>',
        "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{MAIN}" xmlns:r="{_LINKS}"><sheets>{sheets}</sheets>'
        f"{more.get('book', '')}</workbook>",
        "xl/_rels/workbook.xml.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{links}'
        f'<Relationship Id="rIdA" Type="{_LINKS}/styles" Target="styles.xml"/>'
        f'<Relationship Id="rIdB" Type="{_LINKS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'{_HEAD}<worksheet xmlns="{MAIN}" xmlns:r="{_LINKS}">{body}</worksheet>',
        "xl/styles.xml": f'{_HEAD}<styleSheet xmlns="{MAIN}">{styles or "<cellXfs><xf/></cellXfs>"}</styleSheet>',
    }
    made["xl/sharedStrings.xml"] = f'{_HEAD}<sst xmlns="{MAIN}">{strings}</sst>'
    return {name: text.encode() for name, text in made.items()}


def zipped(members: Mapping[str, bytes], packed: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packed, compresslevel=1) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def book(sheet: str | None = None, more: Mapping[str, bytes] | None = None, **given: str) -> bytes:
    return zipped(parts(sheet, **given) | dict(more or {}))


def listed(content: bytes) -> int:
    """Where the list of members begins."""
    return struct.unpack("<I", content[-6:-2])[0]


def lying(member: str, at: int, value: int, sheet: str | None = None) -> bytes:
    """A workbook with another number at a place in the list's entry of one member."""
    content = bytearray(book(sheet))
    name = content.rindex(member.encode())
    start = name - 46
    assert content[start : start + 4] == b"PK\x01\x02"
    content[start + at : start + at + 4] = struct.pack("<I", value)
    return bytes(content)


def overlapping(members: int, size: int, stated: int = 0) -> bytes:
    """An archive all of whose members are the same packed bytes; each may claim to be `stated` long, packed."""
    machine = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = bytes(size)
    packed = machine.compress(data) + machine.flush()
    crc = zlib.crc32(data)
    long = stated or len(packed)
    local = (
        struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, 0, 8, 0, 33, crc, len(packed), size, 1, 0) + b"a" + packed
    )
    local += bytes(max(0, stated - len(packed)))
    entries = b""
    for at in range(members):
        name = b"m%d" % at
        entries += struct.pack(
            "<4sHHHHHHIIIHHHHHII", b"PK\1\2", 20, 20, 0, 8, 0, 33, crc, long, size, len(name), 0, 0, 0, 0, 0, 0
        ) + name  # fmt: skip
    count = min(members, 65_535)
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, count, count, len(entries), len(local), 0)
    return local + entries + end


def two_lists(first: bytes, second: bytes, comment: bool) -> bytes:
    """Two archives in one file: some readers see the first, others the second."""
    if not comment:
        return first + second
    whole = bytearray(first)
    whole[-2:] = struct.pack("<H", min(len(second), 65_535))
    return bytes(whole) + second


def _noise(size: int, seed: str) -> bytes:
    return Random(seed).randbytes(size)


def _bombs() -> Iterator[Case]:
    many = 210 * 2**20
    for name in (
        "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml", "xl/sharedStrings.xml", "docProps/core.xml",
        "xl/media/image1.png", "[Content_Types].xml", "xl/_rels/workbook.xml.rels", "content.xml",
    ):  # fmt: skip
        yield Case(
            "zip",
            f"bomb in {name}",
            "x.xlsx",
            lambda n=name: book(None, {n: b"<x/>" * (60 * 2**18)}),
            ("unpacks_too_big",),
        )
    yield Case(
        "zip",
        "bomb beyond the limit",
        "x.xlsx",
        lambda: book(None, {"a.bin": bytes(many)}),
        ("unpacks_too_big",),
    )
    for number in (2_001, 10_000, 70_000):

        def made(n=number):
            return zipped(parts() | {f"m{at}": b"" for at in range(n)}, zipfile.ZIP_STORED)

        yield Case("zip", f"{number} members", "x.xlsx", made, ("unpacks_too_big",))
    for members, size, stated in (
        (1_999, 100_000, 0),
        (1_999, 1_000_000, 0),
        (1_999, 100_000, 20_000_000),
        (60_000, 1_000, 0),
        (300, 600_000, 24_000_000),
    ):

        def made(m=members, s=size, t=stated):
            return overlapping(m, s, t)

        yield Case(
            "zip",
            f"{members} members in one place, {size} bytes, {stated} stated",
            "x.xlsx",
            made,
            ("unpacks_too_big", "damaged_workbook"),
        )
    for deep in (1, 5):

        def nest(n=deep):
            content = book()
            for _ in range(n):
                content = zipped({"xl/workbook.xml": content})
            return content

        yield Case("zip", f"archive within archive, {deep}", "x.xlsx", nest, ("archive_inside",))


def _liars() -> Iterator[Case]:
    big = f"<sheetData>{rows()}</sheetData>" + "<!-- -->" * 600_000
    for at, what in ((20, "packed"), (24, "unpacked"), (42, "place")):
        for value in (0, 1, 1_000, 2**31, 2**32 - 1):

            def made(a=at, v=value):
                return lying("xl/worksheets/sheet1.xml", a, v, big)

            yield Case("zip", f"says {value} for {what}", "x.xlsx", made)
    for at, value in ((10, 12 << 16), (8, 1), (10, 14), (10, 8 | 0xFFFF0000), (34, 2**32 - 1), (28, 65_535)):
        yield Case(
            "zip", f"entry {at} holds {value}", "x.xlsx", lambda a=at, v=value: lying("xl/workbook.xml", a, v)
        )
    bomb = zipped(parts(f"<sheetData>{'<c/>' * 8_000_000}</sheetData>"))

    def stitched(comment, turned):
        one, two = book(), bomb
        return two_lists(two, one, comment) if turned else two_lists(one, two, comment)

    for comment in (False, True):
        for turned in (False, True):
            yield Case(
                "zip", f"two lists, {comment} {turned}", "x.xlsx", lambda c=comment, t=turned: stitched(c, t)
            )

    def ending(tail):
        return lambda: book() + tail

    for title, tail in (
        ("zeros", bytes(2**20)),
        ("ends", b"PK\5\6" * 10_000),
        ("noise", _noise(2**20, "tail")),
        ("list", b"PK\1\2" * 200_000),
    ):
        yield Case("zip", f"followed by {title}", "x.xlsx", ending(tail))
    nothing = ("damaged_workbook", "not_a_table", "unpacks_too_big")
    yield Case("zip", "noise after a head", "x.xlsx", lambda: b"PK\3\4" + _noise(24 * 2**20, "head"), nothing)
    for title, head, times in (
        ("a head", b"PK\3\4", 1),
        ("an end", b"PK\5\6" + bytes(18), 1),
        ("ends", b"PK\5\6", 5_000_000),
        ("heads", b"PK\3\4", 5_000_000),
    ):
        yield Case("zip", f"nothing but {title}", "x.xlsx", lambda h=head, n=times: h * n, nothing)
    names = {
        "up": "../" * 50 + "etc",
        "nul": "xl/styles.xml\0.png",
        "long": "a" * 60_000,
        "case": "XL/WORKBOOK.XML",
        "back": "xl\\workbook.xml",
        "rtl": "\u202e" * 1_000,
    }
    for title, name in names.items():
        yield Case("zip", f"name {title}", "x.xlsx", lambda n=name: zipped(parts() | {n: b"x"}))

    def cut(part):
        content = book()
        return content[: int(len(content) * part)]

    for part in (0.1, 0.5, 0.9, 0.99):
        yield Case("zip", f"cut at {part}", "x.xlsx", lambda p=part: cut(p), ("damaged_workbook",))
    for seed in range(30):

        def flipped(seed=seed):
            content, chance = bytearray(book()), Random(seed)
            for _ in range(8):
                content[chance.randrange(4, len(content))] = chance.randrange(256)
            return bytes(content)

        yield Case("zip", f"flipped {seed}", "x.xlsx", flipped)


def _dressed() -> Iterator[Case]:
    row = b"<tr><td>9900001</td></tr>"
    head, table = b"<table><tr><td>lea_code</td><td>year</td><td>5a</td></tr>", 100_000
    html = b"<html>" + head
    found: dict[str, tuple[bytes, bytes, int]] = {
        "html": (html, row, table), "html after blanks": (b" " * 300 + html, row, table), "table": (head, row, table),
        "json": (b"", b'{"a":', 200_000), "json list": (b"", b"[", 2_000_000),
        "json lines": (b"", b'{"lea_code":"9900001","year":"2023-24","5a":50}\n', 100_000),
        "svg": (b"<svg>", b"<g>", 1_000_000), "svg after comments": (b"<!--x-->" * 45 + b"<svgx", b"<!--", 100),
        "svg doctype": (b"<!doctype svg ", b"x", 4_000), "svg blanks": (b"", b" ", 4_000_000),
        "xml": (b"<?xml version='1.0'?>", b"<a>", 3_000_000), "xml comments": (b"<?xml version='1.0'?>", b"<!--x-->", 400_000),
        "pdf": (b"%PDF-1.7\n", b"1 0 obj<<>>endobj\n", 400_000), "pdf later": (b"\n%PDF-1.7\n", b"1 0 obj<<>>endobj\n", 100_000),
        "rtf": (b"{\\rtf1", b"{", 1_000_000), "gzip": (b"\x1f\x8b\x08", b"\0", 1_000_000), "png": (b"\x89PNG", b"\0", 10**6),
        "shell": (b"#!/bin/sh\n", b"rm -rf /\n", 50_000), "toml": (b"a", b".a", 500_000), "mail": (b"", b"From: a\n", 300_000),
        "markdown": (b"| lea_code | year | 5a |\n|---|---|---|\n", b"| 9900001 | 2023-24 | 50 |\n", 100_000),
        "sqlite": (b"SQLite format 3\0", b"\0", 10**6), "statistics": (bytes(32), b"\x90\x0b\x00\xff", 250_000),
    }  # fmt: skip
    for title, (first, piece, times) in found.items():
        for file in ("x.csv", "x.xlsx"):
            yield Case("dressed", f"{title} as {file}", file, lambda f=first, p=piece, n=times: f + p * n)
    yield Case("dressed", "ods as csv", "x.csv", lambda: ods([list(row) for row in CELLS]))


def cases() -> Iterator[Case]:
    yield from _bombs()
    yield from _liars()
    yield from _dressed()
