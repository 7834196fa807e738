"""The dull, slow version of `cim_core.certainty`: one LEA, one draw, one rate at a time.

It shares nothing with the core but the data classes, and places by `tests.oracles.placement`.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from decimal import Decimal

from cim_core.data.dataset import Cell, LeaYear, Missing
from cim_core.data.indicators import get
from cim_core.rules.rulebook import Rulebook
from tests.oracles import placement

State = str | list[LeaYear]


def may_be_redrawn(code: str, cell: Cell) -> bool:
    indicator = get(code)
    if indicator.type.value != "performance" or indicator.unit.value != "percent":
        return False
    counted = cell.missing is Missing.PRESENT and cell.numerator is not None and bool(cell.denominator)
    return counted and not cell.inferred


def counted_by_30(cell: Cell) -> bool:
    known = cell.missing is Missing.PRESENT and not cell.inferred and cell.numerator is not None
    return known and (cell.denominator or 0) >= 30


def counts_of_newest(state: State, year: str, code: str) -> list[tuple[int, int]]:
    """The state's counts of an indicator in its newest year up to this one, of at least 30 students each."""
    rows = [] if isinstance(state, str) else state
    years = sorted({row.year for row in rows if row.year <= year})
    cells = [row.cells[code] for row in rows if years and row.year == years[-1] and code in row.cells]
    return [(cell.numerator, cell.denominator) for cell in cells if counted_by_30(cell)]


def prior(state: State, year: str, code: str) -> tuple[float, float]:
    """The state's beta distribution of an indicator by moments; a half each where the state has none."""
    counts = counts_of_newest(state, year, code)
    if len(counts) < 30:
        return 0.5, 0.5
    rates = [top / bottom for top, bottom in counts]
    mean = sum(rates) / len(rates)
    spread = sum((rate - mean) ** 2 for rate in rates) / (len(rates) - 1)
    chance = sum(rate * (1 - rate) / (bottom - 1) for rate, (_, bottom) in zip(rates, counts, strict=True))
    between = spread - chance / len(rates)
    if between <= 0 or not 0 < mean < 1 or mean * (1 - mean) / between <= 1:
        return 0.5, 0.5
    students = mean * (1 - mean) / between - 1
    return mean * students, (1 - mean) * students


def drawn(row: LeaYear, rng: random.Random, state: State, year: str) -> LeaYear:
    """Each rate drawn from its posterior: the state's distribution, and this LEA's students."""
    cells = {}
    for code, cell in row.cells.items():
        if may_be_redrawn(code, cell):
            assert cell.numerator is not None and cell.denominator is not None
            a, b = prior(state, year, code)
            rate = rng.betavariate(cell.numerator + a, cell.denominator - cell.numerator + b)
            cell = replace(cell, rate=Decimal(round(rate * 100, 9)).quantize(Decimal("1e-9")), numerator=None)
        cells[code] = cell
    return replace(row, cells=cells)


def shares(
    upload: list[LeaYear], year: str, rulebook: Rulebook, state: State, draws: int, seed: int
) -> dict[str, Counter[str]]:
    """How many of `draws` draws put each LEA of a year where, by its code."""
    rng = random.Random(seed)
    found: dict[str, Counter[str]] = {row.lea_code: Counter() for row in upload if row.year == year}
    for _ in range(draws):
        again = [drawn(row, rng, state, year) for row in upload if row.year == year]
        others = state if isinstance(state, str) else [drawn(row, rng, state, year) for row in state]
        for row in again:
            found[row.lea_code][placement.place(row, again, rulebook, others)["placement"]] += 1
    return found
