"""The deck as slides, made when they are asked for."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from cim_core.export.documents import making
from cim_core.export.meeting import Deck
from cim_core.export.meeting.links import App
from ui.shared import address, decks, downloads, grounds
from ui.shared.results import View
from ui.shared.words_on_screen import gate, t

_NAME = "deck.toml"
"""What a deck's own file is called in a command."""
_PAGE = "/meeting"
_LOOKED_AT = ("data", "rulebook", "reference", "assume", "mine", "whole", "codes")
"""What a link in the notes says of what is looked at, beside year, LEA and view."""


def button(view: View, deck: Deck) -> None:
    """A button that gives the deck as PPTX."""
    app = _app()
    downloads.button(
        t("slides.button"),
        lambda: _made(view, deck, app),
        file_name=f"slides_{view.year}.pptx",
        key="deck_slides",
    )


def _app() -> App:
    """What links lead to: this app, as the address of this visit is, which only a run of a page knows."""
    where, kept = address.address(), decks.current()
    looked_at = {key: where[key] for key in _LOOKED_AT if key in where}
    base = (st.context.url or "").removesuffix("/").removesuffix(_PAGE)
    return App(base, looked_at, "" if kept is None else f"{decks.DECK}{kept.id}")


def _made(view: View, deck: Deck, app: App) -> bytes:
    origin = replace(grounds.origin(view), app=app)
    return making.deck_slides(grounds.ground(view), None, gate(), origin, deck, _NAME)
