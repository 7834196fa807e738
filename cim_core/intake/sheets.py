"""What the readers of workbooks have in common: a sheet as rows of text, read once and in turn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from cim_core.intake.number_format import text_of
from cim_core.intake.problems import Problem

MAX_SHEETS = 50
MAX_AREA = 6_000_000
"""A sheet that spans more cells than this is read cell by cell, or refused where that cannot be done."""

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


def texts(
    rows: Iterable[Iterable[object]], formats: Mapping[tuple[int, int], str], merged: Iterable[Merged] = ()
) -> Iterator[list[str]]:
    """Rows of values as text without trailing blanks; cells merged downwards hold what the first holds."""
    down = {
        (row, left): (top, left)
        for (top, left), (bottom, right) in merged
        if left == right
        for row in range(top + 1, min(bottom, top + 5000) + 1)
    }
    kept: dict[tuple[int, int], str] = {}
    heads = set(down.values())
    places = {row for row, _ in down} | {row for row, _ in heads}
    for at, row in enumerate(rows):
        if formats:
            cells = [
                cell.strip() if isinstance(cell, str) else text_of(cell, formats.get((at, place), ""))
                for place, cell in enumerate(row)
            ]
        else:
            cells = [cell.strip() if isinstance(cell, str) else text_of(cell) for cell in row]
        if at in places:
            for place in range(len(cells)):
                if (at, place) in heads:
                    kept[at, place] = cells[place]
                elif (at, place) in down and not cells[place]:
                    cells[place] = kept.get(down[at, place], "")
        while cells and not cells[-1]:
            cells.pop()
        yield cells
