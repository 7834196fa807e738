"""The text of a board item's cover sheet: what is asked, the background, what it costs; to be pasted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cim_core.export.meeting import CardKind, CardSpec, made
from cim_core.export.meeting.card import Card, Lines, TierRows
from cim_core.export.meeting.ground import Ground
from cim_core.letters.summary import letters_of
from cim_core.words.dates import day_said
from cim_core.words.disclosure import Disclosure
from cim_core.words.messages import HowMany, Message, given, message

_BACKGROUND = (CardKind.WHAT, CardKind.WHERE, CardKind.MISSED, CardKind.MOVED, CardKind.LAG)
_OF_LEA = (CardKind.WHAT, CardKind.LEA_WHY, CardKind.LEA_NEAR, CardKind.LEA_TREND, CardKind.LEA_LAG)

_RECOMMENDED = {True: "cover.recommendation_letter", False: "cover.recommendation_said"}


def cover_sheet(on: Ground, row: int | None, gate: Disclosure, attached: Sequence[str] = ()) -> str:
    """The cover sheet about a region, or about one of its rows; `attached` are names of files."""
    say = gate.say
    about = on.called if row is None else given(str(on.placements.dataset.lea_name[row]))
    kinds = _BACKGROUND if row is None else _OF_LEA
    lea = "" if row is None else str(on.placements.dataset.lea_code[row])
    background = [line for kind in kinds for line in _told(_card(kind, on, lea))]
    must = _told(_card(CardKind.ASKS if row is None else CardKind.LEA_ASKS, on, lea))
    cost = _told(_card(CardKind.COST if row is None else CardKind.LEA_COST, on, lea))
    recommended = _RECOMMENDED[letters_of(on.placements, on.rows if row is None else [row]).entered > 0]
    files = [message("cover.attached", name=name) for name in attached]
    parts = [
        ("cover.action", [message("cover.action_said")]),
        ("cover.background", [*background, on.source()]),
        ("cover.recommendation", [message(recommended), *must]),
        ("cover.fiscal", [*cost, message("meeting.cost.note")]),
        ("cover.previous", [message("cover.fill")]),
        ("cover.attachments", files or [message("cover.fill")]),
        ("cover.by", [message("cover.fill")]),
    ]
    title = say(message("cover.title", about=about, year=on.year))
    lines = [title, say(day_said(on.today)), ""]
    for head, said in parts:
        lines += [gate.say_id(head).upper(), *(say(one) for one in said), ""]
    return "\n".join(lines)


def _card(kind: CardKind, on: Ground, lea: str) -> Card:
    card = made(CardSpec(kind, lea if kind.of_lea else ""), on)
    assert card is not None
    return card


def _told(card: Card) -> list[Message]:
    """A card as lines: its sentence, what stands under it, and the lines of its picture."""
    found = [card.sentence, *([card.under] if card.under is not None else [])]
    return [*found, *(message("cover.line", said=line) for line in _lines(card))]


def _lines(card: Card) -> Iterable[Message]:
    picture = card.picture
    if isinstance(picture, Lines):
        for line in picture.each:
            yield line.said if line.head is None else message("cover.head", head=line.head, said=line.said)
    if isinstance(picture, TierRows):
        for row in picture.rows:
            names = tuple(f"{name} {mark}" if mark else name for name, mark in row.names)
            yield message("cover.row", placement=row.placement.label, n=HowMany(row.count), names=names)
        for mark, said in picture.key:
            yield message("cover.head", head=given(mark), said=said)
