"""The log: who did what, when; chosen by deed and by words, and as a CSV."""

from __future__ import annotations

from functools import partial

import streamlit as st

from cim_core.export import rows as export
from cim_core.export.rows import Plain
from cim_core.store.logbook import Deed, Line
from cim_core.words.messages import HowMany, MessageFamily
from ui.shared import downloads, html_parts, identity, moments, parts
from ui.shared.kept_rows import THING
from ui.shared.shelf import shelf
from ui.shared.words_on_screen import head_of, t

_DEED = MessageFamily("deed.{}", tuple(Deed))
_EVERY = ""
_COLUMNS = ("number", "time_utc", "who", "from", "what", "kind", "name", "id")


def show() -> None:
    """Two filters, the lines, and all of them to take away."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        wanted = st.selectbox(
            t("log.what"), [_EVERY, *Deed], key="log_what",
            format_func=lambda deed: t(_DEED[deed]) if deed else t("log.every"),
        )  # fmt: skip
        searched = st.text_input(t("log.search"), key="log_search")
    deed, text = (Deed(wanted) if wanted else None), searched.strip()
    n = shelf().read(lambda store: store.log_size(deed, searched=text)) or 0
    parts.show(parts.plain_lines([t("log.found", n=HowMany(n))]))
    if not n:
        return
    from_where = ["head.from"] if identity.is_shared() else []
    head = head_of("head.when", "head.who", *from_where, "head.done", "head.thing", "head.name")
    on_page = html_parts.page_of(range(n), "log_page")
    lines = _lines(deed, text, len(on_page), on_page[0])
    parts.show(parts.table(head, [_cells(line) for line in lines]))
    csv = partial(_csv, deed, text)
    downloads.button(t("log.download"), csv, "log.csv", "log_export", mime="text/csv")


def _lines(deed: Deed | None, text: str, most: int | None = None, skip: int = 0) -> list[Line]:
    return shelf().read(lambda store: store.log(deed, None, text, most, skip) or None) or []


def _csv(deed: Deed | None, text: str) -> bytes:
    return export.csv_bytes([_row(line) for line in _lines(deed, text)], _COLUMNS)


def _cells(line: Line) -> list[parts.Cell]:
    from_where = [line.place or "–"] if identity.is_shared() else []
    return [moments.said(line.at), line.who, *from_where, t(_DEED[line.what]), t(THING[line.kind]), line.said]


def _row(line: Line) -> dict[str, Plain]:
    return dict(
        zip(
            _COLUMNS,
            (
                line.number,
                line.at.isoformat(),
                line.who,
                line.place,
                line.what,
                line.kind,
                line.said,
                line.id,
            ),
            strict=True,
        )
    )
