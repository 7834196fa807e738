"""Signing in with an organization (OpenID Connect, by `st.login`): a second way to the same account.

What Streamlit keeps of it is a cookie of 30 days; the guard takes it away as soon as it was used.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

import streamlit as st
from streamlit.errors import StreamlitAuthError, StreamlitSecretNotFoundError

from cim_core.access import entering
from cim_core.data.outside import quoted
from cim_core.store.accounts import Account
from ui.shared import identity
from ui.shared.words_on_screen import md, t

CLAIM = "CIM_OIDC_CLAIM"
"""The environment variable with the claim that is the name of an account, where it is not `email`."""
_CLIENT = "client_id"
_FOUND = "organization_found"


def organizations() -> dict[str, str]:
    """The organizations of `secrets.toml`, by Streamlit's name of each, with what people call it."""
    try:
        auth = st.secrets.get("auth", {})
    except StreamlitSecretNotFoundError:
        return {}
    each = {name: part for name, part in auth.items() if isinstance(part, Mapping) and _CLIENT in part}
    if _CLIENT in auth:
        each["default"] = auth
    return {name: str(part.get("title", name)) for name, part in each.items()}


def buttons() -> None:
    """A button for each organization; nothing where there is none."""
    named = organizations()
    if not named:
        return
    st.caption(md(t("access.or")))
    for name, title in named.items():
        if st.button(t("access.by", name=quoted(title)), key=f"signin_by_{name}"):
            try:
                st.login(None if name == "default" else name)
            except StreamlitAuthError:
                st.error(md(t("access.no_organization")))


def is_back() -> bool:
    """Whether this browser comes from an organization."""
    return bool(organizations()) and bool(st.user.get("is_logged_in", False))


def account() -> Account | None:
    """The account of who comes from an organization, asked for once in a visit."""
    if _FOUND not in st.session_state:
        claims, claim = st.user.to_dict(), os.environ.get(CLAIM, "") or entering.EMAIL
        st.session_state[_FOUND] = entering.by_organization(
            identity.sign_ins(), claims, identity.whole_place(), claim
        )
    found: Account | None = st.session_state[_FOUND]
    return found
