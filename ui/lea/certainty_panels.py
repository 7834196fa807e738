"""How sure an LEA's placement is: how near in students, and folded how much of it is chance this year."""

from __future__ import annotations

from fractions import Fraction

import plotly.graph_objects as go
import streamlit as st

from cim_core.certainty import (
    IndicatorCertainty,
    Method,
    RowCertainty,
    cells_to_redraw,
    method_note,
    summary_of,
)
from cim_core.outlook import closeness_sentences
from cim_core.placing.placement import RESULT_NAMED
from cim_core.why.indicator_why import IndicatorWhy
from cim_core.words import rounding
from cim_core.words.messages import HowMany, Kind, MessageFamily, Quantity, message
from ui.shared import chance, colors, explained, html_parts, outlook, tables
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
    """Folded: shares of placements over the draws, intervals, what was held fixed, the method.

    An LEA that is not placed in any draw has the sentence only.
    """
    found = chance.certainty(view)
    if found is None:
        long = cells_to_redraw(view.placements, view.year) > _AT_SIGHT
        if long and not _asked():
            return
        bar = st.progress(0.0, text=t("certainty.working"))
        found = chance.certainty(view, progress=bar.progress)
        bar.empty()
        if long:
            st.rerun()
    assert found is not None
    summary = summary_of(found, row)
    if summary.nothing_to_show:
        return
    with st.expander(t("certainty.title")):
        st.markdown(md(gate().say(summary.sentence)))
        st.caption(md(" ".join(gate().say(one) for one in summary.beside)))
        _placements(summary)
        _rates(view, row, summary)
        st.markdown(f"**{t('certainty.held_title')}**")
        st.markdown("\n".join(f"- {md(gate().say(one.said))}" for one in summary.held))
        st.markdown(f"**{t('certainty.method_title')}**")
        for note in method_note(found):
            st.caption(md(gate().say(note)))


def _asked() -> bool:
    """A button instead of a result, where it takes long; whether it was pressed."""
    with st.expander(t("certainty.start_label")):
        st.caption(t("certainty.start_help"))
        return st.button(t("certainty.start"), key="certainty_start")


def _placements(summary: RowCertainty) -> None:
    """Where the draws end up: bars in the colors of the placements, and the same as a table."""
    st.markdown(f"**{t('certainty.placements_title')}**")
    each = tuple(
        message("certainty.bar_alt", placement=one.label, n=HowMany(count), draws=HowMany(summary.draws))
        for one, count in summary.placements
    )
    said = t("certainty.chart_alt", each=each)
    st.plotly_chart(_bars(summary), config=html_parts.CONFIG, key="certainty_chart", alt=said)
    lines = [
        [gate().say(one.label), t("certainty.in_years", n=HowMany(count), draws=HowMany(summary.draws))]
        for one, count in summary.placements
    ]
    html_parts.table([t("head.placement"), t("certainty.head.draws")], lines)


def _bars(summary: RowCertainty) -> go.Figure:
    listed = sorted(summary.placements, key=lambda one: one[0].severity)
    ticks = (0, summary.draws // 2, summary.draws)
    return go.Figure(
        data=[
            {
                "type": "bar",
                "x": [number for _, number in listed],
                "y": [gate().say(one.label) for one, _ in listed],
                "orientation": "h",
                "marker": {
                    "color": [colors.colour(one) for one, _ in listed],
                    "line": {"color": colors.OUTLINE, "width": 1.5},
                    "pattern": {"shape": ["/" if one.tier is None else "" for one, _ in listed]},
                },
                "text": [rounding.count(number) for _, number in listed],
                "textposition": "outside",
                "textfont": {"size": 13},
                "textangle": 0,
                "cliponaxis": False,
                "hovertemplate": "%{y}: %{x:,}<extra></extra>",
            }
        ],
        layout={
            "xaxis": {
                "range": [0, 1.12 * summary.draws],
                "title": {"text": t("certainty.axis", draws=HowMany(summary.draws))},
                "tickvals": list(ticks), "ticktext": [rounding.count(tick) for tick in ticks],
                "fixedrange": True, "tickfont": {"size": 13}, "zeroline": False,
            },
            "yaxis": {"fixedrange": True, "automargin": True, "tickfont": {"size": 13}},
            "height": 34 * len(listed) + 80,
            "margin": {"l": 0, "r": 10, "t": 4, "b": 40},
            "dragmode": False,
            "bargap": 0.25,
        },
    )  # fmt: skip


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
