"""What if: controls that stay under the hand, a result beside them, presets, stacking, numbers, paper."""

from __future__ import annotations

from decimal import Decimal

import pytest
from playwright.sync_api import Locator, Page, expect

from cim_core.rules import rulebook_file
from cim_core.rules.settings import Setting
from cim_core.whatif import scenario
from cim_core.whatif.scenario import Scenario
from tests.conftest import in_long_checks
from tests.e2e.conftest import choose, settle, visit
from tests.e2e.test_look import assert_no_sideways_scrolling, assert_nothing_new, unfold

pytestmark = pytest.mark.e2e

DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 800}
INTENSIVE = ".st-key-control_clauses_intensive_to"


def at(**changes: Decimal) -> str:
    """The address of the page under changes; keys with two underscores for dots."""
    rules, _ = rulebook_file.read_raw()
    settings = {Setting.parse(key.replace("__", ".").replace("_", "-", 0)): to for key, to in changes.items()}
    wanted = Scenario(base_hash=rulebook_file.content_hash(rules), changes=settings)
    return f"whatif?data=sample&scenario={scenario.encode(wanted)}"


def opened(page: Page, server: str, path: str = "whatif?data=sample") -> Page:
    return visit(page, f"{server}/{path}")


def sentence(page: Page) -> Locator:
    return page.locator("h1")


def slider(page: Page, control: str = INTENSIVE) -> Locator:
    return page.locator(f"{control} input[type=range]")


def hand(page: Page, control: str = INTENSIVE) -> Locator:
    """What the hand holds; the input itself lies hidden somewhere on it."""
    return page.locator(f"{control} [data-testid=stSlider]")


def top(found: Locator) -> float:
    box = found.bounding_box()
    assert box is not None
    return box["y"]


def bottom(found: Locator) -> float:
    box = found.bounding_box()
    assert box is not None
    return box["y"] + box["height"]


def press(page: Page, key: str, times: int) -> None:
    for _ in range(times):
        page.keyboard.press(key)
        settle(page)


def group(page: Page, name: str) -> None:
    """Open a group of controls."""
    page.locator(f".st-key-group_{name} summary").click()
    settle(page)


@pytest.mark.parametrize("scheme", ["light", *in_long_checks("dark")])
def test_nothing_moves_under_the_hand_and_who_moves_is_on_screen(page: Page, server: str, scheme: str):
    page.set_viewport_size(DESK)
    page.emulate_media(color_scheme=scheme)
    opened(page, server)
    banner = page.locator(".st-key-whatif_banner")
    places = [top(hand(page)), top(banner), bottom(banner)]
    slider(page).focus()
    press(page, "ArrowLeft", 3)
    expect(sentence(page)).to_have_text("1 LEA moves, to a less intensive placement.")
    assert [top(hand(page)), top(banner), bottom(banner)] == places
    assert page.evaluate("document.activeElement.type") == "range", "the hand stays on the slider"
    mover = page.locator(".cim-movers li", has_text="Laurel Gate Elementary")
    expect(mover).to_contain_text("58th lowest of 634 (9.1%): outside the lowest 8.5%")
    assert top(mover) > 0 and bottom(mover) < DESK["height"] and bottom(hand(page)) < DESK["height"]
    expect(page.locator(".cim-tiles").first).to_contain_text("3 → 2")
    expect(page.locator(".st-key-group_bands .cim-state")).to_have_text("1 changed")
    expect(page.locator(f"{INTENSIVE} .cim-was")).to_have_text("was 10%")
    page.locator(f"{INTENSIVE} button", has_text="undo").click()
    expect(sentence(page)).to_have_text("Nothing is changed yet.")
    settle(page)
    assert [top(hand(page)), top(banner), bottom(banner)] == places


def test_the_hand_stays_on_a_target_and_one_back_undoes_the_whole_way(page: Page, server: str):
    page.set_viewport_size(DESK)
    opened(page, server)
    target = ".st-key-control_targets_5a_value"
    place = top(hand(page, target))
    slider(page, target).focus()
    press(page, "ArrowLeft", 4)
    expect(slider(page, target)).to_have_value("52.8")
    assert top(hand(page, target)) == place and page.evaluate("document.activeElement.type") == "range"
    expect(page.locator(".st-key-left")).to_contain_text("Changed: 5a at least 52.8%")
    settle(page)
    page.go_back()
    expect(sentence(page)).to_have_text("Nothing is changed yet.", timeout=20_000)
    expect(slider(page, target)).to_have_value("53.2")


def test_back_from_what_a_page_of_an_lea_suggests_shows_that_page_as_it_was(page: Page, server: str):
    page.set_viewport_size(DESK)
    opened(page, server, "lea?data=sample&lea=9910112")
    before = page.url, sentence(page).inner_text()
    page.get_by_text("Try this in What if").first.click()
    expect(sentence(page)).to_contain_text("moves", timeout=20_000)
    settle(page)
    page.go_back()
    expect(sentence(page)).to_have_text(before[1], timeout=20_000)
    settle(page)
    assert page.url == before[0] and "Changed rules" not in page.locator(".st-key-header").inner_text()


def test_the_sentence_stands_where_every_page_has_it(page: Page, server: str):
    page.set_viewport_size(DESK)
    opened(page, server)
    assert top(sentence(page)) < 120
    page.set_viewport_size(PHONE)
    settle(page)
    assert top(sentence(page)) < 200


def test_the_result_stays_beside_the_controls(page: Page, server: str):
    page.set_viewport_size(DESK)
    opened(page, server)
    for name in ("missed", "disproportionality", "ranking"):
        group(page, name)
    main = page.locator("[data-testid=stMain]")
    main.evaluate("(one) => one.scrollTo(0, 700)")
    settle(page)
    assert 48 <= top(page.locator(".st-key-right")) <= 64 and top(sentence(page)) >= 48


@pytest.mark.parametrize("scheme", ["light", *in_long_checks("dark")])
def test_a_phone_has_the_result_first_and_a_line_of_it_at_its_foot(page: Page, server: str, scheme: str):
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme=scheme)
    opened(page, server)
    assert top(sentence(page)) < top(hand(page))
    hand(page).scroll_into_view_if_needed()
    slider(page).focus()
    settle(page)
    place, line = top(hand(page)), page.locator(".st-key-mini")
    press(page, "ArrowLeft", 3)
    expect(line).to_contain_text("1 move")
    assert top(hand(page)) == place
    box = line.bounding_box()
    assert box is not None and box["height"] == 48 and bottom(line) == PHONE["height"] and box["width"] == 390


def test_a_number_box_moves_the_slider(page: Page, server: str):
    page.set_viewport_size(DESK)
    opened(page, server)
    box = page.locator(f"{INTENSIVE} input[type=number]")
    box.fill("5")
    box.press("Enter")
    expect(sentence(page)).to_have_text("2 LEAs move, all to a less intensive placement.", timeout=20_000)
    settle(page)
    expect(slider(page)).to_have_value("5")
    expect(page.locator(".cim-title .cim-lead")).to_contain_text("22 LEAs stay.")


def test_presets_the_way_back_and_the_address(page: Page, server: str):
    page.set_viewport_size(DESK)
    opened(page, server)
    page.locator(".st-key-whatif_presets button", has_text="Bands at 5% and 15%").click()
    expect(page.locator(".st-key-whatif_banner")).to_contain_text("Not CDE's rules. Bands at 5% and 15%.")
    expect(page.locator(".st-key-header")).to_contain_text("Changed rules")
    assert "scenario=" in page.url
    settle(page)
    other = page.context.browser.new_context().new_page()
    opened(other, server, page.url.split("/", 3)[3])
    expect(sentence(other)).to_have_text("4 LEAs move, all to a less intensive placement.")
    other.context.close()
    page.locator(".st-key-reset_all button").click()
    expect(sentence(page)).to_have_text("Nothing is changed yet.")
    assert "scenario=" not in page.url


def test_many_who_move_are_a_bounded_list(page: Page, server: str):
    page.set_viewport_size(DESK)
    opened(page, server)
    page.locator(".st-key-whatif_presets button", has_text="CDE monitoring 2022").click()
    expect(page.locator(".cim-movers summary")).to_have_text("all 15", timeout=20_000)
    settle(page)
    page.locator(".cim-movers summary").click()
    expect(page.locator(".cim-movers li:visible")).to_have_count(15)
    assert bottom(page.locator(".cim-movers")) < DESK["height"]
    expect(page.locator(".st-key-slopes svg").first).to_be_visible()


def test_one_scenario_on_top_of_another_says_what_both_change(page: Page, server: str):
    page.set_viewport_size(DESK)
    opened(page, server, at(targets__5a__value=Decimal(50)))
    page.locator(".st-key-stack_popover button").first.click()
    choose(page, "stack_which", "Targets 1 point harder")
    settle(page)
    expect(page.get_by_text("Target 5a Regular class ≥ 80%: 50 now, 54.2 in the other")).to_be_visible()
    page.get_by_text("Those that are changed now").click()
    settle(page)
    page.locator(".st-key-stack_add button").click()
    settle(page)
    page.keyboard.press("Escape")
    expect(page.locator(".st-key-whatif_banner")).to_contain_text("targets")
    expect(page.locator(".st-key-control_targets_5a_value input[type=number]")).to_have_value("50")


def test_one_leas_numbers_open_at_the_lea_looked_at(page: Page, server: str):
    page.set_viewport_size({"width": 1280, "height": 1400})
    opened(page, server, "whatif?data=sample&lea=9910112")
    group(page, "data")
    expect(page.locator(".st-key-edit_lea input")).to_have_value("Quince Valley Elementary (9910112)")
    line = page.locator(".cim-numbers tr", has_text="5a").first
    expect(line).to_contain_text("1 student short")
    box = page.get_by_label("Numerator")
    box.fill("240")
    box.press("Enter")
    expect(sentence(page)).to_have_text("1 LEA moves, to a less intensive placement.", timeout=20_000)
    expect(page.locator(".cim-numbers tr", has_text="5a").first).to_contain_text("2 to spare")
    expect(page.locator(".st-key-whatif_banner")).to_contain_text("Not what was reported.")
    settle(page)
    page.locator(".st-key-edit_was button").click()
    expect(sentence(page)).to_have_text("Nothing is changed yet.", timeout=20_000)


def test_disproportionality_has_controls(page: Page, server: str):
    page.set_viewport_size({"width": 1280, "height": 1200})
    opened(page, server)
    group(page, "disproportionality")
    box = page.locator(".st-key-control_disproportionality_threshold input[type=number]")
    box.fill("3.7")
    box.press("Enter")
    expect(sentence(page)).to_contain_text("all to a less intensive placement", timeout=20_000)
    expect(page.locator(".cim-movers li", has_text="Nutmeg")).to_contain_text("no longer disproportionate")


def test_along_a_range_speaks_both_ways(page: Page, server: str):
    page.set_viewport_size(DESK)
    opened(page, server)
    page.locator(".st-key-more_sweep summary").click()
    settle(page)
    choose(page, "sweep_key", "Intensive: lowest")
    settle(page)
    expect(page.locator(".st-key-range figure p")).to_have_text(
        "Intensive: lowest. From 10%: below 10% Laurel Gate Elementary goes from Intensive to Targeted "
        "Level 3 and at 16% Juniper Springs Unified goes from Targeted Level 3 to Intensive."
    )
    expect(page.locator(".st-key-more_sweep table.cim").first).to_contain_text("Laurel Gate Elementary")
    page.locator(".st-key-more_questions summary").click()
    expect(page.get_by_text("This is arithmetic, not advice")).to_be_visible(timeout=20_000)


def test_save_open_delete_and_take_back(page: Page, server: str):
    page.set_viewport_size(DESK)
    opened(page, server, at(targets__5a__value=Decimal(50)))
    page.locator(".st-key-save_popover button").first.click()
    name = page.get_by_label("Name", exact=True)
    name.fill("A little lower")
    name.press("Enter")
    settle(page)
    page.locator(".st-key-save_scenario button").click()
    settle(page)
    page.keyboard.press("Escape")
    expect(page.locator(".st-key-whatif_banner")).to_contain_text("A little lower.")
    page.locator(".st-key-more_saved summary").click()
    expect(page.locator(".st-key-saved_0")).to_contain_text("A little lower", timeout=20_000)
    expect(page.get_by_text("placed differently in 2024-25.")).to_be_visible()
    page.locator(".st-key-delete_0 button").click()
    expect(page.get_by_text("“A little lower” is deleted.")).to_be_visible(timeout=20_000)
    settle(page)
    page.locator(".st-key-undo_delete button").click()
    expect(page.locator(".st-key-saved_0")).to_contain_text("A little lower", timeout=20_000)


def test_a_mover_leads_to_its_why_and_back_comes_back(page: Page, server: str):
    page.set_viewport_size(DESK)
    opened(page, server)
    page.locator(".st-key-whatif_presets button", has_text="Bands at 5% and 15%").click()
    expect(page.locator(".st-key-whatif_banner")).to_contain_text("Bands")
    settle(page)
    page.locator(".cim-movers").get_by_role("link", name="Kelp Harbor Unified").click()
    expect(sentence(page)).to_contain_text("Kelp Harbor Unified", timeout=20_000)
    settle(page)
    page.go_back()
    expect(sentence(page)).to_have_text("4 LEAs move, all to a less intensive placement.", timeout=20_000)


def test_on_paper_there_is_the_result_alone(page: Page, server: str):
    page.set_viewport_size(DESK)
    opened(page, server, at(targets__5a__value=Decimal(50)))
    page.emulate_media(media="print")
    for hidden in (
        ".st-key-left",
        ".st-key-whatif_presets",
        ".st-key-mini",
        ".st-key-whatif_foot",
        ".st-key-reset_all",
    ):
        expect(page.locator(hidden)).to_be_hidden()
    expect(page.locator(".cim-print", has_text="What is changed")).to_contain_text("Target 5a Regular class")
    expect(page.locator(".cim-movers li").first).to_be_visible()
    assert page.pdf(format="Letter").count(b"/Type /Page\n") <= 1


@pytest.mark.full
def test_axe_finds_nothing_new_in_any_group(page: Page, server: str):
    page.set_viewport_size(DESK)
    opened(page, server, at(targets__5a__value=Decimal(50)))
    unfold(page)
    unfold(page)
    assert_nothing_new(page)


@pytest.mark.full
def test_a_phone_shows_every_group_without_sideways_scrolling(page: Page, server: str):
    page.set_viewport_size(PHONE)
    opened(page, server, at(targets__5a__value=Decimal(50)))
    for name in ("missed", "disproportionality", "smallest", "elements", "ranking", "data"):
        group(page, name)
    assert_no_sideways_scrolling(page)
