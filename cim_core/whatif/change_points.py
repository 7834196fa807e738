"""The values of a threshold at which somebody moves: as they are, and in as few decimals as give the same.

A percentile such as 100 × 2 ÷ 613 has no end, and nobody can type it. Between two neighboring change points
any threshold places everybody alike, so a short decimal between them says as much.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

_HAIR = Decimal("0.000000001")


@dataclass(frozen=True, slots=True)
class Ratio:
    """A percent is 100 × `top` ÷ `bottom`: students of students, or a rank (a shared one may end in .5)."""

    top: Decimal
    bottom: int
    of_students: bool


@dataclass(frozen=True, slots=True)
class ChangePoint:
    """One LEA and year turning as a threshold grows through `value`.

    With `at` the new placement already holds at the value itself, otherwise only above it. `short` is the
    value in as few decimals as will do (`in_short`); `ratio` is rank and among how many where the value is a
    computed percentile, numerator and denominator where it is a rate of students.
    """

    value: Decimal
    at: bool
    row: int
    before: int
    after: int
    short: Decimal
    ratio: Ratio | None = None

    @property
    def old(self) -> Decimal:
        """A value next to `short` (with as many decimals where it is not exact) at which the earlier
        placement still holds."""
        return self.short - self._step if self.at else self.short

    @property
    def new(self) -> Decimal:
        """The same for the new placement."""
        return self.short if self.at else self.short + self._step

    @property
    def is_exact(self) -> bool:
        """Whether the short value is the value itself."""
        return self.short == self.value

    @property
    def _step(self) -> Decimal:
        return _HAIR if self.is_exact else Decimal(1).scaleb(int(self.short.as_tuple().exponent))


def in_short(values: Sequence[Decimal], at: bool, decimals: int = 2) -> dict[Decimal, Decimal]:
    """Each of some sorted change points in as few decimals as will do; as it is up to `decimals` of them.

    Typed as the threshold, the short value gives the placements of the point itself, and with one unit of its
    last decimal more (less with `at`) those on the other side of the point: no other point lies between.
    """
    points = sorted(set(values))
    found = {}
    for place, point in enumerate(points):
        below = points[place - 1] if place else None
        above = points[place + 1] if place + 1 < len(points) else None
        if -_exponent(point) <= decimals:
            found[point] = point
            continue
        found[point] = _shortest(point, below, above, at)
    return found


def _shortest(point: Decimal, below: Decimal | None, above: Decimal | None, at: bool) -> Decimal:
    """The point in as few decimals as keep it apart from the points next to it."""
    digits = 0
    while True:
        unit = Decimal(1).scaleb(-digits)
        low = point.quantize(unit, ROUND_FLOOR)
        high = low if low == point else low + unit
        if low == high:
            return point
        if at and high < (above or high + 1) and low >= (below if below is not None else low):
            return high
        if not at and low > (below if below is not None else low - 1) and high <= (above or high):
            return low
        digits += 1


def _exponent(value: Decimal) -> int:
    return int(value.normalize().as_tuple().exponent)
