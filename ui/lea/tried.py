"""A plan's numbers in place of an LEA's own, as a scenario that What if can show."""

from __future__ import annotations

from dataclasses import replace

from cim_core.data.data_edits import DataEdit
from cim_core.outlook import Plan
from cim_core.whatif import Scenario
from ui.shared import address, parts, results
from ui.shared.results import View
from ui.shared.words_on_screen import t


def _scenario(view: View, row: int, plan: Plan) -> Scenario:
    """The scenario that is looked through, with a plan's numbers in place of the LEA's."""
    data = view.placements.dataset
    lea, year = str(data.lea_code[row]), str(data.year[row])
    edits = {(edit.lea_code, edit.year, edit.indicator): edit for edit in view.scenario.edits}
    for change in plan.changes:
        assert change.numerator_after is not None and change.denominator is not None
        edits[lea, year, change.indicator] = DataEdit(
            lea, year, change.indicator, change.numerator_after, change.denominator
        )
    name = view.scenario.name or f"{t('outlook.title.moves')}: {data.lea_name[row]}"
    return replace(view.scenario, name=name, edits=tuple(edits.values()))


def button(view: View, row: int, plan: Plan) -> str:
    """A link to What if with a plan in it, as HTML: this page's own address stays without it."""
    written = results.in_address(_scenario(view, row, plan))
    to = address.to("whatif", scenario=written, lea=str(view.placements.dataset.lea_code[row]))
    return f'<p class="cim-acts">{parts.link(t("lea_page.try"), to, "cim-btn")}</p>'
