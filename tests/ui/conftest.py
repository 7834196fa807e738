"""What tests of pages share."""

from __future__ import annotations

import pytest
import streamlit as st


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
