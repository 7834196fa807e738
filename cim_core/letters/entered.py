"""Letters that somebody enters: kept as a file of their own, one line per LEA and year."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields

from cim_core.data.dataset import lea_key

FILE = "CDE letters (typed).csv"
"""The name under which letters that are typed or pasted join the open files."""


@dataclass(frozen=True, slots=True)
class EnteredLetter:
    """A letter as typed or pasted; the fields are the columns of the file. `year` is that of the data."""

    lea_code: str
    lea_name: str
    year: str
    cde_placement: str
    cde_reasons: str = ""
    letter_date: str = ""
    monitoring_year: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """The LEA, by any spelling of its code, and the year."""
        return lea_key(self.lea_code), self.year


COLUMNS = tuple(field.name for field in fields(EnteredLetter))


def loads(content: bytes) -> tuple[EnteredLetter, ...]:
    """The letters of a file that `dumps` wrote; none for no content, or one that is not of that form."""
    lines = csv.DictReader(io.StringIO(content.decode("utf-8-sig", "replace")))
    if tuple(lines.fieldnames or ()) != COLUMNS:
        return ()
    return tuple(EnteredLetter(*(line.get(name) or "" for name in COLUMNS)) for line in lines)


def dumps(letters: Iterable[EnteredLetter]) -> bytes:
    """The letters as CSV, in order of LEA and year; nothing for none."""
    ordered = sorted(letters, key=lambda letter: letter.key)
    if not ordered:
        return b""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(astuple(letter) for letter in ordered)
    return out.getvalue().encode("utf-8")


def with_letters(content: bytes, new: Iterable[EnteredLetter]) -> bytes:
    """A file with other letters for some LEAs and years; one without a placement is taken away."""
    kept = {letter.key: letter for letter in loads(content)} | {letter.key: letter for letter in new}
    return dumps(letter for letter in kept.values() if letter.cde_placement)
