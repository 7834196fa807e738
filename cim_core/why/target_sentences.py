"""Targets in words: the year and the measure that one was set for, and where a late evaluation decides.

Method: a target of another measure is not compared for indicators 1 and 2, and compared aloud for others
(`cim_core.data.measures`). That a missed compliance indicator counts as a missed target, and is not a minor
finding, is assumed; what it would be otherwise is placed, not guessed.
"""

from __future__ import annotations

from dataclasses import replace

from cim_core.data.dataset import Dataset
from cim_core.data.indicators import POSITION, get
from cim_core.data.measures import MEASURE_NAMED, MEASURES
from cim_core.data.remembered import with_its_first
from cim_core.placing.placement import Placements, Result, place
from cim_core.placing.targets_met import differs_at
from cim_core.rules.rulebook import LATE, Target
from cim_core.rules.sources import Status
from cim_core.rules.tiers import Placement
from cim_core.words.messages import Message, message


def vintage(target: Target) -> Message:
    """The year and measure a target was printed for, marked where no public text confirms it."""
    said = set_for(target)
    assumed = target.provenance.status is Status.ASSUMED
    return message("target.vintage_assumed", vintage=said) if assumed else said


def set_for(target: Target) -> Message:
    """The year and measure a target was set for, whether confirmed or not."""
    if target.measure is None:
        return message("target.vintage", vintage=target.vintage)
    measure = message(MEASURE_NAMED[target.measure])
    return message("target.of_measure", vintage=target.vintage, measure=measure)


def vintage_beside(dataset: Dataset, row: int, target: Target) -> Message:
    """The same, with the measure of this row's value where that is another one."""
    if not differs_at(dataset, row, target):
        return vintage(target)
    return message("target.beside", vintage=vintage(target), value=value_measure(dataset, row, target))


def value_measure(dataset: Dataset, row: int, target: Target) -> Message:
    """The measure of a row's value, which must have one."""
    return message(MEASURE_NAMED[MEASURES[int(dataset.measure[row, POSITION[target.indicator]])]])


def not_compared(placements: Placements, row: int) -> tuple[Message, ...]:
    """One sentence on the elements whose target is for another measure than the row's value, if any."""
    each = []
    for code in placements.elements(row, Result.OTHER_MEASURE):
        target = placements.rulebook.target(code)
        assert target is not None and target.measure is not None
        measures = {
            "target": message(MEASURE_NAMED[target.measure]),
            "value": value_measure(placements.dataset, row, target),
        }
        each.append(
            message("why.not_this_measure", label=get(code).label, vintage=target.vintage, **measures)
        )
    return (message("why.other_measure", each=tuple(each)),) if each else ()


def missed_otherwise_measured(placements: Placements, row: int) -> tuple[Message, ...]:
    """Labels of missed elements whose target was set for another measure and is compared all the same."""
    found = []
    for code in placements.elements(row, Result.MISSED):
        target = placements.rulebook.target(code)
        if target is not None and differs_at(placements.dataset, row, target):
            found.append(get(code).label)
    return tuple(found)


def late(placements: Placements, row: int) -> tuple[Message, ...]:
    """Labels of missed compliance indicators that count as missed targets."""
    return tuple(get(code).label for code in placements.elements(row, Result.MISSED) if code in LATE)


def late_findings(placements: Placements, row: int) -> tuple[Message, ...]:
    """Labels of missed compliance indicators that count as findings in these rules."""
    return tuple(
        get(code).label
        for code in placements.rulebook.elements.as_findings
        if placements.results[row, POSITION[code]] == Result.MISSED
    )


def late_otherwise(placements: Placements, row: int) -> Placement | None:
    """Where a row would be placed if late evaluations were findings; None where none is missed, or where it
    would be placed the same."""
    if not late(placements, row):
        return None
    other = _as_findings(placements).placement(row)
    return None if other == placements.placement(row) else other


@with_its_first
def _as_findings(placements: Placements) -> Placements:
    """The same data and ranking, with every late evaluation as a finding."""
    rules = placements.rulebook
    elements = rules.elements
    kept = tuple(code for code in elements.indicators if code not in LATE)
    moved = tuple(code for code in elements.indicators if code in LATE)
    other = replace(elements, indicators=kept, as_findings=(*elements.as_findings, *moved))
    return place(placements.dataset, replace(rules, elements=other), percentiles=dict(placements.percentiles))
