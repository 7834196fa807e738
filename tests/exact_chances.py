"""Where only counts decide: the exact chances, without drawing anything.

The number of missed targets is a sum of independent yes-or-no outcomes, so it has the Poisson-binomial
distribution; each chance of missing is a sum over the beta-binomial distribution of `scipy.stats`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from cim_core.certainty.held import may_be_redrawn
from cim_core.certainty.simulation import repeated
from cim_core.dataset import Floats
from cim_core.indicators import POSITION
from cim_core.placement import Placements, Result, against_targets


def chance_of_missing(placements: Placements, row: int, code: str) -> float:
    """The chance that a redrawn count of an indicator misses its target; 1 or 0 where it is not redrawn."""
    from scipy.stats import betabinom  # imported here: it takes a second

    data, at = placements.dataset, POSITION[code]
    if not may_be_redrawn(data)[row, at]:
        return float(placements.results[row, at] == Result.MISSED)
    x, n = int(data.numerator[row, at]), int(data.denominator[row, at])
    counts = np.arange(n + 1)
    every = repeated(data, np.array([row]), n + 1)
    top = every.value_numerator.copy(order="F")
    top[:, at] = 100 * counts
    results = against_targets(replace(every, value_numerator=top), placements.rulebook)[:, at]
    chances = betabinom.pmf(counts, n, x + 0.5, n - x + 0.5)
    return float(chances[results == Result.MISSED].sum())


def missed_targets(placements: Placements, row: int) -> Floats:
    """The chance of 0, 1, 2 … elements missed in a redrawn year (one more than there are elements)."""
    elements = placements.rulebook.elements.indicators
    return poisson_binomial(chance_of_missing(placements, row, code) for code in elements)


def poisson_binomial(chances: Iterable[float]) -> Floats:
    """The distribution of how many of several independent outcomes come true, from 0 to all."""
    found = np.ones(1)
    for chance in chances:
        found = np.convolve(found, [1 - chance, chance])
    return found
