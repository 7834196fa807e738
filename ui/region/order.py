"""In which order a region's LEAs stand: by placement, fragile first, or by what would move them."""

from __future__ import annotations

from collections.abc import Sequence

from cim_core.export import rows as export
from cim_core.export.rows import Plain
from cim_core.outlook import RowCloseness, Way, WayAnswer, What, closeness_sentences
from cim_core.placing.settled import Standing
from cim_core.why.clauses import students
from cim_core.words.messages import HowMany, MessageFamily
from ui.shared import outlook
from ui.shared.results import View
from ui.shared.words_on_screen import gate, t

PLACEMENT, NEAR = "placement", "near"
ORDERS = (PLACEMENT, NEAR, *(way.value for way in Way))
SORT = MessageFamily("outlook.sort.{}", ORDERS)
_STEP = {
    What.RESULTS: "region.step", What.RATIO: "region.step", What.PLACES: "region.step_places",
    What.EXPOSURE: "region.step_late",
}  # fmt: skip
WAY_HEAD = {Way.LESS: "region.to_less", Way.MORE: "region.to_more"}


def orders(view: View) -> Sequence[str]:
    """The orders there are: by placement alone until somebody asks what would move them."""
    return ORDERS[:1] if outlook.waits(view) else ORDERS


def sorted_by(view: View, rows: Sequence[int], order: str) -> list[int]:
    """Rows by placement as they come, fragile first, or nearest first to a less or more intensive one."""
    if order == NEAR:
        near = outlook.closeness(view)
        return sorted(rows, key=lambda row: near[row].order)
    if order not in set(Way):
        return list(rows)
    place = {row: at for at, (row, _) in enumerate(outlook.nearest(view, Way(order)))}
    return sorted(rows, key=lambda row: place.get(row, len(place)))


def beside(view: View, rows: Sequence[int], order: str) -> tuple[str, list[str]] | None:
    """The numbers that an order goes by, with their head; None by placement."""
    if order == NEAR:
        near = outlook.closeness(view)
        return t("head.sure"), [gate().say(closeness_sentences.short(near[row])) for row in rows]
    if order not in set(Way):
        return None
    way = Way(order)
    near, found = outlook.closeness(view), outlook.answers(view)
    return t(WAY_HEAD[way]), [step(near[row], found[row][way]) for row in rows]


def step(near: RowCloseness, found: WayAnswer) -> str:
    """The fewest students, or places in a ranking, that lead to another placement, and where: `75 → T3`; a
    dash where nothing was found."""
    first = near.fewest(found.way)
    if first is None:
        plan = found.best
        return "–" if plan is None else t("region.step_uncounted", placement=_code(plan.standing))
    kind = _STEP[first.what]
    if first.what is What.EXPOSURE and first.others:
        kind = "region.step_with_late"
    n = HowMany(first.count) if first.what is What.PLACES else students(first.count)
    return t(kind, n=n, placement=_code(first.standing))


def _code(to: Standing) -> str:
    return to.placement.code if to.settled else f"{to.placement.code}?"


def export_rows(view: View, rows: Sequence[int]) -> list[dict[str, Plain]]:
    """The rows of `place` with how near each placement is, and the fewest students that would change it."""
    near = outlook.closeness(view)
    found = []
    for row in rows:
        count = near[row].students
        told = None if count is None else export.whole(gate(), students(count))
        line = export.place_row(view.placements, row, gate())
        found.append(line | {"closeness": near[row].closeness.value, "decides_students": told})
    return found
