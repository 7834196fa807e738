"""How near an LEA is to every cut, and what would move it; the lists of those closest to moving."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from cim_core.data.facts import MISSING_IN_SHORT
from cim_core.data.indicators import get
from cim_core.outlook import (
    WAY_TITLED,
    EdgeMargin,
    Ground,
    Plan,
    Way,
    WayAnswer,
    closeness_sentences,
    edge_margins,
    exposure,
    sentences,
    target_rooms,
)
from cim_core.placing.placement import Result
from cim_core.why.clauses import students
from cim_core.why.indicator_why import IndicatorWhy
from ui.lea import tried
from ui.shared import html_parts, outlook, parts, tables
from ui.shared.results import View
from ui.shared.words_on_screen import begun, gate, head_of, md, t

_NEVER = 10**9


def near(view: View, row: int) -> None:
    """Which results and edges one student, or one place, decides about."""
    on = outlook.ground(view)
    found = sentences.borderlines(view.placements, on.margins, row)
    edge = sentences.borderline_edges(view.placements, edge_margins.edge_margins(on, row))
    said = [gate().say(one) for one in (*found, edge) if one is not None]
    if said:
        st.markdown(md(" ".join(said)))


def all_indicators(view: View, row: int, shown: Sequence[IndicatorWhy]) -> None:
    """The table of indicators: missed ones first, then the nearest, and where values were read."""
    on = outlook.ground(view)
    head = head_of(
        "head.indicator", "head.rate", "head.fraction", "head.target", "head.result",
        "lea_page.targets.students", "head.vintage", "head.origin",
    )  # fmt: skip
    ordered = sorted(shown, key=lambda one: _nearest_first(on, row, one))
    html_parts.table(head, [_line(on, row, one) for one in ordered], (1, 2, 3), "cim-everything")


def _nearest_first(on: Ground, row: int, one: IndicatorWhy) -> tuple[int, int]:
    """Missed ones, then met ones, then the rest, each by how few students would turn it."""
    rank = {Result.MISSED: 0, Result.MET: 1}.get(one.result, 2)
    turns = sentences.students_to_target(on.margins, row, one.indicator.code)
    return rank, _NEVER if turns is None else turns


def _line(on: Ground, row: int, indicator: IndicatorWhy) -> list[str]:
    """One indicator; why there is no value stands with the result, its short form in place of the rate."""
    cells = tables.indicator_cells(indicator)
    rate, result = cells.rate, cells.result
    code = indicator.indicator.code
    if indicator.rate is None:
        rate, result = t(MISSING_IN_SHORT[indicator.missing]), cells.rate
    students = "–"
    if indicator.result in (Result.MET, Result.MISSED) and indicator.element:
        students = gate().say(target_rooms.room(on.placements, on.margins, row, code).said)
    origin = tables.origin(on.placements.dataset, row, code)
    target = "–" if indicator.target is None else cells.target
    title = gate().say(indicator.indicator.title)
    return [title, rate, cells.fraction, target, result, students, cells.vintage, origin]


def moves(view: View, row: int) -> None:
    """What would move it, both ways, with indicators that a person may hold fixed."""
    on = outlook.ground(view)
    lea = str(view.placements.dataset.lea_code[row])
    unlocked = {way: outlook.answer(view, row, way) for way in Way}
    first = unlocked[Way.LESS]
    if first.blocked is not None and first.blocked is unlocked[Way.MORE].blocked:
        st.markdown(md(gate().say(sentences.blocked(on, row, first))))
        return
    free = [one.code for one in sentences.lockable(on, row)]
    with st.container(key="locks"):
        locked = st.multiselect(
            t("outlook.title.lock"), free, key=f"lock_{lea}_{view.year}",
            format_func=lambda one: gate().say(get(one).title), placeholder=t("outlook.title.lock_hint"),
        )  # fmt: skip
    for way in (Way.LESS, Way.MORE):
        found = outlook.answer(view, row, way, locked) if locked else unlocked[way]
        st.subheader(t(WAY_TITLED[way]), anchor=False)
        late = _late(view, row) if way is Way.MORE else None
        if late is not None:
            st.markdown(md(late))
        if found.best is not None or late is None:
            _answer(on, row, found, tuple(locked))
        best = found.best
        if best and best.counted:
            parts.show(tried.button(view, row, best))


def _late(view: View, row: int) -> str | None:
    """What late results at 100 % would do, in one line."""
    said = closeness_sentences.exposure(exposure.exposure(view.placements, row))
    return None if said is None else gate().say(said)


def _answer(on: Ground, row: int, found: WayAnswer, locked: tuple[str, ...]) -> None:
    """The best plan as a sentence, and all plans as a table; or why there is none."""
    if found.best is None:
        st.markdown(md(gate().say(sentences.blocked(on, row, found, locked))))
        return
    first, *rest = sentences.plan(on, row, found.best)
    said = " ".join(gate().say(one) for one in rest)
    if sentences.is_long(found.best):
        st.markdown(f"**{md(gate().say(first))}**")
        changes = (sentences.change(on, row, one, found.way) for one in found.best.changes)
        st.markdown("\n".join(f"- {md(gate().say(one))}" for one in changes))
        st.markdown(md(said))
    else:
        st.markdown(f"**{md(gate().say(first))}** {md(said)}")
    for each in sentences.base_rates(on, row, found.best):
        st.caption(md(gate().say(each)))
    if len(found.plans) > 1:
        with st.expander(t("outlook.title.others")):
            head = head_of(
                "outlook.head.changes", "outlook.head.students", "outlook.head.placement",
                "outlook.head.sure", "base_rate.head",
            )  # fmt: skip
            lines = [_plan_line(on, row, one, first=not at) for at, one in enumerate(found.plans)]
            html_parts.table(head, lines, (1,))


def _plan_line(on: Ground, row: int, plan: Plan, *, first: bool) -> list[str]:
    changes = [gate().say(sentences.change(on, row, each, plan.way)) for each in plan.changes]
    total = gate().bare(students(plan.students)) if plan.counted else "–"
    best = "outlook.table.proven" if plan.proven else "outlook.table.found"
    sure = best if first else "outlook.table.other"
    real = "; ".join(gate().say(each) for each in sentences.base_rates_short(on, row, plan))
    return ["; ".join(changes), total, gate().say(plan.standing.said), t(sure), real]


def edges(view: View, row: int) -> None:
    """How near the percentile is to each edge of the bands; nothing for an LEA without a percentile."""
    on = outlook.ground(view)
    found = edge_margins.edge_margins(on, row)
    if not found:
        return
    nearest = min(found, key=lambda one: one.percent_points)
    with st.expander(md(begun(gate().say(sentences.edge(view.placements, nearest))))):
        st.caption(t("outlook.help.edges"))
        head = head_of("outlook.head.edge", "outlook.head.points", "outlook.head.alone")
        lines = [_edge_line(view, row, one) for one in found]
        html_parts.table(head, lines)


def _edge_line(view: View, row: int, edge: EdgeMargin) -> list[str]:
    placements = view.placements
    points = sentences.edge_points(edge)
    each = "; ".join(gate().say(sentences.alone(placements, row, way)) for way in edge.alone)
    return [
        begun(gate().say(sentences.edge(placements, edge))),
        "–" if points is None else gate().say(points),
        each or t("outlook.table.none_alone"),
    ]
