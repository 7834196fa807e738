"""What the server's memory comes to: 200 uploads of 10 MB one after another, and visitors that went away.

`python -m benchmarks.memory [uploads]`: resident memory of the server and of the processes that read for it,
in MB, as the system counts it. What nobody looks at is let go after `CIM_UNUSED` seconds, a quarter of an
hour unless it is set; here it is 5 for the visitors that go away.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.first_picture import answers, start
from cim_core.data import shipped
from ui.shared.serving import UNUSED

UPLOADS, SESSIONS, SIZE = 200, 10, 10 * 2**20
MOST_MB = 1_000
"""The stated figure: server and readers together after all uploads."""
AWAY = 200
"""Seconds after the last visitor: a session of a lost connection is kept for two minutes."""
SETTLED = '[data-testid="stApp"][data-test-script-state="notRunning"]'


def said(process: int) -> str:
    """MB of a server, of the processes that read for it, and of all."""
    server, readers = _resident(process), sum(map(_resident, _children(process)))
    return f"{server:6.0f} + {readers:4.0f} = {server + readers:5.0f} MB"


def _resident(process: int) -> float:
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text("ascii").split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _children(process: int) -> list[int]:
    try:
        threads = Path(f"/proc/{process}/task").iterdir()
        text = " ".join((each / "children").read_text("ascii") for each in threads)
    except OSError:
        return []
    own = [int(each) for each in text.split()]
    return own + [deeper for each in own for deeper in _children(each)]


def content(number: int) -> bytes:
    """The statewide file with one more column of remarks, 10 MB in all; each number makes another file."""
    head, *lines = shipped.STATEWIDE.read_text("utf-8").splitlines()
    remark = f"{number} " + "x" * (SIZE // len(lines))
    return "\n".join([f"{head},remarks", *(f"{line},{remark}" for line in lines)]).encode()


def give(page: Page, address: str, number: int) -> None:
    """Upload one in a page, and wait until it is read."""
    page.goto(f"{address}/data")
    page.set_input_files(
        "input[type=file]", {"name": f"{number}.csv", "mimeType": "text/csv", "buffer": content(number)}
    )
    page.wait_for_url("**data=set-**", timeout=120_000)
    page.wait_for_selector(SETTLED, timeout=120_000)


def main() -> None:
    """Print the memory at the beginning, after each tenth of the uploads, and after visitors went away."""
    uploads = int(sys.argv[1]) if len(sys.argv) > 1 else UPLOADS
    path = shutil.which("chromium") or "/usr/bin/chromium"
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"CIM_DATA": folder, UNUSED: "5"}
        server, address = start()
        try:
            while not answers(address):
                time.sleep(0.1)
            with sync_playwright() as play:
                browser = play.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
                page = browser.new_page()
                page.goto(f"{address}/?data=sample")
                page.wait_for_selector("a.cim-chip", timeout=60_000)
                print(f"sample open          {said(server.pid)}", flush=True)
                for number in range(uploads):
                    give(page, address, number)
                    if number % max(1, uploads // 10) == 0 or number == uploads - 1:
                        print(f"{number + 1:4} uploads         {said(server.pid)}", flush=True)
                print(f"                     (at most {MOST_MB})")
                others = [browser.new_page() for _ in range(SESSIONS)]
                for at, each in enumerate(others):
                    give(each, address, uploads + at)
                print(f"{SESSIONS} visitors more     {said(server.pid)}", flush=True)
                browser.close()
            time.sleep(AWAY)
            print(f"all went away        {said(server.pid)}")
        finally:
            server.terminate()
            server.wait(20)
    print("load of the machine:", " ".join(f"{one:.1f}" for one in os.getloadavg()))


if __name__ == "__main__":
    main()
