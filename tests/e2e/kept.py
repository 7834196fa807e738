"""Kept pictures of chosen states, and how far a page may be from them.

`python -m tests.e2e.kept` makes them anew: a person does that on purpose and looks at them before committing.
Pictures are compared when they are small, so that only what a reader would see counts, not how a browser
smooths letters.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e import parts_page
from tests.e2e.conftest import FLAGS, SEEN, chromium, serve, settle, visit

FOLDER = Path(__file__).parent / "kept"
STATES = {
    "start": "?data=sample",
    "start_2022_23": "?data=sample&year=2022-23",
    "lea_missed": "lea?data=sample&lea=9910112",
    "lea_rank": "lea?data=sample&lea=9910084",
    "lea_disproportionality": "lea?data=sample&lea=9910105",
    "region": "region?data=sample",
    "whatif": "whatif?data=sample",
    "upload_result": "data?data=sample",
    "nothing_open": "",
}
SIZES = {"wide": (1280, 800, "light"), "dark": (1280, 800, "dark"), "phone": (390, 800, "light")}
SMALLER = 8
MOST_APART = 6.0
"""Mean difference of a pixel of the small pictures, of 255, in the worst of 16 tiles."""


def look(page: Page, address: str) -> bytes:
    """A picture of what is to be seen first."""
    page.add_init_script(SEEN)
    visit(page, address)
    page.evaluate("document.fonts.ready")
    settle(page)
    return page.screenshot(animations="disabled", caret="hide")


def parts(browser: Browser, scheme: str) -> bytes:
    """A picture of all parts of the design."""
    with browser.new_context(viewport={"width": 900, "height": 900}, color_scheme=scheme) as context:
        page = context.new_page()
        page.set_content(parts_page.html())
        return page.screenshot()


def apart(first: bytes, second: bytes) -> float:
    """How far two pictures are from each other where they differ most; 255 for other sizes."""
    one, other = (Image.open(io.BytesIO(picture)).convert("RGB") for picture in (first, second))
    if one.size != other.size:
        return 255.0
    size = (one.width // SMALLER, one.height // SMALLER)
    between = ImageChops.difference(one.resize(size), other.resize(size))
    wide, high = size[0] // 4, size[1] // 4
    tiles = [
        between.crop((x * wide, y * high, (x + 1) * wide, (y + 1) * high)) for x in range(4) for y in range(4)
    ]
    return max(sum(ImageStat.Stat(tile).mean) / 3 for tile in tiles)


def main() -> None:
    """Take all pictures anew."""
    FOLDER.mkdir(exist_ok=True)
    with serve() as server, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), args=FLAGS)
        for name, where in STATES.items():
            for size, (width, height, scheme) in SIZES.items():
                view = {"width": width, "height": height}
                with browser.new_context(viewport=view, color_scheme=scheme) as context:
                    picture = look(context.new_page(), f"{server}/{where}")
                small = Image.open(io.BytesIO(picture)).convert("P", palette=Image.Palette.ADAPTIVE)
                small.save(FOLDER / f"{name}_{size}.png", optimize=True)
        for scheme in ("light", "dark"):
            (FOLDER / f"parts_{scheme}.png").write_bytes(parts(browser, scheme))
        browser.close()


if __name__ == "__main__":
    sys.exit(main())
