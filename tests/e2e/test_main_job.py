"""What a director does: open, look, drill into why; upload; read what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import choose, serve, settle, visit
from tests.e2e.test_uploads import give, opened, read, to_step

pytestmark = pytest.mark.e2e

WIDE = (
    "LEA Code,LEA Name,SELPA,School Year,swd,disproportionate_years,minor_findings,sig_dis,percentile,"
    "5a_n,5a_d,5b_n,5b_d,5c_n,5c_d,1,11_n,11_d\n"
    "9900001,Meadow Unified,My SELPA,2023-24,300,0,0,no,45,500,1000,300,1000,50,1000,95,10,10\n"
    "9900002,Brook Elementary,My SELPA,2023-24,240,0,0,no,60,600,1000,100,1000,10,1000,NC,20,20\n"
    "9900003,Stone High,My SELPA,2023-24,410,2,0,no,70,600,1000,100,1000,10,1000,95,20,20\n"
)


@pytest.fixture(autouse=True)
def nothing_leaves_this_machine(page: Page):
    """No page may ask another host for anything."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    yield
    assert not [url for url in asked if not re.match(r"(http|ws)://localhost[:/]|data:|blob:", url)]


@pytest.fixture
def cold() -> Iterator[str]:
    with serve() as address:
        yield address


def test_a_cold_direct_link_shows_the_frame_and_the_page(page: Page, cold: str):
    """First of all requests to this server: a page of its own, with the example's LEA and an older year."""
    visit(page, f"{cold}/lea?data=sample&lea=9910112&year=2023-24&rulebook=cde-2023")
    expect(page.locator("h1")).to_have_text("Quince Valley Elementary")
    expect(page.locator(".st-key-top_bar")).to_contain_text("CDE monitoring 2023")
    expect(page.locator(".st-key-top_bar")).to_contain_text("2023-24")
    assert "lea=9910112" in page.url


def test_from_the_first_page_to_a_why_in_two_clicks(page: Page, server: str):
    visit(page, server)
    expect(page.locator("h1")).to_have_text("See where every LEA is placed, and why")
    page.locator(".st-key-open_sample button").click()
    expect(page.locator("h1")).to_contain_text("of 24 LEAs are in Targeted Level 3", timeout=20_000)
    settle(page)
    page.locator("a.cim-chip").first.click()
    expect(page.locator("h1")).to_have_text("Madrone Union High", timeout=20_000)
    decided = page.locator(".cim-ladder li", has_text="Yes, this is why")
    expect(decided).to_have_count(1)
    expect(decided).to_contain_text("Lowest 10% statewide")
    page.reload()
    expect(page.locator("h1")).to_have_text("Madrone Union High", timeout=20_000)


def test_sample_region_why(page: Page, server: str):
    visit(page, f"{server}/?data=sample")
    page.locator(".cim-nav").get_by_role("link", name="Region").click()
    expect(page.locator("h1")).to_have_text(
        "5a, regular class, is missed most: 10 of 23 LEAs.", timeout=20_000
    )
    settle(page)
    page.locator("table.cim-mx").get_by_role("link", name="Madrone", exact=True).click()
    expect(page.locator("h1")).to_have_text("Madrone Union High", timeout=20_000)


def test_a_mark_of_the_matrix_opens_the_why(page: Page, server: str):
    visit(page, f"{server}/region?data=sample")
    page.locator("table.cim-mx td a").first.click()
    expect(page.locator("h1")).to_have_text("Madrone Union High", timeout=20_000)


def test_changing_the_rules_places_again(page: Page, server: str):
    visit(page, f"{server}/lea?data=sample&lea=9910140")
    before = page.locator(".cim-lead").inner_text()
    page.locator(".st-key-bar_change button").first.click()
    choose(page, "pick_rulebook", "CDE monitoring 2023")
    expect(page.locator(".cim-lead")).not_to_have_text(before, timeout=20_000)
    expect(page.locator(".cim-lead")).to_contain_text("On the track for small LEAs")
    assert "rulebook=cde-2023" in page.url


def upload(page: Page, server: str, path: Path) -> None:
    """Upload a file and go to its result."""
    opened(page, server, path.name, path.read_bytes())
    read(page, path.name)


def test_upload_placed_why(page: Page, server: str, tmp_path: Path):
    own = tmp_path / "own.csv"
    own.write_text(WIDE, "utf-8")
    upload(page, server, own)
    expect(page.locator("h1")).to_have_text("All 3 LEAs were read. 2 are settled.")
    page.get_by_role("link", name="See your LEAs").click()
    expect(page.locator("h1")).to_contain_text("of 3 LEAs is in Targeted Level 3", timeout=20_000)
    expect(page.locator(".st-key-top_bar")).to_contain_text("My SELPA")
    page.locator(".cim-i").click()
    expect(page.get_by_text("Illustration, not CDE")).to_be_visible()
    page.keyboard.press("Escape")
    settle(page)
    page.get_by_role("link", name="LEA", exact=True).first.click()
    expect(page.locator("h1")).to_have_text("Brook Elementary", timeout=20_000)
    settle(page)
    choose(page, "pick_lea", "Meadow Unified (9900001)")
    expect(page.locator(".cim-lead")).to_have_text(
        re.compile("^Targeted Level 2 because it misses 3 targets"), timeout=20_000
    )
    expect(page.locator("table", has_text="5a Regular class").first).to_contain_text("50.0")
    page.reload()
    expect(page.locator("h1")).to_have_text("Meadow Unified", timeout=20_000)


def test_a_bad_file_gives_clear_problems(page: Page, server: str, tmp_path: Path):
    bad = tmp_path / "bad.csv"
    bad.write_text(
        WIDE.replace(",500,1000,", ",five hundred,1000,").replace("2023-24,410", "2023-25,410"), "utf-8"
    )
    upload(page, server, bad)
    expect(page.get_by_text("Error: Not a number (1)")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("five hundred")).to_be_visible()
    expect(page.get_by_text("bad.csv, row 2, column 5a_n")).to_be_visible()
    expect(page.get_by_text("two consecutive years such as 2023-24")).to_be_visible()
    picture = tmp_path / "picture.csv"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    give(page, picture.name, picture.read_bytes())
    expect(page.locator("[data-testid=stAlert]")).to_contain_text("Not a table", timeout=20_000)
    assert page.locator("[data-testid=stException]").count() == 0


def test_back_undoes_a_choice_and_leads_to_the_page_before(page: Page, server: str):
    visit(page, f"{server}/?data=sample")
    bar = page.locator(".st-key-top_bar")
    page.locator(".st-key-bar_change button").first.click()
    choose(page, "pick_year", "2022-23")
    expect(bar).to_contain_text("2022-23", timeout=20_000)
    settle(page)
    page.keyboard.press("Escape")
    page.go_back()
    expect(bar).to_contain_text("2024-25", timeout=20_000)
    settle(page)
    page.get_by_role("link", name="Region").first.click()
    expect(page.locator("h1")).to_have_text(
        "5a, regular class, is missed most: 10 of 23 LEAs.", timeout=20_000
    )
    expect(bar).to_contain_text("2024-25")  # what was chosen before, and undone, does not come back
    settle(page)
    page.go_back()
    expect(page.locator("h1")).to_contain_text("of 24 LEAs are in Targeted Level 3", timeout=20_000)


def test_a_name_in_a_table_leads_to_its_why(page: Page, server: str):
    visit(page, f"{server}/?data=sample&rulebook=cde-2023")
    page.get_by_role("link", name="Oak Bend").first.click()
    expect(page.locator("h1")).to_have_text("Oak Bend Elementary", timeout=20_000)
    expect(page.locator(".st-key-top_bar")).to_contain_text("CDE monitoring 2023")


def test_filters_are_kept_on_the_way_to_a_why_and_back(page: Page, server: str):
    visit(page, f"{server}/region?data=sample")
    box = page.locator(".st-key-filter_name input")
    box.fill("9910084")
    box.press("Enter")
    expect(page.locator("table.cim-mx tbody tr")).to_have_count(1, timeout=20_000)
    settle(page)
    page.get_by_role("link", name="Rules").first.click()
    expect(page.locator("h1")).to_contain_text("CIM At-A-Glance", timeout=20_000)
    settle(page)
    page.get_by_role("link", name="Region").first.click()
    expect(page.locator(".st-key-filter_name input")).to_have_value("9910084", timeout=20_000)


def test_an_upload_can_be_followed_by_the_sample_and_another_upload(page: Page, server: str, tmp_path: Path):
    own = tmp_path / "own.csv"
    own.write_text(WIDE, "utf-8")
    upload(page, server, own)
    to_step(page, "File")
    page.locator(".st-key-open_sample button").click()
    expect(page.locator(".st-key-card_read")).to_contain_text("invented_selpa.csv", timeout=20_000)
    settle(page)
    give(page, own.name, own.read_bytes())
    read(page, own.name)
    expect(page.locator("h1")).to_have_text("All 3 LEAs were read. 2 are settled.")
