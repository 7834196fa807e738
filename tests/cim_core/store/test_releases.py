"""A database of each earlier release opens with everything in it, whenever the step up is cut short."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import URL

from cim_core.store import migrating
from cim_core.store.checking import check
from cim_core.store.database import FILE, Database
from cim_core.store.logbook import Deed, Thing
from cim_core.store.store import Store
from tests.cim_core.store.releases import make
from tests.conftest import ROOT, in_gate

RELEASES = sorted(make.HERE.glob("*.sql"))
OPENS = """
import sys
from sqlalchemy import URL
from cim_core.store.database import Database
print("begun", flush=True)
Database(URL.create("sqlite", database=sys.argv[1]))
"""


def of_release(release: Path, folder: Path) -> URL:
    """A database as that release left it."""
    path = folder / FILE
    with sqlite3.connect(path) as connection:
        connection.executescript(release.read_text("utf-8"))
    connection.close()
    return URL.create("sqlite", database=str(path))


def all_is_there(store: Store) -> None:
    assert store.workspace == make.WORKSPACE
    (dataset,) = store.datasets()
    assert (dataset.id, dataset.name, dataset.newest) == (make.DATASET, "Region", make.VERSION)
    version = store.version(make.VERSION)
    assert version is not None and version.bundle == make.BUNDLE.dumps()
    assert store.file(make.BUNDLE.parts[0].digest) == ("oak.csv", make.CONTENT)
    scenario, rules, note = map(store.text, (make.SCENARIO, make.RULEBOOK, make.GONE))
    assert scenario is not None and (scenario.name, scenario.text) == ("Lower", "schema = 1\n")
    assert rules is not None and rules.deleted is None
    assert note is not None and note.deleted is not None
    assert store.setting("last") == "region?data=x"
    (line,) = store.log()
    assert (line.who, line.what, line.kind, line.id) == ("maria", Deed.SAVED, Thing.DATASET, make.VERSION)
    found = check(store.database)
    assert not found.wrong, found.wrong


def test_there_is_one_of_each_release():
    assert [path.stem for path in RELEASES] == [f"{n:04}" for n in range(1, len(RELEASES) + 1)]
    assert RELEASES[-1].stem == migrating.newest()


@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.stem)
def test_it_opens_with_everything_in_it(tmp_path: Path, release: Path):
    store = Store(Database(of_release(release, tmp_path)))
    all_is_there(store)
    kept = store.keep_text(Thing.SCENARIO, "Higher", "schema = 1")
    assert {one.id for one in store.texts(Thing.SCENARIO)} == {kept, make.SCENARIO}
    store.set("last", "elsewhere")
    store.describe_dataset(make.DATASET, store.datasets()[0].version, "Region", "a new note")
    assert store.datasets()[0].note == "a new note"


@pytest.mark.parametrize(("release", "note"), [("0001", ""), ("0002", "to ask CDE")])
def test_what_a_release_added_has_a_value(tmp_path: Path, release: str, note: str):
    store = Store(Database(of_release(make.HERE / f"{release}.sql", tmp_path)))
    assert store.datasets()[0].note == note


def test_killed_in_the_middle_of_the_step_it_still_opens_with_everything(tmp_path: Path):
    drawn = random.Random(2)
    for number in range(5 if in_gate() else 50):
        folder = tmp_path / str(number)
        folder.mkdir()
        where = of_release(RELEASES[0], folder)
        process = subprocess.Popen(
            [sys.executable, "-c", OPENS, str(where.database)], stdout=subprocess.PIPE, cwd=ROOT
        )
        assert process.stdout is not None and process.stdout.readline()
        for _ in range(drawn.randint(0, 1_000_000)):
            pass
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        store = Store(Database(where))
        all_is_there(store)
        store.database.close()
