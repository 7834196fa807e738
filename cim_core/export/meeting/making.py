"""From what is kept of a card to the card: everything is looked up in placements, nothing is decided here."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cim_core.export.meeting import lea_cards, region_cards, typed_cards, whatif_card
from cim_core.export.meeting.card import Card, CardKind, CardSpec
from cim_core.export.meeting.deck import Deck
from cim_core.export.meeting.ground import Ground as Ground
from cim_core.whatif import Scenario

_MAKERS: Mapping[CardKind, Callable[[CardSpec, Ground], Card | None]] = {
    **region_cards.MAKERS,
    **lea_cards.MAKERS,
    **typed_cards.MAKERS,
    CardKind.WHATIF: whatif_card.card,
}


def all_made(deck: Deck, on: Ground) -> list[Card]:
    """The cards of a deck that can be made, in their order."""
    return [card for spec in deck.cards if (card := made(spec, on)) is not None]


def scenarios_of(deck: Deck, on: Ground) -> dict[str, Scenario]:
    """The scenarios of a deck's cards that can be used, by how the cards name them."""
    named = dict.fromkeys(card.scenario for card in deck.cards if card.kind is CardKind.WHATIF)
    found = {written: on.under(written) for written in named}
    return {written: changed.scenario for written, changed in found.items() if changed is not None}


def made(spec: CardSpec, on: Ground) -> Card | None:
    """The card as it is shown; None where its LEA is not in the year, or its scenario cannot be used."""
    if spec.kind.of_lea and on.row_of(spec.lea) is None:
        return None
    return _MAKERS[spec.kind](spec, on)
