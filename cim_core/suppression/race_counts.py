"""Which counts by race and ethnicity are hidden.

The groups of an area add up to everybody, whose number is shown: so a group is never hidden alone, and of
those that are each could be `WIDTH` numbers at least. The children of a group are the same ones in all areas
that count among all children, and in all that count among those with disabilities; those with disabilities
are counted once more, as the children of the group who were identified. The areas of one disability each are
parts of them.

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

OF_ALL, WITH_DISABILITIES = -1, -2
"""In `Everybody` in the place of an area: how many children there are, and how many with disabilities."""
Everybody = Mapping[tuple[str, str], Mapping[int, int]]
"""Numbers of everybody that are shown elsewhere, by LEA and year: of an area, how many are counted in it."""
_DISABILITIES = tuple(area for area in Area if Area.IDENTIFIED < area <= Area.AUTISM)
_OPEN = 10**9
"""An end that leaves a number open."""
_Numbers = dict[int, int]
"""A number for each group."""


@dataclass(frozen=True, slots=True)
class _Row:
    """One row: where it stands in the arrays, and its two numbers."""

    at: int
    cell: int
    total: int


_Areas = Mapping[int, Mapping[int, _Row]]
"""The rows of one LEA and year, by area and group."""


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
        known = everybody.get(place, {})
        gone = {area: {group for group, row in rows.items() if found[row.at]} for area, rows in areas.items()}
        before: dict[int, set[int]] = {}
        while before != gone:
            before = {area: set(groups) for area, groups in gone.items()}
            _hide_more(areas, gone, known)
        found[[areas[area][group].at for area, groups in gone.items() for group in groups]] = True
    return found


def _by_itself(counts: Counts, audience: Audience) -> Bools:
    """Rows that are hidden whatever stands beside them; the state's are public."""
    cell, total = counts.cell >= 0, counts.total >= 0
    found = counts.suppressed | (cell & total & hides(counts.cell, counts.total, audience))
    found |= total & (counts.total <= SMALL) | (cell & ~total & (counts.cell <= SMALL))
    return np.asarray(found & (counts.lea_key != STATE), np.bool_)


def _places(counts: Counts) -> dict[tuple[str, str], dict[int, dict[int, _Row]]]:
    """The rows of each LEA and year."""
    found: dict[tuple[str, str], dict[int, dict[int, _Row]]] = defaultdict(lambda: defaultdict(dict))
    columns = (counts.lea_key, counts.year, counts.area, counts.group, counts.cell, counts.total)
    for at, (lea, year, area, group, cell, total) in enumerate(
        zip(*(each.tolist() for each in columns), strict=True)
    ):
        if lea != STATE:
            found[lea, year][area][group] = _Row(at, cell, total)
    return found


def _hide_more(areas: _Areas, gone: dict[int, set[int]], known: Mapping[int, int]) -> None:
    """One round: whole groups, the parts of what was identified, then each area by itself."""
    for of_all in (True, False):
        totals = _totals(areas, of_all)
        few = {group for group, total in totals.items() if total <= SMALL and group != Group.TOTAL}
        if not of_all:
            few |= gone.get(Area.IDENTIFIED, set()) - {Group.TOTAL}
        everybody = totals.get(Group.TOTAL, known.get(OF_ALL if of_all else WITH_DISABILITIES))
        together = _with_more(few, totals, everybody) - {Group.TOTAL}
        for area, rows in areas.items():
            if Area(area).of_all == of_all or (area == Area.IDENTIFIED and not of_all):
                gone[area] |= together & rows.keys()
    for group in Group:
        _parts_of_identified(areas, gone, group)
    for area, rows in areas.items():
        cells = {group: row.cell for group, row in rows.items() if row.cell >= 0}
        gone[area] |= _with_more(gone[area], cells, cells.get(Group.TOTAL, known.get(area))) & rows.keys()


def _totals(areas: _Areas, of_all: bool) -> _Numbers:
    """The number of children of each group, where areas differ the largest; of those with disabilities also
    how many were identified."""
    totals: _Numbers = {}
    for area, rows in areas.items():
        for group, row in rows.items():
            each = row.total if Area(area).of_all == of_all else NOT_GIVEN
            if not of_all and area == Area.IDENTIFIED:
                each = row.cell
            if each >= 0:
                totals[group] = max(totals.get(group, 0), each)
    return totals


def _parts_of_identified(areas: _Areas, gone: dict[int, set[int]], group: int) -> None:
    """Where the disabilities of a group that are shown leave nothing for another one, hide all of them."""
    whole = areas.get(Area.IDENTIFIED, {}).get(group)
    there = [area for area in _DISABILITIES if group in areas.get(area, {})]
    away = [area for area in there if group in gone[area]]
    if whole is None or whole.cell < 0 or group in gone[Area.IDENTIFIED] or not away:
        return
    if whole.cell - sum(max(areas[area][group].cell, 0) for area in there if area not in away) < WIDTH - 1:
        for area in there:
            gone[area].add(group)


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

    The least that one can be is what remains where all others are as many as they can be: `SMALL` each, or
    one of them, which is hidden for their sake, no more than the smallest that is shown.
    """
    if hidden < 2 or everybody is None:
        return hidden < 2
    among = everybody - sum(number for number, _ in shown)
    most = min((number for number, _ in shown), default=_OPEN)
    leasts = [among - (SMALL * (hidden - 2) + most)]
    if among <= SMALL * hidden:
        leasts.append(among - SMALL * (hidden - 1))
    return any(min(SMALL, among) - max(0, least) + 1 < WIDTH for least in leasts)
