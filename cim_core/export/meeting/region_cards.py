"""Cards of a region: a board's ten questions, answered for all LEAs together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from cim_core.data.indicators import get
from cim_core.data.short_names import short_names
from cim_core.export.meeting.card import (
    ASKED,
    Bar,
    Bars,
    Card,
    CardKind,
    CardSpec,
    Line,
    Lines,
    Picture,
    Question,
    Steps,
    TierRow,
    TierRows,
)
from cim_core.export.meeting.ground import Ground
from cim_core.letters import summary as by_letters
from cim_core.letters.over_years import moved
from cim_core.outlook import (
    CLOSENESS_NAMED,
    FRAGILE_TO,
    Closeness,
    Decider,
    Way,
    closeness_sentences,
    lead_sentence,
)
from cim_core.placing.placement import Outcome
from cim_core.rules.tiers import NOT_PLACED, Placement, Tier
from cim_core.why import lag as lags
from cim_core.why.explanation import support
from cim_core.words.messages import HowMany, Message, given, message

SEVERE = 3
"""The severity from which a placement is Targeted Level 3 or more."""
MOST_NAMES = 24
"""So many LEAs stand by name on one card."""
_MOST_BARS, _MOST_LINES = 6, 5
MORE, LESS, OPEN = "▲", "▼", "?"
_WENT = {"up": MORE, "down": LESS}


def _card(
    spec: CardSpec, on: Ground, question: Question, sentence: Message, picture: Picture | None, **more: Any
) -> Card:
    """A card of the whole region."""
    rest = {"source": on.source(), "lag": on.lag()} | more
    return Card(spec, message(ASKED[question]), sentence, picture=picture, **rest)


def what(spec: CardSpec, on: Ground) -> Card:
    """What CIM is, and whether it is bad: each placement with what it asks."""
    tiers = sorted((one for one in on.placements.rulebook.placements if one.tier is not None), reverse=True)
    lines = tuple(Line(support(one)[1], one.label, one) for one in tiers if not _is_level(one, tiers))
    under, notes = message("meeting.what.bad"), (message("meeting.what.note"),)
    said = message("meeting.what.said")
    return _card(spec, on, Question.WHAT, said, Lines(lines), under=under, notes=notes)


def _is_level(one: Placement, tiers: list[Placement]) -> bool:
    """Whether it is a further level of Intensive, of which one stands for all."""
    same = [other for other in tiers if other.tier is Tier.INTENSIVE]
    return one.tier is Tier.INTENSIVE and one != same[0]


def where(spec: CardSpec, on: Ground) -> Card:
    """Which LEAs are in which placement, by letter where there is one."""
    region = on.region
    surely, could = by_letters.reaching(on.placements, region.rows, SEVERE)
    every = HowMany(len(region.rows))
    sentence = message("finding.severe", n=HowMany(surely), all=every)
    if could:
        kind = "finding.severe_open" if surely else "finding.severe_unknown"
        sentence = message(kind, n=HowMany(surely or could), all=every, more=HowMany(could))
    up = sum(moved(on.placements, row) == "up" for row in region.rows)
    under = message("meeting.where.up", n=HowMany(up), year=region.previous_year or "") if up else None
    notes = (message("meeting.where.note"),)
    return _card(spec, on, Question.WHERE, sentence, _tier_rows(on), under=under, notes=notes)


def _tier_rows(on: Ground) -> TierRows:
    placements, region = on.placements, on.region
    names = short_names([str(placements.dataset.lea_name[row]) for row in region.rows])
    groups: dict[Placement, list[tuple[str, str]]] = {}
    for row, name in zip(region.rows, names, strict=True):
        standing = by_letters.standing(placements, row)
        mark = _WENT.get(moved(placements, row), "") + ("" if standing.settled else OPEN)
        groups.setdefault(standing.placement, []).append((name, mark))
    few = len(region.rows) <= MOST_NAMES
    marks = {mark for each in groups.values() for _, mark in each}
    year = region.previous_year or ""
    key = [
        (MORE, message("meeting.key.more", year=year)),
        (LESS, message("meeting.key.less", year=year)),
        (OPEN, message("meeting.key.open")),
    ]
    return TierRows(
        tuple(
            TierRow(placement, len(groups[placement]), tuple(groups[placement]) if few else ())
            for placement in sorted(groups, reverse=True)
        ),
        tuple((sign, said) for sign, said in key if few and any(sign in mark for mark in marks)),
    )


def missed(spec: CardSpec, on: Ground) -> Card:
    """Which targets are missed most."""
    region = on.region
    if not region.most_missed:
        some = on.placements.counted[list(region.rows)].any()
        sentence = message("region.none_missed" if some else "region.nothing_counted")
        return _card(spec, on, Question.WHY, sentence, None)
    bars = tuple(
        Bar(get(code).title, count, of, message("start.of", n=HowMany(count), counted=HowMany(of)))
        for code, count, of in region.most_missed[:_MOST_BARS]
    )
    code, count, of = region.most_missed[0]
    few, many, name = HowMany(count), HowMany(of), message(lead_sentence.SPOKEN[code])
    sentence = message("region.most_missed", label=get(code).label, name=name, missed=few, n=many)
    return _card(spec, on, Question.WHY, sentence, Bars(bars), notes=(message("meeting.missed.note"),))


def near(spec: CardSpec, on: Ground) -> Card:
    """Who is closest to a less intensive placement, in students."""
    names = short_names([str(on.placements.dataset.lea_name[row]) for row in on.rows])
    short = dict(zip(on.rows, names, strict=True))
    each = ((row, one.fewest(Way.LESS)) for row, one in on.closeness().items())
    found = sorted(((row, first) for row, first in each if first is not None), key=lambda one: one[1].count)
    lines = tuple(_near(on, row, first, short[row]) for row, first in found[:_MOST_LINES])
    few = sum(first.count <= FRAGILE_TO for _, first in found)
    sentence = message("meeting.near.said" if few else "meeting.near.none", n=HowMany(few))
    rest = max(0, len(found) - _MOST_LINES)
    under = message("meeting.near.more", n=HowMany(rest)) if rest else None
    picture, notes = Lines(lines) if lines else None, (message("meeting.near.note"),)
    return _card(spec, on, Question.FAR, sentence, picture, under=under, notes=notes)


def _near(on: Ground, row: int, first: Decider, name: str) -> Line:
    needed = closeness_sentences.needed(on.outlook(), row, first)
    said = message("meeting.near.line", needed=needed, placement=first.standing.said)
    return Line(said, given(name), by_letters.standing(on.placements, row).placement)


def lag(spec: CardSpec, on: Ground) -> Card:
    """Whose data, how old."""
    old = on.aged()
    if old is None:
        return _card(spec, on, Question.DATA, message("meeting.lag.none"), None)
    sentence = message("meeting.lag.said", year=old.measured_said)
    work = message("meeting.lag.work", year=old.running, letter=old.leads_to)
    notes = (message("meeting.lag.note"),)
    return _card(spec, on, Question.DATA, sentence, Steps(lags.steps(old)), under=work, notes=notes)


def trend(spec: CardSpec, on: Ground) -> Card:
    """How many are more and less intensive than the year before."""
    region = on.region
    year = region.previous_year
    if year is None:
        return _card(spec, on, Question.TREND, message("meeting.moved.none"), None)
    went = Counter(moved(on.placements, row) for row in region.rows)
    each = (
        ("meeting.moved.more", went["up"]),
        ("meeting.moved.same", went[""]),
        ("meeting.moved.less", went["down"]),
        ("meeting.moved.other", went["open"] + went["other"]),
    )
    bars = _bars([(message(kind), count) for kind, count in each], len(region.rows))
    up, down = HowMany(went["up"]), HowMany(went["down"])
    sentence = message("meeting.moved.said", up=up, down=down, year=year)
    return _card(spec, on, Question.TREND, sentence, bars, notes=(message("meeting.moved.note"),))


def _bars(each: Iterable[tuple[Message, int]], size: int) -> Bars:
    """How many of all LEAs, those of which there are any."""
    return Bars(
        tuple(
            Bar(label, count, size, message("meeting.of", n=HowMany(count), all=HowMany(size)))
            for label, count in each
            if count
        )
    )


def sure(spec: CardSpec, on: Ground) -> Card:
    """Whether it is fair for small LEAs: how many placements hang on few students."""
    found = Counter(one.closeness if on.placements.firm[row] else None for row, one in on.closeness().items())
    size = sum(found.values())
    named = [(message(CLOSENESS_NAMED[level]), found[level]) for level in Closeness]
    bars = _bars([*named, (message("tag.not_settled"), found[None])], size)
    sentence = message("meeting.sure.said", n=HowMany(found[Closeness.FRAGILE]), all=HowMany(size))
    under, notes = message("meeting.sure.under"), (message("meeting.sure.note"),)
    return _card(spec, on, Question.FAIR, sentence, bars, under=under, notes=notes)


def asks(spec: CardSpec, on: Ground) -> Card:
    """What each placement that somebody is in asks, and who helps."""
    stands = [by_letters.standing(on.placements, row).placement for row in on.rows]
    lines = []
    for placement in sorted({*stands} - {NOT_PLACED}, reverse=True)[:_MOST_LINES]:
        _, asks_, helps = support(placement)
        lines.append(Line(message("meeting.asks.line", asks=asks_, helps=helps), placement.label, placement))
    work = sum(one.tier is not None and one.tier is not Tier.UNIVERSAL for one in stands)
    said = message("meeting.asks.said", n=HowMany(work), all=HowMany(len(stands)))
    sentence = message("meeting.asks.nobody") if {*stands} == {NOT_PLACED} else said
    dates = message("meeting.asks.dates")
    return _card(spec, on, Question.MUST, sentence, Lines(tuple(lines)), under=dates)


def cost(spec: CardSpec, on: Ground) -> Card:
    """What it costs: the 15 % of significant disproportionality, where it applies."""
    outcomes, names = on.placements.sig_dis[on.rows], on.placements.dataset.lea_name
    aside = [row for row, outcome in zip(on.rows, outcomes, strict=True) if outcome == Outcome.TRUE]
    unknown, more = int((outcomes == Outcome.UNKNOWN).sum()), len(aside) - _MOST_LINES
    lines = [Line(_aside(on, row), given(str(names[row]))) for row in aside[:_MOST_LINES]]
    lines += [Line(message("meeting.cost.more", n=HowMany(more)))] if more > 0 else []
    lines += [] if aside or unknown else [Line(message("meeting.cost.nobody"))]
    lines.append(Line(message("meeting.cost.staff")))
    lines += [Line(message("meeting.cost.unknown", n=HowMany(unknown)))] if unknown else []
    reading = any(on.worked_out(row) for row in aside)
    kind = "meeting.cost.reading" if reading else "meeting.cost.said"
    sentence = message(kind, n=HowMany(len(aside))) if aside else message(_nobody(unknown, len(outcomes)))
    notes = (message("meeting.cost.note"),)
    return _card(spec, on, Question.COST, sentence, Lines(tuple(lines)), notes=notes)


def _aside(on: Ground, row: int) -> Message:
    return message("meeting.cost.worked" if on.worked_out(row) else "meeting.cost.aside")


def _nobody(unknown: int, every: int) -> str:
    """The message where nobody is known to set money aside."""
    if not unknown:
        return "meeting.cost.none"
    return "meeting.cost.not_known" if unknown == every else "meeting.cost.some_unknown"


MAKERS: Mapping[CardKind, Callable[[CardSpec, Ground], Card]] = {
    CardKind.WHAT: what,
    CardKind.WHERE: where,
    CardKind.MISSED: missed,
    CardKind.NEAR: near,
    CardKind.LAG: lag,
    CardKind.MOVED: trend,
    CardKind.SURE: sure,
    CardKind.ASKS: asks,
    CardKind.COST: cost,
}
