"""Flows between placements of two years as a drawing: counts beside the placements, names on the flows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cim_core.movement import Flows
from cim_core.rules.tiers import Placement
from cim_core.words import rounding
from cim_core.words.messages import HowMany
from ui.shared import tokens
from ui.shared.drawing import Drawing
from ui.shared.words_on_screen import gate, t

Names = Mapping[tuple[Placement, Placement], Sequence[str]]
_UNIT_MOST = 15.0
_TOP, _GAP, _THICK = 30, 20, 14
_LETTER = 6.4
"""The width of a letter of 12 px, on the safe side."""
_READABLE = 12.0
"""A flow that is thinner has no text on it."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things stand: the width of the drawing and of the labels at each side, how tall all LEAs are
    together, and which share of the flows' width a name may take."""

    width: int
    side: int
    tall: float
    share: float
    wide: bool = True


WIDE = Layout(1216, 190, 336, 0.28)
PHONE = Layout(358, 66, 336, 0, wide=False)
PAPER = Layout(720, 130, 300, 0.42)


@dataclass(slots=True)
class _Band:
    """One flow: where it leaves and arrives, how thick it is."""

    before: Placement
    after: Placement
    count: int
    left: float
    right: float
    thick: float


def drawn(flows: Flows, years: tuple[str, str], names: Names, said: str, layout: Layout) -> Drawing:
    """The earlier year on the left, the later on the right, the most intensive placement on top.

    Who stayed is gray; who moved carries the color of where they come from.
    """
    total = max(1, int(flows.counts.sum()))
    unit = min(_UNIT_MOST, layout.tall / total)
    sides = [_nodes(flows, axis, unit) for axis in (1, 0)]
    bottom = max((y + count * unit for nodes in sides for _, count, y in nodes), default=_TOP)
    picture = Drawing(layout.width, round(bottom) + 12, said)
    bands = _bands(flows, sides, unit)
    for band in sorted(bands, key=lambda each: each.before != each.after):
        _flow(picture, band, layout)
    for band in bands:
        _label(picture, band, names.get((band.before, band.after), ()), layout)
    for at, nodes in enumerate(sides):
        _side(picture, nodes, years[at], unit, layout, right=bool(at))
    return picture


def _nodes(flows: Flows, axis: int, unit: float) -> list[tuple[Placement, int, float]]:
    """The placements of one year with their number of LEAs and where they begin."""
    found, y = [], float(_TOP)
    for place, count in zip(flows.places, flows.counts.sum(axis=axis).tolist(), strict=True):
        if count:
            found.append((place, count, y))
            y += count * unit + _GAP
    return found


def _bands(flows: Flows, sides: list[list[tuple[Placement, int, float]]], unit: float) -> list[_Band]:
    at_left, at_right = ({place: y for place, _, y in nodes} for nodes in sides)
    found = []
    for i, before in enumerate(flows.places):
        for j, after in enumerate(flows.places):
            count = int(flows.counts[i, j])
            if count:
                thick = count * unit
                found.append(_Band(before, after, count, at_left[before], at_right[after], thick))
                at_left[before] += thick
                at_right[after] += thick
    return found


def _token(place: Placement) -> str:
    return tokens.tier(place) or "hatch"


def _flow(picture: Drawing, band: _Band, layout: Layout) -> None:
    left, right = layout.side + _THICK, layout.width - layout.side - _THICK
    middle = (left + right) / 2
    top, low = (band.left, band.right), (band.left + band.thick, band.right + band.thick)
    path = (
        f"M{left} {top[0]:.1f}C{middle:.0f} {top[0]:.1f} {middle:.0f} {top[1]:.1f} {right} {top[1]:.1f}"
        f"L{right} {low[1]:.1f}C{middle:.0f} {low[1]:.1f} {middle:.0f} {low[0]:.1f} {left} {low[0]:.1f}Z"
    )
    picture.path(path, "band" if band.before == band.after else _token(band.before), "bg", 1)


def _label(picture: Drawing, band: _Band, names: Sequence[str], layout: Layout) -> None:
    """Who moved, by name where there is room, at the end of the flow; how many stayed, at its beginning."""
    if band.thick < _READABLE:
        return
    if band.before == band.after:
        said = t("movement.stayed", n=HowMany(band.count)) if layout.wide else str(band.count)
        picture.text(layout.side + _THICK + 8, band.left + band.thick / 2 + 4, said, 12, "ink-2")
        return
    room = (layout.width - 2 * layout.side) * layout.share
    each = ", ".join(names)
    if not layout.wide or not each or len(each) * _LETTER > room:
        each = t("movement.leas", n=HowMany(band.count)) if layout.wide else str(band.count)
    color = "ink" if _token(band.before) == "hatch" else f"on-{_token(band.before)}"
    x = layout.width - layout.side - _THICK - 8
    picture.text(x, band.right + band.thick / 2 + 4, each, 12, color, "end")


def _side(
    picture: Drawing, nodes: list[tuple[Placement, int, float]], year: str, unit: float, layout: Layout,
    right: bool,
) -> None:  # fmt: skip
    """The placements of one year: a bar in the tier's color, its name and its number."""
    x = layout.width - layout.side - _THICK if right else layout.side
    edge, way, anchor = (x + _THICK + 8, 1, "start") if right else (x - 8, -1, "end")
    picture.text(edge, 16, year, 14, anchor=anchor, bold=True)
    for place, count, y in nodes:
        mark = tokens.tier(place)
        picture.rect(x, y, _THICK, count * unit, mark or "bg", "edge", dash="" if mark else "2 2")
        number, base = rounding.count(count), y + count * unit / 2 + 5
        name = gate().say(place.label) if layout.wide else place.code
        picture.text(edge, base, number, 14, anchor=anchor, bold=True)
        picture.text(edge + way * (9 * len(number) + 6), base, name, 12, "ink-2", anchor)
