"""How far each value is from turning met into missed, or missed into met: in students, and in points.

Method (this project's own, redoable with a pencil): the denominator stays, the numerator grows or shrinks by
whole students, and the result is told by the same rounding and sign as in placement
(`cim_core.placing.targets_met`).
The standard error of a rate is √(p(1 − p) ÷ n) (the usual large-sample formula, for instance Agresti,
Categorical Data Analysis, 3rd ed., section 1.3.2).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from cim_core.data.dataset import NANO, NONE, Bools, Codes, Dataset, Floats, Ints, Missing
from cim_core.data.indicators import INDICATORS, POSITION, Indicator, Unit
from cim_core.placing.placement import Placements, Result
from cim_core.placing.targets_met import units
from cim_core.rules.rulebook import Comparator, Rulebook, Target


class Borderline(IntEnum):
    """Why a result is called borderline; the first that applies."""

    NO = 0
    ONE_STUDENT = 1
    STANDARD_ERROR = 2

    @property
    def word(self) -> str:
        """The lower-case name, as in files and message ids."""
        return self.name.lower()


@dataclass(frozen=True, slots=True, eq=False)
class Margins:
    """R rows × K indicators of the catalogue; −1 (`NONE`) where there is no such number.

    `students`: the smallest whole number of students, denominator fixed, whose result would turn met into
    missed or missed into met; none without a target, without counts, for counts of areas, or where no
    number of them would do.
    `steps`: the same for a value that is no fraction of students, in units of the rulebook's precision (0.01
    points); also given where there are students. `standard_error` (float64, points, NaN without counts);
    `borderline` holds `Borderline` codes.
    """

    students: Ints
    steps: Ints
    standard_error: Floats
    borderline: Codes


def margins(placements: Placements) -> Margins:
    """The margins of every value against its target, for all rows."""
    data, rules = placements.dataset, placements.rulebook
    shape = placements.results.shape
    students, steps = np.full(shape, NONE, np.int64), np.full(shape, NONE, np.int64)
    error = standard_errors(data)
    for target in rules.targets:
        if target.value is None:
            continue
        at = POSITION[target.indicator]
        result = placements.results[:, at]
        met, missed = result == Result.MET, result == Result.MISSED
        steps[:, at] = _steps(data, at, target, rules, met, missed)
        if INDICATORS[at].has_numerator:
            students[:, at] = _students(data, at, target, rules, met, missed)
    return Margins(students, steps, error, _borderline(students, steps, error, rules))


def standard_errors(data: Dataset) -> Floats:
    """√(p(1 − p) ÷ n) in percentage points, R×K; NaN where a rate or its number of students is not given."""
    rated = np.array([one.has_numerator for one in INDICATORS])
    there = (data.missing == Missing.PRESENT) & (data.denominator > 0) & rated
    share = np.clip(np.where(there, data.value, 0.0) / 100, 0, 1)
    out = np.full(data.value.shape, np.nan)
    np.sqrt(share * (1 - share) / np.where(there, data.denominator, 1), out=out, where=there)
    return 100 * out


def needed_units(target: Target, precision: int) -> tuple[int, bool]:
    """The target as a whole number of units of the precision: met at or above it, or (False) below it.

    ≥53.2 at two decimals is "5320 or more", ≤20.6 is "not 2061 or more", >90 is "9001 or more".
    """
    assert target.value is not None
    scaled, unit = int(target.value * NANO), NANO // 10**precision
    at_least, above = -(-scaled // unit), scaled // unit + 1
    return {
        Comparator.AT_LEAST: (at_least, True),
        Comparator.GREATER: (above, True),
        Comparator.AT_MOST: (above, False),
        Comparator.LESS: (at_least, False),
    }[target.comparator]


def turns_upward(target: Target, precision: int, missed: bool) -> bool:
    """Whether a result turns when its value grows; told by the target's own sign, not by what is better."""
    return needed_units(target, precision)[1] is missed


def _students(data: Dataset, at: int, target: Target, rules: Rulebook, met: Bools, missed: Bools) -> Ints:
    """From the least numerator whose rounded rate reaches the target's units: the distance to turn."""
    needed, above = needed_units(target, rules.precision)
    top, bottom = data.numerator[:, at], data.denominator[:, at]
    scale = 200 * 10**rules.precision
    reaches = np.maximum(-(-(bottom * (2 * needed - 1)) // scale), 0) if needed > 0 else np.zeros_like(top)
    up, down = np.maximum(reaches - top, 1), np.maximum(top - reaches + 1, 1)
    improve, worsen = (up, down) if above else (down, up)
    moves = np.where(missed, improve, worsen)
    upward = missed if above else met
    possible = np.where(upward, reaches <= bottom, reaches >= 1)
    counted = data.counts_given()[:, at] & (met | missed)
    room = np.where(upward, top + moves <= bottom, top - moves >= 0)
    return np.asarray(np.where(counted & possible & room, moves, NONE))


def _steps(data: Dataset, at: int, target: Target, rules: Rulebook, met: Bools, missed: Bools) -> Ints:
    """The distance in units of the precision, by which the rounded value would turn."""
    needed, _ = needed_units(target, rules.precision)
    now = units(data, at, rules.precision)
    distance = np.where(now >= needed, now - needed + 1, needed - now)
    reached = now + np.where(now >= needed, -distance, distance)
    possible = _possible(INDICATORS[at], reached, rules.precision)
    return np.asarray(np.where((met | missed) & possible, distance, NONE))


def _possible(indicator: Indicator, reached: Ints, precision: int) -> Bools:
    """Counts of areas have no margin: an area is no student, and what makes one is counted elsewhere."""
    if indicator.unit is Unit.COUNT:
        return np.zeros(reached.shape, np.bool_)
    if indicator.unit is Unit.POINTS:
        return np.ones(reached.shape, np.bool_)
    return np.asarray((reached >= 0) & (reached <= 100 * 10**precision))


def _borderline(students: Ints, steps: Ints, error: Floats, rules: Rulebook) -> Codes:
    out = np.full(students.shape, Borderline.NO, np.int8)
    with np.errstate(invalid="ignore"):
        near = (steps >= 0) & (steps / 10**rules.precision <= error)
    out[near] = Borderline.STANDARD_ERROR
    out[students == 1] = Borderline.ONE_STUDENT
    return out
