"""The deck as slides, made when they are asked for."""

from __future__ import annotations

from cim_core.export import documents
from cim_core.export.documents.receipt import receipt
from cim_core.export.meeting import Deck, all_made
from ui.shared import downloads, grounds, results
from ui.shared.results import View
from ui.shared.words_on_screen import gate, t


def button(view: View, deck: Deck) -> None:
    """A button that gives the deck as PPTX."""
    downloads.button(
        t("slides.button"), lambda: _made(view, deck), file_name=f"slides_{view.year}.pptx", key="deck_slides"
    )


def _made(view: View, deck: Deck) -> bytes:
    on, command = grounds.ground(view), grounds.command(view, "--deck deck.toml", view.year, "deck.pptx")
    paper = receipt("deck", on, None, command, results.code_secret())
    return documents.slides(all_made(deck, on), deck.title, gate(), paper)
