"""What a region's matrix and table show: the choices in one line, and what is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from cim_core.why.region import shown_indicators
from ui.region import order as orders
from ui.shared import html_parts, letter_panels, parts
from ui.shared.results import View
from ui.shared.words_on_screen import t


@dataclass(frozen=True, slots=True)
class Chosen:
    """The rows that are wanted, those of them on this page, the indicators, and the order."""

    rows: Sequence[int]
    on_page: Sequence[int]
    codes: Sequence[str]
    order: str


def choices(view: View, rows: Sequence[int], beside: str) -> Chosen:
    """The line of choices; `rows` are those of the chosen placements, `beside` is HTML at its right."""
    with st.container(horizontal=True, key="filters", vertical_alignment="center"):
        find = st.text_input(
            t("region.find"), key="filter_name", placeholder=t("region.find"), label_visibility="collapsed"
        )
        order = st.selectbox(
            t("outlook.help.sort"), orders.orders(view), key="filter_order", label_visibility="collapsed",
            format_func=lambda one: t("region.sort", order=t(orders.SORT[one])),
        )  # fmt: skip
        more = st.container(horizontal=True, key="filters_more", vertical_alignment="center")
    with more:
        everything = st.toggle(t("region.all_indicators"), key="filter_all")
        differing = letter_panels.only_differing(view)
        found = [row for row in rows if (differing is None or row in differing) and _fits(view, row, find)]
        found = orders.sorted_by(view, found, order)
        on_page = html_parts.page_of(found, f"region_page_{view.year}")
        parts.show(beside)
    codes = shown_indicators(view.placements, view.year, elements_only=not everything)
    return Chosen(found, on_page, codes, order)


def _fits(view: View, row: int, find: str) -> bool:
    data = view.placements.dataset
    return find.casefold() in str(data.lea_name[row]).casefold() or find in str(data.lea_code[row])
