"""This year's counts of one LEA, edited in a grid; or everybody a little better."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import streamlit as st

from cim_core.data.data_edits import DataEdit
from cim_core.data.indicators import INDICATORS, POSITION, get
from ui import state
from ui.state import View
from ui.whatif_panels import with_values
from ui.words_on_screen import md, t


def _improve() -> None:
    view = state.view()
    percent = Decimal(str(st.session_state["improve"]))
    if view is not None:
        state.set_scenario(with_values(view.scenario, improve=percent or None))


def edit_data(view: View) -> None:
    """This year's counts of one LEA, prefilled, to be edited; or everybody a little better."""
    data = view.baseline.dataset
    st.markdown(md(t("whatif.data_help")))
    st.session_state["improve"] = float(view.scenario.improve or 0)
    st.number_input(t("whatif.improve"), -50.0, 50.0, step=1.0, key="improve", on_change=_improve)
    rows = data.rows_of_year(view.year)
    names = {str(data.lea_code[row]): f"{data.lea_name[row]} ({data.lea_code[row]})" for row in rows}
    ordered = sorted(names, key=lambda code: names[code])
    code = st.selectbox(t("lea.choose"), ordered, format_func=names.__getitem__, key="edit_lea")
    row = data.row_of(code, view.year)
    assert row is not None
    mine = {
        edit.indicator: edit
        for edit in view.scenario.edits
        if edit.lea_code == code and edit.year == view.year
    }
    listed = [
        one.code
        for at, one in enumerate(INDICATORS)
        if one.has_numerator and data.numerator[row, at] >= 0 and data.denominator[row, at] > 0
    ]
    if not listed:
        st.info(t("whatif.no_counts"))
        return
    heads = [t(f"head.{name}") for name in ("indicator", "numerator", "denominator", "reported")]
    frame = pd.DataFrame(
        [
            [
                get(one).title,
                mine[one].numerator if one in mine else int(data.numerator[row, POSITION[one]]),
                mine[one].denominator if one in mine else int(data.denominator[row, POSITION[one]]),
                f"{data.numerator[row, POSITION[one]]:,} ÷ {data.denominator[row, POSITION[one]]:,}",
            ]
            for one in listed
        ],
        columns=heads,
    )
    edited = st.data_editor(
        frame, hide_index=True, disabled=[heads[0], heads[3]], num_rows="fixed",
        key=f"edit_{code}_{view.year}_{len(mine)}",
        column_config={head: st.column_config.NumberColumn(min_value=0, step=1) for head in heads[1:3]},
    )  # fmt: skip
    wanted = []
    for one, top, bottom in zip(listed, edited[heads[1]], edited[heads[2]], strict=True):
        at = POSITION[one]
        if pd.isna(top) or pd.isna(bottom) or not 0 <= top <= bottom or bottom < 1:
            st.warning(md(t("whatif.bad_counts", title=get(one).title)))
            return
        if (int(top), int(bottom)) != (int(data.numerator[row, at]), int(data.denominator[row, at])):
            wanted.append(DataEdit(code, view.year, one, int(top), int(bottom)))
    others = tuple(edit for edit in view.scenario.edits if edit not in mine.values())
    if set(wanted) != set(mine.values()):
        state.set_scenario(with_values(view.scenario, edits=(*others, *wanted)))
        st.rerun()
