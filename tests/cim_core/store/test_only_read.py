"""Where nothing can be written, what was kept is read: nothing is changed, and nothing made beside it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, make_url

from cim_core.store.database import FILE, Database
from cim_core.store.store import Store
from cim_core.store.troubles import StoreError, Trouble
from tests.cim_core.store.away import kept
from tests.conftest import ROOT

FULL = StoreError(Trouble.FULL, "here")


def at(folder: Path) -> URL:
    return URL.create("sqlite", database=str(folder / FILE))


def one_dataset(folder: Path) -> None:
    store = Store(Database(at(folder)))
    kept(store, "Oak", b"1")
    store.database.close()


def test_what_was_kept_is_read_and_nothing_is_written(tmp_path: Path):
    one_dataset(tmp_path)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    store = Store(Database(at(tmp_path), FULL))
    assert [of.name for of in store.datasets()] == ["Oak"]
    with pytest.raises(StoreError, match="full"):
        store.set("any", "thing")
    with pytest.raises(StoreError, match="full"):
        store.remove_old()
    store.database.close()
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_what_is_in_the_log_alone_is_read(tmp_path: Path):
    one_dataset(tmp_path)
    open_elsewhere = Store(Database(at(tmp_path)))
    kept(open_elsewhere, "Elm", b"2")
    store = Store(Database(at(tmp_path), FULL))
    assert {of.name for of in store.datasets()} == {"Oak", "Elm"}


def test_what_somebody_else_writes_is_noticed(tmp_path: Path):
    one_dataset(tmp_path)
    database = Database(at(tmp_path), FULL)
    assert not database.is_gone
    kept(Store(Database(at(tmp_path))), "Elm", b"2")
    assert database.is_gone


@pytest.mark.parametrize("trouble", [Trouble.LOCKED, Trouble.DAMAGED, Trouble.NEWER])
def test_other_troubles_stay_what_they_are(tmp_path: Path, trouble: Trouble):
    one_dataset(tmp_path)
    with pytest.raises(StoreError) as told:
        Database(at(tmp_path), StoreError(trouble))
    assert told.value.trouble is trouble


@pytest.mark.parametrize("content", [None, b"", b"no database"])
def test_what_is_not_there_or_of_another_form_is_the_first_trouble(tmp_path: Path, content: bytes | None):
    if content is not None:
        (tmp_path / FILE).write_bytes(content)
    with pytest.raises(StoreError) as told:
        Database(at(tmp_path), FULL)
    assert told.value is FULL
    with pytest.raises(StoreError):
        Database(make_url("sqlite://"), FULL)


READS = """
import os
from sqlalchemy import make_url
from cim_core.store.database import Database
from cim_core.store.store import Store
from cim_core.store.troubles import StoreError
from cim_core.access.identity import LOCAL
from ui.shared.shelf import _open
Store(Database(make_url("sqlite://")))
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
store = _open(LOCAL)
print(store.database.only_read.trouble, [of.name for of in store.datasets()])
try:
    store.set("any", "thing")
except StoreError as error:
    print(error.trouble)
"""
"""Reads as somebody who may write nowhere; what is imported must be there before, and be used once."""


@pytest.fixture
def locked_folder() -> Iterator[Path]:
    """A folder with a store in which somebody else may only read."""
    folder = Path(tempfile.mkdtemp(prefix="cim-locked-"))
    one_dataset(folder)
    (folder / FILE).chmod(0o444)
    folder.chmod(0o555)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@pytest.mark.skipif(sys.platform == "win32", reason="folders there have other rights")
def test_a_folder_that_cannot_be_written(locked_folder: Path):
    told = {**os.environ, "CIM_DATA": str(locked_folder)}
    command = [sys.executable, "-c", READS]
    done = subprocess.run(command, cwd=ROOT, env=told, capture_output=True, text=True)
    if "os.setgroups" in done.stderr or "os.setuid" in done.stderr:
        pytest.skip("root may not be somebody else here")
    assert done.stdout == "read_only ['Oak']\nread_only\n", done.stderr
    assert [file.name for file in locked_folder.iterdir()] == [FILE]
