"""Where somebody was last, so that a new start can go on from there."""

from __future__ import annotations

from urllib.parse import parse_qs

import streamlit as st

from cim_core.access.identity import Right
from cim_core.store.store import OF_ONE_PERSON
from ui.shared import address, identity, open_files, parts
from ui.shared.results import View
from ui.shared.shelf import SET, shelf
from ui.shared.words_on_screen import t

_LAST = OF_ONE_PERSON


def remember(page: str, view: View | None) -> None:
    """Keep the address of a page with somebody's own data."""
    if view is None or not view.bundle.parts:
        return
    here = address.to("home" if page == "start" else page)
    if st.session_state.get(_LAST) != here:
        st.session_state[_LAST] = here
        shelf().write_quietly(lambda store: store.set(_mine(), here))


def _mine() -> str:
    """The setting with where somebody was last: each person's own, as it names LEAs."""
    return f"{_LAST} {identity.person()}".strip()


def way_on(css: str = "") -> str:
    """A link to where somebody was last, as HTML; nothing where that is open, or is no longer here.

    Who cannot go to the library is led to the newest data instead.
    """
    last = shelf().read(lambda store: store.setting(_mine()) or None)
    if not last and not identity.may(Right.WORK):
        last = next((f"home?data={SET}{of.newest}" for of in shelf().datasets()), "")
    data = _data(last or "")
    if not last or data == address.chosen("data") or open_files.bundle_of(data) is None:
        return ""
    return parts.link(t("start.go_on", name=open_files.name_of(data)), last, f"cim-btn {css}".strip())


def _data(last: str) -> str:
    """Which data the address of a page of ours names; none for any other, which a ZIP may have brought."""
    page, _, query = last.partition("?")
    return parse_qs(query).get("data", [""])[0] if page.isalpha() else ""
