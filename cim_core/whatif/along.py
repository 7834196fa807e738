"""A region along a threshold: how many LEAs are in each placement, and who moves next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal

from cim_core.data.dataset import Ints
from cim_core.rules.tiers import Placement
from cim_core.whatif.change_points import ChangePoint
from cim_core.whatif.sweep import Sweep

Changes = tuple[ChangePoint, ...]


def counts(
    swept: Sweep, rows: Ints, placements: Sequence[Placement]
) -> tuple[list[float], dict[int, list[int]]]:
    """How many of some rows are in each placement along a threshold: where that changes, and the counts.

    The first and the last value are the ends of the range; each count holds from its value to the next.
    """
    threshold, wanted = swept.threshold, set(rows.tolist())
    inside = [one for one in swept.changes if one.row in wanted]
    xs = [float(threshold.least)]
    now = swept.severities_at(threshold.least)
    tally = Counter(now[rows].tolist())
    counts = {one.severity: [tally[one.severity]] for one in placements}
    for change in inside:
        if change.value < threshold.least or (change.value == threshold.least and change.at):
            continue
        if change.value > threshold.most:
            break
        tally[change.before] -= 1
        tally[change.after] += 1
        if float(change.short) == xs[-1]:
            for one in placements:
                counts[one.severity][-1] = tally[one.severity]
            continue
        xs.append(float(change.short))
        for one in placements:
            counts[one.severity].append(tally[one.severity])
    xs.append(float(threshold.most))
    for one in placements:
        counts[one.severity].append(tally[one.severity])
    return xs, counts


def nearest(swept: Sweep, rows: Iterable[int], at: Decimal) -> tuple[Changes, Changes]:
    """Those of some rows who move first if a threshold is lowered from a value, and if it is raised; inside
    its range."""
    wanted, threshold = set(rows), swept.threshold
    inside = [
        each
        for each in swept.changes
        if each.row in wanted and threshold.least <= each.value <= threshold.most
    ]
    below = [each for each in inside if each.value < at or (each.value == at and each.at)]
    above = inside[len(below) :]
    return _alike(below[::-1]), _alike(above)


def _alike(changes: Sequence[ChangePoint]) -> Changes:
    """Those that turn where the first one does."""
    return tuple(each for each in changes if (each.value, each.at) == (changes[0].value, changes[0].at))
