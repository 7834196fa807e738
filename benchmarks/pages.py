"""Server time of every page, in processor time of the second run of its script, sample and statewide file.

`python -m benchmarks.pages [--profile PAGE]`; the first run fills the caches, so that the second is what a
click costs. Both files in one run; the load of the machine is printed beside.
"""

from __future__ import annotations

import cProfile
import os
import pstats
import sys
import time
from pathlib import Path

from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.testing.v1 import AppTest

from cim_core.bundle import Bundle
from ui.shelf import SET, shelf

ROOT = Path(__file__).parent.parent
STATE = ROOT / "sample_data" / "california_swd_2022_25.csv"
PAGES = ("start", "data", "region", "lea", "movement", "whatif", "rules")


def address(content: bytes, name: str) -> str:
    """The file on the shelf, as the address names it."""
    files = Bundle().with_file(name, shelf().put(name, content))
    return shelf().put("files", files.dumps().encode(), SET)


def opened(page: str, data: str) -> AppTest:
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=300)
    at.query_params["data"] = data
    at.run()
    return at if page == "start" else at.switch_page(f"pages/{page}.py").run()


def main() -> None:
    statewide = address(STATE.read_bytes(), "state.csv")
    if "--profile" in sys.argv:
        page = sys.argv[sys.argv.index("--profile") + 1]
        at = opened(page, "sample" if "--sample" in sys.argv else statewide)
        profile, run = cProfile.Profile(), ScriptRunner._run_script
        ScriptRunner._run_script = lambda *given: profile.runcall(run, *given)
        at.run()
        pstats.Stats(profile).sort_stats("cumtime").print_stats(60)
        return
    print(f"load {os.getloadavg()[0]:.1f}")
    for page in PAGES:
        said = [page.ljust(9)]
        for data in ("sample", statewide):
            at = opened(page, data)
            assert not at.exception, at.exception
            took = []
            for _ in range(3):
                start = time.process_time()
                at.run()
                took.append(time.process_time() - start)
            said.append(f"{1000 * min(took):7.0f} ms")
        print(" ".join(said), flush=True)


if __name__ == "__main__":
    main()
