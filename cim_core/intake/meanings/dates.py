"""Days and monitoring years as letters write them → one form each."""

from __future__ import annotations

import re
from datetime import datetime

from cim_core.intake.meanings import cell_text

_FORMS = (
    "%Y-%m-%d",
    "%m/%d/%Y",
    "%m/%d/%y",
    "%m-%d-%Y",
    "%m.%d.%Y",
    "%B %d %Y",
    "%b %d %Y",
    "%d %B %Y",
    "%d %b %Y",
)
"""American order where only numbers are given: the files are California's."""
_TIME = re.compile(r"[T ]\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?\Z")
_NTH = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d", re.ASCII)
_FIRST, _LAST = 1990, 2100
_LONGEST = 40


def date(written: str) -> str:
    """A day as `2026-06-30`; empty for a text that is no day of a year that can be meant.

    >>> date("6/30/2026"), date("June 30th, 2026"), date("2026-06-30 00:00:00"), date("soon")
    ('2026-06-30', '2026-06-30', '2026-06-30', '')
    """
    if len(written) > _LONGEST:
        return ""
    plain = " ".join(
        _NTH.sub("", _TIME.sub("", written.strip())).replace(",", " ").replace("Sept ", "Sep ").split()
    )
    for form in _FORMS:
        try:
            day = datetime.strptime(plain, form).date()
        except ValueError:
            continue
        return day.isoformat() if _FIRST <= day.year <= _LAST else ""
    return ""


def monitoring_year(written: str) -> str:
    """A monitoring year as `2026-27`, or `2026` where a single year is written; empty for neither."""
    plain = written.strip().removesuffix(".0")
    return cell_text.school_year(plain) or (plain if _YEAR.fullmatch(plain) else "")
