"""A setting beside the letters, in sentences: how many fit, who speaks against it and with which numbers."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction

from cim_core.data.dataset import Dataset
from cim_core.data.indicators import Unit, get
from cim_core.letters.agreement import letter_of
from cim_core.letters.reconcile import Fit, Reconciliation, Way
from cim_core.letters.spans import Span
from cim_core.letters.trial import Trial, with_all
from cim_core.placing import settled
from cim_core.placing.placement import Placements
from cim_core.rules.banded_clause import BandedClause
from cim_core.rules.rulebook import Rulebook
from cim_core.rules.settings import RulebookArea
from cim_core.rules.thresholds import Threshold
from cim_core.whatif import written
from cim_core.why.rungs import detail
from cim_core.words.messages import HowMany, Kind, Message, Quantity, message
from cim_core.words.numbers import exactly

_FINEST = 6
"""Decimals of a number in a rulebook."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One LEA whose letter does not fit: its row in the dataset, and what is to be said."""

    row: int
    said: Message


def fit_said(fit: Fit, letters: int, names: tuple[str, ...]) -> Message:
    """How many letters fit a setting; `names` are the LEAs that speak against it."""
    said = message("reconcile.all_fit", n=HowMany(letters))
    if names:
        k, every = HowMany(fit.number), HowMany(letters)
        said = message("reconcile.some_fit", n=HowMany(len(names)), k=k, all=every, leas=names)
    if fit.unsettled:
        return message("reconcile.unsettled", said=said, n=HowMany(len(fit.unsettled)))
    return said


def summary(found: Reconciliation, data: Dataset) -> tuple[Message, ...]:
    """As it is, what is best, how many do as well, and what was not searched."""
    now = found.as_it_is
    said = [message("reconcile.now", said=fit_said(now, found.letters, names(found, data, now.against)))]
    if found.most > now.number:
        best = found.best[0]
        fits = fit_said(best, found.letters, names(found, data, best.against))
        said.append(message("reconcile.best", said=fits, n=HowMany(len(found.best))))
    else:
        said.append(message("reconcile.as_good", n=HowMany(len(found.best) - 1)))
    return (*said, *not_searched(found))


def not_searched(found: Reconciliation) -> tuple[Message, ...]:
    """What nobody tried: pairs, as far as they were left out, and three settings at once."""
    searched = found.searched
    if not found.as_it_is.against:
        return (message("reconcile.searched_enough"),)
    if not searched.all_lines:
        return (message("reconcile.searched_singles"),)
    if not searched.left_out:
        return (message("reconcile.searched_all_pairs", n=HowMany(searched.all_lines)),)
    return (message("reconcile.searched_pairs", n=HowMany(searched.lines), all=HowMany(searched.all_lines)),)


def contradictions(trial: Trial, fit: Fit) -> tuple[Contradiction, ...]:
    """For each letter that does not fit: what it says, what the reading is under the setting, and which
    numbers decide that."""
    placements = trial.placements(with_all(trial.rules, fit.changes))
    rows = trial.letters.rows.tolist()
    return tuple(Contradiction(row, _speaks_against(placements, rows.index(row))) for row in fit.against)


def _speaks_against(placements: Placements, row: int) -> Message:
    letter = letter_of(placements.dataset, row)
    assert letter is not None
    at = int(placements.deciding[row])
    decides = detail(placements, row, at) if at >= 0 else message("reconcile.no_rule")
    said = message(
        "reconcile.against", lea=str(placements.dataset.lea_name[row]), letter=letter.written,
        reading=settled.short(placements, row), decides=decides,
    )  # fmt: skip
    means = {placement.severity for placement in letter.means}
    for number, clause in enumerate(placements.rulebook.clauses):
        if clause.placement.severity in means:
            needs = detail(placements, row, number)
            kind = "reconcile.needs_same" if needs == decides else "reconcile.needs"
            return message(kind, said=said, clause=clause.said, detail=needs)
    return said


def way_said(rules: Rulebook, way: Way) -> Message:
    """What an assumption is otherwise: a choice in its own words, a range with its ends."""
    if way.choice is not None:
        return way.choice.said
    threshold, span = way.assumption.threshold, way.span
    assert threshold is not None and span is not None
    shown = short(span)
    low, high = (_quantity(rules, threshold, end) for end in (shown.low, shown.high))
    if shown.low == shown.high:
        return message("reconcile.exactly", value=low)
    return message(
        "reconcile.span",
        low=message("reconcile.from" if shown.low_in else "reconcile.above", value=low),
        high=message("reconcile.up_to" if shown.high_in else "reconcile.below", value=high),
    )


def settings_written(way: Way) -> str:
    """The settings of a way with their values, as texts of the shell; a range as `low..high`."""
    if way.span is not None and way.assumption.threshold is not None:
        shown = short(way.span)
        ends = written(shown.low), written(shown.high)
        return f"{way.assumption.id}={ends[0] if ends[0] == ends[1] else '..'.join(ends)}"
    return "; ".join(
        f"{setting}={','.join(value) if isinstance(value, tuple) else written(value)}"
        for setting, value in way.changes.items()
    )


def short(span: Span) -> Span:
    """A range whose ends have few decimals: as they are up to two of them, else a little inside the range."""
    low, low_in = _inside(span, span.low, span.low_in, ROUND_CEILING, 1)
    high, high_in = _inside(span, span.high, span.high_in, ROUND_FLOOR, -1)
    return Span(low, low_in, high, high_in)


def _inside(span: Span, end: Decimal, is_in: bool, way: str, by: int) -> tuple[Decimal, bool]:
    if _decimals(end) <= 2:
        return end, is_in
    for digits in range(2, _FINEST + 1):
        unit = Decimal(1).scaleb(-digits)
        near = end.quantize(unit, way)
        for tried in (near, near + by * unit):
            if span.holds(tried):
                return tried, True
    return end, is_in


def _decimals(value: Decimal) -> int:
    return max(0, -int(value.normalize().as_tuple().exponent))


def _quantity(rules: Rulebook, threshold: Threshold, value: Decimal) -> Quantity:
    """A value of a number as what it is: a rate, a percent from the worst, students, a plain count."""
    setting = threshold.setting
    kind = Kind.COUNT
    if setting.area is RulebookArea.TARGETS:
        kind = Kind.RATE if get(setting.id).unit is Unit.PERCENT else Kind.POINTS
    elif setting.area is RulebookArea.CLAUSES:
        named = next(clause for clause in rules.clauses if clause.id == setting.id)
        kind = Kind.PERCENTILE if isinstance(named, BandedClause) else Kind.COUNT
    elif not threshold.whole:
        kind = Kind.POINTS
    return exactly(Quantity(Fraction(value), kind, _decimals(value)))


def names(found: Reconciliation, data: Dataset, rows: tuple[int, ...]) -> tuple[str, ...]:
    """The names of some rows of a dataset; with the year where letters are of several years."""
    several = len({str(data.year[row]) for row in found.rows}) > 1
    return tuple(
        f"{data.lea_name[row]} {data.year[row]}" if several else str(data.lea_name[row]) for row in rows
    )
