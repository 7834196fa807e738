"""Who says what of an LEA: CDE's letter, this tool's reading, whether they agree, how sure the reading is."""

from __future__ import annotations

from html import escape

from cim_core.letters import difference
from cim_core.letters.agreement import letter_of
from cim_core.outlook import tags
from ui.shared import address, meeting_view, outlook, parts
from ui.shared.results import View
from ui.shared.words_on_screen import begun, gate, t


def badges(view: View, row: int) -> str:
    """All of them in one line, as HTML."""
    each = (_letter(view, row), _ours(view, row), _way(view, row), _tag(view, row))
    return f'<div class="cim-badges">{"".join(each)}</div>'


def _letter(view: View, row: int) -> str:
    letter = letter_of(view.placements.dataset, row)
    if letter is None:
        return ""
    return parts.badge(t("lea_page.cde"), letter.placement, gate().say(letter.said))


def _ours(view: View, row: int) -> str:
    placements = view.placements
    placement, settled = placements.placement(row), bool(placements.firm[row])
    said = gate().say(placement.label)
    if not settled and placement.tier is not None:
        said = begun(t("lead.at_least", placement=placement.label))
    return parts.badge(t("lea_page.ours"), placement, said, ours=True, settled=settled)


def _way(view: View, row: int) -> str:
    """Whether letter and reading agree, and why not; without a letter the way to enter it."""
    said = difference.agreement_said(view.placements, row)
    if said is None:
        if view.placements.dataset.in_progress[row] or not meeting_view.is_for_them("letters"):
            return ""
        return parts.link(t("lea_page.enter_letter"), address.to("letters"), "cim-enter cim-no-print")
    return f"<span>{escape(gate().say(said))}</span>"


def _tag(view: View, row: int) -> str:
    word, rest = tags.tag(outlook.ground(view), row, outlook.closeness_of(view, row))
    return parts.tag(gate().say(word), "" if rest is None else gate().say(rest))


def of_letter(view: View, row: int) -> list[str]:
    """What else the letter of an LEA says: its day, monitoring year, reasons; nothing without a letter."""
    letter = letter_of(view.placements.dataset, row)
    if letter is None:
        return []
    return [
        *([t("letters.dated", date=letter.date)] if letter.date else []),
        *([t("letters.for_year", year=letter.monitoring_year)] if letter.monitoring_year else []),
        *([t("letters.its_reasons", reasons=letter.reasons)] if letter.reasons else []),
    ]
