"""Who are you?"""

from __future__ import annotations

import streamlit as st

from ui.shared import frame

frame.enter_sign_in()

from ui.signin import form  # noqa: E402

token = st.query_params.get("setup", "")
with st.container(key="signin_page", width=480):
    form.head()
    if token:
        form.set_up(token)
    else:
        form.sign_in()
