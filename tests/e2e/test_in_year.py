"""This month's counts, typed for one LEA: the same page, marked as the year so far."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import settle, visit

pytestmark = pytest.mark.e2e

LEA = "99101120000000"


def type_counts(page: Page, **counts: tuple[int, int]) -> None:
    for code, pair in counts.items():
        for part, number in zip("nd", pair, strict=True):
            page.locator(f".st-key-so_far_{part}_{code}_{LEA} input").fill(str(number))


@pytest.mark.full
def test_suspensions_typed_so_far_say_how_many_more_would_miss_the_target(page: Page, server: str):
    page.set_viewport_size({"width": 1280, "height": 2600})
    visit(page, f"{server}/lea?data=sample&lea=9910112")
    expect(page.get_by_text("So far this year")).to_have_count(0)
    page.get_by_role("tab", name="What would move it").click()
    settle(page)
    page.locator(".st-key-so_far_panel summary").click()
    type_counts(page, susp=(30, 460), **{"4a": (11, 446)})
    page.locator(".st-key-so_far_show button").click()
    expect(page.get_by_text("So far this year: counts to")).to_be_visible(timeout=20_000)
    settle(page)
    expect(page.locator("h1")).to_have_text("Quince Valley Elementary")
    expect(page.locator(".st-key-top_bar")).to_contain_text("so far (to")
    row = page.locator("table.cim tr", has_text="4a Suspended").first
    expect(row).to_contain_text("2 more students would make it missed, and the number only grows")
    page.locator(".st-key-page_links").get_by_role("link", name="Start").click()
    expect(page.locator(".cim-lead").first).to_contain_text("so far (to", timeout=20_000)
    settle(page)
    page.go_back()
    expect(page.locator("h1")).to_have_text("Quince Valley Elementary", timeout=20_000)
    settle(page)
    page.locator(".st-key-so_far_panel summary").click()
    type_counts(page, **{"4a": (13, 446)})
    page.locator(".st-key-so_far_show button").click()
    expect(page.get_by_text("Missed so far, and the number only grows")).to_be_visible(timeout=20_000)
