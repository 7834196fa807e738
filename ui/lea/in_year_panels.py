"""A year that is not over: typing its counts so far, and what they came to."""

from __future__ import annotations

from datetime import date

import streamlit as st

from cim_core.access.identity import Right
from cim_core.data.indicators import get
from cim_core.outlook import entered_counts, margins, so_far
from cim_core.placing.placement import Result
from cim_core.words.dates import day_said
from cim_core.words.messages import Message
from ui.shared import address, html_parts, identity, lag_strip, results, tables, typed_files
from ui.shared.kept import kept
from ui.shared.results import View
from ui.shared.words_on_screen import gate, head_of, md, t

_KEY = "so_far"
Pairs = dict[str, tuple[int | None, int | None]]


def counts(view: View, row: int) -> None:
    """Each indicator that has counts so far: what it came to, how far a miss is, what it can still do."""
    st.header(t("so_far.title"), anchor=False)
    shown = sorted(_so_far(results.key(view), row, view), key=_nearest_first)
    head = head_of(
        "head.indicator",
        "head.rate",
        "head.fraction",
        "head.target",
        "so_far.head.said",
        "so_far.head.course",
    )
    html_parts.table(head, [_line(one) for one in shown], (1, 2, 3))
    st.caption(md(t("so_far.help.counts")))
    later = tuple(one.indicator.label for one in shown if one.indicator.lag)
    if later:
        st.caption(md(t("so_far.help.later", each=later)))
    with st.expander(t("so_far.help.sources")):
        lines = [
            [
                gate().say(one.indicator.title),
                gate().say(so_far.source_said(so_far.definition(one.indicator.code))),
            ]
            for one in shown
        ]
        html_parts.table(head_of("head.indicator", "head.source"), lines)


_MOST_NEAR = 8


def nearest_of(view: View, row: int) -> None:
    """What is missed so far, and what is nearest to it, in a few columns."""
    shown = sorted(_so_far(results.key(view), row, view), key=_nearest_first)[:_MOST_NEAR]
    head = head_of("head.indicator", "head.rate", "head.target", "so_far.head.said")
    lines = [[title, rate, target, said] for title, rate, _, target, said, _ in map(_line, shown)]
    html_parts.table(head, lines, (1, 2))


@kept
def _so_far(key: str, row: int, _view: View) -> tuple[so_far.SoFar, ...]:
    placements = _view.placements
    return so_far.so_far(placements, row, margins(placements))


def _nearest_first(one: so_far.SoFar) -> tuple[bool, bool, int]:
    """Missed ones, then those that the fewest students would make missed, then the others."""
    return one.why.result is not Result.MISSED, one.until_missed is None, one.until_missed or 0


def _line(one: so_far.SoFar) -> list[str]:
    cells = tables.indicator_cells(one.why)
    title, course = gate().say(one.indicator.title), t(so_far.COURSE_NAMED[one.course])
    return [title, cells.rate, cells.fraction, cells.target_of_year, gate().say(one.said), course]


def enter(view: View, row: int) -> None:
    """Typing this month's counts of one LEA; they join the open files as a file of their own."""
    data = view.placements.dataset
    if not data.audience.sees_everything:
        return  # what was typed are the numbers of single groups
    if not identity.may(Right.WORK):
        return
    lea = str(data.lea_key[row])
    typed = _typed(lea)
    with st.expander(t("so_far.change" if data.in_progress[row] else "so_far.type"), key="so_far_panel"):
        st.markdown(md(t("so_far.help.enter")))
        with st.form("so_far_form", border=False):
            today = lag_strip.today()
            held = next((date.fromisoformat(count.as_of) for count in typed.values()), today)
            st.date_input(t("so_far.day"), min(held, today), max_value=today, key=f"{_KEY}_day_{lea}")
            for code in so_far.ENTERED_MONTHLY:
                _inputs(lea, code, typed.get(code))
            shown = st.form_submit_button(t("so_far.show"), type="primary", key="so_far_show")
        if shown:
            said = _put(view, row)
            if not said:
                st.rerun()
            for fault in said:
                st.warning(md(gate().say(fault)))
        if typed:
            st.button(t("so_far.take_away"), key="so_far_take_away", on_click=_take_away, args=(lea,))


def _inputs(lea: str, code: str, held: entered_counts.EnteredCount | None) -> None:
    """Numerator and denominator of one indicator, with what they count and what the count can still do."""
    indicator = get(code)
    course = t(so_far.COURSE_NAMED[so_far.definition(code).course])
    about, *fields = st.columns([3, 4, 4], vertical_alignment="bottom")
    about.markdown(f"**{md(gate().say(indicator.title))}**  \n{md(course)}")
    given = (None, None) if held is None else (int(held.numerator), int(held.denominator))
    parts = (("n", indicator.numerator), ("d", indicator.denominator))
    for column, (part, label), value in zip(fields, parts, given, strict=True):
        key = f"{_KEY}_{part}_{code}_{lea}"
        column.number_input(gate().say(label), min_value=0, max_value=10**7, step=1, value=value, key=key)


def _typed(lea: str) -> dict[str, entered_counts.EnteredCount]:
    """What was typed of an LEA, by indicator."""
    found = entered_counts.loads(typed_files.content_of(entered_counts.FILE))
    return {count.indicator: count for count in found if count.key[0] == lea}


def _put(view: View, row: int) -> tuple[Message, ...]:
    """Keep what is typed and look at its year; what is wrong with it, if anything."""
    data = view.placements.dataset
    lea, day = str(data.lea_key[row]), st.session_state[f"{_KEY}_day_{str(data.lea_key[row])}"]
    pairs: Pairs = {
        code: (st.session_state[f"{_KEY}_n_{code}_{lea}"], st.session_state[f"{_KEY}_d_{code}_{lea}"])
        for code in so_far.ENTERED_MONTHLY
    }
    year = view.rulebook.lag.year_of(day)
    there = data.row_of(lea, year)
    if there is not None and not data.in_progress[there]:
        return (Message("so_far.fault.over", {"year": year, "day": day_said(day)}),)
    said = entered_counts.faults(pairs)
    if said:
        return said
    code, name = str(data.lea_code[row]), str(data.lea_name[row])
    new = [
        entered_counts.EnteredCount(code, name, year, indicator, str(top), str(bottom), day.isoformat())
        for indicator, (top, bottom) in pairs.items()
        if top is not None
    ]
    typed_files.put(
        entered_counts.FILE,
        entered_counts.with_counts(typed_files.content_of(entered_counts.FILE), code, new),
    )
    address.choose(year=year, lea=code)
    return ()


def _take_away(lea: str) -> None:
    content = typed_files.content_of(entered_counts.FILE)
    typed_files.put(entered_counts.FILE, entered_counts.with_counts(content, lea, ()))
    for key in [
        key for key in st.session_state if str(key).startswith(f"{_KEY}_") and str(key).endswith(lea)
    ]:
        del st.session_state[key]
    address.choose(year="")
