"""Where nothing can be written, or the file of the store is gone: nothing breaks or is said wrongly."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import make_url

from cim_core.rules import rulebook_file
from cim_core.store import merging
from cim_core.store.database import Database
from cim_core.store.logbook import Thing
from cim_core.store.store import Store
from cim_core.store.troubles import StoreError, Trouble
from cim_core.whatif import Scenario, scenario
from tests.changes import changes
from tests.ui.sent import bar
from tests.ui.test_library import home, library, press
from tests.ui.test_lost_files import linked
from tests.ui.test_pages import SILENT, app, fine, shown, upload
from ui.shared import saved_scenarios, shelf


@pytest.fixture
def full(monkeypatch):
    """From when it is called on, nothing can be written on the disk."""
    real = Database.writing

    @contextmanager
    def writing(self) -> Iterator[object]:
        if self.path is not None:
            raise StoreError(Trouble.FULL, "here")
        with real(self) as connection:
            yield connection

    return lambda: monkeypatch.setattr(Database, "writing", writing)


def made(value: int = 60) -> Scenario:
    raw = rulebook_file.read_raw(rulebook_file.DEFAULT)[0]
    changed = scenario.new(rulebook_file.DEFAULT, raw).changed(
        changes({"targets.5a.value": Decimal(value)})
    )  # fmt: skip
    return replace(changed, name="Lower")


def test_everything_is_taken_away_also_from_a_full_disk(downloads, full):
    at = library(upload(app(), "oak.csv", SILENT))
    at.session_state["library_away"] = True
    fine(at.run())
    full()
    upload(app(), "elm.csv", SILENT.replace(b"Oak", b"Elm"))
    other = Store(Database(make_url("sqlite://")))
    merging.import_(
        other, io.BytesIO(next(made for name, made in downloads.items() if name.endswith(".zip"))())
    )
    assert {of.name for of in other.datasets()} == {"oak.csv", "elm.csv"}


def test_at_a_start_on_a_full_disk_what_was_kept_is_read(full, monkeypatch):
    link = upload(app(), "oak.csv", SILENT).query_params["data"]
    whole = Database.writing
    full()
    shelf.of_workspace.clear()
    at = home(fine(app(data=link).run()))
    assert "is full" in shown(at) and "My SELPA" in bar(at)
    upload(app(), "elm.csv", SILENT.replace(b"Oak", b"Elm"))
    assert {of.name for of in shelf.shelf().datasets()} == {"oak.csv", "elm.csv"}
    monkeypatch.setattr(Database, "writing", whole)
    shelf.shelf().write_quietly(lambda store: store.set("any", "thing"))
    assert shelf.shelf().trouble is not None, "not tried at each click"
    monkeypatch.setattr(shelf, "monotonic", lambda: 1e12)
    shelf.shelf().write(lambda store: store.set("any", "thing"))
    assert shelf.shelf().trouble is None
    assert {of.name for of in shelf.shelf()._opened().datasets()} == {"oak.csv", "elm.csv"}


def test_a_copy_is_made_in_memory(full):
    at = library(upload(app(), "oak.csv", SILENT))
    full()
    press(at, "duplicate_dataset")
    assert {of.name for of in shelf.shelf().datasets()} == {"oak.csv", "oak.csv (copy)"}


def test_a_scenario_that_cannot_take_the_place_of_another_stands_beside_it(full):
    saved_scenarios.save(made())
    full()
    saved_scenarios.save(replace(made(), note="why"))
    assert [one.note for one in saved_scenarios.saved().values()] == ["", "why"]


def test_a_name_that_cannot_be_changed_says_why(full):
    at = library(upload(app(), "oak.csv", SILENT))
    (of,) = shelf.shelf().datasets()
    at.session_state[f"rename_dataset_{of.id}"] = True
    fine(at.run())
    full()
    fine(at.text_input(key=f"new_name_dataset_{of.id}").set_value("Mine").run())
    press(at, "do_rename_dataset")
    assert "is full" in at.warning[0].value and "another window" not in shown(at)


def test_what_is_in_memory_alone_is_not_called_saved_because_somebody_else_saved():
    kept, locked, begun, goes_on = shelf.shelf(), Event(), Event(), Event()

    def ours(store: Store) -> str:
        if store.database.path is not None:
            locked.wait(10)
            raise StoreError(Trouble.LOCKED, "here")
        return store.keep_text(Thing.SCENARIO, "ours", "")

    def theirs(store: Store) -> str:
        begun.set()
        goes_on.wait(10)
        return store.keep_text(Thing.SCENARIO, "theirs", "")

    threads = [Thread(target=kept.write, args=(work,)) for work in (ours, theirs)]
    for thread in threads:
        thread.start()
    begun.wait(10)
    locked.set()
    threads[0].join()
    goes_on.set()
    threads[1].join()
    assert kept.trouble is not None
    kept.write(lambda store: store.set("any", "thing"))
    assert kept.trouble is None
    assert {of.name for of in kept._opened().texts(Thing.SCENARIO)} == {"ours", "theirs"}


def test_a_file_that_was_moved_away_is_not_written_any_longer(own_store: Path):
    upload(app(), "oak.csv", SILENT)
    for file in own_store.glob("store.sqlite3*"):
        file.unlink()
    upload(app(), "elm.csv", SILENT.replace(b"Oak", b"Elm"))
    shelf.of_workspace.clear()
    assert [of.name for of in shelf.shelf().datasets()] == ["elm.csv"]


def test_two_scenarios_of_one_name_are_both_in_the_list():
    saved_scenarios.save(made(60))
    first = saved_scenarios.held()["Lower"]
    saved_scenarios.delete("Lower")
    saved_scenarios.save(made(61))
    saved_scenarios.take_back(first.id)
    assert list(saved_scenarios.held()) == ["Lower", "Lower 2"]
    saved_scenarios.delete("Lower 2")
    assert [one.id for one in saved_scenarios.held().values()] == [first.id]


def test_an_id_of_something_else_is_no_rulebook_and_no_list():
    saved_scenarios.save(made())
    id_ = saved_scenarios.held()["Lower"].id
    for key, kind in (("rulebook", shelf.OWN), ("mine", shelf.LIST), ("scenario", shelf.LARGE)):
        at = fine(app(data="sample", **{key: kind + id_}).run())
        assert not at.error, key


def test_a_scenario_that_cannot_be_read_is_listed_and_can_be_deleted(downloads):
    shelf.shelf().write(lambda store: store.keep_text(Thing.SCENARIO, "Odd", "no [scenario"))
    at = library(fine(app(data="sample").run()))
    assert "Odd" in shown(at)
    fine(at.switch_page("pages/whatif.py").run())
    (one,) = saved_scenarios.held().values()
    assert saved_scenarios.rename(one.id, one.version, "Odder")
    assert shelf.shelf().texts(Thing.SCENARIO)[0].text == "no [scenario"
    press(library(at), "delete_0")
    assert not saved_scenarios.held()


@pytest.mark.parametrize("start", ["https://elsewhere.example/x", "javascript:x//", "//[", "http://["])
def test_a_way_on_that_leads_elsewhere_is_not_offered(start):
    at = home(upload(app(), "oak.csv", SILENT))
    assert "Go on with" in shown(fine(app().run()))
    link = f"{start}?data={linked(at)['data']}"
    shelf.shelf().write(lambda store: store.set("last", link))
    assert "Go on with" not in shown(fine(app().run()))


def test_a_workspace_whose_name_is_no_text_is_not_taken_in():
    whole, changed = io.BytesIO(shelf.shelf().packed()), io.BytesIO()
    with zipfile.ZipFile(whole) as packed, zipfile.ZipFile(changed, "w") as odd:
        for name in packed.namelist():
            odd.writestr(name, packed.read(name).replace(b'"My SELPA"', b'"\\ud800"'))
    at = library(fine(app().run()))
    at.session_state["library_away"] = True
    fine(at.run())
    at.file_uploader[0].set_value(("all.zip", changed.getvalue(), "application/zip")).run()
    assert "Nothing was taken in" in fine(at).error[0].value
