"""School years that stand in headers (`2022-23 5a`, `5a_2023_24`, `5a (SY 23-24)`)."""

from __future__ import annotations

import re
from functools import lru_cache

from cim_core.intake import cells

_LONGEST = 200
_CALLED = r"(?:\b(?:school|academic|reporting)[\s_]+y(?:ea)?r|\b[sa]y|\bffy|\bfy|\byear)?[\s_]*"
_YEAR = re.compile(
    rf"{_CALLED}(?<!\d)(?:(?P<first>20\d\d)[\s_]*[-_/–—‑‐−]?[\s_]*(?P<second>20\d\d|\d\d)"
    r"|(?P<short>[0-4]\d)[\s_]*[-_/–—‑‐−][\s_]*(?P<next>[0-4]\d))(?!\d)(?!\s*%)",
    re.IGNORECASE,
)
_NO_YEAR = re.compile(r"\b(?:ages?|grades?|months?|days?|pages?)[\s_]*$", re.IGNORECASE)


@lru_cache(maxsize=2**12)
def split(header: str) -> tuple[str, str]:
    """The school year in a header (empty for none, or several) and the header without it."""
    found = [
        (year, one)
        for one in _YEAR.finditer(header[:_LONGEST])
        if (year := _read(one)) and not _NO_YEAR.search(header[: one.start()])
    ]
    if len(found) != 1:
        return "", header
    year, one = found[0]
    rest = f"{header[: one.start()]} {header[one.end() :]}"
    rest = re.sub(r"\(\s*\)|\[\s*\]", " ", rest)
    return year, " ".join(rest.split()).strip(" _-–—:,;/|.'’")


def _read(one: re.Match[str]) -> str | None:
    first, second = (one["first"], one["second"]) if one["first"] else (one["short"], one["next"])
    return cells.school_year(f"{first}-{second}")
