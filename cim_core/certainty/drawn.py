"""A year drawn many times: where everybody is placed in each draw."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cim_core.certainty import simulation
from cim_core.certainty.held_fixed import ranked_by_chance, redrawn
from cim_core.certainty.simulation import Progress
from cim_core.data.dataset import Bools, Floats, Ints
from cim_core.data.indicators import POSITION
from cim_core.placing.placement import Placements, Result
from cim_core.rules.tiers import NOT_PLACED, SMALL_LEA, Placement

DRAWS = 1000
SEED = 20_261_124


@dataclass(frozen=True, slots=True, eq=False)
class Certainty:
    """One year drawn `draws` times: n rows of the dataset (`rows`), P placements, K indicators.

    `placed` (n×P) and `missed` (n×K) count draws; `redrawn` (n×K) says which cells were drawn.
    """

    placements: Placements
    year: str
    rows: Ints
    draws: int
    seed: int
    placed: Ints
    missed: Ints
    redrawn: Bools

    @property
    def share(self) -> Floats:
        """The share of draws in each placement (n×P); every row adds up to 1."""
        return np.asarray(self.placed / self.draws)

    def at(self, row: int) -> int:
        """Where a row of the dataset stands among those of the year. Raises IndexError for another year's."""
        return int(np.flatnonzero(self.rows == row)[0])

    def own(self, row: int) -> int:
        """In how many draws the LEA is placed where it is placed now."""
        return int(self.placed[self.at(row), self.placements.placed[row]])

    def others(self, row: int) -> tuple[tuple[Placement, int], ...]:
        """The other placements that came up, most frequent first, the more intensive first among equals."""
        here, counts = self.placements.placement(row), self.placed[self.at(row)].tolist()
        listed = zip(self.placements.rulebook.placements, counts, strict=True)
        found = [(one, count) for one, count in listed if count and one != here]
        return tuple(sorted(found, key=lambda one: (-one[1], -one[0].severity)))

    def told(self, row: int) -> bool:
        """Whether chance can be told: something that bears on the placement is drawn, and all that does is
        shown."""
        if self.placements.unseen[row]:
            return False
        own = self.own(row)
        nowhere = self.placements.placement(row) in (NOT_PLACED, SMALL_LEA)
        reached = self.redrawn[self.at(row)].any() or ranked_by_chance(self.placements, row)
        return not (nowhere and own == self.draws) and bool(reached)

    def missed_of(self, row: int, code: str) -> int | None:
        """In how many draws a target is missed; None where nothing is compared."""
        column = POSITION[code]
        compared = self.placements.results[row, column] in (Result.MET, Result.MISSED)
        if not compared or code not in self.placements.rulebook.elements.indicators:
            return None
        return int(self.missed[self.at(row), column])


def certainty(
    placements: Placements,
    year: str,
    draws: int = DRAWS,
    seed: int = SEED,
    progress: Progress | None = None,
    threads: int | None = None,
) -> Certainty:
    """Draw one year of everybody `draws` times, rank all and place whoever is looked at; other years are not
    touched.

    The same seed gives the same answer, however many threads share the work. `progress` is told the part done
    (0 to 1), always from the calling thread. Raises ValueError for fewer than one draw.
    """
    if draws < 1:
        raise ValueError(f"at least one draw is needed, not {draws}")
    rows = placements.dataset.rows_of_year(year)
    tally = simulation.run(placements, year, draws, seed, threads, progress)
    cells = redrawn(placements, year)[rows]
    return Certainty(placements, year, rows, draws, seed, tally.placed, tally.missed, cells)
