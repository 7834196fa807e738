"""What must be said beside a rank: what the reference lacks, and where the LEA stands among its own type.

Levels of schooling differ in the indicators that are ranked, so that a statewide rank says much about the
type of an LEA: see `lowest_fifth`, and method, section 9.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from cim_core.data import lea_types
from cim_core.data.dataset import Dataset
from cim_core.data.indicators import FAMILY_NAMED, POSITION, get
from cim_core.data.lea_types import LEA_TYPES_NAMED
from cim_core.data.remembered import with_its_first
from cim_core.placing.placement import Placements
from cim_core.placing.pools import Reference, ReferenceKind, state_pool
from cim_core.placing.ranking import Percentile, Ranked, evaluated
from cim_core.placing.standing import stand
from cim_core.rules.clause import Basis
from cim_core.rules.evaluations import Evaluation, RankAmong
from cim_core.why import clauses
from cim_core.words.messages import HowMany, Message, message

FEW = 30
"""Among fewer LEAs of a type a place says little."""
LOWEST = 20
"""Percent from the worst up to which an LEA is in the lowest fifth."""


@dataclass(frozen=True, slots=True)
class LowestShare:
    """`lowest` of `ranked` LEAs of a type are in the lowest fifth of all that are ranked."""

    kind: str
    lowest: int
    ranked: int


def beside_rank(placements: Placements, row: int, evaluation_id: str) -> tuple[Message, ...]:
    """What belongs beside a computed rank that can decide: absent domains, and the rank among its own type.

    Nothing for rows that have no computed rank, and where no clause of the rules looks at the evaluation.
    """
    ranked = placements.percentiles[evaluation_id]
    computed = Ranked(int(ranked.state[row])) is Ranked.COMPUTED
    if not computed or not can_decide(placements, evaluation_id):
        return ()
    return (*_left_out(placements, row, ranked), *_among_type(placements, row, ranked))


def can_decide(placements: Placements, evaluation_id: str) -> bool:
    """Whether any clause of the rules looks at an evaluation."""
    return any(clause.evaluation == evaluation_id for clause in placements.rulebook.clauses)


def absent_domains(evaluation: Evaluation, left: tuple[str, ...]) -> tuple[str, ...]:
    """The domains of an evaluation none of whose indicators entered, given those that were left out."""
    return tuple(one.id for one in evaluation.domains if set(one.indicators) <= set(left))


def ranked_with(placements: Placements, row: int, code: str) -> tuple[Dataset, int] | None:
    """The state's dataset and row whose value a row is ranked with on an indicator; None for its own."""
    at, data = POSITION[code], placements.dataset
    for one in placements.percentiles.values():
        if one.filled[row, at] and one.reference.dataset is not None:
            there = one.reference.dataset.row_of(str(data.lea_key[row]), str(data.year[row]))
            return None if there is None else (one.reference.dataset, there)
    return None


def _left_out(placements: Placements, row: int, ranked: Percentile) -> tuple[Message, ...]:
    left, used = clauses.left_out(placements, row, ranked), ranked.used(row)
    if not left or used is None or not used.entered:
        return ()
    return (message("why.left_out", evaluation=ranked.evaluation.title, **entered_and_left(ranked, left)),)


def entered_and_left(ranked: Percentile, left: tuple[str, ...]) -> dict[str, tuple[str | Message, ...]]:
    """The indicators that an evaluation ranks on and those it lacks, whole domains by their names."""
    absent = absent_domains(ranked.evaluation, left)
    named: list[str | Message] = []
    entered: list[str | Message] = []
    for domain in ranked.evaluation.domains:
        here = tuple(get(code).label for code in domain.indicators if code in left)
        entered += [get(code).label for code in domain.indicators if code not in left]
        if domain.id in absent:
            named.append(message("rank.domain", domain=message(FAMILY_NAMED[domain.id]), each=here))
        else:
            named += here
    return {"entered": tuple(entered), "left": tuple(named)}


def _among_type(placements: Placements, row: int, ranked: Percentile) -> tuple[Message, ...]:
    """The rank among LEAs of the same type, the state's shares by type, a warning where it is one of few."""
    if ranked.reference.kind is not ReferenceKind.STATEWIDE:
        return ()
    used = ranked.used(row)
    if ranked.evaluation.rank_among is RankAmong.TYPE:
        return (_few(used.kind, used.ranked),) if used is not None and used.ranked < FEW else ()
    found = among_type(placements.dataset, ranked.evaluation, ranked.reference)
    beside = found.used(row)
    if beside is None or Ranked(int(found.state[row])) is not Ranked.COMPUTED:
        return ()
    said = message(
        "rank.beside",
        kind=message(LEA_TYPES_NAMED[beside.kind]),
        p=clauses.percentile(float(found.percentile[row])),
        rank=clauses.place_said(float(found.rank[row])),
        ranked=HowMany(beside.ranked),
    )
    few = (_few(beside.kind, beside.ranked),) if beside.ranked < FEW else ()
    return (said, *few, *_shares_said(placements, row, ranked, beside.kind))


def _few(kind: str, ranked: int) -> Message:
    return message("rank.few", kind=message(LEA_TYPES_NAMED[kind]), n=HowMany(ranked))


def _shares_said(placements: Placements, row: int, ranked: Percentile, kind: str) -> tuple[Message, ...]:
    """Where a rank decides: how many of each type the state has in the lowest fifth."""
    clause, used = placements.clause(row), ranked.used(row)
    by_band = clause is not None and clause.basis is Basis.COMPOSITE
    if clause is None or not by_band or clause.evaluation != ranked.evaluation.id:
        return ()
    if used is None or used.reference_year is None or ranked.reference.dataset is None:
        return ()
    shares = lowest_fifth(ranked.reference.dataset, ranked.evaluation, used.reference_year)
    others = [one for name, one in shares.items() if name != kind and one.ranked >= FEW]
    if kind not in shares or not others:
        return ()
    each = tuple(_share_said(one) for one in (shares[kind], *others))
    return (message("rank.shares", year=used.reference_year, each=each),)


def _share_said(share: LowestShare) -> Message:
    return message(
        "rank.share",
        kind=message(LEA_TYPES_NAMED[share.kind]),
        n=HowMany(share.lowest),
        ranked=HowMany(share.ranked),
    )


@with_its_first
def among_type(dataset: Dataset, evaluation: Evaluation, reference: Reference) -> Percentile:
    """The evaluation over a dataset with each type of LEAs ranked by itself, whatever the rules say."""
    return evaluated(dataset, replace(evaluation, rank_among=RankAmong.TYPE), reference)


@lru_cache(maxsize=16)
def lowest_fifth(state: Dataset, evaluation: Evaluation, year: str) -> Mapping[str, LowestShare]:
    """How many LEAs of each type are among the lowest fifth of all that are ranked in a year of a reference.

    Ranked among everybody, whatever the evaluation says; those without a type are left out.
    """
    among = state_pool(state, replace(evaluation, rank_among=RankAmong.ALL), year)
    percent = stand(among).percentile
    kinds = lea_types.written(state, state)[among.others]
    found = {}
    for kind in lea_types.LeaType:
        mine = ~np.isnan(percent) & (kinds == kind.value)
        if mine.any():
            found[kind.value] = LowestShare(kind.value, int((percent[mine] <= LOWEST).sum()), int(mine.sum()))
    return found
