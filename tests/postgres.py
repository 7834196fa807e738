"""A PostgreSQL server for tests: in a folder of its own, reached by a socket only.

Each worker has its own, started when first asked for. It ends with the tests; on Linux also when they are
killed.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import URL

import run

USER = "cim"
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "shared_buffers": "16MB",
    "timezone": "America/Los_Angeles",
}
"""Nothing here outlives the machine; a zone that is not UTC, so that a time without its zone is found."""
MOST_SECONDS = 120
_DIE_WITH_PARENT = 1
"""PR_SET_PDEATHSIG (source: linux/prctl.h)."""


class Server:
    """A server; `stop` and `start` can be called again and again, the databases stay."""

    def __init__(self) -> None:
        programs = run.postgresql()
        if programs is None:
            raise FileNotFoundError("no PostgreSQL found: python3 run.py test installs it on Debian")
        self._programs = programs
        # The path of a socket is at most 107 bytes long, and the folder for temporary files may be deep, or
        # closed to the user that the server runs as.
        short = "/tmp" if Path("/tmp").is_dir() else None
        self.folder = Path(tempfile.mkdtemp(prefix="cim-pg-", dir=short))
        self._as = _unprivileged()
        if self._as:
            os.chown(self.folder, self._as["user"], self._as["group"])
        self._process: subprocess.Popen[bytes] | None = None
        self._names = count(1)
        cluster = ["-D", str(self.folder / "data"), "-U", USER, "--auth=trust"]
        self._run("initdb", *cluster, "--encoding=UTF8", "--no-locale", "--no-sync").wait()
        self.start()

    def start(self) -> None:
        """Start it; comes back once it answers."""
        settings = SETTINGS | {"unix_socket_directories": str(self.folder)}
        chosen = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        self._process = self._run("postgres", "-D", str(self.folder / "data"), *chosen)
        until = time.monotonic() + MOST_SECONDS
        while True:
            try:
                self.connect().close()
                return
            except psycopg.OperationalError as error:
                if self._process.poll() is not None or time.monotonic() > until:
                    said = (self.folder / "said").read_text("utf-8", "replace")
                    raise RuntimeError(f"PostgreSQL does not start: {said[-2_000:]}") from error
                time.sleep(0.02)

    def stop(self) -> None:
        """Stop it; whoever is connected is cut off."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(MOST_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._process = None

    def remove(self) -> None:
        """Stop it and take everything away."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def connect(self, database: str = "postgres") -> psycopg.Connection[Any]:
        """A connection on which each statement stands for itself."""
        return psycopg.connect(host=str(self.folder), user=USER, dbname=database, autocommit=True)

    def url(self, database: str) -> URL:
        """The address of a database."""
        return URL.create(
            "postgresql+psycopg", username=USER, database=database, query={"host": str(self.folder)}
        )

    @contextlib.contextmanager
    def database(self) -> Iterator[URL]:
        """An empty database, for a while."""
        name = f"test_{next(self._names)}"
        with self.connect() as connection:
            connection.execute(f'CREATE DATABASE "{name}"')  # type: ignore[arg-type]
        try:
            yield self.url(name)
        finally:
            with self.connect() as connection:
                connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')  # type: ignore[arg-type]

    def _run(self, program: str, *words: str) -> subprocess.Popen[bytes]:
        with (self.folder / "said").open("ab") as said:
            return subprocess.Popen(
                [str(self._programs / program), *words], cwd=self.folder, stdin=subprocess.DEVNULL,
                stdout=said, stderr=said, preexec_fn=_end_with_parent, **self._as,
            )  # fmt: skip


def _unprivileged() -> dict[str, Any]:
    """Whom to run it as: it refuses to be run by the administrator."""
    if os.geteuid() != 0:
        return {}
    import pwd

    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    taken = known.get("postgres") or known["nobody"]
    return {"user": taken.pw_uid, "group": taken.pw_gid, "extra_groups": []}


def _end_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGQUIT)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """The server of this worker."""
    if os.name == "nt":
        pytest.skip("the server is reached by a socket of Unix")
    server = Server()
    try:
        yield server
    finally:
        server.remove()
