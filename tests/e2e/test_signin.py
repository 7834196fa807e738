"""Shared mode in a browser: nothing without signing in, nor after signing out, nor of another SELPA."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from tests.conftest import ROOT
from tests.e2e.conftest import AT_REST, SEEN, free_port, settle
from tests.e2e.test_uploads import give

pytestmark = pytest.mark.e2e

ACCOUNTS = (("ana", "administrator", "Alder"), ("bo", "director", "Birch"), ("pia", "presenter", "Alder"))
PASSWORD = "maple river tandem 42"
SAMPLE = (ROOT / "sample_data" / "invented_selpa.csv").read_bytes()


@dataclass
class Shared:
    """A server in shared mode, its data, and the links by which accounts set their passwords."""

    address: str
    data: Path
    links: dict[str, str]


def cim(data: Path, *words: str, **more: str) -> str:
    settings = {**os.environ, "CIM_DATA": str(data), **more}
    words = (sys.executable, "-m", "cim_core", *words)
    done = subprocess.run(words, cwd=ROOT, env=settings, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@contextmanager
def process(settings: dict[str, str], port: int = 0) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A server in shared mode, which may be killed."""
    port = port or free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    started = subprocess.Popen(command, cwd=ROOT, env=settings, **quiet)
    address = f"http://localhost:{port}"
    for _ in range(300):
        if status(f"{address}/signin"):
            break
        time.sleep(0.1)
    try:
        yield address, started
    finally:
        started.kill()
        started.wait()


@pytest.fixture(scope="module")
def shared(tmp_path_factory) -> Iterator[Shared]:
    data = tmp_path_factory.mktemp("shared")
    links = {
        name: cim(data, "users", "add", name, "--role", role, "--selpa", selpa).rpartition("?")[2]
        for name, role, selpa in ACCOUNTS
    }
    with process({**os.environ, "CIM_DATA": str(data), "CIM_MODE": "shared"}) as (address, _):
        yield Shared(address, data, links)


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def asked(address: str, cookie: str = "", accept: str = "*/*") -> tuple[int, bytes, dict[str, str]]:
    """Status, body and headers of a request; (0, …) where nobody answers."""
    headers = {"Accept": accept} | ({"Cookie": cookie} if cookie else {})
    request = urllib.request.Request(address, headers=headers)
    try:
        with urllib.request.build_opener(NoRedirect).open(request, timeout=10) as reply:
            return reply.status, reply.read(), dict(reply.headers)
    except urllib.error.HTTPError as error:
        return error.code, error.read(), dict(error.headers)
    except OSError:
        return 0, b"", {}


def status(address: str, cookie: str = "") -> int:
    return asked(address, cookie)[0]


def socket_opens(address: str, cookie: str = "") -> bool:
    """Whether a connection is answered with anything."""
    headers = {"Cookie": cookie} if cookie else {}
    to = address.replace("http://", "ws://") + "/_stcore/stream"
    try:
        with connect(to, additional_headers=headers, origin=address, open_timeout=10) as socket:
            socket.recv(timeout=1)
    except TimeoutError:  # it is open, and waits for what the browser says first
        return True
    except (WebSocketException, OSError):
        return False
    return True


@pytest.fixture
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        context.add_init_script(SEEN)
        context.add_init_script(AT_REST)
        yield context


def set_password(page: Page, shared: Shared, name: str) -> None:
    page.goto(f"{shared.address}/signin?{shared.links[name]}")
    page.locator("input[type=password]").first.fill(PASSWORD)
    page.locator("input[type=password]").nth(1).fill(PASSWORD)
    page.get_by_role("button", name="Keep it and sign in").click()
    expect(page.get_by_label("Name", exact=True)).to_be_visible(timeout=15_000)


def sign_in(page: Page, shared: Shared, name: str) -> None:
    if page.get_by_label("Name", exact=True).count() == 0:
        page.goto(f"{shared.address}/signin")
    page.get_by_label("Name", exact=True).fill(name)
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("link", name="Sign out")).to_be_visible(timeout=20_000)


def session_of(context: BrowserContext) -> str:
    (cookie,) = [each for each in context.cookies() if each["name"] == "cim_session"]
    assert cookie["httpOnly"] and cookie["sameSite"] == "Lax"
    return f"cim_session={cookie['value']}"


COLD = (
    "/", "/start", "/region", "/lea?lea=9910112", "/data", "/library", "/log", "/meeting", "/media/abc.bin",
    "/_stcore/health", "/_stcore/host-config", "/_stcore/metrics", "/_stcore/upload_file/a/b",
    "/_stcore/bidi-components/x", "/static/index.html", "/nothing",
)  # fmt: skip


@pytest.mark.parametrize("path", COLD)
def test_cold_and_without_a_cookie_there_is_nothing(shared, path):
    code, body, headers = asked(f"{shared.address}{path}")
    assert code == 404 and body == b"There is nothing here, or it is not yours."
    code, body, headers = asked(f"{shared.address}{path}", accept="text/html")
    assert code == 303 and not body and headers["location"].startswith("/signin?next=")
    for name in ("content-security-policy", "referrer-policy", "x-content-type-options", "x-frame-options"):
        assert name in {each.lower() for each in headers}


def test_no_connection_without_a_cookie_or_with_a_made_up_one(shared):
    for cookie in ("", "cim_session=made-up", "cim_session=", "other=1"):
        assert not socket_opens(shared.address, cookie)


def test_sign_in_see_sign_out_and_nothing_is_left(shared, visitor):
    page, requests = visitor.new_page(), []
    page.on("request", lambda request: requests.append(request.url))
    set_password(page, shared, "ana")
    page.get_by_label("Name", exact=True).fill("ana")
    page.locator("input[type=password]").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("do not open an account")).to_be_visible()
    sign_in(page, shared, "ana")
    page.goto(f"{shared.address}/lea?data=sample&lea=9910112")
    with page.expect_download() as found:
        page.locator(".st-key-lea_report button").click()
    assert found.value.path().stat().st_size > 10_000
    cookie = session_of(visitor)
    assert socket_opens(shared.address, cookie)
    media = [url for url in requests if "/media/" in url]
    assert media and all(status(url, cookie) == 200 for url in media)
    page.get_by_role("link", name="Sign out").click()
    expect(page.get_by_label("Name", exact=True)).to_be_visible(timeout=15_000)
    assert not socket_opens(shared.address, cookie)
    for url in set(requests):
        if url.startswith(shared.address) and "/signin" not in url:
            for sent in ("", cookie):
                code, body, _ = asked(url, sent)
                assert code in (303, 404) and b"Quince" not in body, url


def test_a_neighbor_sees_nothing_of_it(shared, visitor, browser):
    page = visitor.new_page()
    set_password(page, shared, "bo")
    sign_in(page, shared, "bo")
    page.goto(f"{shared.address}/data")
    settle(page)
    give(page, "mine_of_birch.csv", SAMPLE.replace(b"Quince Valley", b"Secret Hollow"))
    expect(page.locator(".stMain")).to_contain_text("Alder Valley", timeout=30_000)
    settle(page)
    link = page.url
    with browser.new_context() as other:
        other.add_init_script(SEEN)
        other.add_init_script(AT_REST)
        theirs = other.new_page()
        theirs.goto(f"{shared.address}/signin")
        settle(theirs)
        sign_in(theirs, shared, "ana")
        seen: list[str] = []
        theirs.on(
            "websocket", lambda socket: socket.on("framereceived", lambda frame: seen.append(str(frame)))
        )
        theirs.goto(link.replace("/data", "/region"))
        settle(theirs)
        assert "Secret Hollow" not in theirs.content() and not [one for one in seen if "Secret Hollow" in one]
        theirs.goto(f"{shared.address}/library")
        settle(theirs)
        assert "mine_of_birch" not in theirs.content()


def test_a_presenter_sees_what_a_meeting_sees(shared, visitor):
    page = visitor.new_page()
    set_password(page, shared, "pia")
    sign_in(page, shared, "pia")
    page.goto(f"{shared.address}/region?data=sample&view=working")
    settle(page)
    expect(page.locator(".stMain")).to_contain_text("Meeting view")
    page.goto(f"{shared.address}/data?data=sample&view=working")
    settle(page)
    expect(page.locator(".stMain")).to_contain_text("for those who work with the files")
