"""What if: where to start from, controls at the left, the result beside them; more of it folded below."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from cim_core.data.dataset import Ints
from cim_core.whatif import Comparison, compare
from ui.shared import html_parts, last_resort, parts, results, scenario_tables
from ui.shared.results import View
from ui.shared.words_on_screen import head_of, t
from ui.whatif import controls, presets, result_panel, saved_panels, sweep_panels


@st.fragment
def tune() -> None:
    """Everything that a control changes; only this part of the page runs again while one is moved."""
    with last_resort.told():
        _tune()


def _tune() -> None:
    view = results.view()
    if view is None:
        return
    rows = view.intake.dataset.rows_of_year(view.year)
    found = compare(view.baseline, view.placements)
    movers = found.movers(rows)
    presets.row(view)
    left, right = st.columns([360, 824], gap="large")
    with left, st.container(key="left", gap=None):
        controls.groups(view)
    with right, st.container(key="right"):
        result_panel.show(view, found, movers)
    _on_paper(view)
    _more(view, found, rows)
    with st.container(key="mini"):
        parts.show(result_panel.in_one_line(movers, found.counts(rows)))
    if st.session_state.get("bar_said") != view.scenario.is_empty:
        st.session_state["bar_said"] = view.scenario.is_empty
        st.rerun()


def _on_paper(view: View) -> None:
    """What is changed, setting by setting, where the controls are not printed."""
    if view.scenario.is_empty:
        return
    head, lines = scenario_tables.differences(view.scenario, view.base)
    table = parts.heading(t("whatif.changes_title")) + parts.table(head, lines)
    parts.show(f'<div class="cim-print">{table}</div>')


def _more(view: View, found: Comparison, rows: Ints) -> None:
    """What takes more room, each part built when it is opened."""
    parts_of: tuple[tuple[str, str, Callable[[], None]], ...] = (
        ("sweep", t("whatif.parts.sweep"), partial(sweep_panels.sweep_one, view)),
        ("questions", t("whatif.parts.questions"), partial(sweep_panels.questions, view)),
        ("fairness", t("whatif.parts.fairness"), partial(_fairness, found, rows)),
        ("saved", t("whatif.parts.saved"), partial(saved_panels.shelf, view)),
    )
    with st.container(key="whatif_more", gap=None):
        for key, title, build in parts_of:
            folded = st.expander(title, key=f"more_{key}", on_change="rerun")
            if folded.open:
                with folded:
                    build()


def _fairness(found: Comparison, rows: Ints) -> None:
    """Whom the setting helps and whom it hurts, by size and by type of LEA."""
    heads = head_of("head.group", "head.leas", "head.helped", "head.hurt")
    html_parts.table(heads, scenario_tables.shares(found.by_size(rows), "size"), (1, 2, 3))
    html_parts.table(heads, scenario_tables.shares(found.by_type(rows), "type"), (1, 2, 3))
