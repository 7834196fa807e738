"""Server time of every page: processor time of its script, sample and statewide file, of that all and twelve
LEAs (with the ratio to all).

`python -m benchmarks.pages [--profile PAGE [--sample]]`; the first run fills the caches, so that the
next ones are what a click costs. Only the thread of the script is timed, not what the harness makes of its
messages. Both files in one run; the load of the machine is printed beside.
"""

from __future__ import annotations

import cProfile
import os
import pstats
import statistics
import sys
import time
from hashlib import sha256
from pathlib import Path
from typing import Any
from unittest import mock

from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.testing.v1 import AppTest

from cim_core.data import shipped
from cim_core.intake.bundle import Bundle
from ui.shared.shelf import NewVersion, shelf

ROOT = Path(__file__).parent.parent
STATE = shipped.STATEWIDE
MINE = "0161119~0161127~0161143~0161150~0175093~0161176~0161192~0161200~0161242~0161234~0161259~0161291"
"""Twelve LEAs of Alameda County, as an address names them."""
PAGES = ("start", "data", "region", "lea", "movement", "whatif", "rules")


def address(content: bytes, name: str) -> str:
    """The file on the shelf, as the address names it."""
    digest = sha256(content).hexdigest()
    files = Bundle().with_file(name, digest)
    return shelf().put_version(NewVersion(name, files.dumps(), {digest: (name, content)}))


def opened(page: str, data: str, mine: str = "") -> AppTest:
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=300)
    at.query_params["data"] = data
    if mine:
        at.query_params["mine"] = mine
    at.run()
    return at if page == "start" else at.switch_page(f"pages/{page}.py").run()


def script_time(at: AppTest) -> float:
    """Seconds of processor time that one run of a page's script takes in its thread."""
    took = []
    run = ScriptRunner._run_script

    def timed(runner: ScriptRunner, *given: Any) -> None:
        start = time.thread_time()
        run(runner, *given)
        took.append(time.thread_time() - start)

    with mock.patch.object(ScriptRunner, "_run_script", timed):
        at.run()
    return sum(took)


def main() -> None:
    statewide = address(STATE.read_bytes(), "state.csv")
    if "--profile" in sys.argv:
        page = sys.argv[sys.argv.index("--profile") + 1]
        at = opened(page, "sample" if "--sample" in sys.argv else statewide)
        profile, run = cProfile.Profile(), ScriptRunner._run_script
        ScriptRunner._run_script = lambda *given: profile.runcall(run, *given)
        at.run()
        pstats.Stats(profile).sort_stats("cumtime").print_stats(90)
        return
    print(f"load {os.getloadavg()[0]:.1f}")
    for page in PAGES:
        medians = []
        for data, mine in (("sample", ""), (statewide, ""), (statewide, MINE)):
            at = opened(page, data, mine)
            assert not at.exception, at.exception
            medians.append(statistics.median(script_time(at) for _ in range(5)))
        each = " ".join(f"{1000 * took:7.0f} ms" for took in medians)
        print(f"{page.ljust(9)} {each} {medians[2] / medians[1]:6.2f} ×", flush=True)


if __name__ == "__main__":
    main()
