"""Who is signed in works on after the connection was away; who is not any longer is out in every tab."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Browser, Page, TimeoutError, expect

from cim_core.store.accounts import Role
from cim_core.store.database import FILE
from tests.e2e.conftest import settle
from tests.e2e.selpas import ANA, BO, Person, Served, at_browser, served
from tests.e2e.test_signin import Shared, cim, process, set_password, socket_opens, status
from tests.e2e.test_uploads import give

pytestmark = pytest.mark.e2e
APP = "[data-testid=stApp][data-test-connection-state{}]"
THERE, GONE = APP.format("=CONNECTED"), APP.format("") + ":not([data-test-connection-state=CONNECTED])"


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("away")) as there:
        yield there


@pytest.fixture
def ana(server: Served, browser: Browser) -> Iterator[Person]:
    """Ana with her data open, by an account of her own for each test."""
    account = server.add(f"ana-{len(server.into.accounts.all())}", Role.DIRECTOR, "Alder")
    with at_browser(browser, server, account, ANA) as one:
        one.upload()
        yield one


def cookie_of(one: Person) -> str:
    (value,) = [each["value"] for each in one.context.cookies() if each["name"] == "cim_session"]
    return f"cim_session={value}"


def to(page: Page, name: str) -> None:
    """Go to a page by the navigation."""
    page.locator(".cim-nav").get_by_role("link", name=name, exact=True).click()


def works_on(one: Person) -> None:
    """The next click shows the same data, without signing in again."""
    to(one.page, "Start")
    expect(one.page.locator(".stMain")).to_contain_text(ANA.names[0], timeout=30_000)
    settle(one.page)
    assert f"data={one.key}" in one.page.url and one.page.get_by_role("link", name="Sign out").count()


def is_out(server: Served, one: Person, cookie: str) -> None:
    """A tab gets nothing more, and its next click leads to the sign-in, if it does not go there by itself."""
    page = one.page
    for _ in range(600):
        if one.sockets[0].is_closed():
            break
        page.wait_for_timeout(100)
    assert one.sockets[0].is_closed()
    assert not socket_opens(server.address, cookie) and status(f"{server.address}/region", cookie) == 404
    with suppress(TimeoutError):  # it went there meanwhile
        page.locator(".cim-nav a", has_text="Region").click(timeout=2_000)
    expect(page.get_by_label("Name", exact=True)).to_be_visible(timeout=30_000)
    assert not ANA.within(page.locator("body").inner_html().encode())


def test_a_connection_that_was_away_comes_back_signed_in(ana: Person):
    ana.wire.cut()
    ana.page.wait_for_selector(GONE, timeout=60_000)
    ana.wire.whole = True
    ana.page.wait_for_selector(THERE, timeout=60_000)
    works_on(ana)


@pytest.mark.full
def test_a_server_that_was_started_anew_knows_who_is_signed_in(browser: Browser, tmp_path):
    settings = {**os.environ, "CIM_DATA": str(tmp_path), "CIM_MODE": "shared"}
    with served(tmp_path) as before:
        account = before.add("ana", Role.DIRECTOR, "Alder")
        with at_browser(browser, before, account, ANA) as one:
            one.upload()
            with process(settings) as (address, _):
                one.wire.port = int(address.rpartition(":")[2])
                one.wire.cut()
                one.page.wait_for_selector(GONE, timeout=60_000)
                one.wire.whole = True
                one.page.wait_for_selector(THERE, timeout=60_000)
                works_on(one)


def other_tab(one: Person) -> Page:
    """Another tab of the same browser, with the same data."""
    tab = one.context.new_page()
    tab.goto(f"{one.wire.address}/lea?data={one.key}&lea={ANA.lea}")
    settle(tab)
    return tab


def test_signing_out_in_one_tab_is_signing_out_in_each(server: Served, ana: Person):
    cookie, tab = cookie_of(ana), other_tab(ana)
    tab.get_by_role("link", name="Sign out").click()
    expect(tab.get_by_label("Name", exact=True)).to_be_visible(timeout=30_000)
    is_out(server, ana, cookie)


@pytest.mark.full
def test_whoever_signs_in_next_in_that_browser_gets_nothing_in_the_tab_left_open(server: Served, ana: Person):
    """The tab comes back by itself, with the cookie of somebody else, and must not go on with what was in its
    memory: here that a file could not be read."""
    give(ana.page, f"{ANA.names[1]}.csv", b"\x89PNG\r\n\x1a\n" + bytes(100))
    expect(ana.page.locator("[data-testid=stAlert]", has_text=ANA.names[1])).to_be_visible()
    settle(ana.page)
    before = cookie_of(ana).partition("=")[2]
    bo = server.signed_in(server.add(f"bo-after-{ana.name}", Role.DIRECTOR, "Birch"))
    ana.wire.forget()
    ana.found.clear()
    ana.context.add_cookies([{"name": "cim_session", "value": bo, "url": ana.wire.address}])
    with ana.page.expect_websocket(timeout=60_000):
        server.into.end(before, "")
    ana.page.wait_for_selector(THERE, timeout=60_000)
    for name in ("Data", "Letters", "Start"):
        settle(ana.page)
        to(ana.page, name)
    settle(ana.page)
    ana.look(BO)
    assert not ana.found and not ANA.within(ana.page.locator("body").inner_html().encode())


@pytest.mark.full
def test_a_disabled_account_is_out_at_once(server: Served, ana: Person):
    cookie = cookie_of(ana)
    cim(server.data, "users", "disable", ana.name)
    is_out(server, ana, cookie)
    cim(server.data, "users", "enable", ana.name)


@pytest.mark.full
def test_a_new_password_ends_what_was_open(server: Served, ana: Person, browser: Browser):
    cookie, link = cookie_of(ana), cim(server.data, "users", "link", ana.name).rpartition("?")[2]
    with browser.new_context() as elsewhere:
        set_password(elsewhere.new_page(), Shared(server.address, server.data, {ana.name: link}), ana.name)
    is_out(server, ana, cookie)


@pytest.mark.full
@pytest.mark.parametrize(("column", "back"), [("seen", "-61 minutes"), ("begun", "-481 minutes")])
def test_a_sign_in_ends_by_itself(server: Served, ana: Person, column: str, back: str):
    cookie = cookie_of(ana)
    moved(server, ana, column, back.replace("61", "58").replace("481", "478"))
    works_on(ana)
    moved(server, ana, column, back)
    is_out(server, ana, cookie)


def moved(server: Served, one: Person, column: str, back: str) -> None:
    """A sign-in was so much earlier."""
    with sqlite3.connect(server.data / FILE, timeout=30) as base:
        changed = base.execute(
            f"UPDATE sign_ins SET {column} = strftime('%Y-%m-%d %H:%M:%f', 'now', ?)"
            " WHERE account = (SELECT id FROM accounts WHERE name = ?)",
            (back, one.name),
        ).rowcount
    base.close()
    assert changed == 1
