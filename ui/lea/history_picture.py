"""Every indicator over the years as one picture: a line each, its values written on it, its target beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cim_core.data.indicators import CODES, POSITION, get
from cim_core.placing.placement import Result
from cim_core.why.indicator_why import rate_of
from cim_core.words.messages import Quantity, message
from ui.shared import parts
from ui.shared.drawing import Drawing, picture
from ui.shared.results import View
from ui.shared.words_on_screen import gate, t

_WIDE, _NARROW = 860, 358
_STEP, _HEAD = 46, 24
_FLAT = 1e-9


@dataclass(frozen=True, slots=True)
class _Line:
    """One indicator: its value and result in each of the years, None where there is none, and its target."""

    title: str
    values: tuple[Quantity | None, ...]
    results: tuple[Result, ...]
    target: float | None
    written: str


def show(view: View, row: int) -> None:
    """The picture with its heading; nothing for an LEA of a single year."""
    data = view.placements.dataset
    lea = str(data.lea_key[row])
    found = [(year, at) for year in data.years if (at := data.row_of(lea, year)) is not None]
    if len(found) < 2:
        return
    years = [year for year, _ in found]
    lines = _lines(view, [at for _, at in found])
    parts.show(parts.heading(t("lea_page.history.title"), t("lea_page.history.under")))
    said = " ".join(_said(line, years) for line in lines)
    wide = _drawing(lines, years, said, _WIDE)
    picture(
        wide,
        "history_picture",
        phone=_drawing(lines, years, said, _NARROW),
        save=f"history_{data.lea_code[row]}",
    )


def _lines(view: View, rows: Sequence[int]) -> list[_Line]:
    placements, found = view.placements, []
    for code in CODES:
        values = tuple(rate_of(placements, at, code) for at in rows)
        if sum(value is not None for value in values) < 2:
            continue
        target = placements.rulebook.target(code)
        goal = None if target is None or target.value is None else float(target.value)
        results = tuple(Result(int(placements.results[at, POSITION[code]])) for at in rows)
        written = target.written if target is not None and target.written else ""
        found.append(_Line(gate().say(get(code).title), values, results, goal, written))
    return found


def _said(line: _Line, years: Sequence[str]) -> str:
    each = tuple(
        message("lea_page.history.alt_year", value=value, year=year)
        for value, year in zip(line.values, years, strict=True)
        if value is not None
    )
    return t("lea_page.history.alt", title=line.title, each=each)


def _drawing(lines: Sequence[_Line], years: Sequence[str], said: str, width: int) -> Drawing:
    """One row for each indicator; on a narrow screen its name stands over its line."""
    phone = width == _NARROW
    step = _STEP + 18 * phone
    left, right = (30, width - 30) if phone else (250, width - 130)
    drawing = Drawing(width, _HEAD + step * len(lines), said)
    places = [left + (right - left) * at / (len(years) - 1) for at in range(len(years))]
    for place, year in zip(places, years, strict=True):
        drawing.text(place, 14, year, 12, "ink-2", "middle")
    for at, line in enumerate(lines):
        top = _HEAD + step * at
        drawing.line(0, top + 0.5, width, top + 0.5)
        drawing.text(0, top + (16 if phone else step / 2 + 5), line.title, bold=True)
        if line.written:
            drawing.text(width, top + (16 if phone else step / 2 + 5), line.written, 14, "ink-2", "end")
        _one(drawing, line, places, top + step - 12, 14)
    return drawing


def _one(drawing: Drawing, line: _Line, places: Sequence[float], bottom: float, high: float) -> None:
    """The values of one indicator, its target as a broken line."""
    plotted = [gate().value(value) for value in line.values]
    known = [value for value in plotted if value is not None]
    ends = [*known, *([line.target] if line.target is not None else [])]
    if not known:
        return
    low, span = min(ends), max(max(ends) - min(ends), _FLAT)

    def y(value: float) -> float:
        return bottom - high * (value - low) / span if span > _FLAT else bottom - high / 2

    if line.target is not None:
        drawing.line(places[0], y(line.target), places[-1], y(line.target), "line-strong", 1, "3 3")
    points = [(place, y(value)) for place, value in zip(places, plotted, strict=True) if value is not None]
    for (x1, y1), (x2, y2) in zip(points, points[1:], strict=False):
        drawing.line(x1, y1, x2, y2, "ink-3", 1.5)
    for place, value, shown, result in zip(places, plotted, line.values, line.results, strict=True):
        if value is None or shown is None:
            continue
        if result is Result.MISSED:
            drawing.rect(place - 5, y(value) - 5, 10, 10, fill="ink")
        else:
            drawing.circle(place, y(value), 4.5, stroke="ink-2")
        drawing.text(place, y(value) - 9, gate().number(shown), 12, anchor="middle")
