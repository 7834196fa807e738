"""The matrix of a region, the same as a table, and what leaves as files."""

from __future__ import annotations

import streamlit as st

from cim_core.export import rows as export
from ui.region import matrix, matrix_drawing, order, region_table
from ui.region.controls import Chosen
from ui.shared import downloads, drawing, parts, tables
from ui.shared.results import View
from ui.shared.words_on_screen import t


def picture(view: View, chosen: Chosen, finding: str) -> None:
    """The matrix (a list on a phone) with its key, then the table; each is one piece of HTML."""
    beside = order.beside(view, chosen.on_page, chosen.order)
    by_placement = chosen.order == order.PLACEMENT
    of = matrix.matrix(view, chosen.rows, chosen.on_page, chosen.codes, finding, beside, by_placement)
    parts.show(matrix.table(view, of), matrix.listed(of))
    parts.show(parts.notes(tables.region_remarks(view.placements, chosen.rows)))
    with st.container(horizontal=True, key="region_save", vertical_alignment="center"):
        parts.show(parts.heading(t("region.table")))
        drawing.save_buttons(lambda: matrix_drawing.drawn(of), "region", f"region_{view.year}")
        downloads.button(
            t("region.download"),
            lambda: export.csv_bytes(order.export_rows(view, chosen.rows)),
            file_name=f"placements_{view.year}.csv",
            mime="text/csv",
            key="region_export",
        )
    parts.show(region_table.table(view, of.lines, of.rank_head))
