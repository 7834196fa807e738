"""How sure: the rates of 1,000 LEAs drawn 1,000 times, beside bare NumPy draws and the plain version; and how
near in students everybody is."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import numpy as np

from benchmarks import data
from benchmarks.__main__ import lea_year
from cim_core.certainty import DRAWS, cells_to_redraw, certainty
from cim_core.certainty.held_fixed import redrawn
from cim_core.outlook import closeness, ground
from cim_core.placing import reference
from cim_core.placing.placement import place
from cim_core.placing.ranking import NO_REFERENCE, WITHIN, Reference
from cim_core.rules import rulebook_file
from tests.conftest import sample_placements
from tests.oracles import certainty as slow_certainty

YEAR = "2023-24"
_FEW_DRAWS, _FEW_LEAS = 10, 50


def seconds(call: Callable[[], object], runs: int = 3) -> float:
    """The median of some calls; the first is not counted."""
    call()
    seen = []
    for _ in range(runs):
        start = time.perf_counter()
        call()
        seen.append(time.perf_counter() - start)
    return statistics.median(seen)


def main() -> None:
    """Print seconds, and ratios to the first line."""
    rulebook = rulebook_file.load()
    dataset = data.invent(rulebook)
    placements = place(dataset, rulebook, WITHIN)
    rows = dataset.rows_of_year(YEAR)
    cells = cells_to_redraw(placements, YEAR)
    print(f"How sure: {len(rows)} LEAs of one year, {cells:,} rates drawn {DRAWS:,} times, all placed again")
    ours = seconds(lambda: certainty(placements, YEAR))
    _say("ranked within the file", ours, ours)
    against: tuple[tuple[str, Reference], ...] = (
        ("ranked with the state file", reference.shipped()), ("not ranked", NO_REFERENCE),
    )  # fmt: skip
    for name, other in against:
        placed = place(dataset, rulebook, other)
        _say(name, seconds(lambda placed=placed: certainty(placed, YEAR)), ours)
    _say("ranked within, one thread", seconds(lambda: certainty(placements, YEAR, threads=1)), ours)

    free = redrawn(placements, YEAR)[rows]
    tops, bottoms = dataset.numerator[rows][free], dataset.denominator[rows][free]
    rng = np.random.default_rng(1)

    def bare() -> None:
        for _ in range(DRAWS // 50):
            rng.beta(tops + 0.5, bottoms - tops + 0.5, (50, len(tops)))

    _say("bare NumPy draws, not placed", seconds(bare, 1), ours)

    few = [lea_year(dataset, int(row)) for row in rows[:_FEW_LEAS]]
    alone = seconds(lambda: slow_certainty.shares(few, YEAR, rulebook, "none", _FEW_DRAWS, 1), 1)
    scale = DRAWS / _FEW_DRAWS * len(rows) / _FEW_LEAS
    _say("plain, LEA by LEA, not ranked", alone * scale, ours)
    note = f"measured on {_FEW_LEAS} LEAs × {_FEW_DRAWS} draws ({alone:.2f} s), scaled by {scale:,.0f};"
    print(f"    {note} ranking, which grows with the square of the LEAs, left out")

    sample = sample_placements()
    size = len(sample.dataset.rows_of_year(YEAR))
    small = cells_to_redraw(sample, YEAR)
    print(f"The sample: {size} LEAs ranked with the state, {small:,} rates drawn {DRAWS:,} times")
    _say("ranked with the state file", seconds(lambda: certainty(sample, YEAR)), ours)
    for name, placed in (("1,000 LEAs", placements), ("the sample", sample)):
        on = ground(placed, YEAR)
        of_year = placed.dataset.rows_of_year(YEAR).tolist()
        _say(f"how near, {name}", seconds(lambda on=on, rows=of_year: closeness(on, rows), 1), ours)


def _say(name: str, taken: float, ours: float) -> None:
    print(f"  {name:<32}{taken:12,.2f} s {taken / ours:10,.1f} ×")


if __name__ == "__main__":
    main()
