"""Colors: every pair that stands on another can be read, tiers keep their order, nothing else names one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cim_core.rules.tiers import NOT_PLACED, PLACEMENTS, SMALL_LEA
from ui.shared import tokens

UI = Path(__file__).parent.parent.parent.parent / "ui"
TEXT, SIGN = 4.5, 3.0
"""Least contrast of text and of what is no text (WCAG 2.2, 1.4.3 and 1.4.11)."""
READ = [
    ("ink", "bg"), ("ink-2", "bg"), ("ink-3", "bg"), ("link", "bg"), ("on-link", "link"),
    ("ink", "surface"), ("ink-2", "surface"), ("ink-3", "surface"), ("link", "surface"),
    ("ink", "band"), ("ink", "band-2"), ("bg", "ink"),
    *((f"on-{tier}", tier) for tier in tokens.TIERS),
]  # fmt: skip
SEEN = [("line-strong", "bg"), ("edge", "bg"), ("ink-2", "band")]


def luminance(color: str) -> float:
    """Relative luminance as WCAG defines it."""
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [tokens.LIGHT, tokens.DARK], ids=["light", "dark"])
def test_everything_that_is_read_can_be_read(theme):
    for front, back in READ:
        assert contrast(theme[front], theme[back]) >= TEXT, (front, back)
    for front, back in SEEN:
        assert contrast(theme[front], theme[back]) >= SIGN, (front, back)


def test_the_most_intensive_tier_stands_out_most():
    for theme in (tokens.LIGHT, tokens.DARK):
        apart = [contrast(theme[tier], theme["bg"]) for tier in tokens.TIERS]
        assert apart == sorted(apart)


def test_both_themes_hold_the_same_tokens():
    assert set(tokens.LIGHT) == set(tokens.DARK)


def test_no_other_file_names_a_color():
    named = re.compile(r"#[0-9a-fA-F]{3,8}\b(?![^<]*&)")
    for path in [*UI.rglob("*.py"), *UI.rglob("*.css")]:
        if path.name not in ("tokens.py",):
            found = [
                color for color in named.findall(path.read_text("utf-8")) if color not in ("#fff", "#000")
            ]
            assert not found, (path, found)


def test_each_placement_has_its_color():
    marks = {tokens.tier(placement) for placement in PLACEMENTS.values()}
    assert marks == {*tokens.TIERS, ""}
    assert tokens.tier(NOT_PLACED) == tokens.tier(SMALL_LEA) == ""
