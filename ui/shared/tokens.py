"""The tokens of the design: colors for light and dark, and sizes of type.

Tiers darken in light and brighten in dark, so that the most intensive always stands out most; their order is
read by lightness, safe for every color vision and in grey print. Met and missed are ink: a tier's color means
that tier and nothing else. Contrast of every pair is computed in `tests/ui/shared/test_tokens.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from cim_core.rules.tiers import Placement

LIGHT: Mapping[str, str] = MappingProxyType({
    "bg": "#ffffff", "surface": "#f6f7f9", "line": "#d6dbe1", "line-strong": "#868e98",
    "ink": "#1b1f24", "ink-2": "#4a525c", "ink-3": "#646c76", "link": "#0b5cab", "on-link": "#ffffff",
    "band": "#e4e7eb", "band-2": "#f0f2f4", "edge": "#444444", "hatch": "#c9ced4",
    "U": "#d6e6f4", "T1": "#fbc97a", "T2": "#e8872b", "T3": "#a94a17", "I": "#3d1232",
    "on-U": "#1b1f24", "on-T1": "#1b1f24", "on-T2": "#1b1f24", "on-T3": "#ffffff", "on-I": "#ffffff",
})  # fmt: skip
DARK: Mapping[str, str] = MappingProxyType({
    "bg": "#0e1117", "surface": "#171b22", "line": "#343c47", "line-strong": "#6b7682",
    "ink": "#f0f2f5", "ink-2": "#b8c0ca", "ink-3": "#98a2ae", "link": "#7fb7ff", "on-link": "#0e1117",
    "band": "#2b323c", "band-2": "#1d232b", "edge": "#8f9aa6", "hatch": "#3f4854",
    "U": "#24384b", "T1": "#5c4416", "T2": "#a05a12", "T3": "#f0913e", "I": "#ffdbe9",
    "on-U": "#f0f2f5", "on-T1": "#f0f2f5", "on-T2": "#ffffff", "on-T3": "#1b1f24", "on-I": "#1b1f24",
})  # fmt: skip
TIERS = ("U", "T1", "T2", "T3", "I")
"""The marks of the placements that have a color, least intensive first."""
TYPE = {"xl": 28, "l": 20, "m": 16, "s": 14, "xs": 12}


def tier(placement: Placement) -> str:
    """The color token of a placement; empty for one that is hatched (not placed, a track)."""
    if placement.tier is None:
        return ""
    mark = placement.code[:1]
    return f"{mark}{placement.level or 1}" if mark == "T" else mark


def _variables(tokens: Mapping[str, str]) -> str:
    return "".join(f"--cim-{name}:{value};" for name, value in tokens.items())


def style() -> str:
    """All tokens as CSS variables: dark where the device asks for it, light on paper."""
    sizes = "".join(f"--cim-{name}:{size}px;" for name, size in TYPE.items())
    return (
        f":root{{{_variables(LIGHT)}{sizes}}}"
        f"@media screen and (prefers-color-scheme: dark){{:root{{{_variables(DARK)}}}}}"
    )
