"""A meeting: a deck from three pages, shown by keyboard on a projector and a phone, in light and dark."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from pptx import Presentation

from cim_core.export.meeting.card import Question
from cim_core.words.disclosure import WORKING
from tests.e2e.conftest import serve, settle, visit
from tests.e2e.measured import fits_sideways
from tests.e2e.test_look import assert_nothing_new

pytestmark = pytest.mark.e2e

PROJECTOR = {"width": 1280, "height": 720}
ADD = ".st-key-add_to_meeting button"


def begin(page: Page, server: str, preset: str, lea: str = "9910112") -> Page:
    page.set_viewport_size(PROJECTOR)
    visit(page, f"{server}/meeting?data=sample&lea={lea}")
    folded = page.locator(".st-key-meeting_new button")
    if folded.count():
        folded.click()
        settle(page)
    page.locator(f".st-key-preset_{preset} button").click()
    expect(page.locator(f".st-key-preset_{preset}")).to_have_count(0)
    settle(page)
    return page


@pytest.mark.full
def test_a_board_has_its_ten_answers_after_two_clicks(page: Page, tmp_path):
    with serve(CIM_DATA=str(tmp_path)) as server:
        visit(page, f"{server}/?data=sample")
        page.locator(".cim-nav").get_by_role("link", name="Meeting", exact=True).click()
        settle(page)
        page.locator(".st-key-preset_board button").click()
        expect(page.locator("h1")).to_contain_text("10 cards")
        settle(page)
        shown = page.locator(".stMain").inner_text()
        for question in Question:
            head = WORKING.say_id(f"meeting.question.{question}")
            assert head in shown, question
        for answer in ("how much help each LEA needs", "7 of 24 LEAs", "missed most", "within 3 students",
                       "The results are of", "more intensive level since", "hang on 3 students",
                       "have work to do", "set aside 15%", "Our next steps"):  # fmt: skip
            assert answer in shown


def start(page: Page) -> None:
    page.locator(".st-key-meeting_start button").click()
    expect(page.locator(".cim-mt")).to_be_visible()
    settle(page)


def press(page: Page, key: str, number: str) -> None:
    page.keyboard.press(key)
    expect(page.locator(".cim-mt footer span")).to_have_text(number)
    settle(page)


def test_a_deck_from_three_pages_is_shown_by_keyboard(page: Page, server: str):
    page.set_viewport_size(PROJECTOR)
    for path in ("?data=sample", "lea?data=sample&lea=9910112", "movement?data=sample"):
        visit(page, f"{server}/{path}")
        page.locator(ADD).click()
        expect(page.get_by_test_id("stToast").last).to_be_visible()
        settle(page)
    page.locator(".cim-nav").get_by_role("link", name="Meeting", exact=True).click()
    expect(page.locator("h1")).to_contain_text("4 cards")
    start(page)
    expect(page.locator("h1")).to_contain_text("7 of 24 LEAs")
    expect(page.locator(".st-key-header")).to_have_count(0)
    press(page, "ArrowRight", "2 of 4")
    expect(page.locator("h1")).to_contain_text("Quince Valley")
    press(page, "PageDown", "3 of 4")
    expect(page.locator(".cim-mt-dots svg")).to_be_visible()
    press(page, "End", "4 of 4")
    press(page, "ArrowLeft", "3 of 4")
    press(page, "PageUp", "2 of 4")
    press(page, "Home", "1 of 4")
    page.keyboard.press("Escape")
    expect(page.locator("h1")).to_contain_text("4 cards")
    with page.expect_download() as given:
        page.locator(".st-key-deck_slides button").click()
    slides = Presentation(given.value.path()).slides
    assert ["Quince Valley" in slide.shapes.title.text for slide in slides].count(True) >= 1
    assert len(slides) == 4
    notes = [slide.notes_slide.notes_text_frame.text for slide in slides]
    assert f"In the app: {server}/lea?lea=9910112&year=2024-25&data=sample" in notes[1]
    expect(page.locator(".st-key-header")).to_be_visible()


@pytest.mark.parametrize("preset", ["board", "team"])
def test_every_card_fits_a_projector(page: Page, server: str, preset: str):
    start(begin(page, server, preset))
    size = int(page.locator(".cim-mt footer span").inner_text().split()[-1])
    for number in range(1, size + 1):
        tall = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
        assert tall <= PROJECTOR["height"], number
        assert page.locator(".cim-mt h1").count() == 1
        if number < size:
            press(page, "ArrowRight", f"{number + 1} of {size}")


@pytest.mark.full
def test_axe_finds_nothing_new_on_the_page_and_on_cards(page: Page, server: str):
    begin(page, server, "families")
    assert_nothing_new(page)
    start(page)
    for number in ("2 of 8", "3 of 8", "4 of 8", "5 of 8"):
        press(page, "ArrowRight", number)
        assert_nothing_new(page)


def test_a_phone_shows_cards_without_sideways_scrolling(page: Page, server: str):
    start(begin(page, server, "board"))
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 800})
        settle(page)
        fits_sideways(page)
    expect(page.get_by_role("button", name="Next card")).to_be_visible()
