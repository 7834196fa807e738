"""The page of an LEA, measured: words, pixels, paper, narrow screens, long names, every kind of evidence."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import in_long_checks
from tests.e2e.conftest import settle, visit
from tests.e2e.test_look import assert_no_sideways_scrolling, assert_nothing_new
from tests.e2e.test_uploads import opened, read

pytestmark = pytest.mark.e2e

KINDS = {
    "missed": "9910112", "many missed": "9910042", "rank": "9910084", "disproportionality": "9910105",
    "stated years": "9910056", "findings": "9910028", "nothing": "9910000", "not settled": "9910098",
    "not placed": "99101611300253",
}  # fmt: skip
"""One LEA of the sample for each kind of evidence."""
_OFTEN = ("missed", "rank", "disproportionality")
SOME_KINDS = [*_OFTEN, *in_long_checks(*(kind for kind in KINDS if kind not in _OFTEN))]
MOST_WORDS, WIDE, NARROW = 350, 1_200, 2_400
MAIN = "document.querySelector('[data-testid=stMainBlockContainer]')"
LETTER = {"width": 725, "height": 966}
"""Pixels of a Letter page between its margins."""
LONG = "Very Long Joint Unified Union High School District of the Far North"


def lea(page: Page, server: str, code: str, width: int = 1280, more: str = "") -> Page:
    page.set_viewport_size({"width": width, "height": 800})
    return visit(page, f"{server}/lea?data=sample&lea={code}{more}")


@pytest.mark.parametrize("kind", SOME_KINDS)
def test_the_first_screen_is_short_and_says_why(page: Page, server: str, kind: str):
    lea(page, server, KINDS[kind])
    words = page.evaluate(f"{MAIN}.innerText.split(/\\s+/).filter((word) => word).length")
    assert words < MOST_WORDS
    assert page.evaluate(f"{MAIN}.scrollHeight") <= WIDE
    top = {name: page.locator(name).bounding_box() for name in ("h1", ".cim-because")}
    assert top["h1"]["y"] < 120 and top[".cim-because"]["y"] < 180
    expect(page.locator(".cim-ladder .cim-decided")).to_have_count(1)
    expect(page.get_by_role("tab")).to_have_count(5)
    expect(page.locator(".st-key-evidence")).not_to_be_empty()
    lea(page, server, KINDS[kind], 390)
    assert page.evaluate(f"{MAIN}.scrollHeight") <= NARROW
    assert page.locator("h1").bounding_box()["y"] < 200


@pytest.mark.full
def test_every_lea_of_the_sample_has_few_words(page: Page, server: str):
    visit(page, f"{server}/?data=sample")
    chips = page.locator("a.cim-chip").evaluate_all("(all) => all.map((one) => one.getAttribute('href'))")
    assert len(chips) == 24
    page.set_viewport_size({"width": 1280, "height": 800})
    for link in chips:
        visit(page, f"{server}/{link}")
        words = page.evaluate(f"{MAIN}.innerText.split(/\\s+/).filter((word) => word).length")
        assert words < MOST_WORDS, link


@pytest.mark.parametrize("kind", SOME_KINDS)
def test_it_prints_on_one_page_with_all_of_it(page: Page, server: str, kind: str):
    lea(page, server, KINDS[kind])
    pages = re.findall(rb"/Type\s*/Page[^s]", page.pdf(format="Letter"))
    assert len(pages) == 1
    page.emulate_media(media="print")
    page.set_viewport_size(LETTER)
    settle(page)
    for part in (".cim-paper", ".cim-badge", ".cim-because", ".cim-trail", ".cim-ladder", ".cim-lag"):
        expect(page.locator(part).first).to_be_visible()
    inside = """() => [...document.querySelectorAll(
        '.st-key-evidence svg, .st-key-evidence table, .cim-ladder, .cim-steps, .cim-lag, .cim-way u, svg *')]
        .map((one) => one.getBoundingClientRect()).filter((box) => box.width && box.height)
        .every((box) => box.left >= -1 && box.right <= 726 && box.bottom <= 967)"""
    assert page.evaluate(inside), "no chart is cut, and this LEA's own mark is on the page"
    expect(page.locator(".cim-acts").first).to_be_hidden() if page.locator(".cim-acts").count() else None


@pytest.mark.parametrize("book", ["cde-2023", "cde-2022"])
@pytest.mark.parametrize("code", ["9910105", *in_long_checks("9910112", "9910049", "9910070", "9910133")])
def test_other_rulebooks_fit_their_page_too(page: Page, server: str, book: str, code: str):
    lea(page, server, code, more=f"&rulebook={book}")
    assert page.evaluate(f"{MAIN}.scrollHeight") <= WIDE
    expect(page.locator(".cim-ladder .cim-decided")).to_have_count(1)
    assert len(re.findall(rb"/Type\s*/Page[^s]", page.pdf(format="Letter"))) == 1


def test_a_rung_opens_to_its_source_and_a_tab_is_built_when_opened(page: Page, server: str):
    lea(page, server, "9910112")
    rung = page.locator(".cim-ladder li").first
    expect(rung.get_by_text("assumption", exact=False).first).to_be_hidden()
    rung.locator("summary").click()
    expect(rung.locator("details > div")).to_be_visible()
    expect(page.locator(".cim-everything")).to_have_count(0)
    page.get_by_role("tab", name="All indicators").click()
    expect(page.locator(".cim-everything table")).to_be_visible()
    expect(page).to_have_url(re.compile("tab=all"))
    page.go_back()
    expect(page.locator(".cim-ladder")).to_be_visible()


def test_the_link_to_all_targets_and_back(page: Page, server: str):
    lea(page, server, "9910112")
    page.get_by_role("link", name="All 19").click()
    expect(page.locator(".cim-everything table")).to_be_visible()
    expect(page.locator(".cim-everything tbody tr").first).to_contain_text("5a Regular class")


def test_after_trying_it_in_what_if_back_shows_no_scenario(page: Page, server: str):
    lea(page, server, "9910112")
    page.get_by_role("link", name="Try this in What if").first.click()
    expect(page).to_have_url(re.compile("whatif.*scenario="))
    settle(page)
    page.go_back()
    expect(page.locator("h1")).to_have_text("Quince Valley Elementary")
    settle(page)
    assert "scenario" not in page.url
    expect(page.locator(".cim-because")).to_contain_text("Targeted Level 1")


@pytest.mark.full
@pytest.mark.parametrize("kind", SOME_KINDS)
def test_axe_finds_nothing_new_in_light_and_dark(page: Page, server: str, kind: str):
    lea(page, server, KINDS[kind])
    assert_nothing_new(page)


@pytest.mark.parametrize("kind", ["many missed", "rank", "disproportionality"])
def test_a_narrow_screen_shows_it_whole(page: Page, server: str, kind: str):
    lea(page, server, KINDS[kind], 390)
    assert_no_sideways_scrolling(page)


def test_a_name_of_sixty_characters_breaks_nothing(page: Page, server: str):
    text = f"lea_code,lea_name,selpa,year,swd,percentile,5a_n,5a_d\n9900001,{LONG},S,2024-25,300,50,40,100\n"
    opened(page, server, "long.csv", text.encode())
    read(page, "long.csv")
    page.get_by_role("link", name="LEA", exact=True).click()
    expect(page.locator("h1")).to_have_text(LONG, timeout=20_000)
    settle(page)
    assert_no_sideways_scrolling(page)
