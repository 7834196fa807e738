"""What a new version of the data changed against the one that was open before."""

from __future__ import annotations

import streamlit as st

from cim_core.data.dataset import Dataset
from cim_core.data.indicators import POSITION, get
from cim_core.movement import CellChange, Revision, revision
from cim_core.placing.placement import Placements
from cim_core.words.messages import HowMany, Message
from ui.shared import parts, results
from ui.shared.results import View
from ui.shared.words_on_screen import gate, head_of, t

_MOST_SHOWN = 300


def changes(view: View) -> None:
    """Cell by cell, and whose placement changes; nothing for a first upload or one about other LEAs."""
    before = results.replaced(view.looking)
    if before is None or not len(view.intake.dataset):
        return
    if revision.shares_leas(before.dataset, view.intake.dataset):
        found = revision.revise(before, view.baseline)
        parts.show(parts.heading(t("revision.title"), _sentence(found, before.dataset)))
        _details(found)


def between(before: Placements, after: Placements, title: str) -> None:
    """What changed from some data to others, each placed by the same rules, under a title."""
    found = revision.revise(before, after)
    parts.show(parts.heading(title, t("revision.compared", cells=_cells(found), moved=_moved(found))))
    _details(found)


def _details(found: Revision) -> None:
    if found.moved:
        head = head_of("head.lea", "head.year", "head.from", "head.to")
        _table(
            head,
            [
                [name, year, gate().say(was.label), gate().say(now.label)]
                for _, name, year, was, now in found.moved
            ],
        )
    if found.cells:
        with st.expander(t("revision.cells", n=HowMany(len(found.cells)))):
            head = head_of("head.lea", "head.year", "head.column", "head.before", "head.after")
            _table(head, [_line(one) for one in found.cells[:_MOST_SHOWN]])
            if len(found.cells) > _MOST_SHOWN:
                st.caption(t("revision.more", shown=HowMany(_MOST_SHOWN)))
    for kind, rows in (("revision.added", found.added), ("revision.removed", found.removed)):
        if rows:
            with st.expander(t(kind, n=HowMany(len(rows)))):
                lines = [[code, name, year] for code, name, year in rows[:_MOST_SHOWN]]
                _table(head_of("head.code", "head.lea", "head.year"), lines)


def _table(head: list[str], lines: list[list[str]]) -> None:
    parts.show(parts.table(head, lines))


def _sentence(found: Revision, before: Dataset) -> str:
    if found.is_empty:
        return t("revision.nothing", name=before.name)
    return t("revision.finding", name=before.name, cells=_cells(found), moved=_moved(found))


def _cells(found: Revision) -> str:
    return t("revision.n_cells", n=HowMany(len(found.cells)))


def _moved(found: Revision) -> str:
    return t("revision.n_moved", n=HowMany(len(found.moved)))


def _line(one: CellChange) -> list[str]:
    column = get(one.column).title if one.column in POSITION else one.column
    named = gate().say(column) if isinstance(column, Message) else column
    return [one.lea_name, one.year, named, gate().say(one.before), gate().say(one.after)]
