"""How the region of an LEA is spread: all that whoever looks at that LEA alone sees of others."""

from __future__ import annotations

import streamlit as st

from cim_core.data.dataset import Missing
from cim_core.data.facts import MISSING_IN_SHORT
from cim_core.data.indicators import POSITION
from cim_core.peers import LEAST_IN_A_REGION, Quartiles, printed
from cim_core.words.messages import HowMany
from ui.shared import address, html_parts, parts, placed
from ui.shared.results import View
from ui.shared.words_on_screen import gate, md, t


def show(view: View, row: int) -> None:
    """A table of the quartiles of each indicator, this LEA's value beside."""
    data, decimals = view.placements.dataset, view.placements.rulebook.precision
    where = placed.parts(view.bundle), address.chosen("assume"), str(data.lea_key[row])
    found = placed.region(*where, str(data.year[row]), decimals)
    parts.show(parts.heading(t("spread.title")))
    if not found:
        st.markdown(md(t("spread.too_few", n=HowMany(LEAST_IN_A_REGION))))
        return
    head = [t("head.indicator"), t("peers.this"), t("spread.quarter"), t("spread.half")]
    head += [t("spread.three_quarters"), t("spread.leas")]
    html_parts.table(head, [_line(view, row, each) for each in found], range(1, len(head)))
    st.caption(md(t("spread.method", n=HowMany(LEAST_IN_A_REGION))))


def _line(view: View, row: int, each: Quartiles) -> list[html_parts.Cell]:
    data = view.placements.dataset
    here = printed(data, row, each.indicator, view.placements.rulebook.precision)
    reason = Missing(int(data.missing[row, POSITION[each.indicator.code]]))
    spread = (each.quarter, each.half, each.three_quarters)
    return [
        gate().say(each.indicator.title),
        t(MISSING_IN_SHORT[reason]) if here is None else gate().number(here),
        *(gate().number(value) for value in spread),
        str(each.leas),
    ]
