"""The dull, slow version of `cim_core.certainty`: one LEA, one draw, one student at a time.

It shares nothing with the core but the data classes, and places by `tests.oracle`.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

from cim_core.dataset import Cell, LeaYear, Missing
from cim_core.indicators import get
from cim_core.rulebook import Rulebook
from tests import oracle

State = str | list[LeaYear]


def may_be_redrawn(code: str, cell: Cell) -> bool:
    indicator = get(code)
    if indicator.type.value != "performance" or indicator.unit.value != "percent":
        return False
    counted = cell.missing is Missing.PRESENT and cell.numerator is not None and bool(cell.denominator)
    return counted and not cell.inferred


def another_year(row: LeaYear, rng: random.Random) -> LeaYear:
    """Each count redrawn: a rate from the Jeffreys posterior, then every student for himself."""
    cells = {}
    for code, cell in row.cells.items():
        if may_be_redrawn(code, cell):
            assert cell.numerator is not None and cell.denominator is not None
            rate = rng.betavariate(cell.numerator + 0.5, cell.denominator - cell.numerator + 0.5)
            count = sum(rng.random() < rate for _ in range(cell.denominator))
            cell = replace(cell, rate=None, numerator=count)
        cells[code] = cell
    return replace(row, cells=cells)


def shares(
    upload: list[LeaYear], year: str, rulebook: Rulebook, state: State, draws: int, seed: int
) -> dict[str, Counter[str]]:
    """How many of `draws` redrawn years put each LEA of a year where, by its code."""
    rng = random.Random(seed)
    found: dict[str, Counter[str]] = {row.lea_code: Counter() for row in upload if row.year == year}
    for _ in range(draws):
        again = [another_year(row, rng) for row in upload if row.year == year]
        others = state if isinstance(state, str) else [another_year(row, rng) for row in state]
        for row in again:
            found[row.lea_code][oracle.place(row, again, rulebook, others)["placement"]] += 1
    return found
