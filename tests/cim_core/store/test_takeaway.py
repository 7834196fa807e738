"""A workspace taken away has everything in open formats, and taken in it is the same again."""

from __future__ import annotations

import csv
import io
import json
import random
import tracemalloc
import zipfile
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cim_core.intake.bundle import Bundle
from cim_core.store import away_form, ids, merging, takeaway
from cim_core.store.away_form import cell, read_cell
from cim_core.store.faults import Refusal, RefusedError
from cim_core.store.logbook import Deed, Thing
from cim_core.store.store import Store
from tests.cim_core.store.away import another as another  # a fixture
from tests.cim_core.store.away import exported, fill, in_memory, kept, log, members
from tests.conftest import examples


def test_taken_in_it_is_the_same_again(store: Store, another: Store):
    fill(store)
    before = exported(store)
    done = merging.import_(another, io.BytesIO(before))
    assert done.copies == [] and done.here == 0 and done.name == "My SELPA"
    assert exported(another) == before
    assert log(another) == log(store)
    assert another.datasets() == store.datasets() and another.datasets(True) == store.datasets(True)
    for kind in Thing:
        assert another.texts(kind) == store.texts(kind)
        assert another.texts(kind, True) == store.texts(kind, True)
    for dataset in (*store.datasets(), *store.datasets(True)):
        assert another.versions(dataset.id) == store.versions(dataset.id)
    assert another.size() == store.size()
    assert [line.what for line in another.log(kind=Thing.WORKSPACE)] == [Deed.EXPORTED, Deed.IMPORTED]


NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
WHAT = ("version", "text", "set", "delete", "describe", "back")
STEPS = st.lists(
    st.tuples(st.sampled_from(WHAT), NAMES, st.integers(0, 9)),
    max_size=20,
)


def take_step(store: Store, what: str, name: str, number: int) -> None:
    datasets = store.datasets()
    if what == "version":
        versions = ["", *(dataset.newest for dataset in datasets)]
        kept(store, name, name.encode(), str(number).encode(), after=versions[number % len(versions)])
    elif what == "text":
        store.keep_text(list(Thing)[number], name, name * number)
    elif what == "set":
        store.set(name, name * number)
    elif what == "back":
        for dataset in store.datasets(deleted=True)[:number]:
            store.take_back(Thing.DATASET, dataset.id)
    elif datasets:
        dataset = datasets[number % len(datasets)]
        if what == "delete":
            store.delete(Thing.DATASET, dataset.id)
        else:
            store.describe_dataset(dataset.id, dataset.version, name, str(number))


@settings(max_examples=examples(50))
@given(STEPS)
def test_whatever_was_done_it_is_the_same_again(steps):
    first, second = in_memory(), in_memory()
    for step in steps:
        take_step(first, *step)
    before = exported(first)
    merging.import_(second, io.BytesIO(before))
    assert exported(second) == before and log(second) == log(first)
    merging.import_(second, io.BytesIO(before))
    assert exported(second) == before
    first.database.close()
    second.database.close()


def test_nothing_of_the_machine_or_the_moment_is_in_it(store: Store):
    fill(store)
    first = exported(store)
    assert exported(store) == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {about.date_time for about in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {about.create_system for about in archive.infolist()} == {3}
    assert store.database.said_where.encode() not in first


def test_no_name_that_somebody_gave_is_the_name_of_an_entry(store: Store):
    fill(store)
    assert all(away_form.ENTRY.fullmatch(name) for name in members(exported(store)))


def test_any_program_reads_it(store: Store):
    fill(store)
    parts = members(exported(store))
    for name, content in parts.items():
        if name.startswith("versions/"):
            jsonschema.validate(json.loads(content), json.loads(parts["schema/version.json"]))
        if name.endswith(".csv"):
            rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
            assert len(rows) > 1 and len({len(row) for row in rows}) == 1
            assert not [
                text for row in rows for text in row if text and text[0] != "'" and not text[0].isalnum()
            ]
    jsonschema.validate(json.loads(parts["workspace.json"]), json.loads(parts["schema/workspace.json"]))
    assert b"log.csv" in parts["README.txt"]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_cell_is_read_back_as_it_was(text):
    assert read_cell(away_form.DATASETS, "name", cell(text)) == text


def test_what_packs_as_well_as_a_bomb_comes_back(store: Store, another: Store):
    kept(store, "zeros", b"\0" * 3_000_000)
    kept(store, "half", random.Random(1).randbytes(10_000) + b"\0" * 3_000_000)
    before = exported(store)
    merging.import_(another, io.BytesIO(before))
    assert exported(another) == before


def test_files_are_not_in_memory_at_once(tmp_path: Path, store: Store, another: Store):
    size, number = 2**20, 24
    drawn = random.Random(1)
    for at in range(number):
        kept(store, f"{at}", drawn.randbytes(size))
    target = tmp_path / "away.zip"
    tracemalloc.start()
    takeaway.export(store, target)
    merging.import_(another, target)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < size * number / 2, peak
    assert another.size() == size * number


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path, store: Store):
    target = tmp_path / "away.zip"
    target.write_bytes(b"mine")
    for path, refusal in ((target, Refusal.FILE_EXISTS), (tmp_path / "no" / "x", Refusal.CANNOT_WRITE)):
        with pytest.raises(RefusedError) as told:
            takeaway.export(store, path)
        assert told.value.refusal is refusal
    assert target.read_bytes() == b"mine" and store.log(kind=Thing.WORKSPACE) == []


def test_what_is_cut_short_leaves_no_file(tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch):
    fill(store)
    monkeypatch.setattr(takeaway.zipfile.ZipFile, "writestr", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        takeaway.export(store, tmp_path / "away.zip")
    assert not list(tmp_path.glob("*away*")) and not list(tmp_path.glob(".*"))


def test_an_export_is_of_one_moment(store: Store, monkeypatch: pytest.MonkeyPatch):
    kept(store, "first", b"1")
    add, other = takeaway.add, Store(type(store.database)(store.database.url))

    def add_while_others_write(archive, name, content, packed=True):
        if name != away_form.README:  # the moment is when something is read first
            kept(other, name, name.encode())
        add(archive, name, content, packed)

    monkeypatch.setattr(takeaway, "add", add_while_others_write)
    parts = members(exported(store))
    monkeypatch.undo()
    assert len([name for name in parts if name.startswith("versions/")]) == 1
    assert [name for name in parts if name.startswith("files/")] == [f"files/{ids.digest(b'1')}"]
    assert parts["log.csv"].count(b"\n") == 3
    other.database.close()


def test_a_dataset_without_files_comes_back(store: Store, another: Store):
    store.keep_version("empty", Bundle().dumps())
    before = exported(store)
    merging.import_(another, io.BytesIO(before))
    assert exported(another) == before
