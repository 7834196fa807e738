"""Why an LEA is where it is, as message ids with its own numbers.

Everything here is looked up in `Placements`; nothing is decided a second time. A reader can redo each step
with a pencil: rate, numerator, denominator, comparator, target, met or missed, count, clause.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from cim_core.clause_words import detail, points, rate, source_line, students, vintage
from cim_core.dataset import Missing
from cim_core.indicators import INDICATORS, Indicator
from cim_core.placement import Outcome, Placements, Result
from cim_core.ranking import ReferenceKind
from cim_core.rulebook import NOT_PLACED, SMALL_LEA, Clause, Fact, Placement, Status, Target
from cim_core.words import Message, Quantity, message

_REAL = re.compile(r"(0[1-9]|[1-4]\d|5[0-8])\d{12}$")
"""Codes of California's 58 counties: whoever carries one is taken for a real LEA."""


@dataclass(frozen=True, slots=True)
class ClauseWhy:
    """One rung of the ladder: the clause, what it came to, whether it decided, and this LEA's numbers."""

    clause: Clause
    outcome: Outcome
    deciding: bool
    detail: Message
    source: Message


@dataclass(frozen=True, slots=True)
class IndicatorWhy:
    """One indicator of one LEA and year against its target.

    `difference` is rounded rate minus target, turned so that positive is better; None without both.
    """

    indicator: Indicator
    result: Result
    missing: Missing
    rate: Quantity | None
    numerator: Quantity | None
    denominator: Quantity | None
    inferred: bool
    target: Target | None
    difference: Quantity | None
    element: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why one LEA is placed where it is in one year, all numbers still as quantities."""

    lea_code: str
    lea_name: str
    selpa: str
    year: str
    placement: Placement
    firm: bool
    could_be: tuple[Placement, ...]
    headline: Message
    beside: tuple[Message, ...]
    sentences: tuple[Message, ...]
    support: tuple[Message, ...]
    clauses: tuple[ClauseWhy, ...]
    indicators: tuple[IndicatorWhy, ...]


def explain(placements: Placements, row: int) -> Explanation:
    """The explanation of one row of the dataset. Raises IndexError for a row that is not there."""
    data = placements.dataset
    indicators = tuple(_indicator(placements, row, at, indicator) for at, indicator in enumerate(INDICATORS))
    ladder = tuple(_rung(placements, row, at) for at in range(len(placements.rulebook.clauses)))
    placement = placements.placement(row)
    beside = _beside(placements, row)
    sentences = (
        *_decided(placements, row, ladder),
        _missed(placements, row, indicators),
        *_above(placements, row, ladder),
        *_unknown(placements, row, ladder),
        *beside,
        *_unsaid(placements, row),
    )
    return Explanation(
        lea_code=str(data.lea_code[row]),
        lea_name=str(data.lea_name[row]),
        selpa=str(data.selpa[row]),
        year=str(data.year[row]),
        placement=placement,
        firm=bool(placements.firm[row]),
        could_be=placements.could_be(row),
        headline=_headline(placements, row),
        beside=beside,
        sentences=sentences,
        support=support(placement),
        clauses=ladder,
        indicators=indicators,
    )


def support(placement: Placement) -> tuple[Message, ...]:
    """What a placement brings: the tier's label, what it asks for, who helps (source: the flyer)."""
    key = placement.label.casefold().replace(" ", "_")
    if key.startswith("intensive"):
        key = "intensive"
    return tuple(message(f"support.{key}.{part}") for part in ("label", "asks", "help"))


def _headline(placements: Placements, row: int) -> Message:
    data, placement = placements.dataset, placements.placement(row)
    values = {"lea": str(data.lea_name[row]), "year": str(data.year[row]), "placement": placement.label}
    if placement == NOT_PLACED:
        return Message("why.headline_not_placed", values)
    if placements.firm[row]:
        return Message("why.headline_firm", values)
    others = tuple(other.label for other in placements.could_be(row) if other != placement)
    return Message("why.headline_provisional", {**values, "others": others})


def _indicator(placements: Placements, row: int, at: int, indicator: Indicator) -> IndicatorWhy:
    data, rulebook = placements.dataset, placements.rulebook
    value = data.exact(row, indicator.code)
    group = int(data.denominator[row, at]) if data.denominator[row, at] >= 0 else None
    target = rulebook.target(indicator.code)
    difference = None
    if value is not None and target is not None and target.value is not None:
        rounded = _rounded(value, rulebook.precision)
        better = rounded - Fraction(target.value)
        signed = better if indicator.higher_is_better else -better
        difference = points(signed, rulebook.precision, group)
    numerator = int(data.numerator[row, at])
    return IndicatorWhy(
        indicator=indicator,
        result=Result(int(placements.results[row, at])),
        missing=Missing(int(data.missing[row, at])),
        rate=None if value is None else rate(value, indicator, rulebook.precision, group),
        numerator=students(numerator, group) if numerator >= 0 else None,
        denominator=None if group is None else students(group, group),
        inferred=bool(data.inferred[row, at]),
        target=target,
        difference=difference,
        element=indicator.code in rulebook.elements.indicators,
    )


def _rounded(value: Fraction, precision: int) -> Fraction:
    """Half away from zero, exactly, as `placement.against_targets` rounds."""
    units = (2 * abs(value) * 10**precision + 1) // 2
    return Fraction(units if value >= 0 else -units, 10**precision)


def _rung(placements: Placements, row: int, at: int) -> ClauseWhy:
    clause = placements.rulebook.clauses[at]
    return ClauseWhy(
        clause=clause,
        outcome=Outcome(int(placements.outcomes[row, at])),
        deciding=int(placements.deciding[row]) == at,
        detail=detail(placements, row, at),
        source=source_line(placements.rulebook, clause.provenance),
    )


def _decided(placements: Placements, row: int, ladder: tuple[ClauseWhy, ...]) -> tuple[Message, ...]:
    placement = placements.placement(row)
    if placement == SMALL_LEA:
        swd = students(int(placements.dataset.swd[row]))
        limit = placements.rulebook.small_lea.max_swd
        return (message("why.decided_small", swd=swd, limit=limit),)
    deciding = [rung for rung in ladder if rung.deciding]
    if deciding:
        rung = deciding[0]
        assumed = rung.clause.provenance.status is Status.ASSUMED
        kind = "why.decided_assumed" if assumed else "why.decided"
        return (message(kind, clause=rung.clause.said, detail=rung.detail, placement=placement.label),)
    if placement == NOT_PLACED:
        counted = int(placements.counted[row])
        return (message("why.not_placed", k=counted, least=placements.rulebook.min_elements),)
    return (message("why.decided_universal"),)


def _missed(placements: Placements, row: int, indicators: tuple[IndicatorWhy, ...]) -> Message:
    total = len(placements.rulebook.elements.indicators)
    counted, missed = int(placements.counted[row]), int(placements.missed[row])
    if not counted:
        return message("why.no_elements", m=total)
    if not missed:
        return message("why.none_missed", k=counted, m=total, n=counted)
    each = tuple(_miss(one) for one in indicators if one.element and one.result is Result.MISSED)
    return message("why.missed", n=missed, k=counted, m=total, each=each)


def _miss(one: IndicatorWhy) -> Message:
    assert one.target is not None and one.rate is not None and one.difference is not None
    fraction = one.numerator is not None and one.denominator is not None and not one.inferred
    values: dict[str, str | Quantity | Message] = {
        "title": one.indicator.title,
        "rate": one.rate,
        "target": one.target.written,
        "vintage": vintage(one.target),
    }
    if fraction:
        assert one.numerator is not None and one.denominator is not None
        values |= {"numerator": one.numerator, "denominator": one.denominator}
    if one.difference.value == 0:
        return Message("why.miss_edge_of" if fraction else "why.miss_edge", values)
    by = points(abs(one.difference.value), one.difference.decimals, one.difference.group)
    return Message("why.miss_of" if fraction else "why.miss", {**values, "by": by})


def _above(placements: Placements, row: int, ladder: tuple[ClauseWhy, ...]) -> tuple[Message, ...]:
    """The more intensive clauses that did not hold, and why not."""
    if placements.placement(row) == SMALL_LEA:
        return ()
    said = []
    for rung in ladder:
        if rung.deciding:
            break
        if rung.outcome is Outcome.FALSE:
            said.append(
                message(
                    "why.not_above",
                    placement=rung.clause.placement.label,
                    clause=rung.clause.said,
                    detail=rung.detail,
                )
            )
    return tuple(said)


def _unknown(placements: Placements, row: int, ladder: tuple[ClauseWhy, ...]) -> tuple[Message, ...]:
    if placements.placement(row) == SMALL_LEA:
        return ()
    said = []
    for rung in ladder:
        if rung.deciding:
            break
        if rung.outcome is Outcome.UNKNOWN:
            said.append(
                message(
                    "why.unknown",
                    placement=rung.clause.placement.label,
                    clause=rung.clause.said,
                    detail=rung.detail,
                )
            )
    return tuple(said)


def _beside(placements: Placements, row: int) -> tuple[Message, ...]:
    """What holds beside the tier: small LEA, significant disproportionality, the determination as printed."""
    data = placements.dataset
    said = []
    if placements.small_lea[row] == Outcome.TRUE and placements.placement(row) != SMALL_LEA:
        limit = placements.rulebook.small_lea.max_swd
        said.append(message("why.small_flag", swd=students(int(data.swd[row])), limit=limit))
    if placements.sig_dis[row] == Outcome.TRUE:
        said.append(message("why.sig_dis"))
    if data.determination[row]:
        said.append(message("why.determination", determination=str(data.determination[row])))
    return tuple(said)


def _unsaid(placements: Placements, row: int) -> tuple[Message, ...]:
    """What the file does not say about flags, what was taken as none, and what the figures are not."""
    data = placements.dataset
    said = []
    if placements.small_lea[row] == Outcome.UNKNOWN:
        said.append(message("why.swd_unknown"))
    if placements.sig_dis[row] == Outcome.UNKNOWN:
        said.append(message("why.sig_dis_unknown"))
    said.extend(message(f"why.assumed_none.{fact.value}") for fact in Fact if data.assumed(fact))
    ranked = (
        placements.percentiles["school_age"].reference if "school_age" in placements.percentiles else None
    )
    if ranked is not None and ranked.kind is ReferenceKind.WITHIN:
        said.append(message("why.within"))
    if _REAL.match(str(data.lea_key[row])):
        said.append(message("why.illustration"))
    return tuple(said)
