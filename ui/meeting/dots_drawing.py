"""A dot for each student of a group: filled, open, and those that would have to change outlined."""

from __future__ import annotations

from html import escape

from cim_core.export.meeting.card import Dots
from cim_core.words.messages import Quantity
from ui.shared.drawing import Drawing
from ui.shared.words_on_screen import gate

_WIDE, _STEP, _RADIUS = 640, 21.5, 7


def figure(of: Dots) -> str:
    """The picture, and under it what it shows; nothing where a number is not shown."""
    count, group = _whole(of.count), _whole(of.group)
    said = gate().say(of.said)
    if count is None or group is None:
        return f'<figure class="cim-mt-dots"><figcaption>{escape(said)}</figcaption></figure>'
    picture = _drawn(count, group, of.turns, said)
    return f'<figure class="cim-mt-dots">{picture.svg()}<figcaption>{escape(said)}</figcaption></figure>'


def _whole(number: Quantity) -> int | None:
    value = gate().value(number)
    return None if value is None else int(value)


def _drawn(count: int, group: int, turns: int, said: str) -> Drawing:
    across = int(_WIDE // _STEP)
    if group > across * 15:
        across = -(-group // 15)
    step = _WIDE / across
    radius = min(_RADIUS, step * 0.36)
    rows = -(-group // across)
    picture = Drawing(_WIDE, rows * step + 4, said)
    first, last = (count, count + turns) if turns > 0 else (count + turns, count)
    for at in range(group):
        x, y = (at % across + 0.5) * step, (at // across + 0.5) * step + 2
        turned, filled = first <= at < last, at < count
        fill = "ink" if filled and not turned else "bg"
        around, thick = ("ink" if filled or turned else "ink-3"), (3 if turned else 1.2)
        picture.circle(x, y, radius * 1.25 if turned else radius, fill, around, thick)
    return picture
