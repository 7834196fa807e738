"""The page of a region that is one LEA: this LEA beside those like it, in place of a region of one."""

from __future__ import annotations

from cim_core.outlook import lead_sentence
from ui.shared import address, badges, explained, lag_strip, outlook, parts, peers_panels, tables
from ui.shared.results import View
from ui.shared.words_on_screen import begun, gate, t


def this_and_its_like(view: View, row: int) -> None:
    """Where the LEA is placed and why, and those like it with their rates beside; all else is on its page."""
    data, why = view.placements.dataset, explained.explanation(view, row)
    name = str(data.lea_name[row])
    because = begun(gate().say(lead_sentence.sentence(outlook.ground(view), row)))
    parts.title(name if view.seen.leas else t("like.title", name=name), because)
    parts.show(badges.badges(view, row))
    beside = [gate().say(told) for told in why.beside] if data.in_progress[row] else []
    remarks = tables.region_remarks(view.placements, [row])
    parts.show(parts.notes([*badges.of_letter(view, row), *beside, *remarks]))
    to = address.to("lea", lea=why.lea_code)
    parts.show(f'<p class="cim-go">{parts.link(t("like.why", name=name), to)}</p>')
    if not data.in_progress[row]:
        peers_panels.beside(view, row)
    lag_strip.strip(view, [row])
