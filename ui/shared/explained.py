"""The why of an LEA and year, made once and handed to everything that shows it."""

from __future__ import annotations

from cim_core.placing.placement import Placements
from cim_core.why import explanation as explaining
from cim_core.why.explanation import Explanation
from ui.shared import results
from ui.shared.kept import kept
from ui.shared.results import View


def explanation(view: View, row: int) -> Explanation:
    """Why a row of what is looked at is placed where it is."""
    return _explanation(results.key(view), row, view.placements)


@kept
def _explanation(key: str, row: int, _placements: Placements) -> Explanation:
    return explaining.explain(_placements, row)
