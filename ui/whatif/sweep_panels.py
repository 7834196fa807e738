"""One threshold along its range, two together, and questions that one threshold can answer."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import streamlit as st

from cim_core.data.dataset import Ints
from cim_core.export import move_rows
from cim_core.export import rows as export
from cim_core.rules import thresholds
from cim_core.rules.thresholds import Threshold, ThresholdGroup
from cim_core.whatif import ChangePoint, Sweep, along, control_words, grid, ready_scenarios, written
from cim_core.words.messages import HowMany
from ui.shared import downloads, drawing, html_parts, results, scenario_tables
from ui.shared.results import View
from ui.shared.words_on_screen import gate, head_of, md, t
from ui.whatif import heat_chart, range_picture

_WALKED = (ThresholdGroup.RANKING,)
_CELLS = 21


def sweep_one(view: View) -> None:
    """One threshold along its range: who moves next either way, all counts, all values; a second one."""
    listed = [one for one in thresholds.thresholds(view.rulebook) if one.group not in _WALKED]
    threshold = _choose(view, t("whatif.sweep_which"), listed, "sweep_key")
    swept = results.swept(threshold.setting, view.looking, view.scenario)
    if swept is None:
        return
    rows = view.intake.dataset.rows_of_year(view.year)
    shown = set(rows.tolist())
    within = [change for change in swept.changes if change.row in shown and _in_range(threshold, change)]
    as_it_is = thresholds.find(view.ground, threshold.setting)
    finding = _from_here(view, swept, rows)
    seen = set(swept.start[rows].tolist()) | {change.after for change in swept.changes if change.row in shown}
    placements = [one for one in view.rulebook.placements if one.severity in seen]
    marks = [(float(threshold.value), t("whatif.now"))]
    if as_it_is is not None and as_it_is.value != threshold.value:
        marks.append((float(as_it_is.value), t("whatif.as_it_is")))
    pictures = (
        range_picture.drawing(swept, rows, placements, marks, finding, wide) for wide in (True, False)
    )
    drawing.picture(next(pictures), "range", finding, next(pictures), save="along_a_range")
    head, lines = scenario_tables.change_points(view.placements, within)
    html_parts.table(head, lines[:200], (0,))
    values = list({change.value: change for change in within}.values())
    _fairness(view, swept, rows, values[:100])
    downloads.button(
        t("whatif.download_sweep"),
        lambda: export.csv_bytes(
            move_rows.change_rows(swept, view.placements, shown, gate()), move_rows.CHANGE_COLUMNS
        ),
        file_name="change_points.csv",
        mime="text/csv",
        key="sweep_export",
    )
    _two(view, threshold, listed)


def _from_here(view: View, swept: Sweep, rows: Ints) -> str:
    """Who moves next if the threshold is lowered from where it is, and if it is raised."""
    threshold = swept.threshold
    now = gate().say(control_words.value(threshold, threshold.value))
    down, up = along.nearest(swept, rows.tolist(), threshold.value)
    each = [_next(view, threshold, found, way) for found, way in ((down, -1), (up, 1)) if found]
    label = gate().say(control_words.label(threshold, view.ground))
    if not each:
        return t("whatif.sweep_nobody", label=label)
    return t("whatif.from_here", label=label, now=now, each=tuple(each))


def _next(view: View, threshold: Threshold, found: tuple[ChangePoint, ...], way: int) -> str:
    first, *others = found
    value = gate().say(control_words.value(threshold, first.short))
    labels = {one.severity: gate().say(one.label) for one in view.placements.rulebook.placements}
    went = (first.before, first.after) if way > 0 else (first.after, first.before)
    return t(
        _WHERE[way > 0, first.at], value=value, lea=str(view.intake.dataset.lea_name[first.row]),
        before=labels[went[0]], after=labels[went[1]],
        more=t("whatif.and_more", n=HowMany(len(others))) if others else "",
    )  # fmt: skip


_WHERE = {
    (True, True): "whatif.next_at",
    (True, False): "whatif.next_above",
    (False, True): "whatif.next_below",
    (False, False): "whatif.next_at",
}
"""By whether the threshold is raised, and whether the placement above holds at the value itself."""


def _in_range(threshold: Threshold, change: ChangePoint) -> bool:
    """Whether somebody is placed anew within the range, not only at its very beginning."""
    inside = threshold.least <= change.value <= threshold.most
    return inside and not (change.at and change.value == threshold.least)


def _fairness(view: View, swept: Sweep, rows: Ints, values: list[ChangePoint]) -> None:
    """Whom each step of the threshold moves, by size and type."""
    with st.expander(t("whatif.fairness_steps")):
        st.caption(t("whatif.fairness_steps_help"))
        for by in ("size", "type"):
            heads, steps = scenario_tables.fairness_along(swept, view.placements, rows, values, by)
            html_parts.table(heads, steps, range(len(heads)))


def _two(view: View, threshold: Threshold, listed: list[Threshold]) -> None:
    """The heat map of two thresholds together."""
    st.header(t("whatif.two"), anchor=False)
    others = [other for other in listed if other.id != threshold.id]
    other = _choose(view, t("whatif.two_which"), others, "sweep_second")
    if not st.toggle(t("whatif.two_show"), key="sweep_two"):
        return
    values = _values(threshold), _values(other)
    rows = view.intake.dataset.rows_of_year(view.year)
    placed = view.placements
    moved = grid(
        threshold, other, view.rulebook, placed.dataset, view.reference, placed.percentiles, rows, values
    )
    finding = t("whatif.two_finding", n=HowMany(int(moved.max())), all=HowMany(len(rows)))
    st.markdown(md(finding))
    numbers = [float(value) for value in values[0]], [float(value) for value in values[1]]
    labels = gate().say(threshold.label), gate().say(other.label)
    st.plotly_chart(
        heat_chart.heat(moved, numbers, labels), config=html_parts.CONFIG, key="heat", alt=finding
    )
    with st.expander(t("region.table")):
        heads = ["", *(written(value) for value in values[1])]
        lines = [
            [written(value), *("–" if cell < 0 else str(cell) for cell in line)]
            for value, line in zip(values[0], moved.tolist(), strict=True)
        ]
        html_parts.table(heads, lines, range(len(heads)))


def _values(threshold: Threshold) -> list[Decimal]:
    """21 values around the threshold's own, on its slider's steps."""
    reach = (
        min(Decimal(20), threshold.most - threshold.least)
        if not threshold.whole
        else threshold.most - threshold.least
    )
    low = max(threshold.least, threshold.value - reach / 2)
    high = min(threshold.most, low + reach)
    steps = np.linspace(float(low), float(high), _CELLS).tolist()
    if threshold.whole:
        return sorted({Decimal(round(step)) for step in steps})
    return sorted({Decimal(str(round(step, 2))) for step in steps} | {threshold.value})[:_CELLS]


def _choose(view: View, label: str, listed: list[Threshold], key: str) -> Threshold:
    ids = [one.id for one in listed]
    names = {one.id: gate().say(control_words.label(one, view.rulebook)) for one in listed}
    chosen = st.selectbox(label, ids, format_func=names.__getitem__, key=key)
    return next(one for one in listed if one.id == chosen)


def questions(view: View) -> None:
    """What one threshold alone would have to be for nobody to be in a placement."""
    rows = view.intake.dataset.rows_of_year(view.year)
    listed = [
        one for one in reversed(view.placements.rulebook.placements) if one.tier is not None and one.severity
    ]
    placement = st.selectbox(
        t("whatif.ask"),
        listed,
        format_func=lambda one: t("whatif.ask_nobody", placement=one.label),
        key="ask",
    )
    here = [row for row in rows.tolist() if view.placements.placement(row) == placement]
    answers = ready_scenarios.nobody_in(
        placement, view.rulebook, view.placements.dataset, view.reference, view.placements.percentiles, rows
    )
    possible = [one for one in answers if one.value is not None]
    if not here:
        html_parts.lead(t("whatif.already", placement=placement.label))
    elif not possible:
        html_parts.lead(t("whatif.impossible", placement=placement.label, n=HowMany(len(here))))
    else:
        html_parts.lead(t("whatif.possible", placement=placement.label, n=HowMany(len(possible))))
    st.caption(t("whatif.not_advice"))
    heads = head_of("head.threshold", "head.as_it_is", "head.needed", "head.moves")
    lines = [
        [gate().say(one.threshold.label), written(one.threshold.value), written(one.value), str(one.moved)]
        for one in possible
        if one.value is not None
    ]
    if lines and here:
        html_parts.table(heads, lines, (1, 2, 3))
