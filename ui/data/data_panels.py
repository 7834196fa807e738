"""The blocks of the Data page about the dataset itself: silent facts, the states of cells, templates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import pandas as pd
import streamlit as st

from cim_core.data.facts import FACT_NAMED, Fact
from cim_core.data.indicators import POSITION, get
from cim_core.rules.tiers import NOT_PLACED
from cim_core.why import region
from cim_core.words.messages import HowMany
from ui.shared import address, charts, colors, findings, frame, html_parts, open_files, tables
from ui.shared.results import View
from ui.shared.words_on_screen import gate, md, t

MOST_IN_PICTURE = 60
SHOWN = {
    "all": "data.show_all",
    "problems": "data.show_problems",
    "not_firm": "data.show_not_firm",
    "not_placed": "data.show_not_placed",
}
"""Which LEAs the matrix shows, with the message that says so."""
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


def ask_silent(view: View) -> None:
    """For each kind of fact that the file is silent about: unknown, or taken as none."""
    silent = [
        fact
        for fact in view.intake.dataset.says_nothing_about()
        if fact in view.rulebook.facts and (fact is not Fact.ELEMENTS or view.baseline.unsupplied.any())
    ]
    if not silent or not len(view.intake.dataset):
        return
    st.header(t("data.silent_title"), anchor=False)
    st.caption(t("data.silent_help"))
    for fact in silent:
        key = f"silent_{fact.value}"
        st.session_state[key] = "none" if fact in view.intake.dataset.assumed_none else "unknown"
        of_elements = fact is Fact.ELEMENTS
        asked = _elements_asked(view) if of_elements else t("data.silent", fact=t(FACT_NAMED[fact]))
        st.radio(
            md(asked),
            ["unknown", "none"],
            format_func=_met if of_elements else _said,
            horizontal=True,
            key=key,
            on_change=_answer,
            args=(tuple(silent),),
        )


def _elements_asked(view: View) -> str:
    """Which of the indicators that count are in none of the files."""
    lacking = [get(code).label for code, at in POSITION.items() if view.baseline.unsupplied[:, at].any()]
    total = len(view.rulebook.elements.indicators)
    return t("standing.ask", n=HowMany(len(lacking)), m=HowMany(total), each=tuple(lacking))


def _said(answer: str) -> str:
    return t("data.silent_answer.none" if answer == "none" else "data.silent_answer.unknown")


def _met(answer: str) -> str:
    return t("data.silent_answer.met") if answer == "none" else _said(answer)


def _answer(silent: Sequence[Fact]) -> None:
    taken = [fact.value for fact in silent if st.session_state.get(f"silent_{fact.value}") == "none"]
    address.choose(assume=",".join(taken))


def unsure(view: View) -> None:
    """LEAs that are not placed firmly, grouped by what would have to be known."""
    rows = region.region(view.placements, view.year).provisional
    if rows:
        st.header(t("data.unsure"), anchor=False)
        heads = [t("head.which"), t("head.could"), t("head.lacking")]
        tables.first_only(len(rows))
        html_parts.table(heads, tables.not_firm(view.placements, rows))


def matrix(view: View) -> None:
    """LEA × indicator by the state of each cell, as picture and table, filtered to what needs a look."""
    placements, dataset = view.placements, view.intake.dataset
    worst = region.worst_in_cells(view.open_problems)
    every = region.region(placements, view.year).rows
    codes = region.shown_indicators(placements, view.year, elements_only=False)
    st.header(t("data.matrix", year=view.year_said), anchor=False)
    st.caption(t("data.matrix_legend"))
    wanted = st.segmented_control(
        t("data.show"), list(SHOWN), format_func=lambda one: t(SHOWN[one]), default="all", required=True,
        key="filter_states",
    )  # fmt: skip
    states = partial(region.cell_states, placements, worst=worst)
    rows = [row for row in every if _wanted(view, row, states, str(wanted))]
    if not rows:
        st.markdown(t("data.show_none"))
        return
    if len(rows) > MOST_IN_PICTURE:
        st.caption(t("region.first_only", n=HowMany(MOST_IN_PICTURE), all=HowMany(len(rows))))
    shown = rows[:MOST_IN_PICTURE]
    picture = charts.states(
        [str(dataset.lea_name[row]) for row in shown],
        [str(dataset.lea_code[row]) for row in shown],
        codes,
        [states(row) for row in shown],
        [tables.reasons(dataset, row) for row in shown],
    )
    key = f"state_matrix_{view.year}_{wanted}"
    clicked = html_parts.chosen_in(picture, charts.least_width(len(codes)), key, findings.data(view))
    if clicked:
        frame.open_lea(clicked)
    _state_table(view, codes, rows, states)


def _wanted(view: View, row: int, states: Callable[[int], dict[str, str]], which: str) -> bool:
    if which == "problems":
        return bool({"error", "warning"} & set(states(row).values()))
    nowhere = view.placements.placement(row) == NOT_PLACED
    if which == "not_placed":
        return nowhere
    return which == "all" or (not view.placements.firm[row] and not nowhere)


def _state_table(
    view: View, codes: Sequence[str], rows: Sequence[int], cells: Callable[[int], dict[str, str]]
) -> None:
    """The matrix as a table, with what is lacking for a firm placement."""
    dataset = view.intake.dataset
    st.header(t("data.table"), anchor=False)
    rows, lines = html_parts.page_of(rows, f"state_page_{view.year}"), []
    labels = {code: gate().say(get(code).label) for code in codes}
    for row in rows:
        line = {
            t("head.lea"): str(dataset.lea_name[row]),
            t("head.sure"): tables.sure(view.placements, row),
            t("head.lacking"): tables.lacking(view.placements, row) or t("data.nothing_lacking"),
        }
        reasons = tables.reasons(dataset, row)
        here = cells(row)
        states = {
            labels[code]: reasons.get(code, "")
            if here[code] == "missing" and code in reasons
            else t(colors.STATE_NAMED[here[code]])
            for code in codes
        }
        lines.append(line | states)
    st.dataframe(
        pd.DataFrame(lines),
        hide_index=True,
        column_config=tables.columns(codes),
        key=f"state_rows_{view.year}",
    )


def templates() -> None:
    """Templates and the data dictionary."""
    st.header(t("data.templates"), anchor=False)
    st.caption(t("data.templates_help"))
    with st.container(horizontal=True):
        for file, title in _FILES.items():
            _download(file, t(title))


def _download(file: str, title: str) -> None:
    st.download_button(title, (open_files.SAMPLES / file).read_bytes, file_name=file, key=f"get_{file}")
