"""School years that stand in headers (`2022-23 5a`, `5a_2023_24`, `5a (SY 23-24)`, `5a 2024`)."""

from __future__ import annotations

import re
from functools import lru_cache

from cim_core.intake.meanings import cell_text, written_years

_LONGEST = 200
_CALLED = r"(?:\b(?:school|academic|reporting)[\s_]+y(?:ea)?r|\b[sa]y|\bffy|\bfy|\byear|(?<![\s_]))[\s_]*+"
"""A run of blanks is looked at once, from its start."""
_YEAR = re.compile(
    rf"{_CALLED}(?<!\d)(?:(?P<first>20\d\d)[\s_]*+(?:[-/–—‑‐−][\s_]*+)?(?P<second>20\d\d|\d\d)"
    r"|(?P<short>[0-4]\d)(?:[\s_]*+[-/–—‑‐−]|\s*+_)[\s_]*+(?P<next>[0-4]\d))(?!\d)(?!\s*%)",
    re.IGNORECASE,
)
_MONTH = r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?[\s_]+(?:\d{1,2},[\s_]*)?"
_ENDING = r"(?:[\s_]+(?:ending|ended|end|starting|start|beginning))?"
_SINGLE = re.compile(
    rf"(?:{_MONTH}|\b(?:(?:school|academic|reporting|fiscal|federal[\s_]+fiscal)[\s_]+y(?:ea)?r|year){_ENDING}[\s_]*"
    r"|\b(?:[sa]y|f?fy|spring|fall|class[\s_]+of)[\s_]*|(?<![\d/.–—-]))(?:20\d\d)(?!\d|\s*%|[/.–—-]\d)"
    r"|\b(?:[sa]y|f?fy)[\s_]*\d\d(?:\d\d)?(?!\d|\s*%|[/.–—-]\d)",
    re.IGNORECASE,
)
_NO_YEAR = re.compile(r"\b(?:ages?|grades?|months?|days?|pages?)[\s_]*$", re.IGNORECASE)


@lru_cache(maxsize=2**12)
def split(header: str) -> tuple[str, str]:
    """The school year in a header (empty for none, or several) and the header without it.

    A single calendar year that may be either of two school years is given as it stands.

    >>> split("5a (SY 23-24)"), split("5a_2024"), split("Suspension FFY 2023"), split("Ages 2024")
    (('2023-24', '5a'), ('2024', '5a'), ('2023-24', 'Suspension'), ('', 'Ages 2024'))
    """
    found = [
        (year, one)
        for one in _YEAR.finditer(header[:_LONGEST])
        if (year := _read(one)) and not _NO_YEAR.search(header[: one.start()])
    ]
    if not found:
        found = [
            (year, one)
            for one in _SINGLE.finditer(header[:_LONGEST])
            if (year := _single(one[0])) and not _NO_YEAR.search(header[: one.start()])
        ]
    if len(found) != 1:
        return "", header
    year, one = found[0]
    rest = f"{header[: one.start()]} {header[one.end() :]}"
    rest = re.sub(r"\(\s*\)|\[\s*\]", " ", rest)
    return year, " ".join(rest.split()).strip(" _-–—:,;/|.'’")


def _single(text: str) -> str:
    """The school year of a single calendar year with the words before it, or that number."""
    said = written_years.parse_year(text.replace("_", " ").strip())
    if said is None:
        return ""
    return said.year or str(said.number or "")


def _read(one: re.Match[str]) -> str | None:
    first, second = (one["first"], one["second"]) if one["first"] else (one["short"], one["next"])
    return cell_text.school_year(f"{first}-{second}")
