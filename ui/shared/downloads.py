"""Files to take away: made when they are asked for, and written into the log."""

from __future__ import annotations

from collections.abc import Callable
from threading import current_thread
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import add_script_run_ctx, get_script_run_ctx

from ui.shared import identity, sessions
from ui.shared.shelf import shelf


def button(
    label: str, make: Callable[[], bytes], file_name: str, key: str, noted: bool = True, **more: Any
) -> None:
    """A button that gives a file; `more` as Streamlit's own button takes it.

    The file is made in a thread that knows of no session: who is looking, and how, is handed on. `noted`: the
    log gets a line; not where making it writes one.
    """
    context, mime = get_script_run_ctx(suppress_warning=True), str(more.get("mime") or "")

    def made() -> bytes:
        thread = current_thread()
        before = get_script_run_ctx(suppress_warning=True)
        add_script_run_ctx(thread, before or context)
        try:
            content = make()
            if noted:
                shelf().note(file_name)
            who = identity.current()
            sessions.made_for("" if who is None else who.account, content, mime, file_name)
        finally:
            if before is None:
                thread.streamlit_script_run_ctx = None  # type: ignore[attr-defined]
        return content

    st.download_button(label, made, file_name=file_name, key=key, **more)
