"""People: an administrator makes accounts of the own SELPA, and nobody else sees that page."""

from __future__ import annotations

import re

import pytest

from cim_core.access.identity import Identity, of_account
from cim_core.data.dataset import lea_key
from cim_core.store.accounts import Accounts, PassKind, Role
from cim_core.store.database import Database
from cim_core.store.store import Store
from tests.ui.test_pages import app, fine, shown
from ui.shared import identity


@pytest.fixture
def accounts(monkeypatch, own_store) -> Accounts:
    monkeypatch.setenv(identity.MODE, identity.SHARED)
    identity.sign_ins.clear()
    made = Accounts(Database())
    made.add("ana", "Ana Ruiz", Role.ADMINISTRATOR, "Alder")
    made.add("dan", "Dan Okafor", Role.DIRECTOR, "Alder")
    made.add("bo", "Bo Birch", Role.ADMINISTRATOR, "Birch")
    yield made
    made.database.close()
    identity.sign_ins.clear()


def people(monkeypatch, accounts: Accounts, name: str = "ana"):
    who: Identity = of_account(accounts.named(name))
    monkeypatch.setattr(identity, "current", lambda: who)
    monkeypatch.setattr(identity, "place", lambda: "10.1.2.0/24")
    at = fine(app().run())
    return fine(at.switch_page("pages/people.py").run())


def add(at, name: str, role: Role = Role.DIRECTOR, codes: str = ""):
    at.text_input(key="people_name").set_value(name)
    at.text_input(key="people_codes").set_value(codes)
    at.selectbox(key="people_role").set_value(role)
    return fine(at.button(key="people_make").click().run())


def test_accounts_of_the_own_selpa_alone_are_shown(monkeypatch, accounts):
    said = shown(people(monkeypatch, accounts))
    assert "Dan Okafor" in said and "Who may sign in to Alder?" in said
    assert "Birch" not in said and "bo" not in re.findall(r"\w+", said)


def test_a_new_account_comes_with_a_link_that_is_shown_once(monkeypatch, accounts):
    at = add(people(monkeypatch, accounts), "New@alder.example")
    link = at.code[0].value
    made = accounts.named("new@alder.example")
    assert made.role is Role.DIRECTOR and made.workspace == accounts.named("ana").workspace
    token = link.rpartition("setup=")[2]
    assert "/signin?setup=" in link and accounts.has_pass(token, PassKind.SET_UP) == made
    assert not fine(at.run()).code
    store = Store(accounts.database, made.workspace)
    line = store.log()[0]
    assert (line.who, line.place, line.said) == ("ana", "10.1.2.0/24", "New@alder.example")


@pytest.mark.parametrize(
    ("name", "role", "codes", "why"),
    [
        ("", Role.DIRECTOR, "", "A name has 1 to 64"),
        ("a b", Role.DIRECTOR, "", "without blanks"),
        ("dan", Role.DIRECTOR, "", "There is an account"),
        ("DAN", Role.DIRECTOR, "", "There is an account"),
        ("bo", Role.DIRECTOR, "", "There is an account"),
        ("vi", Role.LEA_VIEWER, "", "code of an LEA"),
        ("vi", Role.DIRECTOR, "9910112", "code of an LEA"),
        ("vi", Role.LEA_VIEWER, "Quince Valley", "7 or 14 digits"),
        ("vi", Role.LEA_VIEWER, "9910112, 0", "7 or 14 digits"),
    ],
)
def test_what_cannot_be_is_said(monkeypatch, accounts, name, role, codes, why):
    before = accounts.all()
    at = add(people(monkeypatch, accounts), name, role, codes)
    assert why in at.error[0].value.replace("\\", "") and not at.code and accounts.all() == before


def test_a_viewer_has_the_codes_that_were_typed(monkeypatch, accounts):
    at = add(people(monkeypatch, accounts), "vi", Role.LEA_VIEWER, "9910112, 9910070")
    assert accounts.named("vi").leas == (lea_key("9910112"), lea_key("9910070"))
    assert "9910112, 9910070" in shown(at)


def test_an_account_is_closed_and_opened_again_but_not_ones_own(monkeypatch, accounts):
    at = people(monkeypatch, accounts)
    dan = accounts.named("dan")
    at.selectbox(key="people_chosen").set_value(dan.id)
    fine(at.run())
    fine(at.button(key="people_switch").click().run())
    assert accounts.named("dan").disabled and "cannot sign in" in at.success[0].value
    fine(at.button(key="people_switch").click().run())
    assert not accounts.named("dan").disabled
    at.selectbox(key="people_chosen").set_value(accounts.named("ana").id)
    fine(at.run())
    fine(at.button(key="people_switch").click().run())
    assert not accounts.named("ana").disabled and "your own account" in at.error[0].value


def test_for_others_there_is_no_such_page(monkeypatch, accounts):
    said = shown(people(monkeypatch, accounts, "dan"))
    assert "Ana Ruiz" not in said and ">People<" not in said


def test_in_local_mode_there_is_no_such_page(own_store):
    at = fine(app().run())
    assert ">People<" not in shown(at)
    assert "This page is for those" in shown(fine(at.switch_page("pages/people.py").run()))
