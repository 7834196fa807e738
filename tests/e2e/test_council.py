"""Everything for a council: one click, how far it is, a way to stop; and each document by itself."""

from __future__ import annotations

import zipfile
from urllib.parse import urlsplit

import pypdf
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import settle, visit
from tests.e2e.test_my_leas import upload_the_state

pytestmark = pytest.mark.e2e


def test_one_click_gives_everything_in_one_file(page: Page, server: str):
    visit(page, f"{server}/region?data=sample")
    page.locator(".st-key-council_make button").click()
    download = page.locator(".st-key-council_zip button")
    expect(download).to_be_visible(timeout=60_000)
    settle(page)
    expect(page.locator(".st-key-council_making")).to_have_count(0)
    with page.expect_download() as found:
        download.click()
    assert found.value.suggested_filename == "council_2024-25.zip"
    with zipfile.ZipFile(found.value.path()) as of:
        assert len(of.namelist()) == 31 and of.testzip() is None


@pytest.mark.parametrize(
    ("where", "key", "name"),
    [
        ("region?data=sample", "council_cover", "cover_sheet_2024-25.txt"),
        ("region?data=sample", "region_export", "placements_2024-25.csv"),
        ("lea?data=sample&lea=9910112", "lea_report", "9910112_2024-25.pdf"),
    ],
)
def test_each_document_is_one_click(page: Page, server: str, where: str, key: str, name: str):
    visit(page, f"{server}/{where}")
    button = page.locator(f".st-key-{key} button")
    button.scroll_into_view_if_needed()
    settle(page)
    with page.expect_download() as found:
        button.click()
    assert found.value.suggested_filename == name and found.value.path().stat().st_size > 500
    if name.endswith(".pdf"):
        assert len(pypdf.PdfReader(found.value.path()).pages) == 1


@pytest.mark.full
def test_what_is_stopped_leaves_nothing(page: Page, server: str):
    upload_the_state(page, server)
    visit(page, f"{server}/region?{urlsplit(page.url).query}&whole=1")
    page.locator(".st-key-council_pages button").click()
    page.locator(".st-key-council_stop button").click()
    expect(page.get_by_text("Stopped. Nothing was kept.")).to_be_visible(timeout=60_000)
    expect(page.locator(".st-key-council_zip")).to_have_count(0)
