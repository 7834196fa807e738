"""Take the pictures of every page: `python -m tests.e2e.pictures [FOLDER]`.

Without a folder: the one current picture per page in `docs/screenshots/`. With one: every page wide, at 1280
pixels and as on a phone, in light and dark, to be looked at.
"""

from __future__ import annotations

import sys
from decimal import Decimal
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from cim_core.whatif import scenario
from tests.changes import changes
from tests.e2e import parts_page
from tests.e2e.conftest import FLAGS, ROOT, SEEN, chromium, serve, settle, visit

SCENARIO = scenario.encode(
    scenario.Scenario(
        name="Bands at 5% and 15%, 5a at 50%",
        changes=changes(
            {
                "clauses.intensive.to": Decimal(5),
                "clauses.level-3-percentile.over": Decimal(5),
                "clauses.level-3-percentile.to": Decimal(15),
                "targets.5a.value": Decimal("50.0"),
            }
        ),
    )
)
PAGES = {
    "start": "?data=sample",
    "data": "data?data=sample",
    "region": "region?data=sample",
    "lea": "lea?data=sample&lea=9910112",
    "movement": "movement?data=sample",
    "whatif": "whatif?data=sample&scenario=SCENARIO",
    "letters": "letters?data=sample",
    "rules": "rules?data=sample",
    "data_tie": "data",
    "data_problems": "data",
    "meeting": "meeting?data=sample&lea=9910112",
    "meeting_card": "meeting?data=sample&lea=9910112",
    "library": "library?data=sample",
    "log": "log?data=sample",
}
_REPORT = """2024-25 Annual Performance Report
Agency: Meadow Unified (9900001)  SELPA: Alder Valley (9901)
No. Indicator Rate Target Target Met? Monitoring Activities
5a LRE Rate: In Regular Class more than 80% 59.2% ≥60.0% No NA
5b In Regular Class less than 40% 31.5% ≤18.0% No NA
5c Separate Schools 12.0% ≤3.0% No NA
6a Preschool LRE: Regular Program sixty% >34.9% NA NA
"""
_OWN = """Alder Valley SELPA: environments and suspension 2024-25

Dist Code,District,LRE >80,LRE >80 N,Total LRE N,Susp Rate,Total SWD,Remarks
9910007,Birch Hollow,66.57,301,452,2.1,452,ok
9910014,Cedar Flat,61.20,402,657,3.4,657,
9910021,Dry Creek,NC,,,5.6,1500,later
"""
UPLOADS = {"data_tie": ("our_own.csv", _OWN), "data_problems": ("report.txt", _REPORT)}
"""Files that are uploaded before the picture is taken."""
LETTERS = """Fir Mountain Unified, Targeted Level 1, missed 3b ELA, 5a
Cedar Flat Unified, Targeted Level 1
Gooseberry City Unified, Targeted Level 2
Ironwood Unified, Targeted Level 3
Juniper Springs Unified, Intensive, lowest 10%
Kelp Harbor Unified, Intensive
Laurel Gate Elementary, Intensive
Alder Valley Unified, Universal
"""
"""Letters that are pasted before the picture of that page is taken."""
TALL = {"data_tie": 1450, "letters": 1450, "meeting_card": 720}
WIDTHS = {"wide": 1720, "laptop": 1280, "phone": 390}
_TALLEST = 6000


def take(
    browser: Browser, name: str, address: str, path: Path, width: int, scheme: str, height: int = 0
) -> None:
    """One page as a PNG; `height` 0 takes all of it."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    context.add_init_script(SEEN)
    page = context.new_page()
    visit(page, address.replace("SCENARIO", SCENARIO or ""))
    if name in UPLOADS:
        file, text = UPLOADS[name]
        given = {"name": file, "mimeType": "text/plain", "buffer": text.encode()}
        page.locator("[class*=st-key-upload_] input[type=file]").set_input_files(given)  # type: ignore[arg-type]
        page.wait_for_timeout(1500)
        settle(page)
    if name == "letters":
        page.locator(".st-key-letters_text textarea").fill(LETTERS)
        page.locator(".st-key-letters_take button").click()
        settle(page)
        page.locator(".st-key-reconcile_start button").click()
        page.locator(".st-key-reconcile_use button").wait_for(timeout=60_000)
        page.locator("h1").scroll_into_view_if_needed()
        settle(page)
    if name.startswith("meeting"):
        folded = page.locator(".st-key-meeting_new button")
        if folded.count():
            folded.click()
            settle(page)
        page.locator(f".st-key-preset_{'team' if name == 'meeting_card' else 'board'} button").click()
        settle(page)
        page.keyboard.press("Escape")
    if name == "meeting_card":
        page.locator(".st-key-meeting_start button").click()
        page.locator(".cim-mt").wait_for()
        settle(page)
        page.keyboard.press("ArrowRight")
        settle(page)
    page.wait_for_timeout(1500)
    whole = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size({"width": width, "height": height or min(whole, _TALLEST)})
    page.wait_for_timeout(1200)
    page.screenshot(path=str(path))
    context.close()


def parts_of_the_design(browser: Browser, folder: Path) -> None:
    """The parts that pages are made of, in light and dark."""
    for scheme in ("light", "dark"):
        with browser.new_context(viewport={"width": 900, "height": 1000}, color_scheme=scheme) as context:
            page = context.new_page()
            page.set_content(parts_page.html())
            page.screenshot(path=str(folder / f"parts_{scheme}.png"), full_page=True)


def main(arguments: list[str]) -> None:
    with serve() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        if arguments:
            folder = Path(arguments[0])
            folder.mkdir(parents=True, exist_ok=True)
            for name, where in PAGES.items():
                for size, width in WIDTHS.items():
                    for scheme in ("light", "dark"):
                        target = folder / f"{name}_{size}_{scheme}.png"
                        take(browser, name, f"{server}/{where}", target, width, scheme)
        else:
            folder = ROOT / "docs" / "screenshots"
            folder.mkdir(parents=True, exist_ok=True)
            for name, where in PAGES.items():
                target = folder / f"{name}.png"
                take(browser, name, f"{server}/{where}", target, 1280, "light", TALL.get(name, 1000))
            parts_of_the_design(browser, folder)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
