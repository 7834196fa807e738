"""Who is looking: whoever sits at this machine, or in shared mode who signed in. None: nobody did yet."""

from __future__ import annotations

import os
from time import monotonic

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from cim_core.access.addresses import network
from cim_core.access.identity import LOCAL, Identity, Right, of_account
from cim_core.store.database import Database
from cim_core.store.sign_ins import SignIns
from ui.shared import places, sessions
from ui.shared.guard import SESSION

_HERE = "127.0.0.1"
_KNOWN, _MOMENT = "who_is_looking", 1.0
MODE, SHARED = "CIM_MODE", "shared"
"""The environment variable that says whether the server is for several people, and what it then says."""


def is_shared() -> bool:
    """Whether people have to sign in."""
    return os.environ.get(MODE, "") == SHARED


@st.cache_resource(show_spinner=False)
def sign_ins() -> SignIns:
    """What is kept of accounts, opened once."""
    return SignIns(Database())


def current() -> Identity | None:
    """Who is looking; looked up anew after a moment, so that a sign-out holds at once."""
    if not is_shared():
        return LOCAL
    known, token = st.session_state.get(_KNOWN), _token()
    if known is not None and known[1] == token and monotonic() - known[0] < _MOMENT:
        found: Identity | None = known[2]
        return found
    account = sign_ins().who(token) if token else None
    if account is not None and not sessions.held_by(account.id, token):
        account = None  # the visit was begun by somebody else
    found = None if account is None else of_account(account)
    st.session_state[_KNOWN] = monotonic(), token, found
    return found


def person() -> str:
    """The account of who is looking; empty for whoever sits at this machine, and for nobody."""
    if not is_shared() or get_script_run_ctx(suppress_warning=True) is None:
        return ""
    who = current()
    return "" if who is None else who.account


def place() -> str:
    """From which network who is looking comes, for the log; empty where nobody has to sign in, and in a
    thread that knows of no visit."""
    here = is_shared() and get_script_run_ctx(suppress_warning=True) is not None
    return network(whole_place()) if here else ""


def whole_place() -> str:
    """The address that whoever is looking comes from; Streamlit names none for this machine."""
    return places.told(st.context.headers.get("X-Forwarded-For", "")) or st.context.ip_address or _HERE


def _token() -> str:
    """What the browser says of who it is signed in as."""
    return st.context.cookies.get(SESSION, "")


def may(right: Right) -> bool:
    """Whether who is looking has a right."""
    who = current()
    return who is not None and who.may(right)
