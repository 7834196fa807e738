"""CDE's letters beside this tool's reading: one line per LEA, placements as pills and in words."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from cim_core.letters import difference
from cim_core.letters.agreement import letter_of
from cim_core.placing import settled
from ui.shared import letter_cells, parts, tables
from ui.shared.results import View
from ui.shared.words_on_screen import gate, head_of


def beside_reading(view: View, rows: Sequence[int]) -> str:
    """Each LEA's letter, this tool's reading, whether they agree, and why not, as HTML."""
    head = head_of("head.lea", "head.cde", "head.ours", "head.agrees", "head.why_not")
    return parts.table(head, [_line(view, row) for row in rows], css="cim-letters")


def _line(view: View, row: int) -> list[parts.Cell]:
    placements = view.placements
    letter, why = letter_of(placements.dataset, row), difference.because(placements, row)
    means = () if letter is None else letter.means
    named = (of for of in means if letter is not None and of.name == letter.written)
    meant = next(named, means[0] if len(means) == 1 else None)
    said = escape(letter_cells.letter(placements, row))
    reading = escape(gate().say(settled.said(placements, row)))
    ours = parts.pill(placements.placement(row), bool(placements.firm[row]))
    return [
        tables.marked_link(placements, row),
        parts.Html(f"<span>{parts.pill(meant)}{said}</span>" if meant is not None else said),
        parts.Html(f"<span>{ours}{reading}</span>"),
        letter_cells.agrees(placements, row),
        gate().say(why) if why is not None else "",
    ]
