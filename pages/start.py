"""What needs my attention?"""

from __future__ import annotations

import streamlit as st

from ui.shared import frame

frame.enter("start")

from cim_core.export.meeting import CardKind  # noqa: E402
from cim_core.why import region as summary  # noqa: E402
from ui.shared import findings, lag_strip, parts, recent, tables  # noqa: E402
from ui.start import by_placement, in_year, next_steps  # noqa: E402

view = frame.need_data()
region = summary.region(view.placements, view.year)
names = tables.short_names_of(view.placements, region.rows)
parts.title(*findings.start(view, region))
if view.is_sample:
    parts.show(recent.way_on("cim-go-on"))

with st.container(key="start"):
    picture, todo = st.columns([2, 1], gap="medium")
with picture:
    parts.show(by_placement.picture(view, region, names))
    parts.show(parts.side_by_side(by_placement.missed_most(region), next_steps.closest_up(view, names)))
with todo:
    next_steps.cards(view, region, names)
if view.in_progress:
    in_year.nearest(view)
if by_placement.are_many(region):
    by_placement.names_by_page(view, region)
lag_strip.strip(view, cards=(CardKind.WHERE,))
