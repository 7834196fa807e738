"""Taking a workspace in: into an empty one it is as it was, into another one beside what is there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, Table, insert, select, update

from cim_core.data.outside import listed, quoted
from cim_core.store import away_form as form
from cim_core.store import dataset_rows, ids, logbook
from cim_core.store.faults import Fault, TakeInError
from cim_core.store.logbook import Deed, Thing
from cim_core.store.schema import (
    accounts,
    contents,
    datasets,
    log,
    settings,
    texts,
    version_files,
    versions,
    workspaces,
)
from cim_core.store.store import Store
from cim_core.store.takein import Packed, Parcel, opened, read
from cim_core.words.messages import HowMany, Message, message

_BATCH = 1000
_KEPT = ("created", "changed", "version")


@dataclass(slots=True)
class Imported:
    """How much came in, how much was there already, and what came in beside something else of its id."""

    name: str
    datasets: int = 0
    versions: int = 0
    files: int = 0
    texts: int = 0
    settings: int = 0
    lines: int = 0
    here: int = 0
    copies: list[str] = field(default_factory=list)

    @property
    def said(self) -> list[Message]:
        """The same in sentences."""
        counts = {
            name: HowMany(getattr(self, name))
            for name in ("datasets", "versions", "files", "texts", "settings", "lines")
        }
        told = [message("store.away.imported", name=quoted(self.name), **counts)]
        if self.here:
            told.append(message("store.away.here", n=HowMany(self.here)))
        if self.copies:
            told.append(message("store.away.copies", n=HowMany(len(self.copies)), names=listed(self.copies)))
        return told


def import_(
    store: Store,
    source: Path | IO[bytes],
    about_students: Callable[[str, bytes], bool] | None = None,
    ours: bool = False,
) -> Imported:
    """Take in the ZIP of a workspace, wholly or not at all. Raises TakeInError and StoreError.

    `about_students`: whether a file, by its name and bytes, is about single students; a ZIP with one that is
    not here yet is not taken in. It is asked before others have to wait for what is written.

    What is there stays as it is. What is there with all its content is left out; what has the id of something
    else comes in under another id, which is the same whenever the same ZIP is taken in again. Where people
    have accounts the log is left out: a ZIP could say that one of them did what they never did.

    `ours`: it was made by this program of what somebody was permitted to keep, in a store in memory.
    """
    if not ours:
        store.permits.must_write(Thing.WORKSPACE)
    with opened(source) as parcel:
        packed = read(parcel)
        if about_students is not None:
            _look(store, parcel, packed, about_students)
        with store.database.writing() as connection:
            here = store.workspace
            done = bring(connection, here, parcel, packed, logged=ours or not _of_people(connection, here))
            about = here, store.who, Deed.IMPORTED, Thing.WORKSPACE, here, done.name
            logbook.add(connection, *about, store.place)
    return done


def _of_people(connection: Connection, workspace: str) -> bool:
    """Whether a workspace is one of several people."""
    wanted = select(accounts.c.id).where(accounts.c.workspace == workspace).limit(1)
    return connection.execute(wanted).first() is not None


def _look(store: Store, parcel: Parcel, packed: Packed, about_students: Callable[[str, bytes], bool]) -> None:
    """Look at every file that is not here yet. Raises TakeInError for one about single students."""
    for row in packed.files:
        entry = form.file_entry(row["sha256"])
        known = store.has_files(frozenset([row["sha256"]]))
        if not known and about_students(row["name"], parcel.content(entry)):
            raise TakeInError(Fault.STUDENTS, entry, row["name"])


def bring(
    connection: Connection, workspace: str, parcel: Parcel, packed: Packed, logged: bool = True
) -> Imported:
    """Take in what was read, within a transaction; `logged`: with its log. Raises TakeInError."""
    empty = is_empty(connection, workspace)
    done = Imported(packed.name)
    if empty:
        named = {"name": packed.name, "changed": ids.now(), "version": workspaces.c.version + 1}
        connection.execute(update(workspaces).where(workspaces.c.id == workspace).values(named))
    bringing = _Bringing(connection, workspace, parcel, packed, done)
    bringing.files()
    bringing.datasets()
    bringing.texts()
    bringing.settings()
    if logged:
        bringing.log(empty)
    return done


def is_empty(connection: Connection, workspace: str) -> bool:
    """Whether nothing is in a workspace, and nothing ever was."""
    for table in (datasets, contents, texts, settings, log):
        wanted = select(table.c.workspace).where(table.c.workspace == workspace).limit(1)
        if table is log:
            wanted = wanted.where(~form.OF_THE_MACHINE)
        if connection.execute(wanted).first() is not None:
            return False
    return True


@dataclass(slots=True)
class _Bringing:
    connection: Connection
    workspace: str
    parcel: Parcel
    packed: Packed
    done: Imported
    ids: dict[str, str] = field(default_factory=dict)
    """The id here of everything that has another one there."""

    def files(self) -> None:
        for row in self.packed.files:
            digest, content = row["sha256"], self.parcel.content(form.file_entry(row["sha256"]))
            if len(content) != row["size"] or ids.digest(content) != digest:
                raise TakeInError(Fault.OTHER_BYTES, form.file_entry(digest), ids.digest(content), digest)
            here = dataset_rows.content_id(self.connection, self.workspace, digest)
            if here is not None:
                self.ids[row["id"]] = here
                self.done.here += 1
                continue
            id_ = self._free(contents, row["id"], digest)
            own = {"digest": digest, "size": row["size"], "name": row["name"], "bytes": content}
            self._insert(contents, id_, row, own)
            self.done.files += 1

    def datasets(self) -> None:
        files = {row["sha256"]: row["id"] for row in self.packed.files}
        for row in self.packed.datasets:
            own = sorted(self.packed.versions.get(row["id"], []), key=lambda version: version["number"])
            content = {(version["number"], version["bundle"]) for version in own}
            id_ = self._place(datasets, row, f"{row['name']}\0{row['note']}\0{sorted(content)}", content)
            there = id_ is None
            if id_ is not None:
                values = {name: row[name] for name in ("name", "note", "deleted")}
                self._insert(datasets, id_, row, values)
                self.done.datasets += 1
            for version in own:
                if there:
                    self._same_version(version)
                else:
                    self._version(version, files)

    def texts(self) -> None:
        for row in self.packed.texts:
            id_ = self._place(texts, row, row["text"], row["text"])
            if id_ is not None:
                text = self.parcel.text(form.text_entry(row["kind"], row["id"]))
                values = {name: row[name] for name in ("name", "deleted")}
                values |= {"kind": row["kind"].value, "digest": row["text"], "text": text}
                self._insert(texts, id_, row, values)
                self.done.texts += 1

    def settings(self) -> None:
        mine = settings.c.workspace == self.workspace
        here = set(self.connection.execute(select(settings.c.name).where(mine)).scalars())
        new = [row | {"workspace": self.workspace} for row in self.packed.settings if row["name"] not in here]
        if new:
            self.connection.execute(insert(settings), new)
        self.done.settings += len(new)
        self.done.here += len(self.packed.settings) - len(new)

    def log(self, empty: bool) -> None:
        here = Counter[tuple[Any, ...]]()
        if not empty:
            wanted = select(*(log.c[name] for name in form.LOG.names)).where(
                log.c.workspace == self.workspace
            )
            here.update((ids.utc(row.at), *row[1:]) for row in self.connection.execute(wanted))
        new = self._lines(here)
        while lines := list(islice(new, _BATCH)):
            self.connection.execute(insert(log), lines)
            self.done.lines += len(lines)

    def _lines(self, here: Counter[tuple[Any, ...]]) -> Iterator[dict[str, Any]]:
        for row in self.parcel.rows(form.LOG):
            if row["kind"] is Thing.WORKSPACE and row["what"] in (Deed.EXPORTED, Deed.IMPORTED):
                continue
            line = row | {"what": row["what"].value, "kind": row["kind"].value}
            line["object"] = self.ids.get(row["object"], row["object"])
            key = tuple(line[name] for name in form.LOG.names)
            if here[key]:
                here[key] -= 1
            else:
                yield line | {"workspace": self.workspace}

    def _place(self, table: Table, row: dict[str, Any], content: str, whole: object) -> str | None:
        """The id under which something comes in; None where it is here already."""
        id_ = row["id"]
        while (here := self.connection.execute(select(table).where(table.c.id == id_)).first()) is not None:
            if here.workspace == self.workspace and self._same(table, here, row, whole):
                self.ids[row["id"]] = id_
                self.done.here += 1
                return None
            id_ = ids.another(id_, content)
        self.ids[row["id"]] = id_
        if id_ != row["id"]:
            self.done.copies.append(row["name"])
        return str(id_)

    def _same(self, table: Table, here: Any, row: dict[str, Any], whole: Any) -> bool:
        """Whether all of something is here; what was deleted here and is not there is not."""
        if here.deleted is not None and row["deleted"] is None:
            return False
        if table is texts:
            content = ids.digest(f"{here.name}\0{here.text}".encode())
            return bool((here.kind, content) == (row["kind"].value, whole))
        wanted = select(versions.c.number, versions.c.digest).where(versions.c.dataset == here.id)
        kept = {(version.number, version.digest) for version in self.connection.execute(wanted)}
        return (here.name, here.note) == (row["name"], row["note"]) and whole <= kept

    def _same_version(self, version: dict[str, Any]) -> None:
        dataset = self.ids[version["dataset"]]
        own = (versions.c.dataset == dataset) & (versions.c.number == version["number"])
        self.ids[version["id"]] = self.connection.execute(select(versions.c.id).where(own)).scalar_one()

    def _version(self, version: dict[str, Any], files: dict[str, str]) -> None:
        dataset = self.ids[version["dataset"]]
        id_ = self._free(versions, version["id"], dataset)
        bundle = self.parcel.text(form.version_entry(version["id"]))
        own = {"dataset": dataset, "number": version["number"], "digest": version["bundle"], "bundle": bundle}
        self._insert(versions, id_, version, own)
        held = [self.ids[files[digest]] for digest in self.packed.digests[version["id"]]]
        if held:
            self.connection.execute(
                insert(version_files), [{"version": id_, "content": content} for content in held]
            )
        self.done.versions += 1

    def _free(self, table: Table, id_: str, content: str) -> str:
        """An id that nothing has yet."""
        free = id_
        while self.connection.execute(select(table.c.id).where(table.c.id == free)).first() is not None:
            free = ids.another(free, content)
        self.ids[id_] = free
        return free

    def _insert(self, table: Table, id_: str, row: dict[str, Any], own: dict[str, Any]) -> None:
        values = {name: row[name] for name in _KEPT} | {"id": id_, "workspace": self.workspace} | own
        self.connection.execute(insert(table).values(values))
