"""Nothing lost: a server is killed in the middle of the work, and everything is there in another browser."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import SEEN, free_port, settle, start, visit
from tests.e2e.measured import apart
from tests.e2e.test_my_leas import MINE, go, paste, upload_the_state

pytestmark = pytest.mark.e2e


SILENT = ".st-key-silent_findings"
"""The question about what no file tells of."""


class Machine:
    """A server on a port of its own, with a store of its own, that can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.address, self.process = self._started()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def start(self) -> None:
        _, self.process = self._started()

    def _started(self) -> tuple[str, subprocess.Popen[bytes]]:
        return start(self.port, CIM_DATA=str(self.folder))


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    found = Machine(tmp_path)
    yield found
    found.kill()


@contextmanager
def profile(browser: Browser) -> Iterator[Page]:
    """A browser that has never been here."""
    with browser.new_context() as context:
        context.add_init_script(SEEN)
        yield context.new_page()


@pytest.mark.full
def test_all_that_was_done_is_there_after_a_kill_in_another_browser(browser: Browser, machine: Machine):
    with profile(browser) as page:
        upload_the_state(page, machine.address)
        paste(page, "page", MINE)
        expect(page.locator(".st-key-top_bar")).to_contain_text(re.compile(r"saved \d\d:\d\d"))
        page.locator(f"{SILENT} label", has_text="Take as none").click()
        settle(page)
        go(page, "Letters")
        page.locator(".st-key-letters_text textarea").fill("0161259, Universal")
        page.locator(".st-key-letters_take button").click()
        expect(page.locator("h1")).to_contain_text("1 of 12 letters entered")
        settle(page)
        go(page, "What if")
        page.locator(".st-key-whatif_presets button", has_text="Bands at 5% and 15%").click()
        expect(page.locator(".st-key-whatif_banner")).to_contain_text("Bands")
        settle(page)
        page.locator(".st-key-save_popover button").first.click()
        page.get_by_label("Name", exact=True).fill("Mine")
        page.keyboard.press("Enter")
        settle(page)
        page.locator(".st-key-save_scenario button").click()
        settle(page)
        page.keyboard.press("Escape")
        said, link = page.locator("h1").inner_text(), page.url
    assert "data=set-" in link and len(link) < 2_000
    machine.kill()
    machine.start()
    with profile(browser) as page:
        visit(page, link)
        expect(page.locator("h1")).to_have_text(said, timeout=30_000)
        expect(page.locator(".st-key-top_bar")).to_contain_text("My 12 LEAs")
        go(page, "Letters")
        expect(page.locator("h1")).to_contain_text("1 of 12 letters entered")
        query = urlsplit(page.url).query
        visit(page, f"{machine.address}/data?{query}&step=questions")
        expect(page.locator(SILENT).get_by_role("radio", name="Take as none")).to_be_checked()
        go(page, "Library")
        expect(page.locator("h1")).to_have_text("Kept here: 1 dataset and 1 scenario.")
        expect(page.locator(".st-key-saved_0")).to_contain_text("Mine")


@pytest.mark.full
def test_what_is_deleted_is_said_and_taken_back(page: Page, machine: Machine):
    upload_the_state(page, machine.address)
    link = page.url
    visit(page, f"{machine.address}/library")
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("“state.csv” is deleted")).to_be_visible()
    settle(page)
    visit(page, link)
    expect(page.locator(".stMain")).to_contain_text("deleted")
    visit(page, f"{machine.address}/library")
    page.get_by_role("button", name="Restore").click()
    expect(page.locator("h1")).to_have_text("Kept here: 1 dataset.")
    settle(page)
    visit(page, link)
    expect(page.get_by_text("Which LEAs are yours?").first).to_be_visible(timeout=30_000)


@pytest.mark.full
def test_two_windows_the_second_is_told_and_keeps_both(page: Page, machine: Machine):
    upload_the_state(page, machine.address)
    with page.context.new_page() as second:
        visit(second, page.url)
        paste(page, "page", MINE)
        expect(page.locator(".st-key-top_bar")).to_contain_text("My 12 LEAs")
        paste(second, "page", MINE[:3])
        told = second.locator(".st-key-conflict")
        apart(second, ".cim-nav a", ".st-key-top_bar [data-testid=stPopover] button")
        expect(told).to_contain_text("has a later version")
        expect(second.locator(".st-key-top_bar")).to_contain_text("not saved")
        told.get_by_role("button", name="Keep both apart").click()
        expect(second.locator(".st-key-top_bar")).to_contain_text("My 3 LEAs")
        settle(second)
        go(second, "Library")
        expect(second.locator("h1")).to_have_text("Kept here: 2 datasets.")
    go(page, "Start")
    expect(page.locator("h1")).to_contain_text("of 12 LEAs")
