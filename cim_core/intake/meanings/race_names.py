"""How files write areas of disproportionality and racial and ethnic groups: a text → our area or group."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from cim_core.data.race_counts import AREA_IN_SHORT, AREA_NAMED, GROUP_NAMED, Area, Group
from cim_core.words import messages

_SIGNS = (
    ("≤", " up to "),
    ("<=", " up to "),
    ("≥", " from "),
    (">=", " from "),
    (">", " over "),
    ("<", " under "),
)
_OUT = r"(?:oss|out of school(?: suspensions?)?(?: (?:and|or) expulsions?)?|suspensions? out of school)"
_IN = r"(?:iss|in school(?: suspensions?)?|suspensions? in school)"
_OVER = r"(?: for)? (?:over|more than|greater than|gt|from 11|11 or more) ?(?:10)?(?: days?)?"
_UP_TO = (
    r"(?: for| of)? (?:(?:up to|at most|le|lte) 10(?: days?)?"
    r"|(?:0 |1 )?10(?: days?)? or (?:fewer|less)(?: days?)?|1 (?:to )?10(?: days?)?)"
)
_AREAS = {
    Area.IDENTIFIED: r"identification(?: overall)?|identified|disability|all disabilities|overall|swd|"
    r"students with disabilities|special education",
    Area.INTELLECTUAL_DISABILITY: r"id|intellectual disabilit(?:y|ies)|intellectual",
    Area.SPECIFIC_LEARNING_DISABILITY: r"sld|(?:specific )?learning disabilit(?:y|ies)",
    Area.EMOTIONAL_DISTURBANCE: r"ed|emotional disturbance|emotional disabilit(?:y|ies)|emotional",
    Area.SPEECH_OR_LANGUAGE: r"sli|speech (?:or|and) language impairments?|speech (?:or|and) language|speech",
    Area.OTHER_HEALTH_IMPAIRMENT: r"ohi|other health impairments?|other health",
    Area.AUTISM: r"aut|autism|asd|autism spectrum disorder",
    Area.REGULAR_UNDER_40: r"(?:(?:in|inside) )?(?:the )?(?:regular|regular class|lre|general education)"
    r"(?: for)? (?:under|less than|lt) 40(?: ?%| percent)?(?: of the day)?|5b",
    Area.SEPARATE_SETTING: r"separate(?: settings?| schools?)?"
    r"(?: (?:and|or) residential(?: facilit(?:y|ies))?)?|5c",
    Area.OSS_OVER_10: _OUT + _OVER,
    Area.OSS_UP_TO_10: _OUT + _UP_TO,
    Area.ISS_OVER_10: _IN + _OVER,
    Area.ISS_UP_TO_10: _IN + _UP_TO,
    Area.REMOVALS: r"(?:total )?(?:disciplinary )?removals(?: in total)?(?: total)?|total discipline",
    Area.SUSPENDED_ALL: r"suspended|suspensions?|suspension rate|suspensions? (?:of )?all students",
}
_GROUPS = {
    Group.HISPANIC: "rh|hi|h|hispanic|latino|hispanic latino|hispanic or latino|latino hispanic|latinx",
    Group.AMERICAN_INDIAN: "ri|ai|american indian|alaska native|american indian alaska native|"
    "native american|american indian or alaska native",
    Group.ASIAN: "ra|as|asian",
    Group.BLACK: "rb|aa|b|black|african american|black or african american|black african american",
    Group.PACIFIC_ISLANDER: "rp|pi|pacific islander|native hawaiian|native hawaiian pacific islander|"
    "native hawaiian or other pacific islander|native hawaiian or pacific islander|hawaiian pacific islander",
    Group.WHITE: "rw|wh|w|white",
    Group.TWO_OR_MORE: "rt|mr|two or more|two or more races|multiracial|multiple races|multi racial",
    Group.NOT_REPORTED: "rd|not reported|did not report|unknown|race not reported|missing",
    Group.TOTAL: "ta|all|total|all students|everybody|all groups",
    Group.FILIPINO: "rf|fi|filipino",
}
_BY_NAME = {name: group for group, names in _GROUPS.items() for name in names.split("|")}


def plain(written: str) -> str:
    """A name without case and punctuation; signs of comparison become words."""
    text = written.casefold()
    for sign, word in _SIGNS:
        text = text.replace(sign, word)
    return " ".join(re.findall(r"[a-z0-9%]+", text))


@lru_cache(maxsize=4096)
def area(written: str) -> Area | None:
    """The area that a text names; None for none of ours."""
    name = plain(written)
    for one in Area:
        labels = (one.code, messages.text(AREA_NAMED[one]), messages.text(AREA_IN_SHORT[one]))
        if name in map(plain, labels) or re.fullmatch(_AREAS[one], name):
            return one
    return None


@lru_cache(maxsize=4096)
def group(written: str) -> Group | None:
    """The group that a text names, CDE's reporting categories among them; None for none of ours."""
    name = plain(written)
    known = _BY_NAME.get(name)
    return known if known is not None else _by_label().get(name)


@cache
def _by_label() -> dict[str, Group]:
    """Our own codes and labels, worked out once: every cell of a file may be asked about."""
    pairs = [(label, one) for one in Group for label in (one.code, messages.text(GROUP_NAMED[one]))]
    return {plain(label): one for label, one in reversed(pairs)}
