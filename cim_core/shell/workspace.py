"""What commands ask of the store, where there is one, and for whom: it is never made for that."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from cim_core.access import seeing
from cim_core.access.identity import LOCAL, Right, of_account
from cim_core.access.seeing import NotAllowedError
from cim_core.shell.commands import wrong
from cim_core.store.accounts import Accounts
from cim_core.store.database import Database, file_of, url
from cim_core.store.store import SECRET, Store
from cim_core.store.troubles import StoreError


def whose(database: Database, name: str | None, right: Right) -> Store:
    """What is kept for the account of a name, which needs a right; without one of whoever uses this machine.

    Raises UsageError where that workspace has accounts and none is named, or it is none, or may not do that.
    """
    accounts = Accounts(database)
    if name is None:
        store = seeing.opened(database, LOCAL, right)
        if accounts.of(store.workspace):
            raise wrong("access.shell.as_whom")
        return store
    found = accounts.named(name)
    if found is None or found.disabled:
        raise wrong("access.shell.nobody", name=name)
    try:
        return seeing.opened(database, of_account(found), right)
    except NotAllowedError as error:
        raise wrong("access.shell.not_allowed", name=name) from error


def key(name: str | None = None) -> str:
    """The secret of somebody's workspace by which hashes are keyed; empty where there is none."""
    try:
        with _opened(name, Right.PRESENT) as store:
            return "" if store is None else store.setting(SECRET)
    except StoreError:
        return ""


def file(digest: str, name: str | None = None) -> bytes | None:
    """The bytes of a file that is kept for somebody, by their SHA-256; None where it is not."""
    try:
        with _opened(name, Right.WORK) as store:
            held = None if store is None else store.file(digest)
    except StoreError:
        return None
    return None if held is None else held[1]


@contextmanager
def _opened(name: str | None, right: Right) -> Iterator[Store | None]:
    """What is kept for somebody; nothing where there are accounts and none is named."""
    path = file_of(url())
    if path is not None and not path.exists():
        yield None
        return
    database = Database()
    try:
        store = None
        if name is not None or not Accounts(database).of(seeing.opened(database, LOCAL).workspace):
            store = whose(database, name, right)
        yield store
    finally:
        database.close()
