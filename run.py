"""Set up, start, test and measure; needs nothing but Python 3.11 or newer.

python3 run.py                 install and start the app on the sample data, on this machine only
python3 run.py test [--full]   install and run lint, types and all tests (--full: the long ones too)
python3 run.py bench           install and run the benchmarks
"""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import subprocess
import sys
import venv
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
CHROMIUM = ("/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome")
FIRST_PORT = 8501


def main(arguments: list[str]) -> int:
    """Run one command; returns its exit code."""
    if sys.version_info < (3, 11):  # noqa: UP036 - the message is for those who start it with an older one
        print(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.", file=sys.stderr)
        return 2
    command, options = (arguments[0], arguments[1:]) if arguments else ("app", [])
    if command == "app" and not options:
        install("requirements.txt")
        return app()
    if command == "test" and set(options) <= {"--full"}:
        install("requirements-dev.txt")
        return test(full="--full" in options)
    if command == "bench" and not options:
        install("requirements-dev.txt")
        find_chromium()
        names = ("outlook", "certainty", "movement", "disproportionality", "uploads", "whatif")
        parts = ("benchmarks", *(f"benchmarks.{name}" for name in names))
        return next((code for part in parts if (code := run(str(PYTHON), "-m", part))), 0)
    print(__doc__, file=sys.stderr)
    return 2


def install(file: str) -> None:
    """Make `.venv` and install a requirements file into it, unless exactly that is already installed."""
    wanted = b"".join(path.read_bytes() for path in sorted(ROOT.glob("requirements*.txt")))
    digest = hashlib.sha256(wanted).hexdigest()
    stamp = VENV / f"installed-{Path(file).stem}"
    if PYTHON.exists() and stamp.exists() and stamp.read_text("utf-8") == digest:
        return
    print(f"Installing {file} into {VENV} …", flush=True)
    if not PYTHON.exists():
        venv.create(VENV, with_pip=True)
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if run(*pip, "-r", str(ROOT / file)):
        sys.exit("The installation failed; see the lines above. An internet connection is needed once.")
    stamp.write_text(digest, "utf-8")


def app() -> int:
    """Start the app on the invented SELPA and print its address."""
    port = free_port()
    print(f"CIM Tier Explorer: http://localhost:{port}   (stop with Ctrl+C)", flush=True)
    settings = {**os.environ, "CIM_OPEN": os.environ.get("CIM_OPEN", "sample")}
    command = [str(PYTHON), "-m", "streamlit", "run", str(ROOT / "app.py"), "--server.port", str(port)]
    try:
        return subprocess.run(command, cwd=ROOT, env=settings, check=False).returncode
    except KeyboardInterrupt:
        return 0


def test(full: bool) -> int:
    """Lint, format, types, tests; all of them run, the first failure decides the exit code.

    The browser tests run beside the others: they wait for a page most of the time.
    """
    find_chromium()
    steps = [
        [str(PYTHON), "-m", "ruff", "check", "."],
        [str(PYTHON), "-m", "ruff", "format", "--check", "."],
        [str(PYTHON), "-m", "mypy"],
    ]
    codes = [run(*step) for step in steps]
    pytest = [str(PYTHON), "-m", "pytest", *(() if full else ("-m", "not full"))]
    halves = ([*pytest, "tests/e2e"], [*pytest, "--ignore", "tests/e2e"])
    with ThreadPoolExecutor(len(halves)) as side_by_side:
        codes += side_by_side.map(lambda half: run(*half), halves)
    return next((code for code in codes if code), 0)


def find_chromium() -> None:
    """A browser for the browser tests; on Debian its package is installed if none is found."""
    if any(shutil.which(name) for name in CHROMIUM):
        return
    if shutil.which("apt-get") is None:
        print("No Chromium found: install it, or the browser tests will fail.", file=sys.stderr)
        return
    sudo = [] if not hasattr(os, "geteuid") or os.geteuid() == 0 else ["sudo", "-n"]
    print("Installing Chromium for the browser tests …", flush=True)
    run(*sudo, "apt-get", "update", "-qq")
    run(*sudo, "apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-dejavu-core")


def free_port() -> int:
    """The first free port from 8501 on."""
    for port in range(FIRST_PORT, FIRST_PORT + 100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    return FIRST_PORT


def run(*command: str) -> int:
    """Run a command in the project's folder; returns its exit code."""
    return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
