"""The database under a store: where it is, how it is opened, one transaction for each thing a person does.

SQLite: write-ahead log, foreign keys on, `synchronous=FULL`, so that what is said to be saved is on the disk
(source: sqlite.org/pragma.html). PostgreSQL is taken by its own defaults, which say the same. On both one
writes at a time: what a save has read is still so when it writes.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import platformdirs
from sqlalchemy import URL, Connection, Engine, QueuePool, StaticPool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from cim_core.store import migrating, troubles
from cim_core.store.troubles import StoreError, Trouble

DATA, DATABASE = "CIM_DATA", "CIM_DATABASE_URL"
"""The environment variables that name the folder of the store, and a database elsewhere."""
FILE = "store.sqlite3"
_WAITS = 5.0
"""Seconds that a save waits for another one."""
_AGAIN = 0.02
"""Seconds after which what does not wait by itself is tried again."""
_APPLICATION = "cim-tier-explorer"
_PRAGMAS = ("foreign_keys=ON", "synchronous=FULL")
_TOLD = ("host", "port")
"""What is told of the options of an address; others may hold a password."""
_READS_ON = (Trouble.FULL, Trouble.READ_ONLY)
"""Troubles that leave a file to be read."""
_LOCK = int.from_bytes(b"cim-tier")
"""The number of the lock that whoever writes into a database of PostgreSQL holds."""


def folder() -> Path:
    """The folder of the store on this machine: `CIM_DATA`, else the user's data folder."""
    named = os.environ.get(DATA, "")
    return Path(named) if named else Path(platformdirs.user_data_dir(_APPLICATION))


def url() -> URL:
    """The address of the database: `CIM_DATABASE_URL`, else the file in the folder of the store.

    Raises StoreError for what is no address; it names the variable, as the value may hold a password.
    """
    named = os.environ.get(DATABASE, "")
    try:
        return make_url(named) if named else URL.create("sqlite", database=str(folder() / FILE))
    except (ArgumentError, ValueError) as error:
        raise StoreError(Trouble.UNREACHABLE, DATABASE) from error


def file_of(where: URL) -> Path | None:
    """The file of a database; None where it is elsewhere, or in memory."""
    named = where.database if where.get_backend_name() == "sqlite" else None
    return Path(named) if named and named != ":memory:" else None


def said(where: URL) -> str:
    """Where a database is, as a person may read it: never with a password."""
    path = file_of(where)
    if path is not None:
        return str(path)
    told = {name: value for name, value in where.query.items() if name in _TOLD}
    return where.set(query=told).render_as_string(hide_password=True)


class Database:
    """An open database of the newest form. Raises StoreError where it cannot be opened.

    `only_read`: why it could not be opened for writing; it is then opened for reading alone, in its file
    nothing is changed and beside it nothing is made. That error is raised where not even that can be, and by
    every attempt to write.
    """

    def __init__(self, where: URL | None = None, only_read: StoreError | None = None) -> None:
        self.url = url() if where is None else where
        self.only_read = only_read
        self._file: tuple[int, ...] | None = None
        if only_read is not None:
            self._open_for_reading(only_read)
            return
        with self._told():
            if self.path is not None:
                self.path.parent.mkdir(parents=True, exist_ok=True)
            self.engine = _engine(self.url)
        try:
            with self.writing() as connection:
                migrating.upgrade(connection, self.said_where)
        except StoreError:
            self.close()
            raise
        self._file = _file(self.path)

    def _open_for_reading(self, why: StoreError) -> None:
        if self.path is None or why.trouble not in _READS_ON or not self.path.exists():
            raise why
        self._file = _as_written(self.path)
        self.engine = _engine_for_reading(self.path)
        try:
            with self.reading() as connection:
                is_newest = migrating.now(connection) == migrating.newest()
        except StoreError as error:
            raise why from error
        if not is_newest:
            raise why

    @property
    def path(self) -> Path | None:
        """The file of the database; None where it is elsewhere, or in memory."""
        return file_of(self.url)

    @property
    def is_gone(self) -> bool:
        """Whether another file has its name by now, or none: what is written is lost then.

        For one that is only read: also whether somebody else has written it, as that is not seen by itself.
        """
        if self.only_read is not None and self.path is not None:
            return _as_written(self.path) != self._file
        return _file(self.path) != self._file

    @property
    def said_where(self) -> str:
        """Where it is, as a person may read it: never with a password."""
        return said(self.url)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that only reads. Raises StoreError."""
        with self._told(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A connection that sees everything as it was at one moment. Raises StoreError."""
        with self._told(), self.engine.connect() as connection:
            if self.url.get_backend_name() != "sqlite":
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection whose whole work is kept at the end, or nothing of it. Raises StoreError."""
        if self.only_read is not None:
            raise StoreError(self.only_read.trouble, self.only_read.where)
        with self._told(), self.engine.connect() as connection:
            connection = connection.execution_options(cim_writes=True)
            with connection.begin():
                yield connection

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, OSError, ImportError) as error:
            raise troubles.of(error, self.said_where) from error


def _file(path: Path | None) -> tuple[int, int] | None:
    """What tells a file from another one of its name; None for none."""
    about = _about(path)
    return (about.st_dev, about.st_ino) if about is not None else None


def _as_written(path: Path) -> tuple[int, ...]:
    """What tells a file of SQLite, with its log, from what it was before somebody wrote it."""
    found = (_about(each) for each in (path, _log_beside(path)))
    return tuple(
        number
        for about in found
        if about is not None and about.st_size
        for number in (about.st_dev, about.st_ino, about.st_size, about.st_mtime_ns)
    )


def _log_beside(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def _about(path: Path | None) -> os.stat_result | None:
    try:
        return path.stat() if path is not None else None
    except OSError:
        return None


def _engine_for_reading(path: Path) -> Engine:
    """An engine that makes no file beside the database: without a log that others may still be in the middle
    of, it is read as one that nobody writes (source: sqlite.org/wal.html, "Read-Only Databases")."""
    log = _about(_log_beside(path))
    still = "" if log is not None and log.st_size else "&immutable=1"
    address = f"{path.absolute().as_uri()}?mode=ro{still}"

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(
            address, uri=True, timeout=_WAITS, isolation_level=None, check_same_thread=False
        )

    engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "before_cursor_execute", _without_nul, retval=True)
    return engine


def _engine(where: URL) -> Engine:
    in_memory = not where.database or where.database == ":memory:"
    if where.get_backend_name() != "sqlite":
        engine = create_engine(
            where, pool_pre_ping=True, isolation_level="READ COMMITTED", connect_args=_patience(where)
        )
        event.listen(engine, "begin", _begin_elsewhere)
    else:
        engine = (
            create_engine(where, poolclass=StaticPool, connect_args={"check_same_thread": False})
            if in_memory
            else create_engine(where, connect_args={"timeout": _WAITS})
        )
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
    event.listen(engine, "before_cursor_execute", _without_nul, retval=True)
    return engine


def _patience(where: URL) -> dict[str, object]:
    """How long a server is waited for, unless the address says so itself."""
    own = where.get_driver_name() == "psycopg" and "connect_timeout" not in where.query
    return {"connect_timeout": int(_WAITS)} if own else {}


def _prepare(connection: object, _record: object) -> None:
    """Settings of a SQLite connection. The driver begins no transaction by itself: it would leave changes of
    tables outside (source: SQLAlchemy, "Serializable isolation / Savepoints / Transactional DDL")."""
    connection.isolation_level = None  # type: ignore[attr-defined]
    _write_ahead(connection)
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]


def _write_ahead(connection: object) -> None:
    """Begin the write-ahead log. SQLite does not wait by itself here, where another first start does the same
    (source: sqlite.org/wal.html, "Sometimes Queries Return SQLITE_BUSY In WAL Mode")."""
    until = monotonic() + _WAITS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")  # type: ignore[attr-defined]
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or monotonic() > until:
                raise
            sleep(_AGAIN)


def _begin(connection: Connection) -> None:
    """Whoever is going to write waits at once for others that do, and not in the middle."""
    writes = connection.get_execution_options().get("cim_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _begin_elsewhere(connection: Connection) -> None:
    """The same on PostgreSQL, with a lock that ends with the transaction; it reads after it has waited, as
    each statement of READ COMMITTED sees what is there by then."""
    if connection.get_execution_options().get("cim_writes"):
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {int(_WAITS * 1000)}")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")


def _without_nul(
    _connection: Connection, _cursor: object, statement: str, values: Any, _context: object, _many: bool
) -> tuple[str, Any]:
    """PostgreSQL takes no character NUL in a text: on both, what stands for one that is unknown is kept."""
    return statement, _shown(values)


def _shown(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "\ufffd")
    if isinstance(value, dict):
        return {name: _shown(each) for name, each in value.items()}
    return type(value)(map(_shown, value)) if isinstance(value, list | tuple) else value
