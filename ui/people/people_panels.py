"""The accounts of a SELPA: who they are, another one, a link, letting nobody in with account any longer."""

from __future__ import annotations

import os

import streamlit as st

from cim_core.access import people
from cim_core.access.identity import Identity, Right
from cim_core.access.people import PeopleError
from cim_core.store.accounts import Account, Accounts, Role
from cim_core.store.logbook import Thing
from cim_core.store.permits import NotPermittedError
from cim_core.words.messages import MessageFamily
from ui.shared import html_parts, identity, parts
from ui.shared.words_on_screen import gate, head_of, md, t

_ROLE = MessageFamily("access.role.{}", tuple(Role))
_ABOUT = MessageFamily("access.role.about.{}", tuple(Role))
_SAID, _LINK = "people_said", "people_link"
_NO_SCHOOL = "0" * 7
"""What a key has for the school of an LEA that is a district."""


def show() -> None:
    """The whole page; it is for administrators (`meeting_view.closed`)."""
    who = _administrator()
    each = _accounts(who).of(who.workspace)
    selpa = next((account.selpa for account in each), "")
    parts.title(t("access.people.title", selpa=selpa), t("access.people.help"))
    _told()
    html_parts.table(_head(), [_line(account) for account in each])
    add, change = st.columns(2, gap="large")
    with add:
        _add()
    with change:
        _change(each)


def _administrator() -> Identity:
    """Who is looking, if they may manage accounts. It is asked for each click as well: what is pressed is
    done before the page is drawn again, and somebody may have been signed out since it was drawn."""
    who = identity.current()
    if who is None or not who.may(Right.MANAGE):
        raise NotPermittedError(Thing.ACCOUNT)
    return who


def _accounts(who: Identity) -> Accounts:
    return Accounts(identity.sign_ins().database, who.name, identity.place())


def _chosen() -> tuple[Identity, Accounts, Account | None]:
    """Who presses, and the account of their SELPA that stands in the box now."""
    who = _administrator()
    accounts = _accounts(who)
    wanted = st.session_state.get("people_chosen")
    return who, accounts, next((one for one in accounts.of(who.workspace) if one.id == wanted), None)


def _head() -> list[str]:
    return head_of(
        "access.people.head_name", "access.people.head_shown", "access.people.head_role",
        "access.people.head_leas", "access.people.head_state",
    )  # fmt: skip


def _line(account: Account) -> list[html_parts.Cell]:
    state = "disabled" if account.disabled else "ready" if account.password else "waiting"
    leas = ", ".join(key.removesuffix(_NO_SCHOOL) for key in account.leas)
    return [account.name, account.shown, t(_ROLE[account.role]), leas, t(_STATE[state])]


_STATE = MessageFamily("access.state.{}", ("disabled", "ready", "waiting"))


def _told() -> None:
    """What the last click came to; a link stands here once."""
    for said, error in st.session_state.pop(_SAID, []):
        (st.error if error else st.success)(md(said))
    named = st.session_state.pop(_LINK, None)
    if named is not None:
        st.markdown(md(t("access.people.link", name=named[0])))
        st.code(named[1], language=None)


def _add() -> None:
    parts.show(parts.heading(t("access.people.add")))
    with st.form("people_add", clear_on_submit=False):
        st.text_input(t("access.people.name"), key="people_name", max_chars=people.LONGEST_NAME,
                      help=t("access.people.name_help"))  # fmt: skip
        st.text_input(t("access.people.shown"), key="people_shown", max_chars=80)
        st.selectbox(
            t("access.people.role"), list(Role), index=list(Role).index(Role.DIRECTOR), key="people_role",
            format_func=lambda role: f"{t(_ROLE[role])} – {t(_ABOUT[role])}",
        )  # fmt: skip
        st.text_input(t("access.people.codes"), key="people_codes", help=t("access.people.codes_help"))
        st.form_submit_button(t("access.people.make"), key="people_make", on_click=_made)


def _made() -> None:
    asked, who = st.session_state, _administrator()
    accounts = _accounts(who)
    selpa = next(one.selpa for one in accounts.of(who.workspace))
    codes = str(asked["people_codes"]).split(",")
    about = str(asked["people_name"]), str(asked["people_shown"]), Role(asked["people_role"])
    try:
        made = people.added(accounts, *about, selpa, codes)
    except PeopleError as error:
        _say(gate().say(error.said), error=True)
        return
    _say_link(accounts, made)
    for key in ("people_name", "people_shown", "people_codes"):
        asked[key] = ""


def _change(each: list[Account]) -> None:
    parts.show(parts.heading(t("access.people.choose")))
    names = {account.id: f"{account.shown} ({account.name})" for account in each}
    chosen = st.selectbox(
        t("access.people.choose"), list(names), format_func=names.__getitem__, key="people_chosen",
        label_visibility="collapsed",
    )  # fmt: skip
    account = next((each_account for each_account in each if each_account.id == chosen), None)
    if account is None:
        return
    with st.container(horizontal=True):
        st.button(
            t("access.people.again"),
            key="people_link_again",
            on_click=_another_link,
            disabled=account.disabled,
        )
        label = "access.people.enable" if account.disabled else "access.people.disable"
        st.button(t(label), key="people_switch", on_click=_switch)


def _switch() -> None:
    who, accounts, account = _chosen()
    if account is None:
        return
    if account.disabled:
        accounts.disable(account.id, False)
        _say(t("access.people.on", name=account.shown))
        return
    try:
        people.closed(accounts, account, who.account)
    except PeopleError as error:
        _say(gate().say(error.said), error=True)
        return
    _say(t("access.people.off", name=account.shown))


def _another_link() -> None:
    _, accounts, account = _chosen()
    if account is not None and not account.disabled:
        _say_link(accounts, account)


def _say_link(accounts: Accounts, account: Account) -> None:
    st.session_state[_LINK] = account.shown, people.link(accounts, account, _address())


def _say(said: str, error: bool = False) -> None:
    st.session_state.setdefault(_SAID, []).append((said, error))


def _address() -> str:
    here = (st.context.url or "").partition("/people")[0]
    return os.environ.get(people.ADDRESS, "") or here
