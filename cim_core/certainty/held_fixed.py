"""What is drawn and what is left as it is, and for which reason."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from cim_core.certainty.intervals import has_counts
from cim_core.data.dataset import Bools, Dataset, Missing
from cim_core.data.facts import Fact
from cim_core.data.indicators import INDICATORS, POSITION, IndicatorType, Unit, get
from cim_core.placing.placement import Placements, Result
from cim_core.placing.ranking import Percentile, Pool, Ranked, Reference, ReferenceKind, pool
from cim_core.words.messages import Message, MessageFamily, message

_PERFORMANCE = np.array([one.type is IndicatorType.PERFORMANCE for one in INDICATORS])


class HeldReason(StrEnum):
    """Why something is held fixed."""

    COMPLIANCE = "compliance"
    AREAS = "areas"
    MEAN = "mean"
    NO_COUNTS = "no_counts"
    INFERRED = "inferred"
    FINDINGS = "findings"
    YEARS = "years"
    FILE_PERCENTILE = "file_percentile"
    REFERENCE_RATES = "reference_rates"
    STUDENTS = "students"


_HELD = MessageFamily("certainty.held.{}", tuple(HeldReason))


@dataclass(frozen=True, slots=True)
class Held:
    """One reason, and the indicators that it concerns (none where it is about a fact)."""

    reason: HeldReason
    indicators: tuple[str, ...] = ()

    @property
    def said(self) -> Message:
        """The reason in words."""
        each = tuple(get(code).label for code in self.indicators)
        return message(_HELD[self.reason], each=each)


def may_be_redrawn(dataset: Dataset) -> Bools:
    """The cells (R×K) whose counts can be redrawn: performance indicators with both counts given.

    Compliance indicators are left alone: at a target of 100 % every draw of a perfect LEA would miss.
    """
    return np.asarray(has_counts(dataset) & _PERFORMANCE)


def ranking_that_decides(placements: Placements) -> tuple[Percentile, ...]:
    """The evaluations that some clause of the rules looks at."""
    return tuple(placements.percentiles[one.id] for one in placements.rulebook.deciding_evaluations)


def entered(placements: Placements, year: str) -> tuple[str, ...]:
    """The indicators on which the year is ranked in an evaluation that decides."""
    used = [used for one in ranking_that_decides(placements) for used in one.of_year(year)]
    return tuple(dict.fromkeys(code for one in used for code in one.entered))


def redrawn(placements: Placements, year: str) -> Bools:
    """The cells (R×K) that are redrawn for a year: those that count or are ranked; other years are False."""
    data, rules = placements.dataset, placements.rulebook
    elements, ranked = np.zeros(len(POSITION), np.bool_), np.zeros(len(POSITION), np.bool_)
    elements[[POSITION[code] for code in rules.elements.indicators]] = True
    ranked[[POSITION[code] for code in entered(placements, year)]] = True
    compared = (placements.results == Result.MET) | (placements.results == Result.MISSED)
    matter = compared & elements | ranked
    return np.asarray(may_be_redrawn(data) & matter & (data.year == year)[:, np.newaxis])


def all_held(placements: Placements, row: int) -> tuple[Held, ...]:
    """Everything of one LEA and year that could bear on its placement and is not redrawn."""
    data, rules = placements.dataset, placements.rulebook
    year = str(data.year[row])
    shown = {*rules.elements.indicators, *rules.elements.report_only, *entered(placements, year)}
    free = may_be_redrawn(data)[row]
    by: dict[HeldReason, list[str]] = {}
    for code, at in POSITION.items():
        if code in shown and data.missing[row, at] == Missing.PRESENT and not free[at]:
            by.setdefault(_reason(data, row, code), []).append(code)
    found = [Held(reason, tuple(by[reason])) for reason in HeldReason if reason in by]
    found += [Held(reason) for reason in _facts_held(data, row, rules.facts)]
    ranked = ranking_that_decides(placements)
    if any(one.state[row] == Ranked.FROM_FILE for one in ranked):
        found.append(Held(HeldReason.FILE_PERCENTILE))
    others = _reference_rates(placements, year) if ranked_by_chance(placements, row) else ()
    if others:
        found.append(Held(HeldReason.REFERENCE_RATES, others))
    return (*found, Held(HeldReason.STUDENTS))


def _facts_held(data: Dataset, row: int, looked_at: Collection[Fact]) -> Iterator[HeldReason]:
    """The facts that the rules look at and that are known or taken as none."""
    if Fact.FINDINGS in looked_at and (data.minor_findings[row] >= 0 or data.assumed(Fact.FINDINGS)):
        yield HeldReason.FINDINGS
    known = data.disproportionate_years[row] >= 0 or data.newly_disproportionate[row] >= 0
    if Fact.DISPROPORTIONALITY in looked_at and (known or data.assumed_at(row, Fact.DISPROPORTIONALITY)):
        yield HeldReason.YEARS


def _computed(one: Percentile, row: int) -> bool:
    return bool(one.state[row] == Ranked.COMPUTED)


def ranked_by_chance(placements: Placements, row: int) -> bool:
    """Whether a row is ranked in some evaluation that decides, and anybody in that ranking is redrawn."""
    year = str(placements.dataset.year[row])
    ranked = [one for one in ranking_that_decides(placements) if _computed(one, row)]
    return any(_drawn_in(placements, one, year) for one in ranked)


def _drawn_in(placements: Placements, ranking: Percentile, year: str) -> bool:
    """Whether any value that is ranked is redrawn, of the upload or of the reference."""
    among = pool(placements.dataset, ranking.evaluation, ranking.reference, year)
    columns = [POSITION[code] for code in among.entered]
    free = free_in_pool(among, placements.dataset, ranking.reference)
    ranked = among.swd > ranking.evaluation.swd_over
    return bool(free[ranked][:, columns].any())


def free_in_pool(among: Pool, dataset: Dataset, reference: Reference) -> Bools:
    """The cells of a pool ((n+m)×K) that can be redrawn, each where it comes from."""
    own = may_be_redrawn(dataset)[among.rows]
    if reference.dataset is None:
        return own
    of_state = may_be_redrawn(reference.dataset)[among.in_reference]
    free = np.concatenate([own, np.zeros((len(among.others), own.shape[1]), np.bool_)])
    return np.asarray(np.where(among.from_reference, of_state, free))


def _reason(data: Dataset, row: int, code: str) -> HeldReason:
    indicator, at = get(code), POSITION[code]
    if indicator.unit is Unit.COUNT:
        return HeldReason.AREAS
    if indicator.unit is Unit.POINTS:
        return HeldReason.MEAN
    if indicator.type is IndicatorType.COMPLIANCE:
        return HeldReason.COMPLIANCE
    return HeldReason.INFERRED if data.inferred[row, at] else HeldReason.NO_COUNTS


def _reference_rates(placements: Placements, year: str) -> tuple[str, ...]:
    """Indicators in percent of which the reference gives some rate without counts."""
    found = []
    for ranking in ranking_that_decides(placements):
        state = ranking.reference.dataset
        if ranking.reference.kind is not ReferenceKind.STATEWIDE or state is None:
            continue
        among = pool(placements.dataset, ranking.evaluation, ranking.reference, year)
        free = free_in_pool(among, placements.dataset, ranking.reference)
        there = (state.missing[among.in_reference] == Missing.PRESENT) & among.from_reference
        lacking = (there & ~free).any(axis=0)
        found += [code for code in among.entered if lacking[POSITION[code]]]
    return tuple(dict.fromkeys(found))
