"""Names of LEAs that a file gives without codes: all that are in question in one place, one at a time."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from cim_core.intake import known_leas
from cim_core.intake.assembly import by_name
from cim_core.intake.bundle import BundleFile
from cim_core.intake.questions import Question
from cim_core.words.messages import HowMany
from ui.shared import open_files
from ui.shared.words_on_screen import gate, md, t


def names(part: BundleFile, asked: Sequence[Question]) -> None:
    """One choice of a name and one of the LEA it means; the names that wait for an answer come first."""
    each = sorted((one for one in asked if one.about), key=lambda one: not one.open)
    if not each:
        return
    waiting = [one for one in each if one.open]
    mark = f"{part.digest[:12]}_{len(waiting)}"
    with st.container(border=True, key=f"names_{part.digest[:12]}"):
        st.markdown(f"**{md(t('names.waiting', n=HowMany(len(waiting))) if waiting else t('names.done'))}**")
        alone = [one for one in waiting if len(one.options) == 2]
        if len(alone) > 1:
            st.button(
                t("names.take_likeliest", n=HowMany(len(alone))),
                key=f"names_likeliest_{mark}", on_click=_take,
                args=(part.digest, tuple((one.id, one.options[0]) for one in alone)),
                help=md("  \n".join(f"{one.about} → {label(one.options[0])}" for one in alone)),
            )  # fmt: skip
        chosen = st.selectbox(
            t("names.name"), range(len(each)), key=f"names_name_{mark}",
            format_func=lambda at: _said(each[at]),
        )  # fmt: skip
        question = each[chosen]
        key = f"names_lea_{mark}_{chosen}"
        st.session_state[key] = question.taken or None
        st.radio(
            md(question.text(gate())), question.options, key=key,
            format_func=lambda option: md(label(option)), on_change=_chosen,
            args=(part.digest, question.id, key),
        )  # fmt: skip


def label(option: str) -> str:
    """A possible answer: code, name and county."""
    if option == by_name.LOCAL:
        return t("question.lea.option.local")
    whole = option if len(option) == 14 else option + "0000000"
    return f"{option} · {known_leas.described(whole)}"


def _said(question: Question) -> str:
    return f"{question.about} → {label(question.taken)}" if question.taken else question.about


def _chosen(digest: str, question: str, key: str) -> None:
    _take(digest, ((question, str(st.session_state.get(key) or "")),))


def _take(digest: str, answers: Sequence[tuple[str, str]]) -> None:
    now = open_files.bundle()
    if now is None:
        return
    for question, answer in answers:
        now = now.answered(digest, question, answer)
    open_files.open_bundle(now)
