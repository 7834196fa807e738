"""Shared mode behind the guard: pages look by themselves who is there, and roles see what is theirs."""

from __future__ import annotations

import re

import pytest
from streamlit.testing.v1 import AppTest

from cim_core.access.identity import Identity
from cim_core.data.dataset import lea_key
from cim_core.data.of_leas import only
from cim_core.store.accounts import Role
from tests.conftest import ROOT, sample_placements
from tests.ui.sent import everything, own, texts_of
from tests.ui.test_pages import APP, PAGES, app, fine, shown
from ui.shared import guard, identity, places
from ui.signin import organization

MINE, NAME = "9910112", "Quince Valley"
OTHERS = ("Madrone", "Nutmeg", "Pine Summit", "Gooseberry", "Ironwood", "Tamarack")
BEHIND = ("data", "letters", "library", "log")


@pytest.fixture
def shared(monkeypatch, own_store):
    monkeypatch.setenv(identity.MODE, identity.SHARED)
    monkeypatch.setattr(identity, "_token", lambda: "")
    identity.sign_ins.clear()
    yield
    identity.sign_ins.clear()


def looked_at_by(monkeypatch, role: Role, leas: tuple[str, ...] = ()) -> None:
    who = Identity("vi", "Vi", role, "", leas)
    monkeypatch.setattr(identity, "current", lambda: who)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
@pytest.mark.parametrize("cold", [True, False])
def test_no_page_shows_anything_to_who_is_not_signed_in(shared, path, cold):
    at = AppTest.from_file(APP, default_timeout=30)
    for key, value in {"data": "sample", "lea": MINE, "show": "all"}.items():
        at.query_params[key] = value
    if not cold:
        fine(at.run())
    try:
        fine(at.switch_page(f"pages/{path.name}").run())
    except ValueError:  # the page is not among those that there are
        assert not cold
    sent = "".join(everything(at))
    assert NAME not in sent and "9910" not in sent
    assert cold or "Sign in to see" in shown(at)


@pytest.mark.parametrize("page", ["start", "region", "lea", "movement", "whatif", "rules", "meeting"])
def test_an_leas_viewer_gets_nothing_of_the_others(monkeypatch, downloads, page):
    looked_at_by(monkeypatch, Role.LEA_VIEWER, (lea_key(MINE),))
    at = app(data="sample", lea=MINE, whole="1")
    fine(at.run())
    downloads.clear()
    fine(at.switch_page(f"pages/{page}.py").run())
    texts = [*everything(at), *(text for made in own(downloads).values() for text in texts_of(made))]
    assert not [name for name in OTHERS if any(name in text for text in texts)]
    if page in ("region", "lea"):
        assert any(NAME in text for text in texts)


def test_its_placement_is_that_of_the_whole_file():
    whole = sample_placements()
    data = only(whole.dataset, (lea_key(MINE),))
    assert set(data.lea_code.tolist()) == {MINE} and len(data) == 3
    assert data.digest != whole.dataset.digest


@pytest.mark.parametrize("role", [Role.LEA_VIEWER, Role.PRESENTER])
@pytest.mark.parametrize("page", BEHIND)
def test_pages_of_files_are_for_those_who_work_with_them(monkeypatch, role, page):
    looked_at_by(monkeypatch, role, (lea_key(MINE),) if role is Role.LEA_VIEWER else ())
    at = app(data="sample", view="working")
    fine(fine(at.run()).switch_page(f"pages/{page}.py").run())
    said = shown(at)
    assert "for those who work with the files" in said or "Not shown in a meeting" in said
    assert NAME not in said.partition("This page")[2]


@pytest.mark.parametrize("view", ["", "working", "meeting"])
def test_a_presenter_never_has_the_working_view(monkeypatch, view):
    def seen(asked: str) -> str:
        at = app(data="sample", view=asked)
        said = shown(fine(fine(at.run()).switch_page("pages/lea.py").run()))
        return re.sub(r"&(amp;)?view=\w+|<nav.*?</nav>|<a[^>]*>Enter CDE.s letter</a>", "", said)

    meeting, working = seen("meeting"), seen("working")
    looked_at_by(monkeypatch, Role.PRESENTER)
    assert seen(view) == meeting != working


def test_every_download_goes_through_the_button_that_says_whose_it_is():
    """One that does not is refused by the guard: nobody knows for whom it was made."""
    sources = [path for folder in ("ui", "pages") for path in (ROOT / folder).rglob("*.py")]
    calling = {path.name for path in sources if "download_button(" in path.read_text("utf-8")}
    assert calling == {"downloads.py"}


@pytest.mark.parametrize(
    ("address", "to"),
    [
        ("/region?year=2024-25", "/region?year=2024-25"),
        ("//evil.example", "/"), ("https://evil.example", "/"), ("/\\evil.example", "/"), ("", "/"),
        ("javascript:alert(1)", "/"), ("/a\r\nSet-Cookie: x=1", "/"), ("region", "/"),
    ],
)  # fmt: skip
def test_the_way_on_stays_on_this_server(address, to):
    assert places.inside(address) == to


@pytest.mark.parametrize(
    ("client", "told", "short"),
    [
        (("10.1.2.3", 1), "", "10.1.2.0/24"),
        (("2001:db8:1:2::3", 1), "", "2001:db8:1::/48"),
        (("127.0.0.1", 1), "203.0.113.9, 198.51.100.7", "198.51.100.0/24"),
        (None, "", ""),
        (("testclient", 1), "", ""),
    ],
)
def test_addresses_are_kept_shortened(monkeypatch, client, told, short):
    if told:
        monkeypatch.setenv(places.TRUSTED, "1")
    headers = [(b"x-forwarded-for", told.encode())] if told else []
    assert places.short({"type": "http", "client": client, "headers": headers}) == short


def test_what_a_stranger_says_of_addresses_is_not_taken():
    scope = {"type": "http", "client": ("10.1.2.3", 1), "headers": [(b"x-forwarded-for", b"9.9.9.9")]}
    assert places.short(scope) == "10.1.2.0/24"
    assert "frame-ancestors 'none'" in guard.HEADERS["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("sections", "found"),
    [
        ({"a": {}}, {"a": ()}),
        ({"a": {"names": "@x.org"}}, {"a": ("@x.org",)}),
        ({"a": {"names": ["x.org"]}}, {"a": ("@x.org",)}),
        ({"a": {"names": ""}}, {}),
        ({"a": {"names": [""]}}, {}),
        ({"a": {"names": ["@"]}}, {}),
        ({"a": {}, "b": {}}, {}),
        ({"a": {}, "b": {"names": ["x.org"]}}, {"b": ("@x.org",)}),
        ({"a": {"names": ["_x"], "claim": "preferred_username"}}, {"a": ("_x",)}),
    ],
)
def test_who_may_vouch_for_whom(monkeypatch, sections, found):
    auth = {name: {"client_id": "1"} | part for name, part in sections.items()}
    monkeypatch.setattr(organization.st, "secrets", {"auth": auth})
    assert {name: each.names for name, each in organization.organizations().items()} == found
