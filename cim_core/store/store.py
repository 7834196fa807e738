"""A workspace in a database: files, datasets with versions, small texts, settings, each kept in one step."""

from __future__ import annotations

import getpass
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, insert, select, update

from cim_core.intake import bundle as bundles
from cim_core.store import ids, logbook
from cim_core.store.database import Database
from cim_core.store.logbook import Deed, Line, Thing
from cim_core.store.schema import contents, datasets, settings, texts, version_files, versions, workspaces
from cim_core.store.troubles import ConflictError

WAY_BACK = timedelta(days=30)
"""How long what is deleted can be taken back."""
_FIRST = "My SELPA"


@dataclass(frozen=True, slots=True)
class KeptText:
    """A scenario, an own rulebook, a list, a mapping or a note, as TOML, JSON or text."""

    id: str
    kind: Thing
    name: str
    text: str
    created: datetime
    changed: datetime
    version: int
    deleted: datetime | None


@dataclass(frozen=True, slots=True)
class KeptVersion:
    """One version of a dataset; `bundle` is its JSON (`cim_core.intake.bundle`)."""

    id: str
    dataset: str
    number: int
    name: str
    bundle: str
    created: datetime
    deleted: datetime | None


@dataclass(frozen=True, slots=True)
class KeptDataset:
    """A dataset with the newest of its versions."""

    id: str
    name: str
    created: datetime
    changed: datetime
    versions: int
    newest: str
    deleted: datetime | None


class Store:
    """One workspace of a database. Every method raises StoreError where the database cannot be used."""

    def __init__(self, database: Database, workspace: str = "", who: str = "") -> None:
        self.database, self.who = database, who or _local_user()
        self.workspace = workspace or self._first_workspace()

    def keep_file(self, name: str, content: bytes) -> str:
        """Keep a file as it was given; returns the SHA-256 of its bytes. The same bytes are kept once."""
        digest = ids.digest(content)
        with self.database.writing() as connection:
            if self._content_id(connection, digest) is None:
                values = self._owned() | {
                    "digest": digest, "size": len(content), "name": name, "bytes": content,
                }  # fmt: skip
                connection.execute(insert(contents).values(values))
                self._log(connection, Deed.SAVED, Thing.FILE, values["id"], name)
        return digest

    def file(self, digest: str) -> tuple[str, bytes] | None:
        """Name and bytes of a file; None where it is not here."""
        wanted = select(contents.c.name, contents.c.bytes).where(
            contents.c.workspace == self.workspace, contents.c.digest == digest
        )
        with self.database.reading() as connection:
            found = connection.execute(wanted).first()
        return None if found is None else (found.name, bytes(found.bytes))

    def has_file(self, digest: str) -> bool:
        """Whether a file is here."""
        with self.database.reading() as connection:
            return self._content_id(connection, digest) is not None

    def keep_version(self, name: str, bundle: str, after: str = "") -> str:
        """Keep what is open as a version; returns its id. `after`: the version that it was made from, whose
        dataset it joins; without one it is a dataset of its own. What a dataset holds already is that.

        Raises KeyError where a file of the bundle was not kept before.
        """
        digest = ids.digest(bundle.encode())
        with self.database.writing() as connection:
            before = self._version(connection, after) if after else None
            dataset = before.dataset if before is not None else self._new_dataset(connection, name)
            same = select(versions.c.id).where(versions.c.dataset == dataset, versions.c.digest == digest)
            if (found := connection.execute(same).scalar()) is not None:
                return str(found)
            count = select(func.coalesce(func.max(versions.c.number), 0)).where(versions.c.dataset == dataset)
            number = int(connection.execute(count).scalar_one()) + 1
            values = self._owned() | {
                "dataset": dataset, "number": number, "digest": digest, "bundle": bundle,
            }  # fmt: skip
            connection.execute(insert(versions).values(values))
            for part in dict.fromkeys(part.digest for part in bundles.loads(bundle).parts):
                content = self._content_id(connection, part)
                if content is None:
                    raise KeyError(part)
                connection.execute(insert(version_files).values(version=values["id"], content=content))
            changed = {"changed": ids.now(), "version": datasets.c.version + 1}
            connection.execute(update(datasets).where(datasets.c.id == dataset).values(changed))
            self._log(connection, Deed.SAVED, Thing.DATASET, dataset, f"{name} ({number})")
            return str(values["id"])

    def version(self, id_: str) -> KeptVersion | None:
        """A version by its id, also one of a deleted dataset; None where there is none."""
        with self.database.reading() as connection:
            return self._version(connection, id_)

    def versions(self, dataset: str) -> list[KeptVersion]:
        """All versions of a dataset, the newest first."""
        wanted = self._versions().where(versions.c.dataset == dataset).order_by(versions.c.number.desc())
        with self.database.reading() as connection:
            return [_as_version(row) for row in connection.execute(wanted)]

    def datasets(self, deleted: bool = False) -> list[KeptDataset]:
        """Every dataset, the one that was changed last first; or those that can be taken back."""
        newest = (
            select(versions.c.dataset, func.max(versions.c.number).label("number"))
            .group_by(versions.c.dataset)
            .subquery()
        )
        wanted = (
            select(datasets, newest.c.number, versions.c.id.label("newest"))
            .join(newest, newest.c.dataset == datasets.c.id)
            .join(
                versions, (versions.c.dataset == datasets.c.id) & (versions.c.number == newest.c.number)
            )
            .where(datasets.c.workspace == self.workspace, self._is_deleted(datasets.c.deleted, deleted))
            .order_by(datasets.c.changed.desc())
        )  # fmt: skip
        with self.database.reading() as connection:
            return [
                KeptDataset(
                    row.id, row.name, ids.utc(row.created), ids.utc(row.changed), row.number, row.newest,
                    _maybe(row.deleted),
                )
                for row in connection.execute(wanted)
            ]  # fmt: skip

    def keep_text(self, kind: Thing, name: str, text: str) -> str:
        """Keep a small text; returns its id. The same text of a kind and name is kept once."""
        digest = ids.digest(f"{name}\0{text}".encode())
        wanted = select(texts.c.id).where(
            texts.c.workspace == self.workspace, texts.c.kind == kind.value, texts.c.digest == digest,
            texts.c.deleted.is_(None),
        )  # fmt: skip
        with self.database.writing() as connection:
            if (found := connection.execute(wanted).scalar()) is not None:
                return str(found)
            values = self._owned() | {"kind": kind.value, "name": name, "digest": digest, "text": text}
            connection.execute(insert(texts).values(values))
            self._log(connection, Deed.SAVED, kind, values["id"], name)
            return str(values["id"])

    def change_text(self, id_: str, version: int, name: str, text: str) -> int:
        """Put another name and text in the place of those of a version; returns the new version.

        Raises ConflictError where it was changed in between, KeyError where it is not there.
        """
        with self.database.writing() as connection:
            found = self._text(connection, id_)
            if found is None:
                raise KeyError(id_)
            if found.version != version:
                raise ConflictError(found.version)
            digest = ids.digest(f"{name}\0{text}".encode())
            values = {
                "name": name, "text": text, "digest": digest, "changed": ids.now(), "version": version + 1,
            }  # fmt: skip
            connection.execute(update(texts).where(texts.c.id == id_).values(values))
            self._log(
                connection, Deed.RENAMED if found.text == text else Deed.SAVED, found.kind, id_, name
            )  # fmt: skip
            return version + 1

    def text(self, id_: str) -> KeptText | None:
        """A small text by its id; None where there is none."""
        with self.database.reading() as connection:
            return self._text(connection, id_)

    def texts(self, kind: Thing, deleted: bool = False) -> list[KeptText]:
        """The small texts of a kind, the one that was changed last first; or those that can be taken back."""
        wanted = (
            select(texts)
            .where(texts.c.workspace == self.workspace, texts.c.kind == kind.value)
            .where(self._is_deleted(texts.c.deleted, deleted))
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

    def rename_dataset(self, id_: str, name: str) -> None:
        """Call a dataset otherwise."""
        with self.database.writing() as connection:
            changed = {"name": name, "changed": ids.now(), "version": datasets.c.version + 1}
            own = (datasets.c.id == id_) & (datasets.c.workspace == self.workspace)
            connection.execute(update(datasets).where(own).values(changed))
            self._log(connection, Deed.RENAMED, Thing.DATASET, id_, name)

    def log(self, what: Deed | None = None, kind: Thing | None = None, most: int = 1_000) -> list[Line]:
        """The newest lines of the log."""
        with self.database.reading() as connection:
            return logbook.lines(connection, self.workspace, what, kind, most)

    def note(self, what: Deed, kind: Thing, id_: str, said: str) -> None:
        """Write down something that changes nothing that is kept: an export."""
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
            changed = {"value": value, "changed": ids.now()}
            if not connection.execute(update(settings).where(own).values(changed)).rowcount:
                connection.execute(
                    insert(settings).values(workspace=self.workspace, name=name, **changed)
                )  # fmt: skip

    def size(self) -> int:
        """Bytes of all files that are kept."""
        wanted = select(func.coalesce(func.sum(contents.c.size), 0)).where(
            contents.c.workspace == self.workspace
        )
        with self.database.reading() as connection:
            return int(connection.execute(wanted).scalar_one())

    def _first_workspace(self) -> str:
        wanted = select(workspaces.c.id).order_by(workspaces.c.created).limit(1)
        with self.database.writing() as connection:
            if (found := connection.execute(wanted).scalar()) is not None:
                return str(found)
            values = {"id": ids.fresh(), "name": _FIRST, "created": ids.now(), "changed": ids.now()}
            connection.execute(insert(workspaces).values(version=1, **values))
            return str(values["id"])

    def _owned(self) -> dict[str, object]:
        moment = ids.now()
        return {
            "id": ids.fresh(),
            "workspace": self.workspace,
            "created": moment,
            "changed": moment,
            "version": 1,
        }

    def _log(self, connection: Connection, what: Deed, kind: Thing, id_: object, said: str) -> None:
        logbook.add(connection, self.workspace, self.who, what, kind, str(id_), said)

    def _content_id(self, connection: Connection, digest: str) -> str | None:
        own = (contents.c.workspace == self.workspace) & (contents.c.digest == digest)
        return connection.execute(select(contents.c.id).where(own)).scalar()

    def _new_dataset(self, connection: Connection, name: str) -> str:
        values = self._owned() | {"name": name}
        connection.execute(insert(datasets).values(values))
        return str(values["id"])

    def _versions(self) -> Select[Any]:
        return (
            select(versions, datasets.c.name, datasets.c.deleted)
            .join(datasets, datasets.c.id == versions.c.dataset)
            .where(versions.c.workspace == self.workspace)
        )

    def _version(self, connection: Connection, id_: str) -> KeptVersion | None:
        row = connection.execute(self._versions().where(versions.c.id == id_)).first()
        return None if row is None else _as_version(row)

    def _text(self, connection: Connection, id_: str) -> KeptText | None:
        own = (texts.c.id == id_) & (texts.c.workspace == self.workspace)
        row = connection.execute(select(texts).where(own)).first()
        return None if row is None else _as_text(row)

    def _is_deleted(self, column: ColumnElement[Any], deleted: bool) -> ColumnElement[bool]:
        return column >= ids.now() - WAY_BACK if deleted else column.is_(None)

    def _set_deleted(self, kind: Thing, id_: str, moment: datetime | None, what: Deed) -> None:
        table = datasets if kind is Thing.DATASET else texts
        own = (table.c.id == id_) & (table.c.workspace == self.workspace)
        with self.database.writing() as connection:
            name = connection.execute(select(table.c.name).where(own)).scalar()
            if name is not None:
                connection.execute(update(table).where(own).values(deleted=moment))
                self._log(connection, what, kind, id_, name)


def _as_version(row: Row[Any]) -> KeptVersion:
    return KeptVersion(
        row.id, row.dataset, row.number, row.name, row.bundle, ids.utc(row.created), _maybe(row.deleted)
    )


def _as_text(row: Row[Any]) -> KeptText:
    return KeptText(
        row.id, Thing(row.kind), row.name, row.text, ids.utc(row.created), ids.utc(row.changed), row.version,
        _maybe(row.deleted),
    )  # fmt: skip


def _maybe(moment: datetime | None) -> datetime | None:
    return None if moment is None else ids.utc(moment)


def _local_user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "local"
