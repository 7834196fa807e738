"""Charts: graph objects from quantities that passed disclosure, each with its finding as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from cim_core.data.dataset import Ints
from cim_core.data.indicators import get
from cim_core.placing.placement import Placements, Result
from cim_core.placing.settled import Standing
from cim_core.why.explanation import Explanation
from cim_core.why.indicator_why import IndicatorWhy, difference
from ui.shared import colors
from ui.shared.words_on_screen import gate, t

_PER_LINE = 12
_SQUARE_WIDE, _SQUARE_HIGH = 30 / 52, 30 / 44
_CLEAR = "rgba(0,0,0,0)"
SQUARES_LEAST = 540
_LONGEST_NAME = 40
_TICKS = {"size": 13}


def squares(
    placements: Placements,
    rows_by_placement: Sequence[tuple[Standing, Sequence[int]]],
    marks: Mapping[int, str],
) -> go.Figure:
    """One square per LEA, in a band for each placement, most intensive on top; long bands wrap.

    Those that are not settled have a band of their own and are hatched. `marks` stand behind the code on an
    LEA's square.
    """
    figure = go.Figure()
    data = placements.dataset
    line, ticks = 0, []
    for standing, rows in rows_by_placement:
        placement = standing.placement
        fill = colors.colour(placement)
        ticks.append((line, _on_lines(gate().say(standing.said))))
        if not standing.settled:
            figure.add_trace(_hatching(line, len(rows), fill))
        figure.add_trace(
            go.Scatter(
                x=[at % _PER_LINE for at in range(len(rows))],
                y=[line + at // _PER_LINE for at in range(len(rows))],
                mode="markers+text",
                text=[placement.code + marks.get(row, "") for row in rows],
                textfont={"color": colors.ink(fill), "size": 12},
                marker={
                    "symbol": "square",
                    "size": 30,
                    "color": fill if standing.settled else _CLEAR,
                    "line": {"color": colors.OUTLINE, "width": 1.5},
                },
                customdata=[[str(data.lea_code[row])] for row in rows],
                hovertext=[plain(str(data.lea_name[row])) for row in rows],
                hovertemplate="%{hovertext}<extra></extra>",
                showlegend=False,
            )
        )
        line += 1 + max(0, len(rows) - 1) // _PER_LINE
    figure.update_xaxes(visible=False, range=[-0.6, _PER_LINE - 0.4], fixedrange=True)
    figure.update_yaxes(
        tickvals=[at for at, _ in ticks], ticktext=[label for _, label in ticks], range=[line - 0.4, -0.6],
        showgrid=False, zeroline=False, fixedrange=True, tickfont=_TICKS, automargin=True,
    )  # fmt: skip
    figure.update_layout(
        height=44 * line + 20, width=52 * _PER_LINE, margin={"l": 0, "r": 0, "t": 4, "b": 4}, dragmode=False,
        barmode="overlay",
    )  # fmt: skip
    return figure


def _on_lines(label: str) -> str:
    """A long label on two lines, so that the squares keep their room."""
    return label.replace(" – ", "<br>– ")


def _hatching(line: int, size: int, fill: str) -> go.Bar:
    """Slanting strokes within the squares of LEAs that are not settled; only bars can be hatched."""
    return go.Bar(
        x=[at % _PER_LINE for at in range(size)],
        base=[line + at // _PER_LINE - _SQUARE_HIGH / 2 for at in range(size)],
        y=[_SQUARE_HIGH] * size,
        width=_SQUARE_WIDE,
        marker={
            "color": fill,
            "line": {"width": 0},
            "pattern": {
                "shape": "/",
                "fillmode": "overlay",
                "fgcolor": colors.OUTLINE,
                "fgopacity": 0.55,
                "size": 7,
                "solidity": 0.25,
            },
        },
        hoverinfo="skip",
        showlegend=False,
    )


def short(name: str) -> str:
    """A name that leaves room for the picture; hover and table have it whole."""
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1].rstrip() + "…"


def states(
    names: Sequence[str],
    codes: Sequence[str],
    columns: Sequence[str],
    cells: Sequence[Mapping[str, str]],
    reasons: Sequence[Mapping[str, str]],
) -> go.Figure:
    """LEA × indicator by the state of the data: fine, warning, error, too few, missing with its reason."""
    kinds = list(colors.STATE_COLOURS)
    labels = [gate().say(get(code).title) for code in columns]
    short_labels = {code: gate().say(get(code).label) for code in columns}
    hover = [
        [f"{plain(name)}<br>{short_labels[code]}: {t(colors.STATE_NAMED[line[code]])}" for code in columns]
        for name, line in zip(names, cells, strict=True)
    ]
    return _grid(
        names=[plain(short(name)) for name in names],
        codes=codes,
        columns=labels,
        level=[[kinds.index(line[code]) for code in columns] for line in cells],
        symbol=[
            [_state_sign(line[code], reasons[at].get(code, "")) for code in columns]
            for at, line in enumerate(cells)
        ],
        colours=tuple(colors.STATE_COLOURS.values()),
        hover=hover,
    )


def heat(moved: Ints, values: tuple[Sequence[float], Sequence[float]], labels: tuple[str, str]) -> go.Figure:
    """How many LEAs move for each pair of values of two thresholds; blank where the two do not fit."""
    shown = [[None if cell < 0 else int(cell) for cell in line] for line in moved.tolist()]
    figure = go.Figure(
        go.Heatmap(
            z=shown, x=list(values[1]), y=list(values[0]), colorscale="Cividis_r",
            colorbar={"title": t("head.moves")}, hovertemplate="%{y} / %{x}: %{z}<extra></extra>",
        )
    )  # fmt: skip
    figure.update_xaxes(title=plain(labels[1]), fixedrange=True, tickfont=_TICKS)
    figure.update_yaxes(title=plain(labels[0]), fixedrange=True, tickfont=_TICKS)
    figure.update_layout(height=520, margin={"l": 0, "r": 0, "t": 10, "b": 10}, dragmode=False)
    return figure


def _state_sign(kind: str, reason: str) -> str:
    return reason if kind == "missing" and reason else colors.STATE_SYMBOLS[kind]


def strips(
    placements: Placements, why: Explanation, others: Sequence[int], shown: Sequence[IndicatorWhy]
) -> go.Figure:
    """Distance to the target, better to the right: this LEA as a diamond, the others as faint dots."""
    labels = [gate().say(one.indicator.title) for one in shown]
    faint_x, faint_y, faint_names = [], [], []
    for row in others:
        for one, label in zip(shown, labels, strict=True):
            value = gate().value(difference(placements, row, one.indicator.code))
            if value is not None:
                faint_x.append(value)
                faint_y.append(label)
                faint_names.append(plain(str(placements.dataset.lea_name[row])))
    fills = [colors.MISSED if one.result is Result.MISSED else "#0B5CAB" for one in shown]
    return go.Figure(
        data=[
            {
                "type": "scatter",
                "x": faint_x,
                "y": faint_y,
                "mode": "markers",
                "name": t("lea.others"),
                "marker": {"color": "rgba(128,128,128,.45)", "size": 8},
                "hovertext": faint_names,
                "hovertemplate": "%{hovertext}: %{x:+.2f}<extra></extra>",
            },
            {
                "type": "scatter",
                "x": [gate().value(one.difference) for one in shown],
                "y": labels,
                "mode": "markers",
                "name": t("lea.this"),
                "marker": {
                    "symbol": "diamond", "size": 15, "color": fills, "line": {"color": "#fff", "width": 1},
                },
                "hovertemplate": "%{y}: %{x:+.2f}<extra></extra>",
            },
        ],
        layout={
            "shapes": [
                {"type": "line", "x0": 0, "x1": 0, "xref": "x", "y0": 0, "y1": 1, "yref": "y domain",
                 "line": {"color": "#777", "width": 2}}
            ],
            "yaxis": {
                "categoryorder": "array", "categoryarray": labels[::-1],
                "fixedrange": True, "automargin": True,
            },
            "xaxis": {"title": {"text": t("lea.axis")}, "zeroline": False, "fixedrange": True},
            "height": 34 * len(shown) + 110,
            "margin": {"l": 0, "r": 10, "t": 30, "b": 40},
            "legend": {"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0},
            "dragmode": False,
        },
    )  # fmt: skip


def _grid(
    *,
    names: Sequence[str],
    codes: Sequence[str],
    columns: Sequence[str],
    level: Sequence[Sequence[int]],
    symbol: Sequence[Sequence[str]],
    colours: Sequence[str],
    hover: Sequence[Sequence[str]],
) -> go.Figure:
    """A heat matrix with a sign in each cell; the signs are what a click finds."""
    steps = len(colours)
    scale = [[edge / steps, fill] for at, fill in enumerate(colours) for edge in (at, at + 1)]
    places = [(x, y) for y in range(len(names)) for x in range(len(columns))]
    inks = [colors.ink(fill) for fill in colours]
    return go.Figure(
        data=[
            {
                "type": "heatmap", "z": level, "x": list(range(len(columns))), "y": list(range(len(names))),
                "zmin": -0.5, "zmax": steps - 0.5, "colorscale": scale, "showscale": False,
                "xgap": 2, "ygap": 2, "hoverinfo": "skip",
            },
            {
                "type": "scatter",
                "x": [x for x, _ in places],
                "y": [y for _, y in places],
                "mode": "markers+text",
                "marker": {"symbol": "square", "size": 24, "opacity": 0},
                "text": [symbol[y][x] for x, y in places],
                "textfont": {"color": [inks[level[y][x]] for x, y in places], "size": 14},
                "customdata": [[codes[y]] for _, y in places],
                "hovertext": [hover[y][x] for x, y in places],
                "hovertemplate": "%{hovertext}<extra></extra>",
                "showlegend": False,
            },
        ],
        layout={
            "xaxis": {
                "tickvals": list(range(len(columns))), "ticktext": list(columns), "side": "top",
                "tickangle": -60, "showgrid": False, "fixedrange": True, "zeroline": False,
                "range": [-0.6, len(columns) - 0.4], "tickfont": _TICKS, "ticks": "",
            },
            "yaxis": {
                "tickvals": list(range(len(names))), "ticktext": list(names), "showgrid": False, "ticks": "",
                "range": [len(names) - 0.4, -0.6], "fixedrange": True, "zeroline": False,
                "automargin": True, "tickfont": _TICKS,
            },
            "height": 26 * len(names) + 180,
            "width": 33 * len(columns) + 390,
            "margin": {"l": 10, "r": 80, "t": 170, "b": 10},
            "dragmode": False,
        },
    )  # fmt: skip


def least_width(columns: int) -> int:
    """The width in pixels below which the signs of a matrix would touch."""
    return 22 * columns + 280


def plain(text: str) -> str:
    """Text without the marks that Plotly would take as HTML or as a placeholder."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("%{", "%\u2060{")
