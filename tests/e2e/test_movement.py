"""Movement, measured: the years in the address and under Back, names on the flows, phone, paper."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import choose, settle, visit
from tests.e2e.measured import fits_sideways, pages_of_pdf, top_of
from tests.e2e.test_look import assert_nothing_new, unfold

pytestmark = pytest.mark.e2e

MOVEMENT = "movement?data=sample"


def test_the_sentence_and_the_picture_stand_on_the_first_screen(page: Page, server: str):
    page.set_viewport_size({"width": 1280, "height": 800})
    visit(page, f"{server}/{MOVEMENT}")
    assert top_of(page, "h1") < 120 and top_of(page, ".st-key-movement_flows svg.cim-wide") < 320
    picture = page.locator(".st-key-movement_flows svg.cim-wide")
    expect(picture).to_contain_text("Kelp Harbor, Laurel Gate")
    expect(page.locator(".js-plotly-plot")).to_have_count(0)


def test_years_are_in_the_address_and_back_undoes_them(page: Page, server: str):
    visit(page, f"{server}/{MOVEMENT}")
    head = page.locator("h1")
    expect(head).to_have_text("11 of 24 LEAs moved between 2023-24 and 2024-25.")
    choose(page, "movement_from", "From 2022-23")
    expect(head).to_contain_text("between 2022-23 and 2024-25.")
    settle(page)
    choose(page, "movement_to", "To 2023-24")
    expect(head).to_contain_text("between 2022-23 and 2023-24.")
    settle(page)
    assert "from=2022-23" in page.url and "to=2023-24" in page.url
    link = page.url
    for years in ("2022-23 and 2024-25.", "2023-24 and 2024-25."):
        page.go_back()
        expect(head).to_contain_text(f"between {years}")
        settle(page)
    page.go_forward()
    expect(head).to_contain_text("between 2022-23 and 2024-25.")
    settle(page)
    visit(page, link)
    expect(head).to_contain_text("between 2022-23 and 2023-24.")


def test_another_year_in_the_header_is_held_against_the_one_before_it(page: Page, server: str):
    visit(page, f"{server}/{MOVEMENT}&from=2022-23&to=2024-25")
    page.locator(".st-key-bar_change button").first.click()
    choose(page, "pick_year", "2023-24")
    expect(page.locator("h1")).to_contain_text("between 2022-23 and 2023-24.")


def test_back_from_a_name_leads_to_the_same_years(page: Page, server: str):
    visit(page, f"{server}/{MOVEMENT}&from=2022-23")
    sentence = page.locator("h1").inner_text()
    name = page.locator(".cim-movers tbody a").first
    named = name.inner_text()
    name.click()
    settle(page)
    expect(page.locator("h1")).to_have_text(named)
    for _ in range(2):
        page.go_back()
        settle(page)
        expect(page.locator("h1")).to_have_text(sentence)
        page.go_forward()
        settle(page)
        expect(page.locator("h1")).to_have_text(named)


@pytest.mark.parametrize("width", [768, 390, 320])
def test_a_narrow_screen_has_its_own_layout(page: Page, server: str, width: int):
    page.set_viewport_size({"width": width, "height": 800})
    visit(page, f"{server}/{MOVEMENT}")
    fits_sideways(page)
    wide, phone = (page.locator(f".st-key-movement_flows svg.cim-{kind}") for kind in ("wide", "phone"))
    expect(phone if width <= 640 else wide).to_be_visible()
    expect(wide if width <= 640 else phone).to_be_hidden()


@pytest.mark.full
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_new_in_movement(page: Page, server: str, width: int):
    page.set_viewport_size({"width": width, "height": 800})
    visit(page, f"{server}/{MOVEMENT}&earlier=cde-2022")
    unfold(page)
    assert_nothing_new(page)


def test_movement_prints_without_a_control_and_nothing_is_cut(page: Page, server: str):
    visit(page, f"{server}/{MOVEMENT}")
    assert pages_of_pdf(page) <= 2
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 725, "height": 960})
    for hidden in (".st-key-header", ".st-key-movement_from", ".st-key-movement_export"):
        expect(page.locator(hidden)).to_be_hidden()
    pictures = (".st-key-movement_flows svg.cim-sheet", ".st-key-movement_rates svg.cim-wide")
    for shown in (*pictures, ".cim-movers table", ".cim-flows table"):
        box = page.locator(shown).bounding_box()
        assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 726
    page.emulate_media(media="screen")
