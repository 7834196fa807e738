"""Where an LEA stands in a ranking, in a few words: `12th lowest of 621`, `lowest 2%`, `not ranked`."""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction

from cim_core.data.indicators import POSITION
from cim_core.placing.placement import Placements
from cim_core.placing.ranking import Percentile, Ranked, ReferenceKind
from cim_core.why.clauses import on_its_side, percentile_of, place_said
from cim_core.words.messages import HowMany, Kind, Message, Quantity, message


def of_all(placements: Placements, row: int, evaluation: str) -> Message:
    """Where a row stands in an evaluation: its rank, or its percent where a file gives that alone."""
    ranked = placements.percentiles[evaluation]
    percent = percentile_of(placements, row, evaluation, few=0)
    if percent is None:
        return _nowhere(placements, row, ranked)
    if ranked.state[row] == Ranked.FROM_FILE:
        return message("rung.value.lowest", p=percent)
    return _among(rank_said(float(ranked.rank[row]), int(ranked.ranked[row])), ranked, row)


def of_worst(
    placements: Placements, row: int, evaluation: str, codes: tuple[str, ...], unknown: bool
) -> Message:
    """Where a row stands on the one of some indicators on which it stands worst, with the indicator's code;
    not known where that is open because some of them cannot be ranked."""
    ranked = placements.percentiles[evaluation]
    each = {code: float(ranked.indicator[row, POSITION[code]]) for code in codes}
    known = {code: value for code, value in each.items() if not math.isnan(value)}
    if not known or (unknown and len(known) < len(each)):
        return _nowhere(placements, row, ranked)
    code = min(known, key=known.__getitem__)
    percent = on_its_side(placements, evaluation, known[code], few=0)
    said = message("rung.value.on", code=code, said=message("rung.value.lowest", p=percent))
    return _among(said, ranked, row)


def place_of(placements: Placements, row: int, evaluation: str) -> Message | None:
    """The rank alone, for a column: `12`, `12–13` where two share it, or a percent that the file gives; None
    for a row that is not ranked."""
    ranked = placements.percentiles[evaluation]
    percent = percentile_of(placements, row, evaluation, few=0)
    if percent is None:
        return None
    if ranked.state[row] == Ranked.FROM_FILE:
        return message("rung.value.lowest", p=percent)
    first, last = (one(float(ranked.rank[row])) for one in (math.floor, math.ceil))
    place = Quantity(Fraction(first), Kind.RANK, 0)
    if first == last:
        return message("rung.value.place", place=place)
    return message("rung.value.places", first=place, last=Quantity(Fraction(last), Kind.RANK, 0))


def ranked_of(placements: Placements, rows: Iterable[int], evaluation: str) -> int | None:
    """How many LEAs some rows are ranked among; None where that is not one number for all, or unknown."""
    ranked = placements.percentiles[evaluation]
    found = {int(ranked.ranked[row]) for row in rows if ranked.state[row] == Ranked.COMPUTED}
    return found.pop() if len(found) == 1 else None


def rank_said(rank: float, ranked: int) -> Message:
    """A rank among so many: `12th lowest of 621`, `12th–13th lowest of 621` where two share it."""
    return message("rung.value.rank", rank=place_said(rank), ranked=HowMany(ranked))


def _among(said: Message, ranked: Percentile, row: int) -> Message:
    """Among whom, where that is not the whole state in the row's own year."""
    used = ranked.used(row)
    if used is not None and used.kind:
        said = message("rung.value.of_type", said=said)
    if ranked.reference.kind is ReferenceKind.WITHIN:
        return message("rung.value.in_file", said=said)
    if used is not None and used.older:
        return message("rung.value.in_year", said=said, year=used.reference_year or "")
    return said


def _nowhere(placements: Placements, row: int, ranked: Percentile) -> Message:
    swd, fact = int(placements.dataset.swd[row]), ranked.evaluation.fact
    if 0 <= swd <= ranked.evaluation.swd_over:
        return message("rung.value.not_ranked")
    taken = fact is not None and placements.dataset.assumed(fact)
    return message("rung.value.none_assumed" if taken else "rung.value.not_known")
