"""Pieces of pages in HTML: badges, counts, the ladder, plain tables. All text is escaped here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

import plotly.graph_objects as go
import streamlit as st

from cim_core.explanation import Explanation
from cim_core.placement import Outcome
from cim_core.rulebook import Placement
from ui import look
from ui.charts import CONFIG
from ui.say import gate, t

_FIT_A_PHONE = 4
_MARKS = {Outcome.TRUE: "✓", Outcome.FALSE: "✕", Outcome.UNKNOWN: "?"}


def lead(text: str) -> None:
    """The one sentence a page opens with."""
    st.html(f'<p class="cim-lead">{escape(text)}</p>')


def notes(each: Iterable[str]) -> None:
    """Short remarks under the opening sentence, one to a line; nothing for none."""
    items = "".join(f"<li>{escape(text)}</li>" for text in each)
    if items:
        st.html(f'<ul class="cim-notes">{items}</ul>')


def badge(placement: Placement) -> str:
    """A placement's label on its colour, as HTML."""
    fill = look.colour(placement)
    if placement.tier is None:
        return f'<span class="cim-badge cim-hatch">{escape(placement.label)}</span>'
    return (
        f'<span class="cim-badge" style="background:{fill};color:{look.ink(fill)}">'
        f"{escape(placement.label)}</span>"
    )


def counts(each: Iterable[tuple[Placement, int]]) -> None:
    """How many LEAs are in each placement, most intensive first."""
    items = []
    for placement, count in each:
        fill = look.colour(placement)
        hatch = ' class="cim-hatch"' if placement.tier is None else ""
        style = "" if placement.tier is None else f' style="background:{fill};color:{look.ink(fill)}"'
        items.append(f"<li{hatch}{style}><b>{count}</b>{escape(placement.label)}</li>")
    st.html(f'<ul class="cim-counts">{"".join(items)}</ul>')


def ladder(why: Explanation) -> None:
    """The clauses from most to least intensive; the one that decided is boxed."""
    rungs = []
    for rung in why.clauses:
        outcome = t(f"outcome.{rung.outcome.word}")
        mark = f"{_MARKS[rung.outcome]} {outcome}"
        if rung.deciding:
            mark += f" – {t('lea.decided')}"
        rungs.append(
            f"<li{' class=decided' if rung.deciding else ''}>"
            f"<span>{badge(rung.clause.placement)}</span>"
            f'<span class="outcome">{escape(mark)}</span>'
            f"<span><b>{escape(_sentence(rung.clause.said))}</b><br>{escape(_sentence(gate().say(rung.detail)))}"
            f'<br><span class="source">{escape(gate().say(rung.source))}</span></span></li>'
        )
    st.html(f'<ol class="cim-ladder">{"".join(rungs)}</ol>')


def table(
    head: Sequence[str], rows: Iterable[Sequence[str]], numbers: Iterable[int] = (), css: str = ""
) -> None:
    """A plain table that prints whole and reads aloud; `numbers` are the right-aligned columns.

    With many columns each row becomes a block of named lines where the screen is narrow.
    """
    right = set(numbers)
    if len(head) > _FIT_A_PHONE:
        css = f"cim-many {css}"

    def cell(tag: str, at: int, text: str) -> str:
        named = "scope=col" if tag == "th" else f'data-head="{escape(head[at])}"'
        return f"<{tag} {named}{' class=number' if at in right else ''}>{escape(text)}</{tag}>"

    def cells(tag: str, row: Sequence[str]) -> str:
        return "".join(cell(tag, at, text) for at, text in enumerate(row))

    body = "".join(f"<tr>{cells('td', row)}</tr>" for row in rows)
    st.html(
        f'<div class="cim-wrap {css}"><table class="cim"><thead><tr>{cells("th", head)}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def chosen_in(figure: go.Figure, least_width: int, key: str, said: str) -> str | None:
    """A chart that never shrinks below `least_width` pixels but scrolls; the LEA whose mark was clicked.

    The hint can be focused, so that a keyboard scrolls too; the style shows it where scrolling is likely.
    """
    st.html(f"<style>.st-key-{key} .stElementContainer {{ min-width: {least_width}px; }}</style>")
    with st.container(key=key):
        st.html(f'<p class="cim-scroll" tabindex="0">{escape(t("chart.scroll"))}</p>')
        event = st.plotly_chart(
            figure,
            config=CONFIG,
            width="content",
            on_select="rerun",
            selection_mode="points",
            key=f"{key}_chart",
            alt=said,
        )
    points = event.selection.points
    return str(points[0]["customdata"][0]) if points else None


def support(why: Explanation) -> None:
    """What the placement brings: the tier's label, what it asks for, who helps."""
    label, asks, helps = (gate().say(part) for part in why.support)
    table([t("lea.support_label"), t("lea.support_asks"), t("lea.support_help")], [[label, asks, helps]])


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
