"""The decks that are kept, and the one that is worked on: the one of the address, else the newest."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import date

from cim_core.data.outside import shortened
from cim_core.export.meeting import CardSpec, Deck, deck
from cim_core.store.kept import KeptText
from cim_core.store.logbook import Thing
from cim_core.store.troubles import ConflictError
from cim_core.words.dates import day_said
from ui.shared import address
from ui.shared.shelf import shelf
from ui.shared.words_on_screen import gate, t

DECK = "deck-"


def held() -> list[KeptText]:
    """Every deck, the one that was changed last first."""
    return shelf().texts(Thing.DECK)


def current() -> KeptText | None:
    """The deck of the address, else the newest; None where none is kept."""
    asked = address.chosen("deck").removeprefix(DECK)
    there = held()
    return next((kept for kept in there if kept.id == asked), there[0] if there else None)


def read(kept: KeptText) -> Deck:
    """A deck as it is kept. One that cannot be read (it may be another release's) is empty and says why."""
    try:
        return replace(deck.loads(kept.text, kept.name), title=kept.name)
    except ValueError as error:
        return Deck(shortened(str(error)))


def make(new: Deck) -> str:
    """Keep a new deck and work on it; returns its id."""
    id_ = shelf().write(lambda store: store.keep_text(Thing.DECK, new.title, deck.dumps(new)))
    address.choose(deck=f"{DECK}{id_}")
    return id_


def change(kept: KeptText, new: Deck) -> None:
    """Keep a deck as it is now. Where somebody else changed or deleted it in between, both stay."""
    try:
        shelf().write(lambda store: store.change_text(kept.id, kept.version, new.title, deck.dumps(new)))
    except (ConflictError, KeyError):
        make(replace(new, title=t("meeting.another", title=new.title)))


def delete(kept: KeptText) -> None:
    """Take a deck out of the list; the Library has the way back."""
    with suppress(KeyError):
        shelf().write(lambda store: store.delete(Thing.DECK, kept.id))
    address.choose(deck="", card="")


def add(*cards: CardSpec) -> None:
    """Put cards into the deck that is worked on, or into a new one."""
    kept = current()
    new = Deck(t("meeting.named", day=gate().say(day_said(date.today())))) if kept is None else read(kept)
    for card in cards:
        new = new.having(card)
    if kept is None:
        make(new)
    else:
        change(kept, new)
