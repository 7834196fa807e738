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
_YEARS = re.compile(r"\b(?:19|20)\d\d(?:\s{0,2}[-–—/]\s{0,2}(?:20)?\d\d)?\b")
_NOT_MET = re.compile(
    r"\b(?:not|never)\s{1,3}met\b|\bdid\s{1,3}not\s{1,3}meet\b|\bunmet\b|\bbelow\s{1,3}target\b", re.I
)
_MISSED = re.compile(r"\b(?:miss(?:ed|es|ing)?|fail(?:ed|s)?)\b", re.I)
_MET = re.compile(r"\b(?:met|meets?)\b", re.I)
_DISPROPORTIONATE = re.compile(r"\b(?:disproportiona\w*|sig(?:nificant)?\W{0,3}dis\w*)", re.I)
_NONE = re.compile(r"\b(?:no|none|not|never|without|0|zero)\b", re.I)
_RANK = re.compile(r"\b(?:lowest|bottom|percentile|rank(?:ed)?|band)\b", re.I)
_LOWEST = re.compile(r"\b(?:lowest|bottom)\b", re.I)
_FINDINGS = re.compile(r"\bfindings?\b|\bnon-?compliance\b", re.I)
_HOW_MANY_FINDINGS = re.compile(
    r"\b(\d{1,3})\s{1,3}(?:\w+\s{1,3}){0,2}findings?\b|\bfindings?\s{0,3}:?\s{0,3}(\d{1,3})\b", re.I
)
_COUNT = re.compile(
    r"\b(\d{1,2})(?:\s{1,3}(?:out\s{1,3})?of\s{1,3}\d{1,2})?\s{1,3}(?:\w+\s{1,3})?(?:targets?|elements?|indicators?)\b",
    re.I,
)
_PERCENTS = re.compile(r"\d{1,4}(?:\.\d+)?")
_MOST_PERCENT = 100
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

    >>> stated("missed 5a, 5b; lowest 10%").missed, stated("missed 5a, 5b; lowest 10%").band
    (('5a', '5b'), (0, 10))
    """
    found = StatedReasons()
    for part in _PARTS.split(written[:_LONGEST]):
        if part.strip():
            found = _with(found, part.strip())
    return found


def _with(found: StatedReasons, written_part: str) -> StatedReasons:
    """What was found so far with what one part says; what may say the opposite, or two things, is left as it
    stands."""
    part = _YEARS.sub(" ", written_part)
    denied = _NONE.search(part) is not None
    if _DISPROPORTIONATE.search(part):
        return _with_disproportionality(found, part, denied)
    if _RANK.search(part):
        band = None if denied else _band(part)
        return _unclear(found, written_part) if band is None else replace(found, band=band)
    if _FINDINGS.search(part):
        number = _HOW_MANY_FINDINGS.search(part)
        told = int(number[1] or number[2]) if number else 0 if denied else 1
        return replace(found, findings=told)
    return _with_elements(found, _NOT_MET.sub("missed", part), written_part)


def _unclear(found: StatedReasons, part: str) -> StatedReasons:
    return replace(found, rest=(*found.rest, part))


def _band(part: str) -> tuple[int, int] | None:
    """The percents of a band: one number for the lowest so many, two for from–to; None for anything else."""
    numbers = _PERCENTS.findall(part)
    if not 1 <= len(numbers) <= 2 or any("." in number or int(number) > _MOST_PERCENT for number in numbers):
        return None
    low, high = int(numbers[0]), int(numbers[-1])
    if len(numbers) == 1:
        return (0, high) if _LOWEST.search(part) else None
    return (low - (low % 10 == 1), high) if low < high else None


def _with_disproportionality(found: StatedReasons, part: str, denied: bool) -> StatedReasons:
    pieces = [piece.strip() for piece in _PIECES.split(part)]
    areas = _known(race_names.area(piece) for piece in pieces)
    groups = _known(race_names.group(piece) for piece in pieces)
    if denied:
        return _unclear(found, part) if areas or groups else replace(found, disproportionate=False)
    return replace(
        found, disproportionate=True, areas=(*found.areas, *areas), groups=(*found.groups, *groups)
    )


def _known(each: Iterable[T | None]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(one for one in each if one is not None))


def _with_elements(found: StatedReasons, part: str, written_part: str) -> StatedReasons:
    """Elements that a part names or counts as missed; of what is met, or denied, it tells none."""
    missed, count = _MISSED.search(part), _COUNT.search(part)
    if _MET.search(part):
        return _unclear(found, written_part)
    bare = part.replace(count[0], " ") if count else part
    codes = _known(indicators.find("".join(groups)) for groups in _CODE.findall(bare))
    if _NONE.search(bare):
        if missed and not codes:
            return replace(found, missed=(), count=0)
        return _unclear(found, written_part)
    if count and missed:
        found = replace(found, count=int(count[1]))
    if codes:
        return replace(found, missed=in_order({*(found.missed or ()), *codes}))
    return found if count and missed else _unclear(found, written_part)


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
        parts.append(f"lowest {above + 1}–{up_to}%" if above else f"lowest {up_to}%")
    if reasons.findings:
        parts.append(f"findings: {reasons.findings}")
    return "; ".join((*parts, *reasons.rest))
