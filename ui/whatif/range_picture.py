"""How many LEAs stand in each placement along a threshold: bands on each other, named at their ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from cim_core.data.dataset import Ints
from cim_core.rules.tiers import Placement
from cim_core.whatif import Sweep, along
from cim_core.words.numbers import plain
from ui.shared import tokens
from ui.shared.drawing import Drawing
from ui.shared.words_on_screen import gate

_LEFT, _TOP, _FOOT = 8, 26, 34
_LINE = 16
_TICKS = 5


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where values stand from left to right and numbers of LEAs from the foot up."""

    width: int
    height: int
    right: int
    first: float
    span: float
    leas: int
    wide: bool

    @property
    def bottom(self) -> int:
        return self.height - _FOOT

    def x(self, value: float) -> float:
        share = min(1.0, max(0.0, (value - self.first) / self.span))
        return _LEFT + (self.right - _LEFT) * share

    def y(self, many: int) -> float:
        return self.bottom - (self.bottom - _TOP) * many / self.leas


def drawing(
    swept: Sweep, rows: Ints, placements: Sequence[Placement], marks: Sequence[tuple[float, str]], said: str,
    wide: bool = True,
) -> Drawing:  # fmt: skip
    """The bands; `marks` are values with a line and a name of their own, such as where the threshold is."""
    width, height, beside = (1140, 300, 190) if wide else (340, 280, 56)
    xs, counts = along.counts(swept, rows, placements)
    span = max(xs[-1] - xs[0], 1e-9)
    frame = _Frame(width, height, width - beside, xs[0], span, max(1, len(rows)), wide)
    picture = Drawing(width, height, said)
    _bands(picture, frame, xs, counts, placements)
    _axis(picture, frame)
    for place, (value, name) in enumerate(marks):
        x = frame.x(value)
        picture.line(x, _TOP - 6, x, frame.bottom, "ink", 2.5, dash="4 3" if place else "")
        anchor = "start" if x < frame.right / 2 else "end"
        picture.text(x, _TOP - 10, f"{name} {_written(value)}", 12, "ink", anchor, bold=not place)
    return picture


def _bands(
    picture: Drawing, frame: _Frame, xs: Sequence[float], counts: dict[int, list[int]],
    placements: Sequence[Placement],
) -> None:  # fmt: skip
    """The least intensive stands lowest; each is named where it ends, names never on each other."""
    at = [frame.x(value) for value in xs]
    under, named = [0] * len(xs), float(frame.bottom + _LINE)
    for placement in placements:
        many = counts[placement.severity]
        over = [below + more for below, more in zip(under, many, strict=True)]
        low, high = ([frame.y(number) for number in each] for each in (under, over))
        picture.path(_steps(at, low, high), tokens.tier(placement) or "bg", "edge", 0.5)
        if many[-1]:
            named = min(named - _LINE, (low[-1] + high[-1]) / 2 + 4)
            name = gate().say(placement.label) if frame.wide else placement.code
            picture.text(frame.right + 8, named, f"{name}: {many[-1]}", 12)
        under = over


def _steps(at: Sequence[float], low: Sequence[float], high: Sequence[float]) -> str:
    """A band whose edges go in steps: each count holds up to the next value."""
    there = [f"M{at[0]:.1f} {low[0]:.1f}", f"V{high[0]:.1f}"]
    for place in range(1, len(at)):
        there += [f"H{at[place]:.1f}", f"V{high[place]:.1f}"]
    there.append(f"V{low[-1]:.1f}")
    for place in range(len(at) - 2, -1, -1):
        there += [f"V{low[place]:.1f}", f"H{at[place]:.1f}"]
    return "".join(there) + "Z"


def _written(value: float) -> str:
    return plain(Decimal(str(round(value, 2))))


def _axis(picture: Drawing, frame: _Frame) -> None:
    picture.line(_LEFT, frame.bottom, frame.right, frame.bottom, "line-strong")
    for place in range(_TICKS):
        value = frame.first + frame.span * place / (_TICKS - 1)
        anchor = {0: "start", _TICKS - 1: "end"}.get(place, "middle")
        picture.text(frame.x(value), frame.bottom + 16, _written(value), 12, "ink-2", anchor)
