"""What a clause came to for one LEA, in that LEA's own numbers. Used by `cim_core.explanation`."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

from cim_core.dataset import Missing
from cim_core.indicators import POSITION, Indicator, Unit, get
from cim_core.placement import Outcome, Placements
from cim_core.ranking import Percentile, Ranked, ReferenceKind
from cim_core.rulebook import Clause, ClauseKind, Fact, Provenance, Rulebook, Status, Target
from cim_core.words import Kind, Message, Quantity, Value, message

_UNRANKED = {
    Ranked.SWD_UNKNOWN: "clause.percentile.swd_unknown",
    Ranked.TOO_FEW: "clause.percentile.too_few",
    Ranked.NO_REFERENCE: "clause.percentile.no_reference",
    Ranked.NO_REFERENCE_YEAR: "clause.percentile.no_reference_year",
    Ranked.NOTHING_TO_RANK: "clause.percentile.nothing_to_rank",
}


def rate(value: Fraction, indicator: Indicator, decimals: int, group: int | None) -> Quantity:
    """An indicator's value as a quantity of its own unit."""
    if indicator.unit is Unit.COUNT:
        return Quantity(value, Kind.COUNT, 0, group)
    kind = Kind.RATE if indicator.unit is Unit.PERCENT else Kind.POINTS
    return Quantity(value, kind, decimals, group)


def points(value: Fraction, decimals: int, group: int | None) -> Quantity:
    """A difference between two rates, in points."""
    return Quantity(value, Kind.POINTS, decimals, group)


def students(count: int, group: int | None = None) -> Quantity:
    """A number of students (or of areas)."""
    return Quantity(Fraction(count), Kind.COUNT, 0, count if group is None else group)


def percentile(value: float, decimals: int = 2) -> Quantity:
    """A percent from the worst."""
    return Quantity(Fraction(Decimal(repr(float(value)))), Kind.PERCENTILE, decimals)


def source_line(rulebook: Rulebook, provenance: Provenance) -> Message:
    """Where a rule comes from and whether it is confirmed or assumed."""
    title = rulebook.source(provenance.source).title
    kind = f"source.{provenance.status.value}" + ("_note" if provenance.note else "")
    return message(kind, title=title, note=provenance.note)


def vintage(target: Target) -> Message:
    """The year a target was printed for, marked where the target is not confirmed by a public text."""
    assumed = target.provenance.status is Status.ASSUMED
    return message("target.vintage_assumed" if assumed else "target.vintage", vintage=target.vintage)


def detail(placements: Placements, row: int, at: int) -> Message:
    """Why clause `at` came out as it did for this row, with the row's own numbers."""
    clause = placements.rulebook.clauses[at]
    data = placements.dataset
    unknown = placements.outcomes[row, at] == Outcome.UNKNOWN
    if clause.kind is ClauseKind.MISSED_TARGETS:
        return _missed(placements, row, unknown)
    if clause.kind is ClauseKind.COMPLIANCE_FINDINGS:
        if unknown:
            return message("clause.findings.unknown")
        if data.assumed(Fact.FINDINGS):
            return message("clause.findings.assumed")
        return message("clause.findings.known", n=int(data.minor_findings[row]))
    if clause.kind is ClauseKind.DISPROPORTIONATE_YEARS:
        return _disproportionate(placements, row, unknown)
    if clause.kind is ClauseKind.INDICATOR_PERCENTILE:
        return _each(placements, row, clause)
    return _band(placements, row, clause)


def _missed(placements: Placements, row: int, unknown: bool) -> Message:
    counted, missed = int(placements.counted[row]), int(placements.missed[row])
    if unknown:
        return message("clause.missed.unknown", k=counted, least=placements.rulebook.min_elements)
    return message("clause.missed.known", n=missed, k=counted, m=len(placements.rulebook.elements.indicators))


def _disproportionate(placements: Placements, row: int, unknown: bool) -> Message:
    data = placements.dataset
    years, newly = int(data.disproportionate_years[row]), int(data.newly_disproportionate[row])
    if data.assumed(Fact.DISPROPORTIONALITY):
        return message("clause.disproportionate.assumed")
    if years >= 0:
        return message("clause.disproportionate.years", n=years)
    if newly == Outcome.TRUE:
        return message(
            "clause.disproportionate.newly_years_blank" if unknown else "clause.disproportionate.newly"
        )
    if newly == Outcome.FALSE and not unknown:
        return message("clause.disproportionate.not_newly")
    return message("clause.disproportionate.unknown")


def _not_evaluated(placements: Placements, row: int, ranked: Percentile) -> Message | None:
    swd = int(placements.dataset.swd[row])
    limit = ranked.evaluation.swd_over
    if 0 <= swd <= limit:
        return message("clause.percentile.small", swd=students(swd), limit=limit)
    if placements.dataset.assumed(Fact.PRESCHOOL) and ranked.evaluation.id == "preschool":
        return message("clause.percentile.preschool_assumed")
    return None


def _band(placements: Placements, row: int, clause: Clause) -> Message:
    ranked = placements.percentiles[clause.evaluation]
    value = float(ranked.percentile[row])
    if math.isnan(value):
        return _not_evaluated(placements, row, ranked) or _unranked(ranked, row)
    p = percentile(value)
    if ranked.state[row] == Ranked.FROM_FILE:
        return message("clause.percentile.from_file", p=p)
    within = ranked.reference.kind is ReferenceKind.WITHIN
    values: dict[str, Value] = {
        "p": p,
        "rank": _rank_written(float(ranked.rank[row])),
        "ranked": int(ranked.ranked[row]),
        "reference": ranked.reference.name,
        "year": _reference_year(placements, row, ranked),
    }
    return Message("clause.percentile.within" if within else "clause.percentile.statewide", values)


def _rank_written(rank: float) -> str:
    return f"{rank:,.1f}".removesuffix(".0")


def _reference_year(placements: Placements, row: int, ranked: Percentile) -> str:
    year = str(placements.dataset.year[row])
    return next((used.reference_year or year for used in ranked.years if used.year == year), year)


def _unranked(ranked: Percentile, row: int) -> Message:
    evaluation = ranked.evaluation
    state = Ranked(int(ranked.state[row]))
    return message(
        _UNRANKED[state],
        evaluation=evaluation.title,
        least=evaluation.min_denominator,
        domains=evaluation.min_domains,
        reference=ranked.reference.name,
    )


def _each(placements: Placements, row: int, clause: Clause) -> Message:
    ranked = placements.percentiles[clause.evaluation]
    values = {code: float(ranked.indicator[row, POSITION[code]]) for code in clause.indicators}
    known = tuple(
        message("clause.indicator.one", label=get(code).label, p=percentile(value))
        for code, value in values.items()
        if not math.isnan(value)
    )
    lacking = tuple(get(code).label for code, value in values.items() if math.isnan(value))
    small = _not_evaluated(placements, row, ranked)
    if not known:
        if small is not None:
            return small
        absent = all(placements.dataset.missing[row, POSITION[code]] != Missing.PRESENT for code in values)
        return message(
            "clause.indicator.no_values" if absent else "clause.indicator.not_ranked", lacking=lacking
        )
    if lacking:
        return message("clause.indicator.some", known=known, lacking=lacking)
    return message("clause.indicator.all", known=known)
