"""Two at once, and one that is cut short: on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import TypeVar

import pytest
from sqlalchemy import URL, func, select

from cim_core.intake.bundle import Bundle
from cim_core.store import database, ids, migrating
from cim_core.store.database import Database
from cim_core.store.logbook import Thing
from cim_core.store.schema import TABLES, settings, workspaces
from cim_core.store.store import Store
from cim_core.store.troubles import ConflictError, StoreError, Trouble
from tests.conftest import ROOT

T = TypeVar("T")


def at_once(work: Callable[[int], T], many: int = 2) -> list[T]:
    """The same done by several threads that begin together."""
    barrier = Barrier(many)

    def begin(number: int) -> T:
        barrier.wait()
        return work(number)

    with ThreadPoolExecutor(many) as pool:
        return list(pool.map(begin, range(many)))


def test_two_who_save_at_once_lose_nothing(store: Store):
    content = b"the same file of both"
    digest = ids.digest(content)

    def save(who: int) -> list[str]:
        made, after = [], ""
        for number in range(10):
            bundle = Bundle().with_file(f"{who}-{number}.csv", digest)
            after = store.keep_version(f"{who}", bundle.dumps(), {digest: ("x.csv", content)}, after)
            made.append(after)
        return made

    made = at_once(save)
    assert store.size() == len(content)
    for each in made:
        last = store.version(each[-1])
        assert last is not None and [one.id for one in store.versions(last.dataset)] == each[::-1]
    numbers = [line.number for line in store.log()]
    assert len(set(numbers)) == 21


def test_of_two_who_change_the_same_at_once_the_second_is_told(store: Store):
    after = store.keep_version("Oak", Bundle().dumps())
    note, count = store.keep_text(Thing.NOTE, "A", ""), 1

    def save(number: int) -> str:
        try:
            return store.keep_version(
                "Oak", Bundle().with_file(f"{after}{number}", digest).dumps(), files, after
            )
        except ConflictError:
            return ""

    def change(number: int) -> int:
        try:
            return store.change_text(note, count, "A", f"{count} {number}")
        except ConflictError:
            return 0

    digest = ids.digest(b"")
    files = {digest: ("empty.csv", b"")}
    for _ in range(10):
        lost, after = sorted(at_once(save))
        assert lost == "" and after
        lost_change, count = sorted(at_once(change))
        assert lost_change == 0 and count
    (dataset,) = store.datasets()
    assert (dataset.versions, dataset.newest) == (11, after)


def test_two_who_set_the_same_at_once_set_it_once(store: Store):
    for name in ("a", "b", "c"):
        at_once(lambda number, name=name: store.set(name, str(number)))
    with store.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(settings)).scalar() == 3


def test_whoever_has_to_wait_too_long_is_told(address: URL, store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(database, "_WAITS", 0.1)
    other = Store(Database(address))
    with store.database.writing(), pytest.raises(StoreError) as told:
        other.keep_text(Thing.NOTE, "A", "a")
    assert told.value.trouble is Trouble.LOCKED
    assert other.texts(Thing.NOTE) == []
    other.keep_text(Thing.NOTE, "A", "a")
    assert len(store.texts(Thing.NOTE)) == 1
    other.database.close()


STARTS = """
import sys
from sqlalchemy import make_url
from cim_core.store.database import Database
from cim_core.store.store import Store
print("ready", flush=True)
sys.stdin.readline()
print(Store(Database(make_url(sys.argv[1]))).workspace)
"""
"""Opens a store as soon as it is told to."""


def test_two_first_starts_at_once_make_one_workspace(address: URL):
    command = [sys.executable, "-c", STARTS, str(address)]
    starts = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, text=True)
        for _ in range(3)
    ]
    assert [start.stdout.readline() for start in starts if start.stdout] == ["ready\n"] * 3
    for start in starts:
        assert start.stdin is not None
        start.stdin.write("\n")
        start.stdin.flush()
    said = {start.communicate()[0] for start in starts}
    assert len(said) == 1 and all(start.returncode == 0 for start in starts)
    opened = Database(address)
    with opened.reading() as connection:
        assert [f"{each}\n" for each in connection.execute(select(workspaces.c.id)).scalars()] == [*said]
    opened.close()


def test_a_first_start_waits_where_sqlite_does_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file, waited = tmp_path / database.FILE, []
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        other.execute("ROLLBACK")

    monkeypatch.setattr(database, "sleep", sleep)
    opened = Database(URL.create("sqlite", database=str(file)))
    assert len(waited) == 1
    with opened.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    opened.close()
    other.close()


MIGRATES = """
import os, signal, sys
from sqlalchemy import Engine, NullPool, create_engine, event, inspect, make_url
from cim_core.store.database import Database
where = make_url(sys.argv[1])

def opens(last):
    done = []
    def count(*_):
        done.append(1)
        if len(done) == last:
            os.kill(os.getpid(), signal.SIGKILL)
    event.listen(Engine, "after_cursor_execute", count)
    event.listen(Engine, "commit", count)
    Database(where).close()

last, status = 1, 1
while status:
    if not (child := os.fork()):
        opens(last)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    names = inspect(create_engine(where, poolclass=NullPool)).get_table_names()
    print(os.waitstatus_to_exitcode(status), *sorted(names))
    last += 1
"""
"""Opens an empty database again and again, killed after ever more statements; says which tables are there."""


@pytest.mark.full
def test_whenever_a_migration_is_killed_all_tables_are_there_or_none(address: URL):
    command = [sys.executable, "-c", MIGRATES, str(address)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    *killed, last = [line.split(" ") for line in done.stdout.splitlines()]
    whole = sorted([*TABLES.tables, "alembic_version"])
    assert len(killed) > 20 and {code for code, *_ in killed} == {"-9"}
    assert all(tables in ([], whole) for _, *tables in killed)
    assert killed[0][1:] == [] and last == ["0", *whole]
    opened = Store(Database(address))
    with opened.database.reading() as connection:
        assert migrating.now(connection) == migrating.newest()
    opened.database.close()


def test_what_a_database_takes_in_no_text_is_kept_as_unknown(store: Store):
    note = store.keep_text(Thing.NOTE, "A\0", "a\0b")
    found = store.text(note)
    assert found is not None and (found.name, found.text) == ("A\ufffd", "a\ufffdb")
    assert store.keep_text(Thing.NOTE, "A\0", "a\0b") == note
    assert store.text(f"{note}\0") is None and store.version("\0") is None
    store.set("year", "\0")
    assert store.setting("year") == "\ufffd"
    content = b"\0\1"
    digest = ids.digest(content)
    store.keep_version("Oak\0", Bundle().with_file("a\0.csv", digest).dumps(), {digest: ("a\0.csv", content)})
    assert store.file(digest) == ("a\ufffd.csv", content)
    (dataset,) = store.datasets()
    there = store.version(dataset.newest)
    assert there is not None and Bundle().with_file("a\0.csv", digest).dumps() == there.bundle
