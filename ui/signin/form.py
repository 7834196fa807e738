"""The forms: of streamlit-authenticator, with its holes closed.

Its controllers are replaced: names and passwords are looked at by `cim_core.access`, and no cookie of its own
is set (it would be signed with a key, readable by scripts, and good after a sign-out).
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import streamlit as st
import streamlit_authenticator as stauth

from cim_core.access import entering
from cim_core.store.accounts import Account, PassKind
from ui.shared import identity, parts
from ui.shared.guard import ENTER, LEAVE, SIGN_IN, VISITOR
from ui.shared.words_on_screen import gate, md, t
from ui.signin import organization

_WENT, _LED = "signin_went", "signin_led"


class _Controller:
    """Signing in by our own rules, in the place of the library's."""

    def login(self, username: str | None = None, password: str | None = None, *_: Any, **__: Any) -> bool:
        """Whether a name and a password open an account; the way to the cookie is then kept for this run."""
        into = identity.sign_ins()
        found = entering.entered(into, username or "", password or "", identity.whole_place())
        if found is None or not st.context.cookies.get(VISITOR, ""):
            return False
        st.session_state[_WENT] = _way_in(found)
        return True


class _NoCookie:
    """No cookie that scripts can read."""

    def get_cookie(self) -> None:
        """There is none."""

    def set_cookie(self) -> None:
        """None is set."""


class _Form(stauth.Authenticate):  # type: ignore[misc]
    """The library's form without what its constructor would open: a cookie and a file of accounts."""

    def __init__(self) -> None:
        self.path, self.secret_key = None, ""
        self.attrs = {"login_sleep_time": 0}
        self.cookie_controller, self.authentication_controller = _NoCookie(), _Controller()


def _way_in(account: Account) -> str:
    """A pass with which this browser alone gets the cookie of an account."""
    visitor = st.context.cookies.get(VISITOR, "")
    accounts = identity.sign_ins().accounts
    return accounts.make_pass(account.id, PassKind.ENTER, entering.ENTERING, visitor)


def head() -> None:
    """What this is, above the form."""
    parts.show(f'<p class="cim-app">{t("app.title")}</p>')


def sign_in() -> None:
    """Name and password, or an organization; one answer for every failure."""
    if organization.is_back():
        _from_organization()
        return
    parts.title(t("access.title"), t("access.lead"))
    fields = {
        "Form name": t("access.form"), "Username": t("access.name"), "Password": t("access.password_field"),
        "Login": t("access.enter"),
    }  # fmt: skip
    st.session_state["authentication_status"] = None
    _Form().login(fields=fields, key="signin")
    went = st.session_state.pop(_WENT, "")
    if went:
        _go(f"{ENTER}?{urlencode({'pass': went, 'next': st.query_params.get('next', '/')})}")
    elif st.session_state.get("FormSubmitter:signin-" + t("access.enter")):
        st.error(t("access.refused"))
    organization.buttons()


def _from_organization() -> None:
    """On with who comes back from an organization; without an account of that name, the way back."""
    if _LED not in st.session_state:
        found = organization.account()
        known = found is not None and bool(st.context.cookies.get(VISITOR, ""))
        way = _way_in(found) if known and found is not None else ""
        st.session_state[_LED] = f"{ENTER}?{urlencode({'pass': way, 'next': '/'})}" if way else ""
    if st.session_state[_LED]:  # the pass is good once: drawn again, it leads nowhere
        _go(st.session_state[_LED])
        return
    parts.title(t("access.no_account"), t("access.no_account_why"))
    parts.show(parts.link(t("access.back"), LEAVE, "cim-btn"))


def set_up(token: str) -> None:
    """A password for an account, by a link that is used once."""
    into = identity.sign_ins()
    found = into.accounts.has_pass(token, PassKind.SET_UP)
    if found is None:
        parts.title(t("access.link_over"), t("access.link_again"))
        return
    parts.title(t("access.set_up", name=found.name), t("access.rules"))
    with st.form("setup"):
        password = st.text_input(t("access.password_field"), type="password", autocomplete="new-password")
        again = st.text_input(t("access.again"), type="password", autocomplete="new-password")
        if not st.form_submit_button(t("access.keep")):
            return
    if password != again:
        st.error(t("access.differ"))
        return
    try:
        trouble = entering.set_up(into, token, password, identity.whole_place())
    except KeyError:
        st.error(t("access.link_over"))
        return
    if trouble is not None:
        st.error(md(gate().say(trouble)))
        return
    _go(SIGN_IN)


@st.cache_resource(show_spinner=False)
def _leading() -> Any:
    script = "export default ({ data }) => window.location.replace(data.to);"
    return st.components.v2.component("cim_go", html="<span></span>", js=script)


def _go(to: str) -> None:
    """Let the browser ask for an address of this server, as only it can take a cookie."""
    _leading()(key="signin_go", data={"to": to})
