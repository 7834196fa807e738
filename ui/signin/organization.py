"""Signing in with an organization (OpenID Connect, by `st.login`): a second way to the same account.

What Streamlit keeps of it is a cookie of 30 days; the guard takes it away as soon as it was used.
"""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st
from streamlit.errors import StreamlitAuthError, StreamlitSecretNotFoundError

from cim_core.access import entering
from cim_core.access.entering import Organization
from cim_core.data.outside import quoted
from cim_core.store.accounts import Account, plain_name
from ui.shared import identity
from ui.shared.words_on_screen import md, t

_CLIENT, _ONLY = "client_id", "default"


def organizations() -> dict[str, Organization]:
    """The organizations of `secrets.toml`, by Streamlit's name of each. Where there are several, one that
    does not say for which names it may vouch is left out: each could open every account."""
    try:
        auth = st.secrets.get("auth", {})
    except StreamlitSecretNotFoundError:
        return {}
    each = {name: part for name, part in auth.items() if isinstance(part, Mapping) and _CLIENT in part}
    if _CLIENT in auth:
        each[_ONLY] = auth
    found = {name: _organization(name, part) for name, part in each.items()}
    only = len(found) == 1 and not any("names" in part for part in each.values())
    return {name: one for name, one in found.items() if one.names or only}


def _organization(name: str, part: Mapping[str, object]) -> Organization:
    names = part.get("names", ())
    endings = (names,) if isinstance(names, str) else names
    told = [plain_name(str(end)) for end in endings] if isinstance(endings, list | tuple) else []
    claim = str(part.get("claim", entering.EMAIL))
    if claim == entering.EMAIL:  # a whole domain: somebody else may have one that ends alike
        told = [f"@{end.removeprefix('@')}" for end in told if end.removeprefix("@")]
    return Organization(str(part.get("title", name)), claim, tuple(filter(None, told)))


def buttons() -> None:
    """A button for each organization; nothing where there is none."""
    named = organizations()
    if not named:
        return
    st.caption(md(t("access.or")))
    for name, one in named.items():
        if st.button(t("access.by", name=quoted(one.title)), key=f"signin_by_{name}"):
            try:
                st.login(None if name == _ONLY else name)
            except StreamlitAuthError:
                st.error(md(t("access.no_organization")))


def is_back() -> bool:
    """Whether this browser comes from an organization."""
    return bool(organizations()) and bool(st.user.get("is_logged_in", False))


def account() -> Account | None:
    """The account of who comes from an organization; what it says is taken once."""
    claims = st.user.to_dict()
    by = organizations().get(str(claims.get("provider", "")))
    place = identity.whole_place()
    return None if by is None else entering.by_organization(identity.sign_ins(), claims, place, by)
