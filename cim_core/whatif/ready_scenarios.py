"""Ready scenarios, and questions that one threshold can answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from cim_core.data.dataset import Dataset, Ints
from cim_core.data.indicators import Unit, get
from cim_core.data.measures import NOT_COMPARED, newest
from cim_core.placing.ranking import Percentile, Reference
from cim_core.rules import rulebook_file
from cim_core.rules.evaluations import RankAmong
from cim_core.rules.rulebook import LATE, Minimums, Rulebook, Target
from cim_core.rules.settings import AS_FINDINGS, RulebookArea, Setting, Value
from cim_core.rules.thresholds import Threshold, ThresholdGroup, thresholds
from cim_core.rules.tiers import Placement
from cim_core.whatif.scenario import Scenario
from cim_core.whatif.sweep import Sweep, sweep
from cim_core.words.disclosure import WORKING, Disclosure
from cim_core.words.messages import MessageFamily, message

_LEAST_STUDENTS = 30


def ready(rules: Rulebook, base_hash: str, gate: Disclosure = WORKING) -> tuple[Scenario, ...]:
    """Scenarios worth a look on any rulebook; those that change nothing there are left out.

    A scenario is a person's own from then on: it is named once, in the language of `gate`.
    """
    listed = [
        _named(gate, "harder", _shifted(rules, Decimal(1))),
        _named(gate, "easier", _shifted(rules, Decimal(-1))),
        _named(gate, "least_n", {Setting(RulebookArea.COUNTING, "", "minimum_n"): _LEAST_STUDENTS}),
        _named(gate, "bands", _bands(rules)),
        _named(gate, "late", _late(rules)),
        _named(gate, "minimums", _minimums(rules)),
        _named(gate, "by_type", _by_type(rules)),
        *_other_rulebooks(rules, gate),
    ]
    return tuple(replace(one, base=rules.id, base_hash=base_hash) for one in listed if not one.is_empty)


_READY = ("harder", "easier", "bands", "least_n", "late", "minimums", "by_type")
_NAME = MessageFamily("ready.{}.name", _READY)
_NOTE = MessageFamily("ready.{}.note", _READY)


def _named(gate: Disclosure, name: str, changes: Mapping[Setting, Value]) -> Scenario:
    return Scenario(gate.say_id(_NAME[name]), gate.say_id(_NOTE[name]), changes=changes)


def _other_rulebooks(rules: Rulebook, gate: Disclosure) -> list[Scenario]:
    found = []
    for book in rulebook_file.available():
        if book != rules.id:
            title = rulebook_file.load(book).title
            name = gate.say(message("ready.instead.name", title=title))
            found.append(Scenario(name, gate.say(message("ready.instead.note", title=title)), instead=book))
    return found


def _shifted(rules: Rulebook, points: Decimal) -> dict[Setting, Value]:
    """Every target in percent, so many points harder; never beyond 0 or 100."""
    changes: dict[Setting, Value] = {}
    for target in rules.targets:
        indicator = get(target.indicator)
        if target.value is None or indicator.unit is not Unit.PERCENT:
            continue
        if target.indicator not in rules.elements.indicators or not _of_today(target):
            continue
        moved = target.value + points if indicator.higher_is_better else target.value - points
        value = min(Decimal(100), max(Decimal(0), moved))
        if value != target.value:
            changes[Setting(RulebookArea.TARGETS, target.indicator, "value")] = value
    return changes


def _of_today(target: Target) -> bool:
    """Whether moving a target by a point makes sense: not where it would become comparable by being typed."""
    known = target.indicator not in NOT_COMPARED
    return known or target.measure in (None, newest(target.indicator))


def _late(rules: Rulebook) -> dict[Setting, Value]:
    """Late evaluations as minor findings instead of missed targets."""
    late = tuple(code for code in rules.elements.indicators if code in LATE)
    return {AS_FINDINGS: (*rules.elements.as_findings, *late)} if late and rules.counts_targets else {}


def _minimums(rules: Rulebook) -> dict[Setting, Value]:
    """The state's own older reading of the minimums: a group is out only where it is under both."""
    both = rules.disproportionality.minimums is Minimums.BOTH
    return {} if both else {Setting(RulebookArea.DISPROPORTIONALITY, "", "minimums"): Minimums.BOTH.value}


def _by_type(rules: Rulebook) -> dict[Setting, Value]:
    """Every evaluation that decides, with each type of LEAs ranked by itself."""
    return {
        Setting(RulebookArea.EVALUATIONS, evaluation.id, "rank_among"): RankAmong.TYPE.value
        for evaluation in rules.deciding_evaluations
        if evaluation.rank_among is RankAmong.ALL
    }


def _bands(rules: Rulebook) -> dict[Setting, Value]:
    """Edges at 10 and 20 moved to 5 and 15, where the bands below leave room for it."""
    changes: dict[Setting, Value] = {}
    for edge in thresholds(rules):
        if edge.group is ThresholdGroup.BANDS and edge.value in (10, 20):
            changes |= edge.changes(edge.value - 5)
    return changes if _fits(rules, changes) else {}


def _fits(rules: Rulebook, changes: Mapping[Setting, Value]) -> bool:
    """Whether moved edges stay above the edges that stay where they are."""
    edges = [one for one in thresholds(rules) if one.group is ThresholdGroup.BANDS]
    moved = [one.at(changes) for one in edges if one.setting in changes]
    still = [one.value for one in edges if one.setting not in changes]
    return not (moved and still) or min(moved) > max(still)


@dataclass(frozen=True, slots=True)
class ReadyAnswer:
    """One threshold and the value nearest to its own at which nobody is in a placement; None for no value."""

    threshold: Threshold
    value: Decimal | None
    moved: int


def nobody_in(
    placement: Placement,
    rules: Rulebook,
    dataset: Dataset,
    reference: Reference,
    percentiles: Mapping[str, Percentile],
    rows: Ints,
) -> tuple[ReadyAnswer, ...]:
    """For each threshold alone: where it would have to be so that none of some rows is in a placement.

    Arithmetic, not advice. Thresholds of the ranking are left out: they re-rank the whole state.
    """
    found = []
    for threshold in thresholds(rules):
        if threshold.group in (ThresholdGroup.RANKING, ThresholdGroup.COUNTING):
            continue
        swept = sweep(threshold, rules, dataset, reference, percentiles)
        found.append(_answer(swept, placement, rows))
    return tuple(sorted(found, key=lambda one: (one.value is None, one.moved)))


def _answer(swept: Sweep, placement: Placement, rows: Ints) -> ReadyAnswer:
    threshold = swept.threshold
    now = swept.severities_at(threshold.value)[rows]
    best: Decimal | None = None
    for value in _stops(swept):
        if not threshold.least <= value <= threshold.most:
            continue
        nearer = best is None or abs(value - threshold.value) < abs(best - threshold.value)
        if nearer and not (swept.severities_at(value)[rows] == placement.severity).any():
            best = value
    moved = 0 if best is None else int((swept.severities_at(best)[rows] != now).sum())
    return ReadyAnswer(threshold, best, moved)


def _stops(swept: Sweep) -> list[Decimal]:
    """Values on both sides of every change point, and the ends of the range."""
    step = Decimal(1) if swept.threshold.whole else Decimal("0.01")
    stops = {swept.threshold.value, swept.threshold.least, swept.threshold.most}
    for change in swept.changes:
        point = change.value.quantize(step)
        stops |= {point - step, point, point + step}
        stops |= set() if change.is_exact else {change.old, change.new}
    return sorted(stops)
