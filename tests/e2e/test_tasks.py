"""The main tasks, as somebody does them who reads no manual: few clicks, by mouse or by keyboard alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import settle, visit
from tests.e2e.measured import pages_of_pdf

pytestmark = pytest.mark.e2e

MOST_TABS = 90
_FOCUSED = "document.activeElement?.closest('a, button, summary, [role=tab]')?.innerText ?? ''"


def tab_to(page: Page, name: str) -> None:
    """Press Tab until something of this name has the focus, which must be seen."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if re.match(name, page.evaluate(_FOCUSED).strip()):
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            ring = page.evaluate("getComputedStyle(document.activeElement).boxShadow")
            assert outline != "none" or ring != "none", f"the focus on {name} is not seen"
            return
    raise AssertionError(f"{name} is not reached by Tab")


def test_who_is_close_why_what_would_help_and_on_paper_in_six_clicks(page: Page, server: str):
    visit(page, server)
    page.get_by_role("button", name=re.compile("invented SELPA")).click()  # 1
    settle(page)
    card = page.locator(".cim-card", has_text="Closest to a more intensive placement")
    expect(card).to_be_visible()
    nearest = card.locator("li a").first
    name = nearest.inner_text()
    nearest.click()  # 2
    settle(page)
    expect(page.locator("h1")).to_contain_text(name)
    expect(page.locator(".cim-ladder")).to_contain_text("this is why")
    expect(page.get_by_text(re.compile("To stay out of|To step down")).first).to_be_visible()
    page.get_by_role("tab", name="What would move it").click()  # 3
    settle(page)
    page.get_by_role("tab", name="Why").click()  # 4
    settle(page)
    assert pages_of_pdf(page) == 1  # 5: print


def test_the_same_by_keyboard_alone(page: Page, server: str):
    visit(page, server)
    tab_to(page, "Look around in an invented SELPA")
    page.keyboard.press("Enter")
    expect(page.locator("a.cim-chip")).to_have_count(24, timeout=20_000)
    settle(page)
    tab_to(page, "Quince Valley")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Quince Valley Elementary", timeout=20_000)
    settle(page)
    tab_to(page, "Why")
    page.keyboard.press("ArrowRight")
    settle(page)
    expect(page.get_by_role("tab", name="What would move it")).to_have_attribute("aria-selected", "true")


@pytest.mark.parametrize("name", ["Region", "What if", "Rules"])
def test_every_page_is_reached_by_keyboard(page: Page, server: str, name: str):
    visit(page, f"{server}/?data=sample")
    tab_to(page, name)
    page.keyboard.press("Enter")
    settle(page)
    expect(page.locator(".cim-nav [aria-current=page]")).to_have_text(name)


def test_year_and_rules_are_chosen_by_keyboard(page: Page, server: str):
    visit(page, f"{server}/?data=sample")
    tab_to(page, "Alder Valley SELPA")
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-pick_year")).to_be_visible()
    page.locator(".st-key-pick_year input").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-top_bar")).to_contain_text("2023-24", timeout=20_000)


def test_nothing_moves_where_motion_is_not_wanted(page: Page, server: str):
    page.emulate_media(reduced_motion="reduce")
    visit(page, f"{server}/?data=sample")
    moving = "document.getAnimations().filter((one) => one.effect.getComputedTiming().duration > 10).length"
    assert page.evaluate(moving) == 0
    page.emulate_media(reduced_motion="no-preference")


def test_at_200_percent_nothing_is_lost(page: Page, server: str):
    """A zoom of 200 % on 1280 pixels is a window of 640."""
    page.set_viewport_size({"width": 640, "height": 400})
    for path in ("", "region", "lea", "whatif", "data", "rules"):
        visit(page, f"{server}/{path}?data=sample")
        main = "document.querySelector('[data-testid=stMain]')"
        page.wait_for_function(f"{main}.scrollWidth - window.innerWidth <= 1", timeout=10_000)
        expect(page.locator("h1")).to_be_visible()
        expect(page.locator(".cim-nav a")).to_have_count(10)
