"""Where two documents say different things, word by word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import zip_longest

from cim_core.data.outside import quoted
from cim_core.export.documents.reading import SaidPart
from cim_core.words.messages import Message, message

_AROUND = 3
"""Words that are told before and after those that differ."""
_NUMBER = re.compile(r"\d[\d.,]*")
_NONE = SaidPart(message("verify.nothing"), ())


def differences(found: Sequence[SaidPart], expected: Sequence[SaidPart]) -> list[Message]:
    """What a document says and its data do not, as sentences; empty where every word agrees."""
    told = []
    for here, there in zip_longest(found, expected, fillvalue=_NONE):
        where = (here if here is not _NONE else there).where
        for tag, *span in SequenceMatcher(None, here.words, there.words, autojunk=False).get_opcodes():
            if tag != "equal":
                first, last, start, end = span
                told.append(
                    message(
                        "verify.words",
                        where=where,
                        found=_around(here.words, first, last),
                        expected=_around(there.words, start, end),
                    )
                )
    return told


def numbers(said: Sequence[SaidPart]) -> int:
    """How many numbers there are."""
    return sum(len(_NUMBER.findall(word)) for part in said for word in part.words)


def _around(words: Sequence[str], first: int, last: int) -> str:
    """Some words with those around them."""
    return quoted(" ".join(words[max(0, first - _AROUND) : last + _AROUND]), 160)
