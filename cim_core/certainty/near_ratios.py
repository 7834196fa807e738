"""Risk ratios of which a few students decide: how many until the threshold is crossed, and where that leads.

Only ratios whose plausible range (95 %, Katz) lies on both sides of the threshold. The comparison group stays
as it is; the students come to, or leave, the group's own count, and the count of everybody with it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from cim_core.counts import AREAS, Area, Counts, Group
from cim_core.disproportionality import Ratios, measure
from cim_core.placement import Placements, place
from cim_core.rulebook import Comparator, Placement

_MOST_TRIED = 6
"""So many ratios of an LEA, those that take the fewest students first, are tried."""


@dataclass(frozen=True, slots=True)
class NearRatio:
    """One ratio in doubt: `change` students more (below 0: fewer) with the outcome cross its threshold."""

    area: Area
    group: Group
    ratio: float
    change: int
    placement: Placement

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
        keys = {(str(placements.dataset.lea_key[row]), *one) for row, one in now.items()}
        changed = replace(placements.dataset, counts=_moved(counts, year, keys))
        after = place(changed, placements.rulebook, percentiles=placements.percentiles)
        for row, (area, group, change) in now.items():
            if after.placement(row) != placements.placement(row):
                at = ratios.place(str(placements.dataset.lea_key[row]), year)
                assert at is not None
                ratio = float(ratios.ratio[(*at, int(area), int(group))])
                out[row].append(NearRatio(area, group, ratio, change, after.placement(row)))
    return out


def _in_doubt(
    ratios: Ratios, placements: Placements, row: int, year: str, most: int
) -> list[tuple[Area, Group, int]]:
    """Ratios whose range lies on both sides of the threshold, with the students that carry them across."""
    at = ratios.place(str(placements.dataset.lea_key[row]), year)
    if at is None:
        return []
    threshold = float(ratios.rules.threshold)
    with np.errstate(invalid="ignore"):
        doubt = (ratios.low[at] <= threshold) & (ratios.high[at] >= threshold)
    found = []
    for area, group in np.argwhere(doubt[: len(AREAS)]).tolist():
        change = _to_cross(ratios, (*at, area, group))
        if change is not None and abs(change) <= most:
            found.append((Area(area), Group(group), change))
    return sorted(found, key=lambda one: abs(one[2]))[:_MOST_TRIED]


def _to_cross(ratios: Ratios, at: tuple[int, int, int, int]) -> int | None:
    """Students more (or fewer, below 0) in the group's count until its ratio is on the other side."""
    fewer = ratios.fewer_to_clear(at)
    if fewer is not None:
        return -fewer
    cell, total = int(ratios.cell[at]), int(ratios.total[at])
    others = Fraction(int(ratios.others_cell[at]), int(ratios.others_total[at]))
    edge = Fraction(ratios.rules.threshold) * total * others
    needed = math.floor(edge) + 1 if ratios.rules.comparator is Comparator.GREATER else math.ceil(edge)
    return needed - cell if needed <= total else None


def _moved(counts: Counts, year: str, keys: set[tuple[str, Area, Group, int]]) -> Counts:
    """The counts with some groups' cells changed, and with them the count of everybody where it is given."""
    cell = counts.cell.copy()
    for lea, area, group, change in keys:
        here = (counts.lea_key == lea) & (counts.year == year) & (counts.area == area)
        theirs = here & np.isin(counts.group, (group, Group.TOTAL)) & (counts.cell >= 0)
        cell[theirs] += change
    return replace(counts, cell=cell)
