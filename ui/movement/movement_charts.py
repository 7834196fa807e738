"""Charts of movement: flows between placements, and one rate over the years."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from cim_core.data.indicators import POSITION, get
from cim_core.movement import Flows
from cim_core.placing.placement import Placements, Result
from cim_core.rules.tiers import Placement
from cim_core.why.indicator_why import rate_of
from cim_core.words import rounding
from cim_core.words.messages import HowMany
from ui.shared import colors
from ui.shared.charts import plain
from ui.shared.words_on_screen import gate, t

HEIGHT = 480
_PAD = 34
_TOP = 36
_SIDE = 116
_THICK = 16
_LABEL = _THICK // 2 + 5
_LINE = 12
_TICKS = {"size": 13}
_SMALLEST = 0.001
_STAYED = "rgba(128,128,128,.28)"


def _links(flows: Flows) -> list[tuple[Placement, Placement, int]]:
    """From where to where how many LEAs went, those who stay among them."""
    return [
        (before, after, int(flows.counts[i, j]))
        for i, before in enumerate(flows.places)
        for j, after in enumerate(flows.places)
        if flows.counts[i, j]
    ]


def sankey(flows: Flows, year_before: str, year_after: str) -> go.Figure:
    """LEAs of the earlier year on the left, of the later on the right, most intensive on top.

    Nodes stand where their counts put them, so that the order of placements always holds; those who stay are
    gray, those who move carry the colour of where they come from.
    """
    left, right = (_column(flows, axis) for axis in (1, 0))
    spaces = max(len(left), len(right)) - 1
    inner = HEIGHT - 2 * _TOP
    height = (1 - spaces * _PAD / inner) / max(1, int(flows.counts.sum()))
    sides = [(_SMALLEST, left, "right", 0), (1 - _SMALLEST, right, "left", 1)]
    figure = go.Figure()
    xs: list[float] = []
    ys: list[float] = []
    fills: list[str] = []
    at: dict[tuple[int, Placement], int] = {}
    for side, (x, column, anchor, label_x) in enumerate(sides):
        above = 0.0
        for place, count in column:
            middle = above + count * height / 2
            above += count * height + _PAD / inner
            at[side, place] = len(xs)
            xs.append(x)
            ys.append(min(max(middle, _SMALLEST), 1 - _SMALLEST))
            fills.append(colors.colour(place))
            figure.add_annotation(
                x=label_x, xshift=_LABEL if label_x else -_LABEL, xref="paper", xanchor=anchor,
                y=1 - middle, yref="paper", yanchor="middle",
                text=_node(place, count), align=anchor, showarrow=False, font=_TICKS,
            )  # fmt: skip
    links = _links(flows)
    figure.add_trace(
        go.Sankey(
            arrangement="fixed",
            node={
                "x": xs, "y": ys, "color": fills, "pad": _PAD, "thickness": _THICK, "label": [""] * len(xs),
                "line": {"color": colors.OUTLINE, "width": 1}, "hoverinfo": "skip",
            },
            link={
                "source": [at[0, before] for before, _, _ in links],
                "target": [at[1, after] for _, after, _ in links],
                "value": [count for _, _, count in links],
                "color": [_STAYED if one == to else _faint(colors.colour(one)) for one, to, _ in links],
                "line": {"color": "rgba(110,110,110,.9)", "width": 0.8},
                "customdata": [
                    t("movement.flow", n=HowMany(n), before=a.label, after=b.label) for a, b, n in links
                ],
                "hovertemplate": "%{customdata}<extra></extra>",
            },
        )
    )  # fmt: skip
    for x, year in ((0, year_before), (1, year_after)):
        figure.add_annotation(
            x=x, y=1, yshift=22, xref="paper", yref="paper", text=f"<b>{year}</b>", showarrow=False,
            xanchor="left" if not x else "right", font={"size": 14},
        )  # fmt: skip
    figure.update_layout(height=HEIGHT, margin={"l": _SIDE, "r": _SIDE, "t": _TOP, "b": _TOP}, dragmode=False)
    return figure


def _column(flows: Flows, axis: int) -> list[tuple[Placement, int]]:
    counts = flows.counts.sum(axis=axis).tolist()
    return [(place, count) for place, count in zip(flows.places, counts, strict=True) if count]


def _node(place: Placement, count: int) -> str:
    return f"{'<br>'.join(textwrap.wrap(gate().say(place.label), _LINE))}: <b>{rounding.count(count)}</b>"


def _faint(fill: str) -> str:
    red, green, blue = (int(fill[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},.75)"


@dataclass(frozen=True, slots=True)
class Point:
    """One year of one LEA and indicator: the row of the placements that hold it, None where there is none."""

    year: str
    placements: Placements
    row: int | None


def rates(code: str, mine: Sequence[Point], others: Sequence[Sequence[Point]], name: str) -> go.Figure:
    """One LEA's rate over the years as a line with marks, the target as steps, the others faint."""
    indicator = get(code)
    years = [point.year for point in mine]
    figure = go.Figure()
    faint_x: list[str | None] = []
    faint_y: list[float | None] = []
    for each in others:
        faint_x += [*(point.year for point in each), None]
        faint_y += [*(value(point, code) for point in each), None]
    figure.add_trace(
        go.Scatter(
            x=faint_x, y=faint_y, mode="lines", name=t("lea.others"), hoverinfo="skip", connectgaps=False,
            line={"color": "rgba(128,128,128,.35)", "width": 1},
        )
    )  # fmt: skip
    targets = [target_of(point, code) for point in mine]
    if any(one is not None for one in targets):
        figure.add_trace(
            go.Scatter(
                x=years, y=targets, mode="lines", name=t("head.target"), connectgaps=False,
                line={"color": "#777", "width": 2, "dash": "dot", "shape": "hvh"},
                hovertemplate="%{y}<extra>%{fullData.name}</extra>",
            )
        )  # fmt: skip
    results = [result_of(point, code) for point in mine]
    figure.add_trace(
        go.Scatter(
            x=years, y=[value(point, code) for point in mine], mode="lines+markers", name=plain(name),
            line={"color": "#0B5CAB", "width": 3}, connectgaps=False,
            marker={
                "size": 13, "color": [colors.MISSED if one is Result.MISSED else "#0B5CAB" for one in
                results], "symbol": ["x" if one is Result.MISSED else "circle" for one in results],
                "line": {"color": "#fff", "width": 1},
            },
            hovertemplate="%{x}: %{y}<extra></extra>",
        )
    )  # fmt: skip
    figure.update_xaxes(
        type="category", categoryorder="array", categoryarray=years, fixedrange=True, tickfont=_TICKS,
        range=[-0.3, len(years) - 0.7],
    )  # fmt: skip
    suffix = "%" if indicator.has_numerator else ""
    figure.update_yaxes(ticksuffix=suffix, fixedrange=True, tickfont=_TICKS, zeroline=False, automargin=True)
    figure.update_layout(
        height=340, margin={"l": 0, "r": 10, "t": 34, "b": 10}, dragmode=False,
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0},
    )  # fmt: skip
    return figure


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
