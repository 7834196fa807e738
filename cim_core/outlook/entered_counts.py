"""Counts so far that somebody types: kept as a file of their own, one line per LEA, year and indicator."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, fields

from cim_core.data.dataset import lea_key
from cim_core.data.indicators import get
from cim_core.outlook.so_far import ENTERED_MONTHLY
from cim_core.words.messages import Message, message

FILE = "Counts so far (typed).csv"
"""The name under which counts that are typed join the open files."""


@dataclass(frozen=True, slots=True)
class EnteredCount:
    """One count as typed; the fields are the columns of the file (long layout)."""

    lea_code: str
    lea_name: str
    year: str
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
    def key(self) -> tuple[str, str]:
        """The LEA, by any spelling of its code, and the year."""
        return lea_key(self.lea_code), self.year


COLUMNS = tuple(field.name for field in fields(EnteredCount))


def loads(content: bytes) -> tuple[EnteredCount, ...]:
    """The counts of a file that `dumps` wrote; none for no content, or one that is not of that form."""
    lines = csv.DictReader(io.StringIO(content.decode("utf-8-sig", "replace")))
    if tuple(lines.fieldnames or ()) != COLUMNS:
        return ()
    found = tuple(EnteredCount(*(line.get(name) or "" for name in COLUMNS)) for line in lines)
    return found if all(count.is_typed for count in found) else ()


def dumps(counts: Iterable[EnteredCount]) -> bytes:
    """The counts as CSV, in order of LEA and year; nothing for none."""
    ordered = sorted(counts, key=lambda count: (*count.key, count.indicator))
    if not ordered:
        return b""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(astuple(count) for count in ordered)
    return out.getvalue().encode("utf-8")


def with_counts(content: bytes, lea_code: str, new: Iterable[EnteredCount]) -> bytes:
    """A file with all counts of one LEA replaced; none take them away."""
    kept = (count for count in loads(content) if lea_key(count.lea_code) != lea_key(lea_code))
    return dumps([*kept, *new])


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
