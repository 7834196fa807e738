"""Percents from the worst before and after a swap, beside those of the two real years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cim_core.data.indicators import POSITION, get
from cim_core.movement.swaps import MoveReason, Stage
from cim_core.why.clauses import on_its_side, percentile_of
from cim_core.words.messages import Message, Quantity, Value, message
from cim_core.words.numbers import decimals
from cim_core.words.rounding import half_away

_NO_RANK = message("movement.no_percentile")
_CAUSE = {
    (False, False): "movement.cause.percentile",
    (False, True): "movement.cause.percentile_own",
    (True, False): "movement.cause.indicator",
}
"""By whether it is the rank of a single indicator, and whether the LEA's own data moved it."""
_STAND_IN = {False: "movement.half.percentile_stand_in", True: "movement.half.indicator_stand_in"}
_OTHERS = {
    (False, False): "movement.half.percentile_others",
    (False, True): "movement.half.percentile_others_ruled",
    (True, False): "movement.half.indicator_others",
    (True, True): "movement.half.indicator_others_ruled",
}
"""By whether it is the rank of a single indicator, and whether the rules moved it too."""
_HALF = {
    (False, False, False): "movement.half.percentile",
    (False, False, True): "movement.half.percentile_then",
    (False, True, False): "movement.half.percentile_own",
    (False, True, True): "movement.half.percentile_own_then",
    (True, False, False): "movement.half.indicator",
    (True, False, True): "movement.half.indicator_then",
}
"""As `_CAUSE`, and by whether the number before the swap is half-way."""


@dataclass(frozen=True, slots=True)
class Ranks:
    """A percent from the worst before and after one swap, beside that of both real years.

    Half-way values (one's own new results among the others' old ones) stand on no page of an LEA: every text
    says which numbers are half-way, and gives the real ones.
    """

    stages: Sequence[Stage]
    at_before: Stage
    at_after: Stage
    evaluation: str
    code: str = ""

    @property
    def before(self) -> Message:
        """The number before the swap."""
        return self._at(self.at_before)

    @property
    def after(self) -> Message:
        """The number after the swap."""
        return self._at(self.at_after)

    @property
    def was(self) -> tuple[Message, ...]:
        """What the earlier year really had, where the number before the swap is half-way."""
        real, year = self._at(self.stages[0]), _year(self.stages[0])
        return () if real == self.before else (message("movement.half.was", real=real, year=year),)

    @property
    def now(self) -> tuple[Message, ...]:
        """What the later year really has, where the number after the swap is half-way."""
        real = self._at(self.stages[-1])
        return () if real == self.after else (message("movement.half.now", real=real),)

    @property
    def marked(self) -> tuple[Message, Message]:
        """Both numbers, the half-way ones marked."""
        pairs = (self.before, self.was), (self.after, self.now)
        first, second = (
            message("movement.half.cell", half=half, real=real) if real else half for half, real in pairs
        )
        return first, second

    @property
    def said(self) -> Message:
        """The swap in a sentence."""
        values: dict[str, Value] = {"before": self.before, "after": self.after}
        reason, real = self.at_after.reason, (*self.was, *self.now)
        if self.code:
            values["title"] = get(self.code).title
        single = bool(self.code)
        own = not self.code and reason is MoveReason.DATA and _NO_RANK not in values.values()
        if not real:
            return message(_CAUSE[single, own], **values)
        values["real"] = real
        if reason is MoveReason.STAND_IN:
            return message(_STAND_IN[single], **values)
        if reason is MoveReason.OTHERS:
            by_rules = self._at(self.stages[0]) != self._at(self.stages[1])
            return message(_OTHERS[single, by_rules], **values)
        return message(_HALF[single, own, bool(self.was)], **values)

    def _at(self, stage: Stage) -> Message:
        """The number at a stage as it is printed, so that two that look alike are the same."""
        if self.code:
            return _rank_of(stage, self.evaluation, self.code)
        return percentile_at(stage, self.evaluation)


def percentile_at(stage: Stage, evaluation: str) -> Message:
    """The percent from the worst of an evaluation at a stage, as printed; or that there is no rank."""
    found = percentile_of(stage.placements, stage.row, evaluation)
    return _printed(found) if found is not None else _NO_RANK


def _rank_of(stage: Stage, evaluation: str, code: str) -> Message:
    found = float(stage.placements.percentiles[evaluation].indicator[stage.row, POSITION[code]])
    if found != found:
        return _NO_RANK
    return _printed(on_its_side(stage.placements, evaluation, found))


def _printed(quantity: Quantity) -> Message:
    rounded = half_away(quantity.value, decimals(quantity))
    return message("movement.lowest", number=replace(quantity, value=rounded))


def _year(stage: Stage) -> str:
    return str(stage.placements.dataset.year[stage.row])
