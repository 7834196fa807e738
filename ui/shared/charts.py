"""Charts: graph objects from quantities that passed disclosure, each with its finding as text."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from cim_core.data.dataset import Ints
from cim_core.placing.placement import Placements, Result
from cim_core.why.explanation import Explanation
from cim_core.why.indicator_why import IndicatorWhy, difference
from ui.shared import colors
from ui.shared.words_on_screen import gate, t

_TICKS = {"size": 13}


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


def plain(text: str) -> str:
    """Text without the marks that Plotly would take as HTML or as a placeholder."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("%{", "%\u2060{")
