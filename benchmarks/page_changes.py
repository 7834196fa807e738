"""How long a change of page takes in a browser: from the click to the last change on the page.

`python -m benchmarks.page_changes`: the sample, and the statewide file with twelve LEAs chosen; wall time in
Chromium, the median of several rounds, with the load of the machine beside it. A page counts as changed with
the last mutation of its document after which nothing changes for half a second.
"""

from __future__ import annotations

import os
import shutil
import statistics
from collections import defaultdict

from playwright.sync_api import Page, sync_playwright

from benchmarks.first_picture import answers, start
from benchmarks.pages import MINE, STATE

ROUNDS = 5
PAGES = ("Start", "Region", "LEA", "Movement", "What if", "Letters", "Data", "Rules")
WATCH = """
window.last = performance.now();
new MutationObserver(() => { window.last = performance.now(); }).observe(document, {
  subtree: true, childList: true, attributes: true, characterData: true });
"""
CLICK = """
(name) => new Promise((done) => {
  const link = [...document.querySelectorAll(".cim-nav a")].find((each) => each.textContent === name);
  const begun = performance.now();
  window.last = begun;
  link.click();
  const look = () => performance.now() - window.last > 500 ? done(window.last - begun) : setTimeout(look, 50);
  setTimeout(look, 500);
})
"""


def changes(page: Page) -> dict[str, list[float]]:
    """Milliseconds of each change to a page, several rounds; the first round fills the caches."""
    took = defaultdict(list)
    for each in range(ROUNDS + 1):
        for name in PAGES:
            lasted = page.evaluate(CLICK, name)
            if each:
                took[name].append(lasted)
    return took


def main() -> None:
    """Print the median and the slowest change to each page."""
    path = shutil.which("chromium") or "/usr/bin/chromium"
    server, address = start()
    try:
        while not answers(address):
            pass
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
            found = {}
            for name in ("sample", "statewide, twelve chosen"):
                page = browser.new_page(viewport={"width": 1280, "height": 800})
                page.add_init_script(WATCH + "localStorage.setItem('cim-about-seen', 'sample own');")
                page.goto(f"{address}/?data=sample")
                page.wait_for_selector("a.cim-chip", timeout=60_000)
                if name != "sample":
                    page.goto(f"{address}/data?mine={MINE}")
                    page.locator("input[type=file]").first.set_input_files(str(STATE))
                    page.wait_for_function("location.search.includes('data=set')", timeout=90_000)
                    page.goto(f"{page.url}&mine={MINE}")
                    page.wait_for_timeout(8_000)
                found[name] = changes(page)
            browser.close()
    finally:
        server.terminate()
        server.wait(20)
    print(f"click → last change in ms, median (slowest) of {ROUNDS}; load {os.getloadavg()[0]:.1f}")
    for name in PAGES:
        each = [f"{statistics.median(took[name]):.0f} ({max(took[name]):.0f})" for took in found.values()]
        print(f"| {name} | {' | '.join(each)} |")


if __name__ == "__main__":
    main()
