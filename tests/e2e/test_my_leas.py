"""The statewide file, and of it twelve LEAs: chosen by a pasted list, on every page, in a link."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from cim_core.data import shipped
from tests.e2e.conftest import settle, visit
from tests.e2e.test_uploads import opened

pytestmark = pytest.mark.e2e

MINE = [
    "0161119", "161127", "01 61143 0000000", "Castro Valley Unified", "DUBLIN UNIF SCH DIST", "0161176",
    "0161192\tHayward Unified", "0161200", "New Haven Unified", "0161234", "0161259", "San Leandro Unified",
]  # fmt: skip
PLACED_HIGHEST = "Oakland Unified"


def go(page: Page, name: str) -> Page:
    page.locator(".st-key-page_links").get_by_role("link", name=name, exact=True).click()
    page.wait_for_url(re.compile(f"/{name.lower().replace(' ', '')}\\?|/\\?" if name == "Start" else r"\?"))
    return settle(page)


def upload_the_state(page: Page, server: str) -> None:
    opened(page, server, "state.csv", shipped.STATEWIDE.read_bytes())
    expect(page.get_by_text("Which LEAs are yours?").first).to_be_visible(timeout=30_000)
    settle(page)


def paste(page: Page, where: str, lines: list[str]) -> None:
    page.locator(f"[class*=st-key-mine_pasted_{where}] textarea").fill("\n".join(lines))
    page.locator(f".st-key-mine_use_{where} button").click()
    settle(page)


@pytest.mark.full
def test_twelve_of_the_state_are_looked_at_everywhere_and_by_a_link(page: Page, server: str):
    upload_the_state(page, server)
    paste(page, "page", MINE)
    expect(page.locator(".st-key-top_bar")).to_contain_text("My 12 LEAs")
    go(page, "Start")
    expect(page.locator("h1")).to_contain_text("of 12 LEAs")
    go(page, "Region")
    expect(page.locator("table.cim-mx tbody tr")).to_have_count(12)
    go(page, "What if")
    expect(page.locator(".stMain")).to_contain_text("of 12")
    link = page.url
    page.locator(".st-key-bar_change button").first.click()
    page.get_by_role("radio", name=re.compile("All in the file")).click()
    settle(page)
    page.keyboard.press("Escape")
    go(page, "Region")
    expect(page.locator("table.cim-mx tbody tr")).to_have_count(100)
    expect(page.locator("[class*=st-key-region_page_] input")).to_have_value("1 to 100 of 1,011")

    other = page.context.new_page()
    visit(other, link)
    expect(other.locator(".st-key-top_bar")).to_contain_text("My 12 LEAs")
    go(other, "Region")
    expect(other.locator("table.cim-mx tbody tr")).to_have_count(12)
    other.close()


def test_from_the_file_to_a_why_it_takes_three_clicks(page: Page, server: str):
    upload_the_state(page, server)
    paste(page, "page", MINE)
    go(page, "Start")
    page.get_by_role("link", name="Oakland").first.click()
    expect(page.locator("h1")).to_have_text(PLACED_HIGHEST)
    settle(page)
    expect(page.locator(".st-key-top_bar")).to_contain_text("My 12 LEAs")


def test_the_question_on_any_page_keeps_what_was_not_found(page: Page, server: str):
    upload_the_state(page, server)
    go(page, "Start")
    page.locator(".st-key-mine_ask button").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Which LEAs are yours?")
    settle(page)
    paste(page, "bar", ["0161119", "Ocean View"])
    expect(dialog).to_contain_text("“Ocean View”: not found. Is it one of these?")
    dialog.get_by_role("radio", name="Ocean View, Orange (3066613)").click()
    expect(dialog).to_have_count(0)
    settle(page)
    expect(page.locator("h1")).to_have_text(re.compile("of 2 LEAs"))
    assert "mine=0161119~3066613" in page.url
