"""Taken in beside what is there: nothing is lost, nothing comes twice, nothing comes by half."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from cim_core.store import ids, logbook, merging
from cim_core.store.accounts import Accounts, Role
from cim_core.store.faults import Fault, TakeInError
from cim_core.store.logbook import Deed, Thing
from cim_core.store.store import Store
from cim_core.words.disclosure import WORKING
from tests.cim_core.store.away import another as another  # a fixture
from tests.cim_core.store.away import changed, exported, fill, kept, lines, workspace

CASES = Path(__file__).parent.parent.parent / "fixtures" / "cases"
STUDENTS = (CASES / "R1_roster_room_number.csv").read_bytes()


def bring(store: Store, content: bytes) -> merging.Imported:
    return merging.import_(store, io.BytesIO(content))


def test_twice_changes_nothing_but_a_line(store: Store):
    fill(store)
    before = exported(store)
    done = bring(store, before)
    assert (done.datasets, done.versions, done.files, done.texts, done.settings, done.lines) == (0,) * 6
    assert exported(store) == before
    assert [line.what for line in store.log(kind=Thing.WORKSPACE)].count(Deed.IMPORTED) == 1
    assert [WORKING.say(said) for said in done.said][1].startswith("Here already")


def test_what_is_there_stays_and_what_is_new_comes(store: Store, another: Store):
    fill(store)
    kept(another, "theirs", b"theirs", b"shared")
    another.set("year", "2020-21")
    store.set("year", "2023-24")
    note = another.keep_text(Thing.NOTE, "theirs", "x")
    old = another.datasets()
    number = len(store.datasets())
    done = bring(another, exported(store))
    assert another.setting("year") == "2020-21" and another.text(note) is not None
    assert set(old) < set(another.datasets()) and len(another.datasets()) == number + 1
    assert done.copies == [] and done.here == 2, "the shared file and the setting"
    told, here = ({(line.at, line.said) for line in lines(one)} for one in (store, another))
    assert told < here
    again = exported(another)
    bring(another, exported(store))
    assert exported(another) == again


def forked(store: Store, another: Store) -> None:
    """The same dataset and note in two stores, changed in each."""
    first = kept(store, "Oak", b"1")
    note = store.keep_text(Thing.NOTE, "Oak", "first")
    bring(another, exported(store))
    kept(store, "Oak", b"2", after=first)
    store.change_text(note, 1, "Oak", "ours")
    kept(another, "Oak", b"3", after=first)
    another.change_text(note, 1, "Oak", "theirs")


def test_what_differs_comes_in_as_a_second_one(store: Store, another: Store):
    forked(store, another)
    done = bring(another, exported(store))
    assert "Oak, Oak" in WORKING.say(done.said[-1])
    assert done.copies == ["Oak", "Oak"] and (done.datasets, done.texts) == (1, 1)
    copy, mine = sorted(another.datasets(), key=lambda one: one.id == store.datasets()[0].id)
    assert copy.id not in (mine.id, "") and len(copy.id) == 16 and copy.id.isalnum()
    (ours,) = store.datasets()
    told = [[(one.number, one.bundle) for one in another.versions(id_)] for id_ in (mine.id, copy.id)]
    assert told[0] != told[1] == [(one.number, one.bundle) for one in store.versions(ours.id)]
    assert {one.text for one in another.texts(Thing.NOTE)} == {"ours", "theirs"}
    before = exported(another)
    again = bring(another, exported(store))
    assert again.copies == [] and exported(another) == before
    assert bring(store, exported(another)).copies, "and the other way round"


def test_an_older_state_of_the_same_adds_nothing(store: Store):
    first = kept(store, "Oak", b"1")
    before = exported(store)
    kept(store, "Oak", b"2", after=first)
    now = exported(store)
    assert bring(store, before).copies == [] and exported(store) == now


def test_what_was_deleted_here_comes_back_beside_it(store: Store):
    kept(store, "Oak", b"1")
    note = store.keep_text(Thing.NOTE, "Elm", "1")
    before = exported(store)
    (dataset,) = store.datasets()
    store.delete(Thing.DATASET, dataset.id)
    store.delete(Thing.NOTE, note)
    assert sorted(bring(store, before).copies) == ["Elm", "Oak"]
    assert len(store.datasets()) == 1 and len(store.texts(Thing.NOTE)) == 1
    assert len(store.datasets(deleted=True)) == 1
    now = exported(store)
    bring(store, before)
    assert exported(store) == now


def test_a_second_workspace_of_the_same_database_gets_its_own(store: Store):
    fill(store)
    before = exported(store)
    second = workspace(store)
    done = bring(second, before)
    assert done.texts == 20 and done.datasets == 20 and len(second.datasets()) == len(store.datasets())
    assert exported(store) == before
    now = exported(second)
    bring(second, before)
    assert exported(second) == now


def test_the_name_is_that_of_the_first_that_comes(store: Store, another: Store):
    content = exported(store)
    named = changed(content, "workspace.json", lambda text: text.replace(b"My SELPA", b"Oak SELPA"))
    assert bring(another, named).name == "Oak SELPA"
    kept(another, "x", b"x")
    bring(another, content)
    assert b"Oak SELPA" in exported(another)[:4000] or bring(store, exported(another)).name == "Oak SELPA"


def test_what_is_cut_short_leaves_nothing(store: Store, another: Store, monkeypatch: pytest.MonkeyPatch):
    fill(store)
    content, before = exported(store), exported(another)
    with pytest.raises(TakeInError):
        bring(another, changed(content, "log.csv", lambda text: text + b'"broken"\n'))
    monkeypatch.setattr(logbook, "add", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        bring(another, content)
    monkeypatch.undo()
    assert exported(another) == before and another.datasets() == [] and another.size() == 0


def test_a_file_about_single_students_is_not_taken_in(store: Store, another: Store):
    kept(another, "Oak", b"sound")
    kept(another, "Elm", b"sound", STUDENTS)
    fine, asked = exported(store), []

    def about_students(name: str, content: bytes) -> bool:
        asked.append((name, content))
        return content == STUDENTS

    with pytest.raises(TakeInError) as told:
        merging.import_(store, io.BytesIO(exported(another)), about_students)
    assert told.value.fault is Fault.STUDENTS
    said = WORKING.say(told.value.said)
    assert f"Elm (files/{ids.digest(STUDENTS)}) is about single students" in said
    assert sorted(asked) == sorted([("Oak", b"sound"), ("Elm", STUDENTS)])
    assert exported(store) == fine and not store.datasets()


def test_a_file_that_is_here_is_not_looked_at_again(store: Store, another: Store):
    kept(store, "Oak", b"here")
    kept(another, "Oak", b"here", b"new")
    asked: list[bytes] = []

    def about_students(name: str, content: bytes) -> bool:
        asked.append(content)
        return False

    merging.import_(store, io.BytesIO(exported(another)), about_students)
    assert asked == [b"new"] and len(store.datasets()) == 2


def test_where_people_have_accounts_nobody_can_say_that_another_did_something(store: Store, another: Store):
    fill(store)
    content = exported(store)
    Accounts(another.database).add("ana", "Ana", Role.DIRECTOR, "Alder")
    theirs = Store(another.database, Accounts(another.database).named("ana").workspace, "bo")
    done = merging.import_(theirs, io.BytesIO(content))
    assert done.datasets and not done.lines
    assert {line.who for line in theirs.log()} == {"ana", "bo"}
    assert [line.what for line in theirs.log()] == [Deed.IMPORTED, Deed.ACCOUNT_ADDED]
