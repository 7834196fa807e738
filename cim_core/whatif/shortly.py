"""Why somebody moves, in a few words with the LEA's own numbers; `sentences.because` says all of it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce

from cim_core.data.indicators import INDICATORS, get
from cim_core.placing.placement import Outcome, Placements, Result
from cim_core.rules.banded_clause import BandedClause
from cim_core.rules.clause import Basis, Clause
from cim_core.rules.tiers import SMALL_LEA
from cim_core.whatif.comparison import Comparison, Mover
from cim_core.why.clauses import percentile_of, rate, students
from cim_core.why.rungs import RungLea
from cim_core.words.messages import HowMany, Message, message
from cim_core.words.numbers import plain

_MOST_NAMED = 2
"""So many targets are named; more are counted."""


def shortly(comparison: Comparison, mover: Mover) -> Message:
    """Which numbers moved an LEA: targets that turned, its rank beside a band, years, what is missed now."""
    before, after, row = comparison.before, comparison.after, mover.row
    held, holds = before.clause(row), after.clause(row)
    if mover.after.tier is None:
        small = mover.after == SMALL_LEA
        swd = students(int(after.dataset.swd[row])) if small else HowMany(int(after.counted[row]))
        return message("moved.small" if small else "moved.too_little", n=swd)
    if {each.id for each in before.rulebook.clauses} != {each.id for each in after.rulebook.clauses}:
        return _by_rule(after, row, holds)
    said = [
        *_turned(before, after, row),
        *_ranked(after, mover, held, holds),
        *_years(after, row, held, holds),
        *_counted(after, row, holds),
    ]
    return reduce(_beside, said) if said else _by_rule(after, row, holds)


def _beside(first: Message, second: Message) -> Message:
    return message("moved.two", first=first, second=second)


def _by_rule(after: Placements, row: int, holds: Clause | None) -> Message:
    if holds is None:
        return message("moved.no_rule")
    rule, value = holds.short(after.rulebook), holds.value(RungLea(after, row), unknown=False)
    return message("moved.rule", rule=rule, value=value)


def _turned(before: Placements, after: Placements, row: int) -> Iterator[Message]:
    """The targets that are met or missed now and were not before."""
    each: dict[Result, list[str]] = {Result.MET: [], Result.MISSED: [], Result.MISSING: []}
    for at, indicator in enumerate(INDICATORS):
        was, now = (Result(int(one.results[row, at])) for one in (before, after))
        if was != now and Result.MISSED in (was, now):
            each[now if now in each else Result.MISSING].append(indicator.code)
    for code in _named(each[Result.MISSED]):
        yield message("moved.misses", label=get(code).label, rate=_rate(after, row, code))
    for code in _named(each[Result.MET]):
        yield message("moved.meets", label=get(code).label, rate=_rate(after, row, code))
    for code in _named(each[Result.MISSING]):
        yield message("moved.left_out", label=get(code).label)
    if len(each[Result.MISSED]) > _MOST_NAMED:
        yield message("moved.misses_more", n=HowMany(len(each[Result.MISSED])))
    if len(each[Result.MET]) > _MOST_NAMED:
        yield message("moved.meets_more", n=HowMany(len(each[Result.MET])))
    if len(each[Result.MISSING]) > _MOST_NAMED:
        yield message("moved.left_out_more", n=HowMany(len(each[Result.MISSING])))


def _named(codes: list[str]) -> list[str]:
    return codes if len(codes) <= _MOST_NAMED else []


def _rate(after: Placements, row: int, code: str) -> Message:
    exact = after.dataset.exact(row, code)
    assert exact is not None  # a target is met or missed by a value
    target = after.rulebook.target(code)
    return message("moved.rate", rate=rate(exact, get(code), after.rulebook.precision, None, target))


def _ranked(after: Placements, mover: Mover, held: Clause | None, holds: Clause | None) -> Iterator[Message]:
    """Where the LEA stands beside the band that it left, or that it came into."""
    left = isinstance(held, BandedClause) and mover.direction < 0
    if isinstance(holds, BandedClause) and not left and (held is None or held.id != holds.id):
        yield _of_band(after, mover.row, holds, inside=True)
    elif isinstance(held, BandedClause):
        now = next(each for each in after.rulebook.clauses if each.id == held.id)
        assert isinstance(now, BandedClause)
        yield _of_band(after, mover.row, now, inside=False)


def _of_band(after: Placements, row: int, band: BandedClause, inside: bool) -> Message:
    value = band.value(RungLea(after, row), unknown=False)
    edge = band.to if band.below is None else band.below
    percent = percentile_of(after, row, band.evaluation, 1)
    if band.basis is not Basis.COMPOSITE or percent is None or edge is None:
        kind = "moved.inside" if inside else "moved.outside"
        return message(kind, value=value, band=band.short(after.rulebook))
    kind = "moved.within_lowest" if inside else "moved.outside_lowest"
    return message(kind, value=value, p=percent, edge=plain(edge))


def _years(after: Placements, row: int, held: Clause | None, holds: Clause | None) -> Iterator[Message]:
    """The years of disproportionality, where they decide now, or decided before."""
    if holds is not None and holds.basis is Basis.YEARS:
        yield message("moved.years", value=holds.value(RungLea(after, row), unknown=False))
    elif held is not None and held.basis is Basis.YEARS and not _still(after, row, held):
        yield message("moved.no_years")


def _still(after: Placements, row: int, held: Clause) -> bool:
    """Whether a clause still holds."""
    at = next(place for place, each in enumerate(after.rulebook.clauses) if each.id == held.id)
    return bool(after.outcomes[row, at] == Outcome.TRUE)


def _counted(after: Placements, row: int, holds: Clause | None) -> Iterator[Message]:
    """How many targets are missed, or findings there are, where that decides now or nothing does."""
    if holds is not None and holds.basis is Basis.FINDINGS:
        yield message("moved.findings", value=holds.value(RungLea(after, row), unknown=False))
    if (holds is None or holds.basis is Basis.MISSED) and after.rulebook.counts_targets:
        missed = int(after.missed[row])
        yield message("moved.missed", n=HowMany(missed)) if missed else message("moved.nothing")
