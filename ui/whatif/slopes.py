"""The picture of who moves: placements as they are at the left, with the change at the right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from cim_core.rules.tiers import Placement
from cim_core.whatif import Mover
from ui.shared.drawing import Drawing, box
from ui.shared.words_on_screen import gate, t

_WIDTH, _STEP, _TOP = 330, 44, 20
_PILL, _HIGH = 34, 22
_MOST_LINES = 3
"""So many who go the same way are a line each; more are one line with their number."""
_APART = 8


def drawing(counts: Sequence[tuple[Placement, int, int]], movers: Sequence[Mover], said: str) -> Drawing:
    """A line for each who moves, or one thicker line with how many; beside each placement how many stay."""
    ends = {end.severity for mover in movers for end in (mover.before, mover.after)}
    shown = [each for each in counts if each[0].tier is not None or each[0].severity in ends]
    rows = [each[0] for each in shown]
    height = _TOP + _STEP * (len(rows) - 1) + _TOP
    picture = Drawing(_WIDTH, height, said)
    at = {placement.severity: _TOP + _STEP * place for place, placement in enumerate(rows)}
    left: Counter[int] = Counter(one.before.severity for one in movers)
    for placement, before, _ in shown:
        y = at[placement.severity]
        picture.line(_PILL, y, _WIDTH - _PILL, y)
        for x in (0, _WIDTH - _PILL):
            _pill(picture, placement, x, y)
        stay = before - left[placement.severity]
        if stay:
            picture.text(_PILL + 12, y - 6, t("whatif.stay", n=str(stay)), 12, "ink-3")
    _lines(picture, movers, at)
    return picture


def _pill(picture: Drawing, placement: Placement, x: float, y: float) -> None:
    box(picture, placement, x, y - _HIGH / 2, _PILL, _HIGH, named=True)


def _lines(picture: Drawing, movers: Sequence[Mover], at: dict[int, int]) -> None:
    ways = Counter((one.before.severity, one.after.severity) for one in movers)
    out, into = _places(ways, 0), _places(ways, 1)
    x1, x2 = _PILL + 6, _WIDTH - _PILL - 6
    for way, many in ways.items():
        y1, y2 = at[way[0]], at[way[1]]
        if many <= _MOST_LINES:
            for line in range(many):
                start, end = y1 + out[way][line], y2 + into[way][line]
                picture.line(x1, start, x2, end, "ink", 2.5)
                picture.circle(x2, end, 4, "ink", "", 0)
            continue
        start, end = y1 + out[way][0], y2 + into[way][0]
        picture.line(x1, start, x2, end, "ink", 5)
        picture.circle(x2, end, 5, "ink", "", 0)
        x, y = x1 + (x2 - x1) * 0.5, start + (end - start) * 0.5
        picture.rect(x - 13, y - 10, 26, 20, "bg", "ink", radius=3)
        picture.text(x, y + 4, str(many), 12, "ink", "middle", bold=True)


def _places(ways: Counter[tuple[int, int]], side: int) -> dict[tuple[int, int], list[float]]:
    """How far above or below the middle of a placement each line of a way begins or ends."""
    found: dict[tuple[int, int], list[float]] = {}
    for severity in {way[side] for way in ways}:
        here = sorted((way for way in ways if way[side] == severity), key=lambda way: -way[1 - side])
        slots = [(way, line) for way in here for line in range(_lines_of(ways[way]))]
        apart = min(_APART, (_HIGH - 4) / max(1, len(slots) - 1))
        for place, (way, _) in enumerate(slots):
            found.setdefault(way, []).append((place - (len(slots) - 1) / 2) * apart)
    return found


def _lines_of(many: int) -> int:
    return many if many <= _MOST_LINES else 1


def finding(movers: Sequence[Mover]) -> str:
    """Who goes from where to where, as a sentence for whoever cannot see the lines."""
    ways = Counter((one.before, one.after) for one in movers)
    each = (
        t("whatif.way", n=str(many), before=gate().say(before.label), after=gate().say(after.label))
        for (before, after), many in ways.items()
    )
    return t("whatif.ways", each=tuple(each)) if ways else t("whatif.no_ways")
