"""Everybody placed under a scenario that a card names."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cim_core import suppression
from cim_core.export.meeting.ground import Changed
from cim_core.placing import reference as references
from cim_core.placing.placement import Placements
from cim_core.placing.ranking import Reference
from cim_core.whatif import Scenario, scenario


def finder(
    placements: Placements, against: Reference, kept: Mapping[str, str] | None = None
) -> Callable[[str], Changed | None]:
    """What gives the placements under a scenario; `kept` has the text of those that no address can carry."""

    def found(written: str) -> Changed | None:
        try:
            text = (kept or {}).get(written)
            wanted = scenario.decode(written) if text is None else scenario.loads(text)
            return _changed(placements, against, wanted)
        except ValueError:
            return None

    return found


def _changed(placements: Placements, against: Reference, wanted: Scenario) -> Changed | None:
    if scenario.misfits(wanted, placements.rulebook):
        return None
    ranked = placements.percentiles if scenario.keeps_ranking(wanted) else None
    statewide = references.shipped()
    after = scenario.run(wanted, placements.rulebook, placements.dataset, against, statewide, ranked)
    return Changed(placements, suppression.changed(placements, after), wanted)
