"""Whether what is kept is sound: each file, each version, the references, the log, the form of the tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import Connection, bindparam, select, text

from cim_core.data.outside import quoted
from cim_core.intake import bundle as bundles
from cim_core.store import dataset_rows, ids, migrating
from cim_core.store.database import Database
from cim_core.store.schema import contents, datasets, version_files, versions
from cim_core.store.troubles import StoreError, Trouble
from cim_core.words.messages import HowMany, Message, Value, message

_TRIGGERS = {"sqlite": ("log_no_update", "log_no_delete"), "postgresql": ("log_no_change", "log_no_truncate")}
_LISTED = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'log'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE tgrelid = 'log'::regclass AND tgenabled IN ('O', 'A')",
}


@dataclass(slots=True)
class Checked:
    """What was looked at, and what is wrong."""

    where: str
    versions: int = 0
    files: int = 0
    wrong: list[Message] = field(default_factory=list)

    @property
    def said(self) -> Message:
        """The result in a sentence."""
        if self.wrong:
            return message("store.check.wrong", n=HowMany(len(self.wrong)), where=self.where)
        counts = {"versions": HowMany(self.versions), "files": HowMany(self.files)}
        return message("store.check.fine", where=self.where, **counts)


def check(database: Database) -> Checked:
    """Look at everything, as it is at one moment. Raises StoreError where it cannot be looked at."""
    done = Checked(database.said_where)
    try:
        with database.snapshot() as connection:
            done.wrong += _database(connection, database.said_where)
            if not done.wrong:
                done.wrong += [*_tables(connection), *_files(connection, done), *_versions(connection, done)]
    except StoreError as error:
        if error.trouble is not Trouble.DAMAGED:
            raise
        done.wrong.append(error.said)
    return done


def _database(connection: Connection, where: str) -> Iterator[Message]:
    """What SQLite itself finds; a server looks after its files by itself."""
    if connection.dialect.name != "sqlite":
        return
    told = [str(row[0]) for row in connection.execute(text("PRAGMA integrity_check(1)"))]
    if told != ["ok"]:
        yield message("store.check.damaged", where=where, found=quoted(" ".join(told)))
        return
    lost: dict[str, int] = {}
    for row in connection.execute(text("PRAGMA foreign_key_check")):
        lost[str(row[0])] = lost.get(str(row[0]), 0) + 1
    for table, number in lost.items():
        yield message("store.check.reference", table=table, n=HowMany(number))


def _tables(connection: Connection) -> Iterator[Message]:
    kind = connection.dialect.name
    there = {str(row[0]) for row in connection.execute(text(_LISTED[kind]))}
    for name in _TRIGGERS[kind]:
        if name not in there:
            yield message("store.check.trigger", name=name)
    here = migrating.now(connection)
    if here != migrating.newest():
        yield message("store.check.form", found=quoted(here), expected=migrating.newest())


def _files(connection: Connection, done: Checked) -> Iterator[Message]:
    """Each file is read by itself: all of them may be more than fit in memory."""
    orphans = set(connection.execute(select(contents.c.id).where(dataset_rows.is_orphan())).scalars())
    content = select(contents.c.bytes).where(contents.c.id == bindparam("file"))
    for row in connection.execute(
        select(contents.c.id, contents.c.name, contents.c.digest, contents.c.size)
    ).all():
        done.files += 1
        told = {"name": quoted(row.name), "digest": row.digest}
        kept = bytes(connection.execute(content, {"file": row.id}).scalar_one())
        if ids.digest(kept) != row.digest or len(kept) != row.size:
            yield message("store.check.file", **told)
        if row.id in orphans:
            yield message("store.check.orphan", **told)


def _versions(connection: Connection, done: Checked) -> Iterator[Message]:
    wanted = select(versions.c.id, versions.c.number, datasets.c.name).join(
        datasets, datasets.c.id == versions.c.dataset
    )
    bundle = select(versions.c.bundle, versions.c.digest).where(versions.c.id == bindparam("version"))
    held = (
        select(contents.c.digest)
        .join(version_files, version_files.c.content == contents.c.id)
        .where(version_files.c.version == bindparam("version"))
    )
    for row in connection.execute(wanted).all():
        done.versions += 1
        told: dict[str, Value] = {"number": HowMany(row.number), "name": quoted(row.name)}
        kept = connection.execute(bundle, {"version": row.id}).one()
        try:
            parts = bundles.loads(kept.bundle).parts
        except ValueError:
            parts = None
        if parts is None or ids.digest(kept.bundle.encode()) != kept.digest:
            yield message("store.check.version", **told)
        here = set(connection.execute(held, {"version": row.id}).scalars())
        for digest in dict.fromkeys(part.digest for part in parts or ()):
            if digest not in here:
                yield message("store.check.lacks", digest=digest, **told)
