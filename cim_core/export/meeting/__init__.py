"""What is presented: cards of one sentence and one picture, decks of them, and presets by audience."""

from __future__ import annotations

from cim_core.export.meeting.card import Card, CardKind, CardSpec
from cim_core.export.meeting.deck import Deck
from cim_core.export.meeting.making import Ground, all_made, made
from cim_core.export.meeting.presets import Preset, preset

__all__ = ["Card", "CardKind", "CardSpec", "Deck", "Ground", "Preset", "all_made", "made", "preset"]
