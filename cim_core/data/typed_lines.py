"""Facts that somebody types about LEAs, kept as a CSV of their own: one line per thing typed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from typing import TypeVar

from cim_core.data.dataset import lea_key


@dataclass(frozen=True, slots=True)
class TypedLine:
    """One line; the fields of a kind of line are the columns of its file. `year` is that of the data."""

    lea_code: str
    lea_name: str
    year: str

    @property
    def key(self) -> tuple[str, str]:
        """The LEA, by any spelling of its code, and the year."""
        return lea_key(self.lea_code), self.year

    @property
    def order(self) -> tuple[str, ...]:
        """Where the line stands in its file."""
        return self.key


Line = TypeVar("Line", bound=TypedLine)


def loads(kind: type[Line], content: bytes) -> tuple[Line, ...]:
    """The lines of a file that `dumps` wrote; none for no content, or one that is not of that form."""
    columns = tuple(field.name for field in fields(kind))
    lines = csv.DictReader(io.StringIO(content.decode("utf-8-sig", "replace")))
    if tuple(lines.fieldnames or ()) != columns:
        return ()
    return tuple(kind(*(line.get(name) or "" for name in columns)) for line in lines)


def dumps(lines: Iterable[TypedLine]) -> bytes:
    """Lines of one kind as CSV, in their order; nothing for none."""
    ordered = sorted(lines, key=lambda line: line.order)
    if not ordered:
        return b""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(field.name for field in fields(ordered[0]))
    writer.writerows(astuple(line) for line in ordered)
    return out.getvalue().encode("utf-8")
