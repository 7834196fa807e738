"""Accounts as an administrator makes them, on a page or in the shell: what is taken, and the first link."""

from __future__ import annotations

import re
from collections.abc import Iterable

from cim_core.access.entering import SET_UP
from cim_core.data.dataset import lea_key
from cim_core.data.outside import quoted
from cim_core.store.accounts import Account, Accounts, NameTakenError, PassKind, Role
from cim_core.words.messages import HowMany, Message, message

ADDRESS = "CIM_ADDRESS"
"""The environment variable with the address under which people reach the app, for links."""
LONGEST_NAME = 64
_KEY = re.compile(r"[0-9]{14}")


class PeopleError(Exception):
    """An account cannot be made or changed so; `said` is for a person."""

    def __init__(self, said: Message) -> None:
        super().__init__(said.id)
        self.said = said


def added(
    accounts: Accounts, name: str, shown: str, role: Role, selpa: str, codes: Iterable[str] = ()
) -> Account:
    """A new account; `codes`: of the LEAs of an LEA's viewer. Raises PeopleError and StoreError."""
    name, keys = name.strip(), tuple(dict.fromkeys(lea_key(code) for code in codes if code.strip()))
    _check_name(name)
    _check_leas(role, keys)
    if role is not Role.ADMINISTRATOR and not accounts.all():
        raise PeopleError(message("access.people.first"))
    if not selpa.strip():
        raise PeopleError(message("access.people.needs_selpa"))
    try:
        return accounts.add(name, shown.strip() or name, role, selpa.strip(), keys)
    except NameTakenError as error:
        raise PeopleError(message("access.people.taken", name=quoted(name))) from error


def _check_name(name: str) -> None:
    odd = any(sign.isspace() or not sign.isprintable() for sign in name)
    if not name or len(name) > LONGEST_NAME or odd:
        raise PeopleError(message("access.people.bad_name", n=HowMany(LONGEST_NAME), found=quoted(name)))


def _check_leas(role: Role, keys: tuple[str, ...]) -> None:
    if (role is Role.LEA_VIEWER) != bool(keys):
        raise PeopleError(message("access.people.needs_lea"))
    strange = next((key for key in keys if not _KEY.fullmatch(key)), "")
    if strange:
        raise PeopleError(message("access.people.bad_code", found=quoted(strange)))


def link(accounts: Accounts, account: Account, address: str) -> str:
    """A link by which somebody sets a password; `address`: under which people reach the app."""
    token = accounts.make_pass(account.id, PassKind.SET_UP, SET_UP)
    return f"{address.rstrip('/')}/signin?setup={token}"


def closed(accounts: Accounts, account: Account, by: str) -> None:
    """Let nobody in with an account. Raises PeopleError for one's own: somebody has to be able to undo it."""
    if account.id == by:
        raise PeopleError(message("access.people.own"))
    accounts.disable(account.id)
