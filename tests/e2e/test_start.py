"""Start and the header, measured: one screen, one sticky line, names that lead to a why, paper."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import settle, visit
from tests.e2e.measured import fits_sideways, pages_of_pdf
from tests.e2e.test_uploads import opened

pytestmark = pytest.mark.e2e

SAMPLE = "?data=sample"
WIDTHS = (1600, 1280, 768, 390, 320)
LONG = "A Name of Sixty Characters That Nobody Would Ever Give Unified"


def of_leas(number: int) -> bytes:
    """A file with so many LEAs of long names."""
    head = (
        "lea_code,lea_name,selpa,year,swd,disproportionate_years,minor_findings,sig_dis,5a_n,5a_d,5b_n,5b_d\n"
    )
    line = "\n99{0:05d},{1} {0},S,2023-24,300,0,0,no,{2},1000,300,1000"
    return (head + "".join(line.format(at, LONG, 400 + 5 * at) for at in range(number))).encode()


def test_24_leas_stand_in_one_screen_with_every_name(page: Page, server: str):
    page.set_viewport_size({"width": 1280, "height": 800})
    visit(page, f"{server}/{SAMPLE}")
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight") <= 800
    expect(page.locator("a.cim-chip")).to_have_count(24)
    for head in ("Closest to stepping down", "Closest to a more intensive placement", "Settle these first"):
        box = page.get_by_role("heading", name=head).bounding_box()
        assert box is not None and box["y"] < 780


def test_the_current_page_is_named_in_the_navigation(page: Page, server: str):
    visit(page, f"{server}/{SAMPLE}")
    for name in ("Region", "LEA", "Movement", "What if", "Letters", "Data", "Rules", "Start"):
        page.evaluate("window.stayed = true")
        page.locator(".cim-nav").get_by_role("link", name=name, exact=True).click()
        settle(page)
        expect(page.locator(".cim-nav [aria-current=page]")).to_have_text(name)
        assert page.evaluate("window.stayed"), "a link in HTML loads nothing anew"


def test_back_and_forth_and_back_again(page: Page, server: str):
    visit(page, f"{server}/{SAMPLE}")
    chips = page.locator("a.cim-chip")
    chips.first.click()
    expect(page.locator("h1")).to_have_text("Madrone Union High")
    settle(page)
    for _ in range(2):
        page.go_back()
        settle(page)
        expect(chips).to_have_count(24)
        page.go_forward()
        settle(page)
        expect(page.locator("h1")).to_have_text("Madrone Union High")
    page.go_back()
    settle(page)
    expect(chips).to_have_count(24)


def test_start_has_an_address_of_its_own(page: Page, server: str):
    visit(page, f"{server}/start{SAMPLE}")
    expect(page.locator("a.cim-chip")).to_have_count(24)
    expect(page.get_by_text("Page not found")).to_have_count(0)


def test_what_the_data_are_opens_at_the_first_visit_only(browser: Browser, server: str):
    page = browser.new_page()
    visit(page, f"{server}/{SAMPLE}")
    about = page.locator("#cim-info")
    expect(about).to_be_visible()
    expect(about).to_contain_text("do not exist")
    about.get_by_role("button", name="Close").click()
    expect(about).to_be_hidden()
    page.reload()
    settle(page)
    expect(about).to_be_hidden()
    page.locator(".cim-i").click()
    expect(about).to_be_visible()
    page.close()


def test_share_copies_the_address(page: Page, server: str):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=server)
    visit(page, f"{server}/{SAMPLE}")
    page.get_by_role("button", name="Share").click()
    expect(page.get_by_role("button", name="Link copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.url


def test_nothing_open_says_what_this_is_and_puts_my_file_first(page: Page, server: str):
    visit(page, server)
    buttons = page.locator(".st-key-welcome button")
    assert re.search("file", buttons.first.inner_text()) and re.search(
        "invented", buttons.nth(1).inner_text()
    )
    for word in ("CIM", "LEA", "Intensive"):
        expect(page.locator(".cim-line", has_text=word).first).to_be_visible()


@pytest.mark.parametrize("number", [1, 60])
def test_one_lea_and_sixty_with_long_names(page: Page, server: str, number: int):
    opened(page, server, "own.csv", of_leas(number))
    expect(page.locator(".st-key-top_bar")).to_contain_text("2023-24", timeout=30_000)
    settle(page)
    page.locator(".cim-nav").get_by_role("link", name="Start", exact=True).click()
    settle(page)
    expect(page.locator("a.cim-chip")).to_have_count(number)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        settle(page)
        fits_sideways(page)


def test_start_prints_on_one_page(page: Page, server: str):
    visit(page, f"{server}/{SAMPLE}")
    assert pages_of_pdf(page) == 1
    page.emulate_media(media="print")
    expect(page.locator(".cim-paper")).to_contain_text("this tool's reading")
    expect(page.locator(".st-key-header")).to_be_hidden()
    page.emulate_media(media="screen")
