"""Why a cell holds no number, in all the ways in which files say so: `NC`, `*`, `<11`, `Suppressed`, `NULL` …

Structure: CDE's own signs (method: what a cell can hold); EDFacts' privacy signs (`PS`, `GE95`, `LT50`) and
those of NCES (`†` not applicable, `‡` reporting standards not met); what databases and spreadsheets leave.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from enum import Enum
from functools import lru_cache

from cim_core.data.dataset import Missing
from cim_core.intake.meanings.layout import Reading
from cim_core.intake.problems import Problem, Severity, shown
from cim_core.words.messages import HowMany, MessageFamily, Value, message

_LONGEST = 60
_OWN = {
    "": Missing.BLANK,
    "nc": Missing.NOT_CALCULATED,
    "na": Missing.NOT_APPLICABLE,
    "n/a": Missing.NOT_APPLICABLE,
    "*": Missing.SUPPRESSED,
    "--": Missing.FEWER_THAN_11,
    "nr": Missing.NOT_REPORTED,
}
"""CDE's own signs: what templates and the data dictionary name."""
_SPELLED = {
    Missing.SUPPRESSED: "suppressed|data suppressed|value suppressed|suppressed data|redacted|data redacted|"
    "withheld|data withheld|masked|hidden|protected|privacy|privacy suppressed|privacy protected|"
    "suppressed for privacy|suppressed to protect privacy|suppressed for student privacy|"
    "data suppressed to protect student privacy|confidential|not shown|not displayed|too few|"
    "too few students|"
    "too few to report|too few to display|too small|too small to report|n too small|n size too small|"
    "n-size too small|group too small|small n|small n size|small n-size|small cell|small cell size|"
    "small group|"
    "small count|low n|few students|ps|supp|suppr|sup|‡|ferpa|ferpa protected|protected by ferpa",
    Missing.NOT_CALCULATED: "not calculated|not computed|insufficient data|insufficient n|"
    "insufficient n size|"
    "insufficient number|not enough data|not enough students|minimum n not met|below minimum n|"
    "does not meet minimum n|not rated",
    Missing.NOT_APPLICABLE: "n.a.|n.a|n / a|n-a|not applicable|does not apply|†|#n/a",
    Missing.NOT_REPORTED: "no data|no data available|no data reported|no data to report|data not available|"
    "data unavailable|not available|unavailable|not reported|not reported by lea|no report|no results|"
    "no result|no value|n/r|pending|data pending|not provided|not submitted|not collected|missing|"
    "missing data|data missing|"
    "not yet available|no rate|—|–|-|−|―|‐|‑|---|----|- -|——|––|..|...|…",
    Missing.NO_STUDENTS: "no students|0 students|zero students|no students enrolled|no enrollment|no pupils|"
    "no cases|none enrolled",
}
_UNCLEAR = {
    Missing.SUPPRESSED: "ds|s|lne|^|~",
    Missing.NOT_CALCULATED: "ncr|i/d|insuff",
    Missing.NOT_REPORTED: "null|none|nil|nd|n.d.|n/d|.|#|tbd|tba|unknown|unk|(null)|<null>|not known|"
    "(blank)|blank|empty|#null!",
}
"""Spellings that people use, but not all of them for the same: looked at twice."""


def _by_spelling(spelled: dict[Missing, str]) -> dict[str, Missing]:
    return {one: reason for reason, some in spelled.items() for one in some.split("|")}


_KNOWN = _by_spelling(_SPELLED)
_DOUBTFUL = _by_spelling(_UNCLEAR)
_LOW = r"<=|=<|<|≤|⩽|less than or equal to|less than|fewer than|under|below|at most|no more than|up to|le|lt"
_HIGH = r">=|=>|>|≥|⩾|greater than or equal to|greater than|more than|over|above|at least|ge|gt"
_NUMBER = r"\d{1,3}(?:\.\d{1,3})?\s*+%?"
_WHOM = r"(?:\s*+(?:students?|children|pupils|swds?|cases|records|leavers|responses))?"
_SIZE = r"(?:(?:n|n[ -]?size|count|cell(?: size)?|size|total|number)\s*+(?:(?:is|=|:)\s*+)?)?"
_EDGE = re.compile(
    rf"{_SIZE}(?:(?:{_LOW}|{_HIGH})\s*+{_NUMBER}|{_NUMBER}\s*+(?:or|and)\s*+(?:fewer|less|lower|under|below|"
    rf"more|higher|greater|over|above)|{_NUMBER}\s*+\+){_WHOM}"
)
"""`<11`, `n < 10`, `10 or fewer`, `LT50`, `>95%`: only on which side of a number the value lies."""
_RANGE = re.compile(r"(\d{1,3})\s*+%?\s*+(?:-|–|—|to)\s*+(\d{1,3})\s*+%?" + _WHOM)
_STARS = re.compile(r"\*[\s*]*")
_OPENING, _CLOSING = "([\"'“”‘’", ")]\"'“”‘’"


class _How(Enum):
    """How sure a spelling is."""

    OWN = 0
    KNOWN = 1
    EDGE = 2
    DOUBTFUL = 3


@lru_cache(maxsize=2**14)
def _looked_up(written: str) -> tuple[Missing, _How] | None:
    if len(written) > _LONGEST:
        return None
    plain = written.casefold()
    if plain in _OWN:
        return _OWN[plain], _How.OWN
    plain = " ".join(unicodedata.normalize("NFKC", plain).split()) if not plain.isascii() else plain
    plain = " ".join(plain.split())
    for text in (plain, _bare(plain)):
        if text in _OWN and text:
            return _OWN[text], _How.KNOWN
        if text in _KNOWN or _STARS.fullmatch(text):
            return _KNOWN.get(text, Missing.SUPPRESSED), _How.KNOWN
        if _EDGE.fullmatch(text) or _is_range(text):
            return Missing.SUPPRESSED, _How.EDGE
        if text in _DOUBTFUL:
            return _DOUBTFUL[text], _How.DOUBTFUL
    return None


def _bare(plain: str) -> str:
    """A text without brackets or quotation marks around it, footnote stars and a full stop behind it."""
    around = len(plain) > 1 and plain[0] in _OPENING and plain[-1] in _CLOSING
    inner = plain.lstrip(_OPENING).rstrip(_CLOSING).strip() if around else plain
    return re.sub(r"(?<=\w)[\s*.†]+$", "", inner)


def _is_range(text: str) -> bool:
    """`1-10`, `50–54 %`: two numbers up to 100, the smaller one first."""
    found = _RANGE.fullmatch(text)
    return found is not None and int(found[1]) < int(found[2]) <= 100


def reason(written: str) -> Missing | None:
    """Why a cell that holds this text holds no number; None where the text is no such reason."""
    found = _looked_up(written)
    return None if found is None else found[0]


def of_note(written: str, has_value: bool) -> Missing | None:
    """The reason that a note beside a value gives: next to a number a dash or `none` says nothing."""
    found = _looked_up(written)
    if found is None or found[0] is Missing.BLANK:
        return None
    mute = found[1] is _How.DOUBTFUL or (found[1] is _How.KNOWN and found[0] is Missing.NOT_REPORTED)
    return None if has_value and mute else found[0]


_REASON = MessageFamily("reason.{}", tuple(Missing)[Missing.NOT_CALCULATED : Missing.REFUSED])
_KINDS = {
    _How.KNOWN: ("reason_read", Severity.NOTE),
    _How.EDGE: ("reason_edge", Severity.NOTE),
    _How.DOUBTFUL: ("reason_doubtful", Severity.WARNING),
}


def said(reading: Reading) -> Iterator[Problem]:
    """Which spellings were read as reasons, each once: where it stands first, and how many cells hold it."""
    often: Counter[str] = Counter()
    first: dict[str, tuple[int, str]] = {}

    mute: set[str | None] = {None, ""}

    def look(written: str, row: int, column: str) -> None:
        looked = _looked_up(written)
        if looked is not None and looked[1] is not _How.OWN:
            often[written] += 1
            first.setdefault(written, (row, column))
        else:
            mute.add(written)

    for record in reading.records:
        for raw in record.cells.values():
            if raw.rate in mute and raw.numerator in mute and raw.denominator in mute:
                continue
            for written, column in zip(raw[:3], raw.columns, strict=True):
                if written and written not in mute:
                    look(written, record.row, column)
        for name, written in record.facts.items():
            if written and written not in mute:
                look(written, record.row, reading.headers.get(name, name))
    table = reading.table
    for written, n in often.items():
        looked = _looked_up(written)
        assert looked is not None
        kind, severity = _KINDS[looked[1]]
        values: dict[str, Value] = {
            "n": HowMany(n),
            "reason": message(_REASON[looked[0]]),
        }
        row, column = first[written]
        yield Problem(severity, kind, table.file, table.sheet, row, column, shown(written), values)
