"""What a role sees of what is kept, by the one function that everything asks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import URL

from cim_core.access.identity import Identity, Right
from cim_core.access.seeing import NotAllowedError, allowed, opened
from cim_core.data.dataset import lea_key
from cim_core.placing import checked_files
from cim_core.store.accounts import Accounts, Role
from cim_core.store.database import FILE, Database
from cim_core.store.logbook import Thing
from cim_core.store.store import Store
from tests.conftest import ROOT

MINE = (lea_key("9910112"),)


@pytest.fixture
def store(tmp_path) -> Iterator[Store]:
    made = Store(Database(URL.create("sqlite", database=str(tmp_path / FILE))))
    yield made
    made.database.close()


@pytest.fixture(scope="module")
def taken():
    return checked_files.read_path(ROOT / "sample_data" / "invented_selpa.csv")


def test_somebody_of_one_lea_gets_nothing_of_others(taken):
    seen = allowed(taken, MINE)
    assert set(seen.dataset.lea_key.tolist()) == set(MINE)
    assert not seen.problems and not seen.questions
    others = set(taken.dataset.lea_name.tolist()) - set(seen.dataset.lea_name.tolist())
    assert others and not [name for name in others if name in repr(seen.dataset.lea_name)]
    assert seen.dataset.digest != taken.dataset.digest


def test_whoever_may_see_all_gets_the_very_same(taken):
    assert allowed(taken, ()) is taken


def test_an_lea_that_is_not_there_leaves_nothing(taken):
    assert len(allowed(taken, ("1234567",)).dataset) == 0


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("right", Right)
def test_a_store_is_opened_for_those_who_have_the_right(store, role, right):
    accounts = Accounts(store.database)
    made = accounts.add("ana", "Ana", role, "Alder", MINE if role is Role.LEA_VIEWER else ())
    who = Identity(made.name, made.shown, role, made.workspace, made.leas, made.id)
    if not who.may(right):
        with pytest.raises(NotAllowedError):
            opened(store.database, who, right)
        return
    theirs = opened(store.database, who, right, "10.1.2.0/24")
    assert (theirs.workspace, theirs.who, theirs.place) == (made.workspace, "ana", "10.1.2.0/24")
    assert theirs.permits is who.permits


def test_of_another_workspace_nothing_is_there(store):
    kept = store.keep_text(Thing.RULEBOOK, "Ours", "text")
    made = Accounts(store.database).add("bo", "Bo", Role.DIRECTOR, "Birch")
    theirs = opened(store.database, Identity("bo", "Bo", Role.DIRECTOR, made.workspace))
    assert theirs.text(kept) is None and theirs.texts(Thing.RULEBOOK) == []
