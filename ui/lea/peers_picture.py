"""Rates beside those of LEAs like this one: each a faint mark, their median a bar, this LEA a diamond."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cim_core.peers import Compared
from ui.shared.drawing import Drawing
from ui.shared.words_on_screen import gate, t

WIDE, NARROW = 860, 358
_STEP = 58
At = Callable[[float], float]


def drawing(shown: Sequence[Compared], said: str, width: int) -> Drawing:
    """One row for each indicator of one unit, all on one axis."""
    values = [
        value
        for each in shown
        for one in (*(quantity for _, quantity in each.each), each.median, each.here)
        if (value := gate().value(one)) is not None
    ]
    picture = Drawing(width, _STEP * len(shown), said)
    low, high = min(values, default=0.0), max(values, default=1.0)
    span = high - low or 1.0

    def at(value: float) -> float:
        return 40 + (width - 80) * (value - low) / span

    for place, each in enumerate(shown):
        _row(picture, each, _STEP * place, width, at)
    return picture


def _row(picture: Drawing, each: Compared, top: float, width: int, at: At) -> None:
    middle = top + 36
    picture.line(0, top + 0.5, width, top + 0.5)
    picture.text(0, top + 16, gate().say(each.indicator.title), 14, bold=True)
    picture.line(40, middle, width - 40, middle)
    for _, quantity in each.each:
        value = gate().value(quantity)
        if value is not None:
            picture.circle(at(value), middle, 5, fill="band", stroke="line-strong", width=1)
    said = []
    median = gate().value(each.median)
    if median is not None:
        picture.line(at(median), middle - 10, at(median), middle + 10, "ink-2", 3)
        said.append(t("peers.median_is", value=each.median))
    here = gate().value(each.here)
    if here is not None and each.here is not None:
        picture.diamond(at(here), middle, 7)
        said.insert(0, t("peers.this_is", value=each.here))
    picture.text(width, top + 16, " · ".join(said), 14, "ink-2", "end")
