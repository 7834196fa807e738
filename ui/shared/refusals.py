"""What somebody wanted and may not have: said in a sentence, and written into the log once a visit."""

from __future__ import annotations

import streamlit as st

from cim_core.access.identity import Right
from cim_core.store.logbook import Deed, Thing
from ui.shared import identity
from ui.shared.shelf import shelf
from ui.shared.words_on_screen import md, t

_NOTED = "refusals_noted"
_MOST = 50
"""Refusals of a visit that are written down: an address may be asked for again and again."""


def note(kind: Thing, said: str) -> None:
    """Write down that somebody was not given something; nothing where nobody has to sign in."""
    noted = st.session_state.setdefault(_NOTED, set())
    if identity.is_shared() and (kind, said) not in noted and len(noted) < _MOST:
        noted.add((kind, said))
        shelf().write_quietly(lambda store: store.note(Deed.REFUSED, kind, "", said))


def may_work() -> bool:
    """Whether who is looking may change what is kept; else the page says so here."""
    if identity.may(Right.WORK):
        return True
    st.caption(md(t("access.not_permitted")))
    return False
