"""The deck that is worked on: to begin one, its cards in their order, what the presenter types."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from cim_core.export.meeting import CardKind, CardSpec, Deck, Preset, made, preset
from cim_core.export.meeting.card import CARD_NAMED, MOST_TYPED
from cim_core.export.meeting.presets import OF_LEA, PRESET_NAMED
from cim_core.export.meeting.typed_cards import single_students, too_long
from cim_core.store.kept import KeptText
from cim_core.words.messages import HowMany
from ui.meeting import showing, slides
from ui.shared import address, decks, grounds, parts
from ui.shared.results import View
from ui.shared.words_on_screen import gate, md, t

_NEW = "meeting_new"
"""The key of what folds decks to begin with away."""


def page(view: View) -> None:
    """Everything of the page while no card is shown."""
    kept = decks.current()
    deck = None if kept is None else decks.read(kept)
    parts.title(_sentence(deck), t("meeting.lead"))
    with st.container(horizontal=True, vertical_alignment="bottom", key="meeting_top"):
        if kept is not None and deck is not None and deck.cards:
            st.button(t("meeting.start"), key="meeting_start", type="primary", on_click=_start)
            slides.button(view, deck)
        _choose(kept)
        if kept is not None:
            _begin(view)
            st.button(t("meeting.delete"), key="deck_delete", on_click=decks.delete, args=(kept,))
    if kept is None or deck is None:
        _presets(view)
        return
    _cards(view, kept, deck)
    _add(view)


def _sentence(deck: Deck | None) -> str:
    if deck is None or not deck.cards:
        return t("meeting.empty")
    return t("meeting.ready", n=HowMany(len(deck.cards)), title=deck.title)


def _start() -> None:
    address.choose(card="1")


def _choose(kept: KeptText | None) -> None:
    """Which deck, where there are several, and its name."""
    there = {each.id: each.name for each in decks.held()}
    if kept is None:
        return
    if len(there) > 1:
        st.session_state["deck_pick"] = kept.id
        st.selectbox(
            t("meeting.which"), list(there), format_func=there.__getitem__, key="deck_pick",
            on_change=lambda: address.choose(deck=f"{decks.DECK}{st.session_state['deck_pick']}"),
        )  # fmt: skip
    key = f"deck_name_{kept.id}_{kept.version}"
    st.text_input(t("meeting.name"), kept.name, key=key, max_chars=80, on_change=_rename, args=(kept.id, key))


def _rename(id_: str, key: str) -> None:
    kept = next((each for each in decks.held() if each.id == id_), None)
    name = str(st.session_state[key]).strip()
    if kept is not None and name:
        decks.change(kept, replace(decks.read(kept), title=name))


def _begin(view: View) -> None:
    """Decks to begin with, folded away while there is one."""
    folded = st.popover(t("meeting.new"), key=_NEW, on_change="rerun")
    if folded.open:
        with folded:
            _presets(view)


def _presets(view: View) -> None:
    """Decks to begin with; two of them are about one LEA."""
    for each in Preset:
        if each is OF_LEA[0]:
            _lea(view, "preset_lea")
        name = t(PRESET_NAMED[each])
        st.button(name, key=f"preset_{each}", on_click=_from_preset, args=(each, name, "preset_lea"))


def _from_preset(of: Preset, name: str, key: str) -> None:
    lea = str(st.session_state.get(key, "")) if of in OF_LEA else ""
    decks.make(preset(of, name, lea))
    st.session_state[_NEW] = False


def _lea(view: View, key: str) -> None:
    """The choice of an LEA: the one that is looked at first."""
    data = view.placements.dataset
    names = {str(data.lea_key[row]): str(data.lea_name[row]) for row in data.rows_of_year(view.year)}
    if st.session_state.get(key) not in names:
        first = data.row_of(view.lea, view.year)
        st.session_state[key] = next(iter(names)) if first is None else str(data.lea_key[first])
    st.selectbox(t("head.lea"), list(names), format_func=names.__getitem__, key=key, width=340)


def _cards(view: View, kept: KeptText, deck: Deck) -> None:
    """Each card: its question, its sentence, what the speaker may say; up, down, away."""
    on = grounds.ground(view)
    for at, spec in enumerate(deck.cards):
        card = made(spec, on)
        with st.container(border=True, key=f"card_{at}"):
            with st.container(horizontal=True, vertical_alignment="center", key=f"card_line_{at}"):
                with st.container(width="stretch", key=f"card_said_{at}"):
                    if card is None:
                        st.markdown(md(t("meeting.gone", card=t(CARD_NAMED[spec.kind]))))
                    else:
                        st.markdown(showing.numbered(at + 1, card))
                        st.caption(md(f"{gate().say(card.question)} {showing.notes(card)}"))
                _moves(kept.id, at, len(deck.cards))
            if spec.kind.typed:
                _typed(kept, at, spec)


def _moves(id_: str, at: int, size: int) -> None:
    each = (
        ("up", "↑", t("meeting.up"), -1, not at),
        ("down", "↓", t("meeting.down"), 1, at == size - 1),
        ("away", "✕", t("meeting.away"), 0, False),
    )
    for name, label, said, by, off in each:
        st.button(
            label, key=f"card_{name}_{at}", help=said, disabled=off, on_click=_change, args=(id_, at, by)
        )  # fmt: skip


def _change(id_: str, at: int, by: int) -> None:
    """Move a card, or take it away."""
    kept = next((each for each in decks.held() if each.id == id_), None)
    if kept is None:
        return
    deck = decks.read(kept)
    if at < len(deck.cards):
        decks.change(kept, deck.moved(at, by) if by else deck.without(at))


def _typed(kept: KeptText, at: int, spec: CardSpec) -> None:
    """What the presenter writes; what may be about a single student is told, and not shown."""
    key = f"card_text_{kept.id}_{at}"
    st.text_area(
        t(CARD_NAMED[spec.kind]), spec.text, key=key, max_chars=MOST_TYPED, height=100,
        on_change=_write, args=(kept.id, at, key),
    )  # fmt: skip
    found = single_students(spec.text)
    if found:
        st.warning(md(t("meeting.typed.hidden", each=found)))
    elif more := too_long(spec.text):
        st.warning(md(gate().say(more)))


def _write(id_: str, at: int, key: str) -> None:
    kept = next((each for each in decks.held() if each.id == id_), None)
    if kept is not None:
        decks.change(kept, decks.read(kept).typed(at, str(st.session_state[key])))


def _add(view: View) -> None:
    """One more card of a kind."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="meeting_more"):
        kinds = [kind for kind in CardKind if kind is not CardKind.WHATIF]
        st.selectbox(t("meeting.kind"), kinds, format_func=lambda kind: t(CARD_NAMED[kind]), key="card_kind")
        if CardKind(st.session_state["card_kind"]).of_lea:
            _lea(view, "card_lea")
        st.button(t("meeting.add_card"), key="card_add", on_click=_add_card)


def _add_card() -> None:
    kind = CardKind(st.session_state["card_kind"])
    decks.add(CardSpec(kind, str(st.session_state.get("card_lea", "")) if kind.of_lea else ""))
