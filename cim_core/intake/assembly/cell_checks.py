"""One indicator's cell: rate, numerator and denominator as written → a Cell, checked against each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from cim_core.data.dataset import Cell, Missing, Origin
from cim_core.data.facts import MISSING_NAMED
from cim_core.data.indicators import Indicator, Unit, get
from cim_core.intake.meanings import cell_text
from cim_core.intake.meanings.layout import Raw
from cim_core.intake.meanings.reasons import of_note
from cim_core.intake.problems import Severity
from cim_core.intake.questions import collection_name
from cim_core.words import rounding
from cim_core.words.messages import Message, given, message

_LARGEST = 10**8
_LONGEST_PLAIN = 8
_FURTHEST_POINTS = 1_000
"""No distance from standard is so large; a number beyond it has lost its decimal point."""
_FINEST = 5 * 10**8
"""Rates written with all digits of a binary number are off by less than half of one such part."""

Say = Callable[[Severity, str, str, str], None]
"""Reports a problem: severity, kind, column, what was found."""


@dataclass(frozen=True, slots=True)
class Scales:
    """Indicators whose rates are fractions (a person said so), and those that nobody has answered for."""

    fractions: frozenset[str] = frozenset()
    unanswered: frozenset[str] = frozenset()


def cell(code: str, raw: Raw, scales: Scales, say: Say, origin: Origin | None = None) -> Cell:
    """The cell of an indicator; what cannot be used is reported through `say` and refused or left out."""
    found = _looked_at(code, get(code), raw, scales, say)
    return Cell(found.rate, found.numerator, found.denominator, found.missing, found.inferred, origin)


def plainly_right(code: str, raw: Raw, origin: Origin | None) -> Cell | None:
    """By far the most frequent cell, quickly: two plain counts, with no rate or the one that follows."""
    if not raw.numerator or not raw.denominator or raw.reason or raw.refused:
        return None
    top, bottom = _plain_count(raw.numerator), _plain_count(raw.denominator)
    if top > bottom or top < 0 or not bottom or get(code).unit is not Unit.PERCENT:
        return None
    if not raw.rate:
        return Cell(None, top, bottom, origin=origin)
    rate = _plain_rate(raw.rate, top, bottom)
    return None if rate is None else Cell(rate, top, bottom, origin=origin)


def _plain_count(written: str) -> int:
    """A count of nothing but digits; −1 for anything else."""
    plain = len(written) <= _LONGEST_PLAIN and written.isascii() and written.isdecimal()
    return int(written) if plain else -1


def _plain_rate(written: str, top: int, bottom: int) -> Decimal | None:
    """A rate of digits and a point that follows from two counts; None for anything else."""
    whole, _, part = written.partition(".")
    if not (whole + part).isdecimal() or not written.isascii() or len(written) > _LONGEST_PLAIN:
        return None
    off = abs(int(whole + part) * bottom - 100 * top * 10 ** len(part))
    rate = cell_text.number(written)
    return rate if 2 * off <= bottom and isinstance(rate, Decimal) and rate <= 100 else None


def only_rate(written: str, origin: Origin | None) -> Cell | None:
    """The cell of a percentage without counts, or of a blank; None for what has to be looked at closely."""
    if not written:
        return Cell(missing=Missing.BLANK, origin=origin)
    rate = cell_text.number(written)
    if not isinstance(rate, Decimal) or not 0 <= rate <= 100 or "%" in written:
        return None
    return Cell(rate, origin=origin)


def _looked_at(code: str, indicator: Indicator, raw: Raw, scales: Scales, say: Say) -> Cell:
    if raw.refused:
        return Cell(missing=Missing.REFUSED)
    parts = _parts(raw, indicator, say)
    if parts is None:
        return Cell(missing=Missing.REFUSED)
    rate, numerator, denominator = _number(parts[0]), _whole(parts[1]), _whole(parts[2])
    of_rate = _reasons(parts[:1])
    noted = of_note(raw.reason, any(isinstance(part, Decimal) for part in parts))
    if noted is not None:
        of_rate.append(noted)
    has_fraction = indicator.has_numerator and numerator is not None and denominator is not None
    if of_rate and (rate is not None or has_fraction):
        say(Severity.WARNING, "reason_and_value", raw.columns[0], _shown(raw))
        return Cell(None, numerator, denominator, of_rate[0])
    if rate is not None and indicator.has_numerator and not has_fraction:
        found = _in_percent(code, raw, Cell(rate, numerator, denominator), scales, say)
        if found.rate is None:
            return found
        rate = found.rate
    return _with_fraction(
        indicator, raw, Cell(rate, numerator, denominator), has_fraction, of_rate + _reasons(parts[1:]), say
    )


def _parts(raw: Raw, indicator: Indicator, say: Say) -> list[Decimal | Missing] | None:
    """Rate, numerator and denominator, each as a number or a reason; None, reported, where one cannot be."""
    parts: list[Decimal | Missing] = []
    for at, (written, column) in enumerate(
        zip((raw.rate, raw.numerator, raw.denominator), raw.columns, strict=True)
    ):
        number = cell_text.number(written) if written is not None else Missing.BLANK
        kind = _impossible(number, written or "", at, indicator)
        if kind:
            say(Severity.ERROR, kind, column, written or "")
        elif number is not None:
            parts.append(number)
    return parts if len(parts) == len(raw.columns) else None


def _reasons(parts: Iterable[Decimal | Missing]) -> list[Missing]:
    return [part for part in parts if isinstance(part, Missing) and part is not Missing.BLANK]


def _in_percent(code: str, raw: Raw, found: Cell, scales: Scales, say: Say) -> Cell:
    """A cell with its rate, which may be a fraction, in percent; without a rate where that cannot be told."""
    rate = found.rate
    if rate is None or "%" in (raw.rate or ""):
        return found
    if code in scales.unanswered:
        return Cell(None, found.numerator, found.denominator, Missing.REFUSED)
    if code not in scales.fractions:
        return found
    rate = rate.scaleb(2)
    if rate > 100:
        say(Severity.ERROR, "out_of_range", raw.columns[0], raw.rate or "")
        return Cell(missing=Missing.REFUSED)
    return Cell(rate, found.numerator, found.denominator)


def _with_fraction(
    indicator: Indicator, raw: Raw, found: Cell, has_fraction: bool, reasons: Sequence[Missing], say: Say
) -> Cell:
    """A cell of numbers, each possible by itself, with what its counts say; else one of `reasons`."""
    rate, numerator, denominator = found.rate, found.numerator, found.denominator
    if numerator is not None and not indicator.has_numerator:
        rate, numerator = _without_numerator(indicator, rate, numerator, raw, say)
    if rate is None and not has_fraction:
        if numerator is not None:
            say(Severity.WARNING, "no_denominator", raw.columns[2], str(numerator))
        return Cell(None, numerator, denominator, reasons[0] if reasons else Missing.BLANK)
    return _consistent(indicator, raw, Cell(rate, numerator, denominator), say)


def _without_numerator(
    indicator: Indicator, rate: Decimal | None, numerator: int, raw: Raw, say: Say
) -> tuple[Decimal | None, int | None]:
    """Counts may stand in the numerator's column; means and gaps have no numerator at all."""
    if indicator.unit is Unit.COUNT and rate in (None, numerator):
        return Decimal(numerator), None
    say(Severity.WARNING, "no_numerator", raw.columns[1], str(numerator))
    return rate, None


def _impossible(number: Decimal | Missing | None, written: str, part: int, indicator: Indicator) -> str:
    """The kind of problem with one number alone, or nothing."""
    if number is None:
        return "bad_number"
    if isinstance(number, Missing):
        return ""
    if abs(number) >= _LARGEST:
        return "bad_number"
    if indicator.unit is Unit.POINTS and not part and ("%" in written or abs(number) > _FURTHEST_POINTS):
        return "bad_points"
    if part or indicator.unit is Unit.COUNT:
        whole = number >= 0 and number == int(number) and "%" not in written
        return "" if whole else "bad_count"
    return "out_of_range" if indicator.has_numerator and not 0 <= number <= 100 else ""


def _consistent(indicator: Indicator, raw: Raw, found: Cell, say: Say) -> Cell:
    """Check rate, numerator and denominator against each other; infer the one that follows."""
    rate, top, bottom = found.rate, found.numerator, found.denominator
    if bottom == 0 and not top:
        say(Severity.NOTE if top == 0 else Severity.WARNING, "no_students", raw.columns[2], "0")
        return found
    if not indicator.has_numerator:
        return found
    if top is not None and bottom is not None:
        if top > bottom:
            say(Severity.ERROR, "more_than_all", raw.columns[1], f"{top} / {bottom}")
            return Cell(missing=Missing.REFUSED)
        if rate is not None and not _agrees(rate, top, bottom) and not _agrees(rate, top, bottom, 1):
            follows = rounding.half_up(Fraction(100 * top, bottom), 2)
            say(Severity.WARNING, "rate_differs", raw.columns[0], f"{rate} / {top} ÷ {bottom} = {follows}%")
        return found
    return found if rate is None else _inferred(found, rate)


def joined(before: Cell, now: Cell, elsewhere: bool) -> Cell | None:
    """One cell of two that say the same, the richer one; None when they contradict each other.

    Within one table every difference is a contradiction, except that a blank cell says nothing. Between
    tables (`elsewhere`) a value also goes before a reason why there is none, and a numerator in one joins a
    denominator in the other.
    """
    for one, other in ((before, now), (now, before)):
        if one.missing is Missing.BLANK and one.numerator is None and one.denominator is None:
            return other
    return _of_two_tables(before, now) if elsewhere else None


def _of_two_tables(before: Cell, now: Cell) -> Cell | None:
    present = [one for one in (before, now) if one.missing is Missing.PRESENT]
    if len(present) == 1:
        return present[0]
    if not present:
        top = before.numerator if before.numerator is not None else now.numerator
        bottom = before.denominator if before.denominator is not None else now.denominator
        alone = (before.numerator is None) != (now.numerator is None)
        if alone and top is not None and bottom and top <= bottom:
            return Cell(None, top, bottom, origin=now.origin)
        return before
    return before if _poorer(now, before) else now if _poorer(before, now) else None


def _poorer(cell: Cell, other: Cell) -> bool:
    """Whether a cell says nothing that the other one does not say too."""
    counts = other.numerator is not None and other.denominator is not None
    for mine, theirs in ((cell.numerator, other.numerator), (cell.denominator, other.denominator)):
        if mine is not None and mine != theirs:
            return False
    if cell.rate is None or cell.rate == other.rate:
        return True
    return (
        counts and other.denominator != 0 and _agrees(cell.rate, other.numerator or 0, other.denominator or 1)
    )


def _number(part: Decimal | Missing) -> Decimal | None:
    return part if isinstance(part, Decimal) else None


def _whole(part: Decimal | Missing) -> int | None:
    return int(part) if isinstance(part, Decimal) else None


def _shown(raw: Raw) -> str:
    written = [part for part in (raw.rate, raw.numerator, raw.denominator, raw.reason) if part]
    return " / ".join(written)


def _agrees(rate: Decimal, top: int, bottom: int, hundred: int = 100) -> bool:
    """Whether the printed rate is the fraction, rounded at the rate's own number of decimals."""
    top_of_rate, bottom_of_rate = rate.as_integer_ratio()
    units: int = min(10 ** cell_text.decimals(rate), _FINEST)
    off = abs(top_of_rate * bottom - hundred * top * bottom_of_rate)
    return 2 * units * off <= bottom_of_rate * bottom


def _inferred(found: Cell, rate: Decimal) -> Cell:
    """Add the count that follows from the other two, only where exactly one whole number fits.

    A rate stands for everything within half a unit of the last digit that was written.
    """
    if (found.numerator is None) == (found.denominator is None):
        return found
    top, bottom = rate.as_integer_ratio()
    units = min(10 ** cell_text.decimals(rate), _FINEST)
    low, high, parts = 2 * units * top - bottom, 2 * units * top + bottom, 2 * units * bottom
    if found.denominator:
        fits = _only_between(low * found.denominator, high * found.denominator, 100 * parts, 100 * parts)
        if fits is not None and 0 <= fits <= found.denominator:
            return Cell(rate, fits, found.denominator, inferred=True)
    if found.numerator and low > 0:
        students = 100 * found.numerator * parts
        fits = _only_between(students, students, high, low)
        if fits is not None and fits >= found.numerator:
            return Cell(rate, found.numerator, fits, inferred=True)
    return found


def _only_between(low: int, high: int, under_low: int, under_high: int) -> int | None:
    """The one whole number from `low / under_low` to `high / under_high`; None for none or several."""
    first, last = -(-low // under_low), high // under_high
    return first if first == last else None


def in_words(cell: Cell) -> Message:
    """A cell's value for a problem, with its public collection where that is known."""
    value = message(MISSING_NAMED[cell.missing])
    if cell.rate is not None:
        value = given(str(cell.rate))
    elif cell.numerator is not None:
        value = given(f"{cell.numerator} ÷ {cell.denominator}")
    if cell.origin is None or not cell.origin.collection:
        return value
    return message("with_source", value=value, source=collection_name(cell.origin.collection))
