"""The store: what is kept is there again, once, whole, by ids that say nothing; the log only grows."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import URL, event, text

from cim_core.intake.bundle import Bundle
from cim_core.store import migrating
from cim_core.store.database import FILE, Database
from cim_core.store.logbook import Deed, Thing
from cim_core.store.store import Store
from cim_core.store.troubles import ConflictError, StoreError, Trouble
from tests.conftest import ROOT, in_gate

NAME, CONTENT = "oak.csv", b"lea_code,year\n9900001,2023-24\n"


def at(folder: Path) -> URL:
    return URL.create("sqlite", database=str(folder / FILE))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(Database(at(tmp_path)))


def bundle(store: Store, name: str = NAME, content: bytes = CONTENT) -> Bundle:
    return Bundle().with_file(name, store.keep_file(name, content))


def test_everything_is_there_again_after_a_new_start(tmp_path: Path, store: Store):
    one = bundle(store)
    version = store.keep_version("Oak", one.dumps())
    scenario = store.keep_text(Thing.SCENARIO, "Lower", "schema = 1")
    store.set("year", "2023-24")
    store.database.close()
    again = Store(Database(at(tmp_path)))
    assert again.workspace == store.workspace
    assert again.file(one.parts[0].digest) == (NAME, CONTENT)
    kept = again.version(version)
    assert kept is not None and (kept.bundle, kept.name, kept.number) == (one.dumps(), "Oak", 1)
    found = again.text(scenario)
    assert found is not None and (found.name, found.text, found.version) == ("Lower", "schema = 1", 1)
    assert again.setting("year") == "2023-24" and again.setting("other") == ""
    assert again.size() == len(CONTENT)


def test_the_same_is_kept_once_and_a_change_is_the_next_version(store: Store):
    one = bundle(store)
    assert bundle(store, "other.csv") == Bundle().with_file("other.csv", one.parts[0].digest)
    assert store.file(one.parts[0].digest) == (NAME, CONTENT)
    first = store.keep_version("Oak", one.dumps())
    answered = one.answered(one.parts[0].digest, "rates", "fraction")
    second = store.keep_version("Oak", answered.dumps(), after=first)
    assert store.keep_version("Oak", one.dumps(), after=second) == first, "taken back: the version it was"
    (dataset,) = store.datasets()
    assert (dataset.versions, dataset.newest) == (2, second)
    assert [each.id for each in store.versions(dataset.id)] == [second, first]
    store.keep_version("Oak", one.dumps())
    assert len(store.datasets()) == 2, "opened anew it is a dataset of its own"


def test_a_version_of_files_that_are_not_here_leaves_nothing(store: Store):
    before = store.log()
    with pytest.raises(KeyError):
        store.keep_version("Oak", Bundle().with_file(NAME, "0" * 64).dumps())
    assert store.datasets() == [] and store.log() == before


def test_ids_say_nothing_of_what_they_name(store: Store):
    one = bundle(store)
    ids = {store.keep_version("Oak", one.dumps()) for _ in range(50)}
    assert len(ids) == 50 and all(len(each) == 16 and each.isalnum() for each in ids)
    assert not any(one.parts[0].digest.startswith(each[:6]) for each in ids)


def test_the_second_of_two_who_change_the_same_is_told(store: Store):
    kept = store.keep_text(Thing.NOTE, "A", "a")
    assert store.change_text(kept, 1, "A", "theirs") == 2
    with pytest.raises(ConflictError) as told:
        store.change_text(kept, 1, "A", "ours")
    assert told.value.theirs == 2
    found = store.text(kept)
    assert found is not None and found.text == "theirs"


@pytest.mark.parametrize("kind", [Thing.SCENARIO, Thing.RULEBOOK, Thing.DATASET])
def test_what_is_deleted_can_be_taken_back(store: Store, kind: Thing):
    def listed(deleted: bool = False) -> list[str]:
        some = store.datasets(deleted) if kind is Thing.DATASET else store.texts(kind, deleted)
        return [one.id for one in some]

    if kind is Thing.DATASET:
        store.keep_version("Oak", bundle(store).dumps())
    else:
        store.keep_text(kind, "Oak", "x")
    (kept,) = listed()
    store.delete(kind, kept)
    assert listed() == [] and listed(deleted=True) == [kept]
    store.take_back(kind, kept)
    assert listed() == [kept] and listed(deleted=True) == []
    assert [line.what for line in store.log()][:2] == [Deed.TAKEN_BACK, Deed.DELETED]


def test_a_workspace_sees_nothing_of_another(store: Store):
    other = Store(store.database, workspace="")
    kept = bundle(store)
    version = store.keep_version("Oak", kept.dumps())
    note = store.keep_text(Thing.NOTE, "A", "a")
    with store.database.writing() as connection:
        connection.execute(
            text("INSERT INTO workspaces VALUES ('other', 'Other', :now, :now, 1)"), {"now": "2026-01-01"}
        )
    other = Store(store.database, workspace="other")
    assert other.file(kept.parts[0].digest) is None and other.version(version) is None
    assert other.text(note) is None and other.datasets() == [] and other.log() == []
    other.delete(Thing.NOTE, note)
    assert store.text(note) is not None and store.texts(Thing.NOTE)


def test_the_log_says_who_did_what_and_cannot_be_changed(store: Store):
    kept = store.keep_text(Thing.SCENARIO, "Lower", "x")
    line = store.log()[0]
    assert (line.what, line.kind, line.id, line.said) == (Deed.SAVED, Thing.SCENARIO, kept, "Lower")
    assert line.who == store.who and line.at.utcoffset() is not None
    for change in ("UPDATE log SET who = 'nobody'", "DELETE FROM log"):
        with pytest.raises(StoreError), store.database.writing() as connection:
            connection.execute(text(change))
    assert store.log()[0] == line
    assert store.log(what=Deed.DELETED) == [] and store.log(kind=Thing.SCENARIO) == [line]


def trouble(work) -> Trouble:
    with pytest.raises(StoreError) as told:
        work()
    assert told.value.where
    return told.value.trouble


def test_each_trouble_is_told_apart_and_leaves_what_was_saved(tmp_path: Path, store: Store):
    kept = store.keep_text(Thing.NOTE, "A", "a")
    small = Store(Database(at(tmp_path)))
    event.listen(
        small.database.engine, "begin", lambda one: one.exec_driver_sql("PRAGMA max_page_count = 60")
    )
    assert trouble(lambda: small.keep_file("x", b"x" * 10**6)) is Trouble.FULL
    assert store.text(kept) is not None and store.size() == 0

    damaged = tmp_path / "damaged"
    damaged.mkdir()
    (damaged / FILE).write_bytes(b"not a database at all" * 1_000)
    assert trouble(lambda: Database(at(damaged))) is Trouble.DAMAGED
    (tmp_path / "folder" / FILE).mkdir(parents=True)
    assert trouble(lambda: Database(at(tmp_path / "folder"))) is Trouble.READ_ONLY


def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path, store: Store):
    with store.database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.database.close()
    before = (tmp_path / FILE).read_bytes()
    assert trouble(lambda: Database(at(tmp_path))) is Trouble.NEWER
    assert (tmp_path / FILE).read_bytes() == before


def test_the_tables_are_those_that_migrations_make(store: Store):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from cim_core.store.schema import TABLES

    with store.database.reading() as connection:
        assert migrating.now(connection) == migrating.newest()
        assert compare_metadata(MigrationContext.configure(connection), TABLES) == []


SAVES = """
import sys
from sqlalchemy import URL
from cim_core.intake.bundle import Bundle
from cim_core.store.database import Database
from cim_core.store.store import Store
store, after = Store(Database(URL.create("sqlite", database=sys.argv[1]))), ""
for number in range(10_000):
    content = f"{number}".encode() * 20_000
    one = Bundle().with_file("x.csv", store.keep_file("x.csv", content))
    after = store.keep_version("x", one.dumps(), after)
    print(after, one.parts[0].digest, flush=True)
"""
"""Saves one version after the other and says each that is saved."""


def test_whenever_it_is_killed_what_was_said_to_be_saved_is_there(tmp_path: Path):
    drawn = random.Random(1)
    for _ in range(5 if in_gate() else 50):
        process = subprocess.Popen(
            [sys.executable, "-c", SAVES, str(tmp_path / FILE)], stdout=subprocess.PIPE, cwd=ROOT, text=True
        )
        assert process.stdout is not None
        said = [process.stdout.readline().split() for _ in range(drawn.randint(1, 12))]
        process.send_signal(signal.SIGKILL)
        said += [line.split() for line in process.stdout.read().splitlines() if len(line.split()) == 2]
        process.wait()
        store = Store(Database(at(tmp_path)))
        for version, digest in said:
            assert store.version(version) is not None and store.file(digest) is not None
        with store.database.reading() as connection:
            assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
        store.database.close()
