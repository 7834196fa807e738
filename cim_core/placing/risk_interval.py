"""A risk ratio and its interval: Katz, Baptista, Azen and Pike 1978, Biometrics 34:469–474."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

from cim_core.data.dataset import Bools, Floats, Ints

CONFIDENCE = 0.95


def katz(
    there: Bools, cell: Ints, total: Ints, others_cell: Ints, others_total: Ints
) -> tuple[Floats, Floats, Floats]:
    """Ratio and its 95 % interval on the log scale where it is `there`, else NaN; none where the group's cell
    is 0.

    ln(ratio) ± z × √(1/a − 1/n + 1/c − 1/m), with a of n in the group and c of m in the comparison group.
    """
    with np.errstate(all="ignore"):
        ratio = np.where(there, (cell / total) / (others_cell / others_total), np.nan)
        error = np.sqrt(1 / cell - 1 / total + 1 / others_cell - 1 / others_total)
        spread = np.exp(NormalDist().inv_cdf((1 + CONFIDENCE) / 2) * error)
        bounded = there & (cell > 0)
        low, high = (np.where(bounded, each, np.nan) for each in (ratio / spread, ratio * spread))
    return ratio, low, high
