"""Set up, start, test and measure; needs nothing but Python 3.11 or newer.

python3 run.py                 install and start the app on the sample data, on this machine only
python3 run.py test [--full]   install and run lint, types and all tests (--full: the long ones too)
python3 run.py bench           install and run the benchmarks
python3 run.py serve           install and serve the shared mode, by nginx and PostgreSQL (docs/deploy.md)
               [--processes N]     two of them, unless said otherwise
python3 run.py users WORDS     who may sign in to what is served: add, list, link, disable, enable
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
CHROMIUM = ("/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome")
POSTGRESQL = ("initdb", "postgres")
POSTGRESQL_FOLDERS = Path("/usr/lib/postgresql")
"""Where Debian keeps the programs of each version; they are not on the path."""
ADMINISTRATORS = Path("/usr/sbin")
OFFICE = ("soffice", "libreoffice")
TYPEFACE = "Carlito"
"""As wide as the typeface of slides, which is not free: without it they are drawn with another one."""
FULL = (errno.ENOSPC, errno.EDQUOT)
FULL_SAID = ("no space left on device", "disk quota exceeded", "errno 28", "not enough space on the disk")
ALSO = {
    "requirements-dev.txt": ("requirements.txt",),
    "requirements-bench.txt": ("requirements.txt", "requirements-dev.txt"),
}
"""What is installed as well with a requirements file."""
COVERED = 95
"""Percent of the branches of the core that the tests take at least."""
NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP)
"""Some network folders know no locks: there, two first starts at once have to be avoided by hand."""


class SetUpError(Exception):
    """The environment cannot be made; says why in a sentence."""


def main(arguments: list[str]) -> int:
    """Run one command; returns its exit code."""
    if sys.version_info < (3, 11):  # noqa: UP036 - the message is for those who start it with an older one
        print(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.", file=sys.stderr)
        return 2
    command, options = (arguments[0], arguments[1:]) if arguments else ("app", [])
    try:
        if command == "app" and not options:
            install("requirements.txt")
            return app()
        if command == "test" and set(options) <= {"--full"}:
            install("requirements-dev.txt")
            return test(full="--full" in options)
        if command == "bench" and not options:
            install("requirements-bench.txt")
            return bench()
        if command in ("serve", "users"):
            return shared(command, options)
    except SetUpError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped. The next start goes on from here.", file=sys.stderr)
        return 130
    print(__doc__, file=sys.stderr)
    return 2


def install(file: str) -> None:
    """Make `.venv` with a requirements file, unless exactly that is there already. Raises SetUpError.

    It is built in a folder beside and renamed once it is complete: whenever that is interrupted, the old one
    or none is there, and the next start builds anew. One start builds, others wait for it.
    """
    digest = _digest()
    if _is_complete(VENV, file, digest):
        return
    try:
        with _one_at_a_time(ROOT / ".venv.lock"):
            for left in (*ROOT.glob(".venv.new-*"), *ROOT.glob(".venv.old-*")):
                if not VENV.exists() and _is_complete(left, file, digest):
                    left.rename(VENV)  # a start was ended between the two steps of `_put`
                _remove(left)
            if not _is_complete(VENV, file, digest):
                _build(file, digest)
    except OSError as error:
        raise SetUpError(_why(error, str(error))) from error


def _digest() -> str:
    wanted = b"".join(path.read_bytes() for path in sorted(ROOT.glob("requirements*.txt")))
    return hashlib.sha256(wanted).hexdigest()


def _stamp(folder: Path, file: str) -> Path:
    return folder / f"installed-{Path(file).stem}"


def _is_complete(folder: Path, file: str, digest: str) -> bool:
    """Whether the environment holds what the requirements ask for; its Python may be gone by an update."""
    if not (folder / PYTHON.relative_to(VENV)).exists():
        return False
    for one in (file, *(more for more, less in ALSO.items() if file in less)):
        with contextlib.suppress(OSError, UnicodeDecodeError):
            if _stamp(folder, one).read_text("utf-8") == digest:
                return True
    return False


def _build(file: str, digest: str) -> None:
    print(f"Installing {file} into {VENV} …", flush=True)
    fresh = Path(tempfile.mkdtemp(prefix=".venv.new-", dir=ROOT))
    try:
        fresh.chmod(0o755)
        _fill(fresh, file)
        _call_by(fresh, VENV)
        _stamp(fresh, file).write_text(digest, "utf-8")
        _put(fresh)
    finally:
        _remove(fresh)


def _fill(fresh: Path, file: str) -> None:
    """Make the environment and install into it."""
    try:
        venv.create(fresh, with_pip=True, symlinks=os.name != "nt")
    except subprocess.CalledProcessError as error:
        said = error.output.decode("utf-8", "replace") if isinstance(error.output, bytes) else ""
        none = "ensurepip failed (on Debian: apt install python3-venv)"
        raise SetUpError(_why(None, said or none)) from error
    python = fresh / PYTHON.relative_to(VENV)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    wanted = ["-r", str(ROOT / file)]
    done = subprocess.run(
        [*pip, *wanted], cwd=ROOT, check=False, stderr=subprocess.PIPE, text=True, errors="replace"
    )
    sys.stderr.write(done.stderr)
    if done.returncode:
        raise SetUpError(_why(None, done.stderr or "pip failed"))


def _call_by(fresh: Path, name: Path) -> None:
    """Let the scripts of an environment find it under the name that it is going to have."""
    before, after = os.fsencode(fresh), os.fsencode(name)
    for script in (fresh / PYTHON.relative_to(VENV)).parent.iterdir():
        if script.is_file() and not script.is_symlink() and script.suffix != ".exe":
            content = script.read_bytes()
            if before in content:
                script.write_bytes(content.replace(before, after))


def _put(fresh: Path) -> None:
    """The new environment in place of the old one."""
    old = ROOT / f".venv.old-{fresh.name.rpartition('-')[2]}"
    if VENV.exists() or VENV.is_symlink():
        VENV.rename(old)
    fresh.rename(VENV)
    _remove(old)


def _remove(folder: Path) -> None:
    if folder.is_symlink():
        folder.unlink(missing_ok=True)
    else:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _one_at_a_time(path: Path) -> Iterator[None]:
    """Wait until no other start builds. The system frees the lock when its holder ends, however it ends."""
    with path.open("a+b") as file:
        told = False
        while not _locked(file.fileno()):
            if not told:
                print("Another start is installing; waiting for it …", flush=True)
                told = True
            time.sleep(0.2)
        yield


def _locked(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EAGAIN, errno.EDEADLK):
            return False
        if error.errno not in NO_LOCKS:
            raise
    return True


def _why(error: OSError | None, said: str) -> str:
    """What to tell a person about an installation that failed."""
    full = error is not None and error.errno in FULL
    if full or any(sign in said.casefold() for sign in FULL_SAID):
        free = shutil.disk_usage(ROOT).free // 2**20
        return (
            f"The disk is full: {free} MB are free in {ROOT}, about 1,000 MB are needed, and as much for a "
            f"moment in {tempfile.gettempdir()}. Make room and start again; nothing has been changed."
        )
    lines = said.strip().splitlines() or ["no reason given"]
    return (
        f"The installation failed: {lines[-1][:300]}\nAn internet connection is needed once. "
        "Nothing that was there has been changed."
    )


def app() -> int:
    """Start the app on the invented SELPA. It takes the first free port from 8501 on and says its address."""
    settings = {**os.environ, "CIM_OPEN": os.environ.get("CIM_OPEN", "sample")}
    command = [str(PYTHON), "-m", "streamlit", "run", str(ROOT / "app.py")]
    try:
        return subprocess.run(command, cwd=ROOT, env=settings, check=False).returncode
    except KeyboardInterrupt:
        return 0


def shared(command: str, options: list[str]) -> int:
    """Become what serves the shared mode, or the command on what is served. Raises SetUpError."""
    if os.name == "nt":
        raise SetUpError("The shared mode is served on Linux and macOS; Windows has no sockets for it.")
    install("requirements.txt")
    if command == "serve":
        if not os.environ.get("CIM_DATABASE_URL"):
            find_postgresql("the shared mode")
        find_nginx("the shared mode")
    module = {"serve": "deploy.stack", "users": "deploy.users"}[command]
    return become(str(PYTHON), "-m", module, *options)


def bench() -> int:
    """All benchmarks, one after the other; the first failure decides the exit code."""
    find_chromium()
    find_postgresql()
    find_nginx()
    names = (
        "outlook",
        "certainty",
        "movement",
        "disproportionality",
        "letters",
        "uploads",
        "whatif",
        "pages",
        "large",
        "first_picture",
        "page_changes",
        "store",
        "documents",
        "memory",
        "sessions",
    )
    parts = ("benchmarks.placing", "benchmarks", *(f"benchmarks.{name}" for name in names))
    return next((code for part in parts if (code := run(str(PYTHON), "-m", part))), 0)


def test(full: bool) -> int:
    """Lint, format, types, tests; all of them run, the first failure decides the exit code.

    The browser tests go to two workers, the others file by file to whoever is free (`tests/conftest.py`). The
    long ones count the branches of the core that are taken, which takes a third more time.
    """
    find_chromium()
    find_postgresql()
    find_nginx()
    if full:
        find_libreoffice()
    steps = [
        [str(PYTHON), "-m", "ruff", "check", "."],
        [str(PYTHON), "-m", "ruff", "format", "--check", "."],
        [str(PYTHON), "-m", "mypy"],
    ]
    workers = ["-n", str(max(3, os.cpu_count() or 3)), "--dist", "loadscope", "--no-loadscope-reorder"]
    counted = ["--cov", "cim_core", "--cov-branch", "--cov-report", "term:skip-covered"]
    chosen = [*counted, f"--cov-fail-under={COVERED}"] if full else ["-m", "not full"]
    steps.append([str(PYTHON), "-m", "pytest", *workers, *chosen])
    codes = [run(*step) for step in steps]
    return next((code for code in codes if code), 0)


def find_chromium() -> None:
    """A browser for the browser tests; on Debian its package is installed if none is found."""
    if not any(shutil.which(name) for name in CHROMIUM):
        _add("Chromium", "the browser tests", "chromium", "fonts-dejavu-core")


def find_postgresql(wanted_by: str = "the tests of the store") -> None:
    """A server for those that start their own; on Debian its package is installed if none is found."""
    if postgresql() is None:
        _add("PostgreSQL", wanted_by, "postgresql")


def find_nginx(wanted_by: str = "the tests of the shared mode") -> None:
    """A proxy for those that start their own; on Debian its package is installed if none is found.

    Debian starts a service with it, which would have the port: it is ended. One that was there stays.
    """
    if nginx() is None:
        _add("nginx", wanted_by, "nginx")
        if shutil.which("systemctl"):
            run(*_sudo(), "systemctl", "disable", "--now", "nginx")


def nginx() -> Path | None:
    """The program of nginx; where only administrators have its folder on the path, from there."""
    found = shutil.which("nginx") or shutil.which("nginx", path=str(ADMINISTRATORS))
    return Path(found) if found else None


def find_libreoffice() -> None:
    """What draws slides for the long tests; on Debian its packages are installed if it is not found."""
    there = any(shutil.which(name) for name in OFFICE) and shutil.which("pdftotext")
    if not there or not has_typeface():
        packages = "libreoffice-impress-nogui", "poppler-utils", "fontconfig", "fonts-crosextra-carlito"
        _add("LibreOffice", "the tests of slides", *packages)


def has_typeface() -> bool:
    """Whether slides are drawn as wide as where they are shown."""
    if shutil.which("fc-list") is None:
        return False
    done = subprocess.run(["fc-list", TYPEFACE], capture_output=True, check=False)
    return bool(done.stdout)


def postgresql() -> Path | None:
    """The folder of the programs of PostgreSQL's server: on the path, else Debian's newest; None for none."""
    found = [shutil.which(name) for name in POSTGRESQL]
    if found[0] and found[-1]:
        return Path(found[0]).resolve().parent
    folders = [
        one for one in POSTGRESQL_FOLDERS.glob("*/bin") if all((one / name).exists() for name in POSTGRESQL)
    ]
    return max(folders, key=_release, default=None)


def _release(folder: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in folder.parent.name.split(".") if part.isdigit())


def _add(name: str, wanted_by: str, *packages: str) -> None:
    """Install packages of Debian; elsewhere say what is missing."""
    if shutil.which("apt-get") is None:
        print(f"No {name} found: install it, or {wanted_by} will fail.", file=sys.stderr)
        return
    sudo = _sudo()
    print(f"Installing {name} for {wanted_by} …", flush=True)
    run(*sudo, "apt-get", "update", "-qq")
    run(*sudo, "apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages)


def become(*command: str) -> int:
    """Become another program in the project's folder, which signals then go to; never comes back."""
    os.chdir(ROOT)
    os.execv(command[0], command)


def _sudo() -> list[str]:
    return [] if not hasattr(os, "geteuid") or os.geteuid() == 0 else ["sudo", "-n"]


def run(*command: str) -> int:
    """Run a command in the project's folder; returns its exit code."""
    return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
