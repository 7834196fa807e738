"""The region as a table: numbers before words, three words at most, sorted as the page is."""

from __future__ import annotations

from collections.abc import Sequence

from cim_core.outlook import RowCloseness, Way, closeness_sentences
from cim_core.placing.placement import Placements
from cim_core.placing.settled import Standing
from cim_core.rules.tiers import NOT_PLACED, SMALL_LEA
from cim_core.why.clauses import students
from cim_core.words.messages import HowMany
from ui.region import order
from ui.region.lines import Line
from ui.shared import outlook, parts, tables
from ui.shared.parts import Cell, Html, Link
from ui.shared.results import View
from ui.shared.words_on_screen import gate, head_of, t


def table(view: View, lines: Sequence[Line], rank_head: str) -> str:
    """The table as HTML; what would move each LEA is left out while that waits for somebody to ask."""
    waits = outlook.waits(view)
    flags = [tables.flags(view.placements, line.row) for line in lines]
    head = [t("head.lea"), t("head.placement"), t("region.missed"), rank_head, t("region.students")]
    if not waits:
        head += head_of(*order.WAY_HEAD.values(), "head.sure")
    head.append(t("region.decided"))
    if any(flags):
        head.append(t("region.notes"))
    found = {} if waits else outlook.answers(view)
    near = {} if waits else outlook.closeness(view)
    rows: list[list[Cell | list[Cell]]] = []
    for line, flag in zip(lines, flags, strict=True):
        cells = _numbers(view, line)
        if not waits:
            cells += [order.step(near[line.row], found[line.row][way]) for way in Way]
            cells.append(sure(view.placements, line.row, near[line.row]))
        cells.append(decided(view.placements, line.row))
        rows.append([*cells, flag or "–"] if any(flags) else cells)
    numbers = (2, 3, 4) if waits else (2, 3, 4, 5, 6)
    return parts.table(head, rows, numbers, css="cim-region-table")


def _numbers(view: View, line: Line) -> list[Cell | list[Cell]]:
    swd = int(view.placements.dataset.swd[line.row])
    return [
        Link(line.name, line.to),
        Html(_placement(line)),
        t("region.missed_of", n=line.missed, k=line.counted),
        line.rank,
        gate().bare(students(swd)) if swd >= 0 else "–",
    ]


def _placement(line: Line) -> str:
    def shown(of: Standing) -> str:
        return parts.pill(of.placement, of.settled)

    if line.reading is None:
        return shown(line.standing)
    return f'{shown(line.standing)} <i class="cim-differs">{parts.DIFFERS}</i> {shown(line.reading)}'


def sure(placements: Placements, row: int, near: RowCloseness) -> str:
    """How sure the reading is, in a word and a number."""
    return gate().say(closeness_sentences.short(near)) if placements.firm[row] else t("region.not_settled")


def decided(placements: Placements, row: int) -> str:
    """The rule that decided, in a few words."""
    clause, placement = placements.clause(row), placements.placement(row)
    if placements.unseen[row]:
        return t("rung.short.not_shown")
    if clause is not None:
        return gate().say(clause.short(placements.rulebook))
    if placement == SMALL_LEA:
        return t("rung.short.small_lea", limit=HowMany(placements.rulebook.small_lea.max_swd))
    return t("rung.short.too_little") if placement == NOT_PLACED else t("rung.short.none")
