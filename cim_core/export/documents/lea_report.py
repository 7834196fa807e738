"""What stands on the one page of an LEA, as it is printed: plain values for `lea_report.typ`.

Everything passes the gate (`Disclosure`), and is made of a ground that may be public.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cim_core.export.documents import typeface
from cim_core.export.look import LIGHT, TIERS, tier
from cim_core.export.meeting import CardKind, CardSpec, Ground, made
from cim_core.export.meeting.card import Lines
from cim_core.letters import difference
from cim_core.letters.agreement import letter_of
from cim_core.letters.over_years import COMPARED, compared, over_years
from cim_core.outlook import TargetRoom, lead_sentence, tags, target_rooms
from cim_core.placing import settled
from cim_core.placing.placement import RESULT_NAMED, Result
from cim_core.placing.settled import Standing
from cim_core.rules.tiers import NOT_PLACED, Placement, Tier
from cim_core.why import lag
from cim_core.why.explanation import support
from cim_core.words.dates import day_said
from cim_core.words.disclosure import Disclosure
from cim_core.words.messages import HowMany, Message, MessageFamily, locale, message

_POINTS = 15
"""So many points to either side of the target are drawn on a strip."""
_SINCE = MessageFamily("report.{}", COMPARED)
_VIEW = {"working": "", "meeting": "report.meeting", "strict": "report.strict"}
Plain = dict[str, Any]


def content(on: Ground, row: int, gate: Disclosure) -> Plain:
    """Everything on the page, as texts."""
    say, data = gate.say, on.placements.dataset
    name = str(data.lea_name[row])
    texts = {
        "title": f"{name} {on.year}",
        "author": gate.say_id("app.title"),
        "lang": locale(gate.language).language,
        "date": [on.today.year, on.today.month, on.today.day],
        "look": _look(),
        "selpa": say(on.called),
        "running": say(message("report.running", year=on.year)),
        "day": say(day_said(on.today)),
        "foot": say(message("report.foot", rules=on.placements.rulebook.title)),
        "name": name,
        "badges": _badges(on, row, gate),
        "agreement": _agreement(on, row, gate),
        "sentence": _begun(say(lead_sentence.sentence(on.outlook(), row))),
        "notes": [say(message(kind)) for kind in (_VIEW[data.audience],) if kind],
        "move": _move(on, row, gate),
        "sure": _sure(on, row, gate),
        "years": _years(on, row, gate),
        "table": _table(on, row, gate),
        "asks": [_asks(on, row, gate), _cost(on, row, gate)],
        "what": {"head": gate.say_id("report.what"), "said": _what(gate)},
        "next": {"head": gate.say_id("report.next"), "said": gate.say_id("report.who")},
        "lag": _lag(on, row, gate),
        "receipt": gate.say_id("report.receipt"),
    }
    written: Plain = typeface.latin_of(texts)
    if written != texts:
        written["notes"].append(gate.say_id("report.latin"))
    return written


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:]


def _look() -> Plain:
    tiers = {mark: {"fill": LIGHT[mark], "text": LIGHT[f"on-{mark}"]} for mark in TIERS}
    return {"ink": LIGHT["ink"], "ink2": LIGHT["ink-2"], "line": LIGHT["line"], "tiers": tiers}


def _badges(on: Ground, row: int, gate: Disclosure) -> list[Plain]:
    """CDE's letter where there is one, and this tool's reading."""
    found = []
    letter = letter_of(on.placements.dataset, row)
    if letter is not None:
        found.append(_badge(gate.say_id("lea_page.cde"), letter.placement, gate.say(letter.said), False))
    reading = settled.of(on.placements, row)
    found.append(_badge(gate.say_id("lea_page.ours"), reading.placement, gate.say(reading.said), True))
    return found


def _badge(who: str, placement: Placement | None, said: str, ours: bool) -> Plain:
    return {
        "who": who,
        "mark": "" if placement is None else tier(placement),
        "said": _begun(said),
        "ours": ours,
    }


def _agreement(on: Ground, row: int, gate: Disclosure) -> str:
    return gate.say(difference.agreement_said(on.placements, row) or message("report.no_letter"))


def _move(on: Ground, row: int, gate: Disclosure) -> Plain:
    """What would take it a step down; in the least intensive placement, what it takes to stay there."""
    step = on.step(row)
    if step is None:
        return {"head": gate.say_id("report.move"), "big": "", "said": gate.say_id("report.no_move")}
    lines = [gate.say(one.said) for one in step.lines]
    notes = " ".join(gate.say(note) for note in step.notes)
    big, rest = (lines[0], lines[1:]) if lines else ("", [])
    return {
        "head": gate.say(step.title),
        "big": big,
        "said": " · ".join([*rest, *([notes] if notes else [])]),
    }


def _sure(on: Ground, row: int, gate: Disclosure) -> Plain:
    word, rest = tags.tag(on.outlook(), row, on.closeness_of(row))
    said = "" if rest is None else _begun(gate.say(rest))
    return {"head": gate.say_id("report.sure"), "big": gate.say(word), "said": said}


def _years(on: Ground, row: int, gate: Disclosure) -> Plain:
    """Where it stood, year by year, by letter where there is one."""
    each = over_years(on.placements, row)
    said = message(_SINCE[compared(on.placements, row, each)])
    return {
        "head": gate.say(message("report.years", n=HowMany(len(each)))),
        "each": [_year(one.year, one.standing) for one in each],
        "said": gate.say(message("report.beside", said=said, like=on.like(row))),
    }


def _year(year: str, standing: Standing) -> Plain:
    code = standing.placement.code + ("" if standing.settled else " ?")
    return {"year": year, "mark": tier(standing.placement), "code": code}


def _table(on: Ground, row: int, gate: Disclosure) -> Plain:
    """Every target that counts and has a result, missed ones first, then the nearest."""
    rooms = target_rooms.rooms(on.placements, on.outlook().margins, row)
    head = ("report.head.indicator", "report.head.rate", "report.head.target", "report.head.strip",
            "report.head.students", "report.head.room")  # fmt: skip
    hidden = (
        int(on.placements.known.may_be_missed[row])
        if not on.placements.dataset.audience.sees_everything
        else 0
    )
    notes = [message("report.hidden", n=HowMany(hidden))] if hidden else []
    if not rooms:
        notes.append(message("report.no_targets"))
    return {
        "title": gate.say(
            message("report.targets_shown" if hidden else "report.targets", n=HowMany(len(rooms)))
        ),
        "result": gate.say_id("report.head.result"),
        "head": ["", *(gate.say_id(each) for each in head)],
        "rows": [_target(one, gate) for one in rooms],
        "notes": [gate.say(note) for note in notes],
    }


def _target(room: TargetRoom, gate: Disclosure) -> Plain:
    why = room.why
    title, rate = gate.say(why.indicator.title), "" if why.rate is None else gate.number(why.rate)
    students = ""
    if why.numerator is not None and why.denominator is not None:
        students = gate.say(message("report.of", count=why.numerator, group=why.denominator))
    by = gate.value(why.difference)
    place = 0.0 if by is None else max(-1.0, min(1.0, by / _POINTS))
    if place == 0 and room.missed:
        place = -0.02
    kind = "report.alt_missed" if room.missed else "report.alt_met"
    return {
        "missed": room.missed,
        "result": gate.say_id(RESULT_NAMED[Result.MISSED if room.missed else Result.MET]),
        "by_one": room.missed and room.turns == 1,
        "title": title,
        "rate": rate,
        "target": why.target_written,
        "place": place,
        "students": students,
        "room": gate.say(room.said),
        "alt": gate.say(
            message(kind, title=why.indicator.title, rate=why.rate or "", target=why.target_written)
        ),
    }


def _asks(on: Ground, row: int, gate: Disclosure) -> Plain:
    stands, by_letter = on.stands(row)
    placement = stands.placement
    if placement == NOT_PLACED:
        nothing = gate.say_id("report.asks_unknown")
        return {"head": gate.say_id("report.asks_nothing"), "big": "", "said": nothing}
    _, asks, helps = support(placement)
    said = gate.say(message("meeting.asks.line", asks=asks, helps=helps))
    work = placement.tier not in (None, Tier.UNIVERSAL)
    kind = "report.asks_letter" if by_letter else "report.asks"
    return {
        "head": gate.say(message(kind, placement=placement.label)),
        "big": "",
        "said": f"{said} {gate.say_id('meeting.asks.dates')}" if work else said,
    }


def _cost(on: Ground, row: int, gate: Disclosure) -> Plain:
    """What it costs: the 15 % of significant disproportionality where it applies, and the time of people."""
    card = made(CardSpec(CardKind.LEA_COST, str(on.placements.dataset.lea_code[row])), on)
    assert card is not None and isinstance(card.picture, Lines)
    said = " ".join(gate.say(line.said) for line in card.picture.each)
    return {"head": gate.say_id("report.cost"), "big": gate.say(card.sentence), "said": said}


def _what(gate: Disclosure) -> str:
    return f"{gate.say_id('meeting.what.said')} {gate.say_id('meeting.what.bad')}"


def _lag(on: Ground, row: int, gate: Disclosure) -> Plain:
    old = on.aged([row])
    steps: tuple[Message, ...] = () if old is None else lag.steps(old)
    return {"head": gate.say_id("lag.title"), "steps": [gate.say(step) for step in steps]}


def texts_of(of: Mapping[str, Any]) -> list[str]:
    """Every text of a content, for what looks through all of it."""
    found: list[str] = []
    for value in of.values():
        each = value if isinstance(value, list) else [value]
        for one in each:
            found += texts_of(one) if isinstance(one, Mapping) else [str(one)]
    return found
