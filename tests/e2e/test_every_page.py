"""Every page in every state it can be in: where its sentence stands, that it fits, axe, paper."""

from __future__ import annotations

from functools import cache
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from cim_core.data import shipped
from tests.conftest import in_long_checks
from tests.e2e.conftest import settle, visit
from tests.e2e.measured import apart, fits_sideways, pages_of_pdf, top_of
from tests.e2e.test_look import PAGES, assert_nothing_new, unfold
from tests.e2e.test_start import of_leas
from tests.e2e.test_uploads import opened

pytestmark = pytest.mark.e2e

MINE = "0161119~0161127~0161143~0161150~0175093~0161176~0161192~0161200~0161242~0161234~0161259~0161291"
STATES = ("sample", "one", "sixty", "state", "none")
OF_NO_STATE = ("library", "log")
"""Pages that are the same whatever is open."""
IN_GATE = ("sample",)
"""The other states are looked at in the long checks."""
SOME_PAGES = [path for path in PAGES if path in ("", "lea", "data")]
SOME_PAGES += in_long_checks(*(path for path in PAGES if path not in SOME_PAGES))
"""What takes long is done for three pages in the gate, for all of them in the long checks."""
CASES = [
    (path, state)
    for path in PAGES
    for state in STATES
    if path not in OF_NO_STATE or state in ("sample", "none")
]
WIDTHS = {1600: (48, 120), 1280: (48, 120), 768: (96, 200), 640: (96, 200), 390: (96, 200), 320: (96, 230)}
"""By width: how tall the header may be, and where the page's sentence begins at the latest. 640 is what 1280
becomes at twice the size."""
SHEET = {"width": 725, "height": 960}
"""US Letter without its margins."""
MOST_SHEETS = {
    "": 1,
    "lea": 1,
    "region": 2,
    "movement": 2,
    "whatif": 1,
    "letters": 1,
    "meeting": 1,
    "data": 1,
    "rules": 1,
    "library": 2,
    "log": 2,
}
PHONE = 1_000
"""Up to this width the header has two lines."""
CUT = """() => {
  const scrolled = (one) => one !== null && one.dataset.testid !== "stMain"
    && (["auto", "scroll"].includes(getComputedStyle(one).overflowX) || scrolled(one.parentElement));
  return [...document.querySelectorAll(
    "[data-testid=stMain] :is(svg, svg text, svg circle), table, .cim-card")]
  .map((one) => [one, one.getBoundingClientRect()])
  .filter(([one, box]) => box.width && box.height && (box.left < -1 || box.right > window.innerWidth + 1))
  .filter(([one]) => matchMedia("print").matches || !scrolled(one))
  .map(([one]) => one.outerHTML.slice(0, 120));
}"""
"""What is cut off: on a screen that is not what one can scroll to sideways in a place of its own."""
WIDGETS = """() => [...document.querySelectorAll(
    "[data-testid=stMain] button, [data-testid=stMain] input, [data-testid=stMain] textarea, .st-key-header")]
  .filter((one) => one.getBoundingClientRect().height && getComputedStyle(one).visibility !== "hidden")
  .map((one) => one.outerHTML.slice(0, 120))"""


def given(state: str) -> bytes:
    """The file of a state."""
    return shipped.STATEWIDE.read_bytes() if state == "state" else of_leas({"one": 1, "sixty": 60}[state])


@cache
def query(browser: Browser, server: str, state: str) -> str:
    """What an address needs to open a state: its files are given once."""
    if state in ("sample", "none"):
        return "data=sample" if state == "sample" else ""
    page = browser.new_page()
    opened(page, server, "own.csv", given(state))
    expect(page.locator(".st-key-top_bar")).to_contain_text("202", timeout=60_000)
    settle(page)
    asked = "&".join(part for part in urlsplit(page.url).query.split("&") if not part.startswith("step="))
    page.close()
    return f"{asked}&mine={MINE}" if state == "state" else asked


@pytest.mark.parametrize(
    ("path", "state"),
    [pytest.param(*each, marks=[pytest.mark.full] if each[1] not in IN_GATE else []) for each in CASES],
)
def test_it_fits_at_every_width_and_begins_with_its_sentence(
    page: Page, browser: Browser, server: str, path: str, state: str
):
    page.set_viewport_size({"width": 1600, "height": 800})
    visit(page, f"{server}/{path}?{query(browser, server, state)}")
    assert page.locator("[data-testid=stException]").count() == 0
    for width, (header, first) in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": 800})
        settle(page)
        fits_sideways(page)
        if width > PHONE:
            apart(page, ".cim-nav a", ".st-key-top_bar [data-testid=stPopover] button")
        box = page.locator(".st-key-header").bounding_box()
        assert box is not None and box["height"] <= header, width
        assert 0 < top_of(page, "h1") <= first, width
        assert not page.evaluate(CUT), width
        page.evaluate("document.querySelector('[data-testid=stMain]').scrollTo(0, 600)")
        assert abs(top_of(page, ".st-key-header")) <= 1, "it stays in view"
        page.evaluate("document.querySelector('[data-testid=stMain]').scrollTo(0, 0)")


@pytest.mark.parametrize("state", [STATES[0], *in_long_checks(*STATES[1:])])
@pytest.mark.parametrize("path", SOME_PAGES)
def test_axe_finds_nothing_new(page: Page, browser: Browser, server: str, path: str, state: str):
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 800})
        visit(page, f"{server}/{path}?{query(browser, server, state)}")
        assert_nothing_new(page)


@pytest.mark.full
@pytest.mark.parametrize(("path", "state"), CASES)
def test_axe_finds_nothing_new_with_everything_unfolded(
    page: Page, browser: Browser, server: str, path: str, state: str
):
    visit(page, f"{server}/{path}?{query(browser, server, state)}")
    unfold(page)
    assert_nothing_new(page)


@pytest.mark.parametrize("state", ["sample", *in_long_checks("sixty", "state")])
@pytest.mark.parametrize("path", SOME_PAGES)
def test_on_paper_it_is_a_handout(page: Page, browser: Browser, server: str, path: str, state: str):
    visit(page, f"{server}/{path}?{query(browser, server, state)}")
    if state == "sample":
        assert pages_of_pdf(page) <= MOST_SHEETS[path]
    page.emulate_media(media="print")
    page.set_viewport_size(SHEET)
    settle(page)
    paper = page.locator(".cim-paper")
    expect(paper).to_contain_text("this tool's reading")
    expect(paper).to_contain_text("202")
    assert not page.evaluate(WIDGETS)
    assert not page.evaluate(CUT)
