"""One server and Debian's Chromium; every wait goes through the app's own run state."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page

ROOT = Path(__file__).parent.parent.parent
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
SEEN = "localStorage.setItem('cim-about-seen', 'sample own')"
"""What the data are opens by itself until it was closed once; only its own test is at a first visit."""
AT_REST = (Path(__file__).parent / "runs.js").read_text("utf-8")


def chromium() -> str:
    """The browser on this machine."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), "/usr/bin/chromium")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def serve(*options: str, **settings: str) -> Iterator[str]:
    """The address of a server nobody has visited yet, with nothing open; `settings` for its environment."""
    address, process = start(free_port(), *options, **settings)
    try:
        yield address
    finally:
        process.terminate()
        process.wait(10)


def start(port: int, *options: str, **settings: str) -> tuple[str, subprocess.Popen[bytes]]:
    """The address of a server that answers, and its process."""
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port), *options]
    kept = {"CIM_DATA": tempfile.mkdtemp(prefix="cim-store-")} if "CIM_DATA" not in os.environ else {}
    environment = {name: value for name, value in os.environ.items() if name != "CIM_OPEN"} | kept | settings
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    address = f"http://localhost:{port}"
    for _ in range(120):
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=1):
                return address, process
        except OSError:
            time.sleep(0.25)
    process.kill()
    raise RuntimeError("the server did not start")


@pytest.fixture(scope="session")
def browser_type_launch_args():
    return {"executable_path": chromium(), "args": FLAGS}


@pytest.fixture(scope="session")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One for all tests: what the app's scripts weigh is fetched and compiled once. A page is a session."""
    with browser.new_context() as kept:
        kept.add_init_script(SEEN)
        yield kept


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A new tab of a usual size."""
    with context.new_page() as tab:
        yield tab


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    with serve() as address:
        yield address


def settle(page: Page) -> Page:
    """Wait until the page is at rest: the script has run for all that was asked, its elements are drawn."""
    page.wait_for_function("atRest()", timeout=30_000)
    return page


def visit(page: Page, address: str) -> Page:
    """Go to an address and wait until its page is at rest."""
    if page.url == "about:blank":
        page.add_init_script(AT_REST)
    page.goto(address)
    page.wait_for_selector("h1", timeout=30_000)
    return settle(page)


def click_at(page: Page, target: Locator, x: float | None = None, y: float | None = None) -> None:
    """A real click on a picture or canvas, in its middle or at a place in it."""
    target.scroll_into_view_if_needed()
    box = target.bounding_box()
    assert box is not None
    page.mouse.move(
        box["x"] + (box["width"] / 2 if x is None else x), box["y"] + (box["height"] / 2 if y is None else y)
    )
    settle(page)
    page.mouse.down()
    page.mouse.up()


def choose(page: Page, key: str, option: str) -> None:
    """Choose an option of a select box."""
    page.locator(f".st-key-{key} button").click()
    page.get_by_role("option", name=option).click()
