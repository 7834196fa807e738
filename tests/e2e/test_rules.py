"""Rules: the flyer's lines first, the rest folded; short on a phone, one page on paper."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import settle, visit
from tests.e2e.measured import height_of, top_of
from tests.e2e.test_look import assert_no_sideways_scrolling, assert_nothing_new

pytestmark = pytest.mark.e2e
FOLDS = ".st-key-no_print_folds [data-testid=stExpander]"


def test_the_lines_of_the_flyer_stand_first(page: Page, server: str):
    page.set_viewport_size({"width": 1280, "height": 800})
    visit(page, f"{server}/rules?data=sample")
    assert top_of(page, "h1") < 120
    lines = page.locator(".cim-rules li")
    expect(lines).to_have_count(8)
    expect(lines.first).to_contain_text("Lowest 10% statewide")
    expect(lines.first.locator(".cim-answer")).to_have_text("assumed")
    expect(lines.nth(1).locator(".cim-answer")).to_have_text("assumed")
    expect(lines.nth(2).locator(".cim-answer")).to_be_empty()
    assert page.locator("table").count() == 0
    lines.first.locator("summary").click()
    expect(lines.first.get_by_text("Source:")).to_be_visible()


def test_a_phone_has_them_within_three_screens(page: Page, server: str):
    page.set_viewport_size({"width": 390, "height": 800})
    visit(page, f"{server}/rules?data=sample")
    assert top_of(page, "h1") < 200
    assert height_of(page) <= 3 * 800
    assert_no_sideways_scrolling(page)


@pytest.mark.full
def test_each_fold_opens_and_axe_finds_nothing_in_it(page: Page, server: str):
    visit(page, f"{server}/rules?data=sample")
    folds = page.locator(FOLDS)
    for at in range(folds.count() - 1):  # the last holds a grid of Streamlit's own
        folds.nth(at).locator("summary").click()
        settle(page)
    expect(page.locator("table.cim").first).to_contain_text("≥53.2%")
    assert_nothing_new(page)


def test_the_lines_print_on_one_page(page: Page, server: str):
    visit(page, f"{server}/rules?data=sample")
    page.emulate_media(media="print")
    expect(page.locator(".cim-rules")).to_be_visible()
    expect(page.locator(".st-key-no_print_folds")).to_be_hidden()
    assert page.pdf(format="Letter").count(b"/Type /Page\n") <= 1
