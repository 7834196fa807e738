"""How long a new server takes until its first page stands complete in a browser.

Each run starts a server that nobody has visited, and a browser that knows nothing. Wall time, since most of
it is two programs at work side by side; the load of the machine is printed beside.
"""

from __future__ import annotations

import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parent.parent
RUNS = 5
SETTLED = '[data-testid="stApp"][data-test-script-state="notRunning"]'
COMPLETE = "a.cim-chip"


def start() -> tuple[subprocess.Popen[bytes], str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return server, f"http://localhost:{port}"


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/_stcore/health", timeout=1):
            return True
    except OSError:
        return False


def once() -> tuple[float, float]:
    """Seconds until the server answers, and from then until the first page is complete."""
    browser_path = shutil.which("chromium") or "/usr/bin/chromium"
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=browser_path, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        began = time.perf_counter()
        server, address = start()
        try:
            while not answers(address):
                time.sleep(0.02)
            up = time.perf_counter()
            page.goto(f"{address}/?data=sample", wait_until="commit")
            page.wait_for_selector(COMPLETE, timeout=60_000)
            page.wait_for_selector(SETTLED, timeout=60_000)
            return up - began, time.perf_counter() - up
        finally:
            browser.close()
            server.terminate()
            server.wait(20)


def main() -> None:
    """Print the medians of several runs."""
    runs = [once() for _ in range(RUNS)]
    up, picture = (statistics.median(one) for one in zip(*runs, strict=True))
    both = statistics.median(sum(one) for one in runs)
    print("| server answers | then first complete picture | both | load |")
    print("|---|---|---|---|")
    print(f"| {up:.2f} s | {picture:.2f} s | {both:.2f} s | {os.getloadavg()[0]:.1f} |")


if __name__ == "__main__":
    main()
