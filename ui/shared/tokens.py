"""The tokens of the design: colors for light and dark, and sizes of type.

Tiers darken in light and brighten in dark, so that the most intensive always stands out most; their order is
read by lightness, safe for every color vision and in grey print. Met and missed are ink: a tier's color means
that tier and nothing else. Contrast of every pair is computed in `tests/ui/shared/test_tokens.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from cim_core.export.look import LIGHT as LIGHT
from cim_core.export.look import TIERS as TIERS
from cim_core.export.look import tier as tier

DARK: Mapping[str, str] = MappingProxyType({
    "bg": "#0e1117", "surface": "#171b22", "line": "#343c47", "line-strong": "#6b7682",
    "ink": "#f0f2f5", "ink-2": "#b8c0ca", "ink-3": "#98a2ae", "link": "#7fb7ff", "on-link": "#0e1117",
    "band": "#2b323c", "band-2": "#1d232b", "edge": "#8f9aa6", "hatch": "#3f4854",
    "U": "#24384b", "T1": "#5c4416", "T2": "#a05a12", "T3": "#f0913e", "I": "#ffdbe9",
    "on-U": "#f0f2f5", "on-T1": "#f0f2f5", "on-T2": "#ffffff", "on-T3": "#1b1f24", "on-I": "#1b1f24",
})  # fmt: skip
TYPE = {"xl": 28, "l": 20, "m": 16, "s": 14, "xs": 12}


def _variables(tokens: Mapping[str, str]) -> str:
    return "".join(f"--cim-{name}:{value};" for name, value in tokens.items())


def style() -> str:
    """All tokens as CSS variables: dark where the device asks for it, light on paper."""
    sizes = "".join(f"--cim-{name}:{size}px;" for name, size in TYPE.items())
    return (
        f":root{{{_variables(LIGHT)}{sizes}}}"
        f"@media screen and (prefers-color-scheme: dark){{:root{{{_variables(DARK)}}}}}"
    )
