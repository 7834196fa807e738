"""How many students each target that counts is short, or has to spare: missed ones first, then met ones.

A target met by a margin of one student has none to spare: one more and it is missed.
"""

from __future__ import annotations

from dataclasses import dataclass

from cim_core.data.dataset import NONE
from cim_core.data.indicators import POSITION
from cim_core.outlook.margins import Margins
from cim_core.outlook.sentences import steps
from cim_core.placing.placement import Placements, Result
from cim_core.rules.rulebook import Comparator
from cim_core.why.clauses import students
from cim_core.why.indicator_why import IndicatorWhy, one_indicator
from cim_core.words.messages import Message, message

_FAR = 10**9
_FEWER = (Comparator.LESS, Comparator.AT_MOST)
_POINTS = {True: "room.points_short", False: "room.points_spare"}


@dataclass(frozen=True, slots=True)
class TargetRoom:
    """One target of one LEA: `turns` students would turn it, None where its value has none or none would do.

    `said` is what stands in a table: how many short, or how many to spare.
    """

    why: IndicatorWhy
    missed: bool
    turns: int | None
    said: Message

    @property
    def code(self) -> str:
        """The indicator."""
        return self.why.indicator.code

    @property
    def spare(self) -> int | None:
        """How many students a met target has to spare; None for one that is missed, or without students."""
        return None if self.missed or self.turns is None else self.turns - 1


def rooms(placements: Placements, margin: Margins, row: int) -> tuple[TargetRoom, ...]:
    """Every target that counts and has a result: missed ones, then met ones, each the nearest first."""
    found = [
        room(placements, margin, row, code)
        for code in placements.rulebook.elements.indicators
        if placements.results[row, POSITION[code]] in (Result.MET, Result.MISSED)
    ]
    return tuple(sorted(found, key=lambda one: (not one.missed, _far(one, margin, row))))


def room(placements: Placements, margin: Margins, row: int, code: str) -> TargetRoom:
    """The same of one indicator that has a result."""
    at = POSITION[code]
    why = one_indicator(placements, row, code)
    missed = bool(placements.results[row, at] == Result.MISSED)
    turns = int(margin.students[row, at])
    group = int(placements.dataset.denominator[row, at])
    if turns != NONE:
        return TargetRoom(why, missed, turns, _in_students(why, missed, turns, group))
    points = int(margin.steps[row, at])
    if points == NONE or (why.indicator.has_numerator and group >= 0):
        return TargetRoom(why, missed, None, message("room.none_would" if missed else "room.always"))
    away = steps(placements, points, code, group if group >= 0 else None)
    return TargetRoom(why, missed, None, message(_POINTS[missed], points=away))


def _in_students(why: IndicatorWhy, missed: bool, turns: int, group: int) -> Message:
    count = students(turns if missed else turns - 1, group)
    if missed:
        if why.target is not None and why.target.comparator in _FEWER:
            return message("room.over", students=count)
        return message("room.short", n=count, students=count)
    return message("room.spare", students=count) if turns > 1 else message("room.none")


def _far(room_of: TargetRoom, margin: Margins, row: int) -> tuple[int, int]:
    """Students first, then points."""
    if room_of.turns is not None:
        return room_of.turns, 0
    points = int(margin.steps[row, POSITION[room_of.code]])
    return _FAR, points if points != NONE else _FAR
