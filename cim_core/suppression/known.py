"""Where everybody is placed, beside what an audience may see of why.

Monitoring status is public, the small groups behind it are not: of what is hidden only the placement that it
led to is known.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cim_core.data.arrays import Bools, Codes
from cim_core.placing.placement import Outcome, Placements


def as_known(public: Placements, whole: Placements) -> Placements:
    """The placements of public data, each LEA at the placement that the whole data give.

    Both are of the same rows under the same rules. What was said of the public data stays as it is; a clause
    for the placement that may hold takes the place of the one that decided, where those differ.
    """
    differs = (public.possible != whole.possible).any(axis=1)
    return replace(
        public,
        placed=whole.placed,
        possible=whole.possible,
        deciding=np.where(differs, _leading(public, whole.placed), public.deciding).astype(np.int8),
        seen=public.possible,
    )


def changed(before: Placements, after: Placements) -> Placements:
    """Public data placed under a scenario: whoever may still be where it is stays there, since what is hidden
    may keep it; so nobody is said to move who may not.

    Where the scenario changes nothing of what is seen, it is as settled as without it.
    """
    if before.dataset.audience.sees_everything or before.rulebook.placements != after.rulebook.placements:
        return after
    was = before.possible if before.seen is None else before.seen
    same = (was == after.possible).all(axis=1)
    may_stay = after.possible[np.arange(len(after.placed)), before.placed]
    placed = np.where(may_stay, before.placed, after.placed).astype(np.int8)
    return replace(
        after,
        placed=placed,
        possible=np.where(same[:, np.newaxis], before.possible, after.possible),
        deciding=np.where(placed == after.placed, after.deciding, _leading(after, placed)).astype(np.int8),
        seen=after.possible,
    )


def _leading(public: Placements, placed: Codes) -> Codes:
    """The first clause (R) for a placement (R) that surely holds, else the only one that may; −1 for none."""
    at = {placement: number for number, placement in enumerate(public.rulebook.placements)}
    of_clause = np.array([at[clause.placement] for clause in public.rulebook.clauses], np.int8)
    fits: Bools = of_clause == placed[:, np.newaxis]
    sure, may = fits & (public.outcomes == Outcome.TRUE), fits & (public.outcomes == Outcome.UNKNOWN)
    only = np.where(may.sum(axis=1) == 1, may.argmax(axis=1), -1)
    return np.where(sure.any(axis=1), sure.argmax(axis=1), only).astype(np.int8)
