"""The colors of pictures and documents, by the names of the design's tokens; dark ones are of the screen."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from cim_core.rules.tiers import Placement

LIGHT: Mapping[str, str] = MappingProxyType({
    "bg": "#ffffff", "surface": "#f6f7f9", "line": "#d6dbe1", "line-strong": "#868e98",
    "ink": "#1b1f24", "ink-2": "#4a525c", "ink-3": "#646c76", "link": "#0b5cab", "on-link": "#ffffff",
    "band": "#e4e7eb", "band-2": "#f0f2f4", "edge": "#444444", "hatch": "#c9ced4",
    "U": "#d6e6f4", "T1": "#fbc97a", "T2": "#e8872b", "T3": "#a94a17", "I": "#3d1232",
    "on-U": "#1b1f24", "on-T1": "#1b1f24", "on-T2": "#1b1f24", "on-T3": "#ffffff", "on-I": "#ffffff",
})  # fmt: skip
TIERS = ("U", "T1", "T2", "T3", "I")
"""The marks of the placements that have a color, least intensive first."""
FONTS = Path(__file__).parent / "documents" / "fonts"
"""Where the typeface of pictures and documents stands, so that they look alike on every machine."""


def tier(placement: Placement) -> str:
    """The color token of a placement; empty for one that is hatched (not placed, a track)."""
    if placement.tier is None:
        return ""
    mark = placement.code[:1]
    return f"{mark}{placement.level or 1}" if mark == "T" else mark
