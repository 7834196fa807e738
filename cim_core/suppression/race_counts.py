"""Which counts by race and ethnicity are hidden.

The groups of an area add up to everybody, whose number is shown: so a group is never hidden alone, and of
those that are each could be `WIDTH` numbers at least. The children of a group are the same ones in all areas
that count among all children, and in all that count among those with disabilities.

What is hidden for the others' sake follows from what is shown alone: it would tell of a hidden number
otherwise.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from cim_core.data.arrays import Bools
from cim_core.data.race_counts import NOT_GIVEN, STATE, Area, Counts, Group
from cim_core.data.small_groups import SMALL, WIDTH, hides
from cim_core.words.disclosure import Audience

Everybody = Mapping[tuple[str, str, bool], int]
"""How many children an LEA has in a year, by LEA, year, and whether all are counted or those with
disabilities."""
_OPEN = 10**9
"""An end that leaves a number open."""


@dataclass(frozen=True, slots=True)
class _Row:
    """One row: where it stands in the arrays, and its two numbers."""

    at: int
    group: int
    cell: int
    total: int


def public(counts: Counts, audience: Audience, everybody: Everybody) -> Counts:
    """The counts without those that an audience does not see, which are marked as suppressed."""
    hide = hidden(counts, audience, everybody)
    return replace(
        counts,
        cell=np.where(hide, NOT_GIVEN, counts.cell),
        total=np.where(hide, NOT_GIVEN, counts.total),
        suppressed=counts.suppressed | hide,
    )


def hidden(counts: Counts, audience: Audience, everybody: Everybody) -> Bools:
    """The rows (M) that an audience does not see, those included that would give them back."""
    found = _by_itself(counts, audience)
    for place, areas in _places(counts).items():
        together = _few_everywhere(areas, everybody.get(place))
        for rows in areas.values():
            gone = together | {one.group for one in rows if found[one.at]}
            cells = {one.group: one.cell for one in rows if one.cell >= 0}
            gone = _with_more(gone, cells, cells.get(Group.TOTAL))
            found[[one.at for one in rows if one.group in gone]] = True
    return found


def _by_itself(counts: Counts, audience: Audience) -> Bools:
    """Rows that are hidden whatever stands beside them; the state's are public."""
    cell, total = counts.cell >= 0, counts.total >= 0
    found = counts.suppressed | (cell & total & hides(counts.cell, counts.total, audience))
    found |= total & (counts.total <= SMALL) | (cell & ~total & (counts.cell <= SMALL))
    return np.asarray(found & (counts.lea_key != STATE), np.bool_)


def _places(counts: Counts) -> dict[tuple[str, str, bool], dict[int, list[_Row]]]:
    """The rows of each LEA and year, by area, for the two kinds of areas."""
    found: dict[tuple[str, str, bool], dict[int, list[_Row]]] = defaultdict(lambda: defaultdict(list))
    columns = (counts.lea_key, counts.year, counts.area, counts.group, counts.cell, counts.total)
    for at, (lea, year, area, group, cell, total) in enumerate(
        zip(*(each.tolist() for each in columns), strict=True)
    ):
        if lea != STATE:
            found[lea, year, Area(area).of_all][area].append(_Row(at, group, cell, total))
    return found


def _few_everywhere(areas: Mapping[int, Sequence[_Row]], everybody: int | None) -> set[int]:
    """Groups that are small, and those hidden for their sake: in all areas that count the same children."""
    totals: dict[int, int] = {}
    for rows in areas.values():
        for one in rows:
            if one.total >= 0:
                totals[one.group] = max(totals.get(one.group, 0), one.total)
    few = {group for group, total in totals.items() if total <= SMALL}
    return _with_more(few, totals, totals.get(Group.TOTAL, everybody))


def _with_more(gone: set[int], numbers: Mapping[int, int], everybody: int | None) -> set[int]:
    """The hidden groups, and as many more as keep each of them unknown, the smallest first; everybody too
    where no group is left."""
    found = set(gone)
    rest = sorted((number, group) for group, number in numbers.items() if group not in (*gone, Group.TOTAL))
    while found - {Group.TOTAL} and _is_told(len(found - {Group.TOTAL}), rest, everybody):
        if not rest:
            return found | {int(Group.TOTAL)}
        found.add(rest.pop(0)[1])
    return found


def _is_told(hidden: int, shown: Sequence[tuple[int, int]], everybody: int | None) -> bool:
    """Whether everybody less the groups that are shown leaves fewer than `WIDTH` numbers for a hidden one.

    The least that one can be is what remains where all others are as many as they can be: `SMALL`, and one
    that is hidden for their sake no more than the smallest that is shown.
    """
    if hidden < 2 or everybody is None:
        return hidden < 2
    among = everybody - sum(number for number, _ in shown)
    most = SMALL if among <= SMALL * hidden else min((number for number, _ in shown), default=_OPEN)
    return among < WIDTH - 1 or among - (SMALL * (hidden - 2) + most) > SMALL - (WIDTH - 1)
