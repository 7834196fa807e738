"""Letters that the typeface of documents lacks are written in Latin ones: with a gap no page is made at all.

Transliteration by AnyAscii (https://anyascii.com).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from anyascii import anyascii
from fontTools.ttLib import TTFont

from cim_core.export.look import FONTS

_KEPT = frozenset("\n\t")


@cache
def _letters() -> frozenset[str]:
    """Every character that all of our faces have."""
    faces = [TTFont(path, lazy=True).getBestCmap() for path in sorted(FONTS.glob("*.ttf"))]
    return frozenset(chr(code) for code in set(faces[0]).intersection(*faces[1:])) | _KEPT


def latin(text: str) -> str:
    """A text with Latin letters for those that the typeface lacks; the very same where it lacks none.

    >>> latin("Pe\u00f1a 学校")
    'Pe\u00f1a XueXiao'
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(letter if letter in _letters() else _written(letter) for letter in text)


def _written(letter: str) -> str:
    return "".join(each for each in anyascii(letter) if each.isprintable())


def latin_of(content: Any) -> Any:
    """All texts of nested mappings and lists so."""
    if isinstance(content, str):
        return latin(content)
    if isinstance(content, Mapping):
        return {name: latin_of(value) for name, value in content.items()}
    return [latin_of(each) for each in content] if isinstance(content, list) else content
