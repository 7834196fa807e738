"""The data cell by cell, problems first: one row per LEA, one column per indicator, as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from cim_core.data.indicators import get
from cim_core.intake.problems import Problem
from cim_core.rules.tiers import NOT_PLACED
from cim_core.why import region
from ui.shared import html_parts, parts, tables
from ui.shared.results import View
from ui.shared.words_on_screen import gate, t

SHOWN = {
    "problems": "data.show_problems",
    "not_firm": "data.show_not_firm",
    "not_placed": "data.show_not_placed",
    "all": "data.show_all",
}
"""Which LEAs the table shows, with the message that says so."""
_STATES = {"error": "state.error", "warning": "state.warning", "few": "state.few", "missing": "state.missing"}
_SIGNS = {"fine": "·", "warning": "!", "error": "×", "few": "◌", "missing": "–"}


@dataclass(frozen=True, slots=True)
class _Row:
    """An LEA with the states of its cells."""

    row: int
    states: Mapping[str, str]
    tally: Counter[str]

    @property
    def worst_first(self) -> tuple[int, int, int]:
        """Errors before warnings before what is missing."""
        return -self.tally["error"], -self.tally["warning"], -self.tally["missing"]


def fold(view: View, problems: Sequence[Problem]) -> None:
    """The table behind a line; it is made when it is opened."""
    opened = st.expander(t("data.matrix", year=view.year_said), key="cells", on_change="rerun")
    if opened.open:
        with opened:
            _show(view, problems)


def _show(view: View, problems: Sequence[Problem]) -> None:
    placements = view.placements
    worst = region.worst_in_cells(problems)
    codes = region.shown_indicators(placements, view.year, elements_only=False)
    rows = []
    for row in region.region(placements, view.year).rows:
        found = region.cell_states(placements, row, worst)
        states = {code: found[code] for code in codes}
        rows.append(_Row(row, states, Counter(states.values())))
    wanted = st.segmented_control(
        t("data.show"), list(SHOWN), format_func=lambda which: t(SHOWN[which]), key="filter_states",
        default="problems" if any(_has_problem(each) for each in rows) else "all", required=True,
    )  # fmt: skip
    rows = sorted((each for each in rows if _wanted(view, each, str(wanted))), key=lambda e: e.worst_first)
    if not rows:
        st.markdown(t("data.show_none"))
        return
    st.caption(t("data.matrix_legend"))
    on_page = html_parts.page_of(range(len(rows)), f"cells_page_{view.year}_{wanted}")
    parts.show(_table(view, _problems_first(codes, rows), [rows[at] for at in on_page]))


def _has_problem(each: _Row) -> bool:
    return bool(each.tally["error"] or each.tally["warning"])


def _wanted(view: View, each: _Row, which: str) -> bool:
    if which == "problems":
        return _has_problem(each)
    nowhere = view.placements.placement(each.row) == NOT_PLACED
    if which == "not_placed":
        return nowhere
    return which == "all" or (not view.placements.firm[each.row] and not nowhere)


def _problems_first(codes: Sequence[str], rows: Sequence[_Row]) -> list[str]:
    """The indicators, those with most errors and warnings first, else as they come."""
    found = Counter(
        code for each in rows for code, state in each.states.items() if state in ("error", "warning")
    )
    return sorted(codes, key=lambda code: -found[code])


def _table(view: View, codes: Sequence[str], rows: Sequence[_Row]) -> str:
    """The table as HTML: the LEA, how many errors, warnings and missing values, then a sign for each cell."""
    labels = [(gate().say(get(code).label), gate().say(get(code).name)) for code in codes]
    counted = [t(_STATES[state]) for state in ("error", "warning", "missing")]
    head = "".join(f'<th scope="col" class="number">{escape(text)}</th>' for text in counted)
    head += "".join(
        f'<th scope="col" title="{escape(name)}"><span>{escape(label)}</span></th>' for label, name in labels
    )
    lines = "".join(_line(view, codes, each) for each in rows)
    return (
        f'<div class="cim-wrap cim-cells" tabindex="0"><table class="cim"><caption>'
        f'{escape(t("data.matrix", year=view.year_said))}</caption><thead><tr><th scope="col">'
        f"{escape(t('head.lea'))}</th>{head}</tr></thead><tbody>{lines}</tbody></table></div>"
    )


def _line(view: View, codes: Sequence[str], each: _Row) -> str:
    placements = view.placements
    reasons = tables.reasons(placements.dataset, each.row)
    pill = parts.pill(placements.placement(each.row), bool(placements.firm[each.row]))
    name = parts.cell(tables.lea_link(placements, each.row))
    numbers = "".join(
        f'<td class="number">{each.tally[state] or ""}</td>' for state in ("error", "warning", "missing")
    )
    cells = "".join(_cell(each.states[code], reasons.get(code, "")) for code in codes)
    return f'<tr><th scope="row"><span>{pill}{name}</span></th>{numbers}{cells}</tr>'


def _cell(state: str, reason: str) -> str:
    """A sign, with the file's own reason where a value is missing and the file says why."""
    if state == "fine":
        return f"<td>{_SIGNS[state]}</td>"
    shown = reason if state == "missing" and reason else _SIGNS[state]
    return f'<td class="cim-{state}" title="{escape(t(_STATES[state]))}">{escape(shown)}</td>'
