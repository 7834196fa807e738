"""The shell's `users`: who may sign in. A password is never typed here: a link lets people set their own."""

from __future__ import annotations

import argparse
import os

from cim_core.access.entering import SET_UP
from cim_core.data.dataset import lea_key
from cim_core.shell.commands import said, show, tell, wrong
from cim_core.store.accounts import Account, Accounts, NameTakenError, PassKind, Role
from cim_core.store.database import Database
from cim_core.store.troubles import StoreError
from cim_core.words.disclosure import WORKING

ADDRESS = "CIM_ADDRESS"
"""The environment variable with the address under which people reach the app, for links."""
_NAME_LETTERS = 64


def run(chosen: argparse.Namespace) -> int:
    """Run one command on the accounts; returns the exit code."""
    actions = {"add": _add, "list": _list, "link": _link, "disable": _disable, "enable": _enable}
    try:
        database = Database()
        try:
            return actions[chosen.action](chosen, Accounts(database))
        finally:
            database.close()
    except StoreError as error:
        tell(WORKING.say(error.said))
        return 1


def _add(chosen: argparse.Namespace, accounts: Accounts) -> int:
    name, role = chosen.name.strip(), Role(chosen.role)
    if (
        not name
        or len(name) > _NAME_LETTERS
        or any(sign.isspace() or not sign.isprintable() for sign in name)
    ):
        raise wrong("access.shell.bad_name", found=chosen.name)
    if (role is Role.LEA_VIEWER) != bool(chosen.of_lea):
        raise wrong("access.shell.needs_lea")
    if not accounts.all() and role is not Role.ADMINISTRATOR:
        raise wrong("access.shell.first")
    try:
        made = accounts.add(
            name, chosen.shown or name, role, chosen.selpa, tuple(lea_key(code) for code in chosen.of_lea)
        )
    except NameTakenError as error:
        raise wrong("access.shell.taken", name=name) from error
    return _show_link(made, accounts)


def _list(chosen: argparse.Namespace, accounts: Accounts) -> int:
    for each in accounts.all():
        state = "access.shell.disabled" if each.disabled else _STATE[bool(each.password)]
        leas = ",".join(each.leas)
        show("\t".join([each.name, each.role.value, each.selpa, leas, said(state)]) + "\n")
    return 0


_STATE = {True: "access.shell.ready", False: "access.shell.waiting"}


def _link(chosen: argparse.Namespace, accounts: Accounts) -> int:
    return _show_link(_found(chosen, accounts), accounts)


def _disable(chosen: argparse.Namespace, accounts: Accounts) -> int:
    accounts.disable(_found(chosen, accounts).id)
    return 0


def _enable(chosen: argparse.Namespace, accounts: Accounts) -> int:
    accounts.disable(_found(chosen, accounts).id, False)
    return 0


def _found(chosen: argparse.Namespace, accounts: Accounts) -> Account:
    found = accounts.named(chosen.name)
    if found is None:
        raise wrong("access.shell.nobody", name=chosen.name)
    return found


def _show_link(account: Account, accounts: Accounts) -> int:
    """The link by which somebody sets a password; it is printed once and used once."""
    token = accounts.make_pass(account.id, PassKind.SET_UP, SET_UP)
    base = os.environ.get(ADDRESS, "http://localhost:8501").rstrip("/")
    show(f"{base}/signin?setup={token}\n")
    tell(said("access.shell.link_told", name=account.name))
    return 0
