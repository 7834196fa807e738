"""What is kept for this person: uploads by the hash of their bytes, and texts by random ids.

The store keeps it, on the disk; what was used last is in memory as well, bounded in bytes. Where the store
cannot be used, a spare one in memory takes its place, and every page says so.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from threading import Lock
from typing import TypeVar

import streamlit as st
from sqlalchemy import make_url

from cim_core.intake import bundle as bundles
from cim_core.store import ids
from cim_core.store.database import Database
from cim_core.store.logbook import Thing
from cim_core.store.store import KeptText, Store
from cim_core.store.troubles import StoreError

OWN, LARGE, SET, LIST = "own-", "file-", "set-", "list-"
"""Kinds of keys: own rulebooks, scenarios too large for an address, versions of datasets, lists of LEAs."""
_THINGS = {OWN: Thing.RULEBOOK, LARGE: Thing.DRAFT, LIST: Thing.LIST}
MOST_BYTES = 64 * 2**20
T = TypeVar("T")
_Held = tuple[str, bytes]


class Shelf:
    """The store of this process, and what was used last of it in memory."""

    def __init__(
        self, store: Store | None, trouble: StoreError | None = None, most: int = MOST_BYTES
    ) -> None:
        self._store, self.trouble, self.most = store, trouble, most
        self.saved: datetime | None = None
        self._memory: OrderedDict[str, _Held] = OrderedDict()
        self._lock = Lock()

    @cached_property
    def _spare(self) -> Store:
        return Store(Database(make_url("sqlite://")))

    def put(self, name: str, content: bytes, kind: str = "", after: str = "") -> str:
        """Keep an upload (no kind) or a text; returns its key. `after`: the version it was made from."""
        key = self.write(lambda store: self._keep(store, name, content, kind, after))
        self._remember(key, (name, content))
        return key

    def get(self, key: str) -> _Held | None:
        """Name and bytes; None when it is not, or no longer, here."""
        with self._lock:
            if key in self._memory:
                self._memory.move_to_end(key)
                return self._memory[key]
        found = self.read(lambda store: _find(store, key))
        if found is not None:
            self._remember(key, found)
        return found

    def forget(self, key: str) -> None:
        """Let go of something in memory: it was deleted."""
        with self._lock:
            self._memory.pop(key, None)

    def texts(self, kind: Thing, deleted: bool = False) -> list[KeptText]:
        """The small texts of a kind, the one that was changed last first; or those that can be taken back."""
        each = [store.texts(kind, deleted) for store in self._stores()]
        return [one for some in each for one in some]

    def titles(self, kind: str) -> dict[str, str]:
        """Every text of a kind by its key, with its name; the newest first."""
        return {kind + one.id: one.name for one in self.texts(_THINGS[kind])}

    def write(self, work: Callable[[Store], T]) -> T:
        """Something that is kept: in the spare store where the store cannot be used."""
        if self._store is not None:
            try:
                done = work(self._store)
            except StoreError as error:
                self.trouble = error
            else:
                self.trouble, self.saved = None, ids.now()
                return done
        return work(self._spare)

    def read(self, work: Callable[[Store], T | None]) -> T | None:
        """What the first store that has it gives."""
        return next((found for store in self._stores() if (found := work(store)) is not None), None)

    def _stores(self) -> list[Store]:
        """The store, where it can be read, and the spare one."""
        usable = []
        if self._store is not None:
            try:
                self._store.setting("")
                usable.append(self._store)
            except StoreError as error:
                self.trouble = error
        return [*usable, self._spare]

    def _keep(self, store: Store, name: str, content: bytes, kind: str, after: str) -> str:
        if not kind:
            return store.keep_file(name, content)
        if kind != SET:
            return kind + store.keep_text(_THINGS[kind], name, content.decode())
        for part in bundles.loads(content.decode()).parts:
            if not store.has_file(part.digest) and (held := self.get(part.digest)) is not None:
                store.keep_file(*held)  # given while the store could not be used
        return kind + store.keep_version(name, content.decode(), after.removeprefix(SET))

    def _remember(self, key: str, held: _Held) -> None:
        with self._lock:
            self._memory[key] = held
            self._memory.move_to_end(key)
            size = sum(len(content) for _, content in self._memory.values())
            while size > self.most and len(self._memory) > 1:
                _, (_, oldest) = self._memory.popitem(last=False)
                size -= len(oldest)


def _find(store: Store, key: str) -> _Held | None:
    kind = next((kind for kind in (SET, *_THINGS) if key.startswith(kind)), "")
    if not kind:
        return store.file(key)
    if kind == SET:
        version = store.version(key.removeprefix(SET))
        there = version is not None and version.deleted is None
        return (version.name, version.bundle.encode()) if version is not None and there else None
    text = store.text(key.removeprefix(kind))
    return (text.name, text.text.encode()) if text is not None and text.deleted is None else None


@st.cache_resource(show_spinner=False)
def shelf() -> Shelf:
    """The one shelf of this process."""
    try:
        return Shelf(Store(Database()))
    except StoreError as error:
        return Shelf(None, error)
