"""The steps that lead an LEA to another placement: which clauses must be escaped or met, and how cheaply.

For a less intensive placement every clause that holds for the present one, or for a more intensive one, must
be escaped, by better results only; for a more intensive one any clause is enough, by worse results only.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from cim_core.data.dataset import Ints
from cim_core.data.indicators import POSITION
from cim_core.outlook import what_holds
from cim_core.outlook.levers import Lever, Way
from cim_core.outlook.margins import Margins, margins
from cim_core.outlook.one_lea_ranking import Field, Fits, field
from cim_core.outlook.ranked_change import first_that_fits, several, single
from cim_core.placing.placement import Placements
from cim_core.placing.ranking import NO_REFERENCE, Reference
from cim_core.rules.banded_clause import BandedClause, banded
from cim_core.rules.clause import Basis, Clause
from cim_core.rules.tiers import NOT_PLACED, SMALL_LEA


class Blocked(StrEnum):
    """Why no change of this year's own numbers leads there."""

    LEAST = "least"
    MOST = "most"
    SMALL_LEA = "small_lea"
    NOT_PLACED = "not_placed"
    FACT = "fact"
    GIVEN_PERCENTILE = "given_percentile"
    NOT_SEARCHED = "not_searched"
    NOT_ENOUGH = "not_enough"
    NOT_FOUND = "not_found"
    UNPLACED = "unplaced"
    NOT_SHOWN = "not_shown"


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """What is looked up again and again for one year: margins of all rows, the rankings as fields.

    `fields` by evaluation and type of LEA, "" where all types are ranked together; `least` (R) is the
    severity below which disproportionality alone lets no row come, `not_searched` (R) that below which
    clauses do not of which nobody knows what would turn them.
    """

    placements: Placements
    year: str
    margins: Margins
    fields: Mapping[tuple[str, str], Field]
    least: Ints
    not_searched: Ints

    def fields_of(self, row: int) -> dict[str, Field]:
        """The rankings in which a row stands, by evaluation."""
        found = {}
        for name, one in self.placements.percentiles.items():
            used = one.used(row)
            there = self.fields.get((name, used.kind)) if used is not None else None
            if there is not None:
                found[name] = there
        return found

    def end(self, row: int, evaluation: str, code: str = "") -> what_holds.End:
        """How far up a row's percent from the worst may really be, see `what_holds.end`."""
        return what_holds.end(self.placements.percentiles[evaluation], row, code)

    @property
    def reference(self) -> Reference:
        """Against whom the placements were ranked."""
        return next((one.reference for one in self.placements.percentiles.values()), NO_REFERENCE)


@dataclass(frozen=True, slots=True)
class Steps:
    """Steps by indicator; no total of students below `least` can do."""

    steps: Mapping[str, int]
    least: int


@dataclass(frozen=True, slots=True)
class Wall:
    """Why there are no steps, and the clauses that stand in the way."""

    blocked: Blocked
    clauses: tuple[Clause, ...] = ()


def ground(placements: Placements, year: str) -> Ground:
    """Prepare one year of the dataset."""
    data = placements.dataset
    fields = {
        (name, used.kind): field(data, one, year, used.kind)
        for name, one in placements.percentiles.items()
        for used in one.of_year(year)
    }
    known = {key: one for key, one in fields.items() if one is not None}
    least, not_searched = (what_holds.least_by(placements, basis) for basis in (Basis.YEARS, Basis.OTHER))
    return Ground(placements, year, margins(placements), known, least, not_searched)


def nothing(on: Ground, row: int, way: Way, free: Mapping[str, Lever], wall: Wall) -> Wall:
    """The wall as it may be said: where values without students act on a rank, not everything was tried."""
    if wall.blocked is not Blocked.NOT_ENOUGH:
        return wall
    ranked = {
        code
        for name, one in on.fields_of(row).items()
        if _bands_to_cross(on, row, way, name) is not None
        for code in one.codes(row)
    }
    untried = any(not lever.counted and code in ranked for code, lever in free.items())
    return replace(wall, blocked=Blocked.NOT_FOUND) if untried else wall


def at_end(on: Ground, row: int, way: Way) -> Wall | None:
    """Whether a row has nowhere to go one way, is in no tier at all, or more decides than is shown."""
    placements = on.placements
    placement = placements.placement(row)
    if placement == SMALL_LEA:
        return Wall(Blocked.SMALL_LEA)
    if placement == NOT_PLACED:
        return Wall(Blocked.NOT_PLACED)
    tiers = [one for one in placements.rulebook.placements if one.tier is not None]
    if way is Way.LESS and placement == tiers[0]:
        return Wall(Blocked.LEAST)
    if way is Way.MORE and placement == tiers[-1]:
        return Wall(Blocked.MOST)
    return Wall(Blocked.NOT_SHOWN) if placements.unseen[row] else None


def solve(
    on: Ground, row: int, way: Way, free: Mapping[str, Lever], start: Mapping[str, int] | None = None
) -> Steps | Wall:
    """Steps of counted levers, on top of `start`, that should lead to another placement."""
    counted = {code: one for code, one in free.items() if one.counted or code in (start or {})}
    return (_less if way is Way.LESS else _more)(on, row, counted, start or {})


def _less(on: Ground, row: int, free: Mapping[str, Lever], start: Mapping[str, int]) -> Steps | Wall:
    """Every clause that holds for this placement, or a more intensive one, must be escaped."""
    placements = on.placements
    severity = placements.placement(row).severity
    bad = [one for one in placements.rulebook.clauses if one.placement.severity >= severity]
    bands = what_holds.bands(placements, row, bad)
    wall = _in_the_way(on, row, severity, bands)
    if wall is not None:
        return wall
    not_enough = Wall(Blocked.NOT_ENOUGH, placements.holding(row))
    timely = _flipped(free, start, what_holds.fewer_late(placements, row, bad), _as_findings(placements))
    forced = None if timely is None else _out_of_indicator_bands(on, row, free, timely, bad)
    if forced is None:
        return not_enough
    fewer = what_holds.fewer_misses(placements, row, bad)
    orders = ("rank", "count") if bands and fewer else ("rank",)
    found = [_escape(on, row, free, forced, bad, bands, fewer, first=first) for first in orders]
    done = [one for one in found if one is not None]
    if not done:
        return not_enough
    best = min(done, key=lambda one: (students(free, one.steps), len(one.steps)))
    return replace(best, least=0) if bands and fewer else best


def _in_the_way(on: Ground, row: int, severity: int, bands: list[BandedClause]) -> Wall | None:
    """What no result changes: facts, rules of which it is not searched what turns them, given percentiles."""
    facts = what_holds.facts(on.placements, on.least, row, severity)
    if facts:
        return Wall(Blocked.FACT, facts)
    others = what_holds.surely(on.placements, on.not_searched, row, severity, Basis.OTHER)
    if others:
        return Wall(Blocked.NOT_SEARCHED, others)
    given = tuple(band for band in bands if what_holds.given_percentile(on.placements, row, band))
    return Wall(Blocked.GIVEN_PERCENTILE, given) if given else None


def _escape(
    on: Ground, row: int, free: Mapping[str, Lever], forced: Mapping[str, int], bad: list[Clause],
    bands: list[BandedClause], fewer: int, first: str,
) -> Steps | None:  # fmt: skip
    """The steps out of percentile bands and below a count of missed targets, one of them first."""
    elements = set(on.placements.rulebook.elements.indicators)
    steps: dict[str, int] | None = dict(forced)
    proven, fields = True, on.fields_of(row)
    if first == "count":
        steps = _flipped(free, forced, fewer, elements)
    touched = set(forced) & _as_findings(on.placements)
    for name in dict.fromkeys(one.evaluation for one in bands):
        if steps is None or name not in fields:
            return None
        outside = what_holds.outside(banded(bad, Basis.COMPOSITE, name), on.end(row, name))
        bought, _ = several(fields[name], row, free, Way.LESS, outside, steps)
        if bought is None:
            return None
        proven &= bought.proven and not touched & set(fields[name].codes(row))
        touched |= set(fields[name].codes(row))
        steps = _added(steps, bought.steps)
    if first == "rank" and fewer and steps is not None:
        steps = _flipped(free, steps, fewer, elements)
    if steps is None:
        return None
    return Steps(steps, students(free, steps) if proven else 0)


def _out_of_indicator_bands(
    on: Ground, row: int, free: Mapping[str, Lever], start: Mapping[str, int], bad: list[Clause]
) -> dict[str, int] | None:
    """What each indicator needs alone to leave the bands that name it; None where one of them cannot."""
    steps = dict(start)
    by_itself = banded(on.placements.holding(row), Basis.INDICATORS)
    for name in dict.fromkeys(one.evaluation for one in by_itself if one in bad):
        there = on.fields_of(row)[name]
        clauses = banded(bad, Basis.INDICATORS, name)
        for code in dict.fromkeys(code for one in clauses for code in one.indicators):
            percent = on.placements.percentiles[name].indicator[row, POSITION[code]]
            fits = what_holds.outside(
                [one for one in clauses if code in one.indicators], on.end(row, name, code)
            )
            if np.isnan(percent) or fits(np.array([percent]))[0]:
                continue
            needed = (
                first_that_fits(there, row, free[code], fits, steps.get(code, 0)) if code in free else None
            )
            if needed is None:
                return None
            steps[code] = needed
    return steps


def _more(on: Ground, row: int, free: Mapping[str, Lever], start: Mapping[str, int]) -> Steps | Wall:
    """Any one clause for a more intensive placement is enough."""
    placements = on.placements
    severity = placements.placement(row).severity
    above = [one for one in placements.rulebook.clauses if one.placement.severity > severity]
    options = [
        *_by_turning(on, row, free, start, above),
        *(
            steps
            for band in banded(above, Basis.INDICATORS)
            for steps in _into_indicator_band(on, row, free, start, band)
        ),
    ]
    best = min(options, key=lambda one: (students(free, one.steps), len(one.steps)), default=None)
    least = [one.least for one in options]
    for name in dict.fromkeys(one.evaluation for one in banded(above, Basis.COMPOSITE)):
        bands = banded(above, Basis.COMPOSITE, name)
        cheaper, floor = _into_bands(on, row, free, start, bands, best)
        least += [] if floor is None else [floor]
        best = cheaper or best
    others = tuple(one for one in above if one.basis is Basis.OTHER)
    if best is None:
        return Wall(Blocked.NOT_SEARCHED, others) if others else Wall(Blocked.NOT_ENOUGH)
    return replace(best, least=0 if others else min([*least, students(free, best.steps)]))


def _by_turning(
    on: Ground, row: int, free: Mapping[str, Lever], start: Mapping[str, int], above: list[Clause]
) -> list[Steps]:
    """Steps that turn enough results, targets or late evaluations, for a clause that counts them."""
    found = []
    for more, among in (
        (what_holds.more_misses(on.placements, row, above), set(on.placements.rulebook.elements.indicators)),
        (what_holds.more_late(on.placements, row, above), _as_findings(on.placements)),
    ):
        flipped = _flipped(free, start, more, among) if more else None
        if flipped is not None:
            found.append(Steps(flipped, students(free, flipped)))
    return found


def _into_bands(
    on: Ground, row: int, free: Mapping[str, Lever], start: Mapping[str, int], bands: list[BandedClause],
    best: Steps | None,
) -> tuple[Steps | None, int | None]:  # fmt: skip
    """Steps into the bands of one composite where they are cheaper than the best so far, and the number of
    students below which none lead there; None where the rank is not to be moved."""
    name, fields = bands[0].evaluation, on.fields_of(row)
    given = what_holds.given_percentile(on.placements, row, bands[0])
    if given or name not in fields or not fields[name].codes(row):
        return None, None
    limit = None if best is None else students(free, best.steps)
    inside = what_holds.inside(bands, on.end(row, name))
    bought, floor = several(fields[name], row, free, Way.MORE, inside, start, limit)
    if bought is None:
        return None, floor
    steps = _added(start, bought.steps)
    if best is None or (students(free, steps), len(steps)) < (limit, len(best.steps)):
        return Steps(steps, floor), floor
    return None, floor


def _into_indicator_band(
    on: Ground, row: int, free: Mapping[str, Lever], start: Mapping[str, int], clause: BandedClause
) -> list[Steps]:
    there = on.fields_of(row).get(clause.evaluation)
    found = []
    for code in clause.indicators:
        if (
            there is None
            or code not in free
            or np.isnan(on.placements.percentiles[clause.evaluation].indicator[row, POSITION[code]])
        ):
            continue
        fits = what_holds.inside([clause], on.end(row, clause.evaluation, code))
        needed = first_that_fits(there, row, free[code], fits, start.get(code, 0))
        if needed is not None:
            steps = dict(start) | {code: needed}
            found.append(Steps(steps, students(free, steps)))
    return found


def in_points(on: Ground, row: int, way: Way, free: Mapping[str, Lever]) -> list[Steps]:
    """Plans that move values without students; best first.

    Each of them by itself, with students beside it; and as many of them as missed targets take. Several of
    them that act on one rank together are not looked for.
    """
    every = (_less if way is Way.LESS else _more)(on, row, free, {})
    found = (
        [every] if isinstance(every, Steps) and any(not free[code].counted for code in every.steps) else []
    )
    for code, lever in free.items():
        if lever.counted:
            continue
        begun = [lever.flip] if lever.flip is not None else []
        for name, there in on.fields_of(row).items():
            bands = _bands_to_cross(on, row, way, name)
            if bands is not None and code in there.codes(row):
                alone = single(there, row, lever, bands)
                begun += [] if alone is None else [alone]
        for steps in begun:
            one = solve(on, row, way, free, {code: steps})
            found += [one] if isinstance(one, Steps) else []
    return sorted(found, key=lambda one: (students(free, one.steps), len(one.steps)))


def _bands_to_cross(on: Ground, row: int, way: Way, evaluation: str) -> Fits | None:
    """Where a percentile must come to matter one way; None where the bands of an evaluation do not matter."""
    placements = on.placements
    severity = placements.placement(row).severity
    bands = banded(placements.rulebook.clauses, Basis.COMPOSITE, evaluation)
    if not bands or what_holds.given_percentile(placements, row, bands[0]):
        return None
    if way is Way.LESS:
        bad = [one for one in bands if one.placement.severity >= severity]
        return (
            what_holds.outside(bad, on.end(row, evaluation))
            if what_holds.bands(placements, row, bad)
            else None
        )
    above = [one for one in bands if one.placement.severity > severity]
    return what_holds.inside(above, on.end(row, evaluation)) if above else None


def _as_findings(placements: Placements) -> set[str]:
    return set(placements.rulebook.elements.as_findings)


def _flipped(
    free: Mapping[str, Lever], steps: Mapping[str, int], count: int, among: Collection[str]
) -> dict[str, int] | None:
    """Steps with `count` results of some indicators turned, those first that cost the fewest further
    students; values without students last, and only where they are among the free ones."""
    costs = []
    for code, lever in free.items():
        if lever.flip is not None and code in among:
            more = max(0, lever.flip - steps.get(code, 0))
            costs.append((not lever.counted and more > 0, more if lever.counted else 0, POSITION[code]))
    costs.sort()
    if len(costs) < count:
        return None
    codes = list(POSITION)
    wanted = {codes[at] for _, _, at in costs[:count]}
    out = dict(steps)
    for code in wanted:
        flip = free[code].flip
        assert flip is not None
        out[code] = max(out.get(code, 0), flip)
    return out


def _added(steps: Mapping[str, int], more: Mapping[str, int]) -> dict[str, int]:
    return {code: steps.get(code, 0) + more.get(code, 0) for code in {**steps, **more}}


def students(free: Mapping[str, Lever], steps: Mapping[str, int]) -> int:
    """The number of students in some steps; values without students count for nothing."""
    return sum(n for code, n in steps.items() if free[code].counted)
