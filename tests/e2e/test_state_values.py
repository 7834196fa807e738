"""A file of 5a to 5c alone, in a browser: ranked with the state's own values, marked, or without them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import choose, settle
from tests.e2e.test_uploads import DATA, opened, read

pytestmark = pytest.mark.e2e

ADELANTO = "lea_code,lea_name,year,5a,5b,5c\n36675870000000,Adelanto Elementary,2024-25,58.1,14.2,0.9\n"


def test_adelanto_no_longer_says_universal_and_filling_can_be_switched_off(page: Page, server: str):
    opened(page, server, "adelanto.csv", ADELANTO.encode())
    read(page, "adelanto.csv")
    expect(page.locator(DATA)).to_contain_text("1 LEA was read.")
    settle(page)
    page.get_by_role("link", name="LEA", exact=True).first.click()
    because = page.locator(".cim-because")
    expect(because).to_contain_text("Intensive because", timeout=20_000)
    expect(because).not_to_contain_text("Universal")
    main = page.locator("[data-testid=stMain]")
    expect(main).to_contain_text("from the state file, since your files lack them")
    settle(page)
    page.locator(".st-key-bar_change button").first.click()
    choose(page, "pick_reference", "The state, only with values from your files")
    settle(page)
    expect(main).to_contain_text("at least Universal", timeout=20_000)
    expect(main).to_contain_text("only on your files' own values")
    assert "reference=statewide_unfilled" in page.url
    assert page.locator("[data-testid=stException]").count() == 0
