"""How a number is written: the one formatter of screens, sentences, CSV text and the shell.

Percents and points have one decimal, and more only where one would hide something: that a value is not zero
or not all, on which side of another number it lies and how near, or that two values differ.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from cim_core.words.messages import Kind, Quantity
from cim_core.words.rounding import half_away, half_up

_FEW = {
    Kind.RATE: 1,
    Kind.POINTS: 1,
    Kind.STANDARD: 1,
    Kind.PERCENTILE: 1,
    Kind.RATIO: 2,
}
"""As many decimals as are shown where fewer hide nothing; other kinds show all that they are held at."""
_PERCENTS = (Kind.RATE, Kind.PERCENTILE)


def decimals(quantity: Quantity) -> int:
    """With how many decimals a quantity is written."""
    if _is_whole(quantity):
        return 0
    if quantity.shown is not None:
        return quantity.shown
    return against(quantity).shown or 0


def digits(quantity: Quantity) -> str:
    """A quantity without its unit."""
    return half_up(quantity.value, decimals(quantity))


def percent(value: Fraction) -> str:
    """A share of 100 with its sign, where no quantity is handed on."""
    return f"{digits(Quantity(value, Kind.RATE, 2))}%"


def against(quantity: Quantity, *edges: Fraction, few: int | None = None) -> Quantity:
    """The quantity as it is written where it is seen beside `edges`: on its own side of each, and of 0 and,
    for percents, of 100, with another decimal where it is nearer than a unit of the last one (53.14 to 53.2).
    `few` decimals are enough where they hide nothing."""
    whole = (Fraction(0), Fraction(100)) if quantity.kind in _PERCENTS else (Fraction(0),)
    held = half_away(quantity.value, quantity.decimals)

    def hides(shown: int) -> bool:
        seen, unit = half_away(quantity.value, shown), Fraction(1, 10**shown)
        return any(
            _side(seen, edge) != _side(held, edge) or 0 < abs(held - edge) < unit for edge in (*edges, *whole)
        )

    return replace(quantity, shown=_fewest(quantity, hides, few))


def exactly(quantity: Quantity) -> Quantity:
    """The quantity with every decimal that it is held at, without zeros at the end: what must be reached."""
    held = half_away(quantity.value, quantity.decimals)
    return replace(quantity, shown=_fewest(quantity, lambda shown: half_away(held, shown) != held))


def together(first: Quantity, second: Quantity) -> tuple[Quantity, Quantity]:
    """Two quantities of one kind with the same number of decimals, which tells them apart."""
    held = [half_away(one.value, one.decimals) for one in (first, second)]
    least = max(decimals(first), decimals(second))
    most = max(first.decimals, second.decimals)
    shown = least
    while shown < most and _side(*(half_away(one, shown) for one in held)) != _side(*held):
        shown += 1
    return replace(first, shown=shown), replace(second, shown=shown)


def plain(number: Decimal) -> str:
    """A number of rules as it is set: `10`, `12.5`."""
    return f"{number.normalize():f}"


def ratio_limit(threshold: Decimal) -> str:
    """A threshold of ratios as it is set, with a decimal at least: `3.0`."""
    return f"{threshold:f}" if -int(threshold.normalize().as_tuple().exponent) > 1 else f"{threshold:.1f}"


def _is_whole(quantity: Quantity) -> bool:
    """Whether it is none or all of what it could be, or a percent of a ranking without a part."""
    if quantity.kind is Kind.PERCENTILE:
        return quantity.value.denominator == 1
    return quantity.value == 0 or (quantity.kind is Kind.RATE and quantity.value == 100)


def _fewest(quantity: Quantity, hides: Callable[[int], bool], few: int | None = None) -> int:
    least = _FEW.get(quantity.kind, quantity.decimals) if few is None else few
    shown = min(least, quantity.decimals)
    while shown < quantity.decimals and hides(shown):
        shown += 1
    return shown


def _side(value: Fraction, edge: Fraction) -> int:
    return (value > edge) - (value < edge)
