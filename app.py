"""Starts everything: page settings, navigation, the bar on top. Nothing else."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from ui import frame, last_resort
from ui.say import t

st.set_page_config(
    page_title=t("app.title"), page_icon=str(Path(__file__).parent / "ui" / "icon.png"), layout="wide"
)
chosen_page = st.navigation(
    [
        st.Page(f"pages/{name}.py", title=t(f"page.{name}.nav"), url_path=name, default=name == "start")
        for name in frame.PAGES
    ],
    position="hidden",
)
with last_resort.told():
    frame.begin()
    frame.top_bar()
    chosen_page.run()
frame.warm_up()
