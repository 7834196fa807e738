"""The thresholds of a risk ratio at which somebody's years in a row change, in hundredths.

A ratio is over a threshold up to a last hundredth of its own. A run of years lasts as long as its lowest
ratio does, and an LEA's years as long as the run of some area and group: so few of all ratios matter.
"""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from cim_core.data.dataset import Ints
from cim_core.data.race_counts import AREAS
from cim_core.placing.disproportionality import Ratios
from cim_core.rules.rulebook import Comparator

_ALWAYS = np.iinfo(np.int64).max


def ratio_steps(ratios: Ratios) -> list[Decimal]:
    """Every threshold from which on some LEA has fewer years in a row, at least or at most; sorted."""
    regulated = (slice(None), slice(None), slice(len(AREAS)))
    off = _not_over_from(ratios)[regulated]
    known = ratios.over[regulated] >= 0
    steps: set[int] = set()
    for unknown in (0, _ALWAYS):
        lowest = np.where(known, off, unknown)
        run = lowest
        for _ in ratios.years:
            steps.update(run.max(axis=(2, 3)).ravel().tolist())
            run = np.minimum(lowest, _year_before(run, ratios.years, unknown))
    return [Decimal(step) / 100 for step in sorted(steps - {0, _ALWAYS})]


def _not_over_from(ratios: Ratios) -> Ints:
    """The first hundredth at which each ratio is not over the threshold; 0 where there is none."""
    calculated = ~np.isnan(ratios.ratio)
    top = np.where(calculated, ratios.cell * ratios.others_total * 100, 0)
    bottom = np.where(calculated, ratios.total * ratios.others_cell, 1)
    if ratios.rules.comparator is Comparator.GREATER:
        return np.asarray(-(-top // bottom))
    return np.asarray(np.where(calculated, top // bottom + 1, 0))


def _year_before(run: Ints, years: tuple[str, ...], unknown: int) -> Ints:
    """What stands a year earlier; `unknown` where no year follows another."""
    before = np.full_like(run, unknown)
    for at in range(1, len(years)):
        if int(years[at - 1][:4]) + 1 == int(years[at][:4]):
            before[:, at] = run[:, at - 1]
    return before
