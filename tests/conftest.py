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
    files = [intake.open_path(ROOT / "sample_data" / f"invented_{name}.csv") for name in ("selpa", "counts")]
    dataset = intake.read_all([one for one in files if isinstance(one, intake.Upload)]).dataset
    return place(dataset, rulebook_file.load(rulebook), reference.shipped())
