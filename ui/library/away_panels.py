"""Everything that is kept as one ZIP: to take away, and to take in from another machine."""

from __future__ import annotations

import io

import streamlit as st

from cim_core.export.rows import csv_bytes
from cim_core.intake.assembly.opening import Upload
from cim_core.placing.apart import TooCostlyError
from cim_core.store import ids, merging
from cim_core.store.faults import AwayError
from cim_core.words.sizes import size_said
from ui.shared import downloads, identity, results, sessions
from ui.shared.reader import apart, awaited
from ui.shared.shelf import shelf
from ui.shared.words_on_screen import gate, md, t

MOST_BYTES = 500 * 10**6
"""A larger store is taken away in the shell, which does not need it in memory. In shared mode a ZIP that is
taken in is no larger than any other upload."""
_SAID = "taken_in"


def show(size: int) -> None:
    """Two ways, and what the last one came to; `size`: bytes of all files that are kept."""
    if size > MOST_BYTES:
        st.markdown(md(t("library.away_large", size=size_said(size))))
    elif shelf().read(lambda store: store.workspace) is not None:
        name = f"cim-tier-explorer-{ids.now():%Y-%m-%d}.zip"
        downloads.button(
            t("library.away"), shelf().packed, name, "away", noted=False, mime="application/zip"
        )  # fmt: skip
    st.caption(t("library.away_help"))
    _code_names()
    most = None if identity.is_shared() else MOST_BYTES // 10**6
    given = st.file_uploader(
        t("library.take_in"), type=["zip"], key=f"take_in_{_round()}", max_upload_size=most
    )
    if given is not None:
        content = given.getvalue()
        sessions.let_go_of([given])
        _take_in(content)
    for failed, text in st.session_state.get(_SAID, ()):
        (st.error if failed else st.success)(md(text))


def _code_names() -> None:
    """The key to the code names of a meeting, for whoever has the files."""
    view = results.view()
    if view is not None and len(view.intake.dataset):
        rows = [
            {"code": code, "lea_name": name, "lea_code": own}
            for code, (name, own) in sorted(results.code_key(view).items())
        ]
        downloads.button(
            t("code_names.key"), lambda: csv_bytes(rows), "code_names.csv", key="code_key", mime="text/csv"
        )


def _round() -> int:
    return int(st.session_state.setdefault("take_in_round", 0))


def _take_in(content: bytes) -> None:
    try:
        done = shelf().write(lambda store: merging.import_(store, io.BytesIO(content), _about_students))
    except AwayError as error:
        said = [(True, gate().say(error.said))]
    else:
        said = [(False, gate().say(text)) for text in done.said]
    st.session_state[_SAID] = said
    st.session_state["take_in_round"] += 1
    st.rerun()


def _about_students(name: str, content: bytes) -> bool:
    """Whether a file is about single students; one that costs too much is kept, and is not used."""
    try:
        return awaited(apart().start_opening(Upload(name, content))).about_students
    except TooCostlyError:
        return False
