"""The store: what is kept is there again, once, whole, by ids that say nothing; the log only grows."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import URL, NullPool, create_engine, event, insert, inspect, select, text

from cim_core.intake.bundle import Bundle
from cim_core.store import dataset_rows, ids, migrating
from cim_core.store.database import FILE, Database
from cim_core.store.logbook import Deed, Thing
from cim_core.store.schema import contents, workspaces
from cim_core.store.store import WAY_BACK, Store
from cim_core.store.troubles import ConflictError, StoreError, Trouble
from tests.conftest import ROOT, in_gate

NAME, CONTENT = "oak.csv", b"lea_code,year\n9900001,2023-24\n"


def at(folder: Path) -> URL:
    return URL.create("sqlite", database=str(folder / FILE))


def bundle(name: str = NAME, content: bytes = CONTENT) -> Bundle:
    return Bundle().with_file(name, ids.digest(content))


def kept(store: Store, one: Bundle, after: str = "", name: str = NAME, content: bytes = CONTENT) -> str:
    return store.keep_version("Oak", one.dumps(), {ids.digest(content): (name, content)}, after)


def test_everything_is_there_again_after_a_new_start(address: URL, store: Store):
    one = bundle()
    version = kept(store, one)
    scenario = store.keep_text(Thing.SCENARIO, "Lower", "schema = 1")
    store.set("year", "2023-24")
    store.database.close()
    again = Store(Database(address))
    assert again.workspace == store.workspace
    assert again.file(one.parts[0].digest) == (NAME, CONTENT)
    there = again.version(version)
    assert there is not None and (there.bundle, there.name, there.number) == (one.dumps(), "Oak", 1)
    found = again.text(scenario)
    assert found is not None and (found.name, found.text, found.version) == ("Lower", "schema = 1", 1)
    assert again.setting("year") == "2023-24" and again.setting("other") == ""
    assert again.size() == len(CONTENT)
    again.database.close()


def test_the_same_is_kept_once_and_a_change_is_the_next_version(store: Store):
    one = bundle()
    first = kept(store, one)
    assert kept(store, one, first) == first
    answered = one.answered(one.parts[0].digest, "rates", "fraction")
    second = kept(store, answered, first)
    third = kept(store, one, second)
    (dataset,) = store.datasets()
    assert (dataset.versions, dataset.newest) == (3, third)
    assert [each.id for each in store.versions(dataset.id)] == [third, second, first]
    kept(store, one)
    assert len(store.datasets()) == 2, "opened anew it is a dataset of its own"
    assert store.size() == len(CONTENT)
    uploads = [line for line in store.log() if line.what is Deed.UPLOADED]
    assert [line.said for line in uploads] == [NAME]


def test_a_version_of_files_that_are_not_here_leaves_nothing(store: Store):
    before = store.log()
    with pytest.raises(KeyError):
        store.keep_version("Oak", bundle(content=b"other").with_file(NAME, "0" * 64).dumps())
    with pytest.raises(KeyError):
        kept(store, bundle().with_file("lost.csv", "0" * 64))
    assert store.datasets() == [] and store.log() == before and store.size() == 0


def test_ids_say_nothing_of_what_they_name(store: Store):
    one = bundle()
    each = {kept(store, one) for _ in range(50)}
    assert len(each) == 50 and all(len(id_) == 16 and id_.isalnum() for id_ in each)
    assert not any(one.parts[0].digest.startswith(id_[:6]) for id_ in each)


def test_the_second_of_two_who_work_on_one_version_is_told(store: Store):
    one = bundle()
    digest = one.parts[0].digest
    first = kept(store, one)
    theirs = kept(store, one.answered(digest, "rates", "fraction"), first)
    ours = one.answered(digest, "rates", "percent")
    before = store.log()
    with pytest.raises(ConflictError) as told:
        kept(store, ours, first)
    assert (told.value.theirs, told.value.version) == (theirs, 2)
    assert store.log() == before
    third = store.keep_version("Oak", ours.dumps(), after=theirs)
    (dataset,) = store.datasets()
    assert [each.id for each in store.versions(dataset.id)] == [third, theirs, first]
    assert store.keep_version("Oak", ours.dumps(), after=first) == third


def test_a_dataset_is_described_by_whoever_saw_it_last(store: Store):
    kept(store, bundle())
    (dataset,) = store.datasets()
    store.describe_dataset(dataset.id, dataset.version, "Elm", "to ask CDE")
    (again,) = store.datasets()
    assert (again.name, again.note, again.version) == ("Elm", "to ask CDE", dataset.version + 1)
    with pytest.raises(ConflictError):
        store.describe_dataset(dataset.id, dataset.version, "Ash", "")
    assert store.datasets() == [again]


def test_what_was_deleted_long_ago_is_gone_with_its_files(store: Store, monkeypatch: pytest.MonkeyPatch):
    kept(store, bundle())
    kept(store, bundle("b.csv", b"b"), name="b.csv", content=b"b")
    note = store.keep_text(Thing.NOTE, "A", "a")
    (other, dataset) = store.datasets()
    store.delete(Thing.DATASET, dataset.id)
    store.delete(Thing.NOTE, note)
    store.remove_old()
    assert len(store.datasets(deleted=True)) == 1 and store.size() == len(CONTENT) + 1
    later = ids.now() + WAY_BACK + timedelta(minutes=1)
    monkeypatch.setattr(ids, "now", lambda: later)
    assert store.datasets(deleted=True) == []
    store.remove_old()
    assert store.datasets() == [other] and store.size() == 1 and store.text(note) is None
    assert {line.kind for line in store.log(what=Deed.REMOVED)} == {Thing.DATASET, Thing.NOTE}


def test_the_second_of_two_who_change_the_same_is_told(store: Store):
    note = store.keep_text(Thing.NOTE, "A", "a")
    assert store.change_text(note, 1, "A", "theirs") == 2
    with pytest.raises(ConflictError) as told:
        store.change_text(note, 1, "A", "ours")
    assert told.value.version == 2
    found = store.text(note)
    assert found is not None and found.text == "theirs"


@pytest.mark.parametrize("kind", [Thing.SCENARIO, Thing.RULEBOOK, Thing.DATASET])
def test_what_is_deleted_can_be_taken_back(store: Store, kind: Thing):
    def listed(deleted: bool = False) -> list[str]:
        some = store.datasets(deleted) if kind is Thing.DATASET else store.texts(kind, deleted)
        return [one.id for one in some]

    if kind is Thing.DATASET:
        kept(store, bundle())
    else:
        store.keep_text(kind, "Oak", "x")
    (there,) = listed()
    store.delete(kind, there)
    assert listed() == [] and listed(deleted=True) == [there]
    store.take_back(kind, there)
    assert listed() == [there] and listed(deleted=True) == []
    assert [line.what for line in store.log()][:2] == [Deed.TAKEN_BACK, Deed.DELETED]


def test_a_workspace_sees_nothing_of_another(store: Store):
    other = Store(store.database, workspace="")
    one = bundle()
    version = kept(store, one)
    note = store.keep_text(Thing.NOTE, "A", "a")
    with store.database.writing() as connection:
        values = {"id": "other", "name": "Other", "created": ids.now(), "changed": ids.now(), "version": 1}
        connection.execute(insert(workspaces).values(values))
    other = Store(store.database, workspace="other")
    assert other.file(one.parts[0].digest) is None and other.version(version) is None
    assert other.text(note) is None and other.datasets() == [] and other.log() == []
    other.delete(Thing.NOTE, note)
    assert store.text(note) is not None and store.texts(Thing.NOTE)


def test_the_log_says_who_did_what_and_cannot_be_changed(store: Store):
    scenario = store.keep_text(Thing.SCENARIO, "Lower", "x")
    line = store.log()[0]
    assert (line.what, line.kind, line.id, line.said) == (Deed.SAVED, Thing.SCENARIO, scenario, "Lower")
    assert line.who == store.who and line.at.utcoffset() is not None
    for change in ("UPDATE log SET who = 'nobody'", "DELETE FROM log"):
        with pytest.raises(StoreError), store.database.writing() as connection:
            connection.execute(text(change))
    if store.database.path is None:
        with pytest.raises(StoreError), store.database.writing() as connection:
            connection.execute(text("TRUNCATE log"))
    assert store.log()[0] == line
    assert store.log(what=Deed.DELETED) == [] and store.log(kind=Thing.SCENARIO) == [line]


def trouble(work) -> Trouble:
    with pytest.raises(StoreError) as told:
        work()
    assert told.value.where
    return told.value.trouble


def test_each_trouble_of_a_file_is_told_apart_and_leaves_what_was_saved(tmp_path: Path):
    store = Store(Database(at(tmp_path)))
    note = store.keep_text(Thing.NOTE, "A", "a")
    small = Store(Database(at(tmp_path)))
    event.listen(
        small.database.engine, "begin", lambda one: one.exec_driver_sql("PRAGMA max_page_count = 60")
    )
    assert trouble(lambda: kept(small, bundle("x", b"x" * 10**6), "", "x", b"x" * 10**6)) is Trouble.FULL
    assert store.text(note) is not None and store.size() == 0

    damaged = tmp_path / "damaged"
    damaged.mkdir()
    (damaged / FILE).write_bytes(b"not a database at all" * 1_000)
    assert trouble(lambda: Database(at(damaged))) is Trouble.DAMAGED
    (tmp_path / "folder" / FILE).mkdir(parents=True)
    assert trouble(lambda: Database(at(tmp_path / "folder"))) is Trouble.READ_ONLY


def rows(where: URL) -> dict[str, list[object]]:
    """Everything in a database, read without opening it as a store."""
    engine = create_engine(where, poolclass=NullPool)
    with engine.connect() as connection:
        names = sorted(inspect(connection).get_table_names())
        return {name: list(connection.execute(text(f"SELECT * FROM {name}")).all()) for name in names}


def test_a_database_of_a_newer_version_is_left_alone(address: URL, store: Store):
    store.keep_text(Thing.NOTE, "A", "a")
    with store.database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.database.close()
    before = rows(address)
    assert trouble(lambda: Database(address)) is Trouble.NEWER
    assert rows(address) == before and before["alembic_version"] == [("9999",)]


def test_the_tables_are_those_that_migrations_make(store: Store):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from cim_core.store.schema import TABLES

    with store.database.reading() as connection:
        assert migrating.now(connection) == migrating.newest()
        assert compare_metadata(MigrationContext.configure(connection), TABLES) == []


SAVES = """
import sys
from sqlalchemy import make_url
from cim_core.intake.bundle import Bundle
from cim_core.store import ids
from cim_core.store.database import Database
from cim_core.store.store import Store
store, after = Store(Database(make_url(sys.argv[1]))), ""
for number in range(10_000):
    content = f"{number}".encode() * 20_000
    digest = ids.digest(content)
    one = Bundle().with_file("x.csv", digest)
    after = store.keep_version("x", one.dumps(), {digest: ("x.csv", content)}, after)
    print(after, one.parts[0].digest, flush=True)
"""
"""Saves one version after the other and says each that is saved."""


@pytest.mark.full
def test_whenever_it_is_killed_what_was_said_to_be_saved_is_there(address: URL):
    drawn = random.Random(1)
    for _ in range(5 if in_gate() else 50):
        process = subprocess.Popen(
            [sys.executable, "-c", SAVES, str(address)], stdout=subprocess.PIPE, cwd=ROOT, text=True
        )
        assert process.stdout is not None
        said = [process.stdout.readline().split() for _ in range(drawn.randint(1, 12))]
        process.send_signal(signal.SIGKILL)
        said += [line.split() for line in process.stdout.read().splitlines() if len(line.split()) == 2]
        process.wait()
        store = Store(Database(address))
        for version, digest in said:
            assert store.version(version) is not None and store.file(digest) is not None
        with store.database.reading() as connection:
            if store.database.path is not None:
                assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
                assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
            orphans = select(contents.c.id).where(dataset_rows.is_orphan())
            assert connection.execute(orphans).all() == []
        store.database.close()
