"""What comes from outside the program: made plain where it enters, weighed before it is parsed, quoted short.

A text in a file, an address or on a command line may hold characters that nobody sees and that some formats
forbid; it may be nested without end; and it may be longer than anybody wants to read in a message.
"""

from __future__ import annotations

import errno
import os
import re
import reprlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

MOST_NESTED = 6
"""Names and lists on the way to a value: `evaluations.school_age.domains.lre.indicators` and its list."""
MOST_QUOTED = 80
"""Characters of anything found that a message repeats."""
MOST_LISTED = 60
"""Entries of a list of what is known that a message prints."""
NO_FILE = "not a file on disk"

_SEEN_FORMATS = "\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd\U00013430-\U00013455"
"""Characters of class Cf that are drawn: signs around Arabic, Syriac and Kaithi numbers, and hieroglyphs."""
_IGNORABLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""What Unicode calls ignorable by default: nothing is drawn for it. Joiners between letters are among them:
no name of an LEA needs one, and two names that look alike must be alike."""
_CONTROLS = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
_FORBIDDEN = "\ud800-\udfff\ufdd0-\ufdef" + "".join(
    f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
)
"""Lone surrogates and code points that are no characters: no XML file may hold some of them, none should."""
_INVISIBLE = re.compile(f"[{_IGNORABLE}{_FORBIDDEN}]")
_NOT_PLAIN = re.compile(f"[{_IGNORABLE}{_FORBIDDEN}{_CONTROLS}]")
_SPACES = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
_LONG_WORD = re.compile(rf"\S{{{MOST_QUOTED},}}")
_TOKEN = re.compile(
    r'"""(?:[^"\\]++|\\.|"(?!""))*+(?:"{3,5}|\Z)'
    r"|'''(?:[^']++|'(?!''))*+(?:'{3,5}|\Z)"
    r'|"(?:[^"\\\n]++|\\.)*+"?'
    r"|'[^'\n]*+'?"
    r"|#[^\n]*+"
    r"|[\[\]{}.=,\n]",
    re.DOTALL,
)


class TooDeepError(ValueError):
    """A text that is nested deeper than anything of ours."""

    def __init__(self) -> None:
        super().__init__(f"nested too deep (more than {MOST_NESTED} levels)")


class NamesMeetError(ValueError):
    """Two names that look the same."""

    def __init__(self) -> None:
        super().__init__("two keys that differ in invisible characters only")


def without_invisible(text: str) -> str:
    """A text without characters that are not drawn, and without those that are no characters.

    >>> without_invisible("Oak\\u200b Ben\\u00add\\uffff")
    'Oak Bend'
    """
    return text if text.isascii() else _INVISIBLE.sub("", text)


def plain(text: str) -> str:
    """A text of several lines without invisible and control characters; tabs and line breaks stay."""
    return _NOT_PLAIN.sub("", text)


def plain_values(value: object) -> object:
    """Tables, lists and texts (no deeper than `check_depth` allows) with every text made plain.

    Raises NamesMeetError where two names of a table become the same.
    """
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, list):
        return [plain_values(one) for one in value]
    if isinstance(value, dict):
        made = {plain(str(name)): plain_values(one) for name, one in value.items()}
        if len(made) < len(value):
            raise NamesMeetError
        return made
    return value


def quoted(text: str, most: int = MOST_QUOTED) -> str:
    """What was found, on one line, made plain and no longer than `most` characters.

    >>> quoted("a\\nb"), len(quoted("x" * 1000)), quoted("x" * 1000)[-1]
    ('a b', 80, '…')
    """
    if len(text) <= most and text.isprintable() and not _INVISIBLE.search(text):
        return text
    line = _SPACES.sub(" ", without_invisible(text[: 20 * most])).strip()
    return line if len(line) <= most else line[: most - 1] + "…"


def quoted_value(value: object) -> str:
    """The same for a value that is no text, or that is to be seen as the text it is (`'5'`, not `5`)."""
    try:
        return quoted(_short().repr(value))
    except ValueError:  # Python prints no whole number of more than 4,300 digits
        return "a number of very many digits"


def listed(known: Iterable[object], most: int = MOST_LISTED) -> str:
    """Entries for a message, each quoted; of very many the first ones."""
    each = [quoted(str(one)) for one in known]
    return ", ".join(each[:most]) + (", …" if len(each) > most else "")


def shortened(message: str, most: int = 1_000) -> str:
    """A whole message in which no word is longer than a quotation, for texts that others put together."""
    return quoted(_LONG_WORD.sub(lambda word: quoted(word[0]), message[: 100 * most]), most)


def check_text(text: str) -> None:
    """Raise TooDeepError for TOML or JSON with too many brackets or dotted names one in another.

    Looked at from left to right without recursion, before anything parses it; other faults are let pass.
    """
    opened = dots = 0
    for found in _TOKEN.finditer(text):
        sign = found[0]
        if sign == ".":
            dots += 1
        elif len(sign) == 1:
            opened = max(0, opened + (sign in "[{") - (sign in "]}"))
            dots = 0
        if opened > MOST_NESTED or dots >= MOST_NESTED:
            raise TooDeepError


def check_depth(value: object) -> None:
    """Raise TooDeepError for tables and lists with more than `MOST_NESTED` names and places on one path."""
    open_ones = [(value, 0)]
    while open_ones:
        item, depth = open_ones.pop()
        if depth > MOST_NESTED:
            raise TooDeepError
        if isinstance(item, dict | list):
            inner = item.values() if isinstance(item, dict) else item
            open_ones += [(value, depth + 1) for value in inner]


def is_special(path: Path) -> bool:
    """Whether a path is there and no file on disk: a folder, a device, a pipe. Raises OSError, ValueError.

    `/dev/stdin` is none either, also where a file is behind it for once.
    """
    top = Path(os.path.abspath(path)).parts[1:3]  # noqa: PTH100 - resolve() would follow the link
    stream = top[:1] == ("proc",) or (top[:1] == ("dev",) and top[1:] != ("shm",))
    return path.exists() and (stream or not path.is_file())


def read_text(path: Path, most: int) -> str:
    """The UTF-8 text of a file on disk of at most `most` bytes; never of a device, a pipe or a folder.

    Raises OSError or ValueError (see `why`).
    """
    size = path.stat().st_size
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if is_special(path):
        raise OSError(errno.EINVAL, NO_FILE)
    if size > most:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
    return path.read_text("utf-8")


def why(error: Exception) -> str:
    """What the system says about a file, without the path and without Python's own words."""
    if isinstance(error, OSError) and error.strerror:
        return quoted(error.strerror)
    return "no text in UTF-8" if isinstance(error, UnicodeError) else "no name of a file"


@cache
def _short() -> reprlib.Repr:
    short = reprlib.Repr()
    short.maxstring = short.maxother = short.maxlong = MOST_QUOTED
    short.maxlevel, short.maxdict, short.maxlist = 3, 8, 12
    return short
