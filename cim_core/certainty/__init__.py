"""How much of a placement is chance in this year's figures.

The rates behind the counts of performance indicators are drawn from their posterior (`rates`; chance once,
that of the year counted), the same placement code runs on every draw, and percentiles are ranked anew with
everybody drawn. Indicators are drawn independently of each other, although some share students (5a and 5b).
What is held fixed is listed with every answer (`held`), so the real uncertainty is larger. It says nothing
about other years (`next_year` does) and is not a ground for appeal. Ranks with their uncertainty: Goldstein &
Spiegelhalter 1996, Journal of the Royal Statistical Society A 159:385–443.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cim_core.certainty import intervals, simulation
from cim_core.certainty.held_fixed import Held, all_held, ranked_by_chance, redrawn
from cim_core.certainty.simulation import Progress, cells_to_redraw
from cim_core.data.dataset import Bools, Floats, Ints, Missing
from cim_core.data.indicators import CODES, INDICATORS, POSITION, get
from cim_core.placing.placement import Placements, Result
from cim_core.placing.ranking import Ranked
from cim_core.rules.clause import Basis
from cim_core.rules.tiers import NOT_PLACED, SMALL_LEA, Placement
from cim_core.why.clauses import students
from cim_core.words.messages import HowMany, Message, Value, message

__all__ = [
    "DRAWS", "SEED", "Certainty", "Held", "IndicatorCertainty", "RowCertainty", "cells_to_redraw",
    "certainty", "method_note", "summary_of",
]  # fmt: skip

DRAWS = 1000
SEED = 20_261_124
_NOT_DRAWN = (Basis.FINDINGS, Basis.YEARS)
_NOWHERE = {NOT_PLACED: "certainty.sentence.not_placed", SMALL_LEA: "certainty.sentence.small"}


@dataclass(frozen=True, slots=True)
class IndicatorCertainty:
    """One rate of one LEA: its intervals in percent, and in how many draws the target is missed.

    `missed` is None where there is no target or it does not count; `redrawn` False: the rate was held fixed.
    `wilson` and `clopper_pearson` are None without both counts.
    """

    code: str
    numerator: int | None
    denominator: int | None
    redrawn: bool
    missed: int | None
    wilson: tuple[float, float] | None
    clopper_pearson: tuple[float, float] | None

    def interval(self, method: intervals.Method) -> tuple[float, float] | None:
        """The interval by one of the methods."""
        return self.wilson if method is intervals.Method.WILSON else self.clopper_pearson


@dataclass(frozen=True, slots=True)
class RowCertainty:
    """Everything about one LEA and year, for pages and files.

    `placements` holds every placement that came up, most frequent first, with its number of draws;
    `share` is that of the LEA's own placement (0 to 1).
    """

    placement: Placement
    told: bool
    share: float
    draws: int
    seed: int
    placements: tuple[tuple[Placement, int], ...]
    indicators: tuple[IndicatorCertainty, ...]
    held: tuple[Held, ...]
    sentence: Message
    beside: tuple[Message, ...]

    @property
    def nothing_to_show(self) -> bool:
        """Whether it is not placed in any draw either: the sentence says all there is to say."""
        return self.placement == NOT_PLACED and not self.told


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
        """Whether chance can be told: something that bears on the placement is drawn."""
        own = self.own(row)
        nowhere = self.placements.placement(row) in (NOT_PLACED, SMALL_LEA)
        reached = self.redrawn[self.at(row)].any() or ranked_by_chance(self.placements, row)
        return not (nowhere and own == self.draws) and bool(reached)

    def sentence(self, row: int) -> Message:
        """One sentence for a row: in how many draws it is where it is, and where else most.

        Where what decides was held fixed, that chance was not tested there.
        """
        here, others, own = self.placements.placement(row), self.others(row), self.own(row)
        if not self.told(row):
            return message(_NOWHERE.get(here, "certainty.sentence.untold"))
        values: dict[str, Value] = {"placement": here.label, "n": HowMany(own), "draws": HowMany(self.draws)}
        if others:
            values |= {"other": others[0][0].label, "m": HowMany(others[0][1])}
        said = message("certainty.sentence.drawn" if others else "certainty.sentence.always", **values)
        return message("certainty.held_too", said=said) if self._decided_by_fixed(row) else said

    def beside(self, row: int) -> tuple[Message, ...]:
        """What must stand beside the sentence: what a draw is and that it is no forecast, that this is no
        ground for appeal, that the real uncertainty is larger; where the placement is provisional, that this
        is another kind of unsure.
        """
        always = (
            message("certainty.drawn"),
            message("certainty.no_appeal"),
            message("certainty.larger"),
        )
        return always if self.placements.firm[row] else (*always, message("certainty.provisional"))

    def missed_of(self, row: int, code: str) -> int | None:
        """In how many draws a target is missed; None where nothing is compared."""
        column = POSITION[code]
        compared = self.placements.results[row, column] in (Result.MET, Result.MISSED)
        if not compared or code not in self.placements.rulebook.elements.indicators:
            return None
        return int(self.missed[self.at(row), column])

    def _decided_by_fixed(self, row: int) -> bool:
        """Whether what decides is a fact that was not drawn."""
        clause = self.placements.clause(row)
        if clause is None:
            return False
        banded = clause.basis is Basis.COMPOSITE
        from_file = banded and self.placements.percentiles[clause.evaluation].state[row] == Ranked.FROM_FILE
        return bool(clause.basis in _NOT_DRAWN or from_file)


def certainty(
    placements: Placements,
    year: str,
    draws: int = DRAWS,
    seed: int = SEED,
    progress: Progress | None = None,
    threads: int | None = None,
) -> Certainty:
    """Draw one year of everybody `draws` times and place each; other years are not touched.

    The same seed gives the same answer, however many threads share the work. `progress` is told the part done
    (0 to 1), always from the calling thread. Raises ValueError for fewer than one draw.
    """
    if draws < 1:
        raise ValueError(f"at least one draw is needed, not {draws}")
    rows = placements.dataset.rows_of_year(year)
    tally = simulation.run(placements, year, draws, seed, threads, progress)
    cells = redrawn(placements, year)[rows]
    return Certainty(placements, year, rows, draws, seed, tally.placed, tally.missed, cells)


def summary_of(found: Certainty, row: int) -> RowCertainty:
    """Everything about one row. Raises IndexError for a row of another year."""
    placements = found.placements
    here = placements.placement(row)
    return RowCertainty(
        placement=here,
        told=found.told(row),
        share=found.own(row) / found.draws,
        draws=found.draws,
        seed=found.seed,
        placements=tuple(
            sorted(((here, found.own(row)), *found.others(row)), key=lambda one: (-one[1], -one[0].severity))
        ),
        indicators=_indicators(found, row),
        held=all_held(placements, row),
        sentence=found.sentence(row),
        beside=found.beside(row),
    )


def method_note(found: Certainty) -> tuple[Message, ...]:
    """How it was done, with sources; the seed is in it, so that anybody can do it again."""
    codes = [code for code, at in POSITION.items() if found.redrawn[:, at].any()]
    known = simulation.priors(found.placements, found.year, codes)
    each = tuple(
        message(
            "certainty.method.prior",
            label=get(code).label,
            students=students(round(one.students)),
            leas=HowMany(one.leas),
        )
        for code, one in known.items()
        if one.leas
    )
    plain = tuple(get(code).label for code, one in known.items() if not one.leas)
    said = [message("certainty.method.shrunk", each=each)] if each else []
    said += [message("certainty.method.jeffreys", codes=plain)] if plain else []
    return (
        message("certainty.method.drawn", draws=HowMany(found.draws), seed=str(found.seed)),
        *said,
        message("certainty.method.independent"),
        message("certainty.method.intervals"),
        message("certainty.method.sources"),
    )


def _indicators(found: Certainty, row: int) -> tuple[IndicatorCertainty, ...]:
    """Every rate in percent that the LEA has, in catalogue order."""
    data, at = found.placements.dataset, found.at(row)
    ends = {
        method: [side[0] for side in intervals.of_dataset(data, [row], method)] for method in intervals.Method
    }
    listed = []
    for column, code in enumerate(CODES):
        if data.missing[row, column] != Missing.PRESENT or not INDICATORS[column].has_numerator:
            continue
        low_high = {
            method: None if np.isnan(low[column]) else (float(low[column]), float(high[column]))
            for method, (low, high) in ends.items()
        }
        top, bottom = int(data.numerator[row, column]), int(data.denominator[row, column])
        listed.append(
            IndicatorCertainty(
                code=code,
                numerator=top if top >= 0 else None,
                denominator=bottom if bottom >= 0 else None,
                redrawn=bool(found.redrawn[at, column]),
                missed=found.missed_of(row, code),
                wilson=low_high[intervals.Method.WILSON],
                clopper_pearson=low_high[intervals.Method.CLOPPER_PEARSON],
            )
        )
    return tuple(listed)
