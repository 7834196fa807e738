"""One process of the app behind our proxy: its command and its environment.

python -m deploy.app [--listen ADDRESS] [--port PORT]      in a container: become that process
"""

from __future__ import annotations

import argparse
import os
import sys

from cim_core.access.people import ADDRESS
from cim_core.store.database import DATABASE
from deploy.processes import become
from deploy.settings import HERE, ROOT, DeployError, host_of, plain_address

_HOSTS = "STREAMLIT_SERVER_ALLOWED_HOSTS"
_NOT_OURS = ("CIM_OPEN", "PGHOST", "PGPORT", "PGDATABASE", "PGUSER", "PGSERVICE", "PGOPTIONS")
"""What a person may have set for the app on their own machine, or for other programs."""


def command(port: int, listen: str = HERE[1]) -> list[str]:
    """The command of a process that listens on a port."""
    return [
        sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), "--server.port", str(port),
        "--server.address", listen,
    ]  # fmt: skip


def environment(address: str, database: str) -> dict[str, str]:
    """The environment of a process in shared mode at an address, on a database."""
    return {name: value for name, value in os.environ.items() if name not in _NOT_OURS} | {
        "CIM_MODE": "shared",
        "CIM_PROXY": "1",
        DATABASE: database,
        ADDRESS: address,
        _HOSTS: " ".join(dict.fromkeys((host_of(address), *HERE))),
    }


def main(words: list[str]) -> int:
    """Become a process of the app."""
    parser = argparse.ArgumentParser(prog="python -m deploy.app")
    parser.add_argument("--listen", default=HERE[1])
    parser.add_argument("--port", type=int, default=8501)
    chosen = parser.parse_args(words)
    try:
        address, database = plain_address(os.environ.get(ADDRESS, "")), os.environ.get(DATABASE, "")
        if not database:
            raise DeployError(f"{DATABASE} has to name the PostgreSQL database that all processes use.")
    except DeployError as error:
        print(error, file=sys.stderr)
        return 1
    return become(command(chosen.port, chosen.listen), environment(address, database))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
