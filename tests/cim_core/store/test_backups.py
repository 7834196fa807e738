"""Backups: of one moment while others write, put back whole or not at all, never over what is there."""

from __future__ import annotations

import io
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import URL, make_url

from cim_core.shell.main import main
from cim_core.store import backups, merging, takein
from cim_core.store.accounts import Accounts, Role
from cim_core.store.checking import check
from cim_core.store.database import FILE, Database
from cim_core.store.faults import Fault, Refusal, RefusedError, TakeInError
from cim_core.store.logbook import Thing
from cim_core.store.sign_ins import SignIns
from cim_core.store.store import Store
from cim_core.store.troubles import StoreError
from cim_core.words.disclosure import WORKING
from tests.cim_core.store.away import another as another  # a fixture
from tests.cim_core.store.away import changed, exported, fill, in_memory, kept, members, workspace, zipped
from tests.conftest import ROOT


def at(folder: Path) -> URL:
    return URL.create("sqlite", database=str(folder / FILE))


def backed_up(store: Store) -> bytes:
    target = io.BytesIO()
    assert WORKING.say(backups.backup(store.database, target))
    return target.getvalue()


def without_moment(content: bytes) -> dict[str, bytes]:
    """What is in a backup, but for when it was made."""
    parts = members(content)
    line = next(line for line in parts["backup.json"].splitlines() if b'"taken"' in line)
    return parts | {"backup.json": parts["backup.json"].replace(line, b"")}


def refusal(work) -> Refusal:
    with pytest.raises(RefusedError) as told:
        work()
    assert WORKING.say(told.value.said)
    return told.value.refusal


def test_put_back_everything_is_as_it_was(store: Store, another: Store):
    fill(store)
    second = workspace(store)
    fill(second)
    exported(second)
    content = backed_up(store)
    (said,) = backups.restore(another.database.url, io.BytesIO(content))
    assert "Workspaces: 2" in WORKING.say(said)
    assert without_moment(backed_up(another)) == without_moment(content)
    back = Store(another.database)
    assert back.workspace == store.workspace
    log = [line.said for line in back.log()]
    assert log == [line.said for line in store.log()]
    assert exported(back) == exported(store)
    back.keep_text(Thing.NOTE, "and on", "x")
    assert not check(another.database).wrong


def test_it_goes_into_another_kind_of_database(store: Store, tmp_path: Path):
    fill(store)
    content = backed_up(store)
    backups.restore(at(tmp_path / "fresh"), io.BytesIO(content))
    fresh = Database(at(tmp_path / "fresh"))
    assert exported(Store(fresh)) == exported(store)
    assert sorted(path.name for path in (tmp_path / "fresh").iterdir())[0] == FILE
    fresh.close()
    assert [path.name for path in (tmp_path / "fresh").iterdir()] == [FILE]


def test_nothing_is_written_over_what_is_there(store: Store, another: Store, tmp_path: Path):
    kept(store, "Oak", b"1")
    content = backed_up(store)
    target = tmp_path / "backup.zip"
    target.write_bytes(b"mine")
    assert refusal(lambda: backups.backup(store.database, target)) is Refusal.FILE_EXISTS
    assert target.read_bytes() == b"mine"
    another.keep_text(Thing.NOTE, "mine", "x")
    before = exported(another)
    told = refusal(lambda: backups.restore(another.database.url, io.BytesIO(content)))
    assert told in (Refusal.NOT_EMPTY, Refusal.NOT_EMPTY_SERVER)
    assert exported(another) == before


def test_one_of_which_only_the_log_is_left_is_not_empty(store: Store, another: Store):
    from datetime import timedelta

    from cim_core.store import ids
    from cim_core.store.store import WAY_BACK

    content = backed_up(store)
    another.delete(Thing.NOTE, another.keep_text(Thing.NOTE, "mine", "x"))
    with pytest.MonkeyPatch.context() as patch:
        later = ids.now() + WAY_BACK + timedelta(days=1)
        patch.setattr(ids, "now", lambda: later)
        another.remove_old()
    assert refusal(lambda: backups.restore(another.database.url, io.BytesIO(content)))
    with another.database.writing() as connection:
        assert not merging.is_empty(connection, another.workspace)


class TestAside:
    """A file that is there is moved aside, once the backup was read to its end."""

    @pytest.fixture
    def content(self) -> bytes:
        made = in_memory()
        kept(made, "Oak", b"1")
        return backed_up(made)

    @pytest.fixture
    def here(self, tmp_path: Path) -> Path:
        return tmp_path / "here"

    def restored(self, here: Path, content: bytes) -> list[Path]:
        said = backups.restore(at(here), io.BytesIO(content), aside=True)
        database = Database(at(here))
        assert [one.name for one in Store(database).datasets()] == ["Oak"]
        database.close()
        aside = sorted(path for path in here.iterdir() if path.name != FILE)
        assert len(said) == 2 and str(aside[0]) in WORKING.say(said[1])
        return aside

    def test_a_store_that_is_in_use(self, here: Path, content: bytes):
        old = Store(Database(at(here)))
        note = old.keep_text(Thing.NOTE, "mine", "x")
        assert (here / f"{FILE}-wal").stat().st_size
        aside = self.restored(here, content)
        old.database.close()
        moved = Store(Database(URL.create("sqlite", database=str(aside[0]))))
        assert moved.text(note) is not None
        moved.database.close()

    def test_a_damaged_one(self, here: Path, content: bytes):
        here.mkdir()
        (here / FILE).write_bytes(b"not a database" * 1000)
        assert refusal(lambda: backups.restore(at(here), io.BytesIO(content))) is Refusal.UNREADABLE
        assert (here / FILE).read_bytes() == b"not a database" * 1000
        (moved,) = self.restored(here, content)
        assert moved.read_bytes() == b"not a database" * 1000

    def test_what_is_left_of_a_file_is_not_taken_for_the_new_ones(self, here: Path, content: bytes):
        old = Store(Database(at(here)))
        old.keep_text(Thing.NOTE, "mine", "x")
        (here / FILE).unlink()
        said = backups.restore(at(here), io.BytesIO(content))
        assert len(said) == 2 and list(here.glob(f"{FILE}.aside-*-wal"))
        old.database.close()
        with sqlite3.connect(here / FILE) as connection:
            assert connection.execute("SELECT name FROM datasets").fetchall() == [("Oak",)]
            assert connection.execute("SELECT count(*) FROM texts").fetchall() == [(0,)]

    def test_a_bad_backup_moves_nothing(self, here: Path, content: bytes):
        old = Store(Database(at(here)))
        kept(old, "mine", b"2")
        before = sorted(here.iterdir())
        bad = changed(content, "log.csv", lambda text: text + b'"x"\n')
        with pytest.raises(TakeInError):
            backups.restore(at(here), io.BytesIO(bad), aside=True)
        assert sorted(here.iterdir()) == before and [one.name for one in old.datasets()] == ["mine"]
        old.database.close()

    def test_on_a_server_there_is_no_file(self, content: bytes):
        where = make_url("postgresql+psycopg://me:secret@nowhere/x")
        assert refusal(lambda: backups.restore(where, io.BytesIO(content), aside=True)) is Refusal.NO_FILE


def fault(content: bytes, tmp_path: Path) -> Fault:
    where = at(tmp_path / "fresh")
    with pytest.raises(TakeInError) as told:
        backups.restore(where, io.BytesIO(content))
    assert WORKING.say(told.value.said) and not (tmp_path / "fresh" / FILE).exists()
    assert not (tmp_path / "fresh").exists() or not list((tmp_path / "fresh").iterdir())
    return told.value.fault


def test_what_is_no_backup_is_refused(store: Store, tmp_path: Path):
    kept(store, "Oak", b"1")
    content = backed_up(store)
    parts = members(content)
    inner = next(name for name in parts if name.endswith(".zip"))
    about = parts["backup.json"]
    assert fault(b"no", tmp_path) is Fault.NO_ZIP
    assert fault(exported(store), tmp_path) is Fault.SURPLUS
    assert fault(zipped({name: parts[name] for name in parts if name != inner}), tmp_path) is Fault.LACKING
    assert fault(zipped(parts | {f"workspaces/{'a' * 16}.zip": b"x"}), tmp_path) is Fault.SURPLUS
    assert fault(zipped(parts | {"workspaces/../../x.zip": b"x"}), tmp_path) is Fault.SURPLUS
    assert fault(zipped(parts | {inner: b"no"}), tmp_path) is Fault.NO_ZIP
    assert fault(zipped(parts | {inner: parts[inner][:-900]}), tmp_path) is Fault.NO_ZIP
    newer = about.replace(b'"version": 2,\n "taken"', b'"version": 3,\n "taken"')
    assert fault(zipped(parts | {"backup.json": newer}), tmp_path) is Fault.NEWER
    for old, new in ((b'"taken"', b'"given"'), (b'"id"', b'"ID"'), (b"+00:00", b"x"), (b'"My SELPA"', b"1")):
        assert fault(zipped(parts | {"backup.json": about.replace(old, new)}), tmp_path) is Fault.NOT_OURS
    wrong = parts["log.csv"].replace(b'"saved"', b'"hacked"')
    assert fault(zipped(parts | {"log.csv": wrong}), tmp_path) is Fault.CELL


def test_who_may_sign_in_comes_back_signed_in_nowhere(store: Store, tmp_path: Path):
    kept(store, "Oak", b"1")
    into = SignIns(store.database)
    made = into.accounts.add("ana", "Ana Ruiz", Role.LEA_VIEWER, "Alder", ("9910112",))
    into.accounts.set_password(made.id, "$2b$12$hash")
    into.accounts.disable(made.id)
    into.accounts.disable(made.id, False)
    token = into.begin(made, "10.1.2.0/24")
    content = backed_up(store)
    there = URL.create("sqlite", database=str(tmp_path / "there.sqlite3"))
    backups.restore(there, io.BytesIO(content))
    again = SignIns(Database(there))
    assert again.accounts.all() == into.accounts.all() and again.who(token) is None
    assert again.accounts.all()[0].leas == ("9910112",)
    with pytest.raises(RefusedError):
        backups.restore(there, io.BytesIO(content))
    again.database.close()


def test_accounts_that_are_none_are_refused(store: Store, tmp_path: Path):
    made = Accounts(store.database).add("ana", "Ana", Role.DIRECTOR, "Alder")
    parts = members(backed_up(store))
    sheet = parts["accounts.csv"]
    wrong = {
        Fault.CELL: (
            (b'"director"', b'"king"'), (b'"False"', b'"no"'), (b"'[]", b"'{}"),
            (b'"ana"', b'"' + b"a" * 129 + b'"'),
        ),
        Fault.NOWHERE: ((made.workspace.encode(), b"a" * 16),),
        Fault.COLUMNS: ((b'"role"', b'"rule"'),),
    }  # fmt: skip
    for expected, swaps in wrong.items():
        for old, new in swaps:
            assert old in sheet
            assert fault(zipped(parts | {"accounts.csv": sheet.replace(old, new)}), tmp_path) is expected
    twice = sheet + sheet.split(b"\n", 1)[1]
    assert fault(zipped(parts | {"accounts.csv": twice}), tmp_path) is Fault.REPEATED


def test_a_backup_of_an_earlier_release_comes_back(store: Store, tmp_path: Path):
    kept(store, "Oak", b"1")
    parts = members(backed_up(store))
    parts["backup.json"] = parts["backup.json"].replace(
        b'"version": 2,\n "taken"', b'"version": 1,\n "taken"'
    )
    parts["log.csv"] = parts["log.csv"].replace(b',"place"', b"").replace(b',""\n', b"\n")
    there = URL.create("sqlite", database=str(tmp_path / "there.sqlite3"))
    backups.restore(there, io.BytesIO(zipped(parts)))
    database = Database(there)
    assert [(line.said, line.place) for line in Store(database).log()] == [
        (line.said, "") for line in store.log() if line.kind is not Thing.WORKSPACE
    ]
    database.close()


WRITES = """
import sys
from sqlalchemy import make_url
from cim_core.intake.bundle import Bundle
from cim_core.store import ids
from cim_core.store.database import Database
from cim_core.store.store import Store
store, after = Store(Database(make_url(sys.argv[1]))), ""
for number in range(100_000):
    contents = [f"{number} {part}".encode() * 2_000 for part in range(3)]
    bundle = Bundle()
    for content in contents:
        bundle = bundle.with_file("x.csv", ids.digest(content))
    files = {ids.digest(content): ("x.csv", content) for content in contents}
    after = store.keep_version("x", bundle.dumps(), files, after)
    store.set("last", after)
    print(after, flush=True)
"""
"""Saves versions of three new files each, one after the other."""


def test_a_backup_while_another_process_writes_is_of_one_moment(address: URL, store: Store, tmp_path: Path):
    where = address.render_as_string(hide_password=False)
    process = subprocess.Popen(
        [sys.executable, "-c", WRITES, where], stdout=subprocess.PIPE, cwd=ROOT, text=True
    )
    assert process.stdout is not None
    numbers = []
    try:
        for turn in range(4):
            said = [process.stdout.readline().strip() for _ in range(5)]
            backups.backup(store.database, tmp_path / f"{turn}.zip")
            assert process.poll() is None
            backups.restore(at(tmp_path / f"{turn}"), tmp_path / f"{turn}.zip")
            database = Database(at(tmp_path / f"{turn}"))
            back = Store(database)
            assert not check(database).wrong
            assert all(back.version(version) is not None for version in said)
            (dataset,) = back.datasets()
            versions = back.versions(dataset.id)
            assert [one.number for one in versions] == list(range(len(versions), 0, -1))
            assert len(back.log(kind=Thing.FILE)) == 3 * len(versions) == check(database).files
            assert back.setting("last") in {one.id for one in versions[:2]}
            numbers.append(len(versions))
            database.close()
    finally:
        process.send_signal(signal.SIGKILL)
        process.stdout.read()
        process.wait()
    assert numbers == sorted(set(numbers))


BACKS_UP = """
import sys
from pathlib import Path
from sqlalchemy import make_url
from cim_core.store import backups
from cim_core.store.database import Database
database = Database(make_url(sys.argv[1]))
print("begun", flush=True)
backups.backup(database, Path(sys.argv[2]))
"""


def test_one_that_is_killed_never_has_the_name(address: URL, store: Store, tmp_path: Path):
    kept(store, "large", *(bytes([number]) * 2_000_000 for number in range(20)))
    target = tmp_path / "out" / "backup.zip"
    target.parent.mkdir()
    command = [sys.executable, "-c", BACKS_UP, address.render_as_string(hide_password=False), str(target)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, text=True)
    assert process.stdout is not None and process.stdout.readline()
    while process.poll() is None and not list(target.parent.iterdir()):
        pass
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    if target.exists():
        with takein.opened(target, backups.form.BACKUP_ENTRY) as parcel:
            assert parcel.about("backup.json", backups.form.BACKUP)
    else:
        backups.backup(store.database, target)


def test_a_full_disk_is_told_and_leaves_nothing(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    from cim_core.data import writing

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing.os, "fsync", full)
    assert refusal(lambda: backups.backup(store.database, tmp_path / "b.zip")) is Refusal.CANNOT_WRITE
    assert not list(tmp_path.glob("*b.zip*")) and not list(tmp_path.glob(".b.zip*"))


def test_a_folder_that_is_a_file_is_told(tmp_path: Path):
    (tmp_path / "file").write_text("x")
    made = in_memory()
    with pytest.raises((RefusedError, StoreError)) as told:
        backups.restore(at(tmp_path / "file"), io.BytesIO(backed_up(made)))
    assert WORKING.say(told.value.said)


def test_the_shell_works_on_the_database_that_is_named(
    address: URL, store: Store, another: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    kept(store, "Oak", b"1")
    target = str(tmp_path / "x.zip")
    monkeypatch.setenv("CIM_DATABASE_URL", address.render_as_string(hide_password=False))
    assert main(["store", "check"]) == 0 and main(["store", "export", target]) == 0
    assert main(["store", "backup", target]) == 1
    monkeypatch.setenv("CIM_DATABASE_URL", another.database.url.render_as_string(hide_password=False))
    assert main(["store", "import", target]) == 0 and main(["store", "check"]) == 0
    assert [one.name for one in another.datasets()] == ["Oak"]
