"""Placements as letters write them: `Targeted Level 2`, `T-2`, `Tier: Targeted (L II)`, `INTENSIVE`."""

from __future__ import annotations

import re
from functools import lru_cache

from cim_core.rules.tiers import PLACEMENTS, SMALL_LEA, Placement, Tier

_TIERS = {
    name: tier
    for tier, names in {
        Tier.UNIVERSAL: "universal univ u",
        Tier.TARGETED: "targeted target tgt targ t tl ti tii tiii",
        Tier.INTENSIVE: "intensive intens int i il",
    }.items()
    for name in names.split()
}
_SMALL = {"small", "cyclical", "cyclic"}
_FILLERS = {
    "tier", "level", "lvl", "lev", "l", "monitoring", "support", "supports", "cim", "lea", "the", "of", "in",
    "placement", "status", "and", "compliance", "improvement", "cde", "cycle", "selected", "identified",
    "for", "as", "is", "assigned", "placed", "activities", "st", "nd", "rd",
}  # fmt: skip
_LEVELS = {
    "1": 1, "one": 1, "first": 1, "li": 1, "ti": 1, "2": 2, "ii": 2, "two": 2, "second": 2, "lii": 2,
    "tii": 2,
    "3": 3, "iii": 3, "three": 3, "third": 3, "liii": 3, "tiii": 3,
}  # fmt: skip
_OF_TIER = {tier: tuple(sorted(one for one in PLACEMENTS.values() if one.tier is tier)) for tier in Tier}
_ROMAN_ONE = re.compile(r"(?<=[a-z\d])[\s.,:;()/–—-]*\bi\b")
_WORD = re.compile(r"[a-z]+|\d+")
_LONGEST = 100


@lru_cache(maxsize=512)
def placements_said(written: str) -> tuple[Placement, ...]:
    """Every placement that a text can mean, least intensive first; none where it names none, or two.

    `Targeted` without a level means any of its three, `Intensive` with or without a level the other way
    round too, since rulebooks differ in whether that tier has levels. A level alone is none: both tiers
    have had levels.

    >>> [placement.name for placement in placements_said("T-2")]
    ['Targeted Level 2']
    """
    words = _words(written)
    if words and set(words) <= _SMALL:
        return (SMALL_LEA,)
    tiers = [_TIERS[word] for word in words if word in _TIERS]
    levels = [_LEVELS[word] for word in words if word in _LEVELS]
    if not {*words} <= {*_TIERS, *_LEVELS} or len(tiers) != 1 or len(levels) > 1:
        return ()
    fitting = _OF_TIER[tiers[0]]
    if levels:
        fitting = tuple(one for one in fitting if one.level in (None, *levels))
    return () if levels and tiers[0] is Tier.UNIVERSAL else fitting


def _words(written: str) -> list[str]:
    """The words and numbers of a text that say something; an `i` behind something else is a one."""
    found = _WORD.findall(_ROMAN_ONE.sub(" 1", written[:_LONGEST].casefold()))
    return [word for word in found if word not in _FILLERS]
