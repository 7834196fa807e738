"""Risk ratios of which a few students decide: how many until the threshold is crossed, and where that leads.

Only ratios whose plausible range (95 %, Katz) lies on both sides of the threshold, and those that come to
be worked out, or no longer are, because the group's count crosses the least number for it. The comparison
group stays as it is; the students come to, or leave, the group's own count, and that of everybody with it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from cim_core.data.race_counts import AREAS, Area, Counts, Group
from cim_core.placing.disproportionality import Ratios, RatioStatus, measure
from cim_core.placing.placement import Placements, place
from cim_core.rules.rulebook import Comparator, Minimums
from cim_core.rules.tiers import Placement

_MOST_TRIED = 6
"""So many ratios of an LEA, those that take the fewest students first, are tried."""


@dataclass(frozen=True, slots=True)
class NearRatio:
    """One ratio in doubt: `change` students more (below 0: fewer) with the outcome cross its threshold.

    `minimum`: they cross the least number for working out a ratio; `ratio` None: there is none now.
    Not `settled`: at least in that `placement`.
    """

    area: Area
    group: Group
    ratio: float | None
    change: int
    minimum: bool
    placement: Placement
    settled: bool

    @property
    def students(self) -> int:
        """How many students that is."""
        return abs(self.change)


def that_decide(
    placements: Placements, year: str, rows: Iterable[int], most: int
) -> dict[int, list[NearRatio]]:
    """For each row the ratios that up to `most` students would carry across, with another placement."""
    counts, rules = placements.dataset.counts, placements.rulebook.disproportionality
    if counts is None or not counts.feeds:
        return {}
    ratios = measure(counts, rules)
    tries = {row: one for row in rows if (one := _in_doubt(ratios, placements, row, year, most))}
    out: dict[int, list[NearRatio]] = {row: [] for row in tries}
    for turn in range(max(map(len, tries.values()), default=0)):
        now = {row: each[turn] for row, each in tries.items() if turn < len(each)}
        keys = {(str(placements.dataset.lea_key[row]), *one[:3]) for row, one in now.items()}
        changed = replace(placements.dataset, counts=_moved(counts, year, keys))
        after = place(changed, placements.rulebook, percentiles=placements.percentiles)
        for row, (area, group, change, minimum) in now.items():
            if after.placement(row) != placements.placement(row):
                at = ratios.place(str(placements.dataset.lea_key[row]), year)
                assert at is not None
                ratio = float(ratios.ratio[(*at, int(area), int(group))])
                known = None if math.isnan(ratio) else ratio
                to, settled = after.placement(row), bool(after.firm[row])
                out[row].append(NearRatio(area, group, known, change, minimum, to, settled))
    return out


def _in_doubt(
    ratios: Ratios, placements: Placements, row: int, year: str, most: int
) -> list[tuple[Area, Group, int, bool]]:
    """Ratios that a few students carry across: how many, and whether across the least number for a ratio."""
    at = ratios.place(str(placements.dataset.lea_key[row]), year)
    if at is None:
        return []
    threshold = float(ratios.rules.threshold)
    with np.errstate(invalid="ignore"):
        doubt = (ratios.low[at] <= threshold) & (ratios.high[at] >= threshold)
    known = (ratios.cell[at] >= 0) & (ratios.others_cell[at] > 0)
    found = []
    for area, group in np.argwhere((doubt | known)[: len(AREAS)]).tolist():
        change, minimum = _to_cross(ratios, (*at, area, group))
        if 0 < abs(change) <= most and (minimum or doubt[area, group]):
            found.append((Area(area), Group(group), change, minimum))
    return sorted(found, key=lambda one: abs(one[2]))[:_MOST_TRIED]


def _to_cross(ratios: Ratios, at: tuple[int, int, int, int]) -> tuple[int, bool]:
    """Students more (fewer: below 0) in the group's count until its ratio is on the other side; 0 for none.

    And whether they cross the least number for a ratio on the way.
    """
    cell, total, least = int(ratios.cell[at]), int(ratios.total[at]), ratios.rules.min_cell
    fewer = ratios.fewer_to_clear(at)
    few, both = ratios.status[at] == RatioStatus.FEW_CELL, ratios.rules.minimums is Minimums.BOTH
    if fewer is not None:
        return -fewer, cell - fewer < least and not both
    if not (RatioStatus(int(ratios.status[at])).calculated or few):
        return 0, False
    others = Fraction(int(ratios.others_cell[at]), int(ratios.others_total[at]))
    edge = Fraction(ratios.rules.threshold) * total * others
    needed = math.floor(edge) + 1 if ratios.rules.comparator is Comparator.GREATER else math.ceil(edge)
    needed = max(needed, least) if few else needed
    return (needed - cell, bool(few)) if needed <= total else (0, False)


def _moved(counts: Counts, year: str, keys: set[tuple[str, Area, Group, int]]) -> Counts:
    """The counts with some groups' cells changed, and with them the count of everybody where it is given."""
    cell = counts.cell.copy()
    for lea, area, group, change in keys:
        here = (counts.lea_key == lea) & (counts.year == year) & (counts.area == area)
        theirs = here & np.isin(counts.group, (group, Group.TOTAL)) & (counts.cell >= 0)
        cell[theirs] += change
    return replace(counts, cell=cell)
