"""Minor compliance findings of each row: those that the file gives, and missed indicators that a rulebook
counts as findings (late evaluations).

The same lateness can stand in a file twice, as a finding and as an indicator below 100 %; nothing public says
how CDE counts it. Here it counts once: the number is the larger of the two, never their sum.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cim_core.data.dataset import Bools, Dataset, Ints
from cim_core.data.facts import Fact
from cim_core.data.indicators import POSITION
from cim_core.rules.rulebook import Rulebook


@dataclass(frozen=True, slots=True, eq=False)
class Findings:
    """For R rows: `least` findings there are surely, `exact` where there are no more; `late` of them come
    from missed indicators."""

    least: Ints
    exact: Bools
    late: Ints


def of(dataset: Dataset, rulebook: Rulebook, missed: Bools, withheld: Bools) -> Findings:
    """The findings of every row; `missed` (R×K) are the indicators whose target is missed,
    `withheld` those that may be and are not shown.

    A file silent about findings leaves them unknown, unless a person said to take them as none.
    """
    columns = [POSITION[code] for code in rulebook.elements.as_findings]
    late, may_be = missed[:, columns].sum(axis=1), withheld[:, columns].any(axis=1)
    given = dataset.minor_findings
    exact = ((given >= 0) | dataset.assumed(Fact.FINDINGS)) & ~may_be
    return Findings(np.maximum(np.maximum(given, 0), late), exact, late)
