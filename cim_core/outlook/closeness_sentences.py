"""How near a placement is to another, in words: fragile, close, solid or not tested, and what decides."""

from __future__ import annotations

from fractions import Fraction

from cim_core.data.indicators import get
from cim_core.data.race_counts import AREA_NAMED, STUDENTS_NAMED
from cim_core.outlook import sentences
from cim_core.outlook.change_search import Ground
from cim_core.outlook.closeness import Closeness, Decider, RowCloseness, Untested, What
from cim_core.outlook.exposure import Exposure
from cim_core.outlook.levers import Way
from cim_core.outlook.near_ratios import NearRatio
from cim_core.outlook.next_year import Silent, next_year, table
from cim_core.rules.tiers import Placement
from cim_core.why.clauses import students
from cim_core.words.messages import HowMany, Kind, Message, MessageFamily, OneOf, Quantity, Value, message

CLOSENESS_NAMED = MessageFamily("closeness.word.{}", tuple(Closeness))
_UNTESTED = MessageFamily("closeness.untested.{}", tuple(Untested))
_SILENT = MessageFamily(
    "closeness.next.silent.{}", tuple(one for one in Silent if one is not Silent.UNTESTED)
)


def word(found: RowCloseness) -> Message:
    """The one word; for a placement that is not settled, as far as the files tell."""
    said = message(CLOSENESS_NAMED[found.closeness])
    if found.settled or found.untested is not None:
        return said
    return message("closeness.as_far", word=said)


def sentence(on: Ground, row: int, found: RowCloseness) -> Message:
    """The word and what decides, in students or places."""
    return message("closeness.line", word=word(found), said=_said(on, row, found))


def short(found: RowCloseness) -> Message:
    """The word and the number alone, for a column."""
    first, said = found.first, message(CLOSENESS_NAMED[found.closeness])
    if first is None or found.closeness is Closeness.NOT_TESTED:
        return said
    if first.what is What.PLACES:
        return message(
            "closeness.short.places", word=said, n=message("closeness.short.n_places", n=HowMany(first.count))
        )
    count = _students_short(first)
    kind = "closeness.short.students" if first.proven else "closeness.short.found"
    return message(kind, word=said, students=count)


def beside(found: RowCloseness) -> tuple[Message, ...]:
    """What must stand beside the sentence: timelines at 100 %, unless they are said as an exposure."""
    exposed = found.exposure
    together = any(one.what is What.EXPOSURE and one is found.first for one in found.deciders)
    said = together or exposed.placement is not None
    if not exposed.indicators or found.untested is not None or said:
        return ()
    return (message("closeness.exposure.none", codes=_codes(exposed)),)


def later(found: RowCloseness) -> tuple[Message, ...]:
    """What became of real LEAs this close a year later and how that was measured, or why it is not said."""
    told = next_year(found)
    if isinstance(told, Silent):
        return () if told is Silent.UNTESTED else (message(_SILENT[told]),)
    each = tuple(
        message("closeness.next.pair", pair=pair, stayed=HowMany(stayed), of=HowMany(of), leas=HowMany(leas))
        for pair, stayed, of, leas in zip(table().pairs, told.stayed, told.of, told.leas, strict=True)
    )
    within = message("closeness.next.beyond")
    if told.to is not None:
        within = message("closeness.next.between", low=HowMany(told.start), high=HowMany(told.to))
    return (
        message("closeness.next.said", range=within, ten=HowMany(told.in_ten)),
        message("closeness.next.measured", each=each),
    )


def exposure(found: Exposure) -> Message | None:
    """What late results alone would do, for the list of what would make it more intensive."""
    if found.placement is None:
        return None
    codes = tuple(get(code).label for code in found.indicators)
    each = OneOf(codes) if found.late == 1 else codes
    to = _late_to(found.placement, found.settled)
    said = message("closeness.exposure.move", n=HowMany(found.late), codes=each, placement=to)
    return message("closeness.exposure.apart", said=said) if found.alone else said


def _late_to(placement: Placement, settled: bool) -> Message:
    """What late results lead to: they are counted, not placed anew, so nothing is said about what is open."""
    return placement.label if settled else message("closeness.at_least", placement=placement.label)


def _codes(found: Exposure) -> tuple[Message, ...]:
    return tuple(get(code).label for code in found.indicators)


def _said(on: Ground, row: int, found: RowCloseness) -> Message:
    if found.untested is not None:
        clause = on.placements.clause(row)
        return message(
            _UNTESTED[found.untested],
            clause="" if clause is None else clause.said,
            placement=found.placement.label,
        )
    first = found.first
    if first is None:
        return message("closeness.solid.nothing")
    if found.closeness is Closeness.SOLID:
        return message("closeness.solid.beyond", what=_what(on, row, first))
    worse = first.plan is not None and first.plan.way is Way.MORE
    if worse and found.closeness is Closeness.FRAGILE and found.by_one + found.by_few > 1:
        return _met_by(found, first)
    return _decides(on, row, found, first)


def needed(on: Ground, row: int, first: Decider) -> Message:
    """What one thing takes that would change the placement, in a few words."""
    n = students(first.count)
    if first.plan is not None:
        return sentences.short(on, row, first.plan)
    if first.ratio is not None:
        return message("closeness.needed.ratio", n=n, students=n, **_whose(first.ratio))
    if first.what is What.PLACES:
        return message("closeness.needed.places", n=HowMany(first.count))
    codes = OneOf(get(code).label for code in first.indicators)
    if not first.others:
        return message("closeness.needed.late", codes=codes)
    return message("closeness.needed.late_with", codes=codes, **_beside_late(first))


def _whose(near: NearRatio) -> dict[str, Value]:
    """Which way the students of a ratio go, in which area, of which group."""
    way = message("closeness.way.more" if near.change > 0 else "closeness.way.fewer")
    return {"way": way, "area": message(AREA_NAMED[near.area]), "group": message(STUDENTS_NAMED[near.group])}


def _beside_late(first: Decider) -> dict[str, Value]:
    """How many students in which other targets it takes beside the late result."""
    fewer = students(first.count - 1)
    return {"n": fewer, "students": fewer, "others": tuple(get(code).label for code in first.others)}


def _students_short(first: Decider) -> Message:
    """How many students decide, in two words."""
    count = students(first.count)
    return message("closeness.short.n_students", n=count, students=count)


def _what(on: Ground, row: int, first: Decider) -> Message:
    """The smallest change in a few words."""
    if first.plan is not None and not sentences.is_long(first.plan):
        return sentences.short(on, row, first.plan)
    return _students_short(first)


def _met_by(found: RowCloseness, first: Decider) -> Message:
    values: dict[str, Message | str] = {"placement": first.standing.said}
    if not found.by_one:
        few = message("closeness.met.few", n=HowMany(found.by_few))
        return message("closeness.met.only_few", few=few, **values)
    by_one = message("closeness.met.one", n=HowMany(found.by_one))
    if not found.by_few:
        return message("closeness.met.only_one", one=by_one, **values)
    return message(
        "closeness.met.both", one=by_one, few=message("closeness.met.more", n=HowMany(found.by_few)), **values
    )


def _decides(on: Ground, row: int, found: RowCloseness, first: Decider) -> Message:
    count, to = students(first.count), first.standing.said
    if first.what is What.PLACES:
        evaluation = on.placements.rulebook.evaluation(first.evaluation).title
        title = get(first.indicator).title if first.indicator else evaluation
        return message("closeness.places", n=HowMany(first.count), evaluation=title, placement=to)
    if first.ratio is not None:
        near = first.ratio
        if near.ratio is None:
            now = message("closeness.ratio_now.none")
        else:
            ratio = Quantity(Fraction(near.ratio), Kind.RATIO, 2)
            kind = "closeness.ratio_now.minimum" if near.minimum else "closeness.ratio_now.known"
            now = message(kind, ratio=ratio)
        return message(
            "closeness.ratio",
            n=count,
            students=count,
            now=now,
            **_whose(near),
            placement=to,
        )
    if first.what is What.EXPOSURE:
        codes = OneOf(get(code).label for code in first.indicators)
        late_to = _late_to(first.placement, first.settled)
        if not first.others:
            return message("closeness.late", n=HowMany(found.missed), codes=codes, placement=late_to)
        return message("closeness.late_with", codes=codes, placement=late_to, **_beside_late(first))
    assert first.plan is not None
    if sentences.is_long(first.plan):
        return message(
            "closeness.decide_many",
            n=count,
            students=count,
            indicators=HowMany(len(first.plan.changes)),
            placement=to,
        )
    return message(
        "closeness.decides", n=count, students=count, change=sentences.short(on, row, first.plan),
        placement=to,
    )  # fmt: skip
