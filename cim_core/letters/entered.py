"""Letters that somebody enters: kept as a file of their own, one line per LEA and year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cim_core.data import typed_lines
from cim_core.data.typed_lines import TypedLine

FILE = "CDE letters (typed).csv"
"""The name under which letters that are typed or pasted join the open files."""


@dataclass(frozen=True, slots=True)
class EnteredLetter(TypedLine):
    """A letter as typed or pasted."""

    cde_placement: str
    cde_reasons: str = ""
    letter_date: str = ""
    monitoring_year: str = ""


def loads(content: bytes) -> tuple[EnteredLetter, ...]:
    """The letters of a file of this kind; none for no content, or one that is not of that form."""
    return typed_lines.loads(EnteredLetter, content)


def with_letters(content: bytes, new: Iterable[EnteredLetter]) -> bytes:
    """A file with other letters for some LEAs and years; one without a placement is taken away."""
    kept = {letter.key: letter for letter in loads(content)} | {letter.key: letter for letter in new}
    return typed_lines.dumps(letter for letter in kept.values() if letter.cde_placement)
