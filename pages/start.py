"""What needs my attention?"""

from __future__ import annotations

import streamlit as st

from ui.shared import frame

frame.enter("start")

from cim_core.why import region as summary  # noqa: E402
from ui.lea import in_year_panels, margin_panels  # noqa: E402
from ui.shared import charts, findings, header, html_parts, lag_strip, letter_panels, tables  # noqa: E402
from ui.shared.words_on_screen import md, t  # noqa: E402
from ui.start import many_leas  # noqa: E402

view = frame.need_data()
placements = view.placements
data = view.intake.dataset
region = summary.region(placements, view.year)

st.title(md(t("start.title", selpa=header.selpa_of(view))), anchor=False)
finding = findings.start(view, region)
html_parts.lead(finding)

by_placement = letter_panels.by_placement(view, summary.by_placement(placements, region), region.rows)
if many_leas.are(region):
    many_leas.picture(by_placement, view.year, findings.region(view, region))
else:
    st.caption(t("start.squares_help"))
    clicked = html_parts.chosen_in(
        charts.squares(placements, by_placement, letter_panels.marks(view, region.rows)),
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
if view.in_progress:
    in_year_panels.nearest(view)

st.header(t("start.table"), anchor=False)
many_leas.table(placements, region, by_placement)

if region.provisional:
    st.header(t("start.unsure"), anchor=False)
    st.caption(t("start.unsure_help"))
    tables.first_only(len(region.provisional))
    heads = [t("head.affected"), t("head.could"), t("head.lacking")]
    html_parts.table(heads, tables.not_firm(placements, region.provisional))

if region.changed:
    st.header(t("start.changed", year=region.previous_year or ""), anchor=False)
    on_page = html_parts.page_of(range(len(region.changed)), f"changed_page_{view.year}")
    html_parts.table(
        [t("head.lea"), region.previous_year or "", region.year, t("head.direction")],
        tables.changed(placements, map(region.changed.__getitem__, on_page)),
    )
lag_strip.strip(view)
