"""Bytes of a text file → text: UTF-8, UTF-16, else the one of the old encodings that gives words.

Windows-1252, Mac Roman and DOS (code page 850) spell accented letters with the same bytes: "La Cañada" of an
old Mac reads "La Ca–ada" as Windows-1252. Each is tried, and letters within words count for it; names of the
state list count most.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from cim_core.intake import known_leas
from cim_core.intake.problems import Problem, Severity, refuse, shown

_OLD = ("cp1252", "mac_roman", "cp850")
"""In the order of preference where nothing tells them apart."""
_NAMES = {"mac_roman": "Mac Roman", "cp850": "DOS (code page 850)"}
_MOST = 400
_KNOWN_WORD, _SHORTEST = 3, 4
_APOSTROPHE = re.compile(r"(?:s|t|d|m|re|ve|ll)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")


def decode(content: bytes, file: str) -> tuple[str, tuple[Problem, ...]]:
    """The text, and what there is to say about how it was read. Raises UnreadableFileError for no text."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _utf_16(content, "utf-16", file), ()
    head = content[:200]
    if 3 * head.count(0) > len(head):
        return _utf_16(content, "utf-16-be" if content[0] == 0 else "utf-16-le", file), ()
    try:
        return content.decode("utf-8-sig"), ()
    except UnicodeDecodeError as error:
        halves = _joined_halves(content)
        if halves is not None:
            return halves, ()
        mostly = content.decode("utf-8-sig", "replace")
        damaged = mostly.count("\ufffd")
        if damaged <= _letters_beyond_ascii(mostly, damaged):
            row = content.count(b"\n", 0, error.start) + 1
            return mostly, (Problem(Severity.WARNING, "bad_bytes", file, row=row),)
    return _old(content, file)


def _letters_beyond_ascii(text: str, damaged: int) -> int:
    """How many letters a text has that are not ASCII; 0 where most of what is not ASCII is damaged anyhow."""
    beyond = len(text) - len(text.encode("ascii", "ignore"))
    if 2 * damaged > beyond:
        return 0
    return sum(one.isalpha() for one in text if one > "\x7f")


def _joined_halves(content: bytes) -> str | None:
    """UTF-8 with halves of characters, as old databases write it: two make one, lone ones go; else None."""
    try:
        halves = content.decode("utf-8-sig", "surrogatepass")
    except UnicodeDecodeError:
        return None
    return halves.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")


def _utf_16(content: bytes, encoding: str, file: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise refuse(file, "not_a_table") from error


def _old(content: bytes, file: str) -> tuple[str, tuple[Problem, ...]]:
    scores = {name: _score(content, name) for name in _OLD}
    best = max(_OLD, key=lambda name: scores[name])
    if best == "cp1252":
        try:
            return content.decode(best), ()
        except UnicodeDecodeError:
            return content.decode("latin-1"), ()
    text = content.decode(best)
    words = (one for one in _WORD.findall(text) if not one.isascii())
    example = next(words, "")
    said = Problem(
        Severity.NOTE, "old_encoding", file, found=shown(example), values={"encoding": _NAMES[best]}
    )
    return text, (said,)


def _score(content: bytes, encoding: str) -> int:
    """How much sense the bytes beyond ASCII make in an encoding, over the first `_MOST` of them."""
    score = 0
    known = _state_words()
    for at, found in enumerate(re.finditer(rb"[\x80-\xff]", content)):
        if at >= _MOST:
            break
        place = found.start()
        # The text around it, on its line and in its cell.
        before = re.split(rb"[\r\n\t,;|^\"]", content[max(0, place - 30) : place])[-1]
        after = re.split(rb"[\r\n\t,;|^\"]", content[place + 1 : place + 31])[0]
        left, here, right = (one.decode(encoding, "replace") for one in (before, found[0], after))
        score += _sense(left, here, right)
        word = _letters_before(left) + here + _letters_after(right)
        if here.isalpha() and len(word) >= _SHORTEST and _bare(word) in known:
            score += _KNOWN_WORD
    return score


def _letters_before(text: str) -> str:
    found = re.search(r"(?<![^\W\d_])[^\W\d_]++$", text)
    return found[0] if found else ""


def _letters_after(text: str) -> str:
    found = re.match(r"[^\W\d_]+", text)
    return found[0] if found else ""


def _sense(left: str, here: str, right: str) -> int:
    """1 for a character that fits between its neighbors, −1 for one that does not, 0 where nothing tells."""
    before, after = left[-1:], right[:1]
    if here == "\ufffd":
        return -1
    if here.isalpha():
        return 1 if _letter_fits(before, here, after) else -1
    between = before.isalpha() and after.isalpha()
    if here in "–—" and not between:
        return int(not re.sub(r"[\w\s]", "", before + after))
    if not between:
        return 1 if here in "–—‘’“”•…®©™°§· \xa0" else 0
    if here in "’‘":
        return 2 if _APOSTROPHE.match(right) or len(_letters_before(left)) == 1 else 0
    return 0 if here in "–—" and after.isupper() else -1


def _letter_fits(before: str, here: str, after: str) -> bool:
    """Whether a letter stands in a word, a capital at its start."""
    lonely = not before.isalpha() and not after.isalpha()
    if lonely or before.isdigit() or after.isdigit():
        return False
    return not (before.islower() if here.isupper() else after.isupper())


@cache
def _state_words() -> frozenset[str]:
    """The words of the names of all LEAs, without accents."""
    return frozenset(_bare(word) for name in known_leas.names().values() for word in _WORD.findall(name))


def _bare(word: str) -> str:
    parted = unicodedata.normalize("NFKD", word.casefold())
    return "".join(one for one in parted if not unicodedata.combining(one))
