"""The sentence of a region: which target is missed most, by how many of how many LEAs."""

from __future__ import annotations

from cim_core.data.indicators import get
from cim_core.outlook import lead_sentence
from cim_core.why.region import Region
from cim_core.words.messages import HowMany, message
from ui.shared.results import View
from ui.shared.words_on_screen import t


def finding(view: View, region: Region) -> str:
    """What is missed most; that nothing is, or that nothing can be counted."""
    if region.most_missed:
        code, missed, counted = region.most_missed[0]
        name = message(lead_sentence.SPOKEN[code])
        few, many = HowMany(missed), HowMany(counted)
        return t("region.most_missed", label=get(code).label, name=name, missed=few, n=many)
    some = view.placements.counted[list(region.rows)].any()
    return t("region.none_missed" if some else "region.nothing_counted")
