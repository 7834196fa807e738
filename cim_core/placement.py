"""Dataset + rulebook → placements, with the outcome of every clause kept.

Three-valued throughout (Kleene's strong logic): a fact that was not supplied makes a clause unknown, and the
placement then says which other placements are still possible. Ladder and precedence: CDE flyer "CIM –
Targeted Tier At-A-Glance"; that the most intensive clause that holds wins is assumed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from cim_core import findings, ranking
from cim_core.attainment import meets, other_measure
from cim_core.dataset import NONE, Bools, Codes, Dataset, Floats, Ints, Missing
from cim_core.disproportionality import filled
from cim_core.findings import Findings
from cim_core.indicators import POSITION
from cim_core.ranking import Percentile, Reference
from cim_core.rulebook import (
    NOT_PLACED,
    SMALL_LEA,
    UNIVERSAL,
    Clause,
    ClauseKind,
    Fact,
    Placement,
    Rulebook,
    SmallLeaTrack,
)


class Outcome(IntEnum):
    """What a clause, or a yes-or-no fact, came to."""

    UNKNOWN = -1
    FALSE = 0
    TRUE = 1

    @property
    def word(self) -> str:
        """The lower-case name, as in files and message ids."""
        return self.name.lower()


class Result(IntEnum):
    """What one indicator came to against its target."""

    MISSING = 0
    NO_TARGET = 1
    MET = 2
    MISSED = 3
    TOO_FEW = 4
    MET_NOT_CALCULATED = 5
    OTHER_MEASURE = 6

    @property
    def word(self) -> str:
        """The lower-case name, as in files and message ids."""
        return self.name.lower()


@dataclass(frozen=True, slots=True, eq=False)
class Placements:
    """The proof of every placement: R rows of the dataset, C clauses and K indicators.

    `results` (R×K) holds `Result` codes; `missed` and `counted` (R) count elements missed and elements with
    data; `outcomes` (R×C) holds `Outcome` codes; `deciding` (R) is the clause that decided, −1 for none;
    `placed` (R) indexes `rulebook.placements`; `possible` (R×P) says which of them are still possible.
    """

    dataset: Dataset
    rulebook: Rulebook
    percentiles: Mapping[str, Percentile]
    results: Codes
    missed: Ints
    counted: Ints
    outcomes: Codes
    deciding: Codes
    placed: Codes
    possible: Bools
    small_lea: Codes
    sig_dis: Codes

    @property
    def firm(self) -> Bools:
        """Rows for which only one placement is possible."""
        return np.asarray(self.possible.sum(axis=1) == 1)

    @property
    def count_known(self) -> Bools:
        """Rows with enough elements to count missed targets."""
        return np.asarray(self.counted >= self.rulebook.min_elements)

    def placement(self, row: int) -> Placement:
        """Where a row is placed."""
        return self.rulebook.placements[int(self.placed[row])]

    def could_be(self, row: int) -> tuple[Placement, ...]:
        """Every placement still possible, from least to most intensive."""
        return tuple(
            placement
            for placement, possible in zip(self.rulebook.placements, self.possible[row], strict=True)
            if possible
        )

    def clause(self, row: int) -> Clause | None:
        """The clause that decided, None when none held."""
        return self.rulebook.clauses[self.deciding[row]] if self.deciding[row] >= 0 else None

    def holding(self, row: int) -> tuple[Clause, ...]:
        """Every clause that holds for a row, in the rulebook's order."""
        return tuple(
            clause
            for clause, holds in zip(self.rulebook.clauses, self.outcomes[row] == Outcome.TRUE, strict=True)
            if holds
        )

    def elements(self, row: int, result: Result) -> tuple[str, ...]:
        """The elements of a row that came to a result, in catalogue order."""
        counted = set(self.rulebook.elements.indicators)
        return tuple(
            code for code, at in POSITION.items() if code in counted and self.results[row, at] == result
        )


def place(
    dataset: Dataset,
    rulebook: Rulebook,
    reference: Reference = ranking.NO_REFERENCE,
    percentiles: Mapping[str, Percentile] | None = None,
) -> Placements:
    """Place every row of the dataset. `percentiles` may be handed in when they are already computed.

    Where files are silent about disproportionality, what their counts say is filled in first, by the
    rulebook's own threshold; the placements then hold the dataset so filled.
    """
    dataset = filled(dataset, rulebook)
    if percentiles is None:
        percentiles = ranking.evaluate(dataset, rulebook, reference)
    results = against_targets(dataset, rulebook)
    elements = results[:, [POSITION[code] for code in rulebook.elements.indicators]]
    missed = (elements == Result.MISSED).sum(axis=1)
    met = (elements == Result.MET) | (elements == Result.MET_NOT_CALCULATED)
    counted = missed + met.sum(axis=1)
    known = counted >= rulebook.min_elements
    found = findings.of(dataset, rulebook, results == Result.MISSED)
    outcomes = np.empty((len(dataset), len(rulebook.clauses)), np.int8)
    for at, clause in enumerate(rulebook.clauses):
        outcomes[:, at] = _outcome(clause, dataset, percentiles, missed, known, found)
    small = _three(dataset.swd <= rulebook.small_lea.max_swd, dataset.swd >= 0)
    deciding, placed, possible = _decide(rulebook, outcomes, known, small)
    sig_dis = dataset.sig_dis.copy()
    if "sig_dis" not in dataset.columns and dataset.assumed(Fact.DISPROPORTIONALITY):
        sig_dis[~dataset.knows_disproportionality] = Outcome.FALSE
    return Placements(
        dataset=dataset,
        rulebook=rulebook,
        percentiles=percentiles,
        results=results,
        missed=missed,
        counted=counted,
        outcomes=outcomes,
        deciding=deciding,
        placed=placed,
        possible=possible,
        small_lea=small,
        sig_dis=sig_dis,
    )


def against_targets(dataset: Dataset, rulebook: Rulebook) -> Codes:
    """Met or missed for every cell: R×K `Result` codes.

    Values are compared at the rulebook's precision, see `cim_core.attainment`. A value of another measure
    than its target's is not compared: it counts as one without a target, and is not unknown.
    """
    results = np.where(dataset.missing == Missing.PRESENT, Result.NO_TARGET, Result.MISSING).astype(np.int8)
    for target in rulebook.targets:
        if target.value is None:
            continue
        column = POSITION[target.indicator]
        there = dataset.missing[:, column] == Missing.PRESENT
        met = meets(dataset, column, target.comparator, target.value, rulebook.precision)
        results[:, column] = np.where(there, np.where(met, Result.MET, Result.MISSED), Result.MISSING)
        if rulebook.minimum_n:
            students = dataset.denominator[:, column]
            results[there & (students >= 0) & (students < rulebook.minimum_n), column] = Result.TOO_FEW
        if target.indicator in rulebook.elements.nc_is_met:
            not_calculated = dataset.missing[:, column] == Missing.NOT_CALCULATED
            results[not_calculated, column] = Result.MET_NOT_CALCULATED
        other = other_measure(dataset, target)
        results[other, column] = np.where(there[other], Result.OTHER_MEASURE, Result.MISSING)
    return results


def _outcome(
    clause: Clause,
    dataset: Dataset,
    percentiles: Mapping[str, Percentile],
    missed: Ints,
    known: Bools,
    found: Findings,
) -> Codes:
    if clause.kind is ClauseKind.MISSED_TARGETS:
        return _three(within_count(clause, missed), known)
    if clause.kind is ClauseKind.COMPLIANCE_FINDINGS:
        holds = within_count(clause, found.least)
        return _three(holds, found.exact | holds & (found.late > 0))
    if clause.kind is ClauseKind.DISPROPORTIONATE_YEARS:
        return _disproportionate(clause, dataset)
    percentile = percentiles[clause.evaluation]
    if clause.kind is ClauseKind.PERCENTILE_BAND:
        outcome = _within(clause, percentile.low, percentile.high)
    else:
        outcome = _any_indicator(clause, percentile)
    too_small = (dataset.swd >= 0) & (dataset.swd <= percentile.evaluation.swd_over)
    outcome[too_small & (outcome == Outcome.UNKNOWN)] = Outcome.FALSE
    if clause.fact is not None and dataset.assumed(clause.fact):
        outcome[outcome == Outcome.UNKNOWN] = Outcome.FALSE
    return outcome


def _any_indicator(clause: Clause, percentile: Percentile) -> Codes:
    """True when any indicator is in the band, false when all are known and none is, else unknown."""
    columns = [POSITION[code] for code in clause.indicators]
    low = percentile.indicator_low[:, columns]
    exact = percentile.indicator_low is percentile.indicator_high
    each = _within(clause, low, low if exact else percentile.indicator_high[:, columns])
    any_inside = np.asarray((each == Outcome.TRUE).any(axis=1))
    none_inside = np.asarray((each == Outcome.FALSE).all(axis=1))
    return _three(any_inside, any_inside | none_inside)


def _within(clause: Clause, low: Floats, high: Floats) -> Codes:
    """Whether percents that lie between two ends are in the band: all of it, none of it, or not known."""
    known = ~np.isnan(low)
    if low is high:
        return _three(in_band(clause, low), known)
    known &= ~np.isnan(high)
    inside = in_band(clause, low) & in_band(clause, high)
    meets = _over_its_start(clause, high) & _under_its_end(clause, low)
    return _three(inside, known & (inside | ~meets))


def _disproportionate(clause: Clause, dataset: Dataset) -> Codes:
    """Years decide where they are known; "newly" means that the column says so, or exactly one year.

    Taken as none where nothing is known, except for an LEA that the same file calls significantly
    disproportionate. Years that
    counts only bound decide where every number between the bounds gives the same answer.
    """
    outcome = _by_years(clause, dataset)
    if dataset.assumed(Fact.DISPROPORTIONALITY):
        taken = ~dataset.knows_disproportionality & (dataset.sig_dis != Outcome.TRUE)
        outcome[taken] = Outcome.FALSE
    return outcome


def _by_years(clause: Clause, dataset: Dataset) -> Codes:
    years, newly = dataset.disproportionate_years, dataset.newly_disproportionate
    if not clause.newly:
        outcome = _three(within_count(clause, years), years >= 0)
        return outcome if dataset.worked_out is None else _bounded(clause, dataset, outcome)
    return _three((newly == Outcome.TRUE) | (years == 1), (newly >= 0) | (years >= 0))


def _bounded(clause: Clause, dataset: Dataset, outcome: Codes) -> Codes:
    """The outcome where only bounds of the years are known: at least and at most so many in a row."""
    assert dataset.worked_out is not None
    least, most = dataset.worked_out.least, dataset.worked_out.most
    start, end = clause.at_least or 0, clause.at_most
    inside = least >= start
    outside = most < start
    if end is not None:
        inside, outside = inside & (most <= end), outside | (least > end)
    told = (least >= 0) & (dataset.disproportionate_years == NONE)
    bounded = np.where(inside, Outcome.TRUE, np.where(outside, Outcome.FALSE, Outcome.UNKNOWN))
    return np.where(told, bounded, outcome).astype(np.int8)


def within_count(clause: Clause, count: Ints) -> Bools:
    """Whether each count (targets missed, findings, years) is within a clause's whole numbers."""
    holds = count >= (clause.at_least or 0)
    return holds & (count <= clause.at_most) if clause.at_most is not None else holds


def in_band(clause: Clause, percentile: Floats) -> Bools:
    """Whether each percent from the worst is within a clause's band; NaN is in none that has a bound."""
    return _under_its_end(clause, percentile) & _over_its_start(clause, percentile)


def _under_its_end(clause: Clause, percentile: Floats) -> Bools:
    inside = np.ones(percentile.shape, np.bool_)
    with np.errstate(invalid="ignore"):
        if clause.to is not None:
            inside &= percentile <= float(clause.to)
        if clause.below is not None:
            inside &= percentile < float(clause.below)
    return inside


def _over_its_start(clause: Clause, percentile: Floats) -> Bools:
    inside = np.ones(percentile.shape, np.bool_)
    with np.errstate(invalid="ignore"):
        if clause.over is not None:
            inside &= percentile > float(clause.over)
        if clause.start is not None:
            inside &= percentile >= float(clause.start)
    return inside


def _three(holds: Bools, known: Bools) -> Codes:
    return np.where(known, holds, Outcome.UNKNOWN).astype(np.int8)


def _decide(rulebook: Rulebook, outcomes: Codes, known: Bools, small: Codes) -> tuple[Codes, Codes, Bools]:
    """The first clause that holds, the placement, and every placement that unknown clauses still allow."""
    size, clauses = outcomes.shape
    labels = {placement: at for at, placement in enumerate(rulebook.placements)}
    holds = outcomes == Outcome.TRUE
    any_holds = holds.any(axis=1)
    first = holds.argmax(axis=1)
    deciding = np.where(any_holds, first, -1).astype(np.int8)
    of_clause = np.array([labels[clause.placement] for clause in rulebook.clauses], np.int8)
    otherwise = np.where(known, labels[UNIVERSAL], labels[NOT_PLACED])
    placed = np.where(any_holds, of_clause[first], otherwise).astype(np.int8)
    possible = np.zeros((size, len(labels)), np.bool_)
    possible[np.arange(size), placed] = True
    possible[~any_holds, labels[UNIVERSAL]] = True
    above = np.where(any_holds, first, clauses)
    for at in range(clauses):
        possible[:, of_clause[at]] |= (outcomes[:, at] == Outcome.UNKNOWN) & (at < above)
    if rulebook.small_lea.effect is SmallLeaTrack.PLACEMENT:
        track = labels[SMALL_LEA]
        possible[small == Outcome.UNKNOWN, track] = True
        is_small = small == Outcome.TRUE
        possible[is_small] = False
        possible[is_small, track] = True
        placed[is_small] = track
        deciding[is_small] = -1
    return deciding, placed, possible
