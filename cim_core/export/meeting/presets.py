"""Decks to begin with: for a board, a SELPA's governance council, an LEA's CIM team, families."""

from __future__ import annotations

from enum import StrEnum

from cim_core.export.meeting.card import CardKind, CardSpec
from cim_core.export.meeting.deck import Deck
from cim_core.words.messages import MessageFamily


class Preset(StrEnum):
    """For whom a deck is."""

    BOARD = "board"
    COUNCIL = "council"
    TEAM = "team"
    FAMILIES = "families"


OF_LEA = (Preset.TEAM, Preset.FAMILIES)
"""Those that are about one LEA."""
PRESET_NAMED = MessageFamily("meeting.preset.{}", tuple(Preset))
_KINDS = {
    Preset.BOARD: (
        CardKind.WHAT, CardKind.WHERE, CardKind.MISSED, CardKind.NEAR, CardKind.LAG, CardKind.MOVED,
        CardKind.SURE, CardKind.ASKS, CardKind.COST, CardKind.NEXT,
    ),
    Preset.COUNCIL: (
        CardKind.WHERE, CardKind.MOVED, CardKind.MISSED, CardKind.NEAR, CardKind.SURE, CardKind.ASKS,
        CardKind.COST, CardKind.LAG, CardKind.NEXT,
    ),
    Preset.TEAM: (
        CardKind.LEA_WHY, CardKind.LEA_NEAR, CardKind.LEA_TREND, CardKind.LEA_SURE, CardKind.LEA_ASKS,
        CardKind.LEA_COST, CardKind.LEA_LAG, CardKind.NEXT,
    ),
    Preset.FAMILIES: (
        CardKind.WHAT, CardKind.LEA_WHY, CardKind.LEA_NEAR, CardKind.LEA_TREND, CardKind.LEA_LAG,
        CardKind.LEA_ASKS, CardKind.QUOTES, CardKind.NEXT,
    ),
}  # fmt: skip
"""The board's cards answer its ten questions in their order."""


def preset(of: Preset, title: str, lea: str) -> Deck:
    """A deck to begin with; `lea` is the LEA of its cards that are about one."""
    kinds = _KINDS[of]
    return Deck(title, tuple(CardSpec(kind, lea if kind.of_lea else "") for kind in kinds))
