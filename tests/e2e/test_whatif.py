"""What if: move a threshold, see who moves, save, reload by link, compare two, reset."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import choose, settle, visit

pytestmark = pytest.mark.e2e


def part(page: Page, name: str) -> None:
    settle(page)
    page.locator(".st-key-whatif_part").get_by_text(name, exact=True).click()
    settle(page)


def group(page: Page, name: str) -> None:
    page.locator(".st-key-whatif_group").get_by_text(name, exact=True).click()
    settle(page)


def lead(page: Page) -> Locator:
    return page.locator(".cim-lead").last


def test_move_see_save_reload_compare_reset(page: Page, server: str):
    visit(page, f"{server}/whatif?data=sample")
    expect(lead(page)).to_have_text("Nobody moves in 2024-25.")
    expect(page.locator(".cim-banner")).to_have_count(0)
    expect(page.get_by_text("Nobody moves until “Targeted Level 3 from this many years")).to_be_visible()
    group(page, "Targets")
    choose(page, "whatif_target", "5a Regular class ≥ 80 %: target ≥")
    settle(page)
    expect(page.get_by_text("As it is: 53.2. Nobody moves above 53.14 up to 57.55.")).to_be_visible()
    slider = page.get_by_role("slider").first
    slider.focus()
    page.keyboard.press("ArrowLeft")
    expect(lead(page)).to_contain_text(
        "1 LEA moves in 2024-25: 1 to a less intensive placement", timeout=20_000
    )
    settle(page)
    assert page.evaluate("document.activeElement.type") == "range", "the hand must stay on the slider"
    expect(page.locator(".cim-banner")).to_have_text("Changed rules: not CDE's")
    expect(page.locator(".st-key-top_bar")).to_contain_text("changed (not CDE's)", timeout=20_000)
    expect(page.locator("table.cim", has_text="Quince Valley Elementary").first).to_contain_text(
        "53.14 % now meets ≥53.1 %, by 0.04"
    )
    expect(page.locator(".cim-counts")).to_contain_text("7 → 6")
    part(page, "Saved")
    name = page.get_by_label("Name", exact=True)
    name.fill("A little lower")
    name.press("Enter")
    settle(page)
    page.locator(".st-key-save_scenario button").click()
    expect(page.locator(".st-key-scenario_bar")).to_contain_text("A little lower", timeout=20_000)
    settle(page)
    expect(page.locator(".st-key-saved_0")).to_contain_text("A little lower")
    expect(page.get_by_text("1 LEA is placed differently in 2024-25.")).to_be_visible()
    link = page.url
    other = page.context.browser.new_context().new_page()
    visit(other, link)
    expect(lead(other)).to_contain_text("1 LEA moves in 2024-25")
    expect(other.locator(".st-key-scenario_bar")).to_contain_text("A little lower")
    other.context.close()
    part(page, "Thresholds")
    page.locator(".st-key-reset_all button").click()
    expect(lead(page)).to_have_text("Nobody moves in 2024-25.", timeout=20_000)
    expect(page.locator(".st-key-end_scenario")).to_have_count(0, timeout=20_000)
    part(page, "Saved")
    page.locator(".st-key-delete_0 button").click()
    expect(page.get_by_text("“A little lower” is deleted.")).to_be_visible(timeout=20_000)
    settle(page)
    page.locator(".st-key-undo_delete button").click()
    expect(page.locator(".st-key-saved_0")).to_contain_text("A little lower", timeout=20_000)


def test_a_mover_leads_to_its_why_with_the_baseline_beside(page: Page, server: str):
    visit(page, f"{server}/whatif?data=sample")
    part(page, "Saved")
    page.locator(".st-key-ready_4 button").first.click()
    expect(page.locator(".st-key-scenario_bar")).to_contain_text("Bands at 5 and 15 %", timeout=20_000)
    part(page, "Thresholds")
    page.get_by_role("link", name="Kelp Harbor Unified").first.click()
    expect(page.locator("h1")).to_have_text("Kelp Harbor Unified", timeout=20_000)
    expect(lead(page)).to_contain_text("Targeted Level 3")
    expect(page.locator(".cim-notes")).to_contain_text("Without the changes it is placed in Intensive")
    page.locator(".st-key-end_scenario button").click()
    expect(lead(page)).to_contain_text("is placed in Intensive", timeout=20_000)


def test_the_number_box_moves_the_slider_and_a_reset_takes_one_back(page: Page, server: str):
    visit(page, f"{server}/whatif?data=sample")
    box = page.locator("[class*=st-key-control_clauses_level-2-missed_at_least] input[type=number]")
    box.fill("5")
    box.press("Enter")
    expect(lead(page)).to_contain_text("to a less intensive placement", timeout=20_000)
    settle(page)
    expect(page.get_by_role("slider").nth(1)).to_have_value("5")
    page.locator(
        "[class*=st-key-control_clauses_level-2-missed_at_least] button", has_text="Reset"
    ).first.click()
    expect(lead(page)).to_have_text("Nobody moves in 2024-25.", timeout=20_000)


def test_every_part_of_the_page_has_its_picture_and_table(page: Page, server: str):
    visit(page, f"{server}/whatif?data=sample")
    part(page, "Along a range")
    expect(page.locator(".js-plotly-plot")).to_have_count(1, timeout=20_000)
    expect(page.locator("table.cim").first).to_contain_text("Ironwood Unified")
    page.locator(".st-key-sweep_two label").first.click()
    expect(page.locator(".js-plotly-plot")).to_have_count(2, timeout=20_000)
    part(page, "Questions")
    expect(page.get_by_text("This is arithmetic, not advice")).to_be_visible(timeout=20_000)
    part(page, "Data")
    box = page.get_by_label("Or: everybody improves by this percent of their students")
    box.fill("10")
    box.press("Enter")
    expect(page.locator(".cim-banner")).to_have_text("Changed data: not what was reported", timeout=20_000)
    expect(lead(page)).to_contain_text("to a less intensive placement")


def test_counts_edited_in_the_grid_place_again(page: Page, server: str):
    page.set_viewport_size({"width": 1280, "height": 1400})
    visit(page, f"{server}/whatif?data=sample")
    part(page, "Data")
    grid = page.locator("[data-testid=stDataFrame]").first
    box = grid.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * 0.42, box["y"] + 52)
    settle(page)
    page.keyboard.press("Enter")
    settle(page)
    page.keyboard.press("Control+a")
    page.keyboard.type("5", delay=80)
    page.keyboard.press("Enter")
    expect(page.locator(".cim-banner")).to_have_text("Changed data: not what was reported", timeout=20_000)
    part(page, "Saved")
    expect(page.locator("table.cim").first).to_contain_text("5 ÷ 24")
