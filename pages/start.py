"""What needs my attention?"""

from __future__ import annotations

import streamlit as st

from ui import frame

frame.enter("start")

from cim_core.why import region as summary  # noqa: E402
from ui import charts, findings, html_parts, lag_strip, margin_panels, tables  # noqa: E402
from ui.words_on_screen import gate, md, t  # noqa: E402

view = frame.need_data()
placements = view.placements
data = view.intake.dataset
region = summary.region(placements, view.year)

st.title(md(t("start.title", selpa=frame.selpa_of(view))), anchor=False)
finding = findings.start(view, region)
html_parts.lead(finding)

st.caption(t("start.squares_help"))
by_placement = summary.by_placement(placements, region)
clicked = html_parts.chosen_in(
    charts.squares(placements, by_placement),
    charts.SQUARES_LEAST,
    f"squares_{view.year}",
    findings.region(view, region),
)
if clicked:
    frame.open_lea(clicked)

with st.container(key="start_choose"):
    ordered = {str(data.lea_code[row]): str(data.lea_name[row]) for row in region.rows}
    opened = st.selectbox(
        t("start.open"),
        list(ordered),
        index=None,
        format_func=ordered.__getitem__,
        placeholder=t("start.open_hint"),
    )
    if opened:
        frame.open_lea(opened)

margin_panels.closest(view)

st.header(t("start.table"), anchor=False)
lines = [
    [gate().say(standing.said), str(len(rows)), tables.links(placements, rows) or "–"]
    for standing, rows in by_placement
]
html_parts.table([t("head.placement"), t("head.leas"), t("head.which")], lines, (1,), css="cim-first")

if region.provisional:
    st.header(t("start.unsure"), anchor=False)
    st.caption(t("start.unsure_help"))
    tables.first_only(len(region.provisional))
    heads = [t("head.affected"), t("head.could"), t("head.lacking")]
    html_parts.table(heads, tables.not_firm(placements, region.provisional))

if region.changed:
    st.header(t("start.changed", year=region.previous_year or ""), anchor=False)
    html_parts.table(
        [t("head.lea"), region.previous_year or "", region.year, t("head.direction")],
        tables.changed(placements, region.changed),
    )
lag_strip.strip(view)
