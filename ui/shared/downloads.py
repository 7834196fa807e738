"""Files to take away: made when they are asked for, and written into the log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from ui.shared.shelf import shelf


def button(label: str, make: Callable[[], bytes], file_name: str, key: str, **more: Any) -> None:
    """A button that gives a file; `more` as Streamlit's own button takes it."""

    def made() -> bytes:
        content = make()
        shelf().note(file_name)
        return content

    st.download_button(label, made, file_name=file_name, key=key, **more)
