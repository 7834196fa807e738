"""The deck as slides, made when they are asked for."""

from __future__ import annotations

from dataclasses import replace

from cim_core.export.documents import making
from cim_core.export.meeting import Deck
from cim_core.export.meeting.links import App
from ui.shared import decks, downloads, grounds
from ui.shared.results import View
from ui.shared.words_on_screen import gate, t

_NAME = "deck.toml"
"""What a deck's own file is called in a command."""


def button(view: View, deck: Deck) -> None:
    """A button that gives the deck as PPTX."""
    kept = decks.current()
    app = grounds.app("meeting", "" if kept is None else f"{decks.DECK}{kept.id}")
    downloads.button(
        t("slides.button"),
        lambda: _made(view, deck, app),
        file_name=f"slides_{view.year}.pptx",
        key="deck_slides",
    )


def _made(view: View, deck: Deck, app: App) -> bytes:
    origin = replace(grounds.origin(view), app=app)
    return making.deck_slides(grounds.ground(view), None, gate(), origin, deck, _NAME)
