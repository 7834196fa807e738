"""The top of the page of one LEA: name, CDE's letter, this tool's reading, how sure, and why in a line."""

from __future__ import annotations

from html import escape

import streamlit as st

from cim_core.outlook import lead_sentence
from cim_core.why.explanation import Explanation
from ui.lea import lea_picker
from ui.shared import badges, outlook, parts
from ui.shared.results import View
from ui.shared.words_on_screen import begun, gate, t

_ELSEWHERE = "why.determination"
"""Said with the other sentences, and not on top."""


def show(view: View, row: int, why: Explanation) -> None:
    """Name and choice of another LEA, badges, trail, and the sentence."""
    with st.container(key="lea_top", horizontal=True, vertical_alignment="center", gap="small"):
        st.html(f'<h1 class="cim-lea">{escape(why.lea_name)}</h1>', width="content")
        lea_picker.change(view, row)
        trail = _trail(view, row)
        if trail:
            st.html(trail, width="content")
    said = begun(gate().say(lead_sentence.sentence(outlook.ground(view), row)))
    parts.show(
        badges.badges(view, row),
        f'<p class="cim-lead cim-because">{escape(said)}</p>',
        parts.notes(_beside(view, row, why)),
    )


def _trail(view: View, row: int) -> str:
    data, placements = view.placements.dataset, view.placements
    lea, year = str(data.lea_key[row]), str(data.year[row])
    rows = [(one, data.row_of(lea, one)) for one in data.years if one <= year]
    steps = [(one, placements.placement(at), bool(placements.firm[at])) for one, at in rows if at is not None]
    return parts.trail(steps[-3:]) if len(steps) > 1 else ""


def _beside(view: View, row: int, why: Explanation) -> list[str]:
    """What stands beside the tier, and under changed rules where it is placed without the change."""
    said = [gate().say(one) for one in why.beside if one.id != _ELSEWHERE]
    if view.scenario.is_empty:
        return said
    title, before = view.baseline.rulebook.title, view.baseline.placement(row).label
    return [*said, t("lea_page.by_cde_rules", title=title, placement=before)]
