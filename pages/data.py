"""Are my data good enough to place LEAs?"""

from __future__ import annotations

import streamlit as st

from ui import frame

frame.enter("data")

from cim_core import summary  # noqa: E402
from ui import charts, data_panels, findings, pieces, state, tables  # noqa: E402
from ui.say import md, t  # noqa: E402

MOST_IN_PICTURE = 60

view = state.view()
st.title(t("data.title"), anchor=False)
if view is not None and len(view.intake.dataset):
    pieces.lead(findings.data(view))
    st.caption(md(t("data.open_file", name=view.intake.dataset.name)))
elif view is not None:
    pieces.lead(t("data.unreadable"))
elif state.link_is_lost():
    st.warning(md(t("empty.lost")))
else:
    pieces.lead(t("data.nothing"))

data_panels.upload()
if view is None:
    data_panels.templates()
    st.stop()

data_panels.ask_scale(view)
data_panels.ask_silent(view)
data_panels.problems(view)

if len(view.intake.dataset):
    dataset = view.intake.dataset
    region = summary.region(view.placements, view.year)
    codes = summary.shown_indicators(view.placements, view.year, elements_only=False)
    rows = region.rows[:MOST_IN_PICTURE]
    cells = [summary.cell_states(view.placements, row, view.intake.problems) for row in rows]
    names = [str(dataset.lea_name[row]) for row in rows]
    st.header(t("data.matrix", year=view.year), anchor=False)
    st.caption(t("data.matrix_legend"))
    if len(region.rows) > len(rows):
        st.caption(t("region.first_only", n=len(rows), all=len(region.rows)))
    reasons = [tables.reasons(dataset, row) for row in rows]
    picture = charts.states(names, [str(dataset.lea_code[row]) for row in rows], codes, cells, reasons)
    least = charts.least_width(len(codes))
    clicked = pieces.chosen_in(picture, least, f"state_matrix_{view.year}", findings.data(view))
    if clicked:
        frame.open_lea(clicked)
    data_panels.state_table(view, codes)
data_panels.templates()
