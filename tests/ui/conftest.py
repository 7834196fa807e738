"""What tests of pages share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st

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


@pytest.fixture
def own_store(monkeypatch, tmp_path) -> Iterator[Path]:
    """The folder of a store that nobody else uses."""
    monkeypatch.setenv("CIM_DATA", str(tmp_path))
    shelf.shelf.clear()
    yield tmp_path
    shelf.shelf.clear()
