"""The button that puts what a page shows into the deck of a meeting."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from cim_core.access.identity import Right
from cim_core.export.meeting import CardKind, CardSpec
from cim_core.words.messages import HowMany
from ui.shared import address, decks, identity
from ui.shared.words_on_screen import t


@contextmanager
def beside(*kinds: CardKind, lea: str = "") -> Iterator[None]:
    """What is drawn within stands beside the button that adds cards of some kinds; no button without any.

    `lea` is the key of the LEA that they are about.
    """
    if not kinds or not identity.may(Right.PRESENT):
        yield
        return
    with st.container(horizontal=True, vertical_alignment="center", key="foot"):
        with st.container(key="foot_line", width="stretch"):
            yield
        st.button(t("meeting.add"), key="add_to_meeting", on_click=_add, args=(kinds, lea), width="content")


def _add(kinds: tuple[CardKind, ...], lea: str) -> None:
    cards = [
        CardSpec(
            kind,
            lea if kind.of_lea else "",
            address.chosen("scenario") if kind is CardKind.WHATIF else "",
        )
        for kind in kinds
    ]
    decks.add(*cards)
    kept = decks.current()
    st.toast(t("meeting.added", n=HowMany(0 if kept is None else len(decks.read(kept).cards))))
