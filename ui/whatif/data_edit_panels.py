"""This year's counts of one LEA, edited in a grid; or everybody a little better."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import streamlit as st

from cim_core.data.data_edits import DataEdit
from cim_core.data.dataset import Dataset
from cim_core.data.indicators import INDICATORS, get
from cim_core.why.clauses import students
from ui.shared import results
from ui.shared.results import View
from ui.shared.words_on_screen import gate, head_of, md, t
from ui.whatif.whatif_panels import with_values

_HEADS = ("head.indicator", "head.numerator", "head.denominator", "head.reported")
Counts = tuple[int, int]


def _improve() -> None:
    view = results.view()
    percent = Decimal(str(st.session_state["improve"]))
    if view is not None:
        results.set_scenario(with_values(view.scenario, improve=percent or None))


def edit_data(view: View) -> None:
    """This year's counts of one LEA, prefilled, to be edited; or everybody a little better."""
    st.markdown(md(t("whatif.data_help")))
    st.session_state["improve"] = float(view.scenario.improve or 0)
    whose = "whatif.improve" if view.placements.dataset.mine is None else "mine.improve"
    st.number_input(t(whose), -50.0, 50.0, step=1.0, key="improve", on_change=_improve)
    row, mine = _chosen(view)
    reported = _reported(view.baseline.dataset, row)
    if not reported:
        st.info(t("whatif.no_counts"))
        return
    frame = _frame(reported, mine)
    if frame is None:
        st.info(t("whatif.hidden_counts"))
        return
    wanted = _edited(view, row, reported, frame, f"edit_{row}_{view.year}_{len(mine)}")
    if wanted is not None and set(wanted) != set(mine.values()):
        others = tuple(edit for edit in view.scenario.edits if edit not in mine.values())
        results.set_scenario(with_values(view.scenario, edits=(*others, *wanted)))
        st.rerun()


def _chosen(view: View) -> tuple[int, dict[str, DataEdit]]:
    """The row of the LEA that somebody chooses, and what the scenario changes in it, by indicator."""
    data = view.baseline.dataset
    rows = data.rows_of_year(view.year)
    names = {str(data.lea_code[row]): f"{data.lea_name[row]} ({data.lea_code[row]})" for row in rows}
    ordered = sorted(names, key=lambda code: names[code])
    lea = st.selectbox(t("lea.choose"), ordered, format_func=names.__getitem__, key="edit_lea")
    row = data.row_of(lea, view.year)
    assert row is not None
    edits = (edit for edit in view.scenario.edits if (edit.lea_code, edit.year) == (lea, view.year))
    return row, {edit.indicator: edit for edit in edits}


def _reported(data: Dataset, row: int) -> dict[str, Counts]:
    """Numerator and denominator as the file has them, of each indicator that has both."""
    return {
        indicator.code: (int(data.numerator[row, at]), int(data.denominator[row, at]))
        for at, indicator in enumerate(INDICATORS)
        if indicator.has_numerator and data.numerator[row, at] >= 0 and data.denominator[row, at] > 0
    }


def _frame(reported: dict[str, Counts], mine: dict[str, DataEdit]) -> pd.DataFrame | None:
    """The grid; None where some of its numbers may not be seen."""
    lines: list[list[object]] = []
    for code, counts in reported.items():
        edit = mine.get(code)
        now = counts if edit is None else (edit.numerator, edit.denominator)
        seen = [gate().value(students(number, now[1])) for number in now]
        if None in seen:
            return None
        written = " ÷ ".join(gate().bare(students(number, counts[1])) for number in counts)
        lines.append([gate().say(get(code).title), *now, written])
    return pd.DataFrame(lines, columns=head_of(*_HEADS))


def _edited(
    view: View, row: int, reported: dict[str, Counts], frame: pd.DataFrame, key: str
) -> list[DataEdit] | None:
    """What somebody has typed other than reported; None, said, where it cannot be."""
    heads = list(frame.columns)
    edited = st.data_editor(
        frame, hide_index=True, disabled=[heads[0], heads[3]], num_rows="fixed", key=key,
        column_config={head: st.column_config.NumberColumn(min_value=0, step=1) for head in heads[1:3]},
    )  # fmt: skip
    lea, wanted = str(view.baseline.dataset.lea_code[row]), []
    for code, top, bottom in zip(reported, edited[heads[1]], edited[heads[2]], strict=True):
        if pd.isna(top) or pd.isna(bottom) or not 0 <= top <= bottom or bottom < 1:
            st.warning(md(t("whatif.bad_counts", title=get(code).title)))
            return None
        if (int(top), int(bottom)) != reported[code]:
            wanted.append(DataEdit(lea, view.year, code, int(top), int(bottom)))
    return wanted
