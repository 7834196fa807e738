"""The pictures of a card that are a table on a slide."""

from __future__ import annotations

from dataclasses import dataclass

from cim_core.export.meeting.card import Line, Lines, Picture, Steps, TierRows, Trail
from cim_core.rules.tiers import Placement
from cim_core.words.disclosure import Disclosure
from cim_core.words.messages import HowMany, message


@dataclass(frozen=True, slots=True)
class Table:
    """A head (empty: none), lines, the placement that each line begins with, and each column's share."""

    head: list[str]
    rows: list[list[str]]
    marks: list[Placement | None]
    widths: tuple[float, ...]


def table(of: Picture, gate: Disclosure) -> Table:
    """A picture of a card as a table."""
    if isinstance(of, TierRows):
        return _tiers(of, gate)
    if isinstance(of, Lines):
        return _lines(of, gate)
    if isinstance(of, Steps):
        head = [gate.say(message("meeting.nth", n=HowMany(at))) for at in range(1, len(of.each) + 1)]
        return _one_line(head, [gate.say(step) for step in of.each])
    assert isinstance(of, Trail)
    return _one_line([year for year, _ in of.years], [gate.say(standing.said) for _, standing in of.years])


def _tiers(of: TierRows, gate: Disclosure) -> Table:
    rows = [
        [
            gate.say(row.placement.label),
            str(row.count),
            ", ".join(f"{name} {mark}".strip() for name, mark in row.names),
        ]
        for row in of.rows
    ]
    key = "  ".join(f"{mark} {gate.say(said)}" for mark, said in of.key)
    head = [gate.say_id("head.placement"), gate.say_id("head.leas"), key or gate.say_id("head.which")]
    return Table(head, rows, [row.placement for row in of.rows], (0.24, 0.1, 0.66))


def _lines(of: Lines, gate: Disclosure) -> Table:
    rows = [_line(line, gate) for line in of.each]
    if all(not first for first, _ in rows):
        return Table([], [[said] for _, said in rows], [None] * len(rows), (1.0,))
    return Table([], rows, [line.placement for line in of.each], (0.28, 0.72))


def _one_line(head: list[str], line: list[str]) -> Table:
    return Table(head, [line], [None], (1 / len(head),) * len(head))


def _line(line: Line, gate: Disclosure) -> list[str]:
    """What stands before a line, or the placement's mark, and the line."""
    mark = "" if line.placement is None else line.placement.code
    return [mark if line.head is None else gate.say(line.head), gate.say(line.said)]
