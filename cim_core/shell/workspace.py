"""What documents ask of the store, where there is one: it is never made for that."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from cim_core.store.database import Database, file_of, url
from cim_core.store.store import SECRET, Store
from cim_core.store.troubles import StoreError


def key() -> str:
    """The secret of the workspace by which hashes are keyed; empty where there is none."""
    try:
        with _opened() as store:
            return "" if store is None else store.setting(SECRET)
    except StoreError:
        return ""


def file(digest: str) -> bytes | None:
    """The bytes of a file that is kept, by their SHA-256; None where it is not."""
    try:
        with _opened() as store:
            held = None if store is None else store.file(digest)
    except StoreError:
        return None
    return None if held is None else held[1]


@contextmanager
def _opened() -> Iterator[Store | None]:
    path = file_of(url())
    if path is not None and not path.exists():
        yield None
        return
    database = Database()
    try:
        yield Store(database)
    finally:
        database.close()
