"""Rows of datasets, their versions and files, within one connection and one workspace."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, func, insert, select, update

from cim_core.store import ids
from cim_core.store.kept import KeptDataset, KeptVersion
from cim_core.store.schema import contents, datasets, version_files, versions

Files = Mapping[str, tuple[str, bytes]]
"""Name and bytes of files by the SHA-256 of the bytes."""


def file(connection: Connection, workspace: str, digest: str) -> tuple[str, bytes] | None:
    """Name and bytes of a file; None where it is not here."""
    wanted = select(contents.c.name, contents.c.bytes)
    found = connection.execute(wanted.where(_content(workspace, digest))).first()
    return None if found is None else (found.name, bytes(found.bytes))


def content_id(connection: Connection, workspace: str, digest: str) -> str | None:
    """The id of a file's bytes; None where they are not here."""
    return connection.execute(select(contents.c.id).where(_content(workspace, digest))).scalar()


def add_file(connection: Connection, workspace: str, name: str, content: bytes) -> str:
    """Add a file that is not here yet; returns the id of its bytes."""
    values = ids.owned(workspace) | {
        "digest": ids.digest(content), "size": len(content), "name": name, "bytes": content,
    }  # fmt: skip
    connection.execute(insert(contents).values(values))
    return str(values["id"])


def add_dataset(connection: Connection, workspace: str, name: str) -> str:
    """Add a dataset without a version; returns its id."""
    values = ids.owned(workspace) | {"name": name, "note": ""}
    connection.execute(insert(datasets).values(values))
    return str(values["id"])


def add_version(
    connection: Connection, workspace: str, dataset: str, bundle: str, files: Iterable[str]
) -> KeptVersion:
    """Add the next version of a dataset with the ids of its files."""
    count = select(func.coalesce(func.max(versions.c.number), 0)).where(versions.c.dataset == dataset)
    number = int(connection.execute(count).scalar_one()) + 1
    values = ids.owned(workspace) | {
        "dataset": dataset, "number": number, "digest": ids.digest(bundle.encode()), "bundle": bundle,
    }  # fmt: skip
    connection.execute(insert(versions).values(values))
    rows = [{"version": values["id"], "content": each} for each in dict.fromkeys(files)]
    if rows:
        connection.execute(insert(version_files), rows)
    change(connection, workspace, dataset)
    made = version(connection, workspace, str(values["id"]))
    assert made is not None
    return made


def change(connection: Connection, workspace: str, dataset: str, **values: object) -> None:
    """Change a dataset, and count the change."""
    own = (datasets.c.id == dataset) & (datasets.c.workspace == workspace)
    more = {"changed": ids.now(), "version": datasets.c.version + 1, **values}
    connection.execute(update(datasets).where(own).values(more))


def version(connection: Connection, workspace: str, id_: str) -> KeptVersion | None:
    """A version by its id; None where there is none."""
    row = connection.execute(_versions(workspace).where(versions.c.id == id_)).first()
    return None if row is None else _as_version(row)


def newest(connection: Connection, workspace: str, dataset: str) -> KeptVersion | None:
    """The newest version of a dataset; None where there is none."""
    found = all_versions(connection, workspace, dataset, most=1)
    return found[0] if found else None


def all_versions(
    connection: Connection, workspace: str, dataset: str, most: int | None = None
) -> list[KeptVersion]:
    """The versions of a dataset, the newest first."""
    wanted = _versions(workspace).where(versions.c.dataset == dataset)
    return [
        _as_version(row)
        for row in connection.execute(wanted.order_by(versions.c.number.desc()).limit(most))
    ]  # fmt: skip


def all_datasets(connection: Connection, workspace: str, which: ColumnElement[bool]) -> list[KeptDataset]:
    """Datasets, the one that was changed last first."""
    counted = (
        select(versions.c.dataset, func.max(versions.c.number).label("number"))
        .group_by(versions.c.dataset)
        .subquery()
    )
    wanted = (
        select(datasets, counted.c.number, versions.c.id.label("newest"), versions.c.bundle)
        .join(counted, counted.c.dataset == datasets.c.id)
        .join(versions, (versions.c.dataset == datasets.c.id) & (versions.c.number == counted.c.number))
        .where(datasets.c.workspace == workspace, which)
        .order_by(datasets.c.changed.desc())
    )
    return [
        KeptDataset(
            row.id, row.name, row.note, ids.utc(row.created), ids.utc(row.changed), row.version, row.number,
            row.newest, row.bundle, maybe(row.deleted),
        )
        for row in connection.execute(wanted)
    ]  # fmt: skip


def remove(connection: Connection, workspace: str, before: datetime) -> list[tuple[str, str]]:
    """Remove for good what was deleted before a time, and files that no version holds any longer; returns
    id and name of each dataset."""
    old = (datasets.c.workspace == workspace) & (datasets.c.deleted < before)
    gone = [(row.id, row.name) for row in connection.execute(select(datasets).where(old))]
    if gone:
        connection.execute(delete(datasets).where(old))
        connection.execute(delete(contents).where(contents.c.workspace == workspace, is_orphan()))
    return gone


def is_orphan() -> ColumnElement[bool]:
    """Of a file: that no version holds it."""
    return ~select(version_files).where(version_files.c.content == contents.c.id).exists()


def maybe(moment: datetime | None) -> datetime | None:
    """A time that may be none, in UTC."""
    return None if moment is None else ids.utc(moment)


def _content(workspace: str, digest: str) -> ColumnElement[bool]:
    return (contents.c.workspace == workspace) & (contents.c.digest == digest)


def _versions(workspace: str) -> Select[Any]:
    return (
        select(versions, datasets.c.name, datasets.c.deleted)
        .join(datasets, datasets.c.id == versions.c.dataset)
        .where(versions.c.workspace == workspace)
    )


def _as_version(row: Row[Any]) -> KeptVersion:
    return KeptVersion(
        row.id, row.dataset, row.number, row.name, row.bundle, ids.utc(row.created), maybe(row.deleted)
    )
