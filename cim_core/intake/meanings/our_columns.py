"""What a column of any file can be tied to: our columns, and the pieces that a CDS code is made of."""

from __future__ import annotations

import re
from functools import cache

from cim_core.data import indicators
from cim_core.data.dataset import FACT_COLUMNS
from cim_core.data.indicators import INDICATORS, Indicator, Unit, get
from cim_core.intake.meanings.layout import IDENTITY
from cim_core.words.messages import Message, MessageFamily, message

_LONGEST = 200
_SUFFIX = re.compile(
    r"\A(.*[^\s_])[\s_]++(n|num|numerator|d|den|denominator|rate|pct|percent)", re.IGNORECASE
)
_PART = {
    "n": 1,
    "num": 1,
    "numerator": 1,
    "d": 2,
    "den": 2,
    "denominator": 2,
    "rate": 0,
    "pct": 0,
    "percent": 0,
}


def columns_of(indicator: Indicator) -> dict[str, int]:
    """The columns that an indicator can have, each with its part (0 rate, 1 numerator, 2 denominator)."""
    suffixes = {Unit.PERCENT: ("", "_n", "_d"), Unit.POINTS: ("", "_d"), Unit.COUNT: ("",)}[indicator.unit]
    return {indicator.code + suffix: ("", "_n", "_d").index(suffix) for suffix in suffixes}


def column(header: str) -> tuple[str, int] | None:
    """The indicator and part (0 rate, 1 numerator, 2 denominator) that a column holds; None for neither."""
    if len(header) > _LONGEST:
        return None
    code = indicators.find(header)
    if code is not None:
        return code, 0
    found = _SUFFIX.fullmatch(header.strip())
    code = indicators.find(found[1]) if found else None
    return (code, _PART[found[2].casefold()]) if found and code else None


PIECES = {"county_code": 2, "district_code": 5, "school_code": 7}
"""The pieces of a CDS code, each with its number of digits."""
LONG = ("indicator", "rate", "numerator", "denominator", "note", "target", "source")
WIDE = {
    column: (one.code, part) for one in INDICATORS for column, part in columns_of(one).items()
}  # fmt: skip
"""Each column of the wide layout, with its indicator and part (0 rate, 1 numerator, 2 denominator)."""
ALL = (*IDENTITY, *PIECES, *FACT_COLUMNS, *LONG, *WIDE)
WHOSE = (*IDENTITY, *PIECES, "county", "lea_type")
"""Columns that say which LEA and year a row is about."""
_RATE = MessageFamily("mapping.part.{}", tuple(Unit))
_COUNTS = {1: "mapping.part.numerator", 2: "mapping.part.denominator"}
_COLUMN = MessageFamily("mapping.target.{}", ("unused", *IDENTITY, *PIECES, *FACT_COLUMNS, *LONG))


def label(column: str) -> Message:
    """One of our columns in words; `""` is "not used"."""
    if column in WIDE:
        code, part = WIDE[column]
        indicator = get(code)
        kind = _RATE[indicator.unit] if part == 0 else _COUNTS[part]
        return message(kind, title=indicator.title)
    return message(_COLUMN[column or "unused"])


@cache
def targets_of_mapping() -> tuple[tuple[str, Message], ...]:
    """All that a column can be tied to, with its label, "not used" first: what a select box offers."""
    return tuple((column, label(column)) for column in ("", *ALL))
