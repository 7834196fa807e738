"""Where an LEA stands on what it is ranked on: every LEA of the ranking by its value, the bands shaded.

The bands are those of the ranking itself: an LEA is shaded by its own percent from the worst, never by a
value that somebody read off a picture. Bins run from the worst value to the best; the few LEAs far out on
either side are counted into the first and the last one.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from cim_core.data.dataset import Bools, Floats
from cim_core.data.indicators import INDICATORS, POSITION
from cim_core.outlook.change_search import Ground
from cim_core.outlook.edge_margins import Edge
from cim_core.outlook.one_lea_ranking import Field
from cim_core.placing.ranking import Ranked
from cim_core.rules.banded_clause import BandedClause, banded
from cim_core.rules.clause import Basis
from cim_core.why.clauses import percentile
from cim_core.why.indicator_why import one_indicator
from cim_core.words.messages import Quantity

BINS = 44
_TAIL = 1
"""Percent of the LEAs on either side that share the first and the last bin."""


@dataclass(frozen=True, slots=True)
class StateStrip:
    """All LEAs ranked on one indicator, from the worst value `first` to the best one `last`.

    Each bin counts LEAs by band: up to the first edge, up to the second one, beyond. `value` is the LEA's
    own, the state file's where `from_state`; `rank` of `ranked` counts from the worst.
    """

    indicator: str
    value: Quantity
    from_state: bool
    rank: float
    ranked: int
    first: float
    last: float
    bins: tuple[tuple[int, int, int], ...]

    def place(self, value: float) -> float:
        """Where a value stands between the worst (0) and the best end (1); beyond an end it stands there."""
        span = self.last - self.first
        return min(1.0, max(0.0, (value - self.first) / span)) if span else 0.5


@dataclass(frozen=True, slots=True)
class RankEvidence:
    """What a clause about a ranking rests on: the single indicators, the LEA's worst first, and all together.

    `edges` are the percents at which the shaded bands end. `rank` and `ranked` are None where the file gives
    the percent itself, or where the clause looks at single indicators; `percent` is None only there.
    """

    evaluation: str
    edges: tuple[Fraction, ...]
    strips: tuple[StateStrip, ...]
    percent: Quantity | None
    rank: float | None
    ranked: int | None


def evidence(on: Ground, row: int, clause: BandedClause) -> RankEvidence:
    """What a banded clause rests on for one row: its named indicators alone, or the whole evaluation."""
    shaded = bands(on, clause)
    edges = tuple(Fraction(edge.value) for edge in shaded)
    ranked, there = on.placements.percentiles[clause.evaluation], on.fields_of(row).get(clause.evaluation)
    given = ranked.state[row] == Ranked.FROM_FILE
    alone = clause.basis is Basis.INDICATORS
    strips: list[StateStrip] = []
    if there is not None and (alone or not given):
        wanted = clause.indicators if alone else there.codes(row)
        strips = [_strip(on, there, row, code, shaded) for code in wanted if code in there.indicators(row)]
    strips.sort(key=lambda one: one.rank / one.ranked)
    percent = float(ranked.percentile[row])
    if alone or np.isnan(percent):
        return RankEvidence(clause.evaluation, edges, tuple(strips), None, None, None)
    rank, size = (None, None) if given else (float(ranked.rank[row]), int(ranked.ranked[row]))
    return RankEvidence(clause.evaluation, edges, tuple(strips), percentile(percent), rank, size)


def bands(on: Ground, clause: BandedClause) -> tuple[Edge, ...]:
    """The two edges that are shaded: those of the clause's own band, or its end and the next band's."""
    alike = [
        one
        for one in banded(on.placements.rulebook.clauses, clause.basis, clause.evaluation)
        if one.indicators == clause.indicators
    ]
    ends = {
        (value, name in ("to", "over"))
        for one in (alike if clause.basis is Basis.COMPOSITE else [clause])
        for name, value in one.bounds
        if value > 0
    }
    upper, inside = next((value, name == "to") for name, value in clause.bounds if name in ("to", "below"))
    ordered = [Edge(clause.evaluation, *end) for end in sorted(ends)]
    at = ordered.index(Edge(clause.evaluation, upper, inside))
    own_start = any(name in ("over", "start") and value > 0 for name, value in clause.bounds)
    first = at - 1 if own_start else at
    return tuple(ordered[max(first, 0) : first + 2])


def _strip(on: Ground, there: Field, row: int, code: str, shaded: tuple[Edge, ...]) -> StateStrip:
    own = one_indicator(on.placements, row, code)
    value = own.from_state or own.rate
    assert value is not None
    found, column = there.ranked[code], POSITION[code]
    percents = there.standing.indicator[found.who, column]
    values = there.pool.value[found.who, column]
    better = INDICATORS[column].higher_is_better
    low, high = (float(each) for each in np.percentile(values, (_TAIL, 100 - _TAIL)))
    first, last = (low, high) if better else (high, low)
    mine = float(there.standing.indicator[there.at[row], column])
    counts = _bins(values, (first, last), [edge.below(percents) for edge in shaded])
    size = len(found.who)
    return StateStrip(code, value, own.from_state is not None, mine * size / 100, size, first, last, counts)


def _bins(values: Floats, ends: tuple[float, float], inside: list[Bools]) -> tuple[tuple[int, int, int], ...]:
    """How many of each band fall into each bin."""
    first, last = ends
    share = (values - first) / (last - first) if last != first else np.full(len(values), 0.5)
    place = np.clip((share * BINS).astype(np.int64), 0, BINS - 1)
    band = np.full(len(values), 2)
    for at, each in reversed(list(enumerate(inside))):
        band[each] = at
    out = np.zeros((BINS, 3), np.int64)
    np.add.at(out, (place, band), 1)
    return tuple((int(worst), int(next_to), int(beyond)) for worst, next_to, beyond in out)
