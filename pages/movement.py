"""Who moved between years, and for what reason?"""

from __future__ import annotations

import streamlit as st

from ui.shared import frame

frame.enter("movement")

from cim_core.export.meeting import CardKind  # noqa: E402
from ui.movement import movement_choices, movement_panels, rate_panels  # noqa: E402
from ui.shared import lag_strip, parts  # noqa: E402
from ui.shared.words_on_screen import md, t  # noqa: E402

view = frame.need_data()
place_of_title = st.container()
found = movement_choices.choices(view)
if found is None:
    with place_of_title:
        parts.title(t("movement.one_year", year=view.year), t("movement.one_year_help"))
    st.page_link("pages/data.py", label=md(t("movement.add_a_year")))
    st.stop()
with place_of_title:
    parts.title(*movement_panels.finding(found))
parts.show(parts.notes(movement_panels.remarks(view, found)))
movement_panels.picture(found)
movement_panels.who(found)
rate_panels.lines_of(view, found)
lag_strip.strip(view, year=found.between.year_after, cards=(CardKind.MOVED,))
