"""One rate of an LEA over the years as a drawing: met and missed as marks, the target, the others thin."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from cim_core.data.indicators import POSITION, get
from cim_core.placing.placement import Placements, Result
from cim_core.why.indicator_why import rate_of
from cim_core.words.messages import Kind, Quantity
from ui.shared.drawing import Drawing
from ui.shared.words_on_screen import gate, t

_HEIGHT, _TOP, _BOTTOM = 250, 26, 30
_STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 25, 50, 100, 200, 500)
_MOST_TICKS = 5


@dataclass(frozen=True, slots=True)
class Point:
    """One year of one LEA and indicator: the row of the placements that hold it, None where there is none."""

    year: str
    placements: Placements
    row: int | None


def value(point: Point, code: str) -> float | None:
    """What a chart may plot for one year."""
    return None if point.row is None else gate().value(rate_of(point.placements, point.row, code))


def target_of(point: Point, code: str) -> float | None:
    """The target of the rules of one year, None where there is none."""
    target = point.placements.rulebook.target(code)
    return float(target.value) if target is not None and target.value is not None else None


def result_of(point: Point, code: str) -> Result:
    """Whether the target of one year is met."""
    if point.row is None:
        return Result.MISSING
    return Result(int(point.placements.results[point.row, POSITION[code]]))


@dataclass(frozen=True, slots=True)
class _Scale:
    """From years and values to pixels."""

    left: float
    step: float
    low: float
    high: float

    def x(self, at: float) -> float:
        return self.left + self.step * at

    def y(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return _TOP + (1 - share) * (_HEIGHT - _TOP - _BOTTOM)


def drawn(
    code: str, mine: Sequence[Point], others: Sequence[Sequence[Point]], said: str, wide: bool
) -> Drawing:
    """The LEA's line with its rates, the target where there is one, the others as thin lines."""
    width, left, right = (900, 56, 150) if wide else (358, 44, 84)
    picture = Drawing(width, _HEIGHT, said)
    theirs = [[value(point, code) for point in each] for each in others]
    ours = [value(point, code) for point in mine]
    targets = [target_of(point, code) for point in mine]
    every = [one for line in (*theirs, ours, targets) for one in line if one is not None]
    step = (width - left - right) / max(1, len(mine) - 1)
    ticks = _ticks(every)
    scale = _Scale(left + 8, step, min(ticks, default=0), max(ticks, default=1))
    for tick in ticks:
        picture.line(left, scale.y(tick), width - right + 8, scale.y(tick), "line")
        picture.text(left - 6, scale.y(tick) + 4, _tick(code, tick), 12, "ink-3", "end")
    for at, point in enumerate(mine):
        picture.text(scale.x(at), _HEIGHT - 8, point.year, 12, "ink-2", "middle")
    for line in theirs:
        _line(picture, scale, line, "line-strong", 0.7)
    _target(picture, scale, mine, targets, code)
    _line(picture, scale, ours, "ink", 2.5)
    for at, (point, rate) in enumerate(zip(mine, ours, strict=True)):
        if rate is not None:
            _mark(picture, scale.x(at), scale.y(rate), point, code)
    return picture


def _ticks(every: Iterable[float]) -> list[float]:
    """Round values that lie around all that is drawn."""
    values = list(every)
    if not values:
        return []
    low, high = min(values), max(values)
    step = next((one for one in _STEPS if (high - low) / one <= _MOST_TICKS - 1), _STEPS[-1])
    first, last = int(low // step), int(-(-high // step))
    return [step * at for at in range(first, max(last, first + 1) + 1)]


def _tick(code: str, tick: float) -> str:
    kind = Kind.RATE if get(code).has_numerator else Kind.POINTS
    return gate().number(Quantity(Fraction(str(round(tick, 1))), kind, 0 if tick == round(tick) else 1))


def _line(picture: Drawing, scale: _Scale, values: Sequence[float | None], color: str, width: float) -> None:
    for at, (here, then) in enumerate(zip(values, values[1:], strict=False)):
        if here is not None and then is not None:
            picture.line(scale.x(at), scale.y(here), scale.x(at + 1), scale.y(then), color, width)


def _target(
    picture: Drawing, scale: _Scale, mine: Sequence[Point], targets: Sequence[float | None], code: str
) -> None:
    """The target of each year as a dashed step, with its text at the end."""
    for at, target in enumerate(targets):
        if target is None:
            continue
        left = scale.x(max(at - 0.5, 0))
        right = scale.x(min(at + 0.5, len(targets) - 1))
        picture.line(left, scale.y(target), right, scale.y(target), "ink", 1.5, "5 4")
    last = max((at for at, target in enumerate(targets) if target is not None), default=None)
    if last is None or (written := mine[last].placements.rulebook.target(code)) is None:
        return
    y = scale.y(targets[last] or 0)
    ours = value(mine[-1], code)
    if ours is not None and abs(scale.y(ours) - y) < 14:
        y += 14 if y >= scale.y(ours) else -14
    said = t("movement.target", target=written.written or "")
    picture.text(scale.x(len(targets) - 1) + 12, y + 4, said, 12, "ink-2")


def _mark(picture: Drawing, x: float, y: float, point: Point, code: str) -> None:
    if result_of(point, code) is Result.MISSED:
        picture.rect(x - 6, y - 6, 12, 12, "ink", "ink")
    else:
        picture.circle(x, y, 6, "bg", "ink", 2)
    assert point.row is not None
    rate = rate_of(point.placements, point.row, code)
    if rate is not None:
        picture.text(x, y - 11, gate().number(rate), 12, anchor="middle", bold=True)
