"""What is shown as saved is saved; where that cannot be, every page says so; the second of two is told."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cim_core.store.database import FILE
from tests.ui.sent import bar
from tests.ui.test_library import home
from tests.ui.test_lost_files import linked, opened
from tests.ui.test_pages import PAGES, SILENT, app, fine, shown, step, upload
from ui.shared import open_files, shelf


def newest() -> str:
    return shelf.SET + shelf.shelf().datasets()[0].newest


def answer(at: AppTest, said: str) -> AppTest:
    return fine(step(at, "questions").radio(key="silent_elements").set_value(said).run())


def test_when_it_was_saved_stands_in_the_header():
    at = home(upload(app(), "oak.csv", SILENT))
    assert ">saved " in shown(at) and "not saved" not in shown(at)
    assert ">saved " not in shown(fine(app(data="sample").run()))


@pytest.mark.parametrize("keep", ["together", "theirs", "ours", "both"])
def test_the_second_of_two_windows_chooses(keep):
    at = upload(app(), "oak.csv", SILENT)
    first = at.query_params["data"]
    other = fine(opened(**linked(at)).run())
    upload(other, "elm.csv", SILENT.replace(b"9900001", b"9900002"))
    theirs = newest()
    answer(at, "none")
    assert at.query_params["data"] == first
    said = shown(home(at))
    assert "“oak.csv” has a later version" in said and "not saved" in said
    assert "In the later version: elm.csv was added." in said and "In yours: taken as none: " in said
    assert "could be" not in said, "nothing else can be done before"
    fine(at.button(key=f"keep_{keep}").click().run())
    now = at.query_params["data"]
    assert now not in (first, theirs)
    assert (shelf.shelf().get(now) == shelf.shelf().get(theirs)) is (keep == "theirs")
    datasets = shelf.shelf().datasets()
    assert [of.versions for of in datasets] == {"together": [3], "theirs": [4], "ours": [3], "both": [1, 2]}[
        keep
    ]
    assert "has a later version" not in shown(home(at))
    files = [part.file for part in open_files.bundle_of(now).parts]
    assert files == {"both": ["oak.csv"], "ours": ["oak.csv"]}.get(keep, ["oak.csv", "elm.csv"])
    assert ("elements" in linked(at).get("assume", "")) is (keep != "theirs")


def test_every_page_works_where_nothing_can_be_saved_and_says_so(own_store: Path):
    (own_store / FILE).write_bytes(b"not a database at all" * 1_000)
    at = upload(app(), "oak.csv", SILENT)
    for path in PAGES:
        fine(at.switch_page(f"pages/{path.name}").run())
    home(at)
    assert "is damaged" in shown(at) and "Nothing you do now is saved" in shown(at)
    assert "not saved" in shown(at) and "My SELPA" in bar(at)
    assert (own_store / FILE).read_bytes().startswith(b"not a database at all")


def test_what_was_done_without_saving_is_saved_once_that_is_possible(own_store: Path):
    upload(app(), "oak.csv", SILENT)
    shelf.shelf()._opened().database.close()
    other = sqlite3.connect(own_store / FILE, isolation_level=None)
    shelf.shelf()._store = None
    other.execute("PRAGMA locking_mode=EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    at = upload(app(), "elm.csv", SILENT.replace(b"Oak", b"Elm"))
    assert "not saved" in shown(home(at))
    other.execute("ROLLBACK")
    other.close()
    shelf.shelf()._reading.until = shelf.shelf()._writing.until = 0.0
    answer(at, "none")
    assert "saved " in shown(home(at)) and "not saved" not in shown(at)
    shelf.of_workspace.clear()
    kept = {of.name: of.versions for of in shelf.shelf().datasets()}
    assert kept == {"oak.csv": 1, "elm.csv": 2}, "what was done in between is there, step by step"
    assert "My SELPA" in bar(fine(opened(**linked(at)).run()))
