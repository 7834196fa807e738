"""Statements about disproportionality that exclude one another: only a person can say which is right.

Method: one year means newly identified; significant disproportionality is the same area and group three years
running (34 CFR 300.646–647), unless the LEA is only still in the plan that an earlier year led to (CCEIS).
Two years beside significant disproportionality are no contradiction here: another count of the years differs
by one at most, and Level 3 holds either way.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from cim_core.data.dataset import Bools, Dataset
from cim_core.data.indicators import POSITION

AREAS = ("4b", "9", "10")
"""Indicators that count areas of disproportionality."""
_YES, _NO = 1, 0


class Contradiction(StrEnum):
    """What excludes what."""

    SIG_DIS = "sig_dis_contradicts"
    AREAS = "areas_contradict"
    NEWLY_LATE = "newly_contradicts"
    NEWLY_EXPECTED = "newly_expected"


def found(dataset: Dataset) -> dict[Contradiction, Bools]:
    """The rows (R) in which each contradiction between stated facts stands; unknown contradicts nothing.

    A "no" to newly beside significant disproportionality fits only where years say three or more.
    """
    years, newly = dataset.disproportionate_years, dataset.newly_disproportionate
    significant = (dataset.sig_dis == _YES) & (dataset.cceis != _YES)
    few = (years == 0) | (years == 1)
    return {
        Contradiction.SIG_DIS: significant & (few | ((newly == _NO) & (years < 0))),
        Contradiction.AREAS: _areas_beside_no_years(dataset),
        Contradiction.NEWLY_LATE: (newly == _YES) & (years >= 0) & (years != 1),
        Contradiction.NEWLY_EXPECTED: (newly == _NO) & (years == 1),
    }


def areas_above_none(dataset: Dataset) -> Bools:
    """The rows (R) with an area of disproportionality in 4b, 9 or 10."""
    each = np.nan_to_num(dataset.value[:, [POSITION[code] for code in AREAS]]) > 0
    return np.asarray(each.any(axis=1))


def _areas_beside_no_years(dataset: Dataset) -> Bools:
    """Not where counts speak by other numbers than those under which the file counted its areas."""
    beside = areas_above_none(dataset) & (dataset.disproportionate_years == 0)
    return np.asarray(beside if dataset.worked_out is None else beside & ~dataset.worked_out.years_anew)


def from_outside(dataset: Dataset) -> Bools:
    """The rows (R) whose stated facts areas of disproportionality contradict, or their own counts.

    What is stated is then read every way that leaves one statement out (`cim_core.placing.worlds`).
    """
    against = _areas_beside_no_years(dataset)
    return np.asarray(against if dataset.worked_out is None else against | dataset.worked_out.excluded)
