"""The data that every contestant places: 1,000 LEAs × 25 elements × 3 years, drawn with a fixed seed."""

from __future__ import annotations

import random
from decimal import Decimal

from cim_core.data.dataset import Cell, Dataset, Facts, LeaYear, Missing, build
from cim_core.data.indicators import Unit, get
from cim_core.rules.rulebook import Rulebook

YEARS = ("2022-23", "2023-24", "2024-25")


def invent(rulebook: Rulebook, leas: int = 1000, seed: int = 20261124) -> Dataset:
    """A dataset in memory; one cell in twelve is missing, facts are mostly known."""
    rng = random.Random(seed)
    codes = [*rulebook.elements.indicators, "ela_dfs", "math_dfs", "susp", "chronic"]
    rows = []
    for lea in range(leas):
        for year in YEARS:
            cells = {code: _cell(rng, code, rulebook) for code in codes}
            facts = Facts(
                swd=rng.choice((None, 60, 90, 150, 400, 900, 3000)),
                disproportionate_years=rng.choice((None, 0, 0, 0, 0, 1, 2)),
                minor_findings=rng.choice((None, 0, 0, 0, 2)),
            )
            rows.append(LeaYear(f"99{lea:05d}", year, f"LEA {lea}", "S", facts, cells))
    return build(rows, {*codes, "swd", "disproportionate_years", "minor_findings"})


def _cell(rng: random.Random, code: str, rulebook: Rulebook) -> Cell:
    """A cell that meets its target about eleven times in twelve, where it has one."""
    if rng.random() < 1 / 12:
        return Cell(missing=Missing.NOT_CALCULATED)
    bottom = rng.randint(20, 2000)
    if get(code).unit is Unit.POINTS:
        return Cell(rate=Decimal(rng.randint(-2000, 500)) / 10, denominator=bottom)
    target = rulebook.target(code)
    if target is None or target.value is None:
        near = rng.uniform(0, 100)
    else:
        better = 1 if get(code).higher_is_better else -1
        near = min(100.0, max(0.0, float(target.value) + better * rng.gauss(7, 5)))
    return Cell(numerator=round(bottom * near / 100), denominator=bottom)
