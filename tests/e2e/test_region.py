"""Region, measured: the matrix on the first screen, the bar as filter, a list on a phone, paper."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import in_long_checks
from tests.e2e.conftest import settle, visit
from tests.e2e.measured import fits_sideways, height_of, pages_of_pdf, top_of
from tests.e2e.test_look import assert_nothing_new
from tests.e2e.test_my_leas import MINE, go, paste, upload_the_state
from tests.e2e.test_start import LONG, WIDTHS, of_leas
from tests.e2e.test_uploads import opened

pytestmark = pytest.mark.e2e

REGION = "region?data=sample"
ROWS = "table.cim-mx tbody tr"


def upload(page: Page, server: str, number: int) -> None:
    opened(page, server, "own.csv", of_leas(number))
    expect(page.locator(".st-key-top_bar")).to_contain_text("2023-24", timeout=30_000)
    settle(page)
    page.locator(".cim-nav").get_by_role("link", name="Region", exact=True).click()
    settle(page)


@pytest.mark.parametrize("width", [1600, 1280])
def test_the_matrix_begins_on_the_first_screen_and_its_head_stays(page: Page, server: str, width: int):
    page.set_viewport_size({"width": width, "height": 800})
    visit(page, f"{server}/{REGION}")
    expect(page.locator(ROWS)).to_have_count(24)
    assert top_of(page, "h1") < 120 and top_of(page, ROWS) < 400
    for row in page.locator(ROWS).all():
        box = row.bounding_box()
        assert box is not None and 23 <= box["height"] <= 26
    page.evaluate("document.querySelector('[data-testid=stMain]').scrollTo(0, 700)")
    assert abs(top_of(page, "table.cim-mx thead th") - 48) <= 2, "the head stands under the header"


def test_the_bar_is_the_filter_and_back_takes_it_away(page: Page, server: str):
    visit(page, f"{server}/{REGION}")
    page.locator(".cim-seg a", has_text="Intensive").click()
    settle(page)
    expect(page.locator(ROWS)).to_have_count(3)
    assert "show=intensive" in page.url
    page.locator(".cim-seg a", has_text="Level 2").click()
    settle(page)
    expect(page.locator(ROWS)).to_have_count(7)
    link = page.url
    page.go_back()
    settle(page)
    expect(page.locator(ROWS)).to_have_count(3)
    page.go_back()
    settle(page)
    expect(page.locator(ROWS)).to_have_count(24)
    visit(page, link)
    expect(page.locator(ROWS)).to_have_count(7)


def test_back_and_forth_between_region_and_an_lea_needs_one_press_each(page: Page, server: str):
    visit(page, f"{server}/{REGION}")
    page.locator("table.cim-mx").get_by_role("link", name="Madrone", exact=True).click()
    settle(page)
    expect(page.locator("h1")).to_have_text("Madrone Union High")
    for _ in range(3):
        page.go_back()
        settle(page)
        expect(page.locator(ROWS)).to_have_count(24)
        page.go_forward()
        settle(page)
        expect(page.locator("h1")).to_have_text("Madrone Union High")


@pytest.mark.parametrize("width", [390, 320])
def test_a_phone_gets_a_list_instead_of_the_matrix(page: Page, server: str, width: int):
    page.set_viewport_size({"width": width, "height": 800})
    visit(page, f"{server}/{REGION}")
    expect(page.locator("table.cim-mx")).to_be_hidden()
    items = page.locator(".cim-region-list li")
    expect(items).to_have_count(24)
    expect(items.first).to_contain_text("Madrone")
    expect(items.first).to_contain_text("14a")
    assert top_of(page, "h1") < 200
    fits_sideways(page)


@pytest.mark.parametrize("path", [f"{REGION}&show=intensive", *in_long_checks(f"{REGION}&rulebook=cde-2023")])
@pytest.mark.parametrize("width", [1280, *in_long_checks(390)])
def test_axe_finds_nothing_new_in_a_region(page: Page, server: str, path: str, width: int):
    page.set_viewport_size({"width": width, "height": 800})
    visit(page, f"{server}/{path}")
    assert_nothing_new(page)


def test_24_leas_print_on_two_pages_whole_and_without_a_control(page: Page, server: str):
    visit(page, f"{server}/{REGION}")
    assert pages_of_pdf(page) <= 2
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 725, "height": 960})  # US Letter without its margins
    expect(page.locator(".cim-paper")).to_contain_text("this tool's reading")
    for hidden in (".st-key-header", ".st-key-filter_name", ".st-key-region_export", ".cim-region-list"):
        expect(page.locator(hidden)).to_be_hidden()
    for shown in ("table.cim-mx", ".cim-region-table table", ".cim-seg"):
        box = page.locator(shown).bounding_box()
        assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 726
    expect(page.locator(".cim-region-table tbody tr")).to_have_count(24)
    cut = page.evaluate(
        """() => [...document.querySelectorAll(".cim-mx .cim-lea, .cim-mx .cim-v span, .cim-seg span")]
          .filter((one) => one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 2)
          .map((one) => one.textContent)"""
    )
    assert not cut
    page.emulate_media(media="screen")


def test_sixty_leas_with_long_names(page: Page, server: str):
    upload(page, server, 60)
    expect(page.locator(ROWS)).to_have_count(60)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        settle(page)
        fits_sideways(page)
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(page.locator(".cim-region-table tbody tr").first).to_contain_text(LONG)
    first = page.locator("table.cim-mx tbody th a").first
    assert LONG in (first.get_attribute("title") or "")
    box = page.locator("table.cim-mx tbody tr").first.bounding_box()
    assert box is not None and box["height"] <= 26


def test_one_lea_stands_beside_those_like_it(page: Page, server: str):
    upload(page, server, 1)
    expect(page.locator("h1")).to_contain_text("and LEAs like it")
    for width in (1280, 390, 320):
        page.set_viewport_size({"width": width, "height": 800})
        settle(page)
        fits_sideways(page)


def test_twelve_of_the_state_are_few_elements_(page: Page, server: str):
    upload_the_state(page, server)
    paste(page, "page", MINE)
    go(page, "Region")
    expect(page.locator(ROWS)).to_have_count(12)
    assert page.locator("[data-testid=stMain] *").count() < 3_000
    assert height_of(page) < 2_000
