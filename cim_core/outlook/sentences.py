"""Margins and smallest changes in words, their numbers still as quantities."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from cim_core.data.dataset import NONE
from cim_core.data.indicators import INDICATORS, POSITION, Indicator, Unit, get
from cim_core.outlook import what_holds
from cim_core.outlook.base_rates import BaseRate, base_rate
from cim_core.outlook.change_search import Blocked, Ground
from cim_core.outlook.edge_margins import Alone, EdgeMargin
from cim_core.outlook.exposure import exposed, findings_to_more, misses_to_more
from cim_core.outlook.levers import Way, nested
from cim_core.outlook.margins import Borderline, Margins, turns_upward
from cim_core.outlook.smallest_change import IndicatorChange, Plan, WayAnswer
from cim_core.placing.placement import Outcome, Placements, Result
from cim_core.placing.settled import may_reach
from cim_core.rules.clause import Basis
from cim_core.rules.sources import Status
from cim_core.why.clauses import distance, rate, students
from cim_core.why.risk_ratios import to_clear
from cim_core.words.messages import HowMany, Kind, Message, MessageFamily, OneOf, Quantity, message
from cim_core.words.numbers import exactly, plain, together

_IN_A_SENTENCE = 2
_BORDERLINE = {
    Borderline.ONE_STUDENT: "outlook.finding.one_student",
    Borderline.STANDARD_ERROR: "outlook.finding.standard_error",
}
WAY_TITLED = {Way.LESS: "outlook.title.less", Way.MORE: "outlook.title.more"}
"""The heading over what would move an LEA that way."""
_PLAN = {Way.LESS: "outlook.plan.less", Way.MORE: "outlook.plan.more"}
_VALUE_CHANGE = {
    (False, Way.LESS): "outlook.change.value.better",
    (False, Way.MORE): "outlook.change.value.worse",
    (True, Way.LESS): "outlook.short.value.better",
    (True, Way.MORE): "outlook.short.value.worse",
}
_STUDENTS_CHANGE = {
    (False, True): "outlook.change.more",
    (False, False): "outlook.change.fewer",
    (True, True): "outlook.short.more",
    (True, False): "outlook.short.fewer",
}
"""By whether it is said in short, and whether there are more students afterwards."""
_BLOCKED = MessageFamily("outlook.blocked.{}", tuple(Blocked))
_NONE_SHORT = MessageFamily("outlook.none_short.{}", tuple(Blocked))
_EDGE = {
    (True, True): "outlook.edge.itself_below",
    (True, False): "outlook.edge.itself_above",
    (False, True): "outlook.edge.below",
    (False, False): "outlook.edge.above",
}
"""By whether a single indicator is ranked, and the side of the edge."""


def to_target(placements: Placements, margin: Margins, row: int, code: str) -> Message | None:
    """How many students, or points where there are none, would turn a result; None where it has no margin."""
    at = POSITION[code]
    if margin.steps[row, at] == NONE and margin.students[row, at] == NONE:
        compared = placements.results[row, at] in (Result.MET, Result.MISSED)
        return message("outlook.no_students") if compared and get(code).unit is not Unit.COUNT else None
    target = placements.rulebook.target(code)
    assert target is not None
    missed = bool(placements.results[row, at] == Result.MISSED)
    upward = turns_upward(target, placements.rulebook.precision, missed)
    group = group_of(placements, row, code)
    count = int(margin.students[row, at])
    if count != NONE:
        kind = "outlook.to_target.more" if upward else "outlook.to_target.fewer"
        return message(kind, n=students(count, group), students=students(count, group))
    if get(code).has_numerator and group is not None:
        return message("outlook.no_students")
    kind = "outlook.points_more" if upward else "outlook.points_fewer"
    return message(kind, points=steps(placements, int(margin.steps[row, at]), code, group))


def students_to_target(margin: Margins, row: int, code: str) -> int | None:
    """The whole number alone; None where there is none."""
    count = int(margin.students[row, POSITION[code]])
    return None if count == NONE else count


def steps(placements: Placements, count: int, code: str, group: int | None) -> Quantity:
    """A number of units of the rulebook's precision as points, none of them rounded away."""
    precision = placements.rulebook.precision
    return exactly(distance(Fraction(count, 10**precision), get(code), precision, group))


def borderline(placements: Placements, margin: Margins, row: int, code: str) -> Message:
    """Whether a result is borderline, and why."""
    at = POSITION[code]
    why = Borderline(int(margin.borderline[row, at]))
    if why is Borderline.STANDARD_ERROR:
        error = Fraction(Decimal(repr(float(margin.standard_error[row, at]))))
        group = group_of(placements, row, code)
        return message("outlook.standard_error", error=Quantity(error, Kind.POINTS, 1, group))
    return message("outlook.one_student" if why is Borderline.ONE_STUDENT else "outlook.not_borderline")


def borderlines(placements: Placements, margin: Margins, row: int) -> tuple[Message, ...]:
    """Which elements of a row are borderline, one sentence for each reason; timelines at 100 % apart."""
    elements = placements.rulebook.elements.indicators
    apart = exposed(placements)[row]
    said = []
    for why, said_of in _BORDERLINE.items():
        near = [
            code
            for code in elements
            if margin.borderline[row, POSITION[code]] == why and not apart[POSITION[code]]
        ]
        titles = tuple(get(code).title for code in near)
        if near:
            said.append(message(said_of, n=HowMany(len(near)), each=titles))
    return tuple(said)


def plan(on: Ground, row: int, planned: Plan) -> tuple[Message, ...]:
    """What a plan changes and leads to, whether less would do, and where one student counts twice."""
    said = [_heading(on, row, planned)]
    if planned.other:
        said.append(message("outlook.plan.other"))
    elif planned.counted:
        said.append(message("outlook.plan.proven" if planned.proven else "outlook.plan.found"))
    else:
        said.append(message("outlook.plan.points"))
    for group in nested(each.indicator for each in planned.changes):
        said.append(message("outlook.plan.of_both", codes=tuple(get(code).label for code in group)))
    return tuple(said)


def is_long(one: Plan) -> bool:
    """Whether a plan has too many changes for one sentence, so that they are listed below it."""
    return len(one.changes) > _IN_A_SENTENCE and one.counted


def _heading(on: Ground, row: int, planned: Plan) -> Message:
    if is_long(planned):
        total, indicators = students(planned.students), len(planned.changes)
        return message(
            "outlook.plan.many", students=total, n=HowMany(indicators), placement=reached(on, row, planned)
        )
    changes = tuple(change(on, row, each, planned.way) for each in planned.changes)
    return message(_PLAN[planned.way], changes=changes, placement=reached(on, row, planned))


def reached(on: Ground, row: int, planned: Plan) -> Message:
    """The placement that a plan leads to, "at least" where it would not be settled, and with "by the assumed
    ranking" where a ranking leads there."""
    said = planned.standing.said
    return message("outlook.plan.by_rank", placement=said) if by_rank(on, row, planned) else said


def by_rank(on: Ground, row: int, planned: Plan) -> bool:
    """Whether a plan works through a rank by an evaluation that no public text gives.

    To a less intensive placement it does where a rank is to be escaped; to a more intensive one where the
    targets that it misses more, or the timelines that count as findings, would not be enough.
    """
    placements = on.placements
    rules, here = placements.rulebook, placements.placement(row)
    assumed = {
        evaluation.id for evaluation in rules.evaluations if evaluation.provenance.status is Status.ASSUMED
    }
    by_rank = [clause for clause in rules.clauses if clause.evaluation in assumed]
    if planned.way is Way.LESS:
        bad = [clause for clause in by_rank if clause.placement >= here]
        singly = (clause for clause in placements.holding(row) if clause.basis is Basis.INDICATORS)
        return bool(what_holds.bands(placements, row, bad)) or any(clause in bad for clause in singly)
    return any(clause.placement > here for clause in by_rank) and not _enough_by_counts(on, row, planned)


def _enough_by_counts(on: Ground, row: int, plan: Plan) -> bool:
    """Whether the targets that a plan misses more, or its late timelines as findings, lead there alone."""
    placements, elements = on.placements, on.placements.rulebook.elements
    turned = {change.indicator for change in plan.changes if _turns(on, row, change)}
    counted = (
        (misses_to_more(placements, row), elements.indicators),
        (findings_to_more(placements, row), elements.as_findings),
    )
    return any(
        needed is not None and needed[1] >= plan.placement and len(turned & set(codes)) >= needed[0]
        for needed, codes in counted
    )


def _turns(on: Ground, row: int, moved: IndicatorChange) -> bool:
    """Whether a change turns a target that is met into one that is missed."""
    at = POSITION[moved.indicator]
    needed, taken = int(on.margins.students[row, at]), moved.students
    if taken is None:
        needed = int(on.margins.steps[row, at])
        taken = round(abs(moved.after - moved.before) * 10**on.placements.rulebook.precision)
    return 0 <= needed <= taken and on.placements.results[row, at] == Result.MET


def change(on: Ground, row: int, moved: IndicatorChange, way: Way, in_short: bool = False) -> Message:
    """One indicator's change; `in_short` leaves the counts out."""
    indicator = get(moved.indicator)
    group = group_of(on.placements, row, moved.indicator)
    values = {"title": indicator.title}
    if moved.students is None:
        precision = on.placements.rulebook.precision
        points = exactly(distance(abs(moved.after - moved.before), indicator, precision, group))
        before, after = before_after(on, row, moved)
        said = _VALUE_CHANGE[in_short, way]
        return message(said, **values, points=points, before=before, after=after)
    assert moved.numerator is not None and moved.numerator_after is not None and moved.denominator is not None
    upward = moved.numerator_after > moved.numerator
    return message(
        _STUDENTS_CHANGE[in_short, upward],
        n=students(moved.students, group),
        **values,
        students=students(moved.students, group),
        before=students(moved.numerator, group),
        after=students(moved.numerator_after, group),
        of=students(moved.denominator, group),
    )


def before_after(on: Ground, row: int, moved: IndicatorChange) -> tuple[Quantity, Quantity]:
    """A changed value before and after, in percent or points."""
    group, rules = group_of(on.placements, row, moved.indicator), on.placements.rulebook
    indicator, target = get(moved.indicator), rules.target(moved.indicator)
    before, after = (
        rate(value, indicator, rules.precision, group, target) for value in (moved.before, moved.after)
    )
    return together(before, after)


def short(on: Ground, row: int, planned: Plan) -> Message:
    """A plan in a few words: students and indicators only, and whether it is only the best one found."""
    changes = tuple(change(on, row, each, planned.way, in_short=True) for each in planned.changes)
    said = message("list.these", each=changes)
    return said if planned.proven or not planned.counted else message("outlook.short.found", short=said)


def base_rates(on: Ground, row: int, one: Plan) -> tuple[Message, ...]:
    """For each change of a plan how many real LEAs of like size made it, and for which that is not known."""
    found = [(each, base_rate(on, row, each, one.way)) for each in one.changes]
    said = [_base_rate(known) for _, known in found if known is not None]
    unknown = tuple(get(each.indicator).title for each, known in found if known is None)
    return (*said, message("base_rate.unknown", titles=unknown)) if unknown else tuple(said)


def base_rates_short(on: Ground, row: int, one: Plan) -> tuple[Message, ...]:
    """The same as bare counts, for a column."""
    found = [(get(each.indicator).label, base_rate(on, row, each, one.way)) for each in one.changes]
    return tuple(
        message("base_rate.unknown_short", title=label)
        if known is None
        else message("base_rate.short", title=label, made=HowMany(known.made), leas=HowMany(known.leas))
        for label, known in found
    )


def _base_rate(known: BaseRate) -> Message:
    return message(
        "base_rate.improved" if known.way is Way.LESS else "base_rate.worsened",
        title=get(known.indicator).title,
        made=HowMany(known.made),
        leas=HowMany(known.leas),
        low=students(known.smallest),
        high=students(known.largest),
        before=known.before,
        after=known.after,
        median=Quantity(Fraction(Decimal(repr(known.median))), Kind.POINTS, 1),
    )


def blocked(on: Ground, row: int, answer: WayAnswer, locked: tuple[str, ...] = ()) -> Message:
    """Why nothing moves an LEA one way; where it is not settled, that what is not known still may."""
    said, here = _blocked(on, row, answer, locked), on.placements.placement(row)
    may = here.tier is not None and may_reach(on.placements, row, here.severity + 1)
    if answer.way is Way.MORE and may:
        return message("outlook.blocked.open", said=said)
    return said


def none_short(on: Ground, row: int, answer: WayAnswer) -> Message:
    """The same in a word or two, for a column."""
    assert answer.blocked is not None
    if answer.blocked is Blocked.LEAST and not on.placements.firm[row]:
        return message("outlook.none_short.least_open")
    return message(_NONE_SHORT[answer.blocked])


def _blocked(on: Ground, row: int, answer: WayAnswer, locked: tuple[str, ...]) -> Message:
    assert answer.blocked is not None
    if answer.blocked is Blocked.LEAST and not on.placements.firm[row]:
        return message("outlook.blocked.least_open")
    if answer.blocked is Blocked.FACT:
        placements = on.placements
        facts = tuple(one.said for one in answer.clauses if one.basis is Basis.FINDINGS)
        cuts = _cuts(placements, row, answer)
        if cuts and not facts:
            return message("outlook.blocked.counts", clauses=_named(placements, row, answer), each=cuts)
    if answer.blocked is Blocked.NOT_ENOUGH and locked:
        return message("outlook.blocked.locked", codes=tuple(get(code).label for code in locked))
    return message(_BLOCKED[answer.blocked], clauses=_named(on.placements, row, answer))


def _named(placements: Placements, row: int, answer: WayAnswer) -> tuple[str | Message, ...]:
    """The clauses that stand in the way; with "or" where one of them holds in every world, none in all."""
    outcomes = dict(zip(placements.rulebook.clauses, placements.outcomes[row].tolist(), strict=True))
    said = tuple(clause.said for clause in answer.clauses)
    open_to = said and all(outcomes[one] == Outcome.UNKNOWN for one in answer.clauses)
    return OneOf(said) if open_to else said


def borderline_edges(placements: Placements, found: tuple[EdgeMargin, ...]) -> Message | None:
    """Which edges are so near that passing one LEA crosses them; None where none is."""
    near = tuple(edge(placements, one) for one in found if one.borderline)
    return message("outlook.finding.edges", each=near) if near else None


def edge(placements: Placements, margin: EdgeMargin) -> Message:
    """How far a percentile is from an edge."""
    alone = margin.edge.indicator
    title = get(alone).title if alone else placements.rulebook.evaluation(margin.edge.evaluation).title
    at = plain(margin.edge.value)
    if margin.places is None:
        away = _plain(margin.percent_points, Kind.POINTS)
        return message(
            "outlook.edge.given_below" if margin.below else "outlook.edge.given_above",
            evaluation=title,
            away=away,
            edge=at,
        )
    places = message("outlook.edge.places", n=HowMany(margin.places))
    said = message(_EDGE[bool(alone), margin.below], evaluation=title, title=title, places=places, edge=at)
    return message("outlook.edge.stand_in", said=said, year=margin.stand_in) if margin.stand_in else said


def edge_points(margin: EdgeMargin) -> Message | None:
    """How many points of the composite it takes, None where none are known."""
    if margin.points is None:
        return None
    return message("outlook.table.points", points=exactly(_plain(margin.points, Kind.POINTS)))


def alone(placements: Placements, row: int, single: Alone) -> Message:
    """One indicator that crosses an edge by itself, in a few words."""
    indicator, group = get(single.indicator), group_of(placements, row, single.indicator)
    better = (single.after > single.before) is indicator.higher_is_better
    if single.students is None:
        precision = placements.rulebook.precision
        points = exactly(distance(abs(single.after - single.before), indicator, precision, group))
        kind = "outlook.short.value.better" if better else "outlook.short.value.worse"
        return message(kind, points=points, title=indicator.title)
    kind = "outlook.short.more" if single.after > single.before else "outlook.short.fewer"
    return message(
        kind, n=HowMany(single.students), students=students(single.students, group), title=indicator.title
    )


def _cuts(placements: Placements, row: int, answer: WayAnswer) -> tuple[Message, ...]:
    """What the counts by race and ethnicity would take, where the years come from them."""
    data = placements.dataset
    worked = data.worked_out
    if worked is None or not (worked.years[row] or worked.newly[row] or worked.least[row] > 0):
        return ()
    if all(one.basis is not Basis.YEARS for one in answer.clauses):
        return ()
    return to_clear(data, row, placements.rulebook.disproportionality)


def lockable(on: Ground, row: int) -> tuple[Indicator, ...]:
    """Indicators that a person may want to hold fixed: those with a value that can decide something."""
    placements = on.placements
    ranked = {code for one in on.fields_of(row).values() for code in one.codes(row)}
    rules = placements.rulebook.elements
    elements = {*rules.indicators, *rules.as_findings}
    counted = (Result.MET, Result.MISSED)
    return tuple(
        one
        for at, one in enumerate(INDICATORS)
        if (one.code in elements and placements.results[row, at] in counted) or one.code in ranked
    )


def _plain(value: float, kind: Kind, decimals: int = 2) -> Quantity:
    return Quantity(Fraction(Decimal(repr(float(value)))), kind, decimals)


def group_of(placements: Placements, row: int, code: str) -> int | None:
    """How many students stand behind a value; None where that is not given."""
    count = int(placements.dataset.denominator[row, POSITION[code]])
    return count if count >= 0 else None
