"""This year's numbers of one LEA, changed one indicator at a time, with rate, target and distance."""

from __future__ import annotations

from decimal import Decimal
from html import escape

import streamlit as st

from cim_core.data.data_edits import DataEdit
from cim_core.data.dataset import Dataset
from cim_core.data.indicators import INDICATORS, POSITION, get
from cim_core.outlook import Margins, margins
from cim_core.placing.placement import Placements, Result
from cim_core.why.clauses import rate, students
from ui.shared import address, parts, results
from ui.shared.results import View
from ui.shared.words_on_screen import gate, head_of, md, t
from ui.whatif import choices

Counts = tuple[int, int]
_MOST = 10**7


def edit(view: View) -> None:
    """One indicator of one LEA to be changed, all of them under it; or everybody a little better."""
    row = _chosen(view)
    data = view.baseline.dataset
    reported = _reported(data, row)
    if not reported:
        st.markdown(md(t("whatif.no_counts")))
    elif not all(_may_be_seen(counts) for counts in reported.values()):
        st.markdown(md(t("whatif.hidden_counts")))
    else:
        margin = margins(view.placements)
        code = _indicator(view, row, reported, margin)
        _numbers(view, row, code, reported[code])
        parts.show(_each(view, row, reported, margin))
    _everybody(view)


def _everybody(view: View) -> None:
    choices.mirror("improve", float(view.scenario.improve or 0))
    whose = "whatif.improve" if view.placements.dataset.mine is None else "mine.improve"
    st.number_input(t(whose), -50.0, 50.0, step=1.0, key="improve", on_change=_improve)


def _improve() -> None:
    view = results.view()
    percent = Decimal(str(st.session_state["improve"]))
    if view is not None:
        choices.set_values(view.scenario, improve=percent or None)


def _chosen(view: View) -> int:
    """The row of the LEA that somebody chooses; at first the one that is looked at."""
    data = view.baseline.dataset
    names = {str(data.lea_code[row]): str(data.lea_name[row]) for row in data.rows_of_year(view.year)}
    ordered = sorted(names, key=lambda code: (names[code], code))
    looked_at = address.chosen("lea")
    if looked_at in names and st.session_state.get("edit_lea_from") != looked_at:
        st.session_state["edit_lea_from"] = st.session_state["edit_lea"] = looked_at
    lea = st.selectbox(
        t("lea.choose"), ordered, format_func=lambda code: f"{names[code]} ({code})", key="edit_lea"
    )
    row = data.row_of(lea, view.year)
    assert row is not None
    return row


def _reported(data: Dataset, row: int) -> dict[str, Counts]:
    """Numerator and denominator as the file has them, of each indicator that has both."""
    return {
        indicator.code: (int(data.numerator[row, at]), int(data.denominator[row, at]))
        for at, indicator in enumerate(INDICATORS)
        if indicator.has_numerator and data.numerator[row, at] >= 0 and data.denominator[row, at] > 0
    }


def _may_be_seen(counts: Counts) -> bool:
    return all(gate().value(students(number, counts[1])) is not None for number in counts)


def _indicator(view: View, row: int, reported: dict[str, Counts], margin: Margins) -> str:
    """The indicator that is changed; at first the missed target that is nearest to being met."""

    def near(code: str) -> tuple[bool, bool, int]:
        at = POSITION[code]
        missed, many = view.placements.results[row, at] == Result.MISSED, int(margin.students[row, at])
        return not missed, many < 1, many

    key = f"edit_indicator_{row}"
    st.session_state.setdefault(key, min(reported, key=near))
    return st.selectbox(
        t("head.indicator"), list(reported), key=key,
        format_func=lambda code: gate().say(get(code).title),
    )  # fmt: skip


def _numbers(view: View, row: int, code: str, reported: Counts) -> None:
    """Two number boxes, and what was reported with a way back."""
    edits = {each.indicator: each for each in _own(view, row)}
    mine = edits.get(code)
    now = reported if mine is None else (mine.numerator, mine.denominator)
    names = f"edit_top_{row}_{code}", f"edit_bottom_{row}_{code}"
    for name, number in zip(names, now, strict=True):
        choices.mirror(name, number)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for name, label in zip(names, (t("head.numerator"), t("head.denominator")), strict=True):
            st.number_input(
                label, 0, _MOST, step=1, key=name, on_change=_take, args=(row, code, reported, names)
            )
    refused = st.session_state.pop("edit_refused", "")
    if refused:
        st.warning(md(refused))
    changed = mine is not None
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="edit_was"):
        written = (gate().bare(students(number, reported[1])) for number in reported)
        top, bottom = written
        kind = "whatif.was" if changed else "whatif.reported"
        parts.show(f'<p class="cim-was">{escape(t(kind, value=t("whatif.of", n=top, all=bottom)))}</p>')
        if changed:
            st.button(
                t("whatif.undo"), key="undo_edit", type="tertiary", on_click=_keep,
                args=(row, code, None),
            )  # fmt: skip


def _own(view: View, row: int) -> list[DataEdit]:
    lea = str(view.baseline.dataset.lea_code[row])
    return [each for each in view.scenario.edits if (each.lea_code, each.year) == (lea, view.year)]


def _take(row: int, code: str, reported: Counts, names: tuple[str, str]) -> None:
    top, bottom = (int(st.session_state[name]) for name in names)
    if not 0 <= top <= bottom or bottom < 1:
        st.session_state["edit_refused"] = t("whatif.bad_counts", title=get(code).title)
        return
    _keep(row, code, None if (top, bottom) == reported else (top, bottom))


def _keep(row: int, code: str, counts: Counts | None) -> None:
    view = results.view()
    if view is None:
        return
    lea = str(view.baseline.dataset.lea_code[row])
    key = lea, view.year, code
    others = tuple(each for each in view.scenario.edits if (each.lea_code, each.year, each.indicator) != key)
    mine = () if counts is None else (DataEdit(*key, *counts),)
    choices.set_values(view.scenario, edits=(*others, *mine))


def _each(view: View, row: int, reported: dict[str, Counts], margin: Margins) -> str:
    """Rate, target and distance of every indicator that can be changed, missed ones first."""
    placed = view.placements
    changed = {each.indicator for each in _own(view, row)}
    order = {Result.MISSED: 0, Result.MET: 1}

    def place(code: str) -> int:
        return order.get(Result(int(placed.results[row, POSITION[code]])), 2)

    lines = []
    for code in sorted(reported, key=place):
        exact, target = placed.dataset.exact(row, code), placed.rulebook.target(code)
        name = gate().say(get(code).label) + (" •" if code in changed else "")
        if exact is None:
            lines.append([name, "–", "–", "–"])
            continue
        value = rate(exact, get(code), placed.rulebook.precision, reported[code][1], target)
        against = "–" if target is None or target.value is None else target.beside(value)
        lines.append([name, t("moved.rate", rate=value), against, _distance(placed, row, code, margin)])
    heads = head_of("head.indicator", "head.rate", "head.target", "head.distance")
    return parts.table(heads, lines, (1, 2), css="cim-numbers")


def _distance(placed: Placements, row: int, code: str, margin: Margins) -> str:
    """How many students short, or to spare."""
    result, many = placed.results[row, POSITION[code]], int(margin.students[row, POSITION[code]])
    if result == Result.MISSED:
        return t("whatif.short", n=students(many)) if many > 0 else t("mark.missed")
    if result != Result.MET or many < 1:
        return t("mark.met") if result == Result.MET else "–"
    spare = many - 1
    return t("whatif.spare", n=students(spare)) if spare else t("whatif.no_spare")
