"""Colours, symbols and shapes: tiers by lightness in one family, never by red and green."""

from __future__ import annotations

from cim_core.placing.placement import Placements, Result
from cim_core.rules.tiers import Placement, Tier

OUTLINE = "#444444"
_TARGETED = {1: "#fbc97a", 2: "#e8872b", 3: "#a94a17"}
_DARK = {"#a94a17", "#3d1232"}
NOT_PLACED = "#ffffff"

MET, MISSED, NOTHING = "#d6e6f4", "#a94a17", "#ffffff"
SYMBOLS = {
    Result.MET: "✓",
    Result.MET_NOT_CALCULATED: "✓",
    Result.MISSED: "✕",
    Result.TOO_FEW: "◌",
    Result.MISSING: "–",
    Result.NO_TARGET: "·",
    Result.OTHER_MEASURE: "≠",
}


def colour(placement: Placement) -> str:
    """The fill of a placement."""
    if placement.tier is Tier.UNIVERSAL:
        return "#d6e6f4"
    if placement.tier is Tier.TARGETED:
        return _TARGETED[placement.level or 1]
    return "#3d1232" if placement.tier is Tier.INTENSIVE else NOT_PLACED


def ink(fill: str) -> str:
    """Text colour that can be read on a fill."""
    return "#ffffff" if fill in _DARK else "#1a1a1a"


def fill(result: Result) -> str:
    """The fill of one cell of the matrix of met and missed."""
    if result in (Result.MET, Result.MET_NOT_CALCULATED):
        return MET
    return MISSED if result is Result.MISSED else NOTHING


def symbol(placements: Placements, row: int, at: int) -> str:
    """The sign of one cell of the matrix."""
    return SYMBOLS[Result(int(placements.results[row, at]))]
