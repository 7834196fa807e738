"""Where does my SELPA stand, and on what?"""

from __future__ import annotations

import streamlit as st

from cim_core.words.messages import HowMany
from ui.shared import frame

frame.enter("region")

from cim_core.data.indicators import get  # noqa: E402
from cim_core.export import rows as export  # noqa: E402
from cim_core.placing import settled  # noqa: E402
from cim_core.why import region as summary  # noqa: E402
from ui.lea import margin_panels  # noqa: E402
from ui.region import like_panels  # noqa: E402
from ui.shared import charts, findings, header, html_parts, lag_strip, letter_panels, outlook, tables  # noqa: E402
from ui.shared.words_on_screen import gate, md, t  # noqa: E402

MOST_IN_PICTURE = 60
MOST_IN_PRINT = 200

view = frame.need_data()
placements = view.placements
data = view.intake.dataset
region = summary.region(placements, view.year)
if len(region.rows) == 1:
    like_panels.this_and_its_like(view, region.rows[0])
    st.stop()

st.title(md(header.selpa_of(view)), anchor=False)
html_parts.lead(findings.region(view, region))
letter_panels.counts(view, region)

with st.container(horizontal=True, key="filters", vertical_alignment="bottom"):
    labels = [gate().say(standing.said) for standing, count in region.counts if count]
    wanted = st.multiselect(t("region.filter"), labels, key="filter_placement", placeholder=t("region.all"))
    find = st.text_input(t("region.find"), key="filter_name", placeholder=t("region.find_example"))
    orders = margin_panels.ORDERS[:1] if outlook.waits(view) else margin_panels.ORDERS
    order = st.selectbox(
        t("outlook.help.sort"), orders, key="filter_order",
        format_func=lambda one: t(margin_panels.SORT[one]),
    )  # fmt: skip
    everything = st.toggle(t("region.all_indicators"), key="filter_all")
    differing = letter_panels.only_differing(view)
margin_panels.waiting(view)

rows = [
    row
    for row in region.rows
    if (not wanted or gate().say(settled.short(placements, row)) in wanted)
    and (differing is None or row in differing)
    and (find.casefold() in str(data.lea_name[row]).casefold() or find in str(data.lea_code[row]))
]
rows = margin_panels.sorted_by(view, rows, order)
codes = summary.shown_indicators(placements, view.year, elements_only=not everything)
if not rows:
    st.info(t("region.nobody"))
    st.stop()

st.header(t("region.matrix"), anchor=False)
st.caption(" ".join((t("region.legend"), t(margin_panels.SORTED[order]))))
with st.container(key="hint_matrix"):
    st.caption(t("region.click"))
for remark in tables.region_remarks(placements, rows):
    st.markdown(md(remark))
picture = rows[:MOST_IN_PICTURE]
if len(rows) > len(picture):
    st.caption(t("region.first_only", n=HowMany(len(picture)), all=HowMany(len(rows))))
printed = rows[:MOST_IN_PRINT]
titles = [gate().say(get(code).title) for code in codes]
beside = margin_panels.names(view, printed, order)
html_parts.matrix_for_print(
    charts.matrix_names(placements, printed, beside), titles, tables.signs(placements, printed, codes)
)
clicked = html_parts.chosen_in(
    charts.matrix(placements, picture, codes, margin_panels.names(view, picture, order)),
    charts.least_width(len(codes)),
    f"matrix_{view.year}",
    findings.region(view, region),
)
if clicked:
    frame.open_lea(clicked)

st.header(t("region.table"), anchor=False)
on_page = html_parts.page_of(rows, f"region_page_{view.year}")
frame_of_rows = tables.region(placements, on_page, codes, margin_panels.columns(view, on_page))
with st.container(key="region_table"):
    st.caption(t("region.table_help"))
    chosen = st.dataframe(
        frame_of_rows,
        hide_index=True,
        column_config=tables.columns(codes, tables.decimals_needed(placements, on_page)),
        height="content" if len(on_page) <= MOST_IN_PICTURE else "auto",
        placeholder="–",
        on_select="rerun",
        selection_mode="single-row",
        key=f"region_rows_{view.year}_{rows.index(on_page[0])}",
        alt=findings.region(view, region),
    )
if chosen.selection.rows:
    frame.open_lea(str(data.lea_code[on_page[chosen.selection.rows[0]]]))
head, lines = tables.region_lines(placements, on_page)
html_parts.table(head, lines, (2, 3, 4, 6), css="cim-print")

st.download_button(
    t("region.download"),
    lambda: export.csv_bytes(margin_panels.export_rows(view, rows)),
    file_name=f"placements_{view.year}.csv",
    mime="text/csv",
    key="region_export",
)
lag_strip.strip(view)
