"""School years as data write them (`2024-25`): the year of a day, the year so many years later."""

from __future__ import annotations

import re
from datetime import date

_YEAR = re.compile(r"(\d{4})-(\d\d)", re.ASCII)


def later(year: str, years: int) -> str:
    """The school year so many years later; empty for a text that is no school year.

    >>> later("2024-25", 2), later("1999-00", 1), later("2024", 1)
    ('2026-27', '2000-01', '')
    """
    found = _YEAR.fullmatch(year)
    return _written(int(found[1]) + years) if found else ""


def of_day(day: date, month: int, first: int) -> str:
    """The school year that a day is in, where school years begin on the `first` of a month.

    >>> of_day(date(2026, 6, 30), 7, 1), of_day(date(2026, 7, 1), 7, 1)
    ('2025-26', '2026-27')
    """
    return _written(day.year if (day.month, day.day) >= (month, first) else day.year - 1)


def _written(first: int) -> str:
    return f"{first}-{(first + 1) % 100:02d}"
