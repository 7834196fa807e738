"""A PostgreSQL of our own: made once, reached by a socket alone, as durable as it is by itself."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import psycopg
from sqlalchemy import URL

import run
from deploy.processes import Program, can_reach, run_as
from deploy.settings import DeployError

USER, DATABASE = "cim", "cim"
SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
}
"""No network, and its socket for its own user (and the administrator) alone; all else is PostgreSQL's own."""
_SOCKET = ".s.PGSQL.5432"
_MOST_BYTES = 107
"""Bytes of the path of a socket at most (source: unix(7))."""
_ANSWERS_WITHIN, _ENDS_WITHIN = 120.0, 20.0
"""Seconds until it answers, after a crash too; and in which one that was left behind has ended."""
_OURS = "PG"


class Cluster:
    """The server in a folder. Raises DeployError where it cannot be used."""

    def __init__(self, folder: Path, logs: Path) -> None:
        self.folder = folder
        self._as = run_as("postgres")
        self._reachable()
        self._programs = _of_version(folder / "data")
        self.socket = self._socket_folder()
        self._log = logs / "postgresql.log"
        environment = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
        settings = SETTINGS | {"unix_socket_directories": str(self.socket)}
        chosen = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        self.program = Program(
            "PostgreSQL", [str(self._programs / "postgres"), "-D", str(folder / "data"), *chosen], folder,
            self._log, environment, signal.SIGINT, self._as,
        )  # fmt: skip

    def start(self) -> None:
        """Make it where it is not there yet, begin it and wait until it answers."""
        if not (self.folder / "data").exists():
            self._make()
        self.program.begin()
        begun = monotonic()
        while True:
            try:
                self._prepare()
                return
            except psycopg.OperationalError as error:
                has_ended = self.program.code() is not None
                if monotonic() - begun > (_ENDS_WITHIN if has_ended else _ANSWERS_WITHIN):
                    said = f"PostgreSQL does not start: {self.program.said()}\nIts log: {self._log}"
                    raise DeployError(said) from error
                sleep(0.05)
                if has_ended:  # the one before may still be at its end
                    sleep(1)
                    self.program.begin()

    def remove_socket(self) -> None:
        """Take the folder of the socket away where it is not in ours."""
        if self.folder not in self.socket.parents:
            shutil.rmtree(self.socket, ignore_errors=True)

    def url(self) -> str:
        """The address of the database."""
        return URL.create(
            "postgresql+psycopg", username=USER, database=DATABASE,
            query={"host": str(self.socket), "port": SETTINGS["port"]},
        ).render_as_string(hide_password=False)  # fmt: skip

    def _prepare(self) -> None:
        """Make the database where it is not there yet."""
        where: dict[str, Any] = {"host": str(self.socket), "port": SETTINGS["port"], "user": USER}
        with psycopg.connect(**where, dbname="postgres", autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute("CREATE DATABASE cim")

    def _make(self) -> None:
        """Beside, and renamed once it is complete."""
        made = self.folder / "data.new"
        shutil.rmtree(made, ignore_errors=True)
        self._own(made)
        words = [
            "-D",
            str(made),
            "-U",
            USER,
            "--auth=trust",
            "--encoding=UTF8",
            "--no-locale",
            "--data-checksums",
        ]
        done = subprocess.run(
            [str(self._programs / "initdb"), *words], cwd=self.folder, capture_output=True, text=True,
            errors="replace", check=False, stdin=subprocess.DEVNULL, **self._as,
        )  # fmt: skip
        if done.returncode:
            lines = done.stderr.strip().splitlines() or ["no reason given"]
            raise DeployError(f"PostgreSQL cannot be set up in {self.folder}: {lines[-1][:300]}")
        made.rename(self.folder / "data")

    def _reachable(self) -> None:
        """Its user has to get to the folder, whose parents may be closed to it."""
        self._own(self.folder)
        if not can_reach(self.folder, self._as):
            raise DeployError(
                f"PostgreSQL does not run as the administrator, and its user cannot reach {self.folder}. Set "
                "CIM_DATA to a folder that it can reach, such as /srv/cim, or start as an ordinary user."
            )

    def _socket_folder(self) -> Path:
        """Where its socket is: in its folder, or in a short one where the path would be too long."""
        own = self.folder / "socket"
        if len(os.fsencode(own / _SOCKET)) <= _MOST_BYTES:
            return self._own(own)
        return self._own(Path(tempfile.mkdtemp(prefix="cim-", dir="/tmp")))

    def _own(self, folder: Path) -> Path:
        """A folder that only its user can look into."""
        folder.mkdir(mode=0o700, exist_ok=True)
        if self._as:
            os.chown(folder, self._as["user"], self._as["group"])
        return folder


def _of_version(data: Path) -> Path:
    """The folder of the programs: of the version that has made the data, else the newest."""
    newest = run.postgresql()
    if newest is None:
        raise DeployError("PostgreSQL is not installed. On Debian: apt install postgresql. Then start again.")
    try:
        version = (data / "PG_VERSION").read_text("ascii").strip()
    except OSError:
        return newest
    own = run.POSTGRESQL_FOLDERS / version / "bin"
    if (own / "postgres").exists():
        return own
    said = subprocess.run(
        [str(newest / "postgres"), "--version"], capture_output=True, text=True, check=False
    )
    if f" {version}." not in said.stdout and not said.stdout.split()[-1].startswith(version):
        raise DeployError(
            f"The data in {data} are of PostgreSQL {version}, which is not installed any longer "
            f"({said.stdout.strip()} is). Install it again, or move them with pg_upgrade."
        )
    return newest
