"""How far a percentile is from each edge of the bands: in rank places, in composite points, in students.

Others and the state stay as they are. Crossing an edge takes a rank on its other side; what that takes in one
indicator alone is found by ranking everybody anew for each number of students that is tried.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

import numpy as np

from cim_core.data.dataset import Bools, Floats
from cim_core.data.indicators import POSITION
from cim_core.outlook.change_search import Ground
from cim_core.outlook.levers import Lever, Way, levers
from cim_core.outlook.one_lea_ranking import Fits
from cim_core.outlook.ranked_change import edge_composite, first_that_fits, single
from cim_core.placing.ranking import Ranked
from cim_core.rules.banded_clause import BandedClause
from cim_core.rules.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Edge:
    """One edge of an evaluation's bands; with `inside` the edge itself belongs to the band below it.

    `indicator` is empty for bands of the composite, else the one indicator that is ranked by itself.
    """

    evaluation: str
    value: Decimal
    inside: bool
    indicator: str = ""

    def below(self, percents: Floats) -> Bools:
        """Which percents from the worst are on the lower, more intensive side."""
        edge = float(self.value)
        return np.asarray(percents <= edge if self.inside else percents < edge)


@dataclass(frozen=True, slots=True)
class Alone:
    """One indicator that crosses an edge by itself: students, or None for a value without them."""

    indicator: str
    students: int | None
    before: Fraction
    after: Fraction


@dataclass(frozen=True, slots=True)
class EdgeMargin:
    """One LEA's distance to one edge. `below`: it is on the edge's lower side now.

    `places` LEAs must be passed, None where the percentile is the file's own; the composite must move by
    more than `points` (None for an indicator ranked by itself); `alone` lists those that can do it by
    themselves, fewest students first. `stand_in` is the year of the reference that stands in for the LEA's,
    so that all this is about a ranking in which it never was; nothing where the years are the same.
    """

    edge: Edge
    below: bool
    percent_points: float
    places: int | None = None
    points: float | None = None
    alone: tuple[Alone, ...] = ()
    stand_in: str = ""

    @property
    def borderline(self) -> bool:
        """Whether passing one LEA is enough."""
        return self.places is not None and self.places <= 1


def edges(rulebook: Rulebook, evaluation: str) -> tuple[Edge, ...]:
    """The edges of an evaluation's bands, from the worst; the end at 0 is none."""
    found = {
        Edge(evaluation, value, name in ("to", "over"), indicator)
        for clause in rulebook.clauses
        if isinstance(clause, BandedClause) and clause.evaluation == evaluation
        for name, value in clause.bounds
        for indicator in clause.indicators or ("",)
        if value > 0
    }
    return tuple(sorted(found, key=lambda one: (one.indicator, one.value, one.inside)))


def edge_margins(on: Ground, row: int) -> tuple[EdgeMargin, ...]:
    """The distances of one row to every edge of every evaluation in which it has a percentile."""
    placements = on.placements
    found: list[EdgeMargin] = []
    for name, ranked in placements.percentiles.items():
        used = ranked.used(row)
        stand_in = used.reference_year if used is not None and used.older and used.reference_year else ""
        for edge in edges(placements.rulebook, name):
            if edge.indicator:
                percent = float(ranked.indicator[row, POSITION[edge.indicator]])
                if math.isnan(percent):
                    continue
                margin = _by_itself(on, row, edge, percent)
            elif math.isnan(ranked.percentile[row]):
                continue
            else:
                margin = _margin(on, row, edge, float(ranked.percentile[row]))
            found.append(margin if margin.places is None else replace(margin, stand_in=stand_in))
    return tuple(found)


def _by_itself(on: Ground, row: int, edge: Edge, percent: float) -> EdgeMargin:
    """The distance of an indicator that is ranked by itself: only its own students can cross the edge."""
    there, below = on.fields_of(row)[edge.evaluation], bool(edge.below(np.array([percent]))[0])
    size = len(there.ranked[edge.indicator].who)

    def fits(percents: Floats) -> Bools:
        return np.asarray(edge.below(percents) != below)

    places = places_to(percent * size / 100, size, below, fits)
    lever = levers(on.placements, on.margins, row, Way.LESS if below else Way.MORE).get(edge.indicator)
    steps = None if lever is None else first_that_fits(there, row, lever, fits)
    alone = () if lever is None or steps is None else (_alone(on, row, lever, steps),)
    return EdgeMargin(edge, below, abs(percent - float(edge.value)), places, None, alone)


def places_to(rank: float, size: int, below: bool, fits: Fits) -> int | None:
    """How many must be passed until 100 × rank ÷ size is on the other side; None where no rank is."""
    ranks = np.arange(1, size + 1)
    reach = ranks[fits(100 * ranks / size)]
    reach = reach[reach >= rank] if below else reach[reach <= rank]
    if not len(reach):
        return None
    return max(1, math.ceil(abs(float(reach.min() if below else reach.max()) - rank)))


def _margin(on: Ground, row: int, edge: Edge, percent: float) -> EdgeMargin:
    below = bool(edge.below(np.array([percent]))[0])
    away = abs(percent - float(edge.value))
    there = on.fields_of(row).get(edge.evaluation)
    computed = on.placements.percentiles[edge.evaluation].state[row] == Ranked.COMPUTED
    if there is None or not computed:
        return EdgeMargin(edge, below, away)
    way = Way.LESS if below else Way.MORE

    def fits(percents: Floats) -> Bools:
        return np.asarray(edge.below(percents) != below)

    other = edge_composite(there, row, way, fits)
    if other is None:
        return EdgeMargin(edge, below, away)
    places = places_to(float(there.standing.rank[there.at[row]]), there.ranked_together, below, fits)
    points = abs(other - float(there.standing.composite[there.at[row]]))
    free = levers(on.placements, on.margins, row, way)
    alone = [
        _alone(on, row, lever, steps)
        for code, lever in free.items()
        if code in there.codes(row) and (steps := single(there, row, lever, fits)) is not None
    ]
    alone.sort(key=lambda one: (one.students is None, one.students or 0))
    return EdgeMargin(edge, below, away, places, points, tuple(alone))


def _alone(on: Ground, row: int, lever: Lever, steps: int) -> Alone:
    before = on.placements.dataset.exact(row, lever.indicator)
    assert before is not None
    return Alone(lever.indicator, steps if lever.counted else None, before, lever.exact(steps))
