"""Plain links in HTML and drawings change the page without a reload, by one small script.

Streamlit follows only its own link widgets within a session; a link in HTML would load everything anew. The
link's address holds everything, so that it also works in a new tab and without the script.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from ui.shared.words_on_screen import t

_SCRIPT = (Path(__file__).parent / "links.js").read_text("utf-8")
_KEY = "links"


@st.cache_resource(show_spinner=False)
def _component() -> Callable[..., object]:
    return st.components.v2.component("cim_links", html='<span role="status"></span>', js=_SCRIPT)


def listen() -> None:
    """Mount the script that follows links and copies the address."""
    texts = {"copied": t("header.copied"), "copy": t("header.copy")}
    _component()(key=_KEY, data=texts)
