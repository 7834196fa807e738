"""Four times the rows take at most five times the time: nothing works out all rows to look at one. Long."""

from __future__ import annotations

import time
from collections.abc import Callable
from decimal import Decimal

import pytest

from benchmarks import data
from cim_core import movement
from cim_core.data.dataset import Dataset
from cim_core.export import rows
from cim_core.outlook import change_search, smallest_change
from cim_core.outlook.margins import margins
from cim_core.placing import checked_files, ranking
from cim_core.placing.placement import Placements, place
from cim_core.placing.ranking import WITHIN
from cim_core.rules import rulebook_file, thresholds
from cim_core.rules.settings import Setting
from cim_core.whatif import sweep
from cim_core.why.explanation import explain
from cim_core.words.disclosure import Disclosure

pytestmark = pytest.mark.full
RULES = rulebook_file.load()
SIZES = 250, 1_000
MOST = 5
RANKED_ANEW = 8
"""For movement: each LEA half-way between two years moves the ranks of all others, which are ranked anew."""
GATE = Disclosure()


def placed(leas: int) -> Placements:
    return place(data.invent(RULES, leas), RULES, WITHIN)


def every_row(placements: Placements, work: Callable[[Placements, int], object]) -> None:
    for row in range(len(placements.dataset)):
        work(placements, row)


def swept(placements: Placements) -> object:
    threshold = thresholds.find(RULES, Setting.parse("targets.5a.value"))
    assert threshold is not None
    return sweep(threshold, RULES, placements.dataset, WITHIN, placements.percentiles)


def moved(placements: Placements) -> object:
    before, after = placements.dataset.years[-2:]
    return movement.movement(placements, placements, before, after, WITHIN, WITHIN)


def changed(placements: Placements) -> object:
    return smallest_change.answers(change_search.ground(placements, placements.dataset.years[-1]))


WORK: dict[str, Callable[[Placements], object]] = {
    "place": lambda one: place(one.dataset, RULES, percentiles=one.percentiles),
    "rank": lambda one: ranking.evaluate(one.dataset, RULES, WITHIN),
    "explain": lambda one: every_row(one, explain),
    "export": lambda one: every_row(one, lambda all_rows, row: rows.place_row(all_rows, row, GATE)),
    "margins": lambda one: margins(one),
    "sweep": swept,
    "movement": moved,
    "smallest change": changed,
}


def seconds(work: Callable[[], object]) -> float:
    """Processor time of the fastest of three."""
    taken = []
    for _ in range(3):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return min(taken)


@pytest.mark.parametrize("name", WORK)
def test_time_grows_with_the_rows(name):
    few, many = (placed(size) for size in SIZES)
    ratio = seconds(lambda: WORK[name](many)) / seconds(lambda: WORK[name](few))
    print(f"{name}: {ratio:.1f} times for {SIZES[1] // SIZES[0]} times the rows")
    assert ratio <= (RANKED_ANEW if name == "movement" else MOST), name


def test_reading_grows_with_the_rows():
    def text(dataset: Dataset) -> bytes:
        lines = ["lea_code,lea_name,year,swd,5a_n,5a_d,5b_n,5b_d,susp_n,susp_d"]
        for row in range(len(dataset)):
            cells = [f"{(row * 7) % 90},{100 + row % 50}"] * 3
            lines.append(f"{dataset.lea_code[row]},LEA,{dataset.year[row]},{Decimal(300)},{','.join(cells)}")
        return "\n".join(lines).encode()

    few, many = (text(data.invent(RULES, 2 * size)) for size in SIZES)
    assert len(checked_files.take(many, "x.csv").dataset) == 6 * SIZES[1]
    ratio = seconds(lambda: checked_files.take(many, "x.csv")) / seconds(
        lambda: checked_files.take(few, "x.csv")
    )
    assert ratio <= MOST
