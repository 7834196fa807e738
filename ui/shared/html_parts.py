"""What several pages put on the page: tables, pages of many rows, what is not settled, what a tier brings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

import streamlit as st

from cim_core.why.explanation import Explanation
from cim_core.words.messages import HowMany
from ui.shared import parts
from ui.shared.results import View
from ui.shared.words_on_screen import gate, t

MOST_ROWS = 100
"""LEAs on one page of a table: a region has 10 to 60."""
CONFIG = {"displayModeBar": False, "scrollZoom": False}


Link = parts.Link
Cell = parts.Cell


def lead(text: str) -> None:
    """The one sentence a page opens with."""
    st.html(f'<p class="cim-lead">{escape(text)}</p>')


def table(
    head: Sequence[str],
    rows: Iterable[Sequence[Cell | Sequence[Cell]]],
    numbers: Iterable[int] = (),
    css: str = "",
) -> None:
    """A plain table on the page; `parts.table` says how."""
    parts.show(parts.table(head, rows, numbers, css))


def page_of(rows: Sequence[int], key: str, most: int = MOST_ROWS) -> Sequence[int]:
    """The rows of the page that is chosen; more than `most` are never sent to a browser at once."""
    if len(rows) <= most:
        return rows
    starts = range(0, len(rows), most)
    start = st.selectbox(
        t("rows.page"), starts, key=key,
        format_func=lambda one: t(
            "rows.of", first=one + 1, last=min(one + most, len(rows)), n=HowMany(len(rows))
        ),
    )  # fmt: skip
    return rows[start : start + most]


def unsettled(view: View) -> None:
    """How many LEAs of the year stand only at the least that is possible; nothing where all are settled."""
    rows = view.placements.dataset.rows_of_year(view.year)
    n = int((~view.placements.firm[rows]).sum())
    if n:
        st.caption(t("standing.note", n=HowMany(n), all=HowMany(len(rows))))


def support(why: Explanation) -> None:
    """What the placement brings: the tier's label, what it asks for, who helps."""
    label, asks, helps = (gate().say(part) for part in why.support)
    table([t("lea.support_label"), t("lea.support_asks"), t("lea.support_help")], [[label, asks, helps]])
