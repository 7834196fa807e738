"""Rates of an LEA beside those of LEAs like it: a strip for each indicator, better to the right."""

from __future__ import annotations

from collections.abc import Sequence

from cim_core.peers import Compared
from cim_core.words.messages import Quantity
from ui.shared.drawing import Drawing
from ui.shared.words_on_screen import gate, t

_ROW, _PHONE_ROW = 32, 52


def drawn(shown: Sequence[Compared], said: str, wide: bool) -> Drawing:
    """The others as dots, their median upright, this LEA a diamond; each with its number."""
    width, left, right = (1216, 250, 320) if wide else (358, 4, 4)
    row = _ROW if wide else _PHONE_ROW
    picture = Drawing(width, row * len(shown) + 8, said)
    for at, each in enumerate(shown):
        _strip(picture, each, row * at + (row - 14), left, width - right, wide)
    return picture


def _strip(picture: Drawing, each: Compared, y: float, left: float, right: float, wide: bool) -> None:
    title, numbers = gate().say(each.indicator.title), _numbers(each)
    if wide:
        picture.text(0, y + 5, title, 14)
        picture.text(picture.width, y + 5, numbers, 12, "ink-2", "end")
    else:
        picture.text(left, y - 22, title, 12, bold=True)
        picture.text(left, y - 8, numbers, 12, "ink-2")
    known = [*(value for _, value in each.each), each.median, *([each.here] if each.here else [])]
    values = [value for one in known if (value := gate().value(one)) is not None]
    picture.line(left, y, right, y, "line")
    if not values:
        return
    low, high = min(values), max(values)
    worse, better = (low, high) if each.indicator.higher_is_better else (high, low)

    def x(of: Quantity | None) -> float | None:
        value = gate().value(of)
        if value is None:
            return None
        share = (value - worse) / (better - worse) if better != worse else 0.5
        return left + 10 + share * (right - left - 20)

    for _, rate in each.each:
        if (place := x(rate)) is not None:
            picture.circle(place, y, 4.5, "line-strong", "bg", 1)
    if (middle := x(each.median)) is not None:
        picture.line(middle, y - 9, middle, y + 9, "ink-2", 3)
    if (here := x(each.here)) is not None:
        picture.diamond(here, y, 8, "ink")


def _numbers(each: Compared) -> str:
    """The rate here and the median, in words."""
    median = t("peers.median_is", median=each.median)
    return median if each.here is None else t("peers.here_is", here=each.here, median=median)
