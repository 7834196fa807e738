"""Exact values rounded and printed as CDE rounds: half away from zero."""

from __future__ import annotations

from fractions import Fraction


def half_away(value: Fraction, decimals: int) -> Fraction:
    """Round half away from zero, exactly."""
    return Fraction(units(value.numerator, value.denominator, decimals), 10**decimals)


def units(top: int, bottom: int, decimals: int) -> int:
    """How many units of the last decimal a value top ÷ bottom is, rounded half away from zero."""
    size: int = (2 * abs(top) * 10**decimals + bottom) // (2 * bottom)
    return size if top >= 0 else -size


def count(number: int) -> str:
    """A whole number with commas: `1,528`."""
    return f"{number:,}"


def half_up(value: Fraction, decimals: int) -> str:
    """Print an exact value with fixed decimals, rounding half away from zero (9/16 of 100 → 56.3).

    CDE rounds its published percentages so (88 of 88 exact ties in its public files).
    """
    of_last = abs(units(value.numerator, value.denominator, decimals))
    sign = "−" if value < 0 and of_last else ""
    whole, rest = divmod(of_last, 10**decimals)
    return f"{sign}{whole:,}" + (f".{rest:0{decimals}d}" if decimals else "")
