"""What several test modules share."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from cim_core import intake, reference, rulebook_file
from cim_core.placement import Placements, place

ROOT = Path(__file__).parent.parent


@cache
def sample_placements(rulebook: str = rulebook_file.DEFAULT) -> Placements:
    """The invented SELPA placed against the shipped reference."""
    path = ROOT / "sample_data" / "invented_selpa.csv"
    dataset = intake.read(path.read_bytes(), path.name).dataset
    return place(dataset, rulebook_file.load(rulebook), reference.shipped())
