"""The clauses of a rulebook in groups that vary independently of each other, over every row of a dataset."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from cim_core.data.dataset import Bools, Codes, Dataset, Floats, Ints
from cim_core.data.indicators import POSITION
from cim_core.placing import worlds
from cim_core.placing.findings import Findings
from cim_core.placing.outcome import Outcome, three_valued
from cim_core.placing.ranking import Percentile
from cim_core.placing.worlds import Firsts
from cim_core.rules.rulebook import Clause, ClauseKind

Clauses = tuple[Clause, ...]


def of(
    clauses: Clauses,
    dataset: Dataset,
    percentiles: Mapping[str, Percentile],
    findings: Findings,
    missed: Ints,
    more: Ints,
    known: Bools,
) -> list[Firsts]:
    """All groups. `missed` (R) targets are missed and `more` may be; `known` (R): enough count."""
    return [
        _of_missed(clauses, missed, more, known),
        _of_findings(clauses, findings),
        worlds.of_disproportionality(clauses, _of_kind(clauses, ClauseKind.DISPROPORTIONATE_YEARS), dataset),
        *_of_percentiles(clauses, dataset, percentiles),
    ]


def _of_kind(clauses: Clauses, kind: ClauseKind, evaluation: str = "") -> list[int]:
    return [at for at, one in enumerate(clauses) if one.kind is kind and one.evaluation == evaluation]


def _of_missed(clauses: Clauses, missed: Ints, more: Ints, known: Bools) -> Firsts:
    """From the missed targets to those and all that may be missed too; any number where too few count."""
    at = _of_kind(clauses, ClauseKind.MISSED_TARGETS)
    numbers = worlds.WholeNumbers.of([clauses[one] for one in at])
    low = np.where(known, numbers.of_numbers(missed), 0)
    high = np.where(known, numbers.of_numbers(missed + more), len(numbers) - 1)
    return _counted(clauses, at, numbers, low, high)


def _of_findings(clauses: Clauses, findings: Findings) -> Firsts:
    at = _of_kind(clauses, ClauseKind.COMPLIANCE_FINDINGS)
    numbers = worlds.WholeNumbers.of([clauses[one] for one in at])
    low = numbers.of_numbers(findings.least)
    high = np.where(findings.exact, low, len(numbers) - 1)
    return _counted(clauses, at, numbers, low, high)


def _counted(clauses: Clauses, at: list[int], numbers: worlds.WholeNumbers, low: Ints, high: Ints) -> Firsts:
    def holds(clause: Clause, one: int) -> bool:
        return worlds.holds_count(clause, int(numbers.starts[one]))

    return worlds.of_classes(clauses, at, len(clauses), holds, len(numbers), low, high)


def _of_percentiles(
    clauses: Clauses, dataset: Dataset, percentiles: Mapping[str, Percentile]
) -> list[Firsts]:
    """The bands of each evaluation, and each rule on its single indicators."""
    groups = []
    for name in dict.fromkeys(one.evaluation for one in clauses if one.evaluation):
        percentile = percentiles[name]
        too_small = (dataset.swd >= 0) & (dataset.swd <= percentile.evaluation.swd_over)
        bands = _of_kind(clauses, ClauseKind.PERCENTILE_BAND, name)
        found = []
        if bands:
            found.append((_of_band(clauses, bands, percentile), np.isnan(percentile.percentile)))
        for at in _of_kind(clauses, ClauseKind.INDICATOR_PERCENTILE, name):
            each = _any_indicator(clauses[at], percentile)
            can, must = each != Outcome.FALSE, each == Outcome.TRUE
            found.append((worlds.alone(at, len(clauses), can, must), can & ~must))
        for group, unknown in found:
            assumed = [
                fact for at in group.at if (fact := clauses[at].fact) is not None and dataset.assumed(fact)
            ]
            not_evaluated = unknown & (too_small | bool(assumed))
            groups.append(worlds.never(group, not_evaluated) if not_evaluated.any() else group)
    return groups


def _of_band(clauses: Clauses, at: list[int], percentile: Percentile) -> Firsts:
    """Everywhere between the ends of what is known; anywhere where nothing is."""
    classes = worlds.Percents.of([clauses[one] for one in at])
    anywhere = np.isnan(percentile.low) | np.isnan(percentile.high)
    low = np.where(anywhere, 0, classes.of_numbers(np.nan_to_num(percentile.low)))
    high = np.where(anywhere, len(classes) - 1, classes.of_numbers(np.nan_to_num(percentile.high)))

    def holds(clause: Clause, one: int) -> bool:
        return bool(in_band(clause, np.array([classes.inside(one)]))[0])

    return worlds.of_classes(clauses, at, len(clauses), holds, len(classes), low, high)


def _any_indicator(clause: Clause, percentile: Percentile) -> Codes:
    """True when any indicator is in the band, false when all are known and none is, else unknown."""
    columns = [POSITION[code] for code in clause.indicators]
    low = percentile.indicator_low[:, columns]
    exact = percentile.indicator_low is percentile.indicator_high
    each = _within(clause, low, low if exact else percentile.indicator_high[:, columns])
    any_inside = np.asarray((each == Outcome.TRUE).any(axis=1))
    none_inside = np.asarray((each == Outcome.FALSE).all(axis=1))
    return three_valued(any_inside, any_inside | none_inside)


def _within(clause: Clause, low: Floats, high: Floats) -> Codes:
    """Whether percents that lie between two ends are in the band: all of it, none of it, or not known."""
    known = ~np.isnan(low)
    if low is high:
        return three_valued(in_band(clause, low), known)
    known &= ~np.isnan(high)
    inside = in_band(clause, low) & in_band(clause, high)
    meets = _over_its_start(clause, high) & _under_its_end(clause, low)
    return three_valued(inside, known & (inside | ~meets))


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
