"""Everything for a council in one file: made in one click, with what is done so far and a way to stop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from cim_core.export import documents
from cim_core.export.documents import council
from cim_core.export.documents.council import Part
from cim_core.words.messages import HowMany
from ui.shared import downloads, grounds, parts, results
from ui.shared.results import View
from ui.shared.words_on_screen import gate, md, t

_ASKED, _MADE = "council_asked", "council_made"
EVERYTHING, PAGES, STOPPED = "council", "lea_pages", "stopped"


def panel(view: View) -> None:
    """The buttons, and while files are made how far that is; none under a scenario, whose rules are not
    CDE's, nor for a year that is not over."""
    if view.in_progress or not view.scenario.is_empty:
        return
    with st.container(key="no_print_council"):
        parts.show(parts.heading(t("council.title"), t("council.help")))
        with st.container(horizontal=True, key="council"):
            st.button(t("council.make"), key="council_make", on_click=_ask, args=(EVERYTHING,))
            st.button(t("council.pages"), key="council_pages", on_click=_ask, args=(PAGES,))
            downloads.button(
                t("cover.button"), lambda: _cover(view), f"cover_sheet_{view.year}.txt", key="council_cover"
            )
        _answer(view)


def _cover(view: View) -> bytes:
    return documents.cover_sheet(grounds.ground(view), None, gate()).encode("utf-8-sig")


def _ask(what: str) -> None:
    st.session_state[_ASKED] = what
    st.session_state.pop(_MADE, None)


def _answer(view: View) -> None:
    """What was asked for: made now, made already, or stopped."""
    key = f"{results.key(view)}\n{view.year}"
    asked = st.session_state.pop(_ASKED, "")
    if asked == STOPPED:
        st.info(t("council.stopped"))
    elif asked:
        made = _make(view, asked)
        st.session_state[_MADE] = key, f"{asked}_{view.year}.zip", made
    held = st.session_state.get(_MADE)
    if held is not None and held[0] == key:
        _, name, content = held
        downloads.button(
            t("council.download", name=name), lambda: content, name, key="council_zip", type="primary"
        )


def _make(view: View, asked: str) -> bytes:
    """The files one after the other. A click on the button that stops ends this run, and nothing is kept."""
    on, origin = grounds.ground(view), replace(grounds.origin(view), app=grounds.app("region"))
    listed: Callable[..., list[Part]] = council.everything if asked == EVERYTHING else council.pages
    place = st.empty()
    with place.container(horizontal=True, key="council_making", vertical_alignment="center"):
        bar = st.progress(0.0, t("council.begun"))
        st.button(t("council.stop"), key="council_stop", on_click=_ask, args=(STOPPED,))

    def progress(done: int, of: int, name: str) -> None:
        bar.progress(done / of, md(t("council.progress", n=HowMany(done), all=HowMany(of), name=name)))

    made = council.zipped(listed(on, gate(), origin), on, progress)
    place.empty()
    return made
