"""How files name groups of students: which headers are about groups, and which values mean students with
disabilities as a whole.

Codes: CDE's Dashboard (SWD), DataQuest (SD, SE, …) and CAASPP (128) record layouts.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from enum import Enum
from functools import lru_cache

from cim_core.intake.meanings import race_names
from cim_core.intake.meanings.layout import plain


class Meaning(Enum):
    """What a value in a column of groups stands for."""

    SWD = "swd"
    ALL = "all"
    OTHER = "other"
    UNKNOWN = "unknown"


_STUDENTS = r"(?:(?:all )?(?:students?|pupils?|children|child|youth|individuals|learners|stu|studs|those) )?"
_SWD = re.compile(
    r"\A(?:swds?|sd|se|sped|sp ed|spec ed|special ed|spec(?:ial)? educ?(?:ation)?|iep|ieps|idea|swd iep|iwen"
    rf"|{_STUDENTS}(?:who are )?(?:in |receiving |enrolled in |eligible for )?(?:special ed(?:ucation)?|sped)"
    r"(?: (?:students?|pupils?|population|programs?|services|enrollment|only|group|subgroup|total|all))*"
    rf"|{_STUDENTS}(?:with|w|having|who have) (?:an? |any |reported |identified )?"
    r"(?:disabilit(?:y|ies)|disab|dis|ieps?|exceptional needs|individuali[sz]ed education programs?)"
    r"(?: only)?"
    r"|students?disabilit(?:y|ies)|studentswithdisabilit(?:y|ies)|specialeducation"
    r"|(?:reported )?disabilit(?:y|ies)|disabled(?: students?)?|with|has iep|iep students?|swd students?"
    r"|swd (?:only|group|subgroup|total|all|yes|y)|(?:sped|iep|special education|disability) (?:yes|y)"
    r"|all swds?|all students with disabilities|all special education(?: students)?|0*128(?: 0)?"
    r"|estudiantes con discapacidad(?:es)?|educacion especial)"
)
_NOT_SWD = re.compile(
    r"\b(?:without|non|not|no|never|except|excluding|other than|general education|gen ed|general ed"
    r"|regular ed|regular education|nondisabled|wo|nonswd|0*99)\b|non.?swd"
)
_ALL = re.compile(
    r"\A(?:all|ta|total|totals|everyone|everybody|overall|all students?|all student groups|all groups"
    r"|students|all pupils|total students|all students total|schoolwide|school wide|lea wide|leawide"
    r"|districtwide|district wide|whole|alls|all stu|0*1(?: 0)?|todos|state ?wide)"
)
_OTHER = re.compile(
    r"\A(?:el|els|ell|elo|elr|rfep|ltel|efp|eo|eng|ifep|sed|ses|hom|fos|mig|mil|male|female|m|f|x"
    r"|gm|gf|gx|gz|ss|sh|sf|sm|sn|cwe|swe|nbo|smr|tbd|grt?k.*|grades?.*|gr\d.*|k\d*|tk"
    r"|\d{1,3}|non ?binary.*|missing gender|boys|girls"
    r"|(?>.*?\b(?:english (?:language )?learners?|english only|multilingual|ever el|reclassified|fluent"
    r"|redesignated|socio ?economically|econ(?:omically)? disadv\w*|disadvantaged"
    r"|free (?:or|and) reduced|frpm|low income"
    r"|homeless|foster|migrant|military|gifted|gate|section 504|504|title i|tribal|parents?|hispanic|latino"
    r"|asian|white|black|african american|american indian|pacific islander|filipino|two or more|multiracial"
    r"|alternate|autism|sld|specific learning|gender|sex|armed forces|charter)\b).*+)"
)
_DATAQUEST = {
    "sd", "ta", "ss", "sm", "sf", "sh", "gm", "gf", "gx", "gz",
    "rb", "ri", "ra", "rf", "rh", "rp", "rt", "rw", "rd",
}  # fmt: skip
"""Reporting categories of DataQuest, where SE are English learners and SD students with disabilities."""
_YES = {"yes", "y", "true", "1", "1 0", "x", "si", "active", "eligible", "s"}
_NO = {"no", "n", "false", "0", "0 0", "inactive", "ineligible"}
_NAMED = re.compile(
    r"\A(?:(?:stu(?:dent|dents|d|dt)?|std|pupil|accountability|reporting|demographic|demog|population|race|ethnic"
    r"|esea|essa|target|federal|significant|racial)?(?:sub)?(?:groups?|grp)"
    r"(?:status|s|id|name|code|cd|description|desc|label|number|num|no|type|category|abbr|title)*+"
    r"|(?:sub)?(?:report|reporting|rpt)(?:ing)?(?:categor(?:y|ies)|cat|group)(?:id|name|code|desc|description)?"
    r"|(?:student|pupil|demographic|population|demog)(?:s)?(?:sub)?"
    r"(?:categor(?:y|ies)|population|type|demographics?|segment|cohort|subset)(?:id|name|code|desc)?|demographics?(?:id|name|code|desc|group)?|subpop(?:ulation)?s?"
    r"|(?:students?|pupils?)?(?:race(?:or|and)?ethnicity|ethnicity(?:or|and)?race|ethnicity|race|ethnicgroup)"
    r"(?:code|name|desc|group|category)?|disaggregat\w*|studentsubgroups?|whichstudents|studentsincluded"
    r"|grupo(?:deestudiantes|estudiantil)?|subgrupo)"
)
_WEAK = re.compile(
    r"categor(?:y|ies)|population|students?|pupils?|who|segment|cohort|type|breakdown|level|class|classification"
    r"|subject|series|filter|scope|set|reportedfor|appliesto|universe|studentsincluded|of|label|description|desc|name"
)
_STATUS = re.compile(
    r"\A(?:is|has|in|receives|receiving|student|students|stu|current|currently|primary)*"
    r"(?:specialed(?:ucation)?|sped|speced|swds?|disability|disabled|disabilities|iep|ieps"
    r"|studentwithdisabilit(?:y|ies)|studentswithdisabilit(?:y|ies)|swdstudents?|withdisabilit(?:y|ies)|idea|students?withieps?|withieps?|se)"
    r"(?:status|flag|indicator|ind|yn|yesno|student|students|group|subgroup|eligible|eligibility|code|services"
    r"|program|participation|enrolled|desc|description|type)*"
)


@lru_cache(maxsize=4096)
def words_of(written: str) -> str:
    """A value without case and punctuation, in single blanks; `w/` is `with`."""
    text = re.sub(r"\bw/(?!o)\s*", "with ", written[:200].casefold())
    text = re.sub(r"\bw/o\b", "without ", text).replace("í", "i").replace("ó", "o")
    return " ".join(re.findall(r"[a-z0-9]+", text.replace("_", " ")))


@lru_cache(maxsize=4096)
def _whole(text: str) -> Meaning:
    """What one wording means."""
    if re.fullmatch(r"\A0*+128(?: 0)?", text):
        return Meaning.SWD
    if _NOT_SWD.search(text):
        return Meaning.OTHER
    if _SWD.fullmatch(text):
        return Meaning.SWD
    if _ALL.fullmatch(text):
        return Meaning.ALL
    if _OTHER.fullmatch(text) or race_names.group(text) is not None:
        return Meaning.OTHER
    return Meaning.UNKNOWN


@lru_cache(maxsize=4096)
def meaning(written: str, status: bool = False) -> Meaning:
    """What a value means; `status` in a column that says of each row whether it is about disabilities.

    >>> meaning("Students With Disability"), meaning("SWD - Students with Disabilities"), meaning("EL")
    (<Meaning.SWD: 'swd'>, <Meaning.SWD: 'swd'>, <Meaning.OTHER: 'other'>)
    """
    text = words_of(written)
    if status and text in _YES:
        return Meaning.SWD
    if status and text in _NO:
        return Meaning.OTHER
    told = _whole(text)
    if told is not Meaning.UNKNOWN:
        return told
    # A code beside its name: `SWD - Students with Disabilities`, `Special Education (SPED)`.
    parts = [words_of(one) for one in re.split(r"[()\[\]:;,=|/–—-]+", written[:200]) if words_of(one)]
    kinds = {_whole(one) for one in parts}
    if len(parts) > 1 and kinds == {Meaning.SWD, Meaning.ALL}:
        return Meaning.SWD
    return kinds.pop() if len(parts) > 1 and len(kinds) == 1 else Meaning.UNKNOWN


def meanings(values: Collection[str], status: bool = False) -> dict[str, Meaning]:
    """What each of the values of one column means: beside DataQuest's other codes `SE` are English learners.

    With nothing but codes that DataQuest has too, and no `SD`, who `SE` are is not known.
    """
    found = {one: meaning(one, status) for one in values}
    codes = {words_of(one): one for one in values}
    if "se" in codes and codes.keys() & _DATAQUEST and not codes.keys() & {"el", "els", "swd"}:
        others = any(kind is Meaning.SWD for text, kind in found.items() if words_of(text) != "se")
        found[codes["se"]] = Meaning.OTHER if others else Meaning.UNKNOWN
    return found


def compact(header: str) -> str:
    """A header without case, blanks and punctuation."""
    return re.sub(r"[\W_]+", "", plain(header))


def names_groups(header: str) -> bool:
    """Whether a header says by itself that the column names groups of students."""
    return _NAMED.fullmatch(compact(header)) is not None


def may_name_groups(header: str) -> bool:
    """Whether a header could head such a column, if its values are groups."""
    return _WEAK.fullmatch(compact(header)) is not None


def is_status(header: str) -> bool:
    """Whether a column says of each row whether it is about students with disabilities."""
    return _STATUS.fullmatch(compact(header)) is not None


def yes_or_no(values: Collection[str]) -> bool:
    """Whether all values are plain answers, in words and not as 0 and 1."""
    texts = {words_of(one) for one in values}
    return bool(texts) and texts <= (_YES | _NO) - {"0", "1", "0 0", "1 0"}


def zero_or_one(values: Collection[str]) -> bool:
    """Whether all values are 0 or 1."""
    return bool(values) and {words_of(one) for one in values} <= {"0", "1", "0 0", "1 0"}
