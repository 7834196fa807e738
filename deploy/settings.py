"""What is served, where and how: taken from the environment; what makes no sense is refused."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from cim_core.access.people import ADDRESS
from cim_core.store import database
from cim_core.store.database import DATABASE

ROOT = Path(__file__).resolve().parent.parent
PORT, CERTIFICATE, KEY = "CIM_PORT", "CIM_CERTIFICATE", "CIM_KEY"
"""The environment variables of the port that nginx listens on, and of the files for https."""
PROCESSES, MOST_PROCESSES = 2, 32
HERE = ("localhost", "127.0.0.1")
_HTTP, _HTTPS = 8080, 443
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
_ODD = re.compile(r'["$\\;{}\x00-\x1f]')


class DeployError(Exception):
    """It cannot be served; says why, and what to do, in sentences."""


@dataclass(frozen=True, slots=True)
class Settings:
    """`folder`: of the data; `address`: what people type; `database`: empty for a PostgreSQL of our own."""

    folder: Path
    address: str
    port: int
    certificate: Path | None = None
    key: Path | None = None
    database: str = ""
    processes: int = PROCESSES

    @property
    def serving(self) -> Path:
        """The folder of what belongs to serving: PostgreSQL, logs, the configuration of nginx."""
        return serving_folder(self.folder)

    @property
    def host(self) -> str:
        """The name in the address."""
        return host_of(self.address)


def serving_folder(folder: Path) -> Path:
    """The folder of what belongs to serving some data."""
    return folder.absolute() / "serving"


def of_environment(variables: Mapping[str, str] = os.environ, processes: int = PROCESSES) -> Settings:
    """The settings that somebody has given. Raises DeployError."""
    files = _readable(variables, CERTIFICATE), _readable(variables, KEY)
    if (files[0] is None) != (files[1] is None):
        raise DeployError(f"For https both {CERTIFICATE} and {KEY} have to name a file.")
    port = _port(variables.get(PORT, ""), _HTTP if files[0] is None else _HTTPS)
    if not 1 <= processes <= MOST_PROCESSES:
        raise DeployError(f"There can be 1 to {MOST_PROCESSES} processes, not {processes}.")
    address = _address(variables.get(ADDRESS, ""), port, files[0] is not None)
    folder = database.folder().absolute()
    if _ODD.search(str(folder)):
        raise DeployError(
            f"nginx cannot work in a folder of this name: {folder}. Set CIM_DATA to another one."
        )
    return Settings(folder, address, port, *files, _database(variables.get(DATABASE, "")), processes)


def _readable(variables: Mapping[str, str], name: str) -> Path | None:
    given = variables.get(name, "")
    if not given:
        return None
    path = Path(given).absolute()
    if _ODD.search(str(path)) or not path.is_file() or not os.access(path, os.R_OK):
        raise DeployError(f"{name} names a file that cannot be read: {path}.")
    return path


def _port(given: str, usual: int) -> int:
    if not given:
        return usual
    if not (given.isascii() and given.isdigit() and 1 <= int(given) <= 65_535):
        raise DeployError(f"{PORT} has to be a number from 1 to 65535, not {given[:20]!r}.")
    return int(given)


def _address(given: str, port: int, secure: bool) -> str:
    """The address that people type, without a path."""
    scheme = "https" if secure else "http"
    if not given:
        return f"{scheme}://localhost" + ("" if port == _HTTPS and secure else f":{port}")
    address = plain_address(given)
    if not address.startswith(f"{scheme}:"):
        missing = "a certificate is" if secure else "no certificate is"
        raise DeployError(f"{ADDRESS} is {address}, but {missing} given by {CERTIFICATE} and {KEY}.")
    return address


def plain_address(given: str) -> str:
    """The address that people type, without anything after the host. Raises DeployError."""
    try:
        parts = urlsplit(given.strip().rstrip("/").casefold())
        fits = bool(_HOST.fullmatch(parts.hostname or "")) and parts.port != 0
    except ValueError:
        fits = False
    if not fits or parts.scheme not in ("http", "https") or parts.path or parts.query or "@" in parts.netloc:
        raise DeployError(
            f"{ADDRESS} has to be an address such as https://cim.example.org, not {given[:60]!r}."
        )
    return f"{parts.scheme}://{parts.netloc}"


def host_of(address: str) -> str:
    """The name in an address."""
    return (urlsplit(address).hostname or "").rstrip(".")


def _database(given: str) -> str:
    try:
        fits = not given or make_url(given).get_backend_name() == "postgresql"
    except (ArgumentError, ValueError):
        fits = False
    if not fits:
        raise DeployError(
            f"{DATABASE} has to be an address such as postgresql+psycopg://name:password@host/cim."
        )
    return given
