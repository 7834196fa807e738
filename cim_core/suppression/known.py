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
    return _placed(public, whole, np.ones(len(public.placed), np.bool_))


def changed(before: Placements, after: Placements) -> Placements:
    """Public data placed under a scenario: whoever is placed by more than is seen stays there, as long as the
    scenario changes nothing of what is seen; where it does, how far that leads is open."""
    if before.seen is None:
        return after
    same = np.zeros(len(after.placed), np.bool_)
    if before.rulebook.placements == after.rulebook.placements:
        same = (before.seen == after.possible).all(axis=1)
    return _placed(after, before, same & before.unseen)


def _placed(public: Placements, whole: Placements, rows: Bools) -> Placements:
    """The public placements with some rows at the placement that they have in the whole ones."""
    differs = rows & (public.possible != whole.possible).any(axis=1) if rows.any() else rows
    return replace(
        public,
        placed=np.where(rows, whole.placed, public.placed).astype(np.int8),
        possible=np.where(rows[:, np.newaxis], whole.possible, public.possible)
        if rows.any()
        else public.possible,
        deciding=np.where(differs, _leading(public, whole), public.deciding).astype(np.int8),
        seen=public.possible,
    )


def _leading(public: Placements, whole: Placements) -> Codes:
    """The first clause (R) for the placement that surely holds, else the only one that may; −1 for none."""
    at = {placement: number for number, placement in enumerate(public.rulebook.placements)}
    of_clause = np.array([at[clause.placement] for clause in public.rulebook.clauses], np.int8)
    fits: Bools = of_clause == whole.placed[:, np.newaxis]
    sure, may = fits & (public.outcomes == Outcome.TRUE), fits & (public.outcomes == Outcome.UNKNOWN)
    only = np.where(may.sum(axis=1) == 1, may.argmax(axis=1), -1)
    return np.where(sure.any(axis=1), sure.argmax(axis=1), only).astype(np.int8)
