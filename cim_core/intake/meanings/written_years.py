"""How people write school years: a text → the school year, or a calendar year that may be either of two.

Only for texts that are known to stand in a column of years: elsewhere `2324` may as well be a count.
"""

from __future__ import annotations

import datetime
import re
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from cim_core.intake.meanings import cell_text


class Rule(StrEnum):
    """Which end of a school year a single calendar year names."""

    END = "end"
    START = "start"

    def year(self, number: int) -> str:
        """The school year that starts or ends in a calendar year.

        >>> Rule.END.year(2024), Rule.START.year(2024)
        ('2023-24', '2024-25')
        """
        first = number - 1 if self is Rule.END else number
        return f"{first}-{(first + 1) % 100:02d}"


class Written(NamedTuple):
    """What a text says: a school year, or (empty `year`) a calendar year `number`, 0 for none.

    `compact` marks four digits that are two years (`2021` is both); `said` that reading it took more than
    leaving out words such as "school year".
    """

    year: str = ""
    number: int = 0
    compact: bool = False
    said: bool = False


_FIRST, _LAST, _CENTURY = 1990, 2049, 50
_LONGEST = 60
_COMPACT = re.compile(r"(?:20)?(\d\d)(?:20)?(\d\d)(?:\.0+)?", re.ASCII)
_SINGLE = re.compile(
    r"\A(?P<before>[a-z .:]*+)'?(?P<number>(?:19|20)\d\d|\d\d)(?:\.0++)?(?P<after>[a-z .]*+)", re.ASCII
)
_RULES = (
    (Rule.START, r"\bffy|federal fiscal|\bfall\b|\bautumn\b|\bstart|\bbegin|\bfrom\b|first year"),
    (
        Rule.END,
        r"\bspring\b|\bend(?:s|ing|ed)?\b|\bclass of\b|\bcohort of\b|\btest year|\bgraduating|second year",
    ),
)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec"
_ISO = re.compile(r"((?:19|20)\d\d)-(\d{1,2})-(\d{1,2})(?:[T ][\d:.]+)?", re.ASCII)
_AMERICAN = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.]((?:19|20)\d\d|\d\d)", re.ASCII)
_SPOKEN = re.compile(
    r"\A(?:(\d{1,2})[ -])?([a-z]{3})[a-z]*+\.?[ -]*+(?:(\d{1,2})(?:st|nd|rd|th)?,[ ]*+)?((?:19|20)\d\d|\d\d)",
    re.ASCII,
)
_FIRST_DAY, _LAST_DAY = 36_526, 54_789
"""2000 to 2049 as a spreadsheet counts days, where a date has lost its format."""
_EPOCH = datetime.date(1899, 12, 30)
_JULY = 7


@lru_cache(maxsize=2**12)
def parse_year(text: str) -> Written | None:
    """What a text in a column of years says; None where it says no year.

    A date belongs to the school year (July to June) in which it lies. Federal fiscal year 2023 is the school
    year 2023-24 (20 U.S.C. 1416: reported for July 2023 to June 2024).

    >>> [parse_year(text).year for text in ("SY 2023-24", "2324", "FFY 2023", "6/30/2024")]
    ['2023-24', '2023-24', '2023-24', '2023-24']
    >>> parse_year("2024"), parse_year("2023-25"), parse_year("soon")
    (Written(year='', number=2024, compact=False, said=False), None, None)
    """
    if len(text) > _LONGEST:
        return None
    year = cell_text.school_year(text)
    if year is not None:
        return Written(year, said="(" in text or "[" in text)
    plain = cell_text.plain_year(text)
    dated = _date(plain)
    if dated is not None:
        return Written(dated, said=True)
    digits = re.sub(r"^(?:school year|academic year|sy|ay) ?", "", plain)
    compact = _COMPACT.fullmatch(digits)
    if compact is not None and len(digits.split(".")[0]) in (4, 6, 8):
        first, second = int(compact[1]), int(compact[2])
        single = len(digits.split(".")[0]) == 4 and _FIRST <= 100 * first + second <= _LAST
        if second == first + 1 <= _CENTURY:
            both = 100 * first + second if single else 0
            return Written(f"20{first:02d}-{second:02d}", both, compact=True, said=True)
        if not single:
            return None
    return _single(plain)


def rule_of(words: str) -> Rule | None:
    """Which end of a school year a header, or the words around a single year, say that it is.

    >>> rule_of("School Year Ending"), rule_of("FFY"), rule_of("Year")
    (<Rule.END: 'end'>, <Rule.START: 'start'>, None)
    """
    plain = re.sub(r"[^a-z]+", " ", words.casefold())
    return next((rule for rule, known in _RULES if re.search(known, plain)), None)


def _single(plain: str) -> Written | None:
    found = _SINGLE.fullmatch(plain)
    if found is None:
        return None
    number = int(found["number"]) + (2000 if len(found["number"]) == 2 else 0)
    around = f"{found['before']} {found['after']}".strip(" .:")
    if not _FIRST <= number <= _LAST:
        return None
    rule = rule_of(around)
    if rule is not None:
        return Written(rule.year(number), said=True)
    known = re.sub(
        r"\b(?:school|academic|fiscal|data|reporting|year|yr|sy|ay|fy|s|f|p|r)\b|[ .:]", "", around
    )
    return None if known else Written(number=number)


def _date(plain: str) -> str | None:
    """The school year in which a date lies; a month alone is one too (`Jun 2024`)."""
    year, month = 0, 0
    if (iso := _ISO.fullmatch(plain)) is not None:
        year, month = int(iso[1]), int(iso[2])
        if int(iso[3]) == 1 and month == (year + 1) % 100:
            return f"{year}-{month:02d}"  # `2005-06` as a spreadsheet takes it for the first of June
    elif (american := _AMERICAN.fullmatch(plain)) is not None:
        year, month = int(american[3]), int(american[1])
    elif (spoken := _SPOKEN.fullmatch(plain)) is not None and f" {spoken[2]} " in f" {_MONTHS} ":
        year, month = int(spoken[4]), _MONTHS.index(spoken[2]) // 4 + 1
    elif re.fullmatch(r"\d{5}(?:\.0+)?", plain, re.ASCII) and _FIRST_DAY <= float(plain) <= _LAST_DAY:
        day = _EPOCH + datetime.timedelta(days=int(float(plain)))
        year, month = day.year, day.month
    year += 2000 if 0 < year < 100 else 0
    if not (1 <= month <= 12 and _FIRST <= year <= _LAST):
        return None
    return (Rule.START if month >= _JULY else Rule.END).year(year)
