"""Values and percents from the worst as quantities, and where an LEA stands in a ranking, or why nowhere."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

from cim_core.data.dataset import Missing
from cim_core.data.facts import Fact
from cim_core.data.indicators import POSITION, Indicator, Unit, get
from cim_core.data.lea_types import LEA_TYPES_NAMED
from cim_core.placing.placement import Placements
from cim_core.placing.ranking import Percentile, Ranked, ReferenceKind
from cim_core.rules.rulebook import Target
from cim_core.why.rank_sentences import with_interval
from cim_core.words import numbers
from cim_core.words.messages import HowMany, Kind, Message, Quantity, Value, message

_MOST_DECIMALS = 12
_RANKED = {
    (False, False): "clause.percentile.statewide",
    (False, True): "clause.percentile.statewide_type",
    (True, False): "clause.percentile.within",
    (True, True): "clause.percentile.within_type",
}
"""By whether the file's own LEAs are ranked alone, and whether types are ranked apart."""
_UNRANKED = {
    Ranked.SWD_UNKNOWN: "clause.percentile.swd_unknown",
    Ranked.TOO_FEW: "clause.percentile.too_few",
    Ranked.NO_REFERENCE: "clause.percentile.no_reference",
    Ranked.NO_REFERENCE_YEAR: "clause.percentile.no_reference_year",
    Ranked.NOTHING_TO_RANK: "clause.percentile.nothing_to_rank",
    Ranked.TYPE_UNKNOWN: "clause.percentile.type_unknown",
    Ranked.IN_PROGRESS: "clause.percentile.in_progress",
    Ranked.WITHHELD: "clause.percentile.not_shown",
}
_NOBODY_RANKED = (
    Ranked.SWD_UNKNOWN, Ranked.NO_REFERENCE, Ranked.NO_REFERENCE_YEAR, Ranked.TYPE_UNKNOWN, Ranked.IN_PROGRESS
)  # fmt: skip
"""States in which no indicator is ranked either."""


def rate(
    value: Fraction, indicator: Indicator, decimals: int, group: int | None, target: Target | None = None
) -> Quantity:
    """An indicator's value as a quantity of its own unit, seen on its side of its target."""
    if indicator.unit is Unit.COUNT:
        return Quantity(value, Kind.COUNT, 0, group)
    kind = Kind.RATE if indicator.unit is Unit.PERCENT else Kind.STANDARD
    found = Quantity(value, kind, decimals, group)
    if target is None or target.value is None:
        return found
    return numbers.against(found, Fraction(target.value))


def distance(value: Fraction, indicator: Indicator, decimals: int, group: int | None) -> Quantity:
    """A difference between a value and its target: points, or a count where the indicator is one."""
    if indicator.unit is Unit.COUNT:
        return Quantity(value, Kind.COUNT, 0, group)
    return Quantity(value, Kind.POINTS, decimals, group)


def students(count: int, group: int | None = None) -> Quantity:
    """A number of students (or of areas)."""
    return Quantity(Fraction(count), Kind.COUNT, 0, count if group is None else group)


def percentile(value: float, decimals: int = 2) -> Quantity:
    """A percent from the worst."""
    return Quantity(Fraction(Decimal(repr(float(value)))), Kind.PERCENTILE, decimals)


def percentile_of(
    placements: Placements, row: int, evaluation_id: str, least: int = 2, few: int = 1
) -> Quantity | None:
    """A row's percent from the worst, None where there is none.

    Held with `least` decimals and written with `few`, or as many as it takes to stay on its own side of every
    edge in the rules: 10.0001 is above 10 and must not be read as 10.00.
    """
    found = placements.percentiles.get(evaluation_id)
    if found is None or math.isnan(found.percentile[row]):
        return None
    return on_its_side(placements, evaluation_id, float(found.percentile[row]), least, few)


def on_its_side(
    placements: Placements, evaluation_id: str, value: float, least: int = 2, few: int = 1
) -> Quantity:
    """A percent from the worst with as many decimals as keep it on its own side of every edge."""
    exact = percentile(value).value
    edges = [
        Fraction(edge)
        for clause in placements.rulebook.clauses
        if clause.evaluation == evaluation_id
        for edge in clause.edges
    ]
    in_full = numbers.against(Quantity(exact, Kind.PERCENTILE, _MOST_DECIMALS), *edges, few=least)
    held = Quantity(exact, Kind.PERCENTILE, numbers.decimals(in_full))
    return numbers.against(held, *edges, few=few)


def _not_evaluated(placements: Placements, row: int, ranked: Percentile) -> Message | None:
    swd = int(placements.dataset.swd[row])
    limit = ranked.evaluation.swd_over
    if 0 <= swd <= limit:
        return message("clause.percentile.small", swd=students(swd), limit=HowMany(limit))
    if ranked.evaluation.fact is Fact.PRESCHOOL and placements.dataset.assumed(Fact.PRESCHOOL):
        return message("clause.percentile.preschool_assumed")
    return None


def band(placements: Placements, row: int, evaluation_id: str) -> Message:
    """Where a row stands in an evaluation, or why it stands nowhere."""
    ranked = placements.percentiles[evaluation_id]
    p = percentile_of(placements, row, evaluation_id)
    if p is None:
        return _not_evaluated(placements, row, ranked) or _unranked(placements, row, ranked)
    if ranked.state[row] == Ranked.FROM_FILE:
        return message("clause.percentile.from_file", p=p)
    used = ranked.used(row)
    values: dict[str, Value] = {
        "p": p,
        "rank": place_said(float(ranked.rank[row])),
        "ranked": HowMany(int(ranked.ranked[row])),
        "reference": ranked.reference.name,
        "year": _reference_year(placements, row, ranked),
    }
    among = used.kind if used is not None else ""
    if among:
        values["kind"] = message(LEA_TYPES_NAMED[among])
    said = Message(_RANKED[ranked.reference.kind is ReferenceKind.WITHIN, bool(among)], values)
    filled = from_state(ranked, row)
    if filled:
        said = message("clause.percentile.from_state", said=said, each=filled)
    return with_interval(said, ranked, row)


def from_state(ranked: Percentile, row: int) -> tuple[str | Message, ...]:
    """What a row is ranked on that comes from the state file: indicators, and its number of students."""
    swd = (message("rank.filled_swd"),) if ranked.filled_swd[row] else ()
    return (*(get(code).label for code in ranked.from_state(row)), *swd)


def place_said(rank: float) -> Quantity | Message:
    """A rank as it is read: `12th`, or `12th–13th` where a mean rank lies between two places."""
    first, last = (Quantity(Fraction(one), Kind.ORDINAL, 0) for one in (math.floor(rank), math.ceil(rank)))
    return first if first == last else message("rank.shared", first=first, last=last)


def _reference_year(placements: Placements, row: int, ranked: Percentile) -> str:
    year = str(placements.dataset.year[row])
    used = ranked.used(row)
    return used.reference_year or year if used is not None else year


def left_out(placements: Placements, row: int, ranked: Percentile) -> tuple[str, ...]:
    """Indicators of the row's year that did not enter, because the reference does not hold them."""
    used = ranked.used(row)
    return used.left_out if used is not None and ranked.reference.kind is ReferenceKind.STATEWIDE else ()


def _unranked(placements: Placements, row: int, ranked: Percentile) -> Message:
    evaluation = ranked.evaluation
    state = Ranked(int(ranked.state[row]))
    kind = _UNRANKED[state]
    left = tuple(get(code).label for code in left_out(placements, row, ranked))
    if state is Ranked.NOTHING_TO_RANK and ranked.reference.kind is ReferenceKind.WITHIN:
        kind = "clause.percentile.nothing_to_rank_within"
    if state is Ranked.TOO_FEW and left:
        kind = "clause.percentile.too_few_left_out"
    return message(
        kind,
        evaluation=evaluation.title,
        least=HowMany(evaluation.min_denominator),
        domains=HowMany(evaluation.min_domains),
        reference=ranked.reference.name,
        left=left,
    )


def each_indicator(placements: Placements, row: int, evaluation: str, codes: tuple[str, ...]) -> Message:
    """Where a row stands on single indicators of an evaluation, or why it stands nowhere."""
    ranked = placements.percentiles[evaluation]
    values = {code: float(ranked.indicator[row, POSITION[code]]) for code in codes}
    known = tuple(
        message(
            "clause.indicator.one_from_state"
            if ranked.filled[row, POSITION[code]]
            else "clause.indicator.one",
            label=get(code).label,
            p=percentile(value),
        )
        for code, value in values.items()
        if not math.isnan(value)
    )
    lacking = tuple(code for code, value in values.items() if math.isnan(value))
    labels = tuple(get(code).label for code in lacking)
    if known:
        kind = "clause.indicator.some" if lacking else "clause.indicator.all"
        return message(kind, known=known, lacking=labels, scope=_scope(placements, row, ranked))
    return _not_evaluated(placements, row, ranked) or _indicators_unranked(placements, row, ranked, lacking)


def _indicators_unranked(
    placements: Placements, row: int, ranked: Percentile, lacking: tuple[str, ...]
) -> Message:
    """Why none of some indicators can be ranked."""
    state = Ranked(int(ranked.state[row]))
    if placements.dataset.in_progress[row]:
        state = Ranked.IN_PROGRESS
    elif placements.dataset.swd[row] < 0:
        state = Ranked.SWD_UNKNOWN
    elif ranked.reference.kind is ReferenceKind.NONE:
        state = Ranked.NO_REFERENCE
    if state in _NOBODY_RANKED:
        return message(_UNRANKED[state], reference=ranked.reference.name)
    labels = tuple(get(code).label for code in lacking)
    if all(placements.dataset.missing[row, POSITION[code]] != Missing.PRESENT for code in lacking):
        return message("clause.indicator.no_values", lacking=labels)
    if set(lacking) <= set(left_out(placements, row, ranked)):
        return message("clause.indicator.not_in_reference", lacking=labels)
    return message(
        "clause.indicator.too_few", lacking=labels, least=HowMany(ranked.evaluation.min_denominator)
    )


def _scope(placements: Placements, row: int, ranked: Percentile) -> Message:
    used = ranked.used(row)
    kind = message(LEA_TYPES_NAMED[used.kind]) if used is not None and used.kind else None
    if ranked.reference.kind is ReferenceKind.WITHIN:
        return message("scope.within_type", kind=kind) if kind else message("scope.within")
    year = _reference_year(placements, row, ranked)
    if kind:
        return message("scope.statewide_type", kind=kind, reference=ranked.reference.name, year=year)
    return message("scope.statewide", reference=ranked.reference.name, year=year)
