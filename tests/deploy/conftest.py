"""A folder that the users of PostgreSQL and nginx can reach, and the browser of the browser tests."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import browser_type_launch_args as browser_type_launch_args  # a fixture


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    """Pytest's own folders are closed to other users, and the path of a socket has to be short."""
    made = Path(tempfile.mkdtemp(prefix="cim-serve-", dir="/tmp"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made, ignore_errors=True)
