"""What an LEA's numbers could be changed by, step by step: students where there are counts, else points.

A step is one student in the numerator (denominator fixed), or one unit of the published precision where a
value is no fraction of students or its counts are not given. Steps lead one way only: better, or worse.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

import numpy as np

from cim_core.data.data_edits import copied, put_counts
from cim_core.data.dataset import NANO, NONE, Dataset, Floats, Ints, Missing
from cim_core.data.indicators import INDICATORS, POSITION, Unit
from cim_core.outlook.margins import Margins, turns_upward
from cim_core.placing.placement import Placements, Result
from cim_core.words.rounding import half_away

_MOST_POINTS = 1000
_MOVABLE = tuple(one.code for one in INDICATORS if one.unit is not Unit.COUNT)


class Way(StrEnum):
    """Which way a placement moves."""

    LESS = "less"
    MORE = "more"


@dataclass(frozen=True, slots=True)
class Lever:
    """One indicator of one LEA that can be moved one way.

    `counted`: a step is a student, `top` of `bottom` students are counted now; otherwise `top` ÷ `bottom` is
    the value as printed. `step` is +1 or −1, `room` the most steps. `flip` is how many steps turn its result
    (met to missed, or missed to met), None where it is no element or none would do.
    """

    indicator: str
    counted: bool
    top: int
    bottom: int
    step: int
    room: int
    flip: int | None

    def values(self, steps: Ints) -> Floats:
        """The value in percent or points after each of some numbers of steps, as a `Dataset` holds it."""
        top = self.top + self.step * steps
        return np.asarray(100 * top / self.bottom if self.counted else top / self.bottom)

    def value(self, steps: int) -> float:
        """The same for one number of steps."""
        return float(self.values(np.array([steps]))[0])

    def exact(self, steps: int) -> Fraction:
        """The exact value after so many steps, in percent or points."""
        top = self.top + self.step * steps
        return Fraction(100 * top if self.counted else top, self.bottom)


def levers(placements: Placements, margin: Margins, row: int, way: Way) -> dict[str, Lever]:
    """Every indicator of a row that can be moved, by code: those that are elements, are ranked, or
    count as findings where they are late."""
    data, rules = placements.dataset, placements.rulebook
    ranked = {code for one in placements.percentiles.values() for code in one.evaluation.indicators}
    elements = {*rules.elements.indicators, *rules.elements.as_findings}
    there, counted = data.missing[row] == Missing.PRESENT, data.counts_given(row)
    found = {}
    for code in _MOVABLE:
        at = POSITION[code]
        if not there[at] or (code not in elements and code not in ranked):
            continue
        is_counted = bool(counted[at]) and INDICATORS[at].has_numerator
        lever = (_of_students if is_counted else _of_points)(placements, row, code, way)
        if lever.room <= 0:
            continue
        turns = code in elements and _turns(placements, row, code, way)
        flip = _flip(margin, row, at, lever, rules.precision) if turns else None
        found[code] = replace(lever, flip=flip)
    return found


def _step(code: str, way: Way) -> int:
    """In which direction one step goes: a better value for a less intensive placement."""
    return 1 if INDICATORS[POSITION[code]].higher_is_better is (way is Way.LESS) else -1


def _of_students(placements: Placements, row: int, code: str, way: Way) -> Lever:
    """Whole students in the numerator."""
    data, at, step = placements.dataset, POSITION[code], _step(code, way)
    top, bottom = int(data.numerator[row, at]), int(data.denominator[row, at])
    return Lever(code, True, top, bottom, step, bottom - top if step > 0 else top, None)


def _of_points(placements: Placements, row: int, code: str, way: Way) -> Lever:
    """Units of the last decimal, where there are no students to count."""
    data, at, step = placements.dataset, POSITION[code], _step(code, way)
    bottom = 10 ** _decimals(data, row, at, placements.rulebook.precision)
    top, room = _units(data, row, at, bottom, step, INDICATORS[at].has_numerator)
    return Lever(code, False, top, bottom, step, room, None)


def _turns(placements: Placements, row: int, code: str, way: Way) -> bool:
    """Whether moving an element this way can turn its result, by what its target asks for."""
    rules, better = placements.rulebook, way is Way.LESS
    wanted = Result.MISSED if better else Result.MET
    if placements.results[row, POSITION[code]] != wanted:
        return False
    target = rules.target(code)
    return target is None or turns_upward(target, rules.precision, better) is (_step(code, way) > 0)


def _flip(margin: Margins, row: int, at: int, lever: Lever, precision: int) -> int | None:
    """The steps after which the result turns; None where no number of them does it."""
    flip = int((margin.students if lever.counted else margin.steps)[row, at])
    if flip == NONE:
        return None
    return flip if lever.counted else -(-flip // (10**precision // lever.bottom))


def _decimals(data: Dataset, row: int, at: int, precision: int) -> int:
    """As many decimals as the value itself has (CDE prints means with one), at most the rules' own."""
    exact = Fraction(int(data.value_numerator[row, at]), int(data.value_denominator[row, at]))
    return next((one for one in range(1, precision) if (exact * 10**one).denominator == 1), precision)


def _units(data: Dataset, row: int, at: int, bottom: int, step: int, percent: bool) -> tuple[int, int]:
    """A value as whole units of the precision, rounded as it is printed, and the room it has."""
    exact = Fraction(int(data.value_numerator[row, at]), int(data.value_denominator[row, at]))
    top = int(half_away(exact * bottom, 0))
    if not percent:
        return top, _MOST_POINTS * bottom
    return top, 100 * bottom - top if step > 0 else top


def applied(dataset: Dataset, moves: Mapping[int, Mapping[str, tuple[Lever, int]]]) -> Dataset:
    """The dataset with steps taken: for each row, for each indicator, its lever and the number of steps."""
    changed = copied(dataset)
    for row, of_row in moves.items():
        for code, (lever, steps) in of_row.items():
            at = POSITION[code]
            if lever.counted:
                put_counts(changed, row, at, lever.top + lever.step * steps, lever.bottom)
                continue
            changed.numerator[row, at] = NONE
            changed.value_numerator[row, at] = int(lever.exact(steps) * NANO)
            changed.value_denominator[row, at] = NANO
            changed.value[row, at] = changed.value_numerator[row, at] / NANO
    return changed


def nested(codes: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Groups among some indicators in which one and the same student can count in several.

    A student who moves out of 5b may come into 5a; who counts in 14a counts in 14b and 14c too; one who takes
    the test in English takes it in mathematics; one who exits preschool counts in all of 7.
    """
    groups = (
        ("1", "2"), ("3a_ela", "3a_math", "3b_ela", "3b_math", "3c_ela", "3c_math"), ("4a", "susp"),
        ("5a", "5b", "5c"), ("6a", "6b", "6c"), ("7A1", "7A2", "7B1", "7B2", "7C1", "7C2"),
        ("14a", "14b", "14c"),
    )  # fmt: skip
    wanted = set(codes)
    found = (tuple(code for code in group if code in wanted) for group in groups)
    return tuple(group for group in found if len(group) > 1)
