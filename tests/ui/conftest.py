"""What tests of pages share."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from sqlalchemy import URL

from cim_core.store.database import DATA, FILE, Database
from cim_core.store.store import Store
from ui.shared import shelf


@pytest.fixture
def downloads(monkeypatch) -> dict[str, object]:
    """What every download button of a page would give."""
    found: dict[str, object] = {}

    def button(label, data, *more, **given):
        found[given.get("file_name", label)] = data
        return False

    monkeypatch.setattr(st, "download_button", button)
    monkeypatch.setattr(
        st.delta_generator.DeltaGenerator, "download_button", lambda self, *a, **g: button(*a, **g)
    )
    return found


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory) -> Path:
    """The file of a store with nothing in it, as making one takes longer than most tests of a page."""
    made = tmp_path_factory.mktemp("empty") / FILE
    database = Database(URL.create("sqlite", database=str(made)))
    Store(database).database.close()
    return made


@pytest.fixture(autouse=True)
def own_store(monkeypatch, tmp_path_factory, empty_store) -> Iterator[Path]:
    """The folder of a store that no other test uses: what one saved would be seen by the next."""
    folder = tmp_path_factory.mktemp("store")
    shutil.copy(empty_store, folder)
    monkeypatch.setenv(DATA, str(folder))
    shelf.of_workspace.clear()
    yield folder
    shelf.of_workspace.clear()
