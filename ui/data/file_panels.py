"""Step 1, opening files: the uploader, a pasted table, templates; how a file takes its place among others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from cim_core.data.race_counts import Counts
from cim_core.intake import limits
from cim_core.intake.assembly.opening import Upload
from cim_core.intake.bundle import Bundle, BundleFile
from cim_core.intake.files import tables
from cim_core.intake.problems import Problem
from cim_core.placing.apart import TooCostlyError, too_costly
from cim_core.store import ids
from cim_core.store.dataset_rows import Files
from cim_core.store.logbook import Thing
from cim_core.words.messages import HowMany
from ui.data.steps import NEXT, Step
from ui.shared import address, downloads, open_files, parts, results, sessions, welcome
from ui.shared.reader import apart, awaited
from ui.shared.results import View
from ui.shared.shelf import shelf
from ui.shared.words_on_screen import gate, md, t

_REFUSED = "refused_upload"
_IN_PLACE = "upload_in_place"
HOW = {"auto": "data.how_auto", "replace": "data.how_replace", "add": "data.how_add"}
_FILES = {
    "template_wide.xlsx": "data.file.template_wide_xlsx",
    "template_wide.csv": "data.file.template_wide_csv",
    "template_long.xlsx": "data.file.template_long_xlsx",
    "template_long.csv": "data.file.template_long_csv",
    "template_counts.xlsx": "data.file.template_counts_xlsx",
    "template_counts.csv": "data.file.template_counts_csv",
    "data_dictionary.csv": "data.file.data_dictionary_csv",
    "invented_selpa.csv": "data.file.invented_selpa_csv",
    "invented_counts.csv": "data.file.invented_counts_csv",
}


def show(view: View | None) -> None:
    """The page of step 1: one's own file first, then a pasted table, templates, the invented SELPA."""
    limit = HowMany(limits.MAX_BYTES // 2**20)
    sentence = t("data.drop_more") if view is not None and view.bundle.parts else t("data.drop")
    parts.title(sentence, t("data.drop_lead", limit=limit))
    if open_files.link_is_lost():
        welcome.lost()
    with st.container(key="file_step"):
        if view is not None and view.bundle.parts:
            _how(view.bundle)
        _upload()
        _paste()
        with st.container(horizontal=True):
            with st.popover(t("data.templates"), key="templates"):
                _templates()
            st.button(t("start.cold_sample"), on_click=open_files.open_sample, key="open_sample")
        st.caption(md(t("so_far.help.file")))


def refused() -> None:
    """Why files of the last upload could not be opened; nothing of them was kept."""
    found: list[Problem] = st.session_state.get(_REFUSED, [])
    for problem in found:
        st.error(f"**{md(problem.title(gate()))}.** {md(problem.sentence(gate()))}")


def _how(files: Bundle) -> None:
    """What becomes of the open files when another one is given."""
    labels = {how: t(said) for how, said in HOW.items()}
    for part in files.parts:
        if part.digest == st.session_state.get(_IN_PLACE):
            labels = {part.digest: t("data.how_in_place", name=part.file), **labels}
    st.radio(
        t("data.how"), list(labels), format_func=lambda how: md(labels[how]), key="upload_how",
        horizontal=True, help=t("data.how_help"),
    )  # fmt: skip


def in_place_of(digest: str) -> None:
    """Go to the uploader, where the next file takes the place of an open one."""
    st.session_state[_IN_PLACE] = st.session_state["upload_how"] = digest
    address.choose(step=Step.FILE.value)


def _upload() -> None:
    given = st.file_uploader(
        t("data.upload"), type=list(tables.SUFFIXES), accept_multiple_files=True, help=t("data.upload_help"),
        key=f"upload_{_round()}",
    )  # fmt: skip
    if given:
        contents = [(file.name, file.getvalue()) for file in given]
        _take(contents, given)


def _paste() -> None:
    with st.expander(t("data.paste")):
        text = st.text_area(t("data.paste_here"), key=f"pasted_{_round()}", height=160)
        if st.button(t("data.paste_open"), key="open_pasted") and text.strip():
            _take([(t("data.paste_name"), text.encode())])


def _round() -> int:
    """How often something was given: the boxes are empty again afterwards."""
    return int(st.session_state.setdefault("upload_round", 0))


def _templates() -> None:
    """Templates and the data dictionary."""
    st.caption(t("data.templates_help"))
    for file, title in _FILES.items():
        _download(file, t(title))


def _download(file: str, title: str) -> None:
    downloads.button(
        title, (open_files.SAMPLES / file).read_bytes, file_name=file, key=f"get_{file}", type="tertiary"
    )


def _take(given: list[tuple[str, bytes]], uploads: Sequence[UploadedFile] = ()) -> None:
    """Look at the files from now on; what cannot be opened, or is about single students, is not kept.

    `uploads`: what they were read from, and is let go of once they are kept.
    """
    before = open_files.bundle()
    how = str(st.session_state.get("upload_how", "auto"))
    start = Bundle() if before is None or how == "replace" else before.without(how)
    files, refused, new = start, [], {}
    for name, content in given:
        why = _refusal(name, content)
        if why is not None:
            refused.append(why)
            continue
        if how == "auto" and before is not None:
            files = _without_same_values(files, name, content)
        digest = ids.digest(content)
        files, new[digest] = files.with_file(name, digest), (name, content)
    if files.parts and files is not start:
        _open(files, before, new)
    st.session_state[_REFUSED] = refused
    st.session_state["upload_round"] += 1  # not before they are kept: whoever is interrupted takes them again
    sessions.let_go_of(uploads)
    st.rerun()


def _open(files: Bundle, before: Bundle | None, new: Files) -> None:
    """Look at files in place of those before; what they replace is kept as their previous version."""
    lost = [] if before is None else [part.file for part in before.parts if part not in files.parts]
    if before is not None and lost:
        files = replace(files.taking_over(before), previous=address.chosen("data"))
    st.session_state["upload_replaced"] = lost
    kept = before is not None and len(lost) < len(before.parts)
    forgotten = {} if kept else {"year": "", "lea": "", "assume": ""}
    open_files.open_bundle(files, new, Thing.DATASET, step=NEXT, **forgotten)


def _refusal(name: str, content: bytes) -> Problem | None:
    try:
        return awaited(apart().start_opening(Upload(name, content))).refused
    except TooCostlyError:
        return too_costly(name)


def _without_same_values(files: Bundle, name: str, content: bytes) -> Bundle:
    """The files without those that hold values for the same LEAs, years and indicators as a new one, or
    counts for the same LEAs, years, areas and groups."""
    view = results.view()
    if view is None:
        return files
    new = awaited(apart().start_reading([Upload(name, content)])).dataset
    again = view.intake.dataset.files_of_cells(new)
    for part in files.parts:
        if part.file in again or _same_counts(part, new.counts):
            files = files.without(part.digest)
    return files


def _same_counts(part: BundleFile, new: Counts | None) -> bool:
    kept = shelf().get(part.digest)
    if new is None or kept is None:
        return False
    held = awaited(apart().start_reading([Upload(part.file, kept[1], part.answers)])).dataset.counts
    return held is not None and held.overlaps(new)


def replaced() -> None:
    """That an upload took the place of other files, with a way to keep both."""
    lost = st.session_state.get("upload_replaced")
    now = open_files.bundle()
    if not lost or now is None or not now.previous:
        return
    st.info(md(t("data.replaced", names=tuple(lost))))
    st.button(t("data.keep_both"), key="keep_both", on_click=_keep_both)


def _keep_both() -> None:
    st.session_state["upload_replaced"] = []
    now = open_files.bundle()
    before = open_files.bundle_of(now.previous) if now is not None else None
    if now is None or before is None:
        return
    for part in before.parts:
        now = now.with_file(part.file, part.digest)
        now = now.mapped(part.digest, part.mapping)
        for question, answer in part.answers.items():
            now = now.answered(part.digest, question, answer)
    open_files.open_bundle(now)
