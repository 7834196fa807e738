"""What tests measure on a page: pixels, words, printed pages."""

from __future__ import annotations

import re

from playwright.sync_api import Page

_MAIN = "document.querySelector('[data-testid=stMain]')"


def top_of(page: Page, selector: str) -> float:
    """The y of the first element, in pixels from the top of the window."""
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    return float(box["y"])


def height_of(page: Page) -> int:
    """How tall the page is, in pixels."""
    return int(page.evaluate(f"{_MAIN}.scrollHeight"))


def words_of(page: Page) -> int:
    """How many words stand on the page, header and all."""
    return len(page.locator("[data-testid=stMain]").inner_text().split())


def apart(page: Page, first: str, second: str) -> None:
    """Something ends before something else beside it begins."""
    left, right = page.locator(first).last.bounding_box(), page.locator(second).first.bounding_box()
    assert left is not None and right is not None
    assert left["x"] + left["width"] <= right["x"] or left["y"] + left["height"] <= right["y"]


def fits_sideways(page: Page) -> None:
    """Nothing is wider than the window."""
    page.wait_for_function(f"{_MAIN}.scrollWidth - window.innerWidth <= 1", timeout=10_000)


def pages_of_pdf(page: Page) -> int:
    """On how many US Letter pages it prints."""
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="Letter", prefer_css_page_size=True)))
