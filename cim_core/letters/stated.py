"""The reasons that a letter gives, as far as it gives any: text → missed elements, disproportionality, rank.

What is not said is None, which is not "none": a letter that names no element says nothing about elements.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from cim_core.data import indicators
from cim_core.data.indicators import in_order
from cim_core.data.race_counts import AREA_NAMED, GROUP_NAMED, Area, Group
from cim_core.intake.meanings import race_names
from cim_core.words.disclosure import Disclosure

T = TypeVar("T")
_ENGLISH = Disclosure(language="en")
"""CDE's letters are English, whatever the language of the reader."""
_PARTS = re.compile(r"[;\n|]|\.\s|\.\Z")
_MISSED = re.compile(
    r"\b(?:miss(?:ed|es|ing)?|not met|did not meet|unmet|fail(?:ed|s)?|below target|elements?)\b", re.I
)
_MET = re.compile(r"\bmet\b", re.I)
_DISPROPORTIONATE = re.compile(r"\b(?:disproportiona\w*|sig(?:nificant)?\W*dis\w*)", re.I)
_NONE = re.compile(r"\b(?:no|none|not|without|0|zero)\b", re.I)
_RANK = re.compile(r"\b(?:lowest|bottom|percentile|rank(?:ed)?|band)\b", re.I)
_FINDINGS = re.compile(r"\bfindings?\b|\bnon-?compliance\b", re.I)
_COUNT = re.compile(r"\b(\d{1,2})\s+(?:\w+\s+)?(?:targets?|elements?|indicators?)\b", re.I)
_NUMBER = re.compile(r"\d{1,3}")
_BAND = re.compile(r"(\d{1,3})\s{0,3}(?:%|percent)?\s{0,3}(?:[-–—]|to)\s{0,3}(\d{1,3})", re.I)
_CODE = re.compile(
    r"(?<![\w.])(\d{1,2}[a-d]?[12]?(?:[ _-](?:ela|math))?)(?![\w%]|\.\d)"
    r"|\b(chronic|susp|overdue|ela_dfs|math_dfs)",
    re.I,
)
_PIECES = re.compile(r"[,:()]|\s[-–—]\s|\b(?:for|among|in the area of)\b", re.I)
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class StatedReasons:
    """What a letter says of its grounds; None where it does not say.

    `missed` are indicator codes in catalogue order; `count` is how many targets it says are missed; `band`
    the percent of all LEAs, counted from the lowest, in which it says the LEA stands (above, up to); `areas`
    and `groups` those of disproportionality. `rest` are parts in which nothing of this was found.
    """

    missed: tuple[str, ...] | None = None
    count: int | None = None
    disproportionate: bool | None = None
    areas: tuple[Area, ...] = ()
    groups: tuple[Group, ...] = ()
    band: tuple[int, int] | None = None
    findings: int | None = None
    rest: tuple[str, ...] = ()


def stated(written: str) -> StatedReasons:
    """The reasons of a letter's text.

    >>> stated("missed 5a, 5b; lowest 10 %").missed, stated("missed 5a, 5b; lowest 10 %").band
    (('5a', '5b'), (0, 10))
    """
    found = StatedReasons()
    for part in _PARTS.split(written[:_LONGEST]):
        if part.strip():
            found = _with(found, part.strip())
    return found


def _with(found: StatedReasons, part: str) -> StatedReasons:
    """What was found so far with what one part says."""
    number = _NUMBER.search(part)
    if _DISPROPORTIONATE.search(part):
        return _with_disproportionality(found, part)
    if _RANK.search(part) and number:
        band = _BAND.search(part)
        above, up_to = (int(band[1]) - 1, int(band[2])) if band else (0, int(number[0]))
        return replace(found, band=(max(0, above), up_to))
    if _FINDINGS.search(part):
        return replace(found, findings=int(number[0]) if number else 0 if _NONE.search(part) else 1)
    return _with_elements(found, part)


def _with_disproportionality(found: StatedReasons, part: str) -> StatedReasons:
    pieces = [piece.strip() for piece in _PIECES.split(part)]
    areas = _known(race_names.area(piece) for piece in pieces)
    groups = _known(race_names.group(piece) for piece in pieces)
    denied = _NONE.search(part) is not None and not areas and not groups
    return replace(
        found, disproportionate=not denied, areas=(*found.areas, *areas), groups=(*found.groups, *groups)
    )


def _known(each: Iterable[T | None]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(one for one in each if one is not None))


def _with_elements(found: StatedReasons, part: str) -> StatedReasons:
    """Elements that a part names, or only counts; one that speaks of what is met tells of no missed one."""
    missed, count = _MISSED.search(part), _COUNT.search(part)
    only_met = _MET.search(part) and not missed
    if count and missed:
        found = replace(found, count=int(count[1]))
        part = part.replace(count[0], " ")
    said = ("".join(groups) for groups in _CODE.findall(part))
    codes = _known(indicators.find(text) for text in said)
    if codes and not only_met:
        return replace(found, missed=in_order({*(found.missed or ()), *codes}))
    if missed and not count and _NONE.search(part):
        return replace(found, missed=(), count=0)
    return found if count and missed else replace(found, rest=(*found.rest, part))


def written(reasons: StatedReasons) -> str:
    """Reasons that were chosen instead of typed, as text that `stated` reads again."""
    parts = []
    if reasons.missed:
        parts.append("missed " + ", ".join(reasons.missed))
    if reasons.disproportionate:
        named = [_ENGLISH.say_id(AREA_NAMED[area]) for area in reasons.areas]
        named += [_ENGLISH.say_id(GROUP_NAMED[group]) for group in reasons.groups]
        parts.append("disproportionate" + (": " + ", ".join(named) if named else ""))
    if reasons.band:
        above, up_to = reasons.band
        parts.append(f"lowest {above + 1}–{up_to} %" if above else f"lowest {up_to} %")
    if reasons.findings:
        parts.append(f"findings: {reasons.findings}")
    return "; ".join((*parts, *reasons.rest))
