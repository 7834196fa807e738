"""Two people of two SELPAs work side by side on one server: every byte that a browser gets is looked at."""

from __future__ import annotations

import os
from collections.abc import Iterator
from random import Random
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Error, Locator

from cim_core.store.accounts import Role
from tests.conftest import in_gate
from tests.e2e.conftest import settle
from tests.e2e.selpas import ANA, BO, Person, Served, at_browser, served
from ui.shared.header import PAGES

pytestmark = pytest.mark.e2e
YEARS, TABS = ("2022-23", "2023-24", "2024-25"), ("why", "moves", "history", "all", "method")
FAULTS = "[data-testid=stException], .st-key-unexpected_keep, .st-key-unexpected_anew"


def pressed(one: Person, target: str, draw: Random) -> bool:
    """Press one of what is there; False for nothing."""
    there = one.page.locator(target)
    if not (count := there.count()):
        return False
    there.nth(draw.randrange(count)).click()
    return True


def to_page(one: Person, _: Person, draw: Random) -> None:
    link = one.page.locator(".cim-nav a:visible:not([href*=leave])")
    if link.count() and draw.random() < 0.6:
        link.nth(draw.randrange(link.count())).click()
    else:
        one.go(draw.choice([*PAGES, "log"]))


def another_lea(one: Person, _: Person, draw: Random) -> None:
    one.go("lea", lea=f"{one.marks.county}{7 * draw.randrange(22):03}", tab=draw.choice(TABS))


def another_year(one: Person, _: Person, draw: Random) -> None:
    one.go(draw.choice(["region", "lea", "movement", "start", "whatif"]), year=draw.choice(YEARS))


def another_tab(one: Person, _: Person, draw: Random) -> None:
    if not pressed(one, "[role=tab]:visible", draw):
        one.go("lea", lea=one.marks.lea, tab=draw.choice(TABS))


def button(one: Person, _: Person, draw: Random) -> None:
    """Any that does not delete, nor make something long."""
    kept = ("delete", "council", "sample", "withdraw", "people", "forget", "meeting_start")
    safe = "".join(f":not([class*=st-key-{word}] *):not([class*={word}_] *)" for word in kept)
    if not pressed(one, f".stMain [data-testid=stButton] button:enabled:visible{safe}", draw):
        pressed(one, ".stMain summary:visible", draw)


def what_if(one: Person, _: Person, draw: Random) -> None:
    one.go("whatif")
    settle(one.page)
    box = one.page.locator(".st-key-control_targets_5a_value input[type=number]")
    box.fill(str(draw.randrange(30, 80)))
    box.press("Enter")


def take(one: Person, target: Locator) -> None:
    """Download something wholly: a window that is closed breaks it off, as does a page that is still changing
    from the step before; then a person presses again."""
    for last in (False, True):
        settle(one.page)
        try:
            with one.page.expect_download(timeout=15_000) as found:
                target.click()
            found.value.path()
        except Error:
            if last:
                raise
            print("pressed again at", one.page.url)
        else:
            return


def download(one: Person, _: Person, draw: Random) -> None:
    there = one.page.locator("[data-testid=stDownloadButton] button:enabled:visible")
    if not there.count():
        one.go("data")
        settle(one.page)
    take(one, there.nth(draw.randrange(there.count())))


def document(one: Person, _: Person, draw: Random) -> None:
    one.go("lea", lea=draw.choice([one.marks.lea, f"{one.marks.county}007"]))
    settle(one.page)
    take(one, one.page.locator(".st-key-lea_report button"))


def council(one: Person, _: Person, draw: Random) -> None:
    """A page about each LEA, in one file."""
    one.go("region")
    settle(one.page)
    if not pressed(one, ".st-key-council_pages button:visible", draw):
        print("no documents at", one.page.url, one.page.locator("h1").all_inner_texts())
        return
    file = one.page.locator(".st-key-council_zip button")
    file.wait_for(timeout=60_000)
    settle(one.page)
    take(one, file)


def link_of_the_other(one: Person, other: Person, draw: Random) -> None:
    page = draw.choice([*PAGES, "log"])
    lea = {"lea": f"{other.marks.county}000"} if draw.random() < 0.5 else {}
    one.page.goto(f"{one.wire.address}/{page}?{urlencode({'data': other.key} | lea)}", wait_until="commit")


def file_of_the_other(one: Person, other: Person, draw: Random) -> None:
    for path in other.media()[-5:]:
        if path not in one.media():
            got = one.page.evaluate("async (to) => { const r = await fetch(to); return r.status; }", path)
            assert got == 404, path


def another_window(one: Person, _: Person, draw: Random) -> None:
    one.page.close()
    one.page = one.context.new_page()
    one.go(draw.choice([*PAGES]))


def again(one: Person, _: Person, draw: Random) -> None:
    one.page.reload(wait_until="commit")


def back(one: Person, _: Person, draw: Random) -> None:
    one.page.go_back(wait_until="commit")
    if not one.page.url.startswith(one.wire.address):
        one.go("start")


def save(one: Person, _: Person, draw: Random) -> None:
    one.go("whatif")
    settle(one.page)
    one.page.locator(".st-key-whatif_presets button", has_text="Bands at 5% and 15%").click()
    settle(one.page)
    one.page.locator(".st-key-save_popover button").first.click()
    name = one.page.get_by_label("Name", exact=True)
    name.fill(f"{one.marks.names[0]} {draw.randrange(10**6)}")
    name.press("Enter")
    settle(one.page)
    one.page.locator(".st-key-save_scenario button").click()


STEPS = (
    to_page, to_page, another_lea, another_year, another_tab, button, button, what_if, download, document,
    link_of_the_other, link_of_the_other, file_of_the_other, another_window, again, back, save,
)  # fmt: skip
LONG = (*STEPS, council)


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("two")) as there:
        yield there


def rest(*both: Person) -> None:
    """Both pages are at rest, neither shows an error, and neither got anything of the other's."""
    for one in both:
        settle(one.page)
    for one, other in (both, both[::-1]):
        assert not (there := one.look(other.marks)), f"{one.marks.selpa} got {there}"
        assert one.page.locator(FAULTS).count() == 0, one.page.locator(".stMain").inner_text()[:2000]


@pytest.mark.full
@pytest.mark.parametrize("steps", [10, 200])
def test_side_by_side_nobody_gets_anything_of_the_other(server: Served, browser: Browser, steps: int):
    seed = int(os.environ.get("CIM_SEED", "") or (4 if in_gate() else Random().randrange(10**6)))
    draw, done = Random(seed), []
    print(f"CIM_SEED={seed}")
    accounts = [
        server.add(f"{name}-{steps}", Role.DIRECTOR, f"{selpa} {steps}")
        for name, selpa in (("ana", "Alder"), ("bo", "Birch"))
    ]
    with (
        at_browser(browser, server, accounts[0], ANA) as ana,
        at_browser(browser, server, accounts[1], BO) as bo,
    ):
        for one in (ana, bo):
            one.upload()
            one.go("start")
        rest(ana, bo)
        for one in (ana, bo):
            one.go("lea", lea=one.marks.lea, tab="all")
        rest(ana, bo)
        for one in (ana, bo):
            one.go("data")
            settle(one.page)
            take(one, one.page.get_by_role("button", name="with the cells marked"))
        rest(ana, bo)
        for one in (ana, bo):
            assert one.found == set(one.marks.each), "the search is blind"
        for _ in range(steps // 2):
            for one, other in ((ana, bo), (bo, ana)):
                step = draw.choice(STEPS if in_gate() else LONG)
                done.append(f"{one.marks.county} {step.__name__} {one.page.url}")
                print(done[-1])
                step(one, other, draw)
            rest(ana, bo)
        for one in (ana, bo):
            print(one.marks.selpa, one.got, "bytes")
