"""What the readers of workbooks have in common: a sheet as rows of text, read once and in turn."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count

from cim_core.data.outside import without_invisible
from cim_core.intake import limits
from cim_core.intake.files.number_format import text_of
from cim_core.intake.problems import Problem

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u00a0\u2028\u2029]+")
_FIGURE = re.compile(r"[+−-]?[\d.,]{0,5}\s*%?")
"""A figure of one row (not a code, nor a year of two parts): it does not hold for the rows below it."""
_ALWAYS = 1_000_000
_BLANK_PER_CELL = 4

Merged = tuple[tuple[int, int], tuple[int, int]]
"""First and last (row, column) of merged cells, from 0."""


@dataclass(frozen=True)
class Sheet:
    """One sheet: its rows as text from the top, empty lists for empty rows."""

    title: str
    hidden: bool
    rows: Iterator[list[str]]
    problems: list[Problem] = field(default_factory=list)
    merged: tuple[Merged, ...] = ()


def plain_titles(names: Sequence[str]) -> list[str]:
    """Names of sheets without what nobody sees, each still another's: the second "Sheet" is "Sheet (2)"."""
    found: list[str] = []
    for name in names:
        title = plain_cell(name)
        numbered = (f"{title} ({number})" for number in count(2))
        found.append(title if title not in found else next(one for one in numbered if one not in found))
    return found


def plain_cell(cell: str) -> str:
    """A cell as one line: control characters and line breaks become blanks, invisible marks go."""
    seen = without_invisible(cell)
    return seen.strip() if seen.isprintable() else _CONTROLS.sub(" ", seen).strip()


def can_lay_out(rows: int, columns: int, cells: int) -> bool:
    """Whether a sheet may be laid out in full: a stray cell far away must not cost all that lies between."""
    return rows * columns <= min(limits.MAX_CELLS, max(_ALWAYS, _BLANK_PER_CELL * cells))


def texts(
    rows: Iterable[Iterable[object]], formats: Mapping[tuple[int, int], str], merged: Iterable[Merged] = ()
) -> Iterator[list[str]]:
    """Rows of values as text without trailing blanks; cells merged downwards hold what the first holds.

    Of a block merged over rows and columns, the first column does. A figure does not: a count merged over two
    LEAs is not the count of each. Blank rows at the end are left out.
    """
    blank = 0
    starts = _downwards(merged)
    open_blocks: dict[int, tuple[int, str]] = {}
    for at, row in enumerate(rows):
        cells = _as_text(row, at, formats)
        if open_blocks:
            _fill(cells, open_blocks, at)
        if at in starts:
            _open(cells, starts[at], open_blocks)
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            blank += 1
            continue
        for _ in range(blank):
            yield []
        blank = 0
        yield cells


def _downwards(merged: Iterable[Merged]) -> dict[int, list[tuple[int, int]]]:
    """The blocks of several rows by their first row: column and last row of each."""
    starts: dict[int, list[tuple[int, int]]] = {}
    for (top, left), (bottom, _) in merged:
        if bottom > top:
            starts.setdefault(top, []).append((left, bottom))
    return starts


def _as_text(row: Iterable[object], at: int, formats: Mapping[tuple[int, int], str]) -> list[str]:
    """A row of values as text; `formats` say how numbers are shown, by row and column."""
    if not formats:
        return [cell.strip() if isinstance(cell, str) else text_of(cell) for cell in row]
    return [
        cell.strip() if isinstance(cell, str) else text_of(cell, formats.get((at, place), ""))
        for place, cell in enumerate(row)
    ]


def _open(
    cells: Sequence[str], starts: Iterable[tuple[int, int]], open_blocks: dict[int, tuple[int, str]]
) -> None:
    """Begin merged blocks with what a row holds; a figure does not go on downwards."""
    for left, bottom in starts:
        if left < len(cells) and cells[left] and not _FIGURE.fullmatch(cells[left]):
            open_blocks[left] = bottom, cells[left]


def _fill(cells: list[str], open_blocks: dict[int, tuple[int, str]], at: int) -> None:
    """Write what merged blocks hold into a row's blank cells; blocks that end above it go."""
    for left, (bottom, held) in list(open_blocks.items()):
        if at > bottom:
            del open_blocks[left]
            continue
        cells += [""] * (left + 1 - len(cells))
        cells[left] = cells[left] or held
