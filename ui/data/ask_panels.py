"""One question that a file leaves open, as a card with big choices; the answer is used at once."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from cim_core.data.outside import quoted
from cim_core.intake import known_leas
from cim_core.intake.bundle import BundleFile
from cim_core.intake.meanings import cell_text, our_columns
from cim_core.intake.meanings.written_years import Rule
from cim_core.intake.questions import Ask, Question
from cim_core.placing import reference
from ui.shared import open_files
from ui.shared.words_on_screen import gate, md, t

_SHORT = 4
"""So many answers are big choices; more are a list."""


def card(part: BundleFile, question: Question) -> None:
    """A question in a frame of its own."""
    with st.container(border=True, key=f"card_{part.digest[:12]}_{question.ask.value}_{question.about[:24]}"):
        ask(part, question, replace(question, taken="").text(gate()))


def ask(part: BundleFile, question: Question, said: str = "") -> None:
    """A question with its answers; a year may be typed too. `said`: in other words than its own."""
    key = f"ask_{part.digest[:12]}_{question.id}"
    st.session_state[key] = question.taken or None
    text = md(said or question.text(gate()))
    arguments = (part.digest, question.id, key)
    if question.ask is Ask.YEAR and (not question.options or question.options[0] not in list(Rule)):
        _ask_year(question, text, arguments)
    elif len(question.options) <= _SHORT:
        st.radio(
            text, question.options, format_func=lambda option: md(_label(question, option)), key=key,
            on_change=_answer, args=arguments,
        )  # fmt: skip
    else:
        st.selectbox(
            text, question.options, format_func=lambda option: _label(question, option), key=key,
            placeholder=t("data.choose"), on_change=_answer, args=arguments,
        )  # fmt: skip


def _ask_year(question: Question, text: str, arguments: tuple[str, str, str]) -> None:
    """The years that the file hints at and the newest ones, and a box for any other."""
    *which, key = arguments
    years = dict.fromkeys((*question.options, *filter(None, [question.taken]), *_newest_years()))
    st.radio(text, list(years), key=key, horizontal=True, on_change=_answer, args=arguments)
    typed = f"{key}_typed"
    st.text_input(
        t("data.year_other"), key=typed, placeholder="2021-22", max_chars=12, on_change=_answer,
        args=(*which, typed),
    )  # fmt: skip


def _newest_years() -> list[str]:
    """The years of the state's file, the newest first: most files are about one of them."""
    held = reference.shipped().dataset
    return [] if held is None else sorted(held.years, reverse=True)


def _label(question: Question, option: str) -> str:
    if question.ask is Ask.CODE:
        return f"{option} · {known_leas.names().get(option, '')}"
    if question.ask is Ask.COLUMN and option in our_columns.ALL:
        return gate().say(our_columns.label(option))
    return question.option(option, gate())


def _answer(digest: str, question: str, key: str) -> None:
    now, answer = open_files.bundle(), str(st.session_state.get(key) or "")
    of_year = question.partition(":")[0] == Ask.YEAR.value and answer not in list(Rule)
    if of_year and answer and cell_text.school_year(answer) is None:
        st.toast(md(t("data.year_wrong", found=quoted(answer))))
        return
    if now is not None:
        open_files.open_bundle(now.answered(digest, question, answer))
