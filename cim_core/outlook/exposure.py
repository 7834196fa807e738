"""Timelines at 100 % (11–13): one late result would miss each of them, and that tells no LEA from another.

Their room below the target is one student whatever the LEA does, so they are looked at apart: what that
exposure alone would do is said once, and the smallest change is looked for without it. Only together with
other targets that are missed does it say how close a placement is (`cim_core.outlook.closeness`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from cim_core.data.dataset import NONE, Bools, Ints, Missing
from cim_core.data.indicators import INDICATORS, POSITION, IndicatorType
from cim_core.outlook import what_holds
from cim_core.outlook.change_search import Ground
from cim_core.placing.placement import Placements, Result
from cim_core.rules.clause import Basis
from cim_core.rules.counted_clause import CountedClause, counting
from cim_core.rules.tiers import Placement

_FULL = np.array([one.type is IndicatorType.COMPLIANCE and one.has_numerator for one in INDICATORS])
_BEST = np.array([100.0 if one.higher_is_better else 0.0 for one in INDICATORS])


@dataclass(frozen=True, slots=True)
class Exposure:
    """The timelines of one LEA that one late result each would turn, in catalogue order.

    `late` of them together would lead to `placement`, None where all of them would not; not `settled`: at
    least to that. `alone`: no other target is missed, so that it says nothing about how close the placement
    is.
    """

    indicators: tuple[str, ...]
    late: int = 0
    placement: Placement | None = None
    alone: bool = True
    settled: bool = True


def exposed(placements: Placements, rows: Ints | int | slice = slice(None)) -> Bools:
    """The cells (of some rows, R×K for all) at their best value with a target that nothing less meets."""
    data = placements.dataset
    with np.errstate(invalid="ignore"):
        at_best = (data.missing[rows] == Missing.PRESENT) & (data.value[rows] == _BEST)
    strict = np.zeros(len(POSITION), np.bool_)
    for target in placements.rulebook.targets:
        at = POSITION[target.indicator]
        strict[at] = target.value is not None and float(target.value) == _BEST[at]
    counted = np.zeros(len(POSITION), np.bool_)
    elements = placements.rulebook.elements
    counted[[POSITION[code] for code in (*elements.indicators, *elements.as_findings)]] = True
    met = placements.results[rows] == Result.MET
    return np.asarray(at_best & met & _FULL & strict & counted)


def exposure(placements: Placements, row: int) -> Exposure:
    """What late results alone would do to one LEA."""
    cells = exposed(placements, row)
    codes = tuple(one.code for at, one in enumerate(INDICATORS) if cells[at])
    as_findings = set(placements.rulebook.elements.as_findings)
    late = [code for code in codes if code in as_findings]
    ways = [
        (needed, among)
        for needed, among in (
            (misses_to_more(placements, row), len(codes) - len(late)),
            (findings_to_more(placements, row), len(late)),
        )
        if needed is not None and needed[0] <= among
    ]
    if not ways:
        return Exposure(codes)
    needed, _ = min(ways, key=lambda way: way[0][0])
    settled = bool(placements.firm[row])
    return Exposure(codes, *needed, alone=not placements.missed[row], settled=settled)


def findings_to_more(placements: Placements, row: int) -> tuple[int, Placement] | None:
    """How many late evaluations that count as findings lead to a more intensive placement, and to which."""
    above = _above(placements, row, Basis.FINDINGS)
    more = what_holds.more_late(placements, row, above) if above else None
    if more is None:
        return None
    number = max(0, int(placements.dataset.minor_findings[row])), what_holds.late(placements, row) + more
    return more, max(one.placement for one in above if one.holds(max(number)))


def misses_to_more(placements: Placements, row: int) -> tuple[int, Placement] | None:
    """How many more missed targets lead to a more intensive placement, and to which; None where none do."""
    above = _above(placements, row, Basis.MISSED)
    more = what_holds.more_misses(placements, row, above) if above else None
    if more is None:
        return None
    return more, max(one.placement for one in above if one.holds(int(placements.missed[row]) + more))


def _above(placements: Placements, row: int, basis: Basis) -> list[CountedClause]:
    """The clauses that count something for more intensive placements; none for a row in no tier."""
    here = placements.placement(row)
    if here.tier is None:
        return []
    return [one for one in counting(placements.rulebook.clauses, basis) if one.placement > here]


def without(on: Ground) -> Ground:
    """The same ground with exposed timelines left as they are: no number of late results turns them."""
    cells = exposed(on.placements)
    margins = replace(
        on.margins,
        students=np.where(cells, NONE, on.margins.students),
        steps=np.where(cells, NONE, on.margins.steps),
    )
    return replace(on, margins=margins)
