"""The sentences of a page, and how hard each is to read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from html import unescape

import textstat
from streamlit.testing.v1 import AppTest
from textstat.backend.counts import _count_syllables as counting
from textstat.backend.utils._get_pyphen import get_pyphen

from tests.ui.sent import elements, plain

_DROPPED = re.compile(r"<(style|svg|script)\b.*?</\1>", re.DOTALL)
_INLINE = re.compile(r"</?(?:a|abbr|b|code|em|i|mark|s|small|span|strong|u)\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")
_END = re.compile(r"(?<=[.!?])\s+")
_WORD = re.compile(r"[A-Za-z][A-Za-z'’]+")
_VOWELS = re.compile(r"[aeiouy]+")
_BEFORE = re.compile(r" ([.,:)])")
_LEAST_WORDS = 4
_TEXTS = ("body", "caption", "label")


class _Syllables:
    """Syllables where no pronouncing dictionary is installed: the larger of two estimates, hyphens that a
    word can have and groups of vowels, so that no text looks easier than it is."""

    def __getitem__(self, word: str) -> list[list[str]]:
        groups = len(_VOWELS.findall(word))
        if groups > 1 and word.endswith("e") and not word.endswith("le"):
            groups -= 1
        hyphens = len(get_pyphen("en_US").positions(word)) + 1
        return [["0"] * max(groups, hyphens, 1)]


counting.get_cmudict = lambda lang: _Syllables()


@cache
def grade(sentence: str) -> float:
    """The Flesch-Kincaid grade of a sentence."""
    return float(textstat.flesch_kincaid_grade(sentence))


def sentences(at: AppTest) -> Iterator[str]:
    """Every sentence that a page sends: four words or more, with a full stop."""
    for _, content in elements(at):
        if not isinstance(content, dict):
            continue
        for key in _TEXTS:
            text = content.get(key)
            if isinstance(text, str) and not text.startswith("<style"):
                yield from _in(text)


def _in(text: str) -> Iterator[str]:
    blocks = _TAG.sub("\n", _INLINE.sub(" ", _DROPPED.sub("\n", text)))
    for block in plain(unescape(blocks)).splitlines():
        for part in _END.split(_BEFORE.sub(r"\1", " ".join(block.split()))):
            if (
                part.endswith((".", "!", "?"))
                and not part.endswith(" ?")
                and len(_WORD.findall(part)) >= _LEAST_WORDS
            ):
                yield part
