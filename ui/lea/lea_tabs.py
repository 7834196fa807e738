"""The tabs of the page of one LEA, each built only when it is opened; the address says which."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from cim_core.why import percentile_steps
from cim_core.why.explanation import Explanation
from cim_core.words.messages import MessageFamily
from ui.lea import (
    certainty_panels,
    disproportionality_panels,
    evidence,
    history_picture,
    in_year_panels,
    lea_cards,
    lea_ladder,
    lea_panels,
    margin_panels,
)
from ui.shared import (
    address,
    downloads,
    html_parts,
    letter_panels,
    parts,
    peers_panels,
    since_last_year,
    tables,
)
from ui.shared.results import View
from ui.shared.words_on_screen import begun, gate, t

TABS = ("why", "moves", "history", "all", "method")
_NAMED = MessageFamily("lea_page.tab.{}", TABS)
_LADDER, _EVIDENCE = 548, 636
Content = Callable[[View, int, Explanation], None]


def show(view: View, row: int, why: Explanation) -> None:
    """The row of tabs and what is in the open one."""
    labels = {name: t(_NAMED[name]) for name in TABS}
    asked = address.chosen("tab")
    st.session_state["lea_tab"] = labels.get(asked, labels["why"])
    containers = st.tabs(list(labels.values()), key="lea_tab", on_change=partial(_opened, labels))
    for name, container in zip(TABS, containers, strict=True):
        if container.open:
            with container:
                _CONTENTS[name](view, row, why)


def _opened(labels: dict[str, str]) -> None:
    name = next(one for one, label in labels.items() if label == st.session_state["lea_tab"])
    address.choose(tab="" if name == TABS[0] else name)


def _why(view: View, row: int, why: Explanation) -> None:
    """The ladder, beside it the evidence, and the cards under both."""
    ladder, beside = st.columns([_LADDER, _EVIDENCE], gap="medium")
    with ladder:
        parts.show(lea_ladder.ladder(why))
    with beside, st.container(key="evidence"):
        evidence.show(view, row, why)
    if not view.placements.dataset.in_progress[row]:
        parts.show(lea_cards.cards(view, row, why))


def _moves(view: View, row: int, why: Explanation) -> None:
    if view.placements.dataset.in_progress[row]:
        in_year_panels.counts(view, row)
    else:
        margin_panels.moves(view, row)
        margin_panels.near(view, row)
        certainty_panels.how_sure(view, row)
        margin_panels.edges(view, row)
    in_year_panels.enter(view, row)


def _history(view: View, row: int, why: Explanation) -> None:
    if not view.placements.dataset.in_progress[row]:
        since_last_year.since_last_year(view, row)
    history_picture.show(view, row)
    head, lines = tables.years(view.placements, why.lea_code)
    html_parts.table(head, lines, range(1, len(head)))


def _all(view: View, row: int, why: Explanation) -> None:
    st.header(lea_panels.all_finding(view, row), anchor=False)
    lea_panels.strips(view, row, why)
    everything = [one for one in why.indicators if one.rate is not None or one.element]
    margin_panels.all_indicators(view, row, everything)
    disproportionality_panels.disproportionality(view, row)
    if not view.placements.dataset.in_progress[row]:
        peers_panels.peers(view, row)


def _method(view: View, row: int, why: Explanation) -> None:
    parts.show(parts.notes(begun(gate().say(sentence)) for sentence in why.sentences))
    if not view.placements.dataset.in_progress[row]:
        letter_panels.unexplained_lea(view, row)
    for name in view.placements.percentiles:
        steps = percentile_steps.steps(view.placements, row, name)
        if steps:
            st.header(lea_panels.percentile_finding(view, row, name), anchor=False)
            st.caption(t("lea.percentile_help"))
            head, lines = tables.steps(steps)
            html_parts.table(head, lines, range(1, len(head)))
    if not view.placements.dataset.in_progress[row]:
        parts.show(parts.heading(t("lea_page.method.moves"), t("outlook.help.moves")))
        parts.show(parts.heading(t("lea_page.method.near"), t("outlook.help.near")))
    st.header(lea_panels.support_finding(why), anchor=False)
    html_parts.support(why)
    st.markdown(t("lea.resources"))
    downloads.button(
        t("lea.download"),
        partial(lea_panels.download, view, row),
        file_name=f"why_{why.lea_code}_{why.year}.csv",
        mime="text/csv",
        key="lea_export",
    )


_CONTENTS: dict[str, Content] = {
    "why": _why, "moves": _moves, "history": _history, "all": _all, "method": _method
}  # fmt: skip
