"""Charts: graph objects from quantities that passed disclosure, each with its finding as text."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from cim_core.data.dataset import Ints
from ui.shared.words_on_screen import t

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


def plain(text: str) -> str:
    """Text without the marks that Plotly would take as HTML or as a placeholder."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("%{", "%\u2060{")
