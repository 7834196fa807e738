"""How files write the settings in which children with disabilities are taught: a text → our setting.

Settings: OSEP's Part B child count and educational environments (school age: kindergarten to 21; preschool:
3 to 5 and not in kindergarten), as CALPADS report 16.13 counts them. Indicators 5 and 6 by the Part B
measurement table: 6a holds the children who are served in the regular program itself.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache

from cim_core.intake.meanings import spellings


class Setting(Enum):
    """The settings of both ages, then what else such a file counts."""

    REGULAR_80 = "regular_80"
    REGULAR_40_79 = "regular_40_79"
    REGULAR_UNDER_40 = "regular_under_40"
    SEPARATE_SCHOOL = "separate_school"
    RESIDENTIAL = "residential"
    HOME_HOSPITAL = "home_hospital"
    CORRECTIONAL = "correctional"
    PRIVATE = "private"
    EARLY_IN = "early_in"
    EARLY_ELSEWHERE = "early_elsewhere"
    EARLY_SEPARATE_CLASS = "early_separate_class"
    EARLY_SEPARATE_SCHOOL = "early_separate_school"
    EARLY_RESIDENTIAL = "early_residential"
    EARLY_HOME = "early_home"
    EARLY_PROVIDER = "early_provider"
    TOTAL = "total"
    TOTAL_SCHOOL = "total_school"
    TOTAL_EARLY = "total_early"


_S = Setting
SCHOOL = (
    _S.REGULAR_80, _S.REGULAR_40_79, _S.REGULAR_UNDER_40, _S.SEPARATE_SCHOOL, _S.RESIDENTIAL,
    _S.HOME_HOSPITAL, _S.CORRECTIONAL, _S.PRIVATE,
)  # fmt: skip
EARLY = (
    _S.EARLY_IN, _S.EARLY_ELSEWHERE, _S.EARLY_SEPARATE_CLASS, _S.EARLY_SEPARATE_SCHOOL, _S.EARLY_RESIDENTIAL,
    _S.EARLY_HOME, _S.EARLY_PROVIDER,
)  # fmt: skip
TOTALS = (_S.TOTAL, _S.TOTAL_SCHOOL, _S.TOTAL_EARLY)
COUNTED = {
    "5a": (_S.REGULAR_80,),
    "5b": (_S.REGULAR_UNDER_40,),
    "5c": (_S.SEPARATE_SCHOOL, _S.RESIDENTIAL, _S.HOME_HOSPITAL),
    "6a": (_S.EARLY_IN,),
    "6b": (_S.EARLY_SEPARATE_CLASS, _S.EARLY_SEPARATE_SCHOOL, _S.EARLY_RESIDENTIAL),
    "6c": (_S.EARLY_HOME,),
}
"""What each indicator's numerator is the sum of."""
OF_EITHER_AGE = {_S.SEPARATE_SCHOOL: _S.EARLY_SEPARATE_SCHOOL, _S.RESIDENTIAL: _S.EARLY_RESIDENTIAL}
"""Settings that both ages have: without a word about the age only the other columns tell which is meant."""

_SHARE = re.compile(r"(?<!\d )\bpercent\b|\bpct\b|\brates?\b|\bshare\b")
_SIGN_OF_SHARE = re.compile(r"(?:^|[\s(_])%\s*+(?:\)\s*+)?(?:$|of\b)")
_EARLY = re.compile(
    r"\bpreschool\b|\bpre k\b|\bearly\b|\brecp\b|\bec(?:e|p)?\b|\b3 (?:to |through )?5\b|\bps\b"
)
_SCHOOL_AGE = re.compile(r"\bschool aged?\b|\bk 12\b|\bkindergarten\b|\b[56] (?:to |through )?2[12]\b")
_ELSEWHERE = re.compile(r"\bother\b|\belsewhere\b|\boutside\b|\banother\b|\bnot in\b")
_TOTAL = re.compile(
    r"(?:grand |overall )?totals?(?: (?:swd|students?|count|enrollment|children|all settings))*"
    r"|all settings|(?:swd|students|children|all students|all children) total"
    r"|total (?:number )?(?:of )?(?:swd|students)"
)
_SIGNS = (
    (_S.REGULAR_80, r"\bge80\b|\b80 (?:to |through )?100\b|gt80|ge 80"),
    (_S.REGULAR_40_79, r"\b40 (?:to |through |and )?(?:79|80)\b|4079"),
    (_S.REGULAR_UNDER_40, r"\blt40\b|\b0 (?:to |through )?(?:39|40)\b|cl40"),
    (_S.CORRECTIONAL, r"\bcorrection|\bjuvenile\b"),
    (_S.PRIVATE, r"\bparent\w* placed\b|\bprivate school"),
    (_S.EARLY_PROVIDER, r"\bservice provider\b|\bprovider location\b"),
    (_S.EARLY_SEPARATE_CLASS, r"\b(?:separate|special)(?: (?:special )?education)? class"),
    (_S.SEPARATE_SCHOOL, r"\bseparate\b|\bspecial (?:day )?school"),
    (_S.RESIDENTIAL, r"\bresidential\b"),
    (_S.HOME_HOSPITAL, r"\bhomebound\b|\bhospital"),
    (_S.EARLY_HOME, r"\bhome\b"),
)


@lru_cache(maxsize=2**12)
def setting(written: str) -> Setting | None:
    """The setting, or total, whose children a text counts; None for none of ours and for shares."""
    words = " ".join(spellings.plain_words(written.replace("_", " ")))
    if not words or _SHARE.search(words) or _SIGN_OF_SHARE.search(written):
        return None
    early, school = bool(_EARLY.search(words)), bool(_SCHOOL_AGE.search(words))
    if re.search(r"\btotal\b", words) or _TOTAL.fullmatch(words):
        if early != school:
            return _S.TOTAL_EARLY if early else _S.TOTAL_SCHOOL
        return _S.TOTAL if _TOTAL.fullmatch(words) else None
    found = next((one for one, sign in _SIGNS if re.search(sign, words)), None)
    return _of_early_age(words, found) if early and found not in SCHOOL[:3] else found


def _of_early_age(words: str, found: Setting | None) -> Setting | None:
    """The setting of preschool children that a text means, where its words alone would mean `found`."""
    if found in OF_EITHER_AGE:
        return OF_EITHER_AGE[found]
    if found in EARLY:
        return found
    if re.search(r"\bearly\b|\brecp\b|\bprogram\b|\bregular\b", words):
        return _S.EARLY_ELSEWHERE if _ELSEWHERE.search(words) else _S.EARLY_IN
    return None
