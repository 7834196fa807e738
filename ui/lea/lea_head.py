"""The top of the page of one LEA: name, CDE's letter, this tool's reading, how sure, and why in a line."""

from __future__ import annotations

from html import escape

import streamlit as st

from cim_core.letters import difference
from cim_core.letters.agreement import Agreement, agreement, letter_of
from cim_core.outlook import lead_sentence, tags
from cim_core.why.explanation import Explanation
from ui.lea import lea_picker
from ui.shared import address, outlook, parts
from ui.shared.results import View
from ui.shared.words_on_screen import begun, gate, t

_WAY = {
    Agreement.AGREES: "lea_page.agrees",
    Agreement.POSSIBLE: "lea_page.possible",
    Agreement.UNREAD: "lea_page.unread",
    Agreement.DIFFERS: "lea_page.differs",
}
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
    badges = (_letter(view, row), _ours(view, row), _way(view, row), _tag(view, row))
    parts.show(
        f'<div class="cim-badges">{"".join(badges)}</div>',
        f'<p class="cim-lead cim-because">{escape(said)}</p>',
        parts.notes(_beside(view, row, why)),
    )


def _letter(view: View, row: int) -> str:
    letter = letter_of(view.placements.dataset, row)
    if letter is None:
        return ""
    placement = letter.means[0] if len(letter.means) == 1 else None
    said = gate().say(placement.label) if placement and letter.written == placement.name else letter.written
    return parts.badge(t("lea_page.cde"), placement, said)


def _ours(view: View, row: int) -> str:
    placements = view.placements
    placement, settled = placements.placement(row), bool(placements.firm[row])
    said = gate().say(placement.label)
    if not settled and placement.tier is not None:
        said = begun(t("lead.at_least", placement=placement.label))
    return parts.badge(t("lea_page.ours"), placement, said, ours=True, settled=settled)


def _way(view: View, row: int) -> str:
    """Whether letter and reading agree, and why not; without a letter the way to enter it."""
    way = agreement(view.placements, row)
    if way not in _WAY:
        if view.placements.dataset.in_progress[row]:
            return ""
        return parts.link(t("lea_page.enter_letter"), address.to("letters"), "cim-enter cim-no-print")
    why = difference.because(view.placements, row)
    return f"<span>{escape(t('lea_page.differs_why', why=why) if why else t(_WAY[way]))}</span>"


def _tag(view: View, row: int) -> str:
    word, rest = tags.tag(outlook.ground(view), row, outlook.closeness_of(view, row))
    return parts.tag(gate().say(word), "" if rest is None else gate().say(rest))


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
