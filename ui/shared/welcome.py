"""A page with nothing open: what this is about in three lines, my file first, then the invented SELPA."""

from __future__ import annotations

import streamlit as st

from cim_core.access.identity import Right
from cim_core.data.outside import quoted
from cim_core.store.logbook import Thing
from ui.shared import address, identity, moments, open_files, parts, recent, refusals
from ui.shared.results import View
from ui.shared.words_on_screen import md, t


def welcome(view: View | None) -> None:
    """What CIM, an LEA and the placements are, and the two ways in; `view`: what files came to."""
    parts.title(t("start.cold"))
    if open_files.link_is_lost():
        lost()
    elif view is not None:
        st.warning(md(t("empty.unreadable")))
    each = (t("start.cold_cim"), t("start.cold_lea"), t("start.cold_tiers"))
    parts.show(parts.plain_lines(each), recent.way_on())
    with st.container(horizontal=True, key="welcome"):
        if identity.may(Right.WORK) and st.button(t("start.cold_mine"), type="primary", key="go_upload"):
            st.switch_page("pages/data.py")
        st.button(t("start.cold_sample"), on_click=open_files.open_sample, key="open_sample")
    st.caption(t("start.cold_help_shared" if identity.is_shared() else "start.cold_help"))


def lost() -> None:
    """That the data of a link are not here, and how to have them back."""
    found = open_files.deleted_version(address.chosen("data"))
    if found is None:
        refusals.note(Thing.DATASET, quoted(address.chosen("data"), 40))
    if found is None or found.deleted is None:
        st.warning(md(t("empty.lost")))
        return
    st.warning(md(t("empty.deleted", name=found.name, time=moments.said(found.deleted))))
    if identity.may(Right.WORK):
        st.button(t("saved.undo"), key="lost_undo", on_click=open_files.take_back, args=(found.dataset,))
