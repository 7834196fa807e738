"""Accessibility, phone width and print."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.conftest import settle, visit
from tests.e2e.pictures import UPLOADS

pytestmark = pytest.mark.e2e

PAGES = ("", "data", "region", "lea", "movement", "whatif", "letters", "meeting", "rules", "library", "log")
KNOWN = {"svg-img-alt", "presentation-role-conflict", "empty-table-header"}
"""Findings of Streamlit's own elements; anything else fails."""


SCHEMES = ("light", "dark")
DRAWN_IN = "(scheme) => getComputedStyle(document.querySelector('.stApp')).colorScheme === scheme"
"""The app has followed the device to a theme."""
UNMOVED = """document.getAnimations().every(
    (one) => one.playState !== "running" || one.effect.getComputedTiming().iterations === Infinity
)"""
"""No color is on its way to another one: what turns forever says nothing."""


def assert_nothing_new(page: Page, schemes: tuple[str, ...] = SCHEMES) -> None:
    """What axe finds, in light and in dark, is `KNOWN`."""
    found = {}
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.wait_for_function(DRAWN_IN, arg=scheme)
        settle(page)
        page.wait_for_function(UNMOVED)
        for finding in Axe().run(page).response["violations"]:
            if finding["id"] not in KNOWN:
                found[scheme, finding["id"]] = [node["html"][:160] for node in finding["nodes"][:3]]
    assert not found


@pytest.mark.full
@pytest.mark.parametrize("path", ["lea?data=sample&lea=9910105", "movement?data=sample"])
def test_axe_finds_nothing_new_with_everything_unfolded(page: Page, server: str, path: str):
    visit(page, f"{server}/{path}")
    unfold(page)
    assert_nothing_new(page)


def assert_no_sideways_scrolling(page: Page) -> None:
    """On a usual and on a small phone, once everything has found its new width."""
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 800})
        settle(page)
        main = "document.querySelector('[data-testid=stMain]')"
        page.wait_for_function(f"{main}.scrollWidth - window.innerWidth <= 1", timeout=10_000)


def test_a_phone_shows_an_lea_unfolded_without_sideways_scrolling(page: Page, server: str):
    page.set_viewport_size({"width": 390, "height": 800})
    visit(page, f"{server}/lea?data=sample&lea=9910105")
    unfold(page)
    assert_no_sideways_scrolling(page)


def unfold(page: Page) -> None:
    """Open every block that is folded."""
    page.evaluate(
        "document.querySelectorAll('details:not([open]) > summary').forEach(title => title.click())"
    )
    settle(page)


@pytest.mark.full
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", sorted(UPLOADS))
def test_axe_finds_nothing_new_in_what_an_upload_asks_and_says(
    page: Page, server: str, name: str, scheme: str
):
    page.emulate_media(color_scheme=scheme)
    visit(page, f"{server}/data")
    file, text = UPLOADS[name]
    given = {"name": file, "mimeType": "text/plain", "buffer": text.encode()}
    page.locator("[class*=st-key-upload_] input[type=file]").set_input_files(given)
    expect(page.locator(".cim-rail .cim-on")).not_to_contain_text("File", timeout=20_000)
    settle(page)
    assert_nothing_new(page, (scheme,))
