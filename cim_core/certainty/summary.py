"""Everything about one LEA of a year that was drawn many times."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cim_core.certainty import intervals, sentences
from cim_core.certainty.drawn import Certainty
from cim_core.certainty.held_fixed import Held, all_held
from cim_core.data.dataset import Missing
from cim_core.data.indicators import CODES, INDICATORS
from cim_core.rules.tiers import NOT_PLACED, Placement
from cim_core.words.messages import Message


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
        sentence=sentences.sentence(found, row),
        beside=sentences.beside(found, row),
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
