"""What must be said of a rank: another year that stands in, and between what it then lies."""

from __future__ import annotations

import math
from fractions import Fraction

from cim_core.placing.ranking import Percentile, YearUsed
from cim_core.words.messages import HowMany, Kind, Message, Quantity, message

_OLDER = {
    (True, False): "rank.older_good",
    (True, True): "rank.older_gap_good",
    (False, False): "rank.older_bad",
    (False, True): "rank.older_gap_bad",
}
"""By whether the older year ranks too good, and whether it lies more than a year back."""


def older(used: YearUsed) -> Message | None:
    """How far ranks against an older year are off, as measured in the reference; None for the year itself."""
    if not used.older:
        return None
    named = {"year": used.year, "used": used.reference_year or ""}
    shift = used.shift
    if shift is None:
        return message("rank.older_unmeasured", **named)
    pairs = tuple(message("rank.pair", first=first, second=second) for first, second in shift.pairs)
    return message(
        _OLDER[shift.mean <= 0, shift.gap > 1],
        points=_points(abs(shift.mean)),
        down=_points(-shift.low),
        up=_points(shift.high),
        pairs=pairs,
        n=HowMany(shift.leas),
        gap=HowMany(shift.gap),
        **named,
    )


def with_interval(said: Message, found: Percentile, row: int) -> Message:
    """A sentence about a percentile, and between what it lies where another year stands in."""
    used = found.used(row)
    if used is None or not used.older:
        return said
    low, high = float(found.low[row]), float(found.high[row])
    if used.shift is None or math.isnan(low) or math.isnan(high):
        return message("rank.anywhere", said=said)
    return message(
        "rank.between",
        said=said,
        points=_points(abs(used.shift.mean)),
        way=message("rank.too_good" if used.shift.mean <= 0 else "rank.too_bad"),
        year=used.year,
        low=_percent(low),
        high=_percent(high),
    )


def _points(value: float) -> Quantity:
    return Quantity(Fraction(value).limit_denominator(10**9), Kind.POINTS, 1)


def _percent(value: float) -> Quantity:
    return Quantity(Fraction(value).limit_denominator(10**9), Kind.PERCENTILE, 2)
