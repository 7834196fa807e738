"""The letters of a region: how many there are, how many agree, and where each LEA stands by its letter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cim_core.letters.agreement import Agreement, agreement, letter_of
from cim_core.placing import settled
from cim_core.placing.placement import Placements
from cim_core.placing.settled import Standing
from cim_core.rules.tiers import Placement
from cim_core.words.messages import HowMany, Message, message


@dataclass(frozen=True, slots=True)
class LettersOf:
    """The rows of some LEAs by how their letters stand to this tool's reading."""

    agrees: tuple[int, ...]
    possible: tuple[int, ...]
    differs: tuple[int, ...]
    unread: tuple[int, ...]
    without: tuple[int, ...]

    @property
    def any(self) -> bool:
        """Whether anybody has a letter that can be read."""
        return self.entered > 0

    @property
    def in_short(self) -> Message:
        """How many letters there are and how many of them differ."""
        if not self.any:
            return message("letters.none_entered")
        return message("letters.in_short", n=HowMany(self.entered), differ=self._differ)

    @property
    def entered(self) -> int:
        """How many letters there are whose words name a placement."""
        return len(self.agrees) + len(self.possible) + len(self.differs)

    @property
    def _differ(self) -> Message:
        return message("letters.differ", n=HowMany(len(self.differs)))

    @property
    def said(self) -> Message:
        """How many letters there are and how they stand, in one sentence."""
        if not self.any:
            return message("letters.none_entered")
        total = self.entered + len(self.unread) + len(self.without)
        parts = (
            message("letters.agree", n=HowMany(len(self.agrees))),
            self._differ,
            *((message("letters.are_possible", n=HowMany(len(self.possible))),) if self.possible else ()),
        )
        return message("letters.summary", n=HowMany(self.entered), all=HowMany(total), parts=parts)


def letters_of(placements: Placements, rows: Iterable[int]) -> LettersOf:
    """How the letters of some rows stand to this tool's reading."""
    found: dict[Agreement, list[int]] = {way: [] for way in Agreement}
    for row in rows:
        found[agreement(placements, row)].append(row)
    return LettersOf(
        agrees=tuple(found[Agreement.AGREES]),
        possible=tuple(found[Agreement.POSSIBLE]),
        differs=tuple(found[Agreement.DIFFERS]),
        unread=tuple(found[Agreement.UNREAD]),
        without=tuple(found[Agreement.NO_LETTER]),
    )


def standing(placements: Placements, row: int) -> Standing:
    """Where an LEA stands by its letter; by this tool's reading where no letter names one placement.

    A letter that leaves the level open stands where the reading does, as far as the two agree.
    """
    letter = letter_of(placements.dataset, row)
    reading = settled.of(placements, row)
    if letter is None or not letter.means:
        return reading
    meant = _in(placements.rulebook.placements, letter.means)
    if reading.placement in meant:
        return Standing(reading.placement, True)
    return Standing(meant[0], len(meant) == 1)


def _in(of_rules: Sequence[Placement], means: Sequence[Placement]) -> Sequence[Placement]:
    """What a letter can mean among the placements of the rules in use; all of it where they have none."""
    return [placement for placement in means if placement in of_rules] or means


def by_letter(placements: Placements, rows: Sequence[int]) -> list[tuple[Standing, tuple[int, ...]]]:
    """The rows in each placement, most intensive first, by letter where there is one; the tiers that nobody
    is in stand with no rows."""
    groups: dict[Standing, list[int]] = {
        Standing(placement, True): [] for placement in placements.rulebook.placements if placement.tier
    }
    for row in rows:
        groups.setdefault(standing(placements, row), []).append(row)
    ordered = sorted(groups, key=lambda stand: (-stand.placement.severity, not stand.settled))
    return [(stand, tuple(groups[stand])) for stand in ordered]


def may_be(placements: Placements, rows: Iterable[int]) -> Counter[Placement]:
    """How many rows could be in each placement that is more intensive than where they stand, by letter where
    there is one that leaves it open, else by this tool's reading."""
    found: Counter[Placement] = Counter()
    for row in rows:
        stand, letter = standing(placements, row), letter_of(placements.dataset, row)
        if stand.settled:
            continue
        possible = letter.means if letter is not None and letter.means else placements.could_be(row)
        found.update(other for other in possible if other > stand.placement)
    return found


def reaching(placements: Placements, rows: Iterable[int], severity: int) -> tuple[int, int]:
    """How many LEAs are surely in a placement of at least a severity, and how many more could be: by letter
    where there is one, else by this tool's reading."""
    surely = could = 0
    for row in rows:
        letter = letter_of(placements.dataset, row)
        possible = letter.means if letter is not None and letter.means else placements.could_be(row)
        surely += min(possible).severity >= severity
        could += max(possible).severity >= severity
    return surely, could - surely
