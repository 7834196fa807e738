"""Fragile, close or solid: how few students, or places in a ranking, would change a placement.

Method (this project's own): the smallest of what is looked for elsewhere – the smallest change of the LEA's
own results both ways (`cim_core.outlook.smallest_change`, timelines at 100 % left alone), places to each
edge of the
bands whose crossing places it elsewhere (`cim_core.outlook.edge_margins`), and students until a risk ratio
crosses its threshold where its plausible range lies on both sides of it. Up to 3 is fragile, 4 to 10 close.
A timeline at 100 % counts only together with other missed targets: one late result, and what else it takes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from cim_core.data.dataset import NONE
from cim_core.data.indicators import POSITION
from cim_core.outlook import exposure, near_ratios, what_holds
from cim_core.outlook.change_search import Ground
from cim_core.outlook.edge_margins import Edge, edges, places_to
from cim_core.outlook.levers import Way
from cim_core.outlook.smallest_change import Plan, WayAnswer, answers
from cim_core.placing.placement import Placements, Result, place
from cim_core.placing.ranking import Ranked, bounded
from cim_core.placing.settled import Standing
from cim_core.rules.clause import Basis, Clause
from cim_core.rules.tiers import NOT_PLACED, SMALL_LEA, Placement
from cim_core.why.risk_ratios import worked_out

FRAGILE_TO, CLOSE_TO = 3, 10
_NOTHING = 10**9
_FACTS = (Basis.FINDINGS, Basis.YEARS)


class Closeness(StrEnum):
    """How near a placement is to another, in students or places: up to 3, 4 to 10, more; or not tested."""

    FRAGILE = "fragile"
    CLOSE = "close"
    SOLID = "solid"
    NOT_TESTED = "not_tested"


class Untested(StrEnum):
    """Why it was not tested."""

    NOT_PLACED = "not_placed"
    SMALL_LEA = "small_lea"
    FACT = "fact"
    GIVEN_PERCENTILE = "given_percentile"
    FACT_FROM_COUNTS = "fact_from_counts"
    NOT_SEARCHED = "not_searched"
    NO_COUNTS = "no_counts"
    NOT_SETTLED = "not_settled"
    IN_PROGRESS = "in_progress"
    NOT_SHOWN = "not_shown"


class What(StrEnum):
    """What decides: own results, places in a ranking, a risk ratio, or late results with other misses."""

    RESULTS = "results"
    PLACES = "places"
    RATIO = "ratio"
    EXPOSURE = "exposure"


@dataclass(frozen=True, slots=True)
class Decider:
    """One thing that would lead to `placement` (not `settled`: at least to it): `count` students, or places
    in a ranking.

    `plan` is the change of results; `evaluation` (and `indicator`, where one is ranked by itself) the
    ranking; `ratio` the area and group; `indicators` the timelines at 100 % of which one result is late, with
    `others` further targets that a few students would miss. `proven`: no smaller number would do.
    """

    what: What
    count: int
    placement: Placement
    plan: Plan | None = None
    evaluation: str = ""
    indicator: str = ""
    ratio: near_ratios.NearRatio | None = None
    indicators: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    proven: bool = True
    settled: bool = True

    @property
    def standing(self) -> Standing:
        """Where it leads to, and whether that is settled."""
        return Standing(self.placement, self.settled)


@dataclass(frozen=True, slots=True)
class RowCloseness:
    """One LEA and year. `deciders` are sorted, fewest first; `untested` says why nothing was tested.

    `by_one` and `by_few` count targets that are met by one student, and by two or three, where missing any of
    them would change the placement. `settled` False: the placement shown is not the only possible one, and
    everything here is about the least that it can be; it is never solid then.
    `by_fact`: a finding or disproportionality decides.
    """

    closeness: Closeness
    placement: Placement
    settled: bool
    missed: int
    deciders: tuple[Decider, ...]
    exposure: exposure.Exposure
    untested: Untested | None = None
    by_one: int = 0
    by_few: int = 0
    by_fact: bool = False

    @property
    def first(self) -> Decider | None:
        """What takes the fewest; None where nothing was found."""
        return self.deciders[0] if self.deciders else None

    @property
    def count(self) -> int | None:
        """The fewest students or places; None where nothing was found."""
        return self.deciders[0].count if self.deciders else None

    def fewest(self, way: Way) -> Decider | None:
        """What takes the fewest one way; None where nothing was found."""
        more = way is Way.MORE
        ways = (one for one in self.deciders if one.placement != self.placement)
        return next((one for one in ways if (one.placement > self.placement) == more), None)

    @property
    def order(self) -> tuple[int, int]:
        """By which rows are sorted: the most fragile first, those that were not tested last."""
        levels = list(Closeness)
        return levels.index(self.closeness), self.count if self.count is not None else _NOTHING

    @property
    def students(self) -> int | None:
        """The fewest students; None where none would do or only places in a ranking do."""
        found = [one.count for one in self.deciders if one.what is not What.PLACES]
        return min(found, default=None)


def closeness(
    on: Ground, rows: Iterable[int], found: Mapping[int, Mapping[Way, WayAnswer]] | None = None
) -> dict[int, RowCloseness]:
    """How close each of some rows of the ground's year is.

    `found` are answers of `exposure.without(on)` where they are known already.
    """
    wanted = list(rows)
    missing = [row for row in wanted if found is None or row not in found]
    known = dict(found or {}) | (answers(exposure.without(on), missing) if missing else {})
    places, ratios = _by_places(on, wanted), _by_ratios(on, wanted)
    return {row: _row(on, row, known[row], [*places.get(row, ()), *ratios.get(row, ())]) for row in wanted}


def _row(on: Ground, row: int, found: Mapping[Way, WayAnswer], others: list[Decider]) -> RowCloseness:
    placements = on.placements
    here = placements.placement(row)
    open_to = exposure.exposure(placements, row)
    settled, missed = bool(placements.firm[row]), int(placements.missed[row])
    nowhere = {NOT_PLACED: Untested.NOT_PLACED, SMALL_LEA: Untested.SMALL_LEA}.get(here)
    if placements.dataset.in_progress[row]:
        nowhere = Untested.IN_PROGRESS
    if placements.unseen[row]:
        nowhere = Untested.NOT_SHOWN
    if nowhere is not None:
        return RowCloseness(Closeness.NOT_TESTED, here, settled, missed, (), open_to, nowhere)
    deciders = [
        Decider(What.RESULTS, best.students, best.placement, best, proven=best.proven, settled=best.settled)
        for way in Way
        if (best := found[way].best) is not None and best.counted
    ]
    deciders += others
    late = _together(on, row, open_to)
    deciders += [] if late is None else [late]
    deciders.sort(key=lambda one: (one.count, list(What).index(one.what)))
    level, untested = _level(on, row, deciders)
    by_one, by_few = _met_by(on, row)
    clause = placements.clause(row)
    return RowCloseness(
        level, here, settled, missed, tuple(deciders), open_to, untested, by_one, by_few,
        clause is not None and clause.basis in _FACTS,
    )  # fmt: skip


def _level(on: Ground, row: int, deciders: list[Decider]) -> tuple[Closeness, Untested | None]:
    """A typed fact that decides, or values without counts: untested, unless something else is near."""
    least = deciders[0].count if deciders else None
    if least is not None and least <= CLOSE_TO:
        return (Closeness.FRAGILE if least <= FRAGILE_TO else Closeness.CLOSE), None
    placements = on.placements
    clause, settled = placements.clause(row), bool(placements.firm[row])
    if clause is not None and settled:
        facts = what_holds.facts(placements, on.least, row, clause.placement.severity)
        if clause in facts:
            return Closeness.NOT_TESTED, _fact(placements, row, clause)
        if clause.basis is Basis.OTHER:
            return Closeness.NOT_TESTED, Untested.NOT_SEARCHED
        if clause.basis is Basis.COMPOSITE and what_holds.given_percentile(placements, row, clause):
            return Closeness.NOT_TESTED, Untested.GIVEN_PERCENTILE
    if not deciders and not _anything_counted(on, row):
        return Closeness.NOT_TESTED, Untested.NO_COUNTS
    return (Closeness.SOLID, None) if settled else (Closeness.NOT_TESTED, Untested.NOT_SETTLED)


def _fact(placements: Placements, row: int, clause: Clause) -> Untested:
    """Whether what decides is given, or worked out from counts by race and ethnicity."""
    by_counts = clause.basis is Basis.YEARS and worked_out(placements.dataset, row)
    return Untested.FACT_FROM_COUNTS if by_counts else Untested.FACT


def _anything_counted(on: Ground, row: int) -> bool:
    """Whether any result that could matter is a number of students; else nothing was put to the test."""
    rules = on.placements.rulebook
    compared = (Result.MET, Result.MISSED)
    counted = on.placements.dataset.counts_given()[row]
    cells = [POSITION[code] for code in (*rules.elements.indicators, *rules.elements.as_findings)]
    ranked = any(one.codes(row) for one in on.fields_of(row).values())
    return ranked or any(counted[at] and on.placements.results[row, at] in compared for at in cells)


def _met_by(on: Ground, row: int) -> tuple[int, int]:
    """Targets met by one student and by two or three, where one more missed target changes the placement."""
    needed = exposure.misses_to_more(on.placements, row)
    if needed is None or needed[0] != 1:
        return 0, 0
    spare = [count for count, _ in _spare(on, row)]
    return sum(one == 1 for one in spare), sum(1 < one <= FRAGILE_TO for one in spare)


def _spare(on: Ground, row: int) -> list[tuple[int, str]]:
    """By how many students each target that counts is met, timelines at 100 % left out, fewest first."""
    alone = exposure.without(on).margins.students[row]
    return sorted(
        (int(alone[POSITION[code]]), code)
        for code in on.placements.rulebook.elements.indicators
        if on.placements.results[row, POSITION[code]] == Result.MET and alone[POSITION[code]] != NONE
    )


def _together(on: Ground, row: int, open_to: exposure.Exposure) -> Decider | None:
    """One late result, together with targets already missed and as many more as are met by the least."""
    needed = exposure.misses_to_more(on.placements, row)
    as_targets = set(on.placements.rulebook.elements.indicators)
    late = tuple(code for code in open_to.indicators if code in as_targets)
    if needed is None or not late or not on.placements.missed[row]:
        return None
    spare = _spare(on, row)[: needed[0] - 1]
    if len(spare) < needed[0] - 1:
        return None
    count = 1 + sum(each for each, _ in spare)
    others = tuple(code for _, code in spare)
    settled = bool(on.placements.firm[row])
    return Decider(What.EXPOSURE, count, needed[1], indicators=late, others=others, settled=settled)


def _by_places(on: Ground, rows: list[int]) -> dict[int, list[Decider]]:
    """The places each row is from an edge of a band whose crossing places it elsewhere; at most `CLOSE_TO`.

    Only percentiles that are ranked here and known exactly; everybody is placed once for each edge.
    """
    placements = on.placements
    out: dict[int, list[Decider]] = {row: [] for row in rows}
    for name in placements.percentiles:
        for edge in edges(placements.rulebook, name):
            near = {row: one for row in rows if (one := _near_edge(on, row, name, edge)) is not None}
            if not near:
                continue
            after = _across(placements, name, edge, near)
            for row, (count, _) in near.items():
                to = after.placement(row)
                if to != placements.placement(row):
                    settled = bool(after.firm[row])
                    across = Decider(What.PLACES, count, to, None, name, edge.indicator, settled=settled)
                    out[row].append(across)
    return out


def _near_edge(on: Ground, row: int, name: str, edge: Edge) -> tuple[int, float] | None:
    """How many places an edge is away and the percent from the worst across it; None where it is not near."""
    ranked, there = on.placements.percentiles[name], on.fields_of(row).get(name)
    if there is None:
        return None
    if edge.indicator:
        at = (row, POSITION[edge.indicator])
        exact = ranked.indicator_low[at] == ranked.indicator_high[at]
        percent = float(ranked.indicator[at]) if exact else math.nan
        size = len(there.ranked[edge.indicator].who) if edge.indicator in there.ranked else 0
    else:
        exact = ranked.state[row] == Ranked.COMPUTED and ranked.low[row] == ranked.high[row]
        percent = float(ranked.percentile[row]) if exact else math.nan
        size = there.ranked_together
    if math.isnan(percent):
        return None
    below = bool(edge.below(np.array([percent]))[0])
    count = places_to(percent * size / 100, size, below, lambda each: edge.below(each) != below)
    if count is None or count > CLOSE_TO:
        return None
    return count, percent + (100 if below else -100) * count / size


def _across(
    placements: Placements, name: str, edge: Edge, near: Mapping[int, tuple[int, float]]
) -> Placements:
    """Everybody placed with the near ones on the other side of an edge, all else as it is."""
    ranked = placements.percentiles[name]
    percents = (ranked.indicator if edge.indicator else ranked.percentile).copy()
    for row, (_, percent) in near.items():
        percents[(row, POSITION[edge.indicator]) if edge.indicator else row] = percent
    over = replace(ranked, indicator=percents) if edge.indicator else replace(ranked, percentile=percents)
    percentiles = dict(placements.percentiles) | {name: bounded(over)}
    return place(placements.dataset, placements.rulebook, percentiles=percentiles)


def _by_ratios(on: Ground, rows: list[int]) -> dict[int, list[Decider]]:
    """The fewest students by which a ratio in doubt crosses its threshold and the LEA is placed elsewhere."""
    return {
        row: [
            Decider(What.RATIO, one.students, one.placement, ratio=one, settled=one.settled) for one in near
        ]
        for row, near in near_ratios.that_decide(on.placements, on.year, rows, CLOSE_TO).items()
    }
