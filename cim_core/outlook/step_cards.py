"""Two cards for one LEA: what would take it a step down, and what it takes to stay out of the tier above.

Each is one question with one large answer, or a few of which any one, or all together, would do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from cim_core.data.indicators import INDICATORS, Unit, get
from cim_core.data.race_counts import STUDENTS_NAMED, Area, Group
from cim_core.outlook import exposure, sentences
from cim_core.outlook.base_rates import base_rate
from cim_core.outlook.change_search import Blocked, Ground
from cim_core.outlook.closeness import Decider, RowCloseness
from cim_core.outlook.lead_sentence import SPOKEN
from cim_core.outlook.levers import Way
from cim_core.outlook.smallest_change import IndicatorChange, Plan, WayAnswer
from cim_core.outlook.tags import places_to_worse
from cim_core.outlook.target_rooms import rooms
from cim_core.placing.settled import Standing
from cim_core.rules.clause import Basis
from cim_core.rules.counted_clause import counting
from cim_core.why.clauses import distance, students
from cim_core.why.ratio_evidence import OUTCOME, counted, limit
from cim_core.why.risk_ratios import fewer_to_clear, worked_out
from cim_core.words.messages import HowMany, Message, MessageFamily, Quantity, message
from cim_core.words.numbers import exactly

_COUNTED = tuple(one.code for one in INDICATORS if one.unit is Unit.PERCENT)
COUNTED_AS = MessageFamily("counted_as.{}", _COUNTED)
"""What one more of an indicator's numerator is."""
_MOST_LINES = 3
_MOST_TOGETHER = 2
"""So many of several ways, or of several parts of a single way, are listed; the tab has all of them."""
_TEN = 10
_ONE, _ANY, _ALL = 1, 2, 3
_DOWN = {_ONE: "card.down", _ANY: "card.down_any", _ALL: "card.down_all"}
_TOGETHER = {_ANY: "card.any_would", _ALL: "card.only_together"}
NO_WAY = MessageFamily("card.no_way.{}", tuple(Blocked))
"""Why nothing would do it, in a few words."""


@dataclass(frozen=True, slots=True)
class CardLine:
    """One change: what it takes, the counts before and after in brackets, and what the value would be."""

    said: Message
    counts: tuple[Quantity, Quantity] | None = None
    values: tuple[Quantity, Quantity] | None = None


@dataclass(frozen=True, slots=True)
class StepCard:
    """A question, its answer, what must be known beside it, and the change that can be tried, if any."""

    title: Message
    lines: tuple[CardLine, ...]
    notes: tuple[Message, ...]
    plan: Plan | None = None


def down(on: Ground, row: int, found: WayAnswer, near: RowCloseness) -> StepCard | None:
    """What would take it to a less intensive placement; None in the least intensive one or without a tier."""
    if found.best is not None:
        return _of_plans(on, row, found)
    if found.blocked in (Blocked.LEAST, Blocked.NOT_PLACED, Blocked.SMALL_LEA):
        return None
    ratio = next((one for one in near.deciders if one.ratio is not None and one.ratio.change < 0), None)
    if ratio is not None and ratio.placement < on.placements.placement(row):
        title = message("card.down", placement=_to(ratio.standing))
        return StepCard(title, (_of_ratio(on, row, ratio),), ())
    data, rules = on.placements.dataset, on.placements.rulebook.disproportionality
    if any(clause.basis is Basis.YEARS for clause in found.clauses) and worked_out(data, row):
        cuts = fewer_to_clear(data, row, rules)
        lines = tuple(
            _with(Area(at[2]), Group(at[3]), cell, -fewer, total) for at, cell, fewer, total in cuts
        )
        if lines:
            return StepCard(message("card.down_plain"), lines[:_MOST_LINES], ())
    return StepCard(message("card.down_plain"), (), (message(NO_WAY[_blocked(found)]),))


def out(on: Ground, row: int, found: WayAnswer) -> StepCard | None:
    """What would take it to a more intensive placement, to be avoided; None in the most intensive one."""
    placements = on.placements
    again = None if placements.unseen[row] else _not_again(on, row)
    if again is not None:
        return again
    needed = exposure.misses_to_more(placements, row)
    if needed is not None and found.best is not None and needed[0] <= _MOST_LINES:
        count, placement = needed
        title = message("card.out", placement=placement.label)
        line = CardLine(message("card.misses", n=HowMany(count)))
        return StepCard(title, (line,), _hanging(on, row), found.best)
    if found.best is not None:
        return _of_plans(on, row, found)
    if found.blocked in (Blocked.MOST, Blocked.NOT_PLACED, Blocked.SMALL_LEA):
        return None
    if found.blocked is Blocked.NOT_SHOWN:
        return StepCard(message("card.out_plain"), (), (message(NO_WAY[found.blocked]),))
    late = exposure.exposure(placements, row)
    if late.placement is not None:
        title = message("card.out", placement=late.placement.label)
        return StepCard(title, (CardLine(message("card.late", n=HowMany(late.late))),), _hanging(on, row))
    return StepCard(message("card.out_plain"), (), (message(NO_WAY[_blocked(found)]),))


def _to(standing: Standing) -> Message:
    """Where it leads, "at least" where that would not be settled."""
    label = standing.placement.label
    return label if standing.settled else message("lead.at_least", placement=label)


def _blocked(found: WayAnswer) -> Blocked:
    assert found.blocked is not None
    return found.blocked


def _not_again(on: Ground, row: int) -> StepCard | None:
    """Where a first year of disproportionality decides: that a second one would be the next step."""
    placements = on.placements
    clause = placements.clause(row)
    if clause is None or not clause.of_first_year:
        return None
    then = [
        one.placement
        for one in counting(placements.rulebook.clauses, Basis.YEARS)
        if not one.of_first_year and one.holds(2)
        and one.placement > clause.placement
    ]  # fmt: skip
    if not then:
        return None
    line = CardLine(message("card.not_again", limit=limit(placements.rulebook.disproportionality)))
    return StepCard(message("card.out", placement=min(then).label), (line,), _places(on, row))


def by_rank(on: Ground, row: int) -> StepCard | None:
    """How far the rank is from the nearest more intensive band, as a card; None without a rank."""
    near = places_to_worse(on, row)
    if near is None or on.placements.placement(row).tier is None:
        return None
    line = CardLine(message("card.away", n=HowMany(near[0])))
    assumed = (message("card.ranking"),)
    return StepCard(message("card.out", placement=near[1].label), (line,), assumed)


def _places(on: Ground, row: int) -> tuple[Message, ...]:
    """How far the rank is from the nearest more intensive band."""
    near = places_to_worse(on, row)
    return () if near is None else (message("card.places", n=HowMany(near[0]), placement=near[1].label),)


def _hanging(on: Ground, row: int) -> tuple[Message, ...]:
    """The met targets that one student each would turn."""
    codes = tuple(get(one.code).label for one in rooms(on.placements, on.margins, row) if one.spare == 0)
    if not codes:
        return ()
    return (message("card.hang" if len(codes) > 1 else "card.hang_one", each=codes),)


def _of_plans(on: Ground, row: int, found: WayAnswer) -> StepCard:
    """Ways of one indicator each, any of which would do; or the best one, all of whose parts it takes."""
    best = found.best
    assert best is not None
    single = [plan for plan in found.plans if len(plan.changes) == 1 and plan.standing == best.standing]
    plans = single if len(best.changes) == 1 else [best]
    changes = [change for plan in plans for change in plan.changes]
    kind = _ONE if len(changes) == 1 else _ANY if len(plans) > 1 else _ALL
    lines = tuple(line(on, row, change, best.way) for change in changes[: _most(kind)])
    if kind == _ONE and changes[0].students is not None:
        lines = (replace(lines[0], counts=None),)
    if best.way is Way.LESS:
        notes = [*_left(changes, kind, on, row), *base_rate_said(on, row, plans, best.way)]
        title = message(_DOWN[kind], placement=_to(best.standing))
    else:
        notes = [*_left(changes, kind, on, row)]
        title = message("card.out", placement=_to(best.standing))
        notes = [*notes, message(_TOGETHER[kind])] if kind in _TOGETHER else notes
    return StepCard(title, lines, (*notes, *_how_sure(on, row, best, kind)), best)


def _most(kind: int) -> int:
    return _MOST_TOGETHER if kind == _ALL else _MOST_LINES


def _left(changes: Sequence[IndicatorChange], kind: int, on: Ground, row: int) -> list[Message]:
    """How many changes are not listed, and of a single one its counts."""
    left = len(changes) - _most(kind)
    notes = [message("card.further", n=HowMany(left))] if left > 0 else []
    alone = kind == _ONE and changes[0].students is not None
    return [*notes, _goes(on, row, changes[0])] if alone else notes


def _how_sure(on: Ground, row: int, best: Plan, kind: int) -> list[Message]:
    """That a ranking is assumed, and that a smaller mix may exist."""
    assumed = [message("card.ranking")] if sentences.by_rank(on, row, best) else []
    found = [message("card.best_found")] if not best.proven and best.counted and kind != _ANY else []
    return [*assumed, *found]


def line(on: Ground, row: int, change: IndicatorChange, way: Way) -> CardLine:
    """One change of an indicator in plain words."""
    values = sentences.before_after(on, row, change)
    if change.students is None:
        up = change.after > change.before
        group = sentences.group_of(on.placements, row, change.indicator)
        precision = on.placements.rulebook.precision
        points = exactly(distance(abs(change.after - change.before), get(change.indicator), precision, group))
        name = message(SPOKEN[change.indicator])
        return CardLine(
            message("card.better" if up else "card.lower", name=name, points=points), None, values
        )
    assert change.numerator is not None and change.numerator_after is not None
    group = change.denominator
    count = students(change.students, group)
    more = change.numerator_after > change.numerator
    who = message(COUNTED_AS[change.indicator], n=count)
    counts = students(change.numerator, group), students(change.numerator_after, group)
    return CardLine(message("card.more" if more else "card.fewer", students=count, who=who), counts, values)


def _goes(on: Ground, row: int, change: IndicatorChange) -> Message:
    assert change.numerator is not None and change.numerator_after is not None
    assert change.denominator is not None
    before, after, of = (
        students(one, change.denominator)
        for one in (change.numerator, change.numerator_after, change.denominator)
    )
    return message("card.goes", label=get(change.indicator).label, before=before, after=after, of=of)


def _of_ratio(on: Ground, row: int, decider: Decider) -> CardLine:
    near, placements = decider.ratio, on.placements
    assert near is not None
    data, rules = placements.dataset, placements.rulebook.disproportionality
    cell, total = counted(data, row, rules, near.area, near.group)
    return _with(near.area, near.group, cell, near.change, total)


def _with(area: Area, group: Group, cell: int, change: int, total: int) -> CardLine:
    """So many children of a group more or fewer with the outcome of an area."""
    count = students(abs(change), total)
    kind = "card.ratio_more" if change > 0 else "card.ratio_fewer"
    said = message(
        kind, n=count, students=count, group=message(STUDENTS_NAMED[group]), outcome=message(OUTCOME[area])
    )
    return CardLine(said, (students(cell, total), students(cell + change, total)))


def base_rate_said(on: Ground, row: int, plans: Sequence[Plan], way: Way) -> list[Message]:
    """How many in ten real LEAs of like size gained as much in a year, over the ways whose rate is known."""
    found = [
        rate
        for plan in plans
        for change in plan.changes
        if (rate := base_rate(on, row, change, way)) is not None
    ]
    if not found:
        return []
    shares = [Fraction(rate.made, rate.leas) for rate in found]
    each = len(found) > 1
    if not any(shares):
        return [message("card.base.none", leas=HowMany(max(rate.leas for rate in found)))]
    if max(shares) <= Fraction(1, 2):
        beaten = int(_TEN * (1 - max(shares)))
        kind = "card.base.more_each" if each else "card.base.more"
        return [message(kind, n=HowMany(beaten))]
    low, high = (round(_TEN * share) for share in (min(shares), max(shares)))
    if low == high:
        return [message("card.base.usual", n=HowMany(high))]
    return [message("card.base.between", low=HowMany(low), high=HowMany(high))]
