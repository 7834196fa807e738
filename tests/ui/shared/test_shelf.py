"""The shelf: bounded in memory, on the disk always; and what it does where the disk cannot be used."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import URL, event

from cim_core.access import seeing
from cim_core.access.identity import of_account
from cim_core.intake.bundle import Bundle
from cim_core.store import ids
from cim_core.store.accounts import Accounts, Role
from cim_core.store.database import FILE, Database
from cim_core.store.logbook import Deed, Thing
from cim_core.store.store import Store
from cim_core.store.troubles import ConflictError, StoreError, Trouble
from ui.shared import shelf as module
from ui.shared.shelf import LARGE, OWN, SET, NewVersion, Shelf


def opening(folder: Path):
    return lambda: Store(Database(URL.create("sqlite", database=str(folder / FILE))))


def new(content: bytes, after: str = "") -> NewVersion:
    digest = ids.digest(content)
    return NewVersion("x", Bundle().with_file("x", digest).dumps(), {digest: ("x", content)}, after)


class Broken:
    """A store that cannot be opened until it is mended."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.asked, self.mended = folder, 0, False

    def __call__(self) -> Store:
        self.asked += 1
        if not self.mended:
            raise StoreError(Trouble.LOCKED, "here")
        return opening(self.folder)()


def full(shelf: Shelf, pages: int) -> None:
    """Let no database of the shelf grow beyond so many pages."""
    engine = shelf._opened().database.engine
    engine.dispose()
    event.listen(
        engine, "begin", lambda one: one.exec_driver_sql(f"PRAGMA max_page_count = {pages}"), insert=True
    )


def test_what_is_in_memory_is_bounded_and_the_rest_is_on_the_disk(tmp_path: Path):
    shelf = Shelf(opening(tmp_path), most=2_500)
    contents = [bytes([n]) * 1_000 for n in range(5)]
    for content in contents:
        shelf.put_version(new(content))
    assert len(shelf._memory) == 2
    assert [shelf.get(ids.digest(content)) for content in contents] == [("x", each) for each in contents]
    assert sum(used.size for used in shelf._memory.values()) <= 2_500


def test_what_nobody_uses_leaves_the_memory(tmp_path: Path):
    shelf = Shelf(opening(tmp_path))
    shelf.put_version(new(b"x" * 100))
    assert shelf.let_go(60) == 0 and shelf.let_go(0) == 100 and not shelf._memory
    assert shelf.get(ids.digest(b"x" * 100)) == ("x", b"x" * 100)


def test_a_key_gives_only_what_it_names(tmp_path: Path):
    shelf = Shelf(opening(tmp_path))
    draft = shelf.put("a scenario", b"schema = 1", LARGE)
    assert shelf.get(draft) == ("a scenario", b"schema = 1")
    assert shelf.get(draft.replace(LARGE, OWN)) is None
    for key in ("", SET, f"{SET}../../etc", OWN + "x" * 10_000, "x" * 10_000, f"{SET}\0"):
        assert shelf.get(key) is None and not shelf.has(key)


def test_texts_are_read_as_they_are_now(tmp_path: Path):
    shelf, other = Shelf(opening(tmp_path)), Shelf(opening(tmp_path))
    key = shelf.put("Ours", b"x", OWN)
    assert other.titles(OWN) == {key: "Ours"} and other.get(key) == ("Ours", b"x")
    shelf.write(lambda store: store.delete(Thing.RULEBOOK, key.removeprefix(OWN)))
    assert other.get(key) is None and other.titles(OWN) == {}


def test_on_a_full_disk_what_was_saved_is_still_read_and_new_things_are_kept_in_memory(tmp_path: Path):
    shelf = Shelf(opening(tmp_path))
    first = shelf.put_version(new(b"first"))
    full(shelf, 60)
    large = b"y" * 10**6
    second = shelf.put_version(new(large, first))
    assert shelf.trouble is not None and shelf.trouble.trouble is Trouble.FULL
    assert shelf.get(first) is not None and shelf.get(second) is not None
    assert shelf.get(ids.digest(large)) == ("x", large)
    assert len(shelf.datasets()) == 2
    assert opening(tmp_path)().datasets()[0].versions == 1


def test_what_was_kept_in_memory_goes_into_the_store_once_it_can(tmp_path: Path, monkeypatch):
    broken = Broken(tmp_path)
    shelf = Shelf(broken)
    first = shelf.put_version(new(b"first"))
    text = shelf.put("Ours", b"x", OWN)
    assert shelf.trouble is not None
    asked = broken.asked
    shelf.put("Another", b"y", OWN)
    assert broken.asked == asked, "not tried at each click"
    broken.mended = True
    monkeypatch.setattr(module, "monotonic", lambda: 1e12)
    later = shelf.put_version(new(b"second", first))
    assert shelf.trouble is None
    again = Shelf(opening(tmp_path))
    assert again.get(first) is not None and again.get(later) is not None and again.get(text) == ("Ours", b"x")
    (dataset,) = again.datasets()
    assert dataset.versions == 2


def test_a_conflict_is_no_trouble(tmp_path: Path):
    shelf = Shelf(opening(tmp_path))
    first = shelf.put_version(new(b"first"))
    shelf.put_version(new(b"second", first))
    with pytest.raises(ConflictError):
        shelf.put_version(new(b"third", first))
    assert shelf.trouble is None


def test_what_is_taken_away_as_a_file_is_in_the_log(tmp_path: Path):
    shelf = Shelf(opening(tmp_path))
    shelf.note("placements.csv")
    (line,) = shelf.read(lambda store: store.log()) or []
    assert (line.what, line.kind, line.said) == (Deed.EXPORTED, Thing.DOWNLOAD, "placements.csv")


@pytest.mark.parametrize("role", [Role.PRESENTER, Role.LEA_VIEWER])
def test_what_somebody_of_few_rights_kept_while_the_store_was_away_comes_into_it(tmp_path, role):
    """Bringing it in is not taking in a ZIP, which they may not."""
    database = Database(URL.create("sqlite", database=str(tmp_path / "store.sqlite3")))
    made = Accounts(database).add("pia", "Pia", role, "Alder", ("x",) if role is Role.LEA_VIEWER else ())
    who, is_away = of_account(made), [True]

    def opening() -> Store:
        if is_away[0]:
            raise StoreError(Trouble.UNREACHABLE)
        return seeing.opened(database, who, place="10.1.2.0/24")

    shelf = Shelf(
        opening, spare=lambda memory: seeing.opened(memory, replace(who, workspace=""), place="10.1.2.0/24")
    )
    kept = shelf.put("a draft", b"text", LARGE)
    assert shelf.trouble is not None
    is_away[0], shelf._writing.until, shelf._reading.until = False, 0.0, 0.0
    shelf.write_quietly(lambda store: store.set("any", "thing"))
    assert shelf.trouble is None and Shelf(opening).get(kept) == ("a draft", b"text")
    lines = Store(database, who.workspace).log()
    assert {line.place for line in lines if line.who == "pia"} <= {"10.1.2.0/24", ""}
    database.close()
