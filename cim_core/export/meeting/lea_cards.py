"""Cards of one LEA: why it is where it is, how far off in children, since when, what it must do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cim_core.export.meeting.card import (
    ASKED,
    Card,
    CardKind,
    CardSpec,
    Dots,
    Line,
    Lines,
    Picture,
    Question,
    Steps,
    Trail,
)
from cim_core.export.meeting.ground import Ground
from cim_core.letters.agreement import letter_of
from cim_core.letters.over_years import COMPARED, compared, over_years
from cim_core.outlook import Plan, TargetRoom, lead_sentence, step_cards, tags, target_rooms
from cim_core.placing import settled
from cim_core.placing.placement import Outcome
from cim_core.rules.tiers import NOT_PLACED
from cim_core.why import lag as lags
from cim_core.why.clauses import students
from cim_core.why.explanation import support
from cim_core.words.messages import HowMany, Message, MessageFamily, message

MOST_DOTS = 600
"""So many students stand as dots on one card."""
_MOST_LINES = 5
_ASIDE = {
    Outcome.TRUE: "meeting.lea.aside",
    Outcome.FALSE: "meeting.lea.not_aside",
    Outcome.UNKNOWN: "meeting.lea.aside_unknown",
}
_WORKED = {
    **_ASIDE, Outcome.TRUE: "meeting.lea.aside_worked", Outcome.FALSE: "meeting.lea.not_aside_worked",
}  # fmt: skip
"""Where it was worked out from counts."""
_SINCE = MessageFamily("meeting.lea.{}", COMPARED)


def _card(
    spec: CardSpec, on: Ground, row: int, question: Question, sentence: Message, picture: Picture | None,
    **more: Any,
) -> Card:  # fmt: skip
    """A card of one LEA, with who says where it is."""
    letter = letter_of(on.placements.dataset, row)
    return Card(
        spec,
        message(ASKED[question]),
        sentence,
        picture=picture,
        letter=None if letter is None else letter.said,
        letter_placement=None if letter is None else letter.placement,
        reading=settled.of(on.placements, row),
        **{"source": on.source(), "lag": on.lag([row])} | more,
    )


def _row(spec: CardSpec, on: Ground) -> int:
    row = on.row_of(spec.lea)
    assert row is not None
    return row


def _name(on: Ground, row: int) -> str:
    return str(on.placements.dataset.lea_name[row])


def _named(on: Ground, row: int, said: Message) -> Message:
    return message("meeting.lea.named", lea=_name(on, row), said=said)


def why(spec: CardSpec, on: Ground) -> Card:
    """Why it is where it is: the sentence, and the targets that it misses."""
    row = _row(spec, on)
    sentence = _named(on, row, lead_sentence.sentence(on.outlook(), row))
    missed = [one for one in target_rooms.rooms(on.placements, on.outlook().margins, row) if one.missed]
    lines = tuple(_missed(room) for room in missed[:_MOST_LINES])
    rest = len(missed) - len(lines)
    under = message("meeting.lea.missed_more", n=HowMany(rest)) if rest > 0 else None
    picture, notes = Lines(lines) if lines else None, (message("meeting.lea.why_note"),)
    return _card(spec, on, row, Question.WHY, sentence, picture, under=under, notes=notes)


def _missed(room: TargetRoom) -> Line:
    rate, target = room.why.rate or "", room.why.target_written
    said = message("meeting.lea.missed", rate=rate, target=target, room=room.said)
    return Line(said, room.why.indicator.title)


def near(spec: CardSpec, on: Ground) -> Card:
    """How far off, in children: one number, and the students as dots where one indicator would do."""
    row = _row(spec, on)
    step = on.step(row)
    if step is None:
        return _card(spec, on, row, Question.FAR, message("meeting.lea.nothing", lea=_name(on, row)), None)
    sentence = _how_far(on, row, step)
    dots = _dots(on, row, step)
    lines = tuple(Line(one.said) for one in step.lines) + tuple(Line(note) for note in step.notes)
    if dots is None:
        picture = Lines(lines[:_MOST_LINES]) if lines else None
        return _card(spec, on, row, Question.FAR, sentence, picture, notes=step.notes)
    return _card(
        spec, on, row, Question.FAR, sentence, dots,
        number=students(abs(dots.turns), int(dots.group.value)),
        number_said=step.lines[0].said, notes=step.notes,
    )  # fmt: skip


def _how_far(on: Ground, row: int, step: step_cards.StepCard) -> Message:
    """So many students away from a placement, where one change of a single indicator would do; else the
    question that the card answers."""
    plan = step.plan
    if plan is None or not plan.counted or len(plan.changes) != 1 or len(step.lines) != 1:
        return _named(on, row, step.title)
    group = plan.changes[0].denominator
    away = students(plan.students, group)
    placement = (
        plan.placement.label if plan.settled else message("lead.at_least", placement=plan.placement.label)
    )
    return message("meeting.lea.away", lea=_name(on, row), n=away, students=away, placement=placement)


def _dots(on: Ground, row: int, step: step_cards.StepCard) -> Dots | None:
    """The students of the only indicator that has to change; None where there are several, or too many."""
    plan: Plan | None = step.plan
    if plan is None or len(step.lines) != 1 or len(plan.changes) != 1:
        return None
    change = plan.changes[0]
    if change.numerator is None or change.numerator_after is None or not change.denominator:
        return None
    if change.denominator > MOST_DOTS:
        return None
    group = change.denominator
    return Dots(
        students(change.numerator, group),
        students(group, group),
        change.numerator_after - change.numerator,
        message(
            "meeting.lea.dots",
            name=message(lead_sentence.SPOKEN[change.indicator]),
            count=students(change.numerator, group),
            group=students(group, group),
        ),
    )


def lag(spec: CardSpec, on: Ground) -> Card:
    """Whose data, how old."""
    row = _row(spec, on)
    old = on.aged([row])
    if old is None:
        return _card(spec, on, row, Question.DATA, message("meeting.lag.none"), None)
    work = message("meeting.lag.work", year=old.running, letter=old.leads_to)
    sentence = message("meeting.lag.said", year=old.measured_said)
    return _card(spec, on, row, Question.DATA, sentence, Steps(lags.steps(old)), under=work)


def trend(spec: CardSpec, on: Ground) -> Card:
    """Where it stood over the years."""
    row = _row(spec, on)
    years = over_years(on.placements, row, 5)
    before = years[-2].year if len(years) > 1 else ""
    sentence = message(_SINCE[compared(on.placements, row, years)], lea=_name(on, row), year=before)
    trail = Trail(tuple((one.year, one.standing) for one in years))
    like, notes = message("meeting.lea.like", said=on.like(row)), (message("meeting.moved.note"),)
    return _card(spec, on, row, Question.TREND, sentence, trail, under=like, notes=notes)


def sure(spec: CardSpec, on: Ground) -> Card:
    """Whether it hangs on few students."""
    row = _row(spec, on)
    word, rest = tags.tag(on.outlook(), row, on.closeness_of(row))
    said = message("meeting.lea.sure", word=word, rest=rest) if rest is not None else word
    swd = int(on.placements.dataset.swd[row])
    lines = [Line(message("meeting.sure.under"))]
    if swd >= 0:
        lines.insert(0, Line(message("meeting.lea.swd", swd=students(swd))))
    if on.placements.small_lea[row] == Outcome.TRUE:
        limit = HowMany(on.placements.rulebook.small_lea.max_swd)
        lines.append(Line(message("meeting.lea.small", limit=limit)))
    return _card(spec, on, row, Question.FAIR, _named(on, row, said), Lines(tuple(lines)))


def asks(spec: CardSpec, on: Ground) -> Card:
    """What the placement asks of it, and who helps."""
    row = _row(spec, on)
    stands, by_letter = on.stands(row)
    placement = stands.placement
    if placement == NOT_PLACED:
        nothing = message("meeting.lea.asks_nothing", lea=_name(on, row))
        return _card(spec, on, row, Question.MUST, nothing, None)
    label, asks_, helps = support(placement)
    lines = (Line(asks_, message("meeting.lea.do")), Line(helps, message("meeting.lea.help")))
    kind = "meeting.lea.asks_letter" if by_letter else "meeting.lea.asks"
    sentence = message(kind, placement=placement.label, label=label)
    return _card(spec, on, row, Question.MUST, sentence, Lines(lines), under=message("meeting.asks.dates"))


def cost(spec: CardSpec, on: Ground) -> Card:
    """What it costs, where significant disproportionality asks for 15 %."""
    row = _row(spec, on)
    outcome = Outcome(int(on.placements.sig_dis[row]))
    worked = on.worked_out(row)
    kind = "meeting.cost.worked" if worked else "meeting.cost.aside"
    aside = [Line(message(kind))] if outcome is Outcome.TRUE else []
    lines = Lines((*aside, Line(message("meeting.cost.staff"))))
    sentence = message((_WORKED if worked else _ASIDE)[outcome], lea=_name(on, row))
    return _card(spec, on, row, Question.COST, sentence, lines, notes=(message("meeting.cost.note"),))


MAKERS: Mapping[CardKind, Callable[[CardSpec, Ground], Card]] = {
    CardKind.LEA_WHY: why,
    CardKind.LEA_NEAR: near,
    CardKind.LEA_LAG: lag,
    CardKind.LEA_TREND: trend,
    CardKind.LEA_SURE: sure,
    CardKind.LEA_ASKS: asks,
    CardKind.LEA_COST: cost,
}
