"""From the statewide file to rules that explain twelve letters; letters that cannot be taken stay."""

from __future__ import annotations

from decimal import Decimal

import pytest
from playwright.sync_api import Page, TimeoutError, expect

from cim_core.data import shipped
from cim_core.placing import checked_files, reference
from cim_core.placing.placement import Placements, place
from cim_core.rules import rulebook_file
from cim_core.whatif import scenario
from tests.changes import changes
from tests.e2e.conftest import settle, visit
from tests.e2e.measured import top_of
from tests.e2e.test_look import assert_no_sideways_scrolling, assert_nothing_new
from tests.e2e.test_my_leas import go, paste, upload_the_state

pytestmark = pytest.mark.e2e

YEAR = "2024-25"
EDGE = {"clauses.intensive.to": Decimal(8), "clauses.level-3-percentile.over": Decimal(8)}
"""The hidden rule behind the letters: Intensive up to 8 % instead of 10."""


def placed() -> tuple[Placements, Placements]:
    """The state as this tool reads it, and as the hidden rule places it."""
    data = checked_files.read_path(shipped.STATEWIDE).dataset
    rules = rulebook_file.load()
    hidden = scenario.with_changes(rules, changes(EDGE), "hidden")
    return place(data, rules, reference.shipped()), place(data, hidden, reference.shipped())


def twelve() -> tuple[list[str], list[str]]:
    """Twelve LEAs of the state, two of which the hidden rule places elsewhere: codes, and letters."""
    ours, hidden = placed()
    settled = [int(row) for row in ours.dataset.rows_of_year(YEAR) if ours.firm[row] and hidden.firm[row]]
    differ = [row for row in settled if ours.placement(row) != hidden.placement(row)][:2]
    agree = [row for row in settled if ours.placement(row) == hidden.placement(row)][:10]
    assert len(differ) == 2 and len(agree) == 10
    rows = differ + agree
    codes = [str(ours.dataset.lea_code[row]) for row in rows]
    letters = [f"{code}, {hidden.placement(row).name}" for code, row in zip(codes, rows, strict=True)]
    return codes, letters


def take(page: Page, letters: list[str]) -> None:
    page.locator(".st-key-letters_text textarea").fill("\n".join(letters))
    page.locator(".st-key-letters_take button").click()
    settle(page)


@pytest.mark.full
def test_twelve_letters_two_differ_and_the_rules_that_explain_them(page: Page, server: str):
    codes, letters = twelve()
    upload_the_state(page, server)
    paste(page, "page", codes)
    go(page, "Letters")
    expect(page.locator("h1")).to_contain_text("No letter is entered")
    take(page, letters)
    expect(page.locator("h1")).to_have_text(
        "12 of 12 letters entered: 10 agree with this tool's reading and 2 differ."
    )
    page.locator(".st-key-letters_only label").first.click()
    settle(page)
    expect(page.locator("table.cim").first.locator("tbody tr")).to_have_count(2)
    go(page, "Start")
    expect(page.locator(".cim-lead")).to_contain_text("2 differ from CDE's letter")

    go(page, "Letters")
    page.locator(".st-key-reconcile_start button").click()
    settle(page)
    expect(page.locator(".stMain")).to_contain_text("As it is: 10 of 12 letters fit", timeout=60_000)
    page.locator(".st-key-reconcile_use button").click()
    settle(page)
    expect(page.locator("h1")).to_contain_text("12 agree with this tool's reading and 0 differ")
    for name in ("Start", "Data", "Region", "LEA", "Movement", "What if", "Letters", "Rules"):
        go(page, name)
        expect(page.locator(".stMain")).to_contain_text("Rules fitted to your letters: they explain 12 of 12")


def test_bad_letters_are_said_and_lose_nothing(page: Page, server: str):
    visit(page, f"{server}/letters?data=sample")
    good = ["Fir Mountain Unified, T1", "Cedar Flat Unified: Targeted Level 1"]
    bad = [
        "Elm Creek Elementary, Targeted Level 5", "Oak Tree, T1", "Redbud Unified, T1",
        "Redbud Unified, Intensive",
    ]  # fmt: skip
    take(page, [*good, *bad])
    expect(page.locator(".stMain")).to_contain_text("2 letters were taken.")
    expect(page.locator(".stMain")).to_contain_text("4 lines could not be taken.")
    for said in ("Targeted Level 5", "most alike are", "lines 5 and 6 give different ones"):
        expect(page.locator(".stMain")).to_contain_text(said)
    expect(page.locator(".st-key-letters_text textarea")).to_have_value("\n".join(bad))
    expect(page.locator("h1")).to_contain_text("2 of 24 letters entered")
    go(page, "Start")
    page.get_by_role("link", name="Fir Mountain differs from CDE's letter").click()
    settle(page)
    expect(page.locator(".cim-badge").first).to_have_text("CDE’s letterT1")
    expect(page.locator(".cim-badges")).to_contain_text("≠ differs")


def test_letters_stand_beside_the_reading_and_print_whole(page: Page, server: str):
    page.set_viewport_size({"width": 390, "height": 800})
    visit(page, f"{server}/letters?data=sample")
    take(
        page,
        [
            "Fir Mountain Unified, T1",
            "Cedar Flat Unified: Targeted Level 1",
            "Kelp Harbor Unified, Intensive",
        ],
    )
    assert top_of(page, "h1") < 200
    assert_no_sideways_scrolling(page)
    expect(page.locator(".cim-letters tbody tr")).to_have_count(3)
    expect(page.locator(".cim-letters .cim-pill")).to_have_count(6)
    page.set_viewport_size({"width": 1280, "height": 800})
    assert top_of(page, "h1") < 120
    assert_nothing_new(page)
    page.emulate_media(media="print")
    expect(page.locator(".cim-letters")).to_be_visible()
    for hidden in (".st-key-letters_text", ".st-key-letters_take", ".st-key-letters_only"):
        expect(page.locator(hidden)).to_be_hidden()


def test_a_letter_is_chosen_and_taken_back(page: Page, server: str):
    visit(page, f"{server}/letters?data=sample")
    page.get_by_role("tab", name="Choose for each LEA").click()
    settle(page)
    box = page.locator("[class*=st-key-letter_]").filter(has_text="Redbud Unified").locator("button").last
    option = page.get_by_role("option", name="Targeted Level 3", exact=True)
    for last in (*[False] * 9, True):  # a list that was open while the page was drawn anew is closed again
        box.click()
        try:
            option.click(timeout=3_000)
            break
        except TimeoutError:
            if last:
                raise
            settle(page)
    page.locator(".st-key-letters_save button").click()
    settle(page)
    expect(page.locator("h1")).to_have_text(
        "1 of 24 letters entered: 0 agree with this tool's reading and 1 differs."
    )
