"""Start with more LEAs than anybody reads one by one: bars in place of squares, names by page."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go
import streamlit as st

from cim_core.intake.my_leas import MANY
from cim_core.placing.placement import Placements
from cim_core.placing.settled import Standing
from cim_core.why.region import Region
from ui.shared import colors, html_parts, tables
from ui.shared.words_on_screen import gate, t

_BAR = 34
ByPlacement = Sequence[tuple[Standing, Sequence[int]]]


def are(region: Region) -> bool:
    """Whether these are too many for a mark each."""
    return len(region.rows) > MANY


def picture(by_placement: ByPlacement, year: str, said: str) -> None:
    """A bar for each placement with its number of LEAs; the same numbers stand in the table."""
    st.caption(t("many.help"))
    with st.container(key="many_picture"):
        st.plotly_chart(bars(by_placement), config=html_parts.CONFIG, key=f"many_{year}", alt=said)


def bars(by_placement: ByPlacement) -> go.Figure:
    """How many LEAs are in each placement, most intensive on top; those that are not settled are hatched."""
    labels = [gate().say(standing.said) for standing, _ in by_placement]
    fills = [colors.colour(standing.placement) for standing, _ in by_placement]
    sizes = [len(rows) for _, rows in by_placement]
    hatched = ["" if standing.settled else "/" for standing, _ in by_placement]
    bar = go.Bar(
        x=sizes, y=labels, orientation="h", text=[str(size) for size in sizes], textposition="outside",
        cliponaxis=False, hoverinfo="skip",
        marker={
            "color": fills,
            "line": {"color": colors.OUTLINE, "width": 1.5},
            "pattern": {"shape": hatched, "fillmode": "overlay", "fgcolor": colors.OUTLINE, "solidity": 0.25},
        },
    )  # fmt: skip
    return go.Figure(
        data=[bar],
        layout={
            "xaxis": {"visible": False, "fixedrange": True, "range": [0, 1.12 * max([*sizes, 1])]},
            "yaxis": {"autorange": "reversed", "fixedrange": True, "automargin": True, "ticks": "",
                      "tickfont": {"size": 13}},
            "height": _BAR * len(labels) + 20, "margin": {"l": 0, "r": 40, "t": 4, "b": 4}, "dragmode": False,
            "showlegend": False,
        },
    )  # fmt: skip


def table(placements: Placements, region: Region, by_placement: ByPlacement) -> None:
    """Each placement with its number of LEAs and their names; of very many those of one page."""
    on_page = set(html_parts.page_of(region.rows, f"many_page_{region.year}"))
    elsewhere = {False: "–", True: t("many.elsewhere")}
    lines = [
        [
            gate().say(standing.said),
            str(len(rows)),
            [tables.marked_link(placements, row) for row in rows if row in on_page] or elsewhere[bool(rows)],
        ]
        for standing, rows in by_placement
    ]
    html_parts.table([t("head.placement"), t("head.leas"), t("head.which")], lines, (1,), css="cim-first")
