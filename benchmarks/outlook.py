"""Margins and smallest changes of 1,000 LEAs, beside the plain versions from the tests.

`python -m benchmarks.outlook`. The plain smallest change tries every split of every total of students; it is
run on a few LEAs whose answer is two students at most. What is extrapolated says from how many.
"""

from __future__ import annotations

import time

from benchmarks import data
from benchmarks.__main__ import lea_year, median_ms
from cim_core.outlook import Ground, Way, change_search, margins, smallest_change
from cim_core.placing import reference
from cim_core.placing.placement import Placements, place
from cim_core.placing.ranking import WITHIN
from cim_core.rules import rulebook_file
from tests.oracles import smallest_change as slow_change

_COUNTED = 100
_TRIED = 5
_MOST = 2


def main() -> None:
    """Print the figures."""
    rulebook = rulebook_file.load()
    dataset = data.invent(rulebook)
    placements = place(dataset, rulebook, WITHIN)
    _margins(placements)
    print("Smallest change both ways, 1,000 LEAs, one year, verified by placing again")
    for name, against in (("ranked within", WITHIN), ("ranked with the state", reference.shipped())):
        placed = place(dataset, rulebook, against)
        of_year = dataset.years[-1] if against is WITHIN else against.dataset.years[-1]  # type: ignore[union-attr]
        _every_change(name, change_search.ground(placed, of_year))
    _beside_every_split(placements)


def _margins(placements: Placements) -> None:
    print("Students to the target, 1,000 LEAs × 25 elements × 3 years")
    core = median_ms(lambda: margins(placements), 21)
    dataset, rulebook = placements.dataset, placements.rulebook
    few = [lea_year(dataset, int(row)) for row in dataset.rows_of_year(dataset.years[-1])[:_COUNTED]]
    start = time.perf_counter()
    for one in few:
        for code in rulebook.elements.indicators:
            slow_change.flips(one, code, rulebook)
    plain = (time.perf_counter() - start) * 1000 * len(dataset) / len(few)
    print(f"  {'cim_core.outlook.margins':<34}{core:10.2f} ms   1.0 ×")
    print(f"  {'counting up, LEA by LEA':<34}{plain:10.0f} ms {plain / core:6.0f} ×   from {len(few)} LEAs")


def _every_change(name: str, on: Ground) -> None:
    start = time.perf_counter()
    found = smallest_change.answers(on)
    taken = (time.perf_counter() - start) * 1000
    plans = [one.best for ways in found.values() for one in ways.values() if one.best is not None]
    proven = sum(one.proven for one in plans)
    print(f"  {name:<34}{taken:10.0f} ms   {len(found)} LEAs, {len(plans)} plans, {proven} proven least")


def _beside_every_split(placements: Placements) -> None:
    """A few answers of few students, beside the version that tries every split; both must agree."""
    on = change_search.ground(placements, placements.dataset.years[-1])
    small = [
        (row, way)
        for row, ways in smallest_change.answers(on).items()
        for way in Way
        if (best := ways[way].best) is not None and best.counted and 0 < best.students <= _MOST
    ][:_TRIED]
    start = time.perf_counter()
    for row, way in small:
        smallest_change.answer(on, row, way)
    mine = (time.perf_counter() - start) * 1000 / len(small)
    start = time.perf_counter()
    for row, way in small:
        least = slow_change.least_total(placements, row, way, WITHIN, set(), _MOST)
        best = smallest_change.answer(on, row, way).best
        if best is None or least is None or (best.proven and best.students != least):
            raise SystemExit(f"row {row}: the plain version finds {least}, the core {best}")
    plain = (time.perf_counter() - start) * 1000 / len(small)
    print(f"  {'one LEA, one way, with other ways':<34}{mine:10.2f} ms   1.0 ×")
    words = f"every split up to {_MOST} students"
    print(f"  {words:<34}{plain:10.0f} ms {plain / mine:6.0f} ×   {len(small)} answers of {_MOST} or fewer")


if __name__ == "__main__":
    main()
