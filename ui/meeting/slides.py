"""The deck as slides, made when they are asked for."""

from __future__ import annotations

from cim_core.export.documents import making
from cim_core.export.meeting import Deck
from ui.shared import downloads, grounds
from ui.shared.results import View
from ui.shared.words_on_screen import gate, t

_NAME = "deck.toml"
"""What a deck's own file is called in a command."""


def button(view: View, deck: Deck) -> None:
    """A button that gives the deck as PPTX."""
    downloads.button(
        t("slides.button"), lambda: _made(view, deck), file_name=f"slides_{view.year}.pptx", key="deck_slides"
    )


def _made(view: View, deck: Deck) -> bytes:
    return making.deck_slides(grounds.ground(view), None, gate(), grounds.origin(view), deck, _NAME)
