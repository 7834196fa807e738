"""Which columns of a file look like fractions (0.532) where percent (53.2) is expected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from cim_core.data.indicators import IndicatorType, get
from cim_core.intake.meanings import cell_text
from cim_core.intake.meanings.layout import Raw, Reading, Record

_PLAIN = 30
_FACTS = ("percentile", "preschool_percentile")
_FEW = 3


def in_question(reading: Reading) -> frozenset[str]:
    """Indicators and percentile columns whose numbers may be fractions; empty when all can only be percent.

    A column where more is better gives it away when most of its rates lie between 0 and 1 (a single rate only
    where the file has none above 1). Low rates are
    ordinary where less is better, so those columns count only beside such a column, or where the file has no
    other rates and all of at least three lie there. Cells with both counts, or with a percent sign, are
    settled, each for itself; a bare number between 0 and 1 beside cells with a percent sign is in question.
    """
    rates, signed = _rates(reading)
    shares = {code: seen for code, seen in rates.items() if code not in _FACTS}
    small = {code for code, seen in rates.items() if max(seen) <= 1}
    between = {code for code, seen in rates.items() if any(0 < rate < 1 for rate in seen)}
    telling = _telling(shares, signed, small, between)
    found = set(telling)
    if telling:
        found |= small
    elif shares.keys() <= small and shares.keys() & between and sum(map(len, shares.values())) >= _FEW:
        found.update(shares)
    found |= {name for name in _FACTS if name in small & between and len(rates[name]) > 1}
    return frozenset(found)


def _telling(
    shares: dict[str, list[Decimal]], signed: set[str], small: set[str], between: set[str]
) -> set[str]:
    """The indicators whose rates give a file of fractions away."""
    all_small = shares.keys() <= small
    telling = {
        code
        for code, seen in shares.items()
        if code in between and (code in signed or _mostly_between(code, seen, alone_is_enough=all_small))
    }
    if all_small and not telling:
        return {code for code, seen in shares.items() if _only_ones(code, seen)}
    return telling


def _mostly_between(code: str, seen: list[Decimal], *, alone_is_enough: bool) -> bool:
    """Whether at least half of the rates lie between 0 and 1 though more is better, and there are several."""
    if not get(code).higher_is_better or (len(seen) == 1 and not alone_is_enough):
        return False
    return 2 * sum(0 < rate < 1 for rate in seen) >= len(seen)


def low(reading: Reading, asked: frozenset[str]) -> Iterator[tuple[Record, str, str, str]]:
    """Single cells that may be fractions though their column is not in question: record, name, column, text.

    Shares below 1 % where more is better, and percentiles below 1, are rare enough to be looked at twice.
    """
    for record in reading.records:
        for code, raw in record.cells.items():
            if not raw.rate or code in asked or not _between(raw.rate) or _both_counts(raw):
                continue
            if get(code).higher_is_better and get(code).has_numerator:
                yield record, code, raw.columns[0], raw.rate
        for name in _FACTS if record.facts else ():
            written = record.facts.get(name, "")
            if name not in asked and _between(written):
                yield record, name, reading.headers.get(name, name), written


def _between(written: str) -> bool:
    number = cell_text.number(written)
    return isinstance(number, Decimal) and 0 < number < 1 and "%" not in written


def _only_ones(code: str, seen: list[Decimal]) -> bool:
    """Compliance is mostly complete: a column of ones is far more likely 100 % than 1 %."""
    compliance = get(code).type is IndicatorType.COMPLIANCE and get(code).higher_is_better
    return compliance and all(rate in (0, 1) for rate in seen) and 1 in seen


def _rates(reading: Reading) -> tuple[dict[str, list[Decimal]], set[str]]:
    """The rates that stand alone and without a percent sign, by column; the columns with such signs."""
    rates: dict[str, list[Decimal]] = defaultdict(list)
    signed: set[str] = set()
    for record in reading.records:
        for code, raw in record.cells.items():
            if raw.rate and not _both_counts(raw) and get(code).has_numerator:
                _take(code, raw.rate, rates, signed)
        for name in _FACTS if record.facts else ():
            if record.facts.get(name):
                _take(name, record.facts[name], rates, signed)
    return rates, signed


def _take(name: str, written: str, rates: dict[str, list[Decimal]], signed: set[str]) -> None:
    number = cell_text.number(written)
    if "%" in written:
        signed.add(name)
    elif isinstance(number, Decimal):
        rates[name].append(number)


def _both_counts(raw: Raw) -> bool:
    if not raw.numerator or not raw.denominator:
        return False
    both = raw.numerator + raw.denominator
    if both.isdecimal() and both.isascii() and len(both) <= _PLAIN:
        return True
    return isinstance(cell_text.number(raw.numerator), Decimal) and isinstance(
        cell_text.number(raw.denominator), Decimal
    )
