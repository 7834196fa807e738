"""Why an LEA is where it is, as message ids with its own numbers.

Everything here is looked up in `Placements`; nothing is decided a second time. A reader can redo each step
with a pencil: rate, numerator, denominator, comparator, target, met or missed, count, clause.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from cim_core.data.facts import Fact
from cim_core.data.indicators import INDICATORS, Unit
from cim_core.placing.placement import Outcome, Placements, Result
from cim_core.placing.ranking import Percentile, Ranked, ReferenceKind
from cim_core.placing.settled import not_supplied
from cim_core.rules.clause import Clause
from cim_core.rules.tiers import NOT_PLACED, SMALL_LEA, UNIVERSAL, Placement, Tier
from cim_core.why.clauses import band, percentile_of, students
from cim_core.why.indicator_why import IndicatorWhy, one_indicator
from cim_core.why.rank_notes import beside_rank, can_decide
from cim_core.why.risk_ratios import sig_dis_said
from cim_core.why.rung_answers import ANSWER, Answer, answer, deciding
from cim_core.why.rungs import RungLea, decided, detail, is_assumed, source_line
from cim_core.why.target_sentences import late, late_findings, not_compared
from cim_core.why.years import row_year_said
from cim_core.words.dates import written_day
from cim_core.words.messages import HowMany, Message, MessageFamily, Quantity, Value, message

_REAL = re.compile(r"(0[1-9]|[1-4]\d|5[0-8])\d{12}$")
"""Codes of California's 58 counties: whoever carries one is taken for a real LEA."""
_TAKEN = tuple(fact for fact in Fact if fact is not Fact.ELEMENTS)
_ASSUMED_NONE = MessageFamily("why.assumed_none.{}", _TAKEN)
_SUPPORTED = (
    *("universal", "targeted_level_1", "targeted_level_2", "targeted_level_3", "intensive"),
    *("small_lea", "not_placed"),
)
_SUPPORT = (
    MessageFamily("support.{}.label", _SUPPORTED),
    MessageFamily("support.{}.asks", _SUPPORTED),
    MessageFamily("support.{}.help", _SUPPORTED),
)
"""Facts taken as none that have a sentence of their own; of elements `not_supplied` says which they are."""


@dataclass(frozen=True, slots=True)
class ClauseWhy:
    """One rung of the ladder: the clause, what it came to, whether it decided, and this LEA's numbers.

    `short` is the rule in about four words, `value` what it looks at, `answer` what it comes to, each for one
    line; `assumed` marks a rule, or a way to its numbers, that no public text gives.
    """

    clause: Clause
    outcome: Outcome
    deciding: bool
    assumed: bool
    short: Message
    value: Message
    answer: Message
    detail: Message
    source: Message


@dataclass(frozen=True, slots=True)
class Ending:
    """What happens where no clause decides: the track that replaces the tier, or the foot of the ladder.

    `short`, `value` and `answer` as in `ClauseWhy`; the foot has no value where something can be placed.
    """

    placement: Placement
    decided: bool
    short: Message
    value: Message | None
    answer: Message
    detail: Message


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
    notices: tuple[Message, ...]
    sentences: tuple[Message, ...]
    support: tuple[Message, ...]
    clauses: tuple[ClauseWhy, ...]
    track: Ending | None
    foot: Ending
    indicators: tuple[IndicatorWhy, ...]


def explain(placements: Placements, row: int) -> Explanation:
    """The explanation of one row of the dataset. Raises IndexError for a row that is not there."""
    data = placements.dataset
    indicators = tuple(one_indicator(placements, row, one.code) for one in INDICATORS)
    ladder = tuple(_rung(placements, row, at) for at in range(len(placements.rulebook.clauses)))
    placement = placements.placement(row)
    beside = (*_so_far(placements, row), *_beside(placements, row))
    notices = _notices(placements, row)
    sentences = (
        *_decided(placements, row, ladder),
        _missed(placements, row, indicators),
        *filter(None, [not_supplied(placements, row)]),
        *not_compared(placements, row),
        *_once(placements, row),
        *_targets_beside(placements),
        *_above(placements, row, ladder, Outcome.FALSE, "why.not_above"),
        *_above(placements, row, ladder, Outcome.UNKNOWN, "why.unknown"),
        *_shown_only(placements, row),
        *beside,
        *_unsaid(placements, row),
        *notices,
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
        notices=notices,
        sentences=tuple(dict.fromkeys(sentences)),
        support=support(placement),
        clauses=ladder,
        track=_track(placements, row),
        foot=_foot(placements, row),
        indicators=indicators,
    )


def lacking(placements: Placements, row: int) -> tuple[Message, ...]:
    """What would settle a placement: the clauses before the deciding one that are unknown, and why."""
    found: list[Message] = []
    for at, outcome in enumerate(placements.outcomes[row].tolist()):
        if at == int(placements.deciding[row]):
            break
        if outcome == Outcome.UNKNOWN:
            found.append(detail(placements, row, at))
    return tuple(found)


def support(placement: Placement) -> tuple[Message, ...]:
    """What a placement brings: the tier's label, what it asks for, who helps (source: the flyer)."""
    key = "intensive" if placement.tier is Tier.INTENSIVE else placement.word
    return tuple(message(part[key]) for part in _SUPPORT)


def _headline(placements: Placements, row: int) -> Message:
    data, placement = placements.dataset, placements.placement(row)
    values: dict[str, Value] = {
        "lea": str(data.lea_name[row]),
        "year": row_year_said(data, row),
        "placement": placement.label,
    }
    most = placements.could_be(row)[-1]
    if placement == NOT_PLACED:
        return Message("why.headline_not_placed", {**values, "most": most.label})
    if placement == SMALL_LEA:
        return Message("why.headline_small", values)
    if placements.firm[row]:
        return Message("why.headline_firm", values)
    if most == placement:
        return Message("why.headline_unread", values)
    return Message("why.headline_provisional", {**values, "most": most.label})


def _rung(placements: Placements, row: int, at: int) -> ClauseWhy:
    clause = placements.rulebook.clauses[at]
    outcome = Outcome(int(placements.outcomes[row, at]))
    return ClauseWhy(
        clause=clause,
        outcome=outcome,
        deciding=int(placements.deciding[row]) == at,
        assumed=is_assumed(placements, row, clause),
        short=clause.short(placements.rulebook),
        value=clause.value(RungLea(placements, row), outcome is Outcome.UNKNOWN),
        answer=message(ANSWER[answer(placements, row, at)]),
        detail=detail(placements, row, at),
        source=source_line(placements, row, clause),
    )


def _decided(placements: Placements, row: int, ladder: tuple[ClauseWhy, ...]) -> tuple[Message, ...]:
    placement = placements.placement(row)
    if placements.unseen[row]:
        return (message("why.decided_not_shown", placement=placement.label),)
    if placement == SMALL_LEA:
        swd = students(int(placements.dataset.swd[row]))
        limit = placements.rulebook.small_lea.max_swd
        return (message("why.decided_small", swd=swd, limit=HowMany(limit)),)
    deciding = [rung for rung in ladder if rung.deciding]
    if deciding:
        rung = deciding[0]
        kind = decided(placements, row, rung.clause, rung.outcome)
        return (message(kind, clause=rung.clause.said, detail=rung.detail, placement=placement.label),)
    if placement == NOT_PLACED:
        counted = int(placements.counted[row])
        return (
            message("why.not_placed", k=HowMany(counted), least=HowMany(placements.rulebook.min_elements)),
        )
    return (message("why.decided_universal" if placements.firm[row] else "why.decided_universal_open"),)


def _track(placements: Placements, row: int) -> Ending | None:
    """The small-LEA track, where it takes the place of the tier for this row."""
    if placements.placement(row) != SMALL_LEA:
        return None
    return Ending(
        SMALL_LEA,
        True,
        short=message("rung.short.small_lea", limit=HowMany(placements.rulebook.small_lea.max_swd)),
        value=message("rung.value.swd", swd=students(int(placements.dataset.swd[row]))),
        answer=message(ANSWER[deciding(placements, row)]),
        detail=_decided(placements, row, ())[0],
    )


def _foot(placements: Placements, row: int) -> Ending:
    """Universal, or Not placed where too little is known even for that."""
    placement = placements.placement(row)
    if placement == NOT_PLACED:
        counted, least = HowMany(placements.counted[row]), HowMany(placements.rulebook.min_elements)
        return Ending(
            NOT_PLACED,
            True,
            short=message("rung.short.too_little"),
            value=message("rung.value.elements", k=counted, least=least),
            answer=message(ANSWER[Answer.DECIDING]),
            detail=_decided(placements, row, ())[0],
        )
    universal = placement == UNIVERSAL
    kind, foot_answer = "why.ending", Answer.FALSE
    if universal and placements.firm[row]:
        kind, foot_answer = "why.ending_universal", Answer.DECIDING
    elif universal:
        kind, foot_answer = "why.ending_universal_open", Answer.DECIDING_UNKNOWN
    return Ending(
        UNIVERSAL,
        universal,
        short=message("rung.short.none"),
        value=None,
        answer=message(ANSWER[foot_answer]),
        detail=message(kind),
    )


def _missed(placements: Placements, row: int, indicators: tuple[IndicatorWhy, ...]) -> Message:
    total = len(placements.rulebook.elements.indicators)
    counted, missed = int(placements.counted[row]), int(placements.missed[row])
    if not counted:
        return message("why.no_elements", m=HowMany(total))
    if not missed:
        return message("why.none_missed", k=HowMany(counted), m=HowMany(total), n=HowMany(counted))
    each = tuple(_miss(one) for one in indicators if one.element and one.result is Result.MISSED)
    return message("why.missed", n=HowMany(missed), k=HowMany(counted), m=HowMany(total), each=each)


def _once(placements: Placements, row: int) -> tuple[Message, ...]:
    """Where the file gives findings beside late evaluations: the same lateness counts once."""
    if placements.dataset.minor_findings[row] < 1:
        return ()
    as_targets, as_findings = late(placements, row), late_findings(placements, row)
    if as_findings:
        return (message("why.late_given_once", labels=as_findings),)
    return (message("why.late_once", labels=as_targets),) if as_targets else ()


def _miss(why: IndicatorWhy) -> Message:
    assert why.target is not None and why.rate is not None and why.difference is not None
    assert why.vintage is not None
    fraction = why.numerator is not None and why.denominator is not None and not why.inferred
    values: dict[str, str | Quantity | Message] = {
        "title": why.indicator.title,
        "rate": why.rate,
        "target": why.target_written,
        "vintage": why.vintage,
    }
    if fraction:
        assert why.numerator is not None and why.denominator is not None
        values |= {"numerator": why.numerator, "denominator": why.denominator}
    if not why.indicator.has_numerator and why.indicator.unit is Unit.COUNT:
        return Message("why.miss_count", values)
    if why.difference.value == 0:
        return Message("why.miss_edge_of" if fraction else "why.miss_edge", values)
    by = replace(why.difference, value=abs(why.difference.value))
    return Message("why.miss_of" if fraction else "why.miss", {**values, "by": by})


def _above(
    placements: Placements, row: int, ladder: tuple[ClauseWhy, ...], outcome: Outcome, kind: str
) -> tuple[Message, ...]:
    """The clauses for a more intensive placement that came to `outcome`, each said by message `kind`."""
    placement = placements.placement(row)
    if placement == SMALL_LEA or (placements.unseen[row] and outcome is Outcome.UNKNOWN):
        return ()
    return tuple(
        message(kind, placement=rung.clause.placement.label, clause=rung.clause.said, detail=rung.detail)
        for rung in ladder
        if rung.outcome is outcome and rung.clause.placement > placement
    )


def _beside(placements: Placements, row: int) -> tuple[Message, ...]:
    """What holds beside the tier: small LEA, significant disproportionality, the determination as printed."""
    data = placements.dataset
    said = []
    if placements.small_lea[row] == Outcome.TRUE and placements.placement(row) != SMALL_LEA:
        limit = placements.rulebook.small_lea.max_swd
        kind = "why.small_flag_ranked" if _has_percentile(placements, row) else "why.small_flag"
        said.append(message(kind, swd=students(int(data.swd[row])), limit=HowMany(limit)))
    if placements.sig_dis[row] == Outcome.TRUE:
        worked_out = sig_dis_said(data, row, placements.rulebook.disproportionality)
        said.append(worked_out or message("why.sig_dis"))
    if data.determination[row]:
        said.append(message("why.determination", determination=str(data.determination[row])))
    return tuple(said)


def _unsaid(placements: Placements, row: int) -> tuple[Message, ...]:
    """What the file does not say about flags, what was taken as none, and what the figures are not."""
    data = placements.dataset
    said = []
    if placements.small_lea[row] == Outcome.UNKNOWN:
        ranked = _has_percentile(placements, row)
        said.append(message("why.swd_unknown_ranked" if ranked else "why.swd_unknown"))
    if placements.sig_dis[row] == Outcome.UNKNOWN:
        said.append(message("why.sig_dis_unknown"))
    said.extend(message(_ASSUMED_NONE[fact]) for fact in _TAKEN if data.assumed_at(row, fact))
    for one in placements.percentiles.values():
        said.extend(beside_rank(placements, row, one.evaluation.id))
    return tuple(said)


def _notices(placements: Placements, row: int) -> tuple[Message, ...]:
    """What the figures are not: statewide, or CDE's own."""
    said = [*_so_far(placements, row)]
    if not placements.rulebook.official:
        said.append(message("why.changed_rules"))
    if placements.dataset.altered:
        said.append(message("why.changed_data"))
    if any(_within(one, row) for one in placements.percentiles.values()):
        said.append(message("why.within"))
    if _REAL.match(str(placements.dataset.lea_key[row])):
        said.append(message("why.illustration"))
    return tuple(said)


def _so_far(placements: Placements, row: int) -> tuple[Message, ...]:
    """That the year is not over, and what that means for what is shown."""
    data = placements.dataset
    if not data.in_progress[row]:
        return ()
    return (message("so_far.notice", year=str(data.year[row]), day=written_day(str(data.as_of[row]))),)


def _has_percentile(placements: Placements, row: int) -> bool:
    return any(percentile_of(placements, row, one) for one in placements.percentiles)


def _within(ranked: Percentile, row: int) -> bool:
    """Whether a row's percentile was computed among the file's own LEAs."""
    computed = Ranked(int(ranked.state[row])) is Ranked.COMPUTED
    return computed and ranked.reference.kind is ReferenceKind.WITHIN


def _shown_only(placements: Placements, row: int) -> tuple[Message, ...]:
    """Evaluations that the rulebook shows without letting them decide."""
    return tuple(
        message("why.shown_only", evaluation=ranked.evaluation.title, detail=band(placements, row, name))
        for name, ranked in placements.percentiles.items()
        if not can_decide(placements, name) and percentile_of(placements, row, name)
    )


def _targets_beside(placements: Placements) -> tuple[Message, ...]:
    if placements.rulebook.counts_targets:
        return ()
    return (message("why.targets_do_not_decide"),)
