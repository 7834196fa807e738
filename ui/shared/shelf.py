"""What is kept for this person: uploads by the hash of their bytes, everything else by random ids.

The store keeps it, on the disk; files that were used last are in memory as well, bounded in bytes. Where the
store cannot be used, one in memory takes its place, every page says so, and what it holds goes into the store
as soon as that can be used again.
"""

from __future__ import annotations

import io
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from threading import RLock
from time import monotonic
from typing import TypeVar
from weakref import WeakSet

import streamlit as st
from sqlalchemy import make_url

from cim_core.access import seeing
from cim_core.access.identity import Identity
from cim_core.intake import bundle as bundles
from cim_core.store import merging, takeaway
from cim_core.store.database import Database, url
from cim_core.store.dataset_rows import Files
from cim_core.store.kept import KeptDataset, KeptText
from cim_core.store.logbook import Deed, Thing
from cim_core.store.store import Store
from cim_core.store.troubles import StoreError, Trouble
from ui.shared import identity

OWN, LARGE, SET, LIST = "own-", "file-", "set-", "list-"
"""Kinds of keys: own rulebooks, scenarios too large for an address, versions of datasets, lists of LEAs."""
_THINGS = {OWN: Thing.RULEBOOK, LARGE: Thing.DRAFT, LIST: Thing.LIST}
MOST_BYTES = 64 * 2**20
PAUSE = 10.0
"""Seconds between two attempts to use a store that could not be used."""
_MOST_SHELVES = 200
MOST_EACH, MOST_TOGETHER = 32 * 2**20, 256 * 2**20
"""Bytes of files in memory in shared mode, of one person (the largest upload fits) and of everybody."""
_SHELVES: WeakSet[Shelf] = WeakSet()
T = TypeVar("T")
_Held = tuple[str, bytes]


@dataclass(slots=True)
class _Way:
    """Reading or writing: what stands in its way, and until when it is not tried again.

    Whoever waits for a lock at each click would think that the app has stopped.
    """

    trouble: StoreError | None = None
    until: float = 0.0

    @contextmanager
    def told(self) -> Iterator[None]:
        """Work that may find a trouble, or the end of one. Raises StoreError, for a while without trying."""
        if self.trouble is not None and monotonic() < self.until:
            raise self.trouble
        try:
            yield
        except StoreError as error:
            self.wait(error)
            raise
        self.trouble = None

    def wait(self, trouble: StoreError) -> None:
        """Do not try again for a while."""
        self.trouble, self.until = trouble, monotonic() + PAUSE


@dataclass(frozen=True, slots=True)
class _Used:
    """A file in memory, and when it was used last."""

    held: _Held
    at: float

    @property
    def size(self) -> int:
        return len(self.held[1])


@dataclass(frozen=True, slots=True)
class NewVersion:
    """What shall be kept: the bundle as text, a name, the files that are new, the version it was made from.

    `kind`: what the log says was saved.
    """

    name: str
    bundle: str
    files: Files = field(default_factory=dict)
    after: str = ""
    kind: Thing = Thing.DATASET


class Shelf:
    """The store of this process, and the files that were used last in memory.

    `opening` opens the store; it is asked again as long as it raises StoreError. `spare` makes the one in
    memory.
    """

    def __init__(
        self,
        opening: Callable[[], Store],
        most: int = MOST_BYTES,
        spare: Callable[[Database], Store] = Store,
    ) -> None:
        self._opening, self.most, self._spare_of = opening, most, spare
        self._reading, self._writing = _Way(), _Way()
        self._store: Store | None = None
        self._spare: Store | None = None
        self._unsaved: StoreError | None = None
        self._memory: OrderedDict[str, _Used] = OrderedDict()
        self._lock = RLock()
        with suppress(StoreError), self._reading.told():
            self._opened()

    def put(self, name: str, content: bytes, kind: str) -> str:
        """Keep a text; returns its key."""
        return kind + self.write(lambda store: store.keep_text(_THINGS[kind], name, content.decode()))

    def put_version(self, new: NewVersion) -> str:
        """Keep a version with its files, in one step; returns its key. Raises ConflictError where another one
        was saved in between."""
        key = SET + self.write(lambda store: self._keep(store, new))
        for digest, held in new.files.items():
            self._remember(digest, held)
        make_room()
        return key

    def get(self, key: str) -> _Held | None:
        """Name and bytes; None when it is not, or no longer, here."""
        with self._lock:
            if key in self._memory:
                self._remember(key, self._memory[key].held)
                return self._memory[key].held
        found = self.read(lambda store: _find(store, key))
        if found is not None and not key.startswith((SET, *_THINGS)):
            self._remember(key, found)
            make_room()
        return found

    def has(self, digest: str) -> bool:
        """Whether a file is here; its bytes are not read."""
        with self._lock:
            if digest in self._memory:
                return True
        return self.read(lambda store: store.has_files(frozenset([digest])) or None) is not None

    def let_go(self, unused: float) -> int:
        """Let files go that nobody has used for so many seconds; returns how many bytes they were."""
        with self._lock:
            old = [key for key, used in self._memory.items() if used.at <= monotonic() - unused]
            return sum(self._memory.pop(key).size for key in old)

    def packed(self) -> bytes:
        """Everything as a ZIP, from where it can be read: also what could not be saved yet."""
        self.read(lambda store: store.permits.must_read(Thing.WORKSPACE))
        found = self._each(_packed)
        if len(found) > 1:
            whole = self._spare_of(Database(make_url("sqlite://")))
            for each in found:
                merging.import_(whole, io.BytesIO(each), ours=True)
            found = [_packed(whole)]
        self.write(lambda store: takeaway.note(store))
        return found[0] if found else b""

    def note(self, said: str) -> None:
        """Write into the log that something was taken away as a file."""
        self.write(lambda store: store.note(Deed.EXPORTED, Thing.DOWNLOAD, "", said))

    def datasets(self, deleted: bool = False) -> list[KeptDataset]:
        """Every dataset, the one that was changed last first; or those that can be taken back."""
        return [of for some in self._each(lambda store: store.datasets(deleted)) for of in some]

    def texts(self, kind: Thing, deleted: bool = False) -> list[KeptText]:
        """The small texts of a kind, the one that was changed last first; or those that can be taken back."""
        return [of for some in self._each(lambda store: store.texts(kind, deleted)) for of in some]

    def titles(self, kind: str) -> dict[str, str]:
        """Every text of a kind by its key, with its name; the newest first."""
        return {kind + of.id: of.name for of in self.texts(_THINGS[kind])}

    def write(self, work: Callable[[Store], T]) -> T:
        """Something that is kept: in memory where the store cannot be used.

        Raises StoreError for a change of what cannot be changed now.
        """
        try:
            return self._write(work)
        except StoreError as error:
            with self._lock:
                self._spare = self._spare or self._spare_of(Database(make_url("sqlite://")))
                self._unsaved = error  # somebody else may save in the meantime, without what is in memory
                try:
                    return work(self._spare)
                except KeyError:  # what shall be changed is in the store alone
                    raise error from None

    def write_quietly(self, work: Callable[[Store], object]) -> None:
        """Something that nobody asked to be kept, and nobody is told of."""
        with suppress(StoreError):
            self._write(work)

    def read(self, work: Callable[[Store], T | None]) -> T | None:
        """What the first store that has it gives."""
        return next((found for found in self._each(work) if found is not None), None)

    @property
    def trouble(self) -> StoreError | None:
        """Why nothing is kept now, or something is not kept yet; None where everything is."""
        return self._writing.trouble or self._reading.trouble or self._unsaved

    def _write(self, work: Callable[[Store], T]) -> T:
        with self._writing.told():
            store = self._opened(to_write=True)
            with self._lock:
                if self._spare is not None:
                    _bring(self._spare, store)
                    self._spare = self._unsaved = None
            done = work(store)
        self._reading.trouble = None  # who can write can read
        return done

    def _each(self, work: Callable[[Store], T]) -> list[T]:
        """What the store gives, where it can be read, and the one in memory, where there is one."""
        found = []
        with suppress(StoreError), self._reading.told():
            found.append(work(self._opened()))
        with self._lock:
            if self._spare is not None:
                found.append(work(self._spare))
        return found

    def _opened(self, to_write: bool = False) -> Store:
        with self._lock:
            database = self._store.database if self._store is not None else None
            if database is not None and (database.is_gone or (to_write and database.only_read is not None)):
                _databases().drop(database)
                self._store = None
            if self._store is None:
                self._store = self._opening()
                if (why := self._store.database.only_read) is not None:
                    self._writing.wait(why)
        return self._store

    def _keep(self, store: Store, new: NewVersion) -> str:
        files = dict(new.files)
        wanted = frozenset(part.digest for part in bundles.loads(new.bundle).parts) - files.keys()
        if not store.has_files(wanted):  # given while the store could not be used, or the other way round
            files |= {digest: held for digest in wanted if (held := self.get(digest)) is not None}
        after = new.after.removeprefix(SET)
        return store.keep_version(new.name, new.bundle, files, after, new.kind)

    def _remember(self, key: str, held: _Held) -> None:
        with self._lock:
            self._memory[key] = _Used(held, monotonic())
            self._memory.move_to_end(key)
            size = sum(each.size for each in self._memory.values())
            while size > self.most and len(self._memory) > 1:
                _, oldest = self._memory.popitem(last=False)
                size -= oldest.size

    @property
    def size(self) -> int:
        """Bytes of the files in memory."""
        with self._lock:
            return sum(used.size for used in self._memory.values())

    @property
    def used(self) -> float:
        """When a file in memory was used last."""
        with self._lock:
            return max((used.at for used in self._memory.values()), default=0.0)


def _find(store: Store, key: str) -> _Held | None:
    kind = next((kind for kind in (SET, *_THINGS) if key.startswith(kind)), "")
    if not kind:
        return store.file(key)
    if kind == SET:
        version = store.version(key.removeprefix(SET))
        there = version is not None and version.deleted is None
        return (version.name, version.bundle.encode()) if version is not None and there else None
    text = store.text(key.removeprefix(kind))
    there = text is not None and text.deleted is None and text.kind is _THINGS[kind]
    return (text.name, text.text.encode()) if text is not None and there else None


def _packed(store: Store) -> bytes:
    packed = io.BytesIO()
    with store.database.snapshot() as connection:
        takeaway.write(connection, store.workspace, packed)
    return packed.getvalue()


def _bring(spare: Store, store: Store) -> None:
    """Put everything of the store in memory into the other one; ids stay, so that links do."""
    merging.import_(store, io.BytesIO(_packed(spare)), ours=True)


class _Databases:
    """The open database of this process: one for everybody, so that its connections are few."""

    def __init__(self) -> None:
        self._held: Database | None = None
        self._lock = RLock()

    def get(self) -> Database:
        """The database, opened where it is not. Raises StoreError."""
        with self._lock:
            if self._held is not None and (self._held.is_gone or self._held.url != url()):
                self.drop(self._held)
            self._held = self._held or Database()
            return self._held

    def drop(self, database: Database) -> None:
        """Close a database, and open another one when it is asked for next."""
        with self._lock:
            if self._held is database:
                self._held = None
        database.close()


@st.cache_resource(show_spinner=False)
def _databases() -> _Databases:
    return _Databases()


def _open(who: Identity) -> Store:
    """The store; only to be read where nothing can be written."""
    try:
        database = _databases().get()
        try:
            store = seeing.opened(database, who, place=identity.place)
            store.remove_old()
        except StoreError as error:
            if error.trouble is not Trouble.LOCKED:  # it is others' as well, who may go on with it
                _databases().drop(database)
            raise
    except StoreError as error:
        return seeing.opened(Database(only_read=error), who, place=identity.place)
    return store


class NobodyError(RuntimeError):
    """Nobody is signed in, so that nothing is anybody's."""


def shelf() -> Shelf:
    """The shelf of who is looking: of this process where nobody signs in, else of the account's workspace.

    Raises NobodyError where nobody is signed in.
    """
    who = identity.current()
    if who is None:
        raise NobodyError
    return of_workspace(who)


@st.cache_resource(show_spinner=False, max_entries=_MOST_SHELVES)
def of_workspace(who: Identity) -> Shelf:
    """The shelf of somebody, the same at each call."""
    spare = replace(who, workspace="")
    made = Shelf(
        lambda: _open(who),
        MOST_EACH if identity.is_shared() else MOST_BYTES,
        lambda database: seeing.opened(database, spare, place=identity.place),
    )
    _SHELVES.add(made)
    return made


def let_all_go(unused: float) -> None:
    """Let files go that nobody has used for so many seconds, of everybody."""
    for each in list(_SHELVES):
        each.let_go(unused)


def make_room() -> None:
    """Let the files go of those who used theirs longest ago, until everybody's together are few enough."""
    shelves = sorted(_SHELVES, key=lambda each: each.used)
    together = sum(each.size for each in shelves)
    for each in shelves[:-1]:
        if together <= MOST_TOGETHER:
            return
        together -= each.let_go(0)
