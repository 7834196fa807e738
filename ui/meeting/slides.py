"""The deck as slides, made when they are asked for."""

from __future__ import annotations

from cim_core.export import documents
from cim_core.export.documents.receipt import receipt
from cim_core.export.meeting import Deck, made
from ui.shared import downloads, grounds, results
from ui.shared.results import View
from ui.shared.words_on_screen import gate, t

_COMMAND = "python -m cim_core report {files} --deck deck.toml --year {year} --day {day} --out deck.pptx"


def button(view: View, deck: Deck) -> None:
    """A button that gives the deck as PPTX."""
    downloads.button(
        t("slides.button"), lambda: _made(view, deck), file_name=f"slides_{view.year}.pptx", key="deck_slides"
    )


def _made(view: View, deck: Deck) -> bytes:
    on = grounds.ground(view)
    files = " ".join(part.file for part in view.bundle.parts) or view.baseline.dataset.name
    command = _COMMAND.format(files=files, year=on.year, day=on.today.isoformat())
    cards = [card for spec in deck.cards if (card := made(spec, on)) is not None]
    paper = receipt("deck", on, None, command, results.code_secret())
    return documents.slides(cards, deck.title, gate(), paper)
