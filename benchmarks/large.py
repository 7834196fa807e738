"""As many LEAs and years as the limits let in: how long each page takes the first time, and what is held.

`python -m benchmarks.large`. An invented wide file of 2,500 LEAs × 10 years × all elements is opened on each
page in turn, in one process; afterwards what is kept between clicks is let go, as the server does when nobody
has looked at it for a while.
"""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

from streamlit.testing.v1 import AppTest

from benchmarks.pages import PAGES, ROOT, address, script_time
from cim_core.data.indicators import INDICATORS, Unit
from ui.shared.kept import kept_results
from ui.shared.serving import give_memory_back

LEAS, YEARS = 2_500, 10
CODES = tuple(one.code for one in INDICATORS if one.unit is Unit.PERCENT and one.code[0].isdigit())
NEAR = {"5a": 55, "5b": 20, "5c": 5, "14a": 20, "14b": 40, "14c": 60}


def wide(leas: int = LEAS, years: int = YEARS) -> bytes:
    """A wide file; rates with one decimal around values of their own, no counts."""
    rng = random.Random(16)
    lines = ["lea_code,lea_name,selpa,year,swd," + ",".join(CODES)]
    for lea in range(leas):
        for year in range(years):
            rates = [_rate(rng, code) for code in CODES]
            head = f"99{lea:05d},Invented Unified {lea},Invented SELPA,{2014 + year}-{15 + year}"
            lines.append(f"{head},{200 + lea},{','.join(rates)}")
    return "\n".join(lines).encode()


def _rate(rng: random.Random, code: str) -> str:
    return f"{max(0.0, rng.gauss(NEAR.get(code, 70), 3)):.1f}"


def resident() -> float:
    """Megabytes of this process in memory."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def visited(page: str, data: str) -> AppTest:
    """A new session that goes to a page by its navigation."""
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=600)
    at.query_params["data"] = data
    at.run()
    return at if page == "start" else at.switch_page(f"pages/{page}.py").run()


def main() -> None:
    """Print the table."""
    for page in PAGES:
        visited(page, "sample")
    before = resident()
    data = address(wide(), "large.csv")
    print(f"{LEAS:,} LEAs × {YEARS} years, load {os.getloadavg()[0]:.1f}; first visit: wall, next: processor")
    for page in PAGES:
        start = time.perf_counter()
        at = visited(page, data)
        took = time.perf_counter() - start
        assert not at.exception, at.exception
        print(f"  {page:<10}{took:6.1f} s {1000 * script_time(at):7.0f} ms", flush=True)
    del at
    full = resident()
    gone = kept_results().let_go(0)
    give_memory_back()
    print(f"memory: {before:.0f} MB with the sample, {full:.0f} MB with the large file on every page, "
          f"{resident():.0f} MB after {gone / 2**20:.0f} MB of results are let go")  # fmt: skip


if __name__ == "__main__":
    main()
