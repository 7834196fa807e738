"""A laptop that slept: the connection was away longer than the session lives, the next click still works."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import serve, settle
from tests.e2e.test_uploads import DATA, opened, read

pytestmark = pytest.mark.e2e
MINE = b"""lea_code,lea_name,selpa,year,swd,percentile,5a
9900001,Oak,My SELPA,2023-24,300,50,60
9900002,Elm,My SELPA,2023-24,300,40,61
"""


class Cable:
    """A connection between browser and server that can be cut and mended."""

    def __init__(self, port: int) -> None:
        self.port, self.whole, self.open = port, True, []
        self.heard = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://localhost:{self.heard.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        self.whole = False
        for one in self.open:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self.open.clear()

    def mend(self) -> None:
        self.whole = True

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                here, _ = self.heard.accept()
                if not self.whole:
                    here.close()
                    continue
                there = socket.create_connection(("127.0.0.1", self.port))
                self.open += [here, there]
                for pair in ((here, there), (there, here)):
                    threading.Thread(target=_carry, args=pair, daemon=True).start()


def _carry(start: socket.socket, end: socket.socket) -> None:
    with suppress(OSError):
        while piece := start.recv(65_536):
            end.sendall(piece)
    for one in (start, end):
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)


@contextmanager
def cable() -> Iterator[Cable]:
    with serve("--server.disconnectedSessionTTL", "0") as address:
        line = Cable(int(address.rpartition(":")[2]))
        try:
            yield line
        finally:
            line.heard.close()


@pytest.mark.full
def test_the_next_click_still_has_the_data(page: Page):
    with cable() as line:
        opened(page, line.address, "oak.csv", MINE)
        read(page, "oak.csv")
        expect(page.locator(DATA)).to_contain_text("2 LEAs were read.")
        settle(page)
        line.cut()
        page.wait_for_selector(
            '[data-testid="stApp"][data-test-connection-state]:not([data-test-connection-state="CONNECTED"])'
        )
        line.mend()
        page.wait_for_selector(
            '[data-testid="stApp"][data-test-connection-state="CONNECTED"]', timeout=60_000
        )
        page.get_by_role("link", name="Region", exact=True).first.click()
        expect(page.locator("h1").first).to_have_text("No LEA here misses a target.", timeout=20_000)
        expect(page.locator(".st-key-top_bar")).to_contain_text("My SELPA")
        assert "data=set-" in page.url
        for name in ("Start", "LEA", "What if"):
            link = page.get_by_role("link", name=name, exact=True).first
            assert "data=" in (link.get_attribute("href") or "")
