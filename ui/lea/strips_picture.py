"""Every indicator's distance to its target as one picture, the other LEAs of the region as faint marks."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cim_core.placing.placement import Placements, Result
from cim_core.why.explanation import Explanation
from cim_core.why.indicator_why import IndicatorWhy, difference
from ui.shared.drawing import Drawing
from ui.shared.words_on_screen import gate, t

WIDE, NARROW = 900, 358
_STEP, _HEAD = 26, 22
_LEAST, _MOST = 5.0, 40.0
_UNDER = 18
"""On a narrow screen the name stands so far above its marks."""
At = Callable[[float], float]


def drawing(
    placements: Placements, why: Explanation, others: Sequence[int], shown: Sequence[IndicatorWhy], said: str,
    width: int,
) -> Drawing:  # fmt: skip
    """One row for each indicator, better to the right; the target is the line in the middle of all rows."""
    phone = width == NARROW
    step = _STEP + _UNDER * phone
    left, right = (4, width - 4) if phone else (220, width - 70)
    own = [gate().value(one.difference) or 0.0 for one in shown]
    reach = min(_MOST, max(_LEAST, *(abs(value) for value in own)) * 1.1)
    picture = Drawing(width, _HEAD + step * len(shown), said)

    def at(value: float) -> float:
        return (left + right) / 2 + (right - left) / 2 * max(-1.0, min(1.0, value / reach))

    picture.text(at(0), 14, t("lea_page.targets.worse"), 12, "ink-2", "middle")
    for place, (compared, here) in enumerate(zip(shown, own, strict=True)):
        top = _HEAD + step * place
        _row(picture, placements, others, compared, here, top, step, width, at)
    picture.line(at(0), _HEAD, at(0), picture.height, "ink", 1.5)
    return picture


def _row(
    picture: Drawing, placements: Placements, others: Sequence[int], compared: IndicatorWhy, here: float,
    top: float, step: int, width: int, at: At,
) -> None:  # fmt: skip
    phone = width == NARROW
    missed = compared.result is Result.MISSED
    picture.line(0, top + 0.5, width, top + 0.5)
    middle = top + (step - 13 if phone else step / 2)
    picture.text(0, top + 16 if phone else middle + 5, gate().say(compared.indicator.title), 14, bold=missed)
    values = [gate().value(difference(placements, row, compared.indicator.code)) for row in others]
    marks = "".join(f"M{at(value):.1f} {middle - 4:.1f}v8" for value in values if value is not None)
    if marks:
        picture.path(marks, stroke="line-strong", width=1.5)
    if missed:
        picture.rect(at(here) - 6, middle - 6, 12, 12, fill="ink")
    else:
        picture.circle(at(here), middle, 5, stroke="ink-2")
    written = gate().bare(compared.difference)
    signed = written if written.startswith("−") or not here else f"+{written}"
    picture.text(width, top + 16 if phone else middle + 5, signed, 14, "ink-2", "end")
