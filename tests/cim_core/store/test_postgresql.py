"""What only a server can do to a store: not answer, stop, refuse, hold back; and no password is ever told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import errors
from sqlalchemy import URL, exc, insert, make_url

from cim_core.store import database, ids, troubles
from cim_core.store.database import DATABASE, Database
from cim_core.store.logbook import Thing
from cim_core.store.schema import workspaces
from cim_core.store.store import Store
from cim_core.store.troubles import StoreError, Trouble
from cim_core.words import messages
from tests.postgres import Server

SECRET = "hidden-from-all"


@pytest.fixture
def url(postgres: Server) -> Iterator[URL]:
    with postgres.database() as made:
        yield made


@pytest.fixture
def store(url: URL) -> Iterator[Store]:
    made = Store(Database(url))
    yield made
    made.database.close()


def told(work: Callable[[], object]) -> StoreError:
    """What a person is told; never with a password."""
    with pytest.raises(StoreError) as raised:
        work()
    said = messages.render(raised.value.said, lambda quantity: "")
    assert raised.value.where in said and SECRET not in f"{said} {raised.value}"
    return raised.value


def test_a_server_that_is_not_there_does_not_answer(tmp_path: Path):
    nowhere = URL.create(
        "postgresql+psycopg", username="cim", password=SECRET, database="store",
        query={"host": str(tmp_path), "sslpassword": SECRET},
    )  # fmt: skip
    error = told(lambda: Database(nowhere))
    assert error.trouble is Trouble.UNREACHABLE
    assert make_url(error.where).query == {"host": str(tmp_path)}


@pytest.mark.parametrize(
    "named",
    [
        f"postgres://cim:{SECRET}@localhost/store",
        f"postgresql+pg8000://cim:{SECRET}@localhost/store",
        f"postgresql//cim:{SECRET}@localhost/store",
        f"postgresql://cim:{SECRET}@localhost:port/store",
    ],
)
def test_an_address_that_is_none_is_told_too(named: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(DATABASE, named)
    assert told(Database).trouble is Trouble.UNREACHABLE


def test_no_such_database_on_a_server_that_answers(postgres: Server):
    assert told(lambda: Database(postgres.url("none"))).trouble is Trouble.UNREACHABLE


def test_a_server_that_was_stopped_and_starts_again_is_used_again(postgres: Server, store: Store):
    note = store.keep_text(Thing.NOTE, "A", "a")
    postgres.stop()
    try:
        for work in (lambda: store.text(note), lambda: store.keep_text(Thing.NOTE, "B", "b")):
            assert told(work).trouble is Trouble.UNREACHABLE
    finally:
        postgres.start()
    assert [each.id for each in store.texts(Thing.NOTE)] == [note]
    postgres.stop()
    postgres.start()
    other = store.keep_text(Thing.NOTE, "C", "c")
    assert {each.id for each in store.texts(Thing.NOTE)} == {note, other}


def test_a_save_that_is_cut_off_leaves_nothing(postgres: Server, store: Store):
    values = {"id": "x", "name": "X", "created": ids.now(), "changed": ids.now(), "version": 1}

    def cut_off() -> None:
        with store.database.writing() as connection:
            connection.execute(insert(workspaces).values(values))
            postgres.stop()

    try:
        assert told(cut_off).trouble is Trouble.UNREACHABLE
    finally:
        postgres.start()
    with store.database.writing() as connection:
        connection.execute(insert(workspaces).values(values))


def test_what_can_only_be_read_is_read(url: URL, store: Store):
    note = store.keep_text(Thing.NOTE, "A", "a")
    reads = Store(Database(url.update_query_dict({"options": "-c default_transaction_read_only=on"})))
    assert reads.text(note) == store.text(note) and reads.workspace == store.workspace
    error = told(lambda: reads.keep_text(Thing.NOTE, "the disk is full", "database is locked"))
    assert error.trouble is Trouble.READ_ONLY
    reads.database.close()


def test_an_empty_database_that_can_only_be_read(url: URL):
    only_read = url.update_query_dict({"options": "-c default_transaction_read_only=on"})
    assert told(lambda: Database(only_read)).trouble is Trouble.READ_ONLY


def test_a_table_that_another_program_holds(
    postgres: Server, url: URL, store: Store, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(database, "_WAITS", 0.1)
    with postgres.connect(str(url.database)) as other, other.transaction():
        other.execute("LOCK TABLE texts IN EXCLUSIVE MODE")
        assert told(lambda: store.keep_text(Thing.NOTE, "A", "a")).trouble is Trouble.LOCKED
    assert store.keep_text(Thing.NOTE, "A", "a")


def test_each_statement_sees_what_is_there_by_then_whatever_the_server_prefers(url: URL):
    strict = Database(url.update_query_dict({"options": "-c default_transaction_isolation=serializable"}))
    with strict.writing() as connection:
        assert connection.exec_driver_sql("SHOW transaction_isolation").scalar() == "read committed"
    strict.close()


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (errors.DiskFull, Trouble.FULL),
        (errors.ReadOnlySqlTransaction, Trouble.READ_ONLY),
        (errors.InsufficientPrivilege, Trouble.READ_ONLY),
        (errors.LockNotAvailable, Trouble.LOCKED),
        (errors.DeadlockDetected, Trouble.LOCKED),
        (errors.QueryCanceled, Trouble.LOCKED),
        (errors.AdminShutdown, Trouble.UNREACHABLE),
        (errors.CannotConnectNow, Trouble.UNREACHABLE),
        (errors.TooManyConnections, Trouble.UNREACHABLE),
        (errors.InvalidPassword, Trouble.UNREACHABLE),
        (psycopg.OperationalError, Trouble.UNREACHABLE),
        (errors.DataCorrupted, Trouble.DAMAGED),
        (errors.UndefinedTable, Trouble.DAMAGED),
    ],
)
def test_each_trouble_of_a_server_is_told_apart(error: type[psycopg.Error], trouble: Trouble):
    wrapped = exc.DBAPIError.instance(
        "INSERT", {"name": "disk is full, readonly, is locked, malformed"}, error("x"), psycopg.Error
    )
    assert troubles.of(wrapped, "there").trouble is trouble
