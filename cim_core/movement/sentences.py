"""What changed between two years for one LEA, and why it moved, in words and as plain rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from cim_core.data.dataset import Missing
from cim_core.data.facts import MISSING_IN_SHORT, MISSING_NAMED
from cim_core.data.indicators import CODES, POSITION, get
from cim_core.movement.flows import Movement, YearMover, previous, steps, traced
from cim_core.movement.ranks import Ranks, percentile_at
from cim_core.movement.swaps import Between, MoveReason, Stage, SwapStep
from cim_core.placing.placement import Placements, Result
from cim_core.placing.ranking import Reference
from cim_core.rules.clause import Basis, Clause
from cim_core.rules.tiers import NOT_PLACED, SMALL_LEA
from cim_core.why import lag
from cim_core.why.clauses import rate, students
from cim_core.words.disclosure import Disclosure
from cim_core.words.messages import HowMany, Message, MessageFamily, Quantity, message
from cim_core.words.numbers import together

_NAMED = 3
_NOTHING = message("movement.nothing")
_FACTS = {
    "minor_findings": ("movement.minor_findings", "movement.cause.minor_findings"),
    "disproportionate_years": ("movement.disproportionate_years", "movement.cause.disproportionate_years"),
    "newly_disproportionate": ("movement.newly_disproportionate", "movement.cause.newly_disproportionate"),
}
"""Each fact of the clauses, with what it is called and what is said where it turned one."""
_WHY = MessageFamily("movement.why.{}", tuple(MoveReason))
_AS = {"met": "movement.as.met", "missed": "movement.as.missed", "out": "movement.as.out"}
_TURN = {
    ("met", "missed"): "movement.turn.met_missed",
    ("missed", "met"): "movement.turn.missed_met",
    ("met", "out"): "movement.turn.met_out",
    ("missed", "out"): "movement.turn.missed_out",
    ("out", "met"): "movement.turn.out_met",
    ("out", "missed"): "movement.turn.out_missed",
}
_COUNTED = {Result.MET: "met", Result.MET_NOT_CALCULATED: "met", Result.MISSED: "missed"}
CSV_COLUMNS = (
    "lea_code", "lea_name", "selpa", "year_before", "year_after", "from", "to", "direction", "reason",
    "steps", "because", "rulebook_before", "rulebook_after", "lag",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FactorChange:
    """Something that came out differently at a swap: what it is, before and after it, and a short sentence.

    `name` is the indicator's code, the evaluation's id, or the fact's name.
    """

    reason: MoveReason
    basis: Basis
    name: str
    what: Message
    before: Message
    after: Message
    said: Message


@dataclass(frozen=True, slots=True)
class Side:
    """One line of what an LEA looked like in the two years."""

    what: Message
    before: Message
    after: Message


def changes(stages: Sequence[Stage]) -> tuple[FactorChange, ...]:
    """What mattered at each swap: results that turned, and percentiles and facts that turned a clause."""
    found: list[FactorChange] = []
    for before, after in zip(stages, stages[1:], strict=False):
        if before.placements is after.placements and before.row == after.row:
            continue
        found.extend(_indicators(before, after))
        found.extend(_percentiles(stages, before, after))
        found.extend(_facts(before, after))
    return tuple(found)


def sides(stages: Sequence[Stage]) -> tuple[Side, ...]:
    """The two years side by side: placement, targets missed, percentiles, and the facts of clauses."""
    before, after = stages[0], stages[-1]
    lines = [Side(message("movement.placement"), *(one.placement.label for one in (before, after)))]
    lines.append(Side(message("movement.missed"), *(_missed_count(one) for one in (before, after))))
    for evaluation in after.placements.rulebook.deciding_evaluations:
        what = message("movement.percentile", evaluation=evaluation.title)
        lines.append(Side(what, *(percentile_at(one, evaluation.id) for one in (before, after))))
    lines.append(Side(message("movement.swd"), *(_swd(one) for one in (before, after))))
    for name, (called, _) in _FACTS.items():
        each = [_fact(one, name) for one in (before, after)]
        if any(one != _NOTHING for one in each):
            lines.append(Side(message(called), *each))
    return tuple(lines)


def because(mover: YearMover) -> Message:
    """Why an LEA moved, all its reasons in the order of the swaps."""
    return _then([step_said(step) for step in mover.steps])


def step_said(step: SwapStep) -> Message:
    """One reason with the numbers that did it."""
    if step.reason is MoveReason.NOT_SHOWN:
        return message(_WHY[step.reason])
    return message(_WHY[step.reason], cause=_cause(step))


def since(
    placements: Placements,
    reference: Reference,
    row: int,
    stages: Sequence[Stage] | None = None,
) -> Message:
    """What became of an LEA since the newest earlier year that it is in, in one sentence.

    `stages` may be handed in where they are already known. Rules are held constant.
    """
    earlier = previous(placements, row)
    if earlier is None:
        so_far = bool(placements.dataset.in_progress[row])
        return message("movement.in_progress" if so_far else "movement.no_earlier")
    found = stages if stages is not None else since_stages(placements, reference, row)
    year = str(placements.dataset.year[earlier])
    before, after = found[0].placement, found[-1].placement
    if before == after:
        return message("movement.same", year=year, placement=after.label)
    why = _then([step_said(step) for step in steps(tuple(found))])
    return message("movement.moved", year=year, before=before.label, after=after.label, why=why)


def since_stages(placements: Placements, reference: Reference, row: int) -> tuple[Stage, ...]:
    """The stages from the newest earlier year of an LEA; none when there is no such year."""
    earlier = previous(placements, row)
    if earlier is None:
        return ()
    was, now = (str(placements.dataset.year[one]) for one in (earlier, row))
    return traced(Between(placements, placements, was, now, reference, reference), earlier, row)


def mover_rows(
    movement: Movement, movers: Iterable[YearMover], disclosure: Disclosure, today: date | None = None
) -> list[dict[str, str | list[str] | None]]:
    """Movers as plain rows, see `CSV_COLUMNS`: `reason` and `steps` are lists in the order of the swaps."""
    between = movement.between
    data = between.after.dataset
    ways = {1: "more intensive", -1: "less intensive", 0: ""}
    return [
        {
            "lea_code": str(data.lea_code[mover.row_after]),
            "lea_name": str(data.lea_name[mover.row_after]),
            "selpa": str(data.selpa[mover.row_after]),
            "year_before": between.year_before,
            "year_after": between.year_after,
            "from": mover.before.name,
            "to": mover.after.name,
            "direction": ways[mover.direction],
            "reason": [reason.value for reason in mover.reasons],
            "steps": [f"{step.reason.value}: {step.after.placement.name}" for step in mover.steps],
            "because": disclosure.say(because(mover)),
            "rulebook_before": between.before.rulebook.id,
            "rulebook_after": between.after.rulebook.id,
            "lag": lag.written(between.after, mover.row_after, disclosure, today or date.today()),
        }
        for mover in movers
    ]


def _then(each: Sequence[Message]) -> Message:
    """Sentences one after the other, in the order of the swaps."""
    said = each[0]
    for one in each[1:]:
        said = message("movement.then", first=said, then=one)
    return said


def _cause(step: SwapStep) -> Message:
    """The numbers behind one step: those of the clause that began, or ceased, to hold."""
    numbers = _numbers(step)
    if step.reason is MoveReason.RULES:
        numbers.append(_ruled(step.after))
    rest = len(numbers) - _NAMED
    if rest > 0:
        numbers = [*numbers[:_NAMED], message("movement.more", n=HowMany(rest))]
    return message("movement.each", each=tuple(numbers)) if numbers else _ruled(step.after)


def _numbers(step: SwapStep) -> list[Message]:
    before, after = step.before, step.after
    both = before.placement, after.placement
    if SMALL_LEA in both:
        return _differ("movement.cause.swd", _swd(before), _swd(after))
    clause = (after if both[1] > both[0] else before).clause
    if NOT_PLACED in both and (clause is None or clause.basis is Basis.MISSED):
        return _differ("movement.cause.counted", _counted_elements(before), _counted_elements(after))
    assert clause is not None, "Universal is the least intensive tier: one of two tiers has a clause"
    if clause.basis is Basis.COMPOSITE:
        of = Ranks(step.stages, before, after, clause.evaluation)
        return [of.said] if of.before != of.after else []
    return [change.said for change in _behind(step, clause)]


def _behind(step: SwapStep, clause: Clause) -> list[FactorChange]:
    """What changed at a step of what a clause rests on; any change where only the clause knows that."""
    reason = step.after.reason
    found = [
        change
        for change in changes(step.stages)
        if change.reason is reason and clause.basis in (change.basis, Basis.OTHER)
    ]
    return [change for change in found if change.name == "disproportionate_years"] or found


def _differ(kind: str, before: Message, after: Message) -> list[Message]:
    return [message(kind, before=before, after=after)] if before != after else []


def _ruled(stage: Stage) -> Message:
    """The rule that decides now, or that none does: where no number but the rule itself changed."""
    clause = stage.clause
    return message("movement.cause.rule", rule=clause.said) if clause else message("movement.cause.no_rule")


def _indicators(before: Stage, after: Stage) -> Iterable[FactorChange]:
    assert after.reason is not None
    for code in CODES:
        was, now = _counted(before, code), _counted(after, code)
        if was == now:
            continue
        title = get(code).title
        as_was, as_now = (
            message(_AS[how], cell=_cell(stage, code), target=_target(stage, code))
            for how, stage in ((was, before), (now, after))
        )
        arrow = _arrow(before, after, code)
        said = message(_TURN[was, now], title=title, arrow=arrow)
        yield FactorChange(after.reason, Basis.MISSED, code, title, as_was, as_now, said)


def _arrow(before: Stage, after: Stage, code: str) -> Message:
    """What turned a result, in short: the value, or the target where only that changed."""
    short = _both_short(before, after, code)
    targets = [_target(stage, code) or "–" for stage in (before, after)]
    if short[0] != short[1]:
        return message("movement.arrow.value", before=short[0], after=short[1])
    if targets[0] != targets[1]:
        return message("movement.arrow.target", value=short[0], before=targets[0], after=targets[1])
    return message("movement.arrow.same", value=short[0])


def _both_short(before: Stage, after: Stage, code: str) -> tuple[Message, Message]:
    """The two values, so that they are seen to differ, or why there is none."""
    was, now = _value(before, code), _value(after, code)
    if was is not None and now is not None:
        was, now = together(was, now)
    return _short(before, code, was), _short(after, code, now)


def _short(stage: Stage, code: str, value: Quantity | None) -> Message:
    if value is not None:
        return _number(value)
    missing = Missing(int(stage.placements.dataset.missing[stage.row, POSITION[code]]))
    return message(MISSING_IN_SHORT[missing])


def _value(stage: Stage, code: str) -> Quantity | None:
    """A value beside its target; None where there is none."""
    exact = stage.placements.dataset.exact(stage.row, code)
    if exact is None:
        return None
    group = int(stage.placements.dataset.denominator[stage.row, POSITION[code]])
    rules = stage.placements.rulebook
    return rate(exact, get(code), rules.precision, group if group >= 0 else None, rules.target(code))


def _counted(stage: Stage, code: str) -> str:
    """Whether an indicator counts as met or missed, or not at all."""
    if code not in stage.placements.rulebook.elements.indicators:
        return "out"
    return _COUNTED.get(Result(int(stage.placements.results[stage.row, POSITION[code]])), "out")


def _counted_elements(stage: Stage) -> Message:
    return message("movement.whole", n=HowMany(int(stage.placements.counted[stage.row])))


def _cell(stage: Stage, code: str) -> Message:
    """A value with its counts, or why there is none."""
    data, at = stage.placements.dataset, POSITION[code]
    value = _value(stage, code)
    if value is None:
        return message(MISSING_NAMED[Missing(int(data.missing[stage.row, at]))])
    top, bottom = int(data.numerator[stage.row, at]), int(data.denominator[stage.row, at])
    if top < 0 or bottom < 0 or data.inferred[stage.row, at]:
        return message("movement.cell.rate", rate=value)
    return message(
        "movement.cell.counts", rate=value, numerator=students(top, bottom), denominator=students(bottom)
    )


def _target(stage: Stage, code: str) -> str:
    target = stage.placements.rulebook.target(code)
    return target.beside(_value(stage, code)) if target is not None else ""


def _percentiles(stages: Sequence[Stage], before: Stage, after: Stage) -> Iterable[FactorChange]:
    """Percents from the worst that turned a clause: of an evaluation, or of one indicator."""
    assert after.reason is not None
    rules = after.placements.rulebook
    for evaluation in rules.deciding_evaluations:
        basis = Basis.COMPOSITE
        of = Ranks(stages, before, after, evaluation.id)
        if of.before != of.after and _turned(before, after, basis, evaluation.id):
            what = message("movement.percentile", evaluation=evaluation.title)
            yield FactorChange(after.reason, basis, evaluation.id, what, *of.marked, of.said)
        basis = Basis.INDICATORS
        if not _turned(before, after, basis, evaluation.id):
            continue
        for code in dict.fromkeys(
            code for clause in rules.clauses if clause.basis is basis for code in clause.indicators
        ):
            of = Ranks(stages, before, after, evaluation.id, code)
            if of.before != of.after:
                what = message("movement.indicator_percentile", title=get(code).title)
                yield FactorChange(after.reason, basis, code, what, *of.marked, of.said)


def _facts(before: Stage, after: Stage) -> Iterable[FactorChange]:
    """Facts that turned a clause."""
    assert after.reason is not None
    for name, (called, turned) in _FACTS.items():
        basis = Basis.YEARS
        if name == "minor_findings":
            basis = Basis.FINDINGS
        was, now = (_fact(one, name) for one in (before, after))
        if was != now and _turned(before, after, basis):
            said = message(turned, before=was, after=now)
            yield FactorChange(after.reason, basis, name, message(called), was, now, said)


def _turned(before: Stage, after: Stage, basis: Basis, evaluation: str = "") -> bool:
    """Whether other clauses of a basis hold after a swap than before it."""
    return _holding(before, basis, evaluation) != _holding(after, basis, evaluation)


def _holding(stage: Stage, basis: Basis, evaluation: str) -> frozenset[str]:
    """The clauses of a basis that hold at a stage."""
    return frozenset(
        clause.id
        for clause in stage.placements.holding(stage.row)
        if clause.basis is basis and clause.evaluation == evaluation
    )


def _fact(stage: Stage, name: str) -> Message:
    data = stage.placements.dataset
    value = int(getattr(data, name)[stage.row])
    if value < 0 and name == "disproportionate_years" and data.worked_out is not None:
        least = int(data.worked_out.least[stage.row])
        return message("movement.at_least", n=HowMany(least)) if least >= 0 else _NOTHING
    if value < 0:
        return _NOTHING
    if name == "newly_disproportionate":
        return message("movement.yes" if value else "movement.no")
    return message("movement.whole", n=HowMany(value))


def _swd(stage: Stage) -> Message:
    swd = int(stage.placements.dataset.swd[stage.row])
    return _number(students(swd)) if swd >= 0 else _NOTHING


def _missed_count(stage: Stage) -> Message:
    placements = stage.placements
    missed, counted = int(placements.missed[stage.row]), int(placements.counted[stage.row])
    return (
        message("movement.missed_of", missed=HowMany(missed), counted=HowMany(counted))
        if counted
        else _NOTHING
    )


def _number(quantity: Quantity) -> Message:
    return message("movement.number", number=quantity)
