"""What was read: each open file with its rows and columns, and ways to replace and close it."""

from __future__ import annotations

import streamlit as st

from cim_core.data.dataset import Dataset
from cim_core.data.indicators import POSITION, get
from cim_core.data.outside import quoted
from cim_core.intake import LAYOUT_TITLED, FileRead
from cim_core.intake.bundle import BundleFile
from cim_core.intake.meanings import our_columns
from cim_core.words.messages import HowMany
from ui.data import file_panels, mapping_panels
from ui.shared import address, open_files, parts
from ui.shared.results import View
from ui.shared.words_on_screen import gate, head_of, md, t


def card(view: View) -> None:
    """One line for each file, which opens on what became of it."""
    with st.container(border=True, key="card_read"):
        parts.show(parts.heading(t("data.read.read_title"), beside=_span(view.intake.dataset)))
        of_sample = ((None, about) for about in view.intake.files)
        for part, about in view.files or of_sample:
            _file(part, about)


def _span(data: Dataset) -> str:
    if not data.years:
        return ""
    first, last = data.years[0], data.years[-1]
    return first if first == last else t("finding.span", first=first, last=last)


def _file(part: BundleFile | None, about: FileRead) -> None:
    mark = about.digest[:12]
    layout = t(LAYOUT_TITLED[about.layout]) if about.layout else t("data.file_unknown")
    rows = t("data.read.rows", n=HowMany(about.rows))
    said = f"**{md(quoted(about.file))}** · {md(rows)}"
    with st.container(key=f"file_{mark}"):
        fold = st.expander(said, key=f"columns_{mark}", on_change="rerun")
        if not fold.open:
            return
        with fold:
            sheet = t("data.file_sheet", sheet=about.sheet) if about.sheet else ""
            st.caption(md(f"{layout}{sheet}"))
            if part is not None:
                _actions(part, mark)
            _columns(about)
            if part is not None and mapping_panels.may_tie(part, about):
                st.markdown(f"**{md(_tie_said(part, about))}**")
                st.caption(t("mapping.help"))
                mapping_panels.tie(part)


def _tie_said(part: BundleFile, about: FileRead) -> str:
    if part.mapping:
        return t("mapping.done")
    if about.layout:
        return t("mapping.more", n=HowMany(len(about.unused)))
    return t("mapping.title", name=quoted(part.file))


def _actions(part: BundleFile, mark: str) -> None:
    with st.container(horizontal=True):
        st.button(
            t("data.replace"), key=f"replace_{mark}", on_click=file_panels.in_place_of, args=(part.digest,)
        )
        st.button(
            t("data.close"), key=f"close_{mark}", on_click=_close, args=(part.digest,),
            help=md(t("data.close_help", name=part.file)),
        )  # fmt: skip


def _columns(about: FileRead) -> None:
    """Each column of a file with what it was taken for, those that are not used last."""
    lines = [[quoted(theirs), _ours(ours)] for ours, theirs in about.headers]
    lines += [[quoted(theirs), t("mapping.not_used")] for theirs in about.unused]
    if lines:
        parts.show(parts.table(head_of("head.their_column", "head.our_column"), lines))


def _ours(column: str) -> str:
    if column in POSITION:
        return gate().say(get(column).title)
    return gate().say(our_columns.label(column)) if column in our_columns.ALL else column


def _close(digest: str) -> None:
    now = open_files.bundle()
    if now is None:
        return
    rest = now.without(digest)
    if rest.parts:
        open_files.open_bundle(rest)
    else:
        address.choose(data="", year="", lea="", assume="", step="")
