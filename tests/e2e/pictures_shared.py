"""Pictures of what there is in shared mode alone: `python -m tests.e2e.pictures_shared [FOLDER]`.

Without a folder: the one current picture of each in `docs/screenshots/`. With one: wide, at 1280 pixels and
as on a phone, in light and dark, to be looked at.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.conftest import AT_REST, FLAGS, ROOT, SEEN, chromium, settle
from tests.e2e.pictures import WIDTHS
from tests.e2e.test_signin import Shared, cim, process, set_password, sign_in

PEOPLE = (
    ("ana@alder.example", "administrator", ("--shown", "Ana Ruiz")),
    ("dan@alder.example", "director", ("--shown", "Dan Okafor")),
    ("pia", "presenter", ("--shown", "Pia Lindqvist")),
    ("vi", "lea_viewer", ("--shown", "Violeta Moreno", "--lea", "9910112")),
)
SELPA = "Alder Valley SELPA"


def pages(page: Page, shared: Shared) -> Iterator[str]:
    """Goes from one to the next; the names of the pictures."""
    page.goto(f"{shared.address}/signin")
    page.get_by_label("Name", exact=True).wait_for()
    yield "signin"
    sign_in(page, shared, PEOPLE[0][0])
    page.goto(f"{shared.address}/people?data=sample")
    page.get_by_role("textbox", name="Name to sign in with").fill("mei@alder.example")
    page.get_by_role("button", name="Add, and make a link").wait_for()
    yield "people"
    page.goto(f"{shared.address}/leave")
    sign_in(page, shared, "vi")
    page.goto(f"{shared.address}/region?data=sample")
    page.get_by_text("Where the LEAs of the region stand").wait_for()
    yield "viewer"


def take(browser: Browser, shared: Shared, folder: Path, width: int, scheme: str, ending: str) -> None:
    """All of them of a width, in light or dark."""
    context = browser.new_context(viewport={"width": width, "height": 820}, color_scheme=scheme)
    for script in (SEEN, AT_REST):
        context.add_init_script(script)
    page = context.new_page()
    for name in pages(page, shared):
        settle(page)
        page.screenshot(path=folder / f"{name}{ending}.png")
    context.close()


def main(folder: str = "") -> None:
    """Serve an app with accounts of its own, and take the pictures."""
    data = Path(tempfile.mkdtemp())
    links = {
        name: cim(data, "users", "add", name, "--role", role, "--selpa", SELPA, *more).rpartition("?")[2]
        for name, role, more in PEOPLE
    }
    settings = {**os.environ, "CIM_DATA": str(data), "CIM_MODE": "shared"}
    into = Path(folder) if folder else ROOT / "docs" / "screenshots"
    into.mkdir(parents=True, exist_ok=True)
    with process(settings) as (address, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        shared = Shared(address, data, links)
        for name in (PEOPLE[0][0], "vi"):
            with browser.new_context() as context:
                set_password(context.new_page(), shared, name)
        if not folder:
            take(browser, shared, into, 1280, "light", "")
            return
        for kind, width in WIDTHS.items():
            for scheme in ("light", "dark"):
                take(browser, shared, into, width, scheme, f"_{kind}_{scheme}")


if __name__ == "__main__":
    main(*sys.argv[1:])
