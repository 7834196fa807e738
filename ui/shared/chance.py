"""How much of a year's placements is chance, worked out once for all sessions."""

from __future__ import annotations

from collections.abc import Callable

from cim_core.certainty import Certainty
from cim_core.certainty import certainty as redrawn
from ui.shared import kept, results
from ui.shared.results import View


def certainty(view: View, progress: Callable[[float], object] | None = None) -> Certainty | None:
    """How sure the placements of the looked-at year are; without `progress` only if that is known already."""
    key = "certainty", results.key(view), view.year
    if progress is None:
        there: Certainty | None = kept.peek(key)
        return there
    return kept.mine(key, lambda: redrawn(view.placements, view.year, progress=progress))
