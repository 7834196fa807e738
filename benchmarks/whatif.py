"""From a key press on a slider to the last change in the page: 1,000 LEAs × 25 elements × 3 years."""

from __future__ import annotations

import csv
import io
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks import data
from cim_core.data.dataset import Dataset
from cim_core.data.indicators import CODES, POSITION
from cim_core.rules import rulebook_file
from tests.e2e.conftest import FLAGS, choose, chromium, serve, settle, visit

MOVES = 60
_WATCH = """
() => {
  window.cimLast = 0;
  new MutationObserver(() => { window.cimLast = performance.now(); }).observe(
    document.querySelector('[data-testid=stMain]'),
    { subtree: true, childList: true, characterData: true, attributes: true });
  document.addEventListener('keydown', () => { window.cimKey = performance.now(); }, true);
}
"""
_QUIET = "() => window.cimLast > window.cimKey && performance.now() - window.cimLast > 700"


def main() -> None:
    """Print median and 95th percentile for a target and for a count."""
    with _file() as path, serve() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        visit(page, f"{server}/data")
        page.locator("input[type=file]").first.set_input_files(str(path))
        page.locator(".cim-rail").wait_for(timeout=60_000)
        page.wait_for_function("location.search.includes('data=set')", timeout=90_000)
        settle(page)
        page.get_by_role("link", name="What if").first.click()
        page.locator(".st-key-right").wait_for(timeout=60_000)
        settle(page)
        page.evaluate(_WATCH)
        print("What if, 1,000 LEAs × 25 elements × 3 years: key press → last change in the page")
        for target in ("5a Regular class ≥ 80%: target ≥", "8 Parent involvement: target >"):
            choose(page, "whatif_target", target)
            settle(page)
            moves = list(_moves(page))
            taken = sorted(one for one, _ in moves)
            median, p95 = statistics.median(taken), taken[int(len(taken) * 0.95)]
            said = len({lead for _, lead in moves})
            figures = f"{median:6.0f} ms median {p95:6.0f} ms 95 %"
            print(f"  {target[:2]:<4}{figures}  {len(taken)} moves, {said} results")
        browser.close()


def _moves(page: Page) -> Iterator[tuple[float, str]]:
    """Milliseconds of each move, and what the page says after it.

    All moves go one way, so that each value is new to the process: no placement comes from a cache.
    """
    page.locator("[class*=st-key-control_targets] input[type=range]").focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(2500)
    for _ in range(MOVES):
        page.keyboard.press("ArrowLeft")
        page.wait_for_function(_QUIET, timeout=20_000, polling=50)
        yield (
            float(page.evaluate("window.cimLast - window.cimKey")),
            page.locator("h1").inner_text(),
        )


@contextmanager
def _file() -> Iterator[Path]:
    """The benchmark's dataset as a wide CSV."""
    dataset = data.invent(rulebook_file.load())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "thousand.csv"
        path.write_text(_csv(dataset), "utf-8")
        yield path


def _csv(dataset: Dataset) -> str:
    codes = [code for code in CODES if code in dataset.columns]
    heads = ["lea_code", "lea_name", "selpa", "year", "swd", "disproportionate_years", "minor_findings"]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*heads, *(f"{code}{part}" for code in codes for part in ("", "_n", "_d"))])
    for row in range(len(dataset)):
        facts = (dataset.swd[row], dataset.disproportionate_years[row], dataset.minor_findings[row])
        line = [str(dataset.lea_code[row]), str(dataset.lea_name[row]), "S", str(dataset.year[row])]
        line += ["" if one < 0 else str(one) for one in facts]
        for code in codes:
            at = POSITION[code]
            top, bottom = int(dataset.numerator[row, at]), int(dataset.denominator[row, at])
            missing = bool(dataset.missing[row, at])
            rate = "NC" if missing else f"{dataset.value[row, at]:.1f}" if top < 0 else ""
            line += [rate, "" if top < 0 else str(top), "" if bottom < 0 or missing else str(bottom)]
        writer.writerow(line)
    return out.getvalue()


if __name__ == "__main__":
    main()
