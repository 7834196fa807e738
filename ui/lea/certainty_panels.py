"""How sure an LEA's placement is: how near in students, and folded how much of it is chance this year."""

from __future__ import annotations

from fractions import Fraction

import streamlit as st

from cim_core.certainty import (
    Certainty,
    IndicatorCertainty,
    Method,
    RowCertainty,
    cells_to_redraw,
    method_note,
    summary_of,
)
from cim_core.outlook import closeness_sentences
from cim_core.placing.placement import RESULT_NAMED
from cim_core.rules.tiers import NOT_PLACED
from cim_core.why.indicator_why import IndicatorWhy
from cim_core.words.messages import HowMany, Kind, MessageFamily, Quantity
from ui.shared import chance, explained, html_parts, outlook, parts, tables
from ui.shared.results import View
from ui.shared.words_on_screen import gate, head_of, md, t

_AT_SIGHT = 60_000
"""Up to so many cells a year is redrawn without being asked: a few seconds at most, once."""

_INTERVAL = MessageFamily("certainty.interval.{}", tuple(Method))


def how_sure(view: View, row: int) -> None:
    """Fragile, close or solid, in students; folded: how much is chance in this year's figures."""
    near = outlook.closeness_of(view, row)
    said = gate().say(closeness_sentences.sentence(outlook.ground(view), row, near))
    st.markdown(f"**{t('closeness.title')}:** {md(said)}")
    first, *rest = [gate().say(one) for one in closeness_sentences.later(near)] or [""]
    if first:
        st.markdown(md(first))
    remarks = [gate().say(one) for one in closeness_sentences.beside(near)]
    st.caption(md(" ".join([*remarks, *rest, t("closeness.help.level")])))
    _chance(view, row)


def _chance(view: View, row: int) -> None:
    """Folded, and worked out when it is opened: shares of placements over the draws, intervals, what was held
    fixed, the method. An LEA that is not placed has the sentence only."""
    if view.placements.placement(row) == NOT_PLACED:
        return
    folded = st.expander(t("certainty.title"), key="certainty", on_change="rerun")
    if not folded.open:
        return
    with folded:
        found = _worked_out(view)
        if found is None:
            return
        summary = summary_of(found, row)
        st.markdown(md(gate().say(summary.sentence)))
        st.caption(md(" ".join(gate().say(one) for one in summary.beside)))
        _placements(summary)
        _rates(view, row, summary)
        st.markdown(f"**{t('certainty.held_title')}**")
        st.markdown("\n".join(f"- {md(gate().say(one.said))}" for one in summary.held))
        st.markdown(f"**{t('certainty.method_title')}**")
        for note in method_note(found):
            st.caption(md(gate().say(note)))


def _worked_out(view: View) -> Certainty | None:
    """All placements redrawn; None, with a button for it, where that takes long and nobody asked yet."""
    found = chance.certainty(view)
    if found is not None:
        return found
    if cells_to_redraw(view.placements, view.year) > _AT_SIGHT and not _asked():
        return None
    bar = st.progress(0.0, text=t("certainty.working"))
    found = chance.certainty(view, progress=bar.progress)
    bar.empty()
    return found


def _asked() -> bool:
    """A button instead of a result, where it takes long; whether it was pressed."""
    place = st.empty()
    with place.container():
        st.caption(t("certainty.start_help"))
        pressed = st.button(t("certainty.start"), key="certainty_start")
    if pressed:
        place.empty()
    return pressed


def _placements(summary: RowCertainty) -> None:
    """Where the draws end up, a bar for each placement with its number."""
    bars = (
        (gate().say(one.label), count, summary.draws,
         t("certainty.in_years", n=HowMany(count), draws=HowMany(summary.draws)))
        for one, count in summary.placements
    )  # fmt: skip
    parts.show(parts.heading(t("certainty.placements_title"), level=3), parts.bars(bars))


def _rates(view: View, row: int, summary: RowCertainty) -> None:
    """Each rate with its interval and how often its target is missed, the closest to even first."""
    if not summary.indicators:
        return
    st.markdown(f"**{t('certainty.rates_title')}**")
    st.caption(t("certainty.rates_help"))
    method = st.radio(
        t("certainty.interval.choose"),
        list(Method),
        format_func=lambda one: t(_INTERVAL[one]),
        horizontal=True,
        key="certainty_interval",
    )
    why = {shown.indicator.code: shown for shown in explained.explanation(view, row).indicators}
    ordered = sorted(summary.indicators, key=lambda one: -_unsure(one, summary.draws))
    lines = [_line(why[one.code], one, method or Method.WILSON, summary.draws) for one in ordered]
    head = head_of(
        "head.number", "head.indicator", "head.rate", "head.fraction", "head.target",
        "certainty.head.interval", "certainty.head.missed",
    )  # fmt: skip
    html_parts.table(head, lines, range(2, len(head)))


def _unsure(drawn: IndicatorCertainty, draws: int) -> int:
    """How many draws are on the rarer side of the target; −1 where held fixed, −2 not compared."""
    if drawn.missed is None:
        return -2
    return min(drawn.missed, draws - drawn.missed) if drawn.redrawn else -1


def _line(why: IndicatorWhy, drawn: IndicatorCertainty, method: Method, draws: int) -> list[str]:
    cells = tables.indicator_cells(why)
    ends, missed = drawn.interval(method), "–"
    between = "–"
    if ends is not None:
        low, high = (gate().bare(_quantity(end, Kind.RATE, 1, drawn)) for end in ends)
        between = t("certainty.range", low=low, high=high)
    if drawn.missed is not None:
        count = gate().bare(_quantity(drawn.missed, Kind.COUNT, 0, drawn))
        missed = t("certainty.missed_in", n=count, draws=HowMany(draws))
        if not drawn.redrawn:
            missed = t("certainty.not_redrawn", result=t(RESULT_NAMED[why.result]))
    indicator = why.indicator
    return [
        *(gate().say(name) for name in (indicator.label, indicator.name)),
        *(cells.rate, cells.fraction, cells.target, between, missed),
    ]  # fmt: skip


def _quantity(value: float, kind: Kind, decimals: int, one: IndicatorCertainty) -> Quantity:
    return Quantity(Fraction(value), kind, decimals, one.denominator)
