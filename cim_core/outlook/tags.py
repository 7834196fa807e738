"""How sure a placement is, as a tag: fragile, close or solid with what decides, or not settled."""

from __future__ import annotations

import numpy as np

from cim_core.data.dataset import Bools, Floats
from cim_core.outlook.change_search import Ground
from cim_core.outlook.closeness import Closeness, RowCloseness, Untested, What
from cim_core.outlook.closeness_sentences import CLOSENESS_NAMED
from cim_core.outlook.edge_margins import Edge, edges, places_to
from cim_core.placing.ranking import Ranked
from cim_core.rules.banded_clause import banded
from cim_core.rules.clause import Basis
from cim_core.rules.tiers import Placement
from cim_core.why.clauses import students
from cim_core.words.messages import HowMany, Message, message

_RESTS_ON = {
    Untested.FACT: "tag.fact",
    Untested.FACT_FROM_COUNTS: "tag.counts",
    Untested.GIVEN_PERCENTILE: "tag.given",
    Untested.NO_COUNTS: "tag.no_counts",
    Untested.NOT_SHOWN: "tag.not_shown",
}


def tag(on: Ground, row: int, near: RowCloseness) -> tuple[Message, Message | None]:
    """The word, and what decides in students or places; None where there is nothing more to say."""
    placements = on.placements
    if near.untested in (Untested.IN_PROGRESS, Untested.SMALL_LEA):
        return message(CLOSENESS_NAMED[near.closeness]), None
    if not placements.firm[row]:
        most = placements.could_be(row)[-1]
        open_to = most != placements.placement(row)
        rest = message("tag.up_to", most=most.label) if open_to else message("tag.unread")
        return message("tag.not_settled"), rest
    word = message(CLOSENESS_NAMED[near.closeness])
    if near.untested is not None:
        said = _RESTS_ON.get(near.untested)
        return word, None if said is None else message(said)
    inside = places_inside(on, row) if near.closeness is Closeness.SOLID else None
    if inside is not None:
        return word, message("tag.inside", n=HowMany(inside))
    return word, _decides(near)


def _decides(near: RowCloseness) -> Message:
    first = near.first
    if first is None:
        return message("tag.nothing")
    if first.what is What.PLACES:
        return message("tag.places", n=HowMany(first.count))
    count = students(first.count)
    kind = "tag.least" if near.closeness is Closeness.SOLID else "tag.decide"
    return message(kind, n=count, students=count)


def places_inside(on: Ground, row: int) -> int | None:
    """How many LEAs must be passed to leave the deciding band of a ranking; None where no band decides."""
    clause = on.placements.clause(row)
    if clause is None or clause.basis is not Basis.COMPOSITE:
        return None
    ranked, there = on.placements.percentiles[clause.evaluation], on.fields_of(row).get(clause.evaluation)
    if there is None or ranked.state[row] != Ranked.COMPUTED:
        return None
    percent, size = float(ranked.percentile[row]), there.ranked_together
    found = [
        _to_cross(edge, percent, size)
        for edge in edges(on.placements.rulebook, clause.evaluation)
        if edge.value in clause.edges and not edge.indicator
    ]
    return min((one for one in found if one is not None), default=None)


def places_to_worse(on: Ground, row: int) -> tuple[int, Placement] | None:
    """How many LEAs must pass it until it stands in a band above its placement, and in which."""
    here, found = on.placements.placement(row), []
    for clause in banded(on.placements.rulebook.clauses, Basis.COMPOSITE):
        ranked, there = on.placements.percentiles[clause.evaluation], on.fields_of(row).get(clause.evaluation)
        if there is None or ranked.state[row] != Ranked.COMPUTED or clause.placement <= here:
            continue
        percent, size = float(ranked.percentile[row]), there.ranked_together
        end = next(
            edge
            for edge in edges(on.placements.rulebook, clause.evaluation)
            if edge.value == clause.edges[-1] and not edge.indicator
        )
        away = None if end.below(np.array([percent]))[0] else _to_cross(end, percent, size)
        found += [] if away is None else [(away, clause.placement)]
    return min(found, default=None)


def _to_cross(edge: Edge, percent: float, size: int) -> int | None:
    below = bool(edge.below(np.array([percent]))[0])

    def across(percents: Floats) -> Bools:
        return np.asarray(edge.below(percents) != below)

    return places_to(percent * size / 100, size, below, across)
