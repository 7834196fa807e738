"""Columns of a wide table that do not fit the ones beside them: a slip in a header moves an LEA."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from cim_core.data.indicators import get
from cim_core.intake.layouts.wide_places import WideColumns
from cim_core.intake.meanings import cell_text

_RATE, _NUMERATOR, _DENOMINATOR = 0, 1, 2
_ROUNDING = Decimal("0.06")
"""A rate printed with one decimal is off by half of one, and a little for what was rounded twice."""
Row = Sequence[str]


def lonely(found: WideColumns) -> Iterator[str]:
    """Headers of counts that nothing can be made of: a numerator or a denominator, and no rate."""
    for rate, numerator, denominator in found.parts.values():
        if not rate and bool(numerator) != bool(denominator):
            yield found.header[(numerator or denominator)[0]]


def doubts(
    found: WideColumns, rows: Sequence[Row], answered: Callable[[int], bool]
) -> list[tuple[int, tuple[str, ...]]]:
    """Columns whose name fits neither their neighbors nor their values, with what they may be instead."""
    whose = {
        at: (code, year, part)
        for (code, year), places in found.parts.items()
        for part, some in enumerate(places)
        for at in some
    }
    doubtful: dict[int, tuple[str, ...]] = {}
    for at, (code, year, part) in whose.items():
        instead = _instead(found, whose, at, code, year, part, rows)
        if instead and not answered(at):
            doubtful[at] = tuple(dict.fromkeys((_name(code, part), *instead)))
    return list(doubtful.items())


_Meaning = tuple[str, str, int]
"""Indicator, year and part of a column."""
_Whose = dict[int, _Meaning]


def _instead(
    found: WideColumns, whose: _Whose, at: int, code: str, year: str, part: int, rows: Sequence[Row]
) -> list[str]:
    """What a column may be instead, by the columns of another indicator around it; nothing where it fits."""
    own = found.parts[code, year]
    alone = sum(map(len, own)) == 1
    twice = len(own[part]) > 1
    if not (alone or twice or part):
        return []
    before, after, last = whose.get(at - 1), whose.get(at + 1), whose.get(at + 2)
    return (
        (_a_numerator(found, at, code, after, rows) if after else [])
        or (_a_denominator(found, at, code, before, rows) if before else [])
        or (_a_rate(found, at, code, after, last, rows) if after and last and part == _RATE else [])
    )


def _a_numerator(found: WideColumns, at: int, code: str, after: _Meaning, rows: Sequence[Row]) -> list[str]:
    """X before Y_d, where Y has no numerator: X stands where Y_n should."""
    theirs, year, part = after
    other = found.parts[theirs, year]
    if part != _DENOMINATOR or theirs == code or other[_NUMERATOR] or not get(theirs).has_numerator:
        return []
    rate = other[_RATE]
    fits = not rate or (rate[0] == at - 1 and _is_rate(rows, rate[0], at, at + 1))
    return [_name(theirs, _NUMERATOR)] if fits and _counts_of(rows, at, at + 1) else []


def _a_denominator(
    found: WideColumns, at: int, code: str, before: _Meaning, rows: Sequence[Row]
) -> list[str]:
    """X after Y_n, where Y has no denominator: X stands where Y_d should."""
    theirs, year, part = before
    other = found.parts[theirs, year]
    if part != _NUMERATOR or theirs == code or other[_DENOMINATOR]:
        return []
    rate = other[_RATE]
    fits = not rate or _is_rate(rows, rate[0], at - 1, at)
    return [_name(theirs, _DENOMINATOR)] if fits and _counts_of(rows, at - 1, at) else []


def _a_rate(
    found: WideColumns, at: int, code: str, after: _Meaning, last: _Meaning, rows: Sequence[Row]
) -> list[str]:
    """X before Y_n and Y_d, where Y has no rate and X is theirs."""
    theirs, year, part = after
    pair = last[:2] == (theirs, year) and (part, last[2]) == (_NUMERATOR, _DENOMINATOR)
    if not pair or theirs == code or found.parts[theirs, year][_RATE]:
        return []
    return [_name(theirs, _RATE)] if _is_rate(rows, at, at + 1, at + 2) else []


def _name(code: str, part: int) -> str:
    return f"{code}{('', '_n', '_d')[part]}"


def _numbers(rows: Sequence[Row], *places: int) -> list[list[Decimal]]:
    """The rows in which all these columns hold numbers."""
    found = []
    for row in rows:
        read = [cell_text.number(row[at]) for at in places]
        numbers = [one for one in read if isinstance(one, Decimal)]
        if len(numbers) == len(places):
            found.append(numbers)
    return found


def _counts_of(rows: Sequence[Row], part: int, whole: int) -> bool:
    """Whether one column can be counts out of the other: whole numbers, never more than there are."""
    there = _numbers(rows, part, whole)
    signed = any("%" in row[at] for row in rows for at in (part, whole))
    right = sum(one == int(one) and two == int(two) and 0 <= one <= two for one, two in there)
    return bool(there) and not signed and right >= min(len(there), max(1, len(there) - 1))


def _is_rate(rows: Sequence[Row], rate: int, numerator: int, denominator: int) -> bool:
    """Whether a column holds the rates of two columns of counts."""
    there = [one for one in _numbers(rows, rate, numerator, denominator) if one[2] > 0]
    right = sum(abs(one[0] - 100 * one[1] / one[2]) <= _slack(one[0]) for one in there)
    return bool(there) and right >= min(len(there), max(1, len(there) - 1))


def _slack(rate: Decimal) -> Decimal:
    return max(_ROUNDING, Decimal(6) / Decimal(10) ** (cell_text.decimals(rate) + 1))
