"""Signing in: one answer for every failure, locks that pass, passwords that are worth something."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import URL, select

from cim_core.access import entering, passwords
from cim_core.access.entering import Organization
from cim_core.access.identity import RIGHTS, Right, of_account
from cim_core.store import ids
from cim_core.store.accounts import PassKind, Role
from cim_core.store.database import FILE, Database
from cim_core.store.schema import log
from cim_core.store.sign_ins import MOST_AT_ALL, MOST_BY_NAME, MOST_BY_PLACE, SignIns
from cim_core.words.disclosure import WORKING

GOOD = "maple river tandem 42"


@pytest.fixture
def into(tmp_path: Path, monkeypatch) -> Iterator[SignIns]:
    monkeypatch.setattr(passwords, "_ROUNDS", 4)
    passwords._nobody.cache_clear()
    database = Database(URL.create("sqlite", database=str(tmp_path / FILE)))
    yield SignIns(database)
    database.close()
    passwords._nobody.cache_clear()


def ana(into: SignIns):
    made = into.accounts.add("ana", "Ana Ruiz", Role.DIRECTOR, "Alder Valley")
    link = into.accounts.make_pass(made.id, PassKind.SET_UP, entering.SET_UP)
    assert entering.set_up(into, link, GOOD) is None
    return made


def test_the_right_pair_lets_in_and_every_other_does_not(into):
    made = ana(into)
    found = entering.entered(into, " ANA ", GOOD, "1.2.3.4")
    assert found is not None and found.id == made.id
    for name, password in (
        ("ana", GOOD + "x"),
        ("ana", ""),
        ("bo", GOOD),
        ("", ""),
        ("ana", "x" * 500),
        ("a" * 999, "\0"),
    ):
        assert entering.entered(into, name, password, "1.2.3.4") is None
    into.accounts.disable(made.id)
    assert entering.entered(into, "ana", GOOD, "5.6.7.8") is None


def test_after_five_failures_the_right_password_is_refused_until_the_lock_passes(into, monkeypatch):
    ana(into)
    for _ in range(MOST_BY_NAME):
        assert entering.entered(into, "ana", "wrong", "1.2.3.4") is None
    assert entering.entered(into, "ana", GOOD, "1.2.3.4") is None
    with into.database.reading() as connection:
        refused = connection.execute(select(log).where(log.c.what == "refused")).all()
    assert len(refused) == MOST_BY_NAME
    later = ids.now() + timedelta(minutes=16)
    monkeypatch.setattr(ids, "now", lambda: later)
    assert entering.entered(into, "ana", GOOD, "1.2.3.4") is not None


def test_a_stranger_who_knows_a_name_locks_its_owner_out_only_after_many_tries(into):
    ana(into)
    for number in range(MOST_AT_ALL - 1):
        entering.entered(into, "ana", "wrong", f"10.0.{number}.1")
    assert entering.entered(into, "ana", GOOD, "9.9.9.9") is not None
    for number in range(MOST_AT_ALL):
        entering.entered(into, "ana", "wrong", f"10.1.{number}.1")
    assert entering.entered(into, "ana", GOOD, "9.9.9.9") is None


def test_addresses_of_one_household_count_as_one(into):
    ana(into)
    for number in range(MOST_BY_NAME):
        entering.entered(into, "ana", "wrong", f"2001:db8:1:2::{number:x}")
    assert entering.entered(into, "ana", GOOD, "2001:db8:1:2:ffff::9") is None
    assert entering.entered(into, "ana", GOOD, "2001:db8:1:3::1") is not None


def test_one_address_that_tries_many_names_is_locked_and_others_are_not(into):
    ana(into)
    for number in range(MOST_BY_PLACE):
        entering.entered(into, f"name{number}", "wrong", "1.2.3.4")
    assert entering.entered(into, "ana", GOOD, "1.2.3.4") is None
    assert entering.entered(into, "ana", GOOD, "9.9.9.9") is not None


def test_an_unknown_name_takes_the_same_work(into, monkeypatch):
    ana(into)
    asked: list[str] = []
    check = passwords.bcrypt.checkpw
    monkeypatch.setattr(passwords.bcrypt, "checkpw", lambda *given: asked.append("hash") or check(*given))
    for name in ("ana", "nobody"):
        asked.clear()
        entering.entered(into, name, "wrong", "1.2.3.4")
        assert asked == ["hash"]


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("short", "too short"),
        ("x" * 73, "too long"),
        ("é" * 37, "too long"),
        ("password12345", "easy to guess"),
        ("alder valley ana", "easy to guess"),
        ("qwertyuiop12", "easy to guess"),
    ],
)
def test_a_password_that_is_worth_nothing_is_not_taken(password, said):
    trouble = passwords.why_not(password, "ana", "Ana Ruiz", "Alder Valley")
    assert trouble is not None and said in WORKING.say(trouble)


@pytest.mark.parametrize("password", [GOOD, "Grüße vom Fluss 77!", "x7#Kq9!vLw2$pZ"])
def test_a_good_one_is(password):
    assert passwords.why_not(password, "ana") is None
    assert passwords.fits(password, passwords.hashed(password))


def test_only_the_whole_password_fits():
    long = "maple river tandem 42 " * 3
    assert passwords.fits(long[:72], passwords.hashed(long[:72]))
    assert not passwords.fits(long[:72] + "x", passwords.hashed(long[:72]))
    assert not passwords.fits("nobody has this password", "")


def test_a_link_is_used_once_and_a_bad_password_leaves_it(into):
    made = into.accounts.add("ana", "", Role.DIRECTOR, "A")
    link = into.accounts.make_pass(made.id, PassKind.SET_UP, entering.SET_UP)
    assert entering.set_up(into, link, "short") is not None
    assert entering.set_up(into, link, GOOD) is None
    for token in (link, "", "guess"):
        with pytest.raises(KeyError):
            entering.set_up(into, token, GOOD)


def test_each_role_has_what_it_needs_and_no_more(into):
    assert set(RIGHTS) == set(Role)
    assert [role for role in Role if Right.MANAGE in RIGHTS[role]] == [Role.ADMINISTRATOR]
    viewer = of_account(into.accounts.add("vi", "", Role.LEA_VIEWER, "A", ("9910112",)))
    assert viewer.leas == ("9910112",) and viewer.may(Right.SEE) and not viewer.may(Right.WORK)
    assert not of_account(into.accounts.add("pre", "", Role.PRESENTER, "A")).may(Right.SEE)


ANY = Organization("County")


def claims(**more: object) -> dict[str, object]:
    sound = {"iss": "https://county.example", "nonce": "n1", "iat": ids.now().timestamp()}
    return sound | {"email": "Ana", "email_verified": True} | more


def test_an_organization_opens_the_same_account_once(into):
    made = ana(into)
    token = claims()
    assert entering.by_organization(into, token, "10.1.2.3", ANY) == into.accounts.with_id(made.id)
    assert entering.by_organization(into, token, "10.1.2.3", ANY) is None
    assert entering.by_organization(into, claims(nonce="n2"), "10.1.2.3", ANY) is not None


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "bo"}, {"email": ""}, {"email": None}, {"email": ["ana"]}, {"email_verified": "true"},
        {"email_verified": None}, {"email_verified": 1}, {"nonce": None}, {"iat": None}, {"iat": "now"},
        {"iat": 0}, {"iat": ids.now().timestamp() + 10_000},
    ],
)  # fmt: skip
def test_what_an_organization_does_not_vouch_for_opens_nothing(into, wrong):
    ana(into)
    assert entering.by_organization(into, claims(**wrong), "10.1.2.3", ANY) is None


def test_another_claim_is_the_name_where_it_is_chosen(into):
    ana(into)
    token = claims(preferred_username="ANA ", email="x", email_verified=None)
    assert entering.by_organization(into, token, "10.1.2.3", ANY) is None
    assert (
        entering.by_organization(into, token | {"nonce": "n3"}, "", Organization("x", "preferred_username"))
        is not None
    )


def test_an_organization_opens_no_closed_account_and_it_is_written_down(into):
    made = ana(into)
    into.accounts.disable(made.id)
    assert entering.by_organization(into, claims(), "10.1.2.3", ANY) is None
    with into.database.reading() as connection:
        lines = connection.execute(select(log.c.what, log.c.place).order_by(log.c.number)).all()
    assert tuple(lines[-1]) == ("refused", "10.1.2.0/24")


@pytest.mark.parametrize(
    ("names", "opens"), [((), True), (("ana",), True), (("@county.example",), False), (("x", "na"), True)]
)
def test_an_organization_opens_the_accounts_that_it_may_vouch_for(into, names, opens):
    ana(into)
    found = entering.by_organization(into, claims(), "", Organization("County", names=names))
    assert (found is not None) is opens
