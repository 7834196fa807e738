"""Hostile text files: noise, lines and cells without end, every encoding."""

from __future__ import annotations

import string
from collections.abc import Callable, Iterator
from random import Random

from tests.hostile import Case

HEAD = "lea_code,year,5a\n"
LINE = "9900001,2023-24,50\n"
MB = 2**20
ENCODINGS = (
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "cp1252",
    "mac_roman",
    "cp850",
    "cp037",
    "shift_jis",
    "gb18030",
    "big5",
    "koi8-r",
    "utf-7",
)


def rows(number: int) -> str:
    return "".join(f"{9_000_000 + at},2023-24,{at % 100}\n" for at in range(number))


def text(
    kind: str,
    title: str,
    made: Callable[[], str | bytes],
    refused: tuple[str, ...] = (),
    read: bool = False,
    file: str = "x.csv",
) -> Case:
    def content() -> bytes:
        found = made()
        return found if isinstance(found, bytes) else found.encode("utf-8", "surrogatepass")

    return Case(kind, title, file, content, refused, read)


def _noise() -> Iterator[Case]:
    alphabets = {
        "bytes": bytes(range(256)),
        "high": bytes(range(128, 256)),
        "letters": string.ascii_letters.encode(),
        "digits and commas": b"0123456789,,,",
        "blanks": b"  \t",
        "quotes": b'",\n',
        "lines": b"a\n",
        "breaks": b"\r\n\x0b\x0c\x1c\x1d\x1e\x85",
        "dashes": b"-_/ 2024\n",
    }
    for title, letters in alphabets.items():
        for size in (1, 5, 25):

            def made(letters=letters, size=size, title=title):
                piece = bytes(Random(title).choices(letters, k=100_000))
                return piece * (size * 10) + piece[:size]

            yield text("noise", f"{size} MB of {title}", made)
    for title, (one, times) in {
        "one line": ("a", 24 * MB), "one line of cells": ("a,", 12 * MB), "one column": ("a\n", 12 * MB),
        "one column of codes": ("9900001\n", 3 * MB), "blank lines": ("\n", 24 * MB),
        "odd blank lines": ("\r\n", 12 * MB), "commas": ("," * 400 + "\n", 60_000), "spaces": (" ", 24 * MB),
        "lines of blanks": ("  x  y\n", 3 * MB), "form feeds": ("\x0cx", 12 * MB), "separators": ("a\u2028", 6 * MB),
    }.items():  # fmt: skip
        yield text("noise", title, lambda o=one, n=times: o * n)
    for title, (one, times) in {
        "blank lines": ("\n", 3 * MB), "fewer blank lines": ("\n", MB), "commas": (",,\n", 8 * MB),
        "blank cells": (" , , \n", 4 * MB),
    }.items():  # fmt: skip
        yield text("noise", f"{title}, then a table", lambda o=one, n=times: o * n + HEAD + LINE)
        yield text("noise", f"a table, then {title}", lambda o=one, n=times: HEAD + LINE + o * n)
    for sign in ('"', "'", "“", "«", "|", "^", ";", "\t", "\\"):
        yield text("signs", f"open {sign}", lambda s=sign: HEAD + f"{s}9900001,2023-24,50\n" + LINE * 9_000)
        yield text("signs", f"only {sign}", lambda s=sign: s * 2 * MB)
        yield text("signs", f"{sign} between", lambda s=sign: (HEAD + LINE * 20_000).replace(",", s))
        yield text(
            "signs",
            f"{sign} at random",
            lambda s=sign: (
                HEAD + "".join(Random(s).choices((LINE, s, f"{s}\n", f"9900002{s},2023-24"), k=50_000))
            ),
        )
    yield text("signs", "quotes in quotes", lambda: HEAD + '""""' * 5 * MB)
    yield text("signs", "lines in quotes", lambda: HEAD + '"' + "9900001,2023-24,50\n" * 200_000 + '"')
    yield text("signs", "many cells with lines", lambda: HEAD + '9900001,2023-24,"5\n0"\n' * 100_000)


def _encodings() -> Iterator[Case]:
    table = HEAD + "".join(f"{9_000_000 + at},2023-24,{at % 100}\n" for at in range(500))
    for name in ENCODINGS:
        yield text("encoding", name, lambda n=name: table.encode(n, "replace"))
        yield text("encoding", f"{name} and a byte more", lambda n=name: table.encode(n, "replace") + b"\xd8")
        yield text(
            "encoding",
            f"{name} of names",
            lambda n=name: (
                "lea_code,lea_name,year,5a\n"
                + "".join(f"99{at:05d},La Cañada é—’ñ,2023-24,50\n" for at in range(9_000))
            ).encode(n, "replace"),
        )
    for seed in range(6):
        yield text(
            "encoding",
            f"high bytes {seed}",
            lambda s=seed: (
                b"lea_code,lea_name,year,5a\n"
                + b"".join(
                    b"9900001,%s,2023-24,50\n"
                    % bytes(Random(f"{s}{at}").randrange(128, 256) for _ in range(20))
                    for at in range(20_000)
                )
            ),
        )
    for title, content in {
        "half a pair": b"\xff\xfe\x00\xd8" * 100_000,
        "nothing after the mark": b"\xff\xfe",
        "zeros later": b"a,b\n" * 60_000 + bytes(10),
        "zero between": (HEAD + "9900001\0,2023-24,50\n").encode(),
        "zeros in the head": b"\0" * 100 + b"lea" * 1_000,
    }.items():
        yield text("encoding", title, lambda c=content: c)

    yield text("encoding", "zeros", lambda: bytes(24 * MB))
    yield text("encoding", "marks", lambda: b"\xef\xbb\xbf" * 8 * MB)


def cases() -> Iterator[Case]:
    yield from _noise()
    yield from _encodings()
