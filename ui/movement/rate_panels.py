"""One LEA's rate of one indicator over all years, against the target, with the same as a table."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from cim_core import movement as moves
from cim_core.data.indicators import CODES, POSITION, get
from cim_core.movement import Movement
from cim_core.placing.placement import Placements
from cim_core.why.indicator_why import one_indicator
from cim_core.words.messages import HowMany, Message
from ui.movement import rates_drawing
from ui.movement.rates_drawing import Point, result_of
from ui.shared import drawing, parts, tables
from ui.shared.results import View
from ui.shared.words_on_screen import gate, t

MOST_OTHERS = 60


def lines_of(view: View, found: Movement) -> None:
    """The choice of an LEA and an indicator, the line over the years, and its numbers."""
    parts.show(parts.heading(t("movement.lines")))
    data = view.placements.dataset
    rows = data.rows_of_year(found.between.year_after)
    ordered = sorted(rows.tolist(), key=lambda row: str(data.lea_name[row]))
    first = found.movers[0].row_after if found.movers else ordered[0]
    asked = data.row_of(view.lea, found.between.year_after) if view.lea else None
    with st.container(horizontal=True, vertical_alignment="bottom", key="movement_line_choices"):
        row = st.selectbox(
            t("lea.choose"), ordered, index=ordered.index(first if asked is None else asked),
            key=f"movement_lea_{found.between.year_after}",
            format_func=lambda each: f"{data.lea_name[each]} ({data.lea_code[each]})",
        )  # fmt: skip
        codes = _codes_of(view.placements, row)
        if not codes:
            st.info(t("movement.no_rates"))
            return
        turned = _turned(found, row)
        best = next((code for code in codes if code in turned), codes[0])
        code = st.selectbox(
            t("head.indicator"), codes, index=codes.index(best), key=f"movement_indicator_{row}",
            format_func=lambda each: gate().say(get(each).title),
        )  # fmt: skip
    _picture(found, row, code, [other for other in ordered if other != row])


def _picture(found: Movement, row: int, code: str, others: Sequence[int]) -> None:
    name = str(found.between.after.dataset.lea_name[row])
    mine = _points(found, row)
    said = _finding(mine, code, name)
    theirs = [_points(found, other) for other in others[:MOST_OTHERS]]
    heard = f"{said} {t('movement.same_table')}"
    wide, narrow = (rates_drawing.drawn(code, mine, theirs, heard, wide) for wide in (True, False))
    shown = [said]
    if theirs:
        shown.append(t("movement.others", n=HowMany(len(theirs))))
    file = f"rate_{found.between.after.dataset.lea_code[row]}_{code}"
    drawing.picture(wide, "movement_rates", " ".join(shown), narrow, save=file)
    head, table = rate_lines(mine, code)
    parts.show(parts.table(head, table, (1, 2, 3, 6)))


def _turned(found: Movement, row: int) -> set[str]:
    mover = next((each for each in found.movers if each.row_after == row), None)
    return {each.name for each in moves.changes(mover.stages)} if mover is not None else set()


def _codes_of(placements: Placements, row: int) -> list[str]:
    """Indicators of which the LEA has a value in any year, the elements first."""
    data = placements.dataset
    same = data.lea_key == data.lea_key[row]
    there = [code for code in CODES if (data.missing[same, POSITION[code]] == 0).any()]
    elements = placements.rulebook.elements.indicators
    return sorted(there, key=lambda code: code not in elements)


def _points(found: Movement, row: int) -> list[Point]:
    """All years of an LEA; years up to the earlier one by the earlier rules, the others by the later ones."""
    between = found.between
    lea = str(between.after.dataset.lea_code[row])
    points = []
    for year in between.after.dataset.closed_years:
        by = between.before if year <= between.year_before else between.after
        points.append(Point(year, by, by.dataset.row_of(lea, year)))
    return points


def rate_lines(mine: Sequence[Point], code: str) -> tuple[list[str], list[list[str]]]:
    """A rate over the years as head and lines: rate, fraction, target with its year, result, distance."""
    head = [t("head.year"), *tables.indicator_head()]
    lines = []
    for point in mine:
        if point.row is None:
            lines.append([point.year, t("movement.not_there"), *["–"] * (len(head) - 2)])
            continue
        why = one_indicator(point.placements, point.row, code)
        lines.append([point.year, *tables.indicator_cells(why).line()])
    return head, lines


def _finding(mine: Sequence[Point], code: str, name: str) -> str:
    """In which years the target was met and missed."""
    results = [(point.year, result_of(point, code).word) for point in mine]
    each = []
    for word, said in (("missed", "movement.line_missed"), ("met", "movement.line_met")):
        years = tuple(year for year, result in results if result == word)
        if years:
            each.append(Message(said, {"years": years}))
    if not each:
        return t("movement.line_nothing", lea=name, title=get(code).title)
    return t("movement.line", lea=name, title=get(code).title, each=tuple(each))
