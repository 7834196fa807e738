"""The pictures of a card that are a table on a slide."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import wrap

from cim_core.export.meeting.card import Line, Lines, Picture, Steps, TierRows, Trail
from cim_core.rules.tiers import Placement
from cim_core.words.disclosure import Disclosure
from cim_core.words.messages import HowMany, message

_SIZES = (24, 20, 18, 16, 14, 12, 10, 8)
"""The sizes of type in points: the first at which a table is not too high is taken."""
_LETTER, _LEADING = 0.5, 1.2
"""How wide a middling letter is, and how high a line, as a share of the type's size."""
_SIDES, _MARGIN, _MOST_AIR = 0.2, 0.1, 0.3
"""Inches beside the text of a cell, above and below it together, and at most between lines beyond that."""
_TO = "\u00a0"
"""A blank at which no line ends."""
_Marks = tuple[Placement | None, ...]


@dataclass(frozen=True, slots=True)
class Fitted:
    """The type of a table and of its head in points; how high each line is in inches, the head's first."""

    points: int
    head: int
    heights: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A head (empty: none), lines, the placement that a cell is of, and each column's share.

    `named` says whether the first cell of a line is its name.
    """

    head: list[str]
    rows: list[list[str]]
    marks: list[_Marks]
    widths: tuple[float, ...]
    named: bool = True

    def fitted(self, wide: float, high: float) -> Fitted:
        """How it fits into so many inches.

        It is reckoned from the letters, as a table of PowerPoint grows when it is opened and would cover what
        is below it. A head takes one line; where there is room, all lines are as high as the highest.
        """
        lines = [self.head] if self.head else []
        for points in _SIZES:
            fits = (size for size in _SIZES if size <= points and self._high(self.head, wide, size) == 1)
            head = next(fits, points) if self.head else points
            above = [_inches(self._high(line, wide, head), head) for line in lines]
            needed = [_inches(self._high(cells, wide, points), points) for cells in self.rows]
            if sum(above) + sum(needed) <= high:
                break
        room = high - sum(above)
        if max(needed) * len(needed) <= room:
            needed = [max(needed)] * len(needed)
        air = max(0.0, min(_MOST_AIR, (room - sum(needed)) / (len(above) + len(needed))))
        return Fitted(points, head, tuple(each + air for each in (*above, *needed)))

    def _high(self, cells: list[str], wide: float, points: int) -> int:
        """How many lines of type the fullest cell of a line takes."""
        letters = (max(1, int((wide * part - _SIDES) * 72 / (points * _LETTER))) for part in self.widths)
        return max(
            (len(wrap(text, most)) or 1 for text, most in zip(cells, letters, strict=False)), default=0
        )


def _inches(lines: int, points: int) -> float:
    return lines * points * _LEADING / 72 + _MARGIN


def table(of: Picture, gate: Disclosure) -> Table:
    """A picture of a card as a table."""
    if isinstance(of, TierRows):
        return _tiers(of, gate)
    if isinstance(of, Lines):
        return _lines(of, gate)
    if isinstance(of, Steps):
        head = [gate.say(message("meeting.nth", n=HowMany(at))) for at in range(1, len(of.each) + 1)]
        return _one_line(head, [gate.say(step) for step in of.each], (None,) * len(head))
    assert isinstance(of, Trail)
    stood = [standing for _, standing in of.years]
    marks = tuple(standing.placement if standing.settled else None for standing in stood)
    return _one_line([year for year, _ in of.years], [gate.say(standing.said) for standing in stood], marks)


def _tiers(of: TierRows, gate: Disclosure) -> Table:
    rows = [
        [
            gate.say(row.placement.label),
            str(row.count),
            ", ".join(f"{name}{_TO}{mark}" if mark else name for name, mark in row.names),
        ]
        for row in of.rows
    ]
    key = "  ".join(f"{mark}{_TO}{gate.say(said)}" for mark, said in of.key)
    head = [gate.say_id("head.placement"), gate.say_id("head.leas"), key or gate.say_id("head.which")]
    return Table(head, rows, [(row.placement, None, None) for row in of.rows], (0.24, 0.1, 0.66))


def _lines(of: Lines, gate: Disclosure) -> Table:
    rows = [_line(line, gate) for line in of.each]
    if all(not first for first, _ in rows):
        return Table([], [[said] for _, said in rows], [(None,)] * len(rows), (1.0,), named=False)
    return Table([], rows, [(line.placement, None) for line in of.each], (0.28, 0.72))


def _one_line(head: list[str], line: list[str], marks: _Marks) -> Table:
    return Table(head, [line], [marks], (1 / len(head),) * len(head), named=False)


def _line(line: Line, gate: Disclosure) -> list[str]:
    """What stands before a line, or the placement's mark, and the line."""
    mark = "" if line.placement is None else line.placement.code
    return [mark if line.head is None else gate.say(line.head), gate.say(line.said)]
