"""Who moved between years, and for what reason?"""

from __future__ import annotations

import streamlit as st

from ui.shared import frame

frame.enter("movement")

from ui.movement import movement_panels  # noqa: E402
from ui.shared import html_parts, lag_strip  # noqa: E402
from ui.shared.words_on_screen import md, t  # noqa: E402

view = frame.need_data()
st.title(t("movement.title"), anchor=False)
place_of_lead = st.container()
found = movement_panels.choices(view)
if found is None:
    st.info(md(t("movement.one_year", year=view.year)))
    st.markdown(md(t("movement.one_year_help")))
    st.page_link("pages/data.py", label=t("movement.add_a_year"))
    st.stop()
with place_of_lead:
    html_parts.lead(movement_panels.finding(found))
    html_parts.notes(movement_panels.remarks(found))
    if not view.in_progress:
        html_parts.unsettled(view)
movement_panels.picture(found)
movement_panels.who(found)
movement_panels.lines_of(view, found)
lag_strip.strip(view, year=found.between.year_after)
