"""What this session is asked to look at, and the address that restores it.

The session is the truth; the address mirrors it, so that a link brings back data, year, rulebook, reference
and LEA.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from urllib.parse import urlencode

import streamlit as st

from cim_core.access.identity import Right
from cim_core.data.outside import without_invisible
from cim_core.words.disclosure import Audience
from ui.shared import identity
from ui.shared.sessions import wholly

KEYS = (
    "data", "year", "rulebook", "reference", "assume", "scenario", "lea", "mine", "whole", "tab",
    "show", "step", "from", "to", "earlier", "view", "codes", "deck", "card",
)  # fmt: skip
WANTED = "wanted_page"
"""Under this a session holds the page that its next run goes to, with the parameters of its address."""
_OF_ONE_LEA = ("tab",)
"""What an address about another LEA, or a page of its own, does not take over."""
_OF_A_PAGE = ("step", "deck", "card")
"""What a link takes over only where it says so."""


def sync_address() -> None:
    """Take what the address says; an address without data keeps what the session looks at.

    An address with data is the whole truth, also about what it does not mention: so the browser's Back button
    and an old link bring back exactly what was seen.
    """
    whole = "data" in st.query_params
    for key in KEYS:
        if key in st.query_params:
            st.session_state[f"at_{key}"] = without_invisible(st.query_params[key])
        elif whole:
            st.session_state[f"at_{key}"] = ""
    if not whole and st.session_state.get("at_data"):
        st.query_params.from_dict(address())


def choose(**values: str) -> None:
    """Set what the session looks at, and the address with it in one step; an empty value forgets.

    Another year is held against the one before it until somebody chooses other years.
    """
    if "year" in values:
        values = {"from": "", "to": ""} | values
    wholly(lambda: _set(values))


def go_to(page: str) -> None:
    """Look at another page from the next run on: a button's own action cannot change pages."""
    st.session_state[WANTED] = (page, address())


def _set(values: Mapping[str, str]) -> None:
    for key, value in values.items():
        st.session_state[f"at_{key}"] = value
    st.query_params.from_dict(address(**{key: chosen(key) for key in _OF_A_PAGE}))


def chosen(key: str) -> str:
    """What is chosen for a key, an empty text for nothing."""
    return str(st.session_state.get(f"at_{key}") or (os.environ.get("CIM_OPEN", "") if key == "data" else ""))


def audience() -> Audience:
    """For whom everything is shown: whoever has the files, unless a meeting is chosen (by a word that may be
    mistyped), or cards are shown."""
    asked = chosen("view")
    if asked in ("", Audience.WORKING) and not identity.may(Right.SEE):
        return Audience.MEETING
    if asked in ("", Audience.WORKING):
        return Audience.MEETING if chosen("card") else Audience.WORKING
    return Audience(asked) if asked in tuple(Audience) else Audience.MEETING


def keep(*keys: str) -> None:
    """Let widgets keep their values while another page is shown."""
    for key in keys:
        if key in st.session_state:
            st.session_state[key] = st.session_state[key]


def address(**values: str) -> dict[str, str]:
    """The address as parameters, with some of them changed; another LEA begins at its first tab."""
    dropped = dict.fromkeys((*_OF_ONE_LEA, *_OF_A_PAGE) if "lea" in values else _OF_A_PAGE, "")
    values = dropped | values
    return {key: value for key in KEYS if (value := values.get(key, chosen(key)))}


def to(page: str, **values: str) -> str:
    """A link to a page of the app, as parts of HTML need it; `values` change parts of the address."""
    written = urlencode(address(**values))
    return f"{page}?{written}" if written else page
