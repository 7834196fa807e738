"""What may not be read is not there, and what may not be changed stays as it is."""

from __future__ import annotations

import io

import pytest

from cim_core.access.identity import PERMITS
from cim_core.intake.bundle import Bundle
from cim_core.store import merging, takeaway
from cim_core.store.accounts import Role
from cim_core.store.logbook import Deed, Thing
from cim_core.store.permits import EVERYTHING, NotPermittedError, Permits
from cim_core.store.store import Store

NOTHING = Permits(frozenset(), frozenset())


def same(store: Store, permits: Permits) -> Store:
    return Store(store.database, store.workspace, "eve", "10.1.2.0/24", permits)


@pytest.fixture
def ids(store: Store) -> dict[Thing, str]:
    kinds = (Thing.SCENARIO, Thing.RULEBOOK, Thing.LIST, Thing.NOTE, Thing.DECK, Thing.DRAFT, Thing.MAPPING)
    return {kind: store.keep_text(kind, "a name", "a text") for kind in kinds}


@pytest.mark.parametrize("role", Role)
def test_each_kind_is_read_and_changed_by_whom_it_is_for(store, ids, role):
    permits, theirs = PERMITS[role], same(store, PERMITS[role])
    for kind, id_ in ids.items():
        assert (theirs.text(id_) is not None) is (kind in permits.reads)
        assert bool(theirs.texts(kind)) is (kind in permits.reads)
        works = (
            lambda kind=kind: theirs.keep_text(kind, "another", "text"),
            lambda kind=kind, id_=id_: theirs.delete(kind, id_),
            lambda kind=kind, id_=id_: theirs.take_back(kind, id_),
        )
        for work in works:
            if kind in permits.writes:
                work()
                continue
            with pytest.raises(NotPermittedError):
                work()
        if kind in permits.reads - permits.writes:
            with pytest.raises(NotPermittedError):
                theirs.change_text(id_, 1, "other", "other")


def test_an_lea_viewer_reads_no_kind_that_names_others():
    assert not PERMITS[Role.LEA_VIEWER].reads & {Thing.SCENARIO, Thing.LIST, Thing.NOTE, Thing.DECK}
    assert not PERMITS[Role.LEA_VIEWER].reads & {Thing.WORKSPACE}


def test_nothing_else_changes_what_is_kept(store):
    version = store.keep_version("Oak", Bundle().dumps())
    (dataset,) = store.datasets()
    nothing, before = same(store, NOTHING), takeaway_of(store)
    for work in (
        lambda: nothing.keep_version("Elm", Bundle(accepted=frozenset({"x"})).dumps()),
        lambda: nothing.keep_version("Elm", Bundle(accepted=frozenset({"x"})).dumps(), after=version),
        lambda: nothing.describe_dataset(dataset.id, dataset.version, "Elm", "a note"),
        lambda: nothing.delete(Thing.DATASET, dataset.id),
        lambda: takeaway.export(nothing, io.BytesIO()),
        lambda: merging.import_(nothing, io.BytesIO(before)),
    ):
        with pytest.raises(NotPermittedError):
            work()
    assert nothing.log() == [] and nothing.log_size() == 0
    assert takeaway_of(store) == before


def test_what_is_done_says_from_where(store):
    same(store, EVERYTHING).note(Deed.REFUSED, Thing.DATASET, "", "data")
    (line,) = store.log(searched="10.1.2")
    assert (line.who, line.what, line.place) == ("eve", Deed.REFUSED, "10.1.2.0/24")


def takeaway_of(store: Store) -> bytes:
    target = io.BytesIO()
    with store.database.snapshot() as connection:
        takeaway.write(connection, store.workspace, target)
    return target.getvalue()
