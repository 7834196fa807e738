"""Opening files: the uploader, a pasted table, the files that are open with what each leaves to be said."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from cim_core.data.outside import quoted
from cim_core.data.race_counts import Counts
from cim_core.intake import LAYOUT_TITLED, FileRead, known_leas, limits
from cim_core.intake.assembly.opening import Upload
from cim_core.intake.bundle import Bundle, BundleFile
from cim_core.intake.files import tables
from cim_core.intake.meanings import cell_text, our_columns
from cim_core.intake.meanings.written_years import Rule
from cim_core.intake.problems import Problem
from cim_core.intake.questions import Ask, Question
from cim_core.placing.apart import TooCostlyError, too_costly
from cim_core.words.messages import HowMany
from ui.data import mapping_panels, name_panels
from ui.shared import address, open_files, results
from ui.shared.memory_store import shelf
from ui.shared.reader import apart, awaited
from ui.shared.results import View
from ui.shared.words_on_screen import gate, md, t

_MOST_QUESTIONS = 8
_REFUSED = "refused_upload"
_SHORT = 4
HOW = {"auto": "data.how_auto", "replace": "data.how_replace", "add": "data.how_add"}


def upload(view: View | None) -> None:
    """The uploader, a place to paste a table, and the invented SELPA."""
    refused: list[Problem] = st.session_state.get(_REFUSED, [])
    for problem in refused:
        st.error(f"**{md(problem.title(gate()))}.** {md(problem.sentence(gate()))}")
    with st.container(border=True):
        if view is not None and view.bundle.parts:
            st.radio(
                t("data.how"), list(HOW), format_func=lambda how: t(HOW[how]), key="upload_how",
                horizontal=True, help=t("data.how_help"),
            )  # fmt: skip
        round_now = st.session_state.setdefault("upload_round", 0)
        given = st.file_uploader(
            t("data.upload", limit=HowMany(limits.MAX_BYTES // 2**20)), type=list(tables.SUFFIXES),
            accept_multiple_files=True, help=t("data.upload_help"), key=f"upload_{round_now}",
        )  # fmt: skip
        if given:
            _take([(one.name, one.getvalue()) for one in given])
        with st.expander(t("data.paste")):
            text = st.text_area(t("data.paste_here"), key=f"pasted_{round_now}", height=160)
            if st.button(t("data.paste_open"), key="open_pasted") and text.strip():
                _take([(t("data.paste_name"), text.encode())])
        st.button(t("start.cold_sample"), on_click=open_files.open_sample, key="open_sample")


def _take(given: list[tuple[str, bytes]]) -> None:
    """Look at the files from now on; what cannot be opened, or is about single students, is not kept."""
    before = open_files.bundle()
    how = str(st.session_state.get("upload_how", "auto"))
    start = Bundle() if before is None or how == "replace" else before
    files, refused = start, []
    for name, content in given:
        why = _refusal(name, content)
        if why is not None:
            refused.append(why)
            continue
        if how == "auto" and before is not None:
            files = _without_same_values(files, name, content)
        files = files.with_file(name, shelf().put(name, content))
    st.session_state[_REFUSED] = refused
    st.session_state["upload_round"] += 1
    if files.parts and files is not start:
        _open(files, before)
    st.rerun()


def _open(files: Bundle, before: Bundle | None) -> None:
    """Look at files in place of those before; what they replace is kept as their previous version."""
    lost = [] if before is None else [part.file for part in before.parts if part not in files.parts]
    if before is not None and lost:
        files = replace(files.taking_over(before), previous=address.chosen("data"))
    st.session_state["upload_replaced"] = lost
    kept = before is not None and len(lost) < len(before.parts)
    open_files.open_bundle(files, **({} if kept else {"year": "", "lea": "", "assume": ""}))


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


def files(view: View) -> None:
    """Each file that is open: what it was read as, the questions it leaves, and a way to close it."""
    for part, about in view.files:
        with st.container(border=True, key=f"file_{part.digest[:12]}"):
            layout = t(LAYOUT_TITLED[about.layout]) if about.layout else t("data.file_unknown")
            sheet = t("data.file_sheet", sheet=about.sheet) if about.sheet else ""
            with st.container(
                horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
            ):
                st.markdown(f"**{md(part.file)}** · {md(layout)}{md(sheet)}", width="content")
                st.button(
                    t("data.close"), key=f"close_{part.digest[:12]}", on_click=_close, args=(part.digest,),
                    help=md(t("data.close_help", name=part.file)),
                )  # fmt: skip
            questions(part, about)
            mapping_panels.tie(part, about)


def _close(digest: str) -> None:
    now = open_files.bundle()
    if now is None:
        return
    rest = now.without(digest)
    if rest.parts:
        open_files.open_bundle(rest)
    else:
        address.choose(data="", files="", year="", lea="", assume="")


def questions(part: BundleFile, about: FileRead) -> None:
    """What the file leaves open, the unanswered first; the answer is used at once."""
    of_names = [one for one in about.questions if one.ask is Ask.LEA]
    name_panels.names(part, of_names)
    others = [one for one in about.questions if one.ask is not Ask.LEA]
    ordered = sorted(others, key=lambda one: (not one.open, bool(one.taken)))
    for question in ordered[:_MOST_QUESTIONS]:
        _ask(part, question)
    if len(ordered) > _MOST_QUESTIONS:
        st.caption(t("data.more_questions", n=HowMany(len(ordered) - _MOST_QUESTIONS)))


def _ask(part: BundleFile, question: Question) -> None:
    key = f"ask_{part.digest[:12]}_{question.id}"
    st.session_state[key] = question.taken or None
    text = md(question.text(gate())) + (f" **{t('data.unanswered')}**" if question.open else "")
    arguments = (part.digest, question.id, key)

    def label(option: str) -> str:
        if question.ask is Ask.CODE:
            return f"{option} · {known_leas.names().get(option, '')}"
        if question.ask is Ask.COLUMN and option in our_columns.ALL:
            return gate().say(our_columns.label(option))
        return question.option(option, gate())

    if question.ask is Ask.YEAR and (not question.options or question.options[0] not in list(Rule)):
        years = list(dict.fromkeys((*question.options, *filter(None, [question.taken]))))
        st.selectbox(
            text, years, key=key, accept_new_options=True, placeholder=t("data.year_hint"), on_change=_answer,
            args=arguments,
        )  # fmt: skip
    elif len(question.options) <= _SHORT:
        st.radio(
            text, question.options, format_func=lambda one: md(label(one)), key=key, on_change=_answer,
            args=arguments,
        )  # fmt: skip
    else:
        st.selectbox(
            text, question.options, format_func=label, key=key, placeholder=t("data.choose"),
            on_change=_answer, args=arguments,
        )  # fmt: skip


def _answer(digest: str, question: str, key: str) -> None:
    now, answer = open_files.bundle(), str(st.session_state.get(key) or "")
    of_year = question.partition(":")[0] == Ask.YEAR.value and answer not in list(Rule)
    if of_year and answer and cell_text.school_year(answer) is None:
        st.toast(md(t("data.year_wrong", found=quoted(answer))))
        return
    if now is not None:
        open_files.open_bundle(now.answered(digest, question, answer))
