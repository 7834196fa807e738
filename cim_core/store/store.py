"""A workspace in a database: files, datasets with versions, small texts, settings, each kept in one step."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select, update

from cim_core.intake import bundle as bundles
from cim_core.store import dataset_rows, ids, logbook
from cim_core.store.database import Database
from cim_core.store.dataset_rows import Files, maybe
from cim_core.store.kept import KeptDataset, KeptText, KeptVersion
from cim_core.store.logbook import Deed, Line, Thing, Wanted
from cim_core.store.permits import EVERYTHING, Permits
from cim_core.store.schema import contents, datasets, settings, texts, workspaces
from cim_core.store.troubles import ConflictError

WAY_BACK = timedelta(days=30)
"""How long what is deleted can be taken back."""
_FIRST = "My SELPA"
OF_ONE_PERSON = "last"
"""How a setting begins that is one person's, with a blank and the account behind it: where they were last."""
SECRET = "code_names"
"""The setting with the secret by which code names are made and hashes are keyed."""


class Store:
    """One workspace of a database, for somebody (`who`, from `place`) with some permits.

    Every method raises StoreError where the database cannot be used. What may not be read is not there; what
    may not be changed raises NotPermittedError.
    """

    def __init__(
        self,
        database: Database,
        workspace: str = "",
        who: str = "",
        place: str | Callable[[], str] = "",
        permits: Permits = EVERYTHING,
    ) -> None:
        self.database, self.who, self._place = database, who or local_user(), place
        self.permits = permits
        self.workspace = workspace or self._first_workspace()

    @property
    def place(self) -> str:
        """From which network somebody is there now."""
        return self._place if isinstance(self._place, str) else self._place()

    def file(self, digest: str) -> tuple[str, bytes] | None:
        """Name and bytes of a file; None where it is not here."""
        with self.database.reading() as connection:
            return dataset_rows.file(connection, self.workspace, digest)

    def has_files(self, digests: frozenset[str]) -> bool:
        """Whether all of some files are here."""
        wanted = select(func.count()).where(
            contents.c.workspace == self.workspace, contents.c.digest.in_(digests)
        )
        with self.database.reading() as connection:
            return int(connection.execute(wanted).scalar_one()) == len(digests)

    def keep_version(
        self,
        name: str,
        bundle: str,
        files: Files | None = None,
        after: str = "",
        kind: Thing = Thing.DATASET,
    ) -> str:
        """Keep what is open as a version, with the files that are new; returns its id.

        `after`: the version that it was made from, whose dataset it joins; without one it is a dataset of its
        own. The same as `after`, or as the newest, is that version. `kind`: what the log says was saved.
        Raises ConflictError where `after` is not the newest version any longer, KeyError where a file of the
        bundle is neither here nor given; nothing is kept then.
        """
        self.permits.must_write(kind)
        with self.database.writing() as connection:
            before = dataset_rows.version(connection, self.workspace, after) if after else None
            if before is not None:
                newest = dataset_rows.newest(connection, self.workspace, before.dataset) or before
                for same in (before, newest):
                    if same.bundle == bundle:
                        return same.id
                if newest.id != before.id:
                    raise ConflictError(newest.id, newest.number)
            held = [
                self._file_of(connection, part.digest, files or {}) for part in bundles.loads(bundle).parts
            ]
            dataset = before.dataset if before else dataset_rows.add_dataset(connection, self.workspace, name)
            made = dataset_rows.add_version(connection, self.workspace, dataset, bundle, held)
            said = f"{made.name}, version {made.number}"
            self._log(connection, Deed.SAVED, kind, made.id, said)
            return made.id

    def version(self, id_: str) -> KeptVersion | None:
        """A version by its id, also one of a deleted dataset; None where there is none."""
        with self.database.reading() as connection:
            return dataset_rows.version(connection, self.workspace, id_)

    def with_newest(self, id_: str) -> tuple[KeptVersion, KeptVersion] | None:
        """A version, and the newest of its dataset; None where there is none, or it was deleted."""
        with self.database.reading() as connection:
            found = dataset_rows.version(connection, self.workspace, id_)
            if found is None or found.deleted is not None:
                return None
            return found, dataset_rows.newest(connection, self.workspace, found.dataset) or found

    def versions(self, dataset: str) -> list[KeptVersion]:
        """All versions of a dataset, the newest first."""
        with self.database.reading() as connection:
            return dataset_rows.all_versions(connection, self.workspace, dataset)

    def datasets(self, deleted: bool = False) -> list[KeptDataset]:
        """Every dataset, the one that was changed last first; or those that can be taken back."""
        which = _is_deleted(datasets.c.deleted, deleted)
        with self.database.reading() as connection:
            return dataset_rows.all_datasets(connection, self.workspace, which)

    def describe_dataset(self, id_: str, version: int, name: str, note: str) -> None:
        """Give a dataset another name and note. Raises ConflictError where it was changed in between."""
        self.permits.must_write(Thing.DATASET)
        own = (datasets.c.id == id_) & (datasets.c.workspace == self.workspace)
        with self.database.writing() as connection:
            row = connection.execute(select(datasets).where(own)).first()
            if row is None:
                raise KeyError(id_)
            if row.version != version:
                raise ConflictError(id_, row.version)
            if row.name != name:
                self._log(connection, Deed.RENAMED, Thing.DATASET, id_, f"{row.name} → {name}")
            if row.note != note:
                self._log(connection, Deed.SAVED, Thing.NOTE, id_, name)
            dataset_rows.change(connection, self.workspace, id_, name=name, note=note)

    def keep_text(self, kind: Thing, name: str, text: str) -> str:
        """Keep a small text; returns its id. The same text of a kind and name is kept once."""
        self.permits.must_write(kind)
        digest = _digest(name, text)
        wanted = select(texts.c.id).where(
            texts.c.workspace == self.workspace, texts.c.kind == kind.value, texts.c.digest == digest,
            texts.c.deleted.is_(None),
        )  # fmt: skip
        with self.database.writing() as connection:
            if (found := connection.execute(wanted).scalar()) is not None:
                return str(found)
            values = ids.owned(self.workspace) | {
                "kind": kind.value, "name": name, "digest": digest, "text": text,
            }  # fmt: skip
            connection.execute(insert(texts).values(values))
            if kind is not Thing.DRAFT:
                self._log(connection, Deed.SAVED, kind, str(values["id"]), name)
            return str(values["id"])

    def change_text(self, id_: str, version: int, name: str, text: str) -> int:
        """Put another name and text in the place of those of a version; returns the new version.

        Raises ConflictError where it was changed in between, KeyError where it is not there.
        """
        with self.database.writing() as connection:
            found = self._text(connection, id_)
            if found is None or found.deleted is not None:
                raise KeyError(id_)
            self.permits.must_write(found.kind)
            if found.version != version:
                raise ConflictError(id_, found.version)
            if (found.name, found.text) == (name, text):
                return version
            values = {
                "name": name, "text": text, "digest": _digest(name, text), "changed": ids.now(),
                "version": version + 1,
            }  # fmt: skip
            connection.execute(update(texts).where(texts.c.id == id_).values(values))
            renamed = found.name != name
            said = f"{found.name} → {name}" if renamed else name
            self._log(connection, Deed.RENAMED if renamed else Deed.SAVED, found.kind, id_, said)
            return version + 1

    def text(self, id_: str) -> KeptText | None:
        """A small text by its id, also a deleted one; None where there is none."""
        with self.database.reading() as connection:
            return self._text(connection, id_)

    def texts(self, kind: Thing, deleted: bool = False) -> list[KeptText]:
        """The small texts of a kind, the one that was changed last first; or those that can be taken back."""
        if kind not in self.permits.reads:
            return []
        wanted = (
            select(texts)
            .where(texts.c.workspace == self.workspace, texts.c.kind == kind.value)
            .where(_is_deleted(texts.c.deleted, deleted))
            .order_by(texts.c.changed.desc())
        )
        with self.database.reading() as connection:
            return [_as_text(row) for row in connection.execute(wanted)]

    def delete(self, kind: Thing, id_: str) -> None:
        """Take something out of every list; for `WAY_BACK` it can be taken back."""
        self._set_deleted(kind, id_, ids.now(), Deed.DELETED)

    def take_back(self, kind: Thing, id_: str) -> None:
        """Undo a deletion."""
        self._set_deleted(kind, id_, None, Deed.TAKEN_BACK)

    def remove_old(self) -> None:
        """Remove for good what was deleted longer ago than it can be taken back."""
        before = ids.now() - WAY_BACK
        old = (texts.c.workspace == self.workspace) & (texts.c.deleted < before)
        with self.database.writing() as connection:
            for id_, name in dataset_rows.remove(connection, self.workspace, before):
                self._log(connection, Deed.REMOVED, Thing.DATASET, id_, name)
            for row in connection.execute(select(texts).where(old)).all():
                self._log(connection, Deed.REMOVED, Thing(row.kind), row.id, row.name)
            connection.execute(delete(texts).where(old))

    def log(
        self,
        what: Deed | None = None,
        kind: Thing | None = None,
        searched: str = "",
        most: int | None = None,
        skip: int = 0,
    ) -> list[Line]:
        """The newest lines of the log first, without the first `skip`."""
        if Thing.WORKSPACE not in self.permits.reads:
            return []
        with self.database.reading() as connection:
            return logbook.lines(connection, self.workspace, Wanted(what, kind, searched), most, skip)

    def log_size(self, what: Deed | None = None, kind: Thing | None = None, searched: str = "") -> int:
        """How many lines there are."""
        if Thing.WORKSPACE not in self.permits.reads:
            return 0
        with self.database.reading() as connection:
            return logbook.count(connection, self.workspace, Wanted(what, kind, searched))

    def note(self, what: Deed, kind: Thing, id_: str, said: str) -> None:
        """Write down something that changes nothing that is kept: an export, a refusal."""
        with self.database.writing() as connection:
            self._log(connection, what, kind, id_, said)

    def setting(self, name: str) -> str:
        """The value of a setting, an empty text for none."""
        wanted = select(settings.c.value).where(
            settings.c.workspace == self.workspace, settings.c.name == name
        )
        with self.database.reading() as connection:
            return str(connection.execute(wanted).scalar() or "")

    def set(self, name: str, value: str) -> None:
        """Keep a setting."""
        own = (settings.c.workspace == self.workspace) & (settings.c.name == name)
        with self.database.writing() as connection:
            moment = ids.now()
            changed = {"value": value, "changed": moment}
            counted = changed | {"version": settings.c.version + 1}
            if not connection.execute(update(settings).where(own).values(counted)).rowcount:
                new = {"workspace": self.workspace, "name": name, "created": moment, "version": 1}
                connection.execute(insert(settings).values(changed | new))

    def size(self) -> int:
        """Bytes of all files that are kept, those that can be taken back among them."""
        wanted = select(func.coalesce(func.sum(contents.c.size), 0))
        with self.database.reading() as connection:
            return int(
                connection.execute(wanted.where(contents.c.workspace == self.workspace)).scalar_one()
            )  # fmt: skip

    def _first_workspace(self) -> str:
        wanted = select(workspaces.c.id).order_by(workspaces.c.created).limit(1)
        with self.database.reading() as connection:
            found = connection.execute(wanted).scalar()
        if found is not None:
            return str(found)
        with self.database.writing() as connection:
            if (found := connection.execute(wanted).scalar()) is not None:  # another start was first
                return str(found)
            values = {"id": ids.fresh(), "name": _FIRST, "created": ids.now(), "changed": ids.now()}
            connection.execute(insert(workspaces).values(version=1, **values))
            return str(values["id"])

    def _file_of(self, connection: Connection, digest: str, files: Files) -> str:
        found = dataset_rows.content_id(connection, self.workspace, digest)
        if found is not None:
            return found
        name, content = files[digest]
        made = dataset_rows.add_file(connection, self.workspace, name, content)
        self._log(connection, Deed.UPLOADED, Thing.FILE, made, name)
        return made

    def _log(self, connection: Connection, what: Deed, kind: Thing, id_: str, said: str) -> None:
        logbook.add(connection, self.workspace, self.who, what, kind, id_, said, self.place)

    def _text(self, connection: Connection, id_: str) -> KeptText | None:
        own = (texts.c.id == id_) & (texts.c.workspace == self.workspace)
        row = connection.execute(select(texts).where(own)).first()
        return None if row is None or Thing(row.kind) not in self.permits.reads else _as_text(row)

    def _set_deleted(self, kind: Thing, id_: str, moment: datetime | None, what: Deed) -> None:
        self.permits.must_write(kind)
        table = datasets if kind is Thing.DATASET else texts
        own = (table.c.id == id_) & (table.c.workspace == self.workspace)
        with self.database.writing() as connection:
            row = connection.execute(select(table).where(own)).first()
            if row is not None and (row.deleted is None) is (moment is not None):
                values = {"deleted": moment, "version": table.c.version + 1}
                connection.execute(update(table).where(own).values(values))
                self._log(connection, what, kind, id_, row.name)


def _is_deleted(column: ColumnElement[Any], deleted: bool) -> ColumnElement[bool]:
    return column >= ids.now() - WAY_BACK if deleted else column.is_(None)


def _digest(name: str, text: str) -> str:
    return ids.digest(f"{name}\0{text}".encode())


def _as_text(row: Row[Any]) -> KeptText:
    return KeptText(
        row.id, Thing(row.kind), row.name, row.text, ids.utc(row.created), ids.utc(row.changed), row.version,
        maybe(row.deleted),
    )  # fmt: skip


def local_user() -> str:
    """Who sits at this machine."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "local"
