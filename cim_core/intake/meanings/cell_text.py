"""A cell's text → a number, a reason why there is none, or a refusal."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from cim_core.data.dataset import Missing
from cim_core.intake.meanings import reasons

_NUMBER = re.compile(r"[+\-−]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?\s*%?", re.ASCII)
_YES = {"yes", "y", "true", "1", "x"}
_NO = {"no", "n", "false", "0"}
DASHES = "\\-‐‑‒–—―−﹘﹣－"
"""Every sign that is written for a dash, for use inside the brackets of a pattern."""
_WORDS_OF_YEARS = (
    r"(?:(?:school|academic|(?:federal )?fiscal|data|reporting|program)[ ]?(?:years?|yr)"
    r"|s\.?y\.?|a\.?y\.?|f\.?f?\.?y\.?|years?|yr)\.?"
)
_AFTER_YEARS = r"(?:data|preliminary|prelim|provisional|final|revised|certified|actual|estimated|[a-z])"
_YEAR = re.compile(
    rf"(?:{_WORDS_OF_YEARS}[ ]?[:-]?[ ]?)?'?(\d{{4}}|\d{{2}})"
    rf"(?:[ ]?[-/_][ ]?|[ ]?(?:to|through|and|&)[ ]|(?<=\d{{4}})[ ])'?(\d{{4}}|\d{{2}})"
    rf"(?:[ ]?{_WORDS_OF_YEARS})?(?:[ ]?{_AFTER_YEARS})?",
    re.ASCII,
)
_FOOTNOTE = " *†‡§¶#^¹²³⁰ⁱ\u2072\u2073⁴⁵⁶⁷⁸⁹.,;"
_BEFORE_BRACKETS = " ,;–—-"
_LONGEST_BRACKETS = 40
_LONGEST = 60


@lru_cache(maxsize=2**17)
def number(written: str) -> Decimal | Missing | None:
    """`53.2`, `6,328`, `66.57%`, `+0.42` → the number; `NC`, `<11`, blank … → the reason; else None.

    `float()` would also take `nan`, `1_0` and `1e3`; a cell holding these is bad input here.
    """
    if len(written) > _LONGEST or not _NUMBER.fullmatch(written) or not any(map(str.isdigit, written)):
        return reasons.reason(written)
    return Decimal(written.rstrip("% ").replace(",", "").replace("−", "-"))


def yes_no(written: str) -> bool | Missing | None:
    """`yes`, `no` and their usual spellings → a truth value; blank or `NA` → the reason; else None."""
    plain = written.casefold()
    if plain in _YES or plain in _NO:
        return plain in _YES
    return reasons.reason(plain)


def plain_year(written: str) -> str:
    """A text about a year without case, footnote marks, what stands in brackets at its end, and odd dashes.

    >>> plain_year("SY 2023—24*"), plain_year("2023‑24 (preliminary)")
    ('sy 2023-24', '2023-24')
    """
    text = re.sub(rf"[{DASHES}]", "-", " ".join(written.casefold().split()))
    text = re.sub("[’‘`´]", "'", text)
    return _without_notes(text)


def _without_notes(text: str) -> str:
    """A text in single blanks without the footnote marks and short notes in brackets at its end."""
    text = text.rstrip(_FOOTNOTE)
    while text.endswith((")", "]")):
        start = max(text.rfind(one, 0, len(text) - 1) for one in "([)]")
        if start < 0 or text[start] in ")]" or len(text) - start - 2 > _LONGEST_BRACKETS:
            break
        text = text[:start].rstrip(_BEFORE_BRACKETS).rstrip(_FOOTNOTE)
    return text


@lru_cache(maxsize=2**12)
def school_year(written: str) -> str | None:
    """`2023-24`, `SY 2023—2024`, `23/24*` → `2023-24`; None when these are not two consecutive years.

    >>> school_year("2023-24"), school_year("School Year 23/24"), school_year("2023-25"), school_year("2024")
    ('2023-24', '2023-24', None, None)
    """
    found = _YEAR.fullmatch(plain_year(written)) if len(written) <= _LONGEST else None
    if found is None:
        return None
    first, second = int(found[1]) + (2000 if len(found[1]) == 2 else 0), found[2]
    following = str(first + 1)
    return f"{first}-{following[2:]}" if second in (following, following[2:]) else None


def decimals(value: Decimal) -> int:
    """How many digits after the point were printed."""
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
