"""A file of real LEAs by name only, in a browser: placed, and asked about what is in question."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import settle
from tests.e2e.test_uploads import DATA, opened, read

pytestmark = pytest.mark.e2e

NAMES = (
    "LEA,Year,5a,5b,11\nAlameda Unified,2023-24,40.0,10.0,100\nBERKELEY USD,2023-24,70.0,9.0,100\n"
    "La Cañada Unified School District,2023-24,60.0,8.0,100\n"
)


def test_a_names_only_file_of_real_leas_is_placed(page: Page, server: str):
    opened(page, server, "names.csv", NAMES.encode())
    read(page, "names.csv")
    expect(page.locator(DATA)).to_contain_text("All 3 LEAs were read.")
    expect(page.get_by_text("LEAs found by name (1)")).to_be_visible()
    assert page.locator("[class*=st-key-names_]").count() == 0
    assert page.locator("[data-testid=stException]").count() == 0


def test_names_in_question_are_asked_in_one_place(page: Page, server: str):
    more = (
        "Berkely Unified,2022-23,40,10,100\nJefferson Elementary,2023-24,40,10,100\n"
        "Oaklnd Unified,2023-24,40,10,100\nGreen Valley Charter,2023-24,40,10,100\n"
    )
    opened(page, server, "names.csv", (NAMES + more).encode())
    expect(page.locator(".cim-lead")).to_contain_text("names.csv, 4 LEAs", timeout=20_000)
    panel = page.locator("[class*=st-key-names_]").first
    expect(panel).to_contain_text("3 names are not exactly those of one LEA")
    settle(page)
    panel.get_by_role("button").filter(has_text="for 2 names").click()
    expect(panel).to_contain_text("1 name is not exactly that of one LEA", timeout=20_000)
    settle(page)
    panel.get_by_text("San Mateo County").click()
    expect(panel).to_contain_text("Names that were confirmed", timeout=20_000)
    expect(page.locator(".cim-lead")).to_contain_text("6 LEAs")
    read(page, "names.csv")
    expect(page.get_by_text("Names not in the state list (1)")).to_be_visible()


def test_a_single_year_is_asked_once(page: Page, server: str):
    opened(page, server, "years.csv", NAMES.replace("2023-24", "2024").encode())
    expect(page.locator(DATA)).to_contain_text("question", timeout=20_000)
    settle(page)
    page.locator("[class*=st-key-ask_]").get_by_text("2023-24", exact=True).click()
    expect(page.locator(".cim-lead")).to_contain_text("3 LEAs", timeout=20_000)
    read(page, "years.csv")
    expect(page.locator(DATA)).to_contain_text("All 3 LEAs were read.")
