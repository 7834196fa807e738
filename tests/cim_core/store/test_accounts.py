"""Accounts, passes and sign-ins on each kind of database: nothing that lets in is kept as it is."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from cim_core.store import ids
from cim_core.store.accounts import Accounts, NameTakenError, PassKind, Role
from cim_core.store.schema import TABLES, log
from cim_core.store.sign_ins import IDLE, LOCKED, LONGEST, SignIns
from cim_core.store.store import Store

HOUR = timedelta(hours=1)


@pytest.fixture
def into(store: Store) -> SignIns:
    return SignIns(store.database)


@pytest.fixture
def clock(monkeypatch) -> Iterator[list[datetime]]:
    """A moment that a test moves."""
    now = [datetime(2026, 11, 30, 9, tzinfo=UTC)]
    monkeypatch.setattr(ids, "now", lambda: now[0])
    yield now


def everything(into: SignIns) -> str:
    """Every value of every table, as text."""
    with into.database.reading() as connection:
        return repr([connection.execute(select(table)).all() for table in TABLES.sorted_tables])


def test_an_account_works_in_the_workspace_of_its_selpa(into):
    one, other = (
        into.accounts.add(name, "", Role.DIRECTOR, selpa) for name, selpa in (("Ana", "A"), ("Bo", "B"))
    )
    assert into.accounts.add("Cy", "", Role.PRESENTER, "A").workspace == one.workspace != other.workspace
    assert into.accounts.named(" ANA ") == one and into.accounts.with_id(one.id) == one
    assert [each.name for each in into.accounts.all()] == ["ana", "bo", "cy"]
    with pytest.raises(NameTakenError):
        into.accounts.add("aNa", "", Role.DIRECTOR, "B")


def test_nothing_that_lets_in_is_kept_as_it_is(into):
    made = into.accounts.add("ana", "", Role.DIRECTOR, "A")
    tokens = [into.begin(made, "10.0.0.0/24"), into.accounts.make_pass(made.id, PassKind.SET_UP, HOUR)]
    tokens.append(into.accounts.make_pass(made.id, PassKind.ENTER, HOUR, "visitor"))
    kept = everything(into)
    assert not [token for token in (*tokens, "visitor") if token in kept]
    assert len(set(tokens)) == 3 and min(map(len, tokens)) > 40


def test_a_sign_in_ends_after_eight_hours_or_an_hour_of_nothing(into, clock):
    made = into.accounts.add("ana", "", Role.DIRECTOR, "A")
    token = into.begin(made, "")
    for _ in range(9):
        clock[0] += timedelta(minutes=50)
        assert into.who(token) == made
    clock[0] += LONGEST
    assert into.who(token) is None
    watched = into.begin(made, "")
    for _ in range(13):
        seen = into.who(watched, there=False)
        clock[0] += timedelta(minutes=5)
    assert seen is not None and into.who(watched) is None
    again = into.begin(made, "")
    clock[0] += IDLE + timedelta(seconds=1)
    assert into.who(again) is None


@pytest.mark.parametrize("deed", ["end", "disable", "password"])
def test_it_ends_at_once(into, deed):
    made = into.accounts.add("ana", "", Role.DIRECTOR, "A")
    tokens = [into.begin(made, ""), into.begin(made, "")]
    if deed == "end":
        into.end(tokens[0], "")
        assert into.who(tokens[0]) is None and into.who(tokens[1]) is not None
        return
    if deed == "disable":
        into.accounts.disable(made.id)
    else:
        into.accounts.set_password(made.id, "hash")
    assert [into.who(token) for token in tokens] == [None, None]


def test_a_pass_is_used_once_by_the_browser_it_was_made_for(into, clock):
    made = into.accounts.add("ana", "", Role.DIRECTOR, "A")
    token = into.accounts.make_pass(made.id, PassKind.ENTER, HOUR, "mine")
    assert into.accounts.use_pass(token, PassKind.ENTER, "another") is None
    assert into.accounts.use_pass(token, PassKind.SET_UP, "mine") is None
    assert into.accounts.use_pass(token, PassKind.ENTER, "mine") == made
    assert into.accounts.use_pass(token, PassKind.ENTER, "mine") is None
    late = into.accounts.make_pass(made.id, PassKind.SET_UP, HOUR)
    assert into.accounts.has_pass(late, PassKind.SET_UP) == made
    clock[0] += 2 * HOUR
    assert into.accounts.has_pass(late, PassKind.SET_UP) is None


def test_failures_lock_and_the_lock_passes(into, clock):
    for _ in range(5):
        assert not into.is_locked({"name ana": 5, "place": 25})
    assert into.is_locked({"name ana": 5}) and not into.is_locked({"name bo": 5})
    clock[0] += LOCKED - timedelta(seconds=1)
    assert into.is_locked({"name ana": 5, "place": 25})
    clock[0] += timedelta(seconds=2)  # what was tried while it was locked made it no longer
    assert not into.is_locked({"name ana": 5})


def test_what_was_no_failure_is_not_counted(into):
    for _ in range(40):
        assert not into.is_locked({"name ana": 5, "place": 25})
        into.passed("name ana", "place")
    for _ in range(25):
        assert not into.is_locked({"place": 25})
    assert into.is_locked({"place": 25})


def test_of_many_at_once_no_more_are_let_through(into):
    """The count and the look at it are one step: otherwise all that come at once would see the same count."""
    with ThreadPoolExecutor(8) as threads:
        locked = list(threads.map(lambda _: into.is_locked({"name ana": 5}), range(24)))
    assert locked.count(False) == 5


def test_the_newest_link_alone_is_good(into):
    made = into.accounts.add("ana", "Ana Ruiz", Role.DIRECTOR, "A")
    first, second = (into.accounts.make_pass(made.id, PassKind.SET_UP, HOUR) for _ in range(2))
    assert into.accounts.has_pass(first, PassKind.SET_UP) is None
    assert into.accounts.has_pass(second, PassKind.SET_UP) == made


def test_the_log_says_who_from_where(into, store):
    made = into.accounts.add("ana", "Ana Ruiz", Role.DIRECTOR, "A")
    into.end(into.begin(made, "10.1.2.0/24"), "10.1.2.0/24")
    into.refused(made, "10.9.9.0/24")
    with into.database.reading() as connection:
        lines = connection.execute(select(log).order_by(log.c.number)).all()
    assert [(line.who, line.what) for line in lines] == [
        ("ana", "account_added"), ("ana", "signed_in"), ("ana", "signed_out"), ("ana", "refused"),
    ]  # fmt: skip
    assert [line.place for line in lines] == ["", "10.1.2.0/24", "10.1.2.0/24", "10.9.9.0/24"]
    assert {line.said for line in lines} == {"Ana Ruiz"}


def test_another_process_sees_the_same(into, address):
    from cim_core.store.database import Database

    made = into.accounts.add("ana", "", Role.DIRECTOR, "A")
    token = into.begin(made, "")
    other = SignIns(Database(address))
    assert other.who(token) == made
    other.end(token, "")
    assert into.who(token) is None and Accounts(other.database).named("ana") == made
    other.database.close()
