"""The page of a region that is one LEA: this LEA beside those like it, in place of a region of one."""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from ui.shared import address, explained, lag_strip, letter_panels, parts, peers_panels, tables
from ui.shared.results import View
from ui.shared.words_on_screen import gate, md, t


def this_and_its_like(view: View, row: int) -> None:
    """Where the LEA is placed and why, and those like it with their rates beside; all else is on its page."""
    data, why = view.placements.dataset, explained.explanation(view, row)
    name = str(data.lea_name[row])
    lead = "" if letter_panels.has_letter(view, row) else gate().say(why.headline)
    parts.title(t("like.title", name=name), lead)
    letter_panels.badge(view, row)
    st.markdown(md(gate().say(why.sentences[0])))
    for remark in tables.region_remarks(view.placements, [row]):
        st.markdown(md(remark))
    to = f"lea?{urlencode(address.address(lea=why.lea_code))}"
    parts.show(f"<p>{parts.link(t('like.why', name=name), to)}</p>")
    if data.in_progress[row]:
        parts.show(parts.notes(gate().say(told) for told in why.beside))
    else:
        peers_panels.beside(view, row)
    lag_strip.strip(view, [row])
