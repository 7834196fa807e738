"""Cards on the whole screen, one at a time: by arrows, Page keys, Home, End; Esc leaves."""

from __future__ import annotations

import streamlit as st

from cim_core.export.meeting import Card, all_made
from cim_core.words.messages import HowMany
from ui.meeting import card_html
from ui.shared import address, decks, drawing, grounds
from ui.shared.results import View
from ui.shared.words_on_screen import gate, md, t


def cards_of(view: View) -> list[Card]:
    """The cards of the deck that is worked on that can be made of these data."""
    kept = decks.current()
    if kept is None:
        return []
    return all_made(decks.read(kept), grounds.ground(view))


def show(view: View) -> None:
    """The card of the address, its notes for who listens to the page, and the keys."""
    cards = cards_of(view)
    if not cards:
        address.choose(card="")
        st.rerun()
    at = min(max(_asked(), 1), len(cards))
    drawing.show(card_html.card(cards[at - 1], at, len(cards)))
    _keys(at, len(cards))


def _asked() -> int:
    asked = address.chosen("card")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 1


def _keys(at: int, size: int) -> None:
    """The buttons behind the keys: out of sight until one of them has the focus."""
    onward, back = min(at + 1, size), max(at - 1, 1)
    each = (
        ("next", onward, "Right"), ("next_page", onward, "PageDown"), ("back", back, "Left"),
        ("back_page", back, "PageUp"), ("first", 1, "Home"), ("last", size, "End"), ("leave", 0, "Esc"),
    )  # fmt: skip
    labels = {
        "next": t("meeting.key.next"), "next_page": t("meeting.key.next"), "back": t("meeting.key.back"),
        "back_page": t("meeting.key.back"), "first": t("meeting.key.first"), "last": t("meeting.key.last"),
        "leave": t("meeting.key.leave"),
    }  # fmt: skip
    with st.container(key="meeting_keys", horizontal=True):
        for name, to, key in each:
            st.button(
                labels[name], key=f"meeting_{name}", shortcut=key, on_click=address.choose,
                kwargs={"card": str(to) if to else ""},
            )  # fmt: skip


def notes(card: Card) -> str:
    """What the speaker may say beside a card."""
    return " ".join(gate().say(note) for note in card.notes)


def numbered(at: int, card: Card) -> str:
    """A card in the list of a deck: its number and its sentence."""
    return f"**{md(t('meeting.nth', n=HowMany(at)))}** {md(gate().say(card.sentence))}"
