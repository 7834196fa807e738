"""What a clause came to for one LEA, in that LEA's own numbers. Used by `cim_core.why.explanation`."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

from cim_core.data.dataset import NONE, Missing
from cim_core.data.facts import Fact
from cim_core.data.indicators import POSITION, Indicator, Unit, get
from cim_core.placing.placement import Outcome, Placements, Result
from cim_core.placing.ranking import Percentile, Ranked, ReferenceKind
from cim_core.rules.clause import Basis, Clause
from cim_core.rules.clauses.disproportionate_years import DisproportionateYears
from cim_core.rules.sources import Status
from cim_core.why import risk_ratios, target_sentences
from cim_core.why.rank_sentences import with_interval
from cim_core.words import Kind, Message, OneOf, Quantity, Value, half_away, message

_MOST_DECIMALS = 12
_UNRANKED = {
    Ranked.SWD_UNKNOWN: "clause.percentile.swd_unknown",
    Ranked.TOO_FEW: "clause.percentile.too_few",
    Ranked.NO_REFERENCE: "clause.percentile.no_reference",
    Ranked.NO_REFERENCE_YEAR: "clause.percentile.no_reference_year",
    Ranked.NOTHING_TO_RANK: "clause.percentile.nothing_to_rank",
    Ranked.TYPE_UNKNOWN: "clause.percentile.type_unknown",
}


def rate(value: Fraction, indicator: Indicator, decimals: int, group: int | None) -> Quantity:
    """An indicator's value as a quantity of its own unit."""
    if indicator.unit is Unit.COUNT:
        return Quantity(value, Kind.COUNT, 0, group)
    kind = Kind.RATE if indicator.unit is Unit.PERCENT else Kind.POINTS
    return Quantity(value, kind, decimals, group)


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


def percentile_of(placements: Placements, row: int, evaluation_id: str, least: int = 2) -> Quantity | None:
    """A row's percent from the worst, None where there is none.

    Printed with `least` decimals, or as many as it takes to stay on its own side of every edge in the rules:
    10.0001 is above 10 and must not be read as 10.00.
    """
    found = placements.percentiles.get(evaluation_id)
    if found is None or math.isnan(found.percentile[row]):
        return None
    exact = percentile(float(found.percentile[row])).value
    edges = [
        Fraction(edge)
        for clause in placements.rulebook.clauses
        if clause.evaluation == evaluation_id
        for edge in clause.edges
    ]
    decimals = least
    while decimals < _MOST_DECIMALS and any(
        _side(half_away(exact, decimals), edge) != _side(exact, edge) for edge in edges
    ):
        decimals += 1
    return Quantity(exact, Kind.PERCENTILE, decimals)


def _side(value: Fraction, edge: Fraction) -> int:
    return (value > edge) - (value < edge)


def source_line(placements: Placements, row: int, clause: Clause) -> Message:
    """Where a rule comes from, whether it is confirmed, and whether it rests on an assumed ranking."""
    provenance = clause.provenance
    title = placements.rulebook.source(provenance.source).title
    kind = f"source.{provenance.status.value}" + ("_note" if provenance.note else "")
    said = message(kind, title=title, note=provenance.note)
    confirmed = provenance.status is Status.CONFIRMED
    if confirmed and ranking_assumed(placements, row, clause):
        return message("source.ranking_assumed", source=said)
    if confirmed and clause is placements.clause(row) and target_sentences.late_otherwise(placements, row):
        labels = OneOf(target_sentences.late(placements, row))
        return message("source.late_assumed", source=said, labels=labels)
    if clause is placements.clause(row) and decided_by_counts(placements, row):
        return message("source.counts_assumed", source=said)
    return said


def decided(placements: Placements, row: int, clause: Clause, outcome: Outcome) -> str:
    """The id of the sentence on what decided: with what of it is assumed, or not sure."""
    if outcome is Outcome.UNKNOWN:
        return "why.decided_least"
    if clause.provenance.status is Status.ASSUMED:
        return "why.decided_assumed"
    if ranking_assumed(placements, row, clause):
        return "why.decided_ranking"
    if decided_by_counts(placements, row):
        return "why.decided_counts"
    return "why.decided" if target_sentences.late_otherwise(placements, row) is None else "why.decided_late"


def decided_by_counts(placements: Placements, row: int) -> bool:
    """Whether a clause on disproportionality decides whose years, or "newly", no file states: they come from
    risk ratios, and that these stand for CDE's own finding is assumed."""
    data, clause = placements.dataset, placements.clause(row)
    worked = data.worked_out
    if not isinstance(clause, DisproportionateYears) or worked is None:
        return False
    if placements.contradicted[row]:
        return False
    if clause.newly:
        stated = data.newly_disproportionate[row] == Outcome.TRUE and not worked.newly[row]
    else:
        stated = data.disproportionate_years[row] == NONE and data.sig_dis[row] == Outcome.TRUE
        stated = stated and not worked.sig_dis[row]
    return not stated and (bool(worked.newly[row]) or risk_ratios.worked_out(data, row))


def ranking_assumed(placements: Placements, row: int, clause: Clause) -> bool:
    """Whether a clause rests, for this row, on a ranking whose method is assumed."""
    if not clause.evaluation:
        return False
    ranked = placements.percentiles[clause.evaluation]
    banded = clause.basis is Basis.COMPOSITE
    if banded and Ranked(int(ranked.state[row])) in (Ranked.FROM_FILE, Ranked.SMALL):
        return False
    return ranked.evaluation.provenance.status is Status.ASSUMED


def detail(placements: Placements, row: int, at: int) -> Message:
    """Why clause `at` came out as it did for this row, with the row's own numbers."""
    clause = placements.rulebook.clauses[at]
    unknown = placements.outcomes[row, at] == Outcome.UNKNOWN
    if clause.basis is Basis.MISSED:
        return _missed(placements, row, clause, unknown)
    if clause.basis is Basis.FINDINGS:
        return _findings(placements, row, unknown)
    if isinstance(clause, DisproportionateYears):
        return _disproportionate(placements, row, clause, unknown)
    if clause.basis is Basis.INDICATORS:
        return _each(placements, row, clause)
    return band(placements, row, clause.evaluation)


def _findings(placements: Placements, row: int, unknown: bool) -> Message:
    data, late = placements.dataset, target_sentences.late_findings(placements, row)
    given = int(data.minor_findings[row])
    if late and unknown:
        return message("clause.findings.late_unsaid", labels=late)
    if late:
        return message("clause.findings.late", n=max(given, len(late)), labels=late)
    if unknown:
        return message("clause.findings.unknown")
    if data.assumed(Fact.FINDINGS):
        return message("clause.findings.assumed")
    return message("clause.findings.known", n=given)


def _missed(placements: Placements, row: int, clause: Clause, unknown: bool) -> Message:
    counted, missed = int(placements.counted[row]), int(placements.missed[row])
    rulebook = placements.rulebook
    if unknown and not placements.count_known[row]:
        return message("clause.missed.unknown", n=counted, least=rulebook.min_elements)
    targets = [rulebook.target(code) for code in placements.elements(row, Result.MISSED)]
    assumed = sum(one is not None and one.provenance.status is Status.ASSUMED for one in targets)
    values = {"n": missed, "k": counted, "m": len(rulebook.elements.indicators)}
    said = (
        message("clause.missed.assumed", **values, a=assumed)
        if assumed
        else message("clause.missed.known", **values)
    )
    more = int(placements.may_be_missed[row])
    if more and unknown:
        said = message("clause.missed.open", said=said, n=more, low=missed, high=missed + more)
    measured = target_sentences.missed_otherwise_measured(placements, row)
    if measured:
        said = message("clause.missed.measured", said=said, labels=measured)
    other = target_sentences.late_otherwise(placements, row) if clause is placements.clause(row) else None
    if other is None:
        return said
    labels = OneOf(target_sentences.late(placements, row))
    return message("clause.missed.late", said=said, labels=labels, otherwise=other.label)


def _disproportionate(
    placements: Placements, row: int, clause: DisproportionateYears, unknown: bool
) -> Message:
    data = placements.dataset
    years, newly = int(data.disproportionate_years[row]), int(data.newly_disproportionate[row])
    sig_dis = int(data.sig_dis[row])
    if placements.contradicted[row]:
        words = [message(f"clause.stated.{Outcome(each).word}") for each in (newly, sig_dis)]
        stated = message("clause.stated.years", n=years) if years >= 0 else message("clause.stated.unknown")
        said = {"years": stated, "newly": words[0], "sig_dis": words[1]}
        return Message("clause.disproportionate.contradicts", said)
    if years < 0 and sig_dis == Outcome.TRUE and not clause.newly and not unknown:
        return message("clause.disproportionate.sig_dis")
    if data.assumed_at(row, Fact.DISPROPORTIONALITY) and sig_dis != Outcome.TRUE:
        return message("clause.disproportionate.assumed")
    by_file = clause.newly and newly == Outcome.TRUE and not _filled_in(placements, row)
    if not by_file and risk_ratios.worked_out(data, row):
        return risk_ratios.years_said(data, row, placements.rulebook.disproportionality)
    if clause.newly and newly == Outcome.TRUE and years not in (NONE, 1):
        return message("clause.disproportionate.newly_although", years=years)
    if years >= 0:
        return (
            message("clause.disproportionate.years", n=years)
            if years
            else message("clause.disproportionate.none")
        )
    if newly == Outcome.TRUE:
        return message(
            "clause.disproportionate.newly_years_blank" if unknown else "clause.disproportionate.newly"
        )
    if newly == Outcome.FALSE and not unknown:
        return message("clause.disproportionate.not_newly")
    return message("clause.disproportionate.unknown")


def _filled_in(placements: Placements, row: int) -> bool:
    """Whether "newly disproportionate" was worked out from counts, so that the file does not say it."""
    worked = placements.dataset.worked_out
    return worked is not None and bool(worked.newly[row])


def _not_evaluated(placements: Placements, row: int, ranked: Percentile) -> Message | None:
    swd = int(placements.dataset.swd[row])
    limit = ranked.evaluation.swd_over
    if 0 <= swd <= limit:
        return message("clause.percentile.small", swd=students(swd), limit=limit)
    if placements.dataset.assumed(Fact.PRESCHOOL) and ranked.evaluation.id == "preschool":
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
        "rank": rank_written(float(ranked.rank[row])),
        "ranked": int(ranked.ranked[row]),
        "reference": ranked.reference.name,
        "year": _reference_year(placements, row, ranked),
    }
    kind = "within" if ranked.reference.kind is ReferenceKind.WITHIN else "statewide"
    if used is not None and used.kind:
        kind, values["kind"] = f"{kind}_type", message(f"lea_types.{used.kind}")
    said = Message(f"clause.percentile.{kind}", values)
    filled = from_state(ranked, row)
    if filled:
        said = message("clause.percentile.from_state", said=said, each=filled)
    return with_interval(said, ranked, row)


def from_state(ranked: Percentile, row: int) -> tuple[str | Message, ...]:
    """What a row is ranked on that comes from the state file: indicators, and its number of students."""
    swd = (message("rank.filled_swd"),) if ranked.filled_swd[row] else ()
    return (*(get(code).label for code in ranked.from_state(row)), *swd)


def rank_written(rank: float) -> str:
    """A rank as it is read: whole, or with a half where two share it."""
    return f"{rank:,.1f}".removesuffix(".0")


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
        least=evaluation.min_denominator,
        domains=evaluation.min_domains,
        reference=ranked.reference.name,
        left=left,
    )


def _each(placements: Placements, row: int, clause: Clause) -> Message:
    ranked = placements.percentiles[clause.evaluation]
    values = {code: float(ranked.indicator[row, POSITION[code]]) for code in clause.indicators}
    known = tuple(
        message(
            f"clause.indicator.one{'_from_state' if ranked.filled[row, POSITION[code]] else ''}",
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
    not_evaluated = _not_evaluated(placements, row, ranked)
    if not_evaluated is not None:
        return not_evaluated
    state = Ranked(int(ranked.state[row]))
    if placements.dataset.swd[row] < 0:
        state = Ranked.SWD_UNKNOWN
    elif ranked.reference.kind is ReferenceKind.NONE:
        state = Ranked.NO_REFERENCE
    if state in (
        Ranked.SWD_UNKNOWN,
        Ranked.NO_REFERENCE,
        Ranked.NO_REFERENCE_YEAR,
        Ranked.TYPE_UNKNOWN,
    ):
        return message(_UNRANKED[state], reference=ranked.reference.name)
    if all(placements.dataset.missing[row, POSITION[code]] != Missing.PRESENT for code in lacking):
        return message("clause.indicator.no_values", lacking=labels)
    if set(lacking) <= set(left_out(placements, row, ranked)):
        return message("clause.indicator.not_in_reference", lacking=labels)
    return message("clause.indicator.too_few", lacking=labels, least=ranked.evaluation.min_denominator)


def _scope(placements: Placements, row: int, ranked: Percentile) -> Message:
    used = ranked.used(row)
    kind = message(f"lea_types.{used.kind}") if used is not None and used.kind else None
    if ranked.reference.kind is ReferenceKind.WITHIN:
        return message("scope.within_type", kind=kind) if kind else message("scope.within")
    year = _reference_year(placements, row, ranked)
    if kind:
        return message("scope.statewide_type", kind=kind, reference=ranked.reference.name, year=year)
    return message("scope.statewide", reference=ranked.reference.name, year=year)
