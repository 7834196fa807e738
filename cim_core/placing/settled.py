"""How a placement is said: settled, or the least intensive of several that are possible.

Where more intensive placements are possible the shown one is a floor, and is never said as if it were the
answer: "at least Universal – not settled: up to Intensive".
"""

from __future__ import annotations

from dataclasses import dataclass

from cim_core.data.indicators import CODES, INDICATORS
from cim_core.placing.placement import Placements
from cim_core.rules.tiers import Placement
from cim_core.words.messages import HowMany, Message, message

_SAID = {
    (True, True): "standing.settled",
    (True, False): "standing.settled",
    (False, True): "standing.open",
    (False, False): "standing.open_below",
}
"""What is said of a placement: by whether it is settled, and whether it is a tier."""
_SHORT = {
    (True, True): "standing.short_settled",
    (True, False): "standing.short_settled",
    (False, True): "standing.short_open",
    (False, False): "standing.short_open_below",
}


@dataclass(frozen=True, slots=True, order=True)
class Standing:
    """A placement, and whether it is settled."""

    placement: Placement
    settled: bool

    @property
    def said(self) -> Message:
        """The placement in a few words, without how far it could go."""
        return message(_SHORT[self.settled, self.placement.tier is not None], placement=self.placement.label)


def of(placements: Placements, row: int) -> Standing:
    """Where a row stands."""
    return Standing(placements.placement(row), bool(placements.firm[row]))


def short(placements: Placements, row: int) -> Message:
    """Where a row stands in a few words."""
    return of(placements, row).said


def said(placements: Placements, row: int) -> Message:
    """Where a row stands in words, with the most intensive placement that is possible where it is open."""
    here, most = placements.placement(row), placements.could_be(row)[-1]
    settled = bool(placements.firm[row])
    if not settled and most == here:
        return message("standing.unread", placement=here.label)
    return message(_SAID[settled, here.tier is not None], placement=here.label, most=most.label)


def direction(before: Standing, now: Standing) -> str:
    """Which way a placement went: `up` (more intensive), `down`, or `open` where that is not settled.

    One that is not settled is a floor: from a settled placement to a higher floor is up, from a floor down to
    a settled one below it is down, anything else could be either. `other`: one of them is no tier.
    """
    was, is_now = before.placement, now.placement
    if was.tier is None or is_now.tier is None:
        return "other"
    if is_now > was:
        return "up" if before.settled else "open"
    return "down" if now.settled and is_now < was else "open"


def may_reach(placements: Placements, row: int, severity: int) -> bool:
    """Whether a placement of at least a severity is possible."""
    return placements.could_be(row)[-1].severity >= severity


def not_supplied(placements: Placements, row: int) -> Message | None:
    """Which elements are in no open file, and whether they were taken as met; None where none lacks."""
    lacking = [one.label for at, one in enumerate(INDICATORS) if placements.unsupplied[row, at]]
    if not lacking:
        return None
    total = len(placements.rulebook.elements.indicators)
    kind = "standing.taken" if placements.taken_as_met else "standing.lacking"
    if placements.dataset.in_progress[row]:
        kind = "standing.lacking_so_far"
    return message(kind, n=HowMany(len(lacking)), m=HowMany(total), each=tuple(lacking))


def from_state(placements: Placements, row: int) -> list[str]:
    """What a row is ranked on, in evaluations that decide, that is the state file's own: codes of indicators
    in catalogue order, then `swd`."""
    ranked = [placements.percentiles[one.id] for one in placements.rulebook.deciding_evaluations]
    taken = {code for one in ranked for code in one.from_state(row)}
    codes = [code for code in CODES if code in taken]
    return [*codes, *(["swd"] if any(one.filled_swd[row] for one in ranked) else [])]
