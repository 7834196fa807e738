"""Take the pictures of every page: `python -m tests.e2e.pictures [FOLDER]`.

Without a folder: the one current picture per page in `docs/screenshots/`. With one: every page wide, at 1280
pixels and as on a phone, in light and dark, to be looked at.
"""

from __future__ import annotations

import sys
from decimal import Decimal
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from cim_core import scenario
from tests.e2e.conftest import FLAGS, ROOT, chromium, serve, visit

SCENARIO = scenario.encode(
    scenario.Scenario(
        name="Bands at 5 and 15 %, 5a at 50 %",
        changes={
            "clauses.intensive.to": Decimal(5),
            "clauses.level-3-percentile.over": Decimal(5),
            "clauses.level-3-percentile.to": Decimal(15),
            "targets.5a.value": Decimal("50.0"),
        },
    )
)
PAGES = {
    "start": "?data=sample",
    "data": "data?data=sample",
    "region": "region?data=sample",
    "lea": "lea?data=sample&lea=9910112",
    "whatif": "whatif?data=sample&scenario=SCENARIO",
    "rules": "rules?data=sample",
}
WIDTHS = {"wide": 1720, "laptop": 1280, "phone": 390}
_TALLEST = 6000


def take(browser: Browser, address: str, path: Path, width: int, scheme: str, height: int = 0) -> None:
    """One page as a PNG; `height` 0 takes all of it."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    visit(page, address.replace("SCENARIO", SCENARIO or ""))
    page.wait_for_timeout(1500)
    whole = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size({"width": width, "height": height or min(whole, _TALLEST)})
    page.wait_for_timeout(1200)
    page.screenshot(path=str(path))
    context.close()


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
                        take(browser, f"{server}/{where}", target, width, scheme)
        else:
            folder = ROOT / "docs" / "screenshots"
            folder.mkdir(parents=True, exist_ok=True)
            for name, where in PAGES.items():
                take(browser, f"{server}/{where}", folder / f"{name}.png", 1280, "light", 1000)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
