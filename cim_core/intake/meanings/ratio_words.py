"""How tables of risk ratios head their columns, and how they say whether a group is disproportionate."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

SIGNIFICANT = 3
"""So many years in a row of one area and group are significant disproportionality."""


class State(NamedTuple):
    """Whether an area and group is disproportionate in a year (None: not known), and what is said beyond.

    `by_ratio`: the ratio beside it tells, as where a group is only called not significant.
    """

    over: bool | None
    years: int = 0
    significant: bool = False
    by_ratio: bool = False


OVER, NOT, UNKNOWN = State(over=True), State(over=False), State(over=None)
BY_RATIO = State(over=None, by_ratio=True)

_COLUMNS = {
    "area": r"(?:disproportionality )?(?:area|categor(?:y|ies)|outcome|indicator|element|measure|sppi?)"
    r"|area (?:of )?disproportionality|area indicator|indicator area",
    "group": r"(?:student |reported )?(?:group|race|ethnicity|race (?:and |or )?ethnicity|ethnicity race"
    r"|racial (?:ethnic )?group|subgroup|reporting category|race ethnic group)",
    "ratio": r"(?:(?:alternate |final |calculated )*(?:risk ratios?|ratios?|rr|arr))(?: value)?",
    "significant": r"sig(?:nificant)? ?dis(?:proportionality)?(?: (?:status|flag|identified))?"
    r"|significant(?:ly)?(?: disproportionate)?",
    "status": r"(?:disproportionality |disproportionate )?"
    r"(?:status|finding|result|determination|outcome|identified|flag)"
    r"|disproportionate|disproportionality|identified(?: as)?(?: disproportionate)?|over threshold"
    r"|above threshold|exceeds threshold",
}
_YEAR = re.compile(r"(?:19|20)?\d\d\s?[-–/]\s?(?:20)?\d\d|\b(?:19|20)\d\d\b")
_ORDINAL = (
    (1, r"\b(?:1st|first|newly|new)\b|\byear (?:1|one)\b|\b(?:1|one) years?\b"),
    (2, r"\b(?:2nd|second)\b|\byear (?:2|two)\b|\b(?:2|two) (?:consecutive )?years\b"),
    (3, r"\b(?:3rd|third)\b|\byear (?:3|three)\b|\b(?:3|three) (?:consecutive )?years\b"),
)
_UNKNOWN = re.compile(
    r"|n ?a|n ?c|n ?r|not (?:calculated|applicable|available|reported|enough.*)|insufficient.*|small n.*"
    r"|too (?:few|small).*"
    r"|suppressed|no data|unknown|none calculated|pending"
)
_NOT = re.compile(
    r"(?:not|non|no|isn t)\b.*|n|false|0|within.*|below.*|under.*|at or below.*|ok|okay|none|met|compliant"
    r"|proportionate|clear(?:ed)?"
)
_OVER = re.compile(
    r"\A(?:y|yes|true|1|x|over.*|above.*|exceed.*|flagged|identified.*|disp(?:ro)?"
    r"|(?>.*?\bdisproportion).*+|at risk of.*|(?>.*?\bsig(?:nificant)? ?dis\b).*+|significant(?:ly)?.*)"
)
_SIGNIFICANT = re.compile(r"\bsig(?:nificant(?:ly)?)?(?: ?dis\b|\b)")


def _plain(written: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", written.casefold()))


@lru_cache(maxsize=2**12)
def column(header: str) -> str:
    """What a column of such a table holds: area, group, ratio or status; empty for anything else.

    A name that is only a year heads ratios (or statuses, as the cells under it say).
    """
    if len(header) > 100:
        return ""
    name = _plain(_YEAR.sub(" ", header))
    if not name:
        return "ratio" if _YEAR.search(header) else ""
    return next((one for one, known in _COLUMNS.items() if re.fullmatch(known, name)), "")


@lru_cache(maxsize=2**12)
def state(written: str) -> State | None:
    """What a status says; None for a text that says nothing that is known here."""
    name = _plain(written)
    if _UNKNOWN.fullmatch(name):
        return UNKNOWN
    if _NOT.fullmatch(name):
        return BY_RATIO if _SIGNIFICANT.search(name) else NOT
    ordinal = next((n for n, words in _ORDINAL if re.search(words, name)), 0)
    if ordinal:
        return State(over=True, years=ordinal, significant=ordinal >= SIGNIFICANT)
    if not _OVER.fullmatch(name):
        return None
    return State(over=True, significant=bool(_SIGNIFICANT.search(name)))
