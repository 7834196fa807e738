"""What is kept for this person: uploads by the hash of their bytes, and texts by random ids.

The store keeps it, on the disk; the last used things are in memory as well, bounded in bytes. Where the store
cannot be used, memory is all there is, and every page says so.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from threading import Lock
from typing import TypeVar

import streamlit as st
from sqlalchemy import make_url

from cim_core.intake import bundle as bundles
from cim_core.store import ids
from cim_core.store.database import Database
from cim_core.store.logbook import Thing
from cim_core.store.store import Store
from cim_core.store.troubles import StoreError

OWN, LARGE, SET, LIST = "own-", "file-", "set-", "list-"
"""Kinds of texts: own rulebooks, scenarios too large for an address, versions of datasets, lists of LEAs."""
_THINGS = {OWN: Thing.RULEBOOK, LARGE: Thing.DRAFT, LIST: Thing.LIST}
MOST_BYTES = 64 * 2**20
T = TypeVar("T")
_Held = tuple[str, bytes]


class Shelf:
    """The store of this process, and what was used last of it in memory."""

    def __init__(self, store: Store, trouble: StoreError | None = None, most: int = MOST_BYTES) -> None:
        self.store, self.trouble, self.most = store, trouble, most
        self.saved: datetime | None = None
        self._memory: OrderedDict[str, _Held] = OrderedDict()
        self._lock = Lock()

    def put(self, name: str, content: bytes, kind: str = "", after: str = "") -> str:
        """Keep an upload (no kind) or a text; returns its key. `after`: the version that one was made from."""
        key = self._try(lambda: self._store(name, content, kind, after)) or kind + ids.digest(content)
        self._remember(key, (name, content))
        return key

    def get(self, key: str) -> _Held | None:
        """Name and bytes; None when it is not, or no longer, here."""
        with self._lock:
            if key in self._memory:
                self._memory.move_to_end(key)
                return self._memory[key]
        found = self._try(lambda: self._find(key))
        if found is not None:
            self._remember(key, found)
        return found

    def _store(self, name: str, content: bytes, kind: str, after: str) -> str:
        if not kind:
            key = self.store.keep_file(name, content)
        elif kind == SET:
            self._keep_files_of(content.decode())
            key = kind + self.store.keep_version(name, content.decode(), after.removeprefix(SET))
        else:
            key = kind + self.store.keep_text(_THINGS[kind], name, content.decode())
        self.saved = ids.now()
        return key

    def _keep_files_of(self, bundle: str) -> None:
        """Files that were given while the store could not be used."""
        for part in bundles.loads(bundle).parts:
            held = self._memory.get(part.digest)
            if held is not None and not self.store.has_file(part.digest):
                self.store.keep_file(*held)

    def titles(self, kind: str) -> dict[str, str]:
        """Every text of a kind by its key, with its name; the newest first."""
        kept = self._try(lambda: {kind + one.id: one.name for one in self.store.texts(_THINGS[kind])}) or {}
        with self._lock:
            return kept | {key: name for key, (name, _) in self._memory.items() if key.startswith(kind)}

    def _find(self, key: str) -> _Held | None:
        kind = next((kind for kind in (SET, *_THINGS) if key.startswith(kind)), "")
        if not kind:
            return self.store.file(key)
        if kind == SET:
            version = self.store.version(key.removeprefix(SET))
            there = version is not None and version.deleted is None
            return (version.name, version.bundle.encode()) if version is not None and there else None
        text = self.store.text(key.removeprefix(kind))
        return (text.name, text.text.encode()) if text is not None and text.deleted is None else None

    def forget(self, key: str) -> None:
        """Let go of something in memory: it was deleted."""
        with self._lock:
            self._memory.pop(key, None)

    def _try(self, work: Callable[[], T]) -> T | None:
        """What the store gives; None, with the trouble kept, where it cannot be used."""
        try:
            found = work()
        except StoreError as error:
            self.trouble = error
            return None
        return found

    def _remember(self, key: str, held: _Held) -> None:
        with self._lock:
            self._memory[key] = held
            self._memory.move_to_end(key)
            if self.trouble is not None:
                return  # nothing else holds it
            size = sum(len(content) for _, content in self._memory.values())
            while size > self.most and len(self._memory) > 1:
                _, (_, oldest) = self._memory.popitem(last=False)
                size -= len(oldest)


@st.cache_resource(show_spinner=False)
def shelf() -> Shelf:
    """The one shelf of this process."""
    try:
        return Shelf(Store(Database()))
    except StoreError as error:
        return Shelf(Store(Database(make_url("sqlite://"))), error)
