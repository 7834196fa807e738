"""The three steps of an upload: the rail, the ways back, one main button, and all of it by keyboard."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import settle, visit
from tests.e2e.test_look import assert_no_sideways_scrolling, assert_nothing_new
from tests.e2e.test_uploads import WIDE, give, opened, read, to_step

pytestmark = pytest.mark.e2e

NO_YEAR = b"lea_code,lea_name,swd,5a,8\n9900001,Meadow,300,53.2,95\n9900002,Brook,240,61.0,95\n"
FIRST = {1280: 120, 390: 200}
"""Where the page's sentence begins at the latest, by the width of the screen."""


def top_of_sentence(page: Page) -> float:
    box = page.locator("h1").first.bounding_box()
    assert box is not None
    return box["y"]


def main_buttons(page: Page) -> int:
    """Buttons that look like the one to press."""
    return page.locator(".cim-main:visible, [data-testid=stBaseButton-primary]:visible").count()


def at_step(page: Page, name: str) -> None:
    expect(page.locator(".cim-rail [aria-current=step]")).to_contain_text([name], timeout=20_000)
    settle(page)


@pytest.mark.parametrize("width", FIRST)
def test_each_step_begins_with_its_sentence_and_has_one_main_button(page: Page, server: str, width: int):
    page.set_viewport_size({"width": width, "height": 800})
    visit(page, f"{server}/data")
    at_step(page, "File")
    assert top_of_sentence(page) < FIRST[width] and not main_buttons(page)
    give(page, "own.csv", WIDE.encode())
    at_step(page, "Questions")
    expect(page.locator("h1")).to_have_text("One more question, then your LEAs.")
    assert top_of_sentence(page) < FIRST[width] and main_buttons(page) == 1
    assert_no_sideways_scrolling(page)
    page.set_viewport_size({"width": width, "height": 800})
    page.get_by_role("link", name="Continue").click()
    at_step(page, "Result")
    expect(page.locator("h1")).to_have_text("All 2 LEAs were read. None is settled.")
    assert top_of_sentence(page) < FIRST[width] and main_buttons(page) == 1
    assert_no_sideways_scrolling(page)


def test_there_is_a_way_back_at_each_step_and_back_in_the_browser(page: Page, server: str):
    opened(page, server, "own.csv", WIDE.encode())
    at_step(page, "Questions")
    to_step(page, "Result")
    at_step(page, "Result")
    page.get_by_role("link", name="Back to questions").click()
    at_step(page, "Questions")
    page.get_by_role("link", name="Back to files").click()
    at_step(page, "File")
    page.go_back()
    at_step(page, "Questions")
    page.go_back()
    at_step(page, "Result")
    page.get_by_role("link", name="Add another file").click()
    at_step(page, "File")
    to_step(page, "Result")
    at_step(page, "Result")
    page.locator(".st-key-page_links").get_by_role("link", name="Region").click()
    page.wait_for_url(re.compile("/region"))
    settle(page)
    assert "step=" not in page.url


def test_an_answer_moves_nothing_until_one_goes_on(page: Page, server: str):
    opened(page, server, "no_year.csv", NO_YEAR)
    at_step(page, "Questions")
    assert not page.get_by_role("link", name="Continue").count()
    year = page.get_by_role("radiogroup", name=re.compile("Which school year"))
    before = year.bounding_box()
    year.get_by_text("2023-24").click()
    settle(page)
    at_step(page, "Questions")
    assert year.bounding_box() == before
    expect(page.locator(".cim-rail")).to_contain_text("1 to answer")  # what the file says nothing about
    expect(page.get_by_role("link", name="Continue")).to_be_visible()


def test_a_file_is_replaced_and_closed_where_it_was_read(page: Page, server: str):
    opened(page, server, "own.csv", WIDE.encode())
    line = read(page, "own.csv")
    line.locator("summary").click()
    settle(page)
    expect(line.locator("table.cim")).to_contain_text("5a_n")
    line.get_by_role("button", name="Replace").click()
    at_step(page, "File")
    expect(page.get_by_text("takes the place of own.csv")).to_be_visible()
    give(page, "other.csv", WIDE.replace("99000", "99100").encode())
    line = read(page, "other.csv")
    expect(page.locator(".st-key-card_read [class*=st-key-file_]")).to_have_count(1)
    line.locator("summary").click()
    settle(page)
    line.get_by_role("button", name="Close").click()
    at_step(page, "File")
    expect(page.locator("h1")).to_have_text("Drop the file you have.")


def test_one_limit_is_named(page: Page, server: str, tmp_path: Path):
    visit(page, f"{server}/data")
    assert re.findall(r"(\d+) ?MB", page.inner_text("body")) == ["25"]
    (tmp_path / "large.csv").write_bytes(b"x" * (26 * 2**20))
    page.locator("[class*=st-key-upload_] input[type=file]").set_input_files(tmp_path / "large.csv")
    expect(page.locator("[data-testid=stFileUploader]")).to_contain_text("25.0MB", timeout=20_000)
    assert "40" not in page.inner_text("[data-testid=stFileUploader]")


def focus(page: Page, wanted: str, most: int = 60) -> None:
    """Press Tab until what has the focus is named so."""
    named = "(document.activeElement.innerText || document.activeElement.ariaLabel || '').trim()"
    for _ in range(most):
        page.keyboard.press("Tab")
        if re.search(wanted, page.evaluate(named)):
            return
    raise AssertionError(f"{wanted} is not reached by Tab")


def test_from_the_file_to_start_by_keyboard_alone(page: Page, server: str):
    page.on("filechooser", lambda _: None)  # from now on the browser asks us: that takes effect only later
    visit(page, f"{server}/data")
    focus(page, "Upload$")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files({"name": "no_year.csv", "mimeType": "text/csv", "buffer": NO_YEAR})
    at_step(page, "Questions")
    radio = "document.activeElement.type === 'radio'"
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(radio):
            break
    page.keyboard.press("Space")
    settle(page)
    expect(page.locator("[class*=st-key-ask_] input:checked")).to_have_count(1)
    focus(page, "^Continue")
    page.keyboard.press("Enter")
    at_step(page, "Result")
    focus(page, "^See your LEAs")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/data" not in url)
    settle(page)
    expect(page.locator("h1")).to_contain_text("2 LEAs")


def test_the_sample_and_its_lists(page: Page, server: str):
    visit(page, f"{server}/data?data=sample")
    at_step(page, "Result")
    expect(page.locator("h1")).to_contain_text("All 24 LEAs were read.")
    assert main_buttons(page) == 1
    assert page.locator(".js-plotly-plot, [data-testid=stDataFrame], table").count() == 0
    page.get_by_text("Large change from last year (").click()
    settle(page)
    expect(page.locator(".st-key-card_checks table.cim tbody tr")).to_have_count(16)
    page.get_by_text("The data cell by cell").click()
    settle(page)
    cells = page.locator(".cim-cells tbody tr")
    expect(cells).to_have_count(24)
    assert_nothing_new(page)
    cells.nth(1).get_by_role("link").click()
    page.wait_for_url(re.compile("/lea"))


def test_cells_with_problems_stand_first(page: Page, server: str):
    opened(page, server, "bad.csv", WIDE.replace(",600,1000,", ",six hundred,1000,").encode())
    read(page, "bad.csv")
    page.get_by_text("The data cell by cell").click()
    settle(page)
    rows = page.locator(".cim-cells tbody tr")
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("Brook Elementary")
    expect(rows.first.locator("td").first).to_have_text("1")
    expect(rows.first.locator("td").nth(3)).to_have_text("×")
    expect(page.locator(".cim-cells thead th").nth(4)).to_have_text("5a")


def test_the_result_prints_on_one_page_without_widgets(page: Page, server: str):
    visit(page, f"{server}/data?data=sample")
    page.emulate_media(media="print")
    for hidden in (".cim-rail", ".cim-go", ".st-key-header"):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(page.locator(".cim-tiles")).to_be_visible()
    assert page.pdf(format="Letter").count(b"/Type /Page\n") <= 1
