"""Which settings fit the letters of 30 LEAs, against the state: all single settings, then pairs."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import numpy as np

from benchmarks import data as invented
from cim_core.data.dataset import Dataset
from cim_core.letters import pairs, reconcile
from cim_core.letters.trial import Trial, readable
from cim_core.placing import checked_files, reference
from cim_core.placing.placement import place
from cim_core.rules import rulebook_file
from cim_core.rules.rulebook import Rulebook
from cim_core.rules.settings import RulebookArea, Setting
from cim_core.whatif import scenario

LEAS = 30
Made = TypeVar("Made")
HIDDEN = {
    Setting(RulebookArea.ELEMENTS, "8"): "out",
    Setting(RulebookArea.CLAUSES, "level-2-missed", "at_least"): 4,
    Setting(RulebookArea.CLAUSES, "level-1-missed", "at_most"): 3,
}
"""What the letters follow, two settings away from the shipped rules."""


def main() -> None:
    """Seconds of each search, and of placing everything anew for every setting instead."""
    for book in ("at-a-glance", "cde-2023"):
        rules = rulebook_file.load(book)
        for name, dataset in (
            ("30 LEAs × 3 years", invented.invent(rules, LEAS)),
            ("1,000 LEAs × 3 years", invented.invent(rules)),
            ("the statewide file", checked_files.read_path(reference.STATEWIDE_FILE).dataset),
        ):
            _print(f"{book}, {name}", with_letters(dataset, rules), rules)


def _print(title: str, dataset: Dataset, rules: Rulebook) -> None:
    against = reference.shipped()
    letters = readable(dataset)
    trial, begun = seconds(lambda: Trial(dataset, rules, against, letters))
    found, single = seconds(lambda: reconcile.singles(trial))
    single, placed, ranked = single + begun, trial.placed, trial.ranked_anew
    both, more = seconds(lambda: pairs.pairs(trial, found))
    _, anew = seconds(lambda: place(dataset, rules, against))
    settings = len(found.singles) + len(found.around)
    print(f"{title}: {len(letters)} letters, {settings} settings and ranges")
    print(f"  {'single settings':<34}{single:8.2f} s   1.0 ×   {placed} placings, {ranked} rankings")
    slow = anew * max(placed, ranked)
    print(f"  {'everybody placed anew each time':<34}{slow:8.2f} s {slow / single:5.1f} ×")
    print(f"  {'pairs':<34}{more:8.2f} s           {both.searched.placed} placings, {len(both.pairs)} found")


def with_letters(dataset: Dataset, rules: Rulebook) -> Dataset:
    """Letters of the first 30 LEAs for the last year, as rules that are then hidden place them."""
    changes = {setting: value for setting, value in HIDDEN.items() if setting.fits(rules)}
    placed = place(dataset, scenario.with_changes(rules, changes, "hidden"), reference.shipped())
    words = np.full(len(dataset), "", "<U40")
    for row in dataset.rows_of_year(dataset.years[-1])[:LEAS].tolist():
        words[row] = placed.placement(row).name
    return replace(dataset, cde_placement=words)


def seconds(work: Callable[[], Made]) -> tuple[Made, float]:
    start = time.perf_counter()
    made = work()
    return made, time.perf_counter() - start


if __name__ == "__main__":
    main()
