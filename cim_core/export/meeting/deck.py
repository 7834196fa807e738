"""A deck: cards in an order under a title, as a small TOML file."""

from __future__ import annotations

from dataclasses import dataclass, replace

import tomli_w

from cim_core.export.meeting.card import MOST_TYPED, CardKind, CardSpec
from cim_core.rules import toml_table
from cim_core.rules.toml_table import TomlTable

_SCHEMA = 1
MOST_CARDS = 60


@dataclass(frozen=True, slots=True)
class Deck:
    """Cards in the order in which they are shown."""

    title: str
    cards: tuple[CardSpec, ...] = ()

    def having(self, card: CardSpec) -> Deck:
        """With one more card, unless the very same is there or no more fit."""
        full = len(self.cards) >= MOST_CARDS
        return self if card in self.cards or full else replace(self, cards=(*self.cards, card))

    def without(self, at: int) -> Deck:
        """Without the card at a place."""
        return replace(self, cards=(*self.cards[:at], *self.cards[at + 1 :]))

    def moved(self, at: int, by: int) -> Deck:
        """With the card at a place moved by some places, as far as there are any."""
        cards = list(self.cards)
        card = cards.pop(at)
        cards.insert(min(max(at + by, 0), len(cards)), card)
        return replace(self, cards=tuple(cards))

    def typed(self, at: int, text: str) -> Deck:
        """With another text on the card at a place."""
        card = replace(self.cards[at], text=text[:MOST_TYPED])
        return replace(self, cards=(*self.cards[:at], card, *self.cards[at + 1 :]))


def dumps(deck: Deck) -> str:
    """A deck as TOML text; what is empty is left out."""
    cards = [
        {name: value for name in ("kind", "lea", "scenario", "text") if (value := str(getattr(card, name)))}
        for card in deck.cards
    ]
    return tomli_w.dumps({"schema": _SCHEMA, "title": deck.title} | ({"cards": cards} if cards else {}))


def loads(text: str, name: str = "deck") -> Deck:
    """A deck from TOML text. Raises SchemaError (with place and what was expected) for what is none."""
    top = TomlTable(toml_table.parse(text, name), name, "")
    if top.whole("schema", 1) != _SCHEMA:
        raise top.fail("schema", f"{_SCHEMA}, the only version there is")
    title = top.text("title")
    cards = tuple(_card(one) for one in top.tables("cards")) if top.has("cards") else ()
    if len(cards) > MOST_CARDS:
        raise top.fail("cards", f"at most {MOST_CARDS} of them")
    top.done()
    return Deck(title, cards)


def _card(table: TomlTable) -> CardSpec:
    kind = CardKind(table.choice("kind", {one.value: one for one in CardKind}))
    given = {name: table.text(name, "") for name in ("lea", "scenario", "text")}
    table.done()
    return CardSpec(kind, **given)
