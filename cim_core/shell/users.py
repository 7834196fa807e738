"""The shell's `users`: who may sign in. A password is never typed here: a link lets people set their own."""

from __future__ import annotations

import argparse
import os

from cim_core.access import people
from cim_core.access.people import ADDRESS, PeopleError
from cim_core.shell.commands import said, show, tell, wrong
from cim_core.store.accounts import Account, Accounts, Role
from cim_core.store.database import Database
from cim_core.store.store import local_user
from cim_core.store.troubles import StoreError
from cim_core.words.disclosure import WORKING


def run(chosen: argparse.Namespace) -> int:
    """Run one command on the accounts; returns the exit code."""
    actions = {"add": _add, "list": _list, "link": _link, "disable": _disable, "enable": _enable}
    try:
        database = Database()
        try:
            return actions[chosen.action](chosen, Accounts(database, local_user()))
        finally:
            database.close()
    except (StoreError, PeopleError) as error:
        tell(WORKING.say(error.said))
        return 1 if isinstance(error, StoreError) else 2


def _add(chosen: argparse.Namespace, accounts: Accounts) -> int:
    about = chosen.name, chosen.shown or "", Role(chosen.role), chosen.selpa, chosen.of_lea
    return _show_link(people.added(accounts, *about), accounts)


def _list(chosen: argparse.Namespace, accounts: Accounts) -> int:
    for each in accounts.all():
        state = "access.state.disabled" if each.disabled else _STATE[bool(each.password)]
        leas = ",".join(each.leas)
        show("\t".join([each.name, each.role.value, each.selpa, leas, said(state)]) + "\n")
    return 0


_STATE = {True: "access.state.ready", False: "access.state.waiting"}


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
    show(f"{people.link(accounts, account, os.environ.get(ADDRESS, 'http://localhost:8501'))}\n")
    tell(said("access.shell.link_told", name=account.name))
    return 0
