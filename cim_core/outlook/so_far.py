"""A year that is not over: what each count came to so far, what it can still do, how far a miss is.

Nothing is projected: every number is of the counts that were given, their denominators as they are
(`cim_core.outlook.margins`). What a count can still do follows from how it is defined; where that was read
stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from cim_core.data.indicators import INDICATORS, POSITION, Indicator
from cim_core.outlook.margins import Margins
from cim_core.placing.placement import Placements, Result
from cim_core.rules.sources import Status
from cim_core.why.clauses import students
from cim_core.why.indicator_why import IndicatorWhy, one_indicator
from cim_core.words.messages import Message, MessageFamily, message


class Course(StrEnum):
    """What a count can still do until its year is over."""

    GROWS = "grows"
    LATE_STAYS = "late_stays"
    BOTH_WAYS = "both_ways"
    ONE_DAY = "one_day"
    AT_THE_END = "at_the_end"
    AREAS = "areas"


@dataclass(frozen=True, slots=True)
class Definition:
    """What a count can still do, and how sure the definition is that says so; its source is a message."""

    course: Course
    source: str
    status: Status


COURSE_NAMED = MessageFamily("so_far.course.{}", tuple(Course))
_SOURCES = ("dataquest", "spp", "timeline", "chronic", "calpads", "census_day", "once", "areas")
_SOURCE_NAMED = MessageFamily("so_far.source.{}", _SOURCES)
_NEVER = np.iinfo(np.int64).max
_SURE, _ASSUMED = Status.CONFIRMED, Status.ASSUMED
_DEFINITIONS = {
    "susp": Definition(Course.GROWS, "dataquest", _SURE),
    "4a": Definition(Course.GROWS, "spp", _ASSUMED),
    "11": Definition(Course.LATE_STAYS, "timeline", _SURE),
    "12": Definition(Course.LATE_STAYS, "timeline", _SURE),
    "13": Definition(Course.BOTH_WAYS, "spp", _ASSUMED),
    "chronic": Definition(Course.BOTH_WAYS, "chronic", _SURE),
    "overdue": Definition(Course.BOTH_WAYS, "calpads", _ASSUMED),
    **dict.fromkeys(("5a", "5b", "5c", "6a", "6b", "6c"), Definition(Course.ONE_DAY, "census_day", _ASSUMED)),
    **dict.fromkeys(("4b", "9", "10"), Definition(Course.AREAS, "areas", _ASSUMED)),
}
_ONCE = Definition(Course.AT_THE_END, "once", _ASSUMED)
ENTERED_MONTHLY = ("11", "12", "13", "overdue", "4a", "susp", "chronic")
"""What a special-education office counts month by month."""


def definition(code: str) -> Definition:
    """What the count of an indicator can still do; whatever is measured once counts at the end."""
    return _DEFINITIONS.get(code, _ONCE)


def source_said(of: Definition) -> Message:
    """Where the definition is from, marked where it is assumed."""
    said = message(_SOURCE_NAMED[of.source])
    return message("so_far.assumed", source=said) if of.status is _ASSUMED else said


@dataclass(frozen=True, slots=True)
class SoFar:
    """One indicator of a year in progress: its numbers so far, and what can become of its result.

    `until_missed` is how many students more would make a target missed that is met so far, None where no
    number would, or where there is no target, no count or a miss already.
    """

    why: IndicatorWhy
    course: Course
    until_missed: int | None
    said: Message

    @property
    def indicator(self) -> Indicator:
        """Which one."""
        return self.why.indicator

    @property
    def group(self) -> int | None:
        """How many students it is about, where that is given."""
        return None if self.why.denominator is None else int(self.why.denominator.value)


def so_far(placements: Placements, row: int, margin: Margins) -> tuple[SoFar, ...]:
    """Every indicator that a row in progress has a value of, in catalogue order; none for a closed year."""
    if not placements.dataset.in_progress[row]:
        return ()
    every = (one_indicator(placements, row, one.code) for one in INDICATORS)
    return tuple(_one(why, row, margin) for why in every if why.rate is not None)


def nearest(placements: Placements, rows: Iterable[int], margin: Margins) -> tuple[tuple[int, SoFar], ...]:
    """Of rows in progress the element that the fewest students more would make missed, nearest first; rows
    without one are left out."""
    at = np.array([POSITION[code] for code in placements.rulebook.elements.indicators], np.int64)
    found = []
    for row in rows:
        met = placements.results[row, at] == Result.MET
        turns = np.where(met & (margin.students[row, at] >= 0), margin.students[row, at], _NEVER)
        if placements.dataset.in_progress[row] and turns.min(initial=_NEVER) < _NEVER:
            code = placements.rulebook.elements.indicators[int(turns.argmin())]
            found.append((row, _one(one_indicator(placements, row, code), row, margin)))
    return tuple(sorted(found, key=lambda pair: pair[1].until_missed or 0))


def _one(why: IndicatorWhy, row: int, margin: Margins) -> SoFar:
    code = why.indicator.code
    course = definition(code).course
    turns = int(margin.students[row, POSITION[code]])
    until = turns if why.result is Result.MET and turns >= 0 else None
    return SoFar(why, course, until, _said(why, course, turns))


_MORE = {
    Course.GROWS: "so_far.more.grows",
    Course.LATE_STAYS: "so_far.more.late",
    Course.BOTH_WAYS: "so_far.more.more",
    Course.ONE_DAY: "so_far.more.more",
    Course.AT_THE_END: "so_far.more.more",
}
_FEWER = _MORE | {
    Course.BOTH_WAYS: "so_far.more.fewer",
    Course.ONE_DAY: "so_far.more.fewer",
    Course.AT_THE_END: "so_far.more.fewer",
}
"""What would make a target missed: more in the numerator where lower is better, fewer where higher is."""
_MISSED = {
    Course.GROWS: "so_far.missed.grows",
    Course.LATE_STAYS: "so_far.missed.late",
}
_NO_NUMBER = {Result.MET: "so_far.met", Result.MISSED: "so_far.missed.open"}
_NO_COUNTS = {Result.MET: "so_far.met_uncounted", Result.MISSED: "so_far.missed.uncounted"}


def _said(why: IndicatorWhy, course: Course, turns: int) -> Message:
    """What can become of a result, in one sentence."""
    if course is Course.AREAS or why.result not in (Result.MET, Result.MISSED):
        return message("so_far.no_target" if course is not Course.AREAS else "so_far.areas")
    if turns < 0:
        counted = why.numerator is not None and why.denominator is not None
        return message((_NO_NUMBER if counted else _NO_COUNTS)[why.result])
    n = students(turns, None if why.denominator is None else int(why.denominator.value))
    if why.result is Result.MET:
        return message((_FEWER if why.indicator.higher_is_better else _MORE)[course], n=n)
    return message(_MISSED.get(course, "so_far.missed.both_ways"), n=n)
