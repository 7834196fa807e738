"""Where does my SELPA stand, and on what?"""

from __future__ import annotations

import streamlit as st

from ui.shared import frame

frame.enter("region")

from cim_core.export.meeting import CardKind  # noqa: E402
from cim_core.letters.summary import by_letter  # noqa: E402
from cim_core.why import region as summary  # noqa: E402
from ui.region import controls, council_panel, counts_bar, like_panels, matrix, region_panels  # noqa: E402
from ui.region.finding import finding  # noqa: E402
from ui.shared import lag_strip, outlook, parts  # noqa: E402
from ui.shared.words_on_screen import t  # noqa: E402

view = frame.need_data()
region = summary.region(view.placements, view.year)
if len(region.rows) == 1:
    like_panels.this_and_its_like(view, region.rows[0])
    st.stop()

said = finding(view, region)
parts.title(said, t("region.so_far", year=view.year_said) if view.in_progress else "")
groups = by_letter(view.placements, region.rows)
parts.show(counts_bar.bar(view.placements, groups))
chosen = controls.choices(view, counts_bar.shown(groups), matrix.key(view))
if outlook.waits(view):
    outlook.ask(view)
if not chosen.rows:
    st.info(t("region.nobody"))
    st.stop()
region_panels.picture(view, chosen, said)
lag_strip.strip(view, cards=(CardKind.MISSED,))
council_panel.panel(view)
