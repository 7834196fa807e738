"""Opening files: the uploader, a pasted table, the files that are open with what each leaves to be said."""

from __future__ import annotations

import streamlit as st

from cim_core.bundle import Bundle, Part
from cim_core.intake import FileRead, cells, reading, state_list, tables
from cim_core.intake.problems import Problem, UnreadableFileError
from cim_core.intake.questions import Ask, Question
from cim_core.intake.reading import Upload
from ui import mapping_panels, state
from ui.say import md, t
from ui.shelf import shelf
from ui.state import View

_MOST_QUESTIONS = 8
_REFUSED = "refused_upload"
_SHORT = 4


def upload(view: View | None) -> None:
    """The uploader, a place to paste a table, and the invented SELPA."""
    refused: list[Problem] = st.session_state.get(_REFUSED, [])
    for problem in refused:
        st.error(md(problem.sentence()))
    own = view is not None and bool(view.bundle.parts)
    with st.container(border=True):
        if own:
            st.radio(
                t("data.how"), ["replace", "add"], format_func=lambda how: t(f"data.how_{how}"),
                key="upload_how", horizontal=True,
            )  # fmt: skip
        round_now = st.session_state.setdefault("upload_round", 0)
        given = st.file_uploader(
            t("data.upload", limit=tables.MAX_BYTES // 2**20), type=list(tables.SUFFIXES),
            accept_multiple_files=True, help=t("data.upload_help"), key=f"upload_{round_now}",
        )  # fmt: skip
        if given:
            _take([(one.name, one.getvalue()) for one in given])
        with st.expander(t("data.paste")):
            text = st.text_area(t("data.paste_here"), key=f"pasted_{round_now}", height=160)
            if st.button(t("data.paste_open"), key="open_pasted", disabled=not text.strip()):
                _take([(t("data.paste_name"), text.encode())])
        st.button(t("empty.sample"), on_click=state.open_sample, key="open_sample")


def _take(given: list[tuple[str, bytes]]) -> None:
    """Look at the files from now on; one about single students is refused before anything of it is kept."""
    before = state.bundle()
    adding = before is not None and st.session_state.get("upload_how") == "add"
    files = (
        before if adding and before is not None else Bundle(previous=state.chosen("data") if before else "")
    )
    refused: list[Problem] = []
    for name, content in given:
        why = _single_students(name, content)
        if why is not None:
            refused.append(why)
            continue
        files = files.with_file(name, shelf().put(name, content))
    st.session_state[_REFUSED] = refused
    st.session_state["upload_round"] += 1
    if files.parts and files is not before:
        state.open_bundle(files, **({} if adding else {"year": "", "lea": "", "assume": ""}))
    st.rerun()


def _single_students(name: str, content: bytes) -> Problem | None:
    try:
        reading.open_tables(Upload(name, content))
    except UnreadableFileError as error:
        return error.problem if error.problem.kind == "students" else None
    return None


def files(view: View) -> None:
    """Each file that is open: what it was read as, the questions it leaves, and a way to close it."""
    for part, about in view.files:
        with st.container(border=True, key=f"file_{part.digest[:12]}"):
            layout = t(f"layout.{about.layout}.title") if about.layout else t("data.file_unknown")
            sheet = t("data.file_sheet", sheet=about.sheet) if about.sheet else ""
            with st.container(
                horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
            ):
                st.markdown(f"**{md(part.file)}** · {md(layout)}{md(sheet)}", width="content")
                st.button(
                    t("data.close"), key=f"close_{part.digest[:12]}", on_click=_close, args=(part.digest,),
                    help=t("data.close_help", name=part.file),
                )  # fmt: skip
            questions(part, about)
            mapping_panels.tie(part, about)


def _close(digest: str) -> None:
    now = state.bundle()
    if now is None:
        return
    rest = now.without(digest)
    if rest.parts:
        state.open_bundle(rest)
    else:
        state.choose(data="", year="", lea="", assume="")


def questions(part: Part, about: FileRead) -> None:
    """What the file leaves open, the unanswered first; the answer is used at once."""
    ordered = sorted(about.questions, key=lambda one: (not one.open, bool(one.taken)))
    for question in ordered[:_MOST_QUESTIONS]:
        _ask(part, question)
    if len(ordered) > _MOST_QUESTIONS:
        st.caption(t("data.more_questions", n=len(ordered) - _MOST_QUESTIONS))


def _ask(part: Part, question: Question) -> None:
    key = f"ask_{part.digest[:12]}_{question.id}"
    st.session_state[key] = question.taken or None
    text = md(question.text()) + (f" **{t('data.unanswered')}**" if question.open else "")
    arguments = (part.digest, question.id, key)

    def label(option: str) -> str:
        if question.ask is Ask.CODE:
            return f"{option} · {state_list.names().get(option, '')}"
        return question.option(option)

    if question.ask is Ask.YEAR:
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
    now, answer = state.bundle(), str(st.session_state.get(key) or "")
    if question.partition(":")[0] == Ask.YEAR.value and answer and cells.school_year(answer) is None:
        st.toast(t("data.year_wrong", found=answer))
        return
    if now is not None:
        state.open_bundle(now.answered(digest, question, answer))
