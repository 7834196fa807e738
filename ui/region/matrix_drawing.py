"""The matrix of a region as a drawing, for the file that is saved: the same lines and marks."""

from __future__ import annotations

from cim_core.data.indicators import get
from cim_core.placing.placement import Result
from ui.region.matrix import Matrix
from ui.shared.drawing import Drawing, box
from ui.shared.parts import HIDDEN
from ui.shared.words_on_screen import gate, t

_ROW, _COLUMN = 24, 30
_TOP, _HEAD = 44, 170
_NAME, _FACTS = 46, 300
_LONGEST = 36
_SQUARE = 14
_MISSED, _RANK, _BESIDE = 62, 112, 70


def drawn(of: Matrix) -> Drawing:
    """The matrix with its sentence on top."""
    beside = 120 if of.beside else 0
    left = _NAME + _FACTS + _RANK + _BESIDE + beside
    width = left + _COLUMN * len(of.codes) + 12
    under = _TOP + _HEAD
    picture = Drawing(width, under + _ROW * (len(of.lines) + 1) + 16, t("region.picture", finding=of.finding))
    picture.text(8, 28, of.finding, 20, bold=True)
    at = _NAME + _FACTS
    picture.text(at, under - 8, t("region.missed"), 12, "ink-2", "end")
    picture.text(at + _MISSED, under - 8, of.rank_head, 12, "ink-2", "end")
    if of.years_head:
        picture.text(at + _RANK - 30, under - 8, of.years_head, 12, "ink-2")
    if of.beside:
        picture.text(left - 12, under - 8, of.beside[0], 12, "ink-2", "end")
    for column, code in enumerate(of.codes):
        x = left + _COLUMN * (column + 0.5) + 4
        picture.text(x, under - 8, gate().say(get(code).title), 12, turn=-90)
    for line in range(len(of.lines)):
        _line(picture, of, line, under + _ROW * line, left)
    foot = under + _ROW * len(of.lines)
    picture.line(8, foot, width - 8, foot, "ink-2", 2)
    picture.text(_NAME, foot + 17, t("region.miss_it"), 12, "ink-2")
    for column, number in enumerate(of.missed):
        if number:
            picture.text(
                left + _COLUMN * (column + 0.5), foot + 17, str(number), 14, anchor="middle", bold=True
            )
    return picture


def _line(picture: Drawing, of: Matrix, at: int, y: float, left: float) -> None:
    line, base = of.lines[at], y + 17
    if of.divides(at):
        picture.line(8, y, picture.width - 8, y, "line-strong")
    box(picture, line.standing.placement, 8, y + 2, 30, 20, named=True)
    name = line.short if len(line.short) <= _LONGEST else f"{line.short[: _LONGEST - 1].rstrip()}…"
    picture.text(_NAME, base, name, 14, bold=True)
    edge = _NAME + _FACTS
    picture.text(edge, base, f"{line.missed}/{line.counted}", 14, anchor="end")
    picture.text(edge + _MISSED, base, line.rank, 14, anchor="end")
    if of.years_head:
        for place, year in enumerate(line.years):
            left_of = edge + _RANK - 30 + place * 16
            box(picture, year.standing.placement, left_of, y + 5, _SQUARE - 2, _SQUARE)
    picture.text(edge + _RANK + 42, base, "".join(line.marks), 12, anchor="middle")
    if of.beside:
        picture.text(left - 12, base, of.beside[1][at], 12, anchor="end")
    for column, result in enumerate(of.results[at].tolist()):
        x = left + _COLUMN * (column + 0.5)
        if of.hidden[at, column]:
            picture.text(x, y + 18, HIDDEN, 12, "ink-3", "middle")
        else:
            _mark(picture, Result(result), bool(of.by_one[at, column]), x, y)


def _mark(picture: Drawing, result: Result, by_one: bool, x: float, y: float) -> None:
    if result is Result.MISSED:
        picture.rect(x - 10, y + 3, 20, 18, "bg" if by_one else "ink", "ink", line=2, radius=2)
        picture.text(x, y + 17, "×", 14, "ink" if by_one else "bg", "middle", bold=True)
    elif result in (Result.MET, Result.MET_NOT_CALCULATED):
        picture.circle(x, y + 12, 1.5, "ink-2", "ink-2", 0)
    elif result is Result.TOO_FEW:
        picture.circle(x, y + 12, 4, "bg", "ink-3", 1)
    else:
        picture.text(x, y + 16, "–", 12, "ink-3", "middle")
