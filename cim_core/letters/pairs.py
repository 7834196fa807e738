"""Two settings that are otherwise at once, the most promising first, as many as are wished for.

A *line* is one setting, with everything that a second one can be. Lines are tried in the order of how many
letters would surely fit if the two did not touch one another: the one, or anything of the other. How
far the search goes is bounded by how often letters are placed, not by time, so it ends alike everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from cim_core.data.dataset import Codes
from cim_core.letters.assumptions import Assumption
from cim_core.letters.reconcile import Fit, Reconciliation, Searched, Told, Way, changed, fit_of, nobody
from cim_core.letters.spans import Span, cells, spans
from cim_core.letters.trial import Trial
from cim_core.rules.rulebook import Rulebook
from cim_core.rules.settings import RulebookArea
from cim_core.rules.thresholds import ThresholdGroup

MOST = 2_000
"""How often letters are placed for pairs unless somebody wishes otherwise."""


@dataclass(frozen=True, slots=True)
class _Line:
    """One setting (`outer`, and how many letters fit it) with all of a second assumption."""

    outer: Way
    number: int
    inner: Assumption
    promise: int


def pairs(trial: Trial, found: Reconciliation, most: int = MOST, told: Told = nobody) -> Reconciliation:
    """The same with the pairs of assumptions that explain more letters than either of the two alone, and
    than the rules as they are, and leave no more open than these. `most` bounds how often letters are
    placed."""
    if not found.as_it_is.against:
        return found
    before = trial.placed
    alone = _Alone(found)
    lines = sorted(_lines(trial, alone), key=lambda line: (-line.promise, -line.number))
    kept: list[Fit] = []
    done = 0
    for line in lines:
        if trial.placed - before >= most:
            break
        told(min(trial.placed - before, most), most)
        kept += _along(trial, line, alone)
        done += 1
    told(most, most)
    kept = sorted(_joined(kept), key=lambda fit: fit.order)
    return replace(found, pairs=tuple(kept), searched=Searched(done, len(lines), trial.placed - before))


def _joined(kept: Sequence[Fit]) -> list[Fit]:
    """The same with neighboring ranges of the outer number as one, where the rest is the same."""
    alike: dict[object, list[Fit]] = {}
    for fit in kept:
        outer, inner = fit.ways
        alike.setdefault((outer.assumption, outer.choice, inner, fit.fitting, fit.unsettled), []).append(fit)
    found: list[Fit] = []
    for fits in alike.values():
        found += _touching(fits) if fits[0].ways[0].span is not None else fits
    return found


def _touching(fits: list[Fit]) -> list[Fit]:
    """Ranges of one number, those that touch as one."""
    unit = fits[0].ways[0].assumption.unit or 0
    found: list[Fit] = []
    for fit in sorted(fits, key=lambda each: (_span(each).low, not _span(each).low_in)):
        last = found[-1] if found else None
        span = _span(fit)
        if last is None or _span(last).high + unit != span.low or (not unit and not _meet(_span(last), span)):
            found.append(fit)
            continue
        before = _span(last)
        both = Span(before.low, before.low_in, span.high, span.high_in)
        found[-1] = replace(last, ways=(replace(fit.ways[0], span=both), fit.ways[1]))
    return found


def _span(fit: Fit) -> Span:
    span = fit.ways[0].span
    assert span is not None
    return span


def _meet(first: Span, second: Span) -> bool:
    """Whether the value between two ranges is in one of them."""
    return first.high_in or second.low_in


class _Alone:
    """What each assumption does by itself."""

    def __init__(self, found: Reconciliation) -> None:
        self.found = found
        self.now = found.as_it_is.number
        self.of: dict[str, list[Fit]] = {}
        for fit in (*found.singles, *found.around):
            self.of.setdefault(fit.ways[0].assumption.id, []).append(fit)
        self.every = [fits[0].ways[0].assumption for fits in self.of.values()]

    def fit(self, way: Way) -> Fit:
        """What becomes of the letters under one way of an assumption; as it is for one that does not fit the
        rules by itself."""
        fits = self.of[way.assumption.id]
        if way.span is None:
            held = (fit for fit in fits if fit.ways[0].choice == way.choice)
        else:
            value = way.span.value
            held = (fit for fit in fits if (span := fit.ways[0].span) is not None and span.holds(value))
        return next(held, self.found.as_it_is)

    def anything(self, assumption: Assumption) -> set[int]:
        """The rows whose letters surely fit some way of it."""
        return {row for fit in self.of[assumption.id] for row in fit.sure}


def _lines(trial: Trial, alone: _Alone) -> Iterator[_Line]:
    """All lines that could explain more: not those of a setting that already explains everything."""
    outers = {assumption.id: _open_ways(assumption, trial, alone) for assumption in alone.every}
    anything = {assumption.id: alone.anything(assumption) for assumption in alone.every}
    for pair in combinations(alone.every, 2):
        inner, outer = sorted(pair, key=_order)
        for way, fit in outers[outer.id]:
            yield _Line(way, fit.number, inner, len(anything[inner.id].union(fit.sure)))


def _open_ways(assumption: Assumption, trial: Trial, alone: _Alone) -> list[tuple[Way, Fit]]:
    each = ((way, alone.fit(way)) for way in _ways(assumption, trial))
    return [(way, fit) for way, fit in each if fit.against]


def _order(assumption: Assumption) -> int:
    """What is searched inside, with all that it can be, before what is taken one by one outside: what takes
    few placings (a target takes two), and what moves where ranking changes."""
    threshold = assumption.threshold
    if threshold is None:
        return 3
    if threshold.setting.area is RulebookArea.TARGETS:
        return 0
    if threshold.group is ThresholdGroup.RANKING:
        return 4
    return 2 if assumption.unit is not None else 1


def _ways(assumption: Assumption, trial: Trial) -> Iterator[Way]:
    """All choices of an assumption, and all ranges of its number within which nothing changes."""
    for choice in assumption.choices:
        yield Way(assumption, choice)
    if assumption.threshold is not None:
        for span in cells(assumption, trial):
            yield Way(assumption, span=span)


def _along(trial: Trial, line: _Line, alone: _Alone) -> Iterator[Fit]:
    """What a line holds that explains more than either setting alone."""
    base = changed(trial.rules, line.outer.changes)
    if base is None:
        return
    for way, fits in _inner(trial, line, base):
        least = max(alone.now, line.number, alone.fit(way).number)
        if int(np.count_nonzero(fits)) <= least:
            continue
        fit = fit_of(trial, (line.outer, way), fits)
        if not alone.found.says_less(fit) and changed(trial.rules, fit.changes) is not None:
            yield fit


def _inner(trial: Trial, line: _Line, base: Rulebook) -> Iterator[tuple[Way, Codes]]:
    taken = set(line.outer.changes)
    for choice in line.inner.choices:
        both = {**line.outer.changes, **dict(choice.changes)}
        rules = None if taken & {setting for setting, _ in choice.changes} else changed(trial.rules, both)
        if rules is not None:
            yield Way(line.inner, choice), trial.fits(rules)
    threshold = line.inner.threshold
    if threshold is not None and not taken & {setting for setting, _ in threshold.settings}:
        for span, fits in spans(line.inner, trial, base, trial.fits):
            yield Way(line.inner, span=span), fits
