"""Counts so far that somebody types: kept as a file of their own, one line per LEA, year and indicator."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cim_core.data import typed_lines
from cim_core.data.dataset import lea_key
from cim_core.data.indicators import get
from cim_core.data.typed_lines import TypedLine
from cim_core.outlook.so_far import ENTERED_MONTHLY
from cim_core.words.messages import Message, message

FILE = "Counts so far (typed).csv"
"""The name under which counts that are typed join the open files."""


@dataclass(frozen=True, slots=True)
class EnteredCount(TypedLine):
    """One count as typed (long layout)."""

    indicator: str
    numerator: str
    denominator: str
    as_of: str

    @property
    def is_typed(self) -> bool:
        """Whether numbers and day are written as typing writes them."""
        numbers = self.numerator.isdecimal() and self.denominator.isdecimal()
        return numbers and re.fullmatch(r"\d{4}-\d\d-\d\d", self.as_of) is not None

    @property
    def order(self) -> tuple[str, ...]:
        """Where the line stands in its file: by LEA, year and indicator."""
        return (*self.key, self.indicator)


def loads(content: bytes) -> tuple[EnteredCount, ...]:
    """The counts of a file of this kind; none for no content, or one that is not of that form."""
    found = typed_lines.loads(EnteredCount, content)
    return found if all(count.is_typed for count in found) else ()


def with_counts(content: bytes, lea_code: str, new: Iterable[EnteredCount]) -> bytes:
    """A file with all counts of one LEA replaced; none take them away."""
    kept = (count for count in loads(content) if lea_key(count.lea_code) != lea_key(lea_code))
    return typed_lines.dumps([*kept, *new])


def faults(pairs: Mapping[str, tuple[int | None, int | None]]) -> tuple[Message, ...]:
    """What is wrong with typed counts (indicator → numerator, denominator), and how to mend it."""
    if all(pair == (None, None) for pair in pairs.values()):
        return (message("so_far.fault.nothing"),)
    found = []
    for code in ENTERED_MONTHLY:
        top, bottom = pairs.get(code, (None, None))
        if (top is None) != (bottom is None):
            found.append(message("so_far.fault.half", title=get(code).title))
        elif top is not None and bottom is not None and (bottom == 0 or top > bottom):
            kind = "so_far.fault.nobody" if bottom == 0 else "so_far.fault.larger"
            found.append(message(kind, title=get(code).title))
    return tuple(found)
