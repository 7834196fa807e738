"""Where an LEA can be placed, from least to most intensive. Labels: CDE flyer and monitoring pages."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cim_core.words.messages import Message, MessageFamily


class Tier(StrEnum):
    """The three tiers of CIM (source: the flyer)."""

    UNIVERSAL = "Universal"
    TARGETED = "Targeted"
    INTENSIVE = "Intensive"


@dataclass(frozen=True, slots=True, order=True)
class Placement:
    """Where an LEA is placed. `severity` orders placements from least to most intensive.

    `name` is what CDE calls it, as rulebooks and our own files write it in every language.
    """

    severity: int
    name: str
    tier: Tier | None = None
    level: int | None = None

    def __str__(self) -> str:
        return self.name

    @property
    def word(self) -> str:
        """The name as a word of message ids."""
        return self.name.casefold().replace(" ", "_")

    @property
    def label(self) -> Message:
        """What it is called on screen."""
        return Message(PLACEMENT_NAMED[self.word])

    @property
    def code(self) -> str:
        """The short form written into squares: U, T1, T2, T3, I, I1…, S, –."""
        if self.tier is None:
            return "S" if self.name == SMALL_LEA.name else "–"
        return self.tier.value[0] + (str(self.level) if self.level else "")


NOT_PLACED = Placement(-2, "Not placed")
SMALL_LEA = Placement(-1, "Small LEA")
UNIVERSAL = Placement(0, "Universal", Tier.UNIVERSAL)
PLACEMENTS: dict[str, Placement] = {
    placement.name: placement
    for placement in (
        NOT_PLACED,
        SMALL_LEA,
        UNIVERSAL,
        *(Placement(level, f"Targeted Level {level}", Tier.TARGETED, level) for level in (1, 2, 3)),
        *(Placement(10 + level, f"Intensive Level {level}", Tier.INTENSIVE, level) for level in (1, 2, 3)),
        Placement(14, "Intensive", Tier.INTENSIVE),
    )
}
NO_TIER = Placement(-2, "Small LEA or not placed")
"""Stands in a picture of flows for the two placements that are no tier, where there is no room for both."""
PLACEMENT_NAMED: MessageFamily[str] = MessageFamily(
    "placement.{}", tuple(placement.word for placement in (*PLACEMENTS.values(), NO_TIER))
)
