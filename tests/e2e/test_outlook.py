"""What a director does next: who is close to moving, what would move it, what if that cannot change."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import settle, visit

pytestmark = pytest.mark.e2e

MOVED = "With 1 more student counted in “5a Regular class ≥ 80%” (237 → 238 of 446) it would be Universal."


def test_from_start_to_what_would_move_it_and_a_lock_changes_the_answer(page: Page, server: str):
    page.set_viewport_size({"width": 1280, "height": 2600})
    visit(page, f"{server}/?data=sample")
    expect(page.get_by_role("heading", name="Closest to stepping down")).to_be_visible()
    page.get_by_role("link", name="Quince Valley").first.click()
    expect(page.locator("h1")).to_have_text("Quince Valley Elementary", timeout=20_000)
    settle(page)
    page.get_by_role("tab", name="What would move it").click()
    settle(page)
    expect(page.get_by_text(MOVED)).to_be_visible()
    page.locator(".st-key-locks input").fill("5a")
    page.get_by_role("option", name="5a Regular class").click()
    settle(page)
    expect(page.get_by_text("No change would do it without 5a, which you keep fixed.")).to_be_visible()
    expect(page.get_by_text(MOVED)).to_have_count(0)


def test_a_plan_is_tried_in_what_if_and_the_lea_is_placed_anew(page: Page, server: str):
    visit(page, f"{server}/lea?data=sample&lea=9910112&tab=moves")
    page.get_by_role("link", name="Try this in What if").first.click()
    expect(page.locator("h1")).to_have_text("1 LEA moves, to a less intensive placement.", timeout=20_000)
    settle(page)
    expect(page.locator(".st-key-whatif_banner")).to_contain_text(
        "What would move it: Quince Valley Elementary"
    )
    expect(page.locator(".cim-movers li")).to_contain_text("Quince Valley Elementary")


def test_the_region_sorts_by_what_would_move_them(page: Page, server: str):
    visit(page, f"{server}/region?data=sample")
    page.locator(".st-key-filter_order button").click()
    page.get_by_role("option", name="nearest to a less intensive placement").click()
    settle(page)
    expect(page.locator("table.cim-mx thead")).to_contain_text("To step down")
    expect(page.locator("table.cim-mx tbody tr").first).to_contain_text("Quince Valley")
    expect(page.locator(".cim-region-table tbody tr").first).to_contain_text("Quince Valley Elementary")
