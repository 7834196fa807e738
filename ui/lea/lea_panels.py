"""Parts of the page of one LEA that are neither its margins nor its movement."""

from __future__ import annotations

from cim_core.export import rows as export
from cim_core.placing.placement import Result
from cim_core.why import region
from cim_core.why.clauses import band
from cim_core.why.explanation import Explanation
from cim_core.words.messages import HowMany
from ui.lea import strips_picture
from ui.shared import explained, outlook
from ui.shared.drawing import picture
from ui.shared.results import View
from ui.shared.words_on_screen import begun, gate, md, t

_MOST_OTHERS = 60


def strips(view: View, row: int, why: Explanation) -> None:
    """How far each indicator is from its target, this LEA among the others; nothing without targets."""
    compared = [one for one in why.indicators if one.difference is not None and one.indicator.has_numerator]
    if not compared:
        return
    compared.sort(key=lambda one: one.difference.value if one.difference else 0)
    others = [other for other in region.region(view.placements, view.year).rows if other != row]
    missed = sum(one.element and one.result is Result.MISSED for one in why.indicators)
    kind = "lea.strips_alt" if others else "lea.strips_alt_alone"
    finding = t(kind, lea=why.lea_name, missed=HowMany(missed), n=HowMany(len(compared)))
    beside = others[:_MOST_OTHERS]
    wide, narrow = (
        strips_picture.drawing(view.placements, why, beside, compared, finding, width)
        for width in (strips_picture.WIDE, strips_picture.NARROW)
    )
    picture(wide, "strips", finding, phone=narrow, save=f"targets_{why.lea_code}_{why.year}")


def all_finding(view: View, row: int) -> str:
    """How many of all indicators count and are missed, in one line."""
    placements = view.placements
    total = len(placements.rulebook.elements.indicators)
    missed, counted = int(placements.missed[row]), int(placements.counted[row])
    return md(t("lea.all_finding", n=HowMany(missed), k=HowMany(counted), m=HowMany(total)))


def percentile_finding(view: View, row: int, evaluation: str) -> str:
    """Where the LEA stands in an evaluation, in one line."""
    said = gate().say(band(view.placements, row, evaluation))
    title = begun(gate().say(view.placements.rulebook.evaluation(evaluation).title))
    return md(t("lea.percentile_finding", evaluation=title, detail=said))


def support_finding(why: Explanation) -> str:
    """What the placement asks for, in one line."""
    label = gate().say(why.support[0])
    if why.placement.tier is None:
        return md(t("lea.support_none", placement=why.placement.label))
    return md(t("lea.support_finding", placement=why.placement.label, label=label))


def download(view: View, row: int) -> bytes:
    """The numbers of a page as CSV, made when they are asked for."""
    why, margin = explained.explanation(view, row), outlook.ground(view).margins
    return export.csv_bytes(export.why_rows(why, view.placements, row, gate(), margin))
