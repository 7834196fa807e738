"""The blocks of the Data page: upload, the questions a file leaves open, problems, states, templates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from cim_core import export, summary
from cim_core.indicators import get
from cim_core.intake import RateScale
from cim_core.intake.problems import Problem, Severity
from cim_core.rulebook import Fact
from ui import pieces, state, tables
from ui.say import md, t
from ui.state import View

_ORDER = (Severity.ERROR, Severity.WARNING, Severity.NOTE)
_MOST_SHOWN = 200


def upload() -> None:
    """The uploader and the invented SELPA."""
    with st.container(border=True):
        round_now = st.session_state.setdefault("upload_round", 0)
        given = st.file_uploader(
            t("data.upload"), type=["csv", "xlsx"], help=t("data.upload_help"), key=f"upload_{round_now}"
        )
        if given is not None:
            st.session_state["upload_round"] = round_now + 1
            state.open_upload(given.name, given.getvalue())
            st.rerun()
        st.button(t("empty.sample"), on_click=state.open_sample, key="open_sample")


def ask_scale(view: View) -> None:
    """Percent or fraction, asked when the file does not say."""
    if not view.intake.in_question:
        return
    options = [scale.value for scale in RateScale]
    st.session_state["pick_scale"] = state.chosen("scale") or None
    st.radio(
        md(t("data.ask_scale", columns=tables.columns_named(view.intake.in_question))),
        options,
        format_func=lambda scale: t(f"data.scale.{scale}"),
        key="pick_scale",
        on_change=lambda: state.choose(scale=st.session_state["pick_scale"]),
    )


def ask_silent(view: View) -> None:
    """For each kind of fact that the file is silent about: unknown, or taken as none."""
    silent = [fact for fact in view.intake.dataset.says_nothing_about() if fact in view.rulebook.facts]
    if not silent or not len(view.intake.dataset):
        return
    st.header(t("data.silent_title"), anchor=False)
    st.caption(t("data.silent_help"))
    for fact in silent:
        key = f"silent_{fact.value}"
        st.session_state[key] = "none" if fact in view.intake.dataset.assumed_none else "unknown"
        st.radio(
            md(t("data.silent", fact=t(f"fact.{fact.value}"))),
            ["unknown", "none"],
            format_func=lambda answer: t(f"data.silent_answer.{answer}"),
            horizontal=True,
            key=key,
            on_change=_answer,
            args=(tuple(silent),),
        )


def _answer(silent: Sequence[Fact]) -> None:
    taken = [fact.value for fact in silent if st.session_state.get(f"silent_{fact.value}") == "none"]
    state.choose(assume=",".join(taken))


def problems(view: View) -> None:
    """Problems grouped by kind, the worst first, with a download of all of them."""
    found = view.intake.problems
    if not found:
        st.header(t("data.no_problems"), anchor=False)
        return
    errors = len(view.intake.errors)
    st.header(t("data.errors", n=errors) if errors else t("data.problems", n=len(found)), anchor=False)
    kinds = Counter((problem.severity, problem.kind) for problem in found)
    head = [t(f"head.{name}") for name in ("severity", "where", "found", "expected", "mend")]
    for severity, kind in sorted(kinds, key=lambda one: (_ORDER.index(one[0]), -kinds[one])):
        of_kind = [problem for problem in found if (problem.severity, problem.kind) == (severity, kind)]
        title = t(
            "data.problem_kind",
            severity=t(f"problem.severity.{severity.value}"),
            title=of_kind[0].title(),
            n=len(of_kind),
        )
        with st.expander(md(title), expanded=severity is Severity.ERROR):
            pieces.table(head, tables.problems(of_kind[:_MOST_SHOWN]))
            if len(of_kind) > _MOST_SHOWN:
                st.caption(t("data.more_problems", n=len(of_kind), shown=_MOST_SHOWN))
    st.download_button(
        t("data.download_problems"),
        _problems_csv(found).encode("utf-8-sig"),
        file_name="problems.csv",
        mime="text/csv",
        key="problems_export",
    )


def _problems_csv(found: Sequence[Problem]) -> str:
    columns = ("severity", "kind", "file", "sheet", "row", "column", "found", "expected", "mend")
    rows: list[dict[str, export.Plain]] = [
        {
            "severity": one.severity.value,
            "kind": one.title(),
            "file": one.file,
            "sheet": one.sheet,
            "row": one.row,
            "column": one.column,
            "found": one.found,
            "expected": one.expected(),
            "mend": one.mend(),
        }
        for one in found
    ]
    return export.csv_text(rows, columns)


def state_table(view: View, codes: Sequence[str]) -> None:
    """The matrix as a table, all LEAs of the year, with what is lacking for a firm placement."""
    dataset = view.intake.dataset
    lines = []
    for row in summary.region(view.placements, view.year).rows:
        cells = summary.cell_states(view.placements, row, view.intake.problems)
        line = {
            t("head.lea"): str(dataset.lea_name[row]),
            t("head.sure"): tables.sure(view.placements, row),
            t("head.lacking"): tables.lacking(view.placements, row) or t("data.nothing_lacking"),
        }
        reasons = tables.reasons(dataset, row)
        states = {
            get(code).label: reasons.get(code, "")
            if cells[code] == "missing" and code in reasons
            else t(f"state.{cells[code]}")
            for code in codes
        }
        lines.append(line | states)
    st.header(t("data.table"), anchor=False)
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
        for file in ("template_wide.xlsx", "template_wide.csv", "template_long.xlsx", "template_long.csv"):
            _download(file)
        _download("data_dictionary.csv")
        _download("invented_selpa.csv")


def _download(file: str) -> None:
    title = t(f"data.file.{file.replace('.', '_')}")
    content = (state.SAMPLES / file).read_bytes()
    st.download_button(title, content, file_name=file, key=f"get_{file}")
