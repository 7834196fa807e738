"""Two placements of the same LEAs side by side: who moves, which way, and whom that helps or hurts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from cim_core.data.dataset import Bools, Ints
from cim_core.placing.placement import Placements
from cim_core.rules.tiers import Placement

SIZES = (100, 500, 2000)
"""Upper ends of the size groups, in students with disabilities; the last group is open."""
SIZE_GROUPS = (*map(str, SIZES), "more", "unknown")


@dataclass(frozen=True, slots=True)
class Mover:
    """One LEA and year whose placement differs: the row, before and after, the deciding clause after."""

    row: int
    before: Placement
    after: Placement
    clause: str

    @property
    def direction(self) -> int:
        """1 for a more intensive placement, −1 for a less intensive one, 0 where one of them is no tier."""
        if self.before.tier is None or self.after.tier is None:
            return 0
        return 1 if self.after > self.before else -1


@dataclass(frozen=True, slots=True)
class MoverTally:
    """How many LEAs, and students with disabilities in them, move up, down, or into or out of the tiers.

    `swd_unknown` counts movers whose number of students is not known.
    """

    up: int
    down: int
    other: int
    students_up: int
    students_down: int
    swd_unknown: int


@dataclass(frozen=True, slots=True)
class GroupShare:
    """One group of LEAs: how many there are, and how many move to a more or a less intensive placement."""

    group: str
    leas: int
    up: int
    down: int


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Before and after for the same rows; `moved` (R) says which rows differ."""

    before: Placements
    after: Placements
    moved: Bools

    def movers(self, rows: Iterable[int]) -> tuple[Mover, ...]:
        """Those among some rows who move: most intensive placement after first, then by name."""
        found = [self._mover(int(row)) for row in rows if self.moved[row]]
        names = self.before.dataset.lea_name
        return tuple(
            sorted(found, key=lambda one: (-one.after.severity, -one.before.severity, str(names[one.row])))
        )

    def _mover(self, row: int) -> Mover:
        clause = self.after.clause(row)
        return Mover(row, self.before.placement(row), self.after.placement(row), clause.id if clause else "")

    def counts(self, rows: Ints) -> tuple[tuple[Placement, int, int], ...]:
        """Each placement with its number of LEAs before and after, most intensive first."""
        before, after = (severities(one)[rows].tolist() for one in (self.before, self.after))
        every = sorted({*self.before.rulebook.placements, *self.after.rulebook.placements}, reverse=True)
        listed = [(one, before.count(one.severity), after.count(one.severity)) for one in every]
        return tuple(one for one in listed if one[0].tier is not None or one[1] or one[2])

    def tally(self, movers: Iterable[Mover]) -> MoverTally:
        """The sums over some movers."""
        swd = self.before.dataset.swd
        up = [one.row for one in movers if one.direction > 0]
        down = [one.row for one in movers if one.direction < 0]
        every = [one.row for one in movers]
        return MoverTally(
            len(up),
            len(down),
            len(every) - len(up) - len(down),
            int(np.maximum(swd[up], 0).sum()) if up else 0,
            int(np.maximum(swd[down], 0).sum()) if down else 0,
            sum(int(swd[row]) < 0 for row in every),
        )

    def by_size(self, rows: Ints) -> tuple[GroupShare, ...]:
        """Movers by size of LEA: the first number of each group's name is its largest size."""
        swd = self.before.dataset.swd
        return self._by(rows, [size_of(int(swd[row])) for row in rows], SIZE_GROUPS)

    def by_type(self, rows: Ints) -> tuple[GroupShare, ...]:
        """Movers by the type of LEA that the file gives; an empty name where it gives none."""
        types = self.before.dataset.lea_type[rows].tolist()
        return self._by(rows, types, sorted(set(types)))

    def _by(self, rows: Ints, groups: Sequence[str], order: Sequence[str]) -> tuple[GroupShare, ...]:
        leas = Counter(groups)
        found = helped_and_hurt(severities(self.before)[rows], severities(self.after)[rows], groups)
        shares = ((name, *found.get(name, (0, 0))) for name in order if leas[name])
        return tuple(GroupShare(name, leas[name], up, down) for name, down, up in shares)


def size_of(swd: int) -> str:
    """The size group of an LEA by its students with disabilities: its largest size, more, or unknown."""
    if swd < 0:
        return "unknown"
    return next((str(edge) for edge in SIZES if swd <= edge), "more")


def helped_and_hurt(before: Ints, after: Ints, groups: Sequence[str]) -> dict[str, tuple[int, int]]:
    """How many of some LEAs, by group, are placed less and more intensively after than before.

    `before` and `after` are severities; those that are in no tier on either side are left out.
    """
    found: dict[str, tuple[int, int]] = {}
    for was, now, group in zip(before.tolist(), after.tolist(), groups, strict=True):
        down, up = found.get(group, (0, 0))
        if min(was, now) >= 0:
            found[group] = down + (now < was), up + (now > was)
    return found


def compare(before: Placements, after: Placements) -> Comparison:
    """Compare two placements of the same rows. Raises ValueError when the rows differ."""
    keys = (before.dataset.lea_key, before.dataset.year), (after.dataset.lea_key, after.dataset.year)
    if any(len(one) != len(other) or (one != other).any() for one, other in zip(*keys, strict=True)):
        raise ValueError("the two placements are not of the same LEAs and years")
    return Comparison(before, after, severities(before) != severities(after))


def severities(placements: Placements) -> Ints:
    """The severity of each row's placement: equal numbers are equal placements under any rulebook."""
    of = np.array([placement.severity for placement in placements.rulebook.placements], np.int64)
    return np.asarray(of[placements.placed])
