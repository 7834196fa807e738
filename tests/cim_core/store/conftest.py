"""An empty database of each kind, and a store in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL

from cim_core.store.database import FILE, Database
from cim_core.store.store import Store
from tests.postgres import Server

KINDS = ("sqlite", "postgresql")


@pytest.fixture(params=KINDS)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[URL]:
    """Where an empty database is; SQLite's is made when it is opened."""
    if request.param == "sqlite":
        yield URL.create("sqlite", database=str(tmp_path / FILE))
        return
    server: Server = request.getfixturevalue("postgres")
    with server.database() as url:
        yield url


@pytest.fixture
def store(address: URL) -> Iterator[Store]:
    """A store in an empty database."""
    made = Store(Database(address))
    yield made
    made.database.close()
