"""Placements in the spellings of letters."""

from __future__ import annotations

import pytest

from cim_core.intake.meanings.placement_words import placements_said
from cim_core.rules.tiers import PLACEMENTS

TARGETED = ["Targeted Level 1", "Targeted Level 2", "Targeted Level 3"]
INTENSIVE = ["Intensive Level 1", "Intensive Level 2", "Intensive Level 3", "Intensive"]


def said(written: str) -> list[str]:
    return [placement.name for placement in placements_said(written)]


@pytest.mark.parametrize("name", [name for name in PLACEMENTS if name != "Not placed"])
def test_our_own_names(name):
    for written in (name, name.upper(), name.lower(), f"  {name}.", name.replace(" Level ", " L")):
        assert name in said(written), written
        assert {PLACEMENTS[other].tier for other in said(written)} == {PLACEMENTS[name].tier}


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("T2", "Targeted Level 2"), ("T-3", "Targeted Level 3"),
        ("Targeted Tier, Level II", "Targeted Level 2"),
        ("Tier: Targeted (Level 1)", "Targeted Level 1"), ("Targeted - I", "Targeted Level 1"),
        ("Level 3 Targeted", "Targeted Level 3"), ("targeted level three", "Targeted Level 3"),
        ("TL2", "Targeted Level 2"), ("T-II", "Targeted Level 2"), ("Targeted LIII", "Targeted Level 3"),
        ("Targeted Support, 2nd level", "Targeted Level 2"), ("TARGETED LEVEL2", "Targeted Level 2"),
        ("Univ.", "Universal"), ("Universal Tier", "Universal"), ("small", "Small LEA"),
        ("Small LEA cycle", "Small LEA"),
    ],
)  # fmt: skip
def test_usual_spellings(written, name):
    assert said(written) == [name]


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("Targeted", TARGETED), ("Intensive", INTENSIVE), ("I", INTENSIVE), ("Intensive Tier", INTENSIVE),
        ("I3", ["Intensive Level 3", "Intensive"]), 
        ("Intensive Monitoring Level 1", ["Intensive Level 1", "Intensive"]),
        ("Intensive I", ["Intensive Level 1", "Intensive"]),
    ],
)  # fmt: skip
def test_what_leaves_the_level_open(written, names):
    assert said(written) == names


@pytest.mark.parametrize(
    "written",
    ["", "Level 2", "Targeted Level 4", "Universal or Targeted Level 1", "Targeted 1 2", "Elm Creek",
     "not Intensive",
     "Universal Level 1", "Not placed", "2", "Tier 2", "Targeted Level 2 or 3", "Intensive until 2024", "L2"],
)  # fmt: skip
def test_what_names_no_placement_or_two(written):
    assert said(written) == []
