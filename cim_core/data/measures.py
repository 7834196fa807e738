"""Which measure an indicator's values are counted by: a target set for one measure says nothing of another.

Indicators 1 and 2 were cohort rates (the four-year adjusted cohort) until the data of 2019-20 and count
students who left (exit-based) from 2020-21 on; indicator 3 is measured by grade (4, 8, high school) since
2020-21, and its older targets are for all grades together; indicator 7 took a new baseline in 2021-22 (OSEP's
Part B measurement table). Values are compared across the last two, and that is said.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from cim_core.data.indicators import CODES
from cim_core.words.messages import MessageFamily


class Measure(StrEnum):
    """How values of an indicator were counted."""

    COHORT = "cohort"
    LEAVERS = "leavers"
    ALL_GRADES = "all_grades"
    BY_GRADE = "by_grade"
    EARLIER_BASELINE = "earlier_baseline"
    BASELINE_2021_22 = "baseline_2021_22"


MEASURES: tuple[Measure, ...] = tuple(Measure)
MEASURE_NAMED: MessageFamily[str] = MessageFamily("measure.{}", MEASURES)
NONE = -1
"""Stands for "measured in one way only" in arrays of positions in `MEASURES`."""
NOT_COMPARED = frozenset({"1", "2"})
"""Indicators of which a value of another measure than its target's is not compared at all."""

_Since = tuple[tuple[str, Measure], ...]
_LEFT: _Since = (("", Measure.COHORT), ("2020-21", Measure.LEAVERS))
_GRADES: _Since = (("", Measure.ALL_GRADES), ("2020-21", Measure.BY_GRADE))
_BASELINES: _Since = (("", Measure.EARLIER_BASELINE), ("2021-22", Measure.BASELINE_2021_22))
SINCE: dict[str, _Since] = {
    code: {"1": _LEFT, "2": _LEFT, "3": _GRADES, "7": _BASELINES}[code[0]]
    for code in CODES
    if code in ("1", "2") or code[0] in "37"
}
"""The measures of an indicator, each with the first year of data that it counts; oldest first."""
_COHORT_FILES = frozenset({"acgr", "dashboard", "dataquest"})
"""Public collections that give indicators 1 and 2 as four-year cohort rates, whatever the year."""
_YEAR = re.compile(r"\d{4}-\d{2}", re.ASCII)


def of_value(code: str, year: str, collection: str = "") -> Measure | None:
    """The measure of a value: by the collection that its file names, else by the year of the data."""
    if code in NOT_COMPARED and collection in _COHORT_FILES:
        return Measure.COHORT
    if code not in SINCE or not _YEAR.fullmatch(year):
        return None
    return [measure for first, measure in SINCE[code] if first <= year][-1]


@lru_cache(maxsize=4096)
def position(code: str, year: str, collection: str = "") -> int:
    """The same as a position in `MEASURES`, −1 for none."""
    found = of_value(code, year, collection)
    return NONE if found is None else MEASURES.index(found)


def of_target(code: str, named: str, vintage: str) -> Measure | None:
    """The measure of a target: the one that it names, else that of the year it was set for; None for any."""
    return Measure(named) if named else of_value(code, vintage)


def choices(code: str) -> tuple[Measure, ...]:
    """The measures that a target of an indicator may name."""
    return tuple(measure for _, measure in SINCE.get(code, ()))


def newest(code: str) -> Measure | None:
    """How an indicator is counted today."""
    return SINCE[code][-1][1] if code in SINCE else None
