"""The page of a region that is one LEA: this LEA beside those like it, in place of a region of one."""

from __future__ import annotations

import streamlit as st

from ui.lea import in_year_panels, lea_panels, margin_panels, peers_panels
from ui.shared import address, explained, html_parts, lag_strip, letter_panels, tables
from ui.shared.results import View
from ui.shared.words_on_screen import gate, md, t


def this_and_its_like(view: View, row: int) -> None:
    """Where the LEA is placed and why, those like it with their rates beside, and all its indicators."""
    data, why = view.placements.dataset, explained.explanation(view, row)
    name = str(data.lea_name[row])
    st.title(md(t("like.title", name=name)), anchor=False)
    letter_panels.badge(view, row)
    if not letter_panels.has_letter(view, row):
        html_parts.lead(gate().say(why.headline))
    st.markdown(md(gate().say(why.sentences[0])))
    for remark in tables.region_remarks(view.placements, [row]):
        st.markdown(md(remark))
    link = address.address(lea=why.lea_code)
    st.page_link("pages/lea.py", label=md(t("like.why", name=name)), query_params=link)
    if data.in_progress[row]:
        html_parts.notes(gate().say(one) for one in why.beside)
        in_year_panels.counts(view, row)
    else:
        peers_panels.beside(view, row)
    st.header(lea_panels.all_finding(view, row), anchor=False)
    lea_panels.strips(view, row, why)
    shown = [indicator for indicator in why.indicators if indicator.rate is not None or indicator.element]
    margin_panels.all_indicators(view, row, shown)
    lag_strip.strip(view, [row])
