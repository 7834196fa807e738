"""What the values of a column can be, so that a guess by its name is confirmed or given up."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from cim_core.data.dataset import FACT_COLUMNS
from cim_core.data.indicators import Unit, get
from cim_core.intake.meanings import cell_text
from cim_core.intake.meanings.layout import code_like
from cim_core.intake.meanings.our_columns import WIDE

_MOST = 0.8
"""So much of a column must be of one kind (one cell may differ); the rest is totals, notes, slips."""
_LEA = re.compile(
    r"\b(?:unified|elementary|high|district|school|schools|academy|charter|county office|coe|usd|union)\b",
    re.I,
)


def kinds(values: Sequence[str]) -> frozenset[str] | None:
    """The kinds of thing that nearly all values of a column can be; None where there is no value.

    Reasons such as `NC`, `NA` and `*` say nothing about the kind.
    """
    told = [one for one in values if one and not _reason(one)]
    if not told:
        return None
    counted: dict[str, int] = {}
    for one in told:
        for kind in _kinds_of(one):
            counted[kind] = counted.get(kind, 0) + 1
    enough = min(_MOST * len(told), len(told) - 1) if len(told) > 2 else len(told)
    return frozenset(kind for kind, often in counted.items() if often >= enough)


def _reason(written: str) -> bool:
    number = cell_text.number(written)
    return number is not None and not isinstance(number, Decimal)


def _kinds_of(written: str) -> list[str]:
    found = [f"digits{most}" for most in (2, 5, 7) if re.fullmatch(rf"\d{{1,{most}}}", written, re.ASCII)]
    if code_like(written) and not re.fullmatch(r"\d{5}", written, re.ASCII):
        found.append("code")
    if re.fullmatch(r"\d{7}|\d{14}|\d{2}-\d{5}(?:-\d{7})?", written, re.ASCII):
        found.append("whole code")
    if cell_text.school_year(written) is not None:
        return [*found, "year"]
    if isinstance(cell_text.yes_no(written), bool):
        found.append("flag")
    number = cell_text.number(written)
    if isinstance(number, Decimal):
        found.append("number")
        if 0 <= number <= 100:
            found.append("rate")
        if number >= 0 and number == int(number) and "%" not in written:
            found.append("count")
    elif re.search(r"[^\W\d]", written):
        found.append("text")
        if _LEA.search(written):
            found.append("lea")
    return found


_NEEDS = {
    "lea_code": "code", "year": "year", "county_code": "digits2", "district_code": "digits5",
    "school_code": "digits7", "newly_disproportionate": "flag", "sig_dis": "flag", "cceis": "flag",
    "percentile": "rate", "preschool_percentile": "rate", "swd": "count", "disproportionate_years": "count",
    "minor_findings": "count", "enrollment": "count", "rate": "number", "numerator": "count",
    "denominator": "count",
}  # fmt: skip
_ANY = ("selpa", "indicator", "note", "target", "letter_date", "monitoring_year", "as_of")


def can_be(column: str, found: frozenset[str] | None) -> bool:
    """Whether values of these kinds can stand in one of our columns."""
    if found is None or column in _ANY:
        return True
    if column in WIDE:
        code, part = WIDE[column]
        needed = {Unit.PERCENT: "rate", Unit.POINTS: "number", Unit.COUNT: "count"}[get(code).unit]
        return ("count" if part else needed) in found
    assert column in _NEEDS or column in (*FACT_COLUMNS, "lea_name", "source")
    return _NEEDS.get(column, "text") in found


def by_values(found: frozenset[str] | None) -> tuple[str, int]:
    """What a column is by its values alone, if hardly anything else looks like that, and how sure it is."""
    if found is None:
        return "", 0
    for kind, column, score in (
        ("year", "year", 85),
        ("whole code", "lea_code", 75),
        ("lea", "lea_name", 65),
    ):
        if kind in found:
            return column, score
    return "", 0
