"""What holds an LEA where it is shown, and how many results would have to turn until it no longer does.

A placement that is not settled is shown at the least intensive world that is possible, so what holds it is
what no world does without: facts that all lead at least there, the lower number of missed targets, the least
intensive end of a percentile that is only known between two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from cim_core.data.dataset import Bools, Floats, Ints
from cim_core.data.indicators import POSITION
from cim_core.outlook.one_lea_ranking import Fits
from cim_core.placing import clause_groups
from cim_core.placing.placement import Placements, Result
from cim_core.placing.ranking import Percentile, Ranked
from cim_core.placing.shift import bounds
from cim_core.rules.banded_clause import BandedClause, banded
from cim_core.rules.clause import Basis, Clause
from cim_core.rules.counted_clause import CountedClause, counting
from cim_core.rules.outcome import Outcome
from cim_core.rules.tiers import UNIVERSAL

End = Callable[[Floats], Floats]
"""Turns percents from the worst as they are ranked into the least intensive that they may really be."""


def least_by(placements: Placements, basis: Basis) -> Ints:
    """The severity (R) below which no world goes, because of the clauses of a basis alone."""
    clauses = placements.rulebook.clauses
    places = [place for place, one in enumerate(clauses) if one.basis is basis]
    groups = clause_groups.of(clauses, placements.known, places)
    severities = np.array([*(one.placement.severity for one in clauses), UNIVERSAL.severity], np.int64)
    found = np.full(len(placements.dataset), UNIVERSAL.severity, np.int64)
    for group in groups:
        np.maximum(found, np.where(group.first, severities, severities.max()).min(axis=1), out=found)
    return found


def facts(placements: Placements, least: Ints, row: int, severity: int) -> tuple[Clause, ...]:
    """The clauses on facts, at least as intensive as `severity`, of which one holds in every world; none
    where results alone could lead below it. `least` (R) is what years of disproportionality allow."""
    bad = [one for one in placements.rulebook.clauses if one.placement.severity >= severity]
    given = _given(placements, row)
    of_findings = [one for one in counting(bad, Basis.FINDINGS) if one.holds(given)]
    return (*of_findings, *surely(placements, least, row, severity, Basis.YEARS))


def surely(placements: Placements, least: Ints, row: int, severity: int, basis: Basis) -> tuple[Clause, ...]:
    """The clauses of a basis, at least as intensive as `severity`, of which one holds in every world; `least`
    (R) is that of `least_by`."""
    if least[row] < severity:
        return ()
    outcomes = dict(zip(placements.rulebook.clauses, placements.outcomes[row].tolist(), strict=True))
    bad = [one for one in outcomes if one.basis is basis and one.placement.severity >= severity]
    always = tuple(one for one in bad if outcomes[one] == Outcome.TRUE)
    return always or tuple(one for one in bad if outcomes[one] != Outcome.FALSE)


def bands(placements: Placements, row: int, clauses: Iterable[Clause]) -> list[BandedClause]:
    """Those bands of the composite that hold a row wherever its percentile may be."""
    ends = {name: one.high[[row]] for name, one in placements.percentiles.items()}
    return [one for one in banded(clauses, Basis.COMPOSITE) if one.inside(ends[one.evaluation])[0]]


def given_percentile(placements: Placements, row: int, clause: Clause) -> bool:
    """Whether the percentile behind a clause is the file's own."""
    return bool(placements.percentiles[clause.evaluation].state[row] == Ranked.FROM_FILE)


def end(ranked: Percentile, row: int, code: str = "") -> End:
    """How far up a percent of a row may really be, of the composite or of one indicator; NaN where it may be
    anywhere. Only another year of the reference makes a difference."""
    used = ranked.used(row)
    if used is None or not used.older:
        return lambda percents: percents
    shift = used.shift
    if shift is None:
        return lambda percents: np.full(percents.shape, np.nan)
    low, high, among = shift.low, shift.high, used.ranked
    if code:
        at = POSITION[code]
        low, high = float(shift.indicator_low[at]), float(shift.indicator_high[at])
        among = used.ranked_on.get(code, 1)
    return lambda percents: bounds(percents, low, high, 100 / max(among, 1))[1]


def outside(clauses: Sequence[BandedClause], reach: End) -> Fits:
    """Which percents are in none of some bands."""

    def fits(percents: Floats) -> Bools:
        inside = [one.inside(reach(percents)) for one in clauses]
        return ~np.any(inside, axis=0) if inside else np.ones(percents.shape, np.bool_)

    return fits


def inside(clauses: Sequence[BandedClause], reach: End) -> Fits:
    """Which percents are surely in one of some bands."""

    def fits(percents: Floats) -> Bools:
        return np.asarray(np.any([one.inside(reach(percents)) for one in clauses], axis=0))

    return fits


def fewer_misses(placements: Placements, row: int, bad: Iterable[Clause]) -> int:
    """How many misses fewer it takes until no clause on missed targets holds."""
    missed = int(placements.missed[row])
    counted = counting(bad, Basis.MISSED)
    if not placements.count_known[row]:
        return 0
    left = (n for n in range(missed + 1) if not _counts(counted, missed - n))
    return next(left, missed + 1)


def more_misses(placements: Placements, row: int, above: Iterable[Clause]) -> int | None:
    """How many misses more it takes until some clause on missed targets holds; None where none would."""
    missed, most = int(placements.missed[row]), int(placements.counted[row])
    counted = counting(above, Basis.MISSED)
    if not placements.count_known[row]:
        return None
    return next((n for n in range(1, most - missed + 1) if _counts(counted, missed + n)), None)


def fewer_late(placements: Placements, row: int, bad: Iterable[Clause]) -> int:
    """How many timelines that count as findings must be met until no clause on findings holds; one more than
    there are where the findings that the file gives are enough by themselves."""
    given, now = _given(placements, row), late(placements, row)
    finding = counting(bad, Basis.FINDINGS)
    left = (n for n in range(now + 1) if not _counts(finding, max(given, now - n)))
    return next(left, now + 1)


def more_late(placements: Placements, row: int, above: Iterable[Clause]) -> int | None:
    """How many more late timelines that count as findings make some clause hold; None for no number."""
    given, now = _given(placements, row), late(placements, row)
    finding = counting(above, Basis.FINDINGS)
    most = _as_findings(placements, row, Result.MET)
    return next((n for n in range(1, most + 1) if _counts(finding, max(given, now + n))), None)


def late(placements: Placements, row: int) -> int:
    """How many timelines that count as findings are late."""
    return _as_findings(placements, row, Result.MISSED)


def _as_findings(placements: Placements, row: int, result: Result) -> int:
    columns = [POSITION[code] for code in placements.rulebook.elements.as_findings]
    return int((placements.results[row, columns] == result).sum())


def _given(placements: Placements, row: int) -> int:
    return max(0, int(placements.dataset.minor_findings[row]))


def _counts(clauses: list[CountedClause], number: int) -> bool:
    return any(one.holds(number) for one in clauses)
