"""Where only counts decide: the exact chances, without drawing anything.

The number of missed targets is a sum of independent yes-or-no outcomes, so it has the Poisson-binomial
distribution; each chance of missing is a tail of the beta distribution of `scipy.stats`, cut where the
rounded rate turns.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from cim_core.certainty.held_fixed import may_be_redrawn
from cim_core.certainty.simulation import priors
from cim_core.data.dataset import Floats
from cim_core.data.indicators import POSITION
from cim_core.outlook.margins import needed_units
from cim_core.placing.placement import Placements, Result


def chance_of_missing(placements: Placements, row: int, code: str) -> float:
    """The chance that the drawn rate of an indicator misses its target; 1 or 0 where it is not drawn."""
    from scipy.stats import beta  # imported here: it takes a second

    data, at, rules = placements.dataset, POSITION[code], placements.rulebook
    if not may_be_redrawn(data)[row, at]:
        return float(placements.results[row, at] == Result.MISSED)
    x, n = int(data.numerator[row, at]), int(data.denominator[row, at])
    known = priors(placements, str(data.year[row]), [code])[code]
    target = rules.target(code)
    compared = placements.results[row, at] in (Result.MET, Result.MISSED)
    if target is None or target.value is None or not compared:
        return 0.0
    needed, above = needed_units(target, rules.precision)
    cut = (needed - 0.5) / (100 * 10**rules.precision)
    below = float(beta.cdf(cut, x + known.a, n - x + known.b))
    return below if above else 1 - below


def missed_targets(placements: Placements, row: int) -> Floats:
    """The chance of 0, 1, 2 … elements missed among the draws (one more than there are elements)."""
    elements = placements.rulebook.elements.indicators
    return poisson_binomial(chance_of_missing(placements, row, code) for code in elements)


def poisson_binomial(chances: Iterable[float]) -> Floats:
    """The distribution of how many of several independent outcomes come true, from 0 to all."""
    found = np.ones(1)
    for chance in chances:
        found = np.convolve(found, [1 - chance, chance])
    return found
