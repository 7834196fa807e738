"""What is assumed in a rulebook and could be otherwise.

Some assumptions can be otherwise in a list of ways (`choices`), others along a range (`threshold`). What a
public text confirms can be otherwise too, because a letter may contradict it; it is marked, and comes last.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from cim_core.data.indicators import FAMILY_NAMED, get
from cim_core.rules import dated_targets, thresholds
from cim_core.rules.evaluations import Domain, Evaluation, RankAmong, TieRule
from cim_core.rules.rulebook import LATE, Minimums, Rulebook, SmallLeaTrack
from cim_core.rules.settings import (
    AS_FINDINGS,
    NC_IS_MET,
    RISK_RATIO,
    SIGNIFICANT_FROM,
    RulebookArea,
    Setting,
    Value,
)
from cim_core.rules.sources import Status
from cim_core.rules.thresholds import Threshold, ThresholdGroup
from cim_core.words.messages import HowMany, Message, MessageFamily, given, message

_TIES = MessageFamily("assumption.ties.{}", tuple(TieRule))
_AMONG = MessageFamily("assumption.among.{}", tuple(RankAmong))
_MINIMUMS = MessageFamily("assumption.minimums.{}", tuple(Minimums))
_SMALL = MessageFamily("assumption.small.{}", tuple(SmallLeaTrack))
_WEIGHTS = (Decimal("0.5"), Decimal(2))
_PRECISIONS = (0, 1, 2)
HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Choice:
    """One way in which an assumption could be otherwise: what it is called, and what it changes."""

    said: Message
    changes: tuple[tuple[Setting, Value], ...]


@dataclass(frozen=True, slots=True)
class Assumption:
    """One thing that the rules assume (or that a public text confirms, see `status`).

    It has `choices`, or a `threshold`, whose values are whole multiples of `unit` where that is given.
    """

    id: str
    said: Message
    status: Status
    choices: tuple[Choice, ...] = ()
    threshold: Threshold | None = None
    unit: Decimal | None = None


def assumptions(rules: Rulebook, counts: bool = True) -> tuple[Assumption, ...]:
    """Everything in a rulebook that can be otherwise, what is assumed before what is confirmed, each in
    reading order. Without `counts` by race and ethnicity nothing is said of how ratios are worked out."""
    every = [
        *_elements(rules),
        *_late(rules),
        *_targets(rules),
        *_thresholds(rules, counts),
        *_counting(rules),
        *(each for evaluation in rules.deciding_evaluations for each in _evaluation(rules, evaluation)),
        *(_disproportionality(rules) if counts else ()),
        *_small(rules),
    ]
    return tuple(sorted(every, key=lambda each: each.status is Status.CONFIRMED))


def _listed(
    setting: Setting | str, said: Message, status: Status, choices: Iterable[Choice]
) -> Iterator[Assumption]:
    """An assumption, if it can be otherwise at all."""
    every = tuple(choices)
    if every:
        yield Assumption(str(setting), said, status, every)


def _elements(rules: Rulebook) -> Iterator[Assumption]:
    """Each indicator with a target: whether it counts."""
    if not rules.counts_targets:
        return
    for target in rules.targets:
        if target.value is None:
            continue
        setting = Setting(RulebookArea.ELEMENTS, target.indicator)
        title, counts = get(target.indicator).title, setting.get(rules) == "in"
        called = message("assumption.out" if counts else "assumption.in", title=title)
        choice = Choice(called, ((setting, "out" if counts else "in"),))
        said = message("assumption.element", title=title)
        yield Assumption(str(setting), said, rules.elements.provenance.status, (choice,))


def _late(rules: Rulebook) -> Iterator[Assumption]:
    """Which late evaluations are findings when they are missed."""
    elements = rules.elements
    late = tuple(code for code in LATE if code in (*elements.indicators, *elements.as_findings))
    if not late or not rules.counts_targets:
        return
    ways = [way for size in range(len(late) + 1) for way in combinations(late, size)]
    choices = [
        Choice(
            message("assumption.findings", titles=tuple(get(code).label for code in way))
            if way
            else message("assumption.no_findings"),
            ((AS_FINDINGS, way),),
        )
        for way in ways
        if way != elements.as_findings and len(way) in (0, 1, len(late))
    ]
    said = message("assumption.late", titles=tuple(get(code).label for code in late))
    yield from _listed(AS_FINDINGS, said, elements.provenance.status, choices)


def _targets(rules: Rulebook) -> Iterator[Assumption]:
    """All targets as they were up to another year."""
    if not rules.counts_targets:
        return
    found: dict[tuple[tuple[Setting, Value], ...], str] = {}
    for year in sorted(_years()):
        found.setdefault(_of_year(rules, year), year)
    choices = (
        Choice(message("assumption.targets_of", year=year), changes)
        for changes, year in found.items()
        if changes
    )
    yield from _listed("targets", message("assumption.targets"), Status.ASSUMED, choices)


def _years() -> set[str]:
    found = set()
    for target in dated_targets.dated().values():
        values = target["values"]
        assert isinstance(values, list)
        found |= {str(value["vintage"]) for value in values}
    return found - {dated_targets.EVERY_YEAR}


def _of_year(rules: Rulebook, year: str) -> tuple[tuple[Setting, Value], ...]:
    """The targets that were others up to a year; one that was none then stays as it is."""
    found = []
    for target in rules.targets:
        if target.value is None or target.indicator not in dated_targets.dated():
            continue
        dated = dated_targets.of(target.indicator, year)
        value = None if dated is None else Decimal(str(dated["value"]))
        if value is not None and value != target.value:
            found.append((Setting(RulebookArea.TARGETS, target.indicator, "value"), value))
    return tuple(found)


def _thresholds(rules: Rulebook, counts: bool) -> Iterator[Assumption]:
    """Every number that a person may move, with what moves together with it."""
    for threshold in thresholds.thresholds(rules):
        if threshold.group is ThresholdGroup.TARGETS and not rules.counts_targets:
            continue
        if threshold.group is ThresholdGroup.DISPROPORTIONALITY and not counts:
            continue
        if threshold.setting == SIGNIFICANT_FROM:  # a track beside the tiers: no letter's placement tells
            continue
        unit = HUNDREDTH if threshold.setting == RISK_RATIO else Decimal(1) if threshold.whole else None
        yield Assumption(
            threshold.id, threshold.label, _status(rules, threshold), threshold=threshold, unit=unit
        )


def _status(rules: Rulebook, threshold: Threshold) -> Status:
    """Confirmed where everything that moves with it is."""
    each = {_status_of(rules, setting) for setting, _ in threshold.settings}
    return Status.ASSUMED if Status.ASSUMED in each else Status.CONFIRMED


def _status_of(rules: Rulebook, setting: Setting) -> Status:
    if setting.area is RulebookArea.TARGETS:
        target = rules.target(setting.id)
        return Status.ASSUMED if target is None else target.provenance.status
    if setting.area is RulebookArea.CLAUSES:
        return next(clause for clause in rules.clauses if clause.id == setting.id).provenance.status
    if setting.area is RulebookArea.EVALUATIONS:
        return rules.evaluation(setting.id).provenance.status
    if setting.area is RulebookArea.TRACKS:
        return rules.small_lea.provenance.status
    if setting.area is RulebookArea.DISPROPORTIONALITY:
        return rules.disproportionality.provenance.status
    return rules.counting.status


def _counting(rules: Rulebook) -> Iterator[Assumption]:
    """How rates are rounded before they are compared, and whether NC counts as met."""
    if not rules.counts_targets:
        return
    status = rules.counting.status
    setting = Setting(RulebookArea.COUNTING, "", "precision")
    choices = [
        Choice(message("assumption.precision_of", n=HowMany(digits)), ((setting, digits),))
        for digits in _PRECISIONS
        if digits != rules.precision
    ]
    yield from _listed(setting, message("assumption.precision"), status, choices)
    elements = rules.elements
    with_target = tuple(one.indicator for one in rules.targets if one.value is not None)
    counted = tuple(code for code in elements.indicators if code in with_target)
    others = [way for way in ((), counted) if set(way) != set(elements.nc_is_met)]
    ways = {(): "assumption.nc_not_counted", counted: "assumption.nc_met"}
    nc = [Choice(message(ways[way]), ((NC_IS_MET, way),)) for way in others]
    yield from _listed(NC_IS_MET, message("assumption.nc"), elements.provenance.status, nc)


def _evaluation(rules: Rulebook, evaluation: Evaluation) -> Iterator[Assumption]:
    """Ties, among whom LEAs are ranked, and what is in each domain with which weight.

    What a clause names of an evaluation stays in it.
    """
    named = {code for each in rules.clauses if each.evaluation == evaluation.id for code in each.indicators}
    title, status = evaluation.title, evaluation.provenance.status
    ties = Setting(RulebookArea.EVALUATIONS, evaluation.id, "ties")
    others = (rule for rule in TieRule if rule is not evaluation.ties)
    choices = [Choice(message(_TIES[rule]), ((ties, rule.value),)) for rule in others]
    yield from _listed(ties, message("assumption.ties_of", evaluation=title), status, choices)
    among = Setting(RulebookArea.EVALUATIONS, evaluation.id, "rank_among")
    kinds = (kind for kind in RankAmong if kind is not evaluation.rank_among)
    choices = [Choice(message(_AMONG[kind]), ((among, kind.value),)) for kind in kinds]
    yield from _listed(among, message("assumption.among_of", evaluation=title), status, choices)
    used = Setting(RulebookArea.EVALUATIONS, evaluation.id, "domains_used")
    free = [domain for domain in evaluation.domains if named.isdisjoint(domain.indicators)]
    choices = [_without_domain(used, evaluation, domain) for domain in free]
    several = len(evaluation.domains) > 1
    said = message("assumption.domains", evaluation=title)
    yield from _listed(used, said, status, choices if several else ())
    for domain in evaluation.domains:
        yield from _domain(evaluation, domain, status, named)


def _without_domain(used: Setting, evaluation: Evaluation, domain: Domain) -> Choice:
    left = tuple(other.id for other in evaluation.domains if other.id != domain.id)
    changes: list[tuple[Setting, Value]] = [(used, left)]
    if evaluation.min_domains > len(left):
        changes.insert(0, (Setting(RulebookArea.EVALUATIONS, evaluation.id, "min_domains"), len(left)))
    return Choice(message("assumption.without_domain", domain=_family(domain)), tuple(changes))


def _domain(evaluation: Evaluation, domain: Domain, status: Status, named: set[str]) -> Iterator[Assumption]:
    """Each indicator left out, and another weight."""
    title, family = evaluation.title, _family(domain)
    setting = Setting(RulebookArea.EVALUATIONS, evaluation.id, "indicators", domain.id)
    choices = [
        Choice(
            message("assumption.without", title=get(code).title),
            ((setting, tuple(other for other in domain.indicators if other != code)),),
        )
        for code in (domain.indicators if len(domain.indicators) > 1 else ())
        if code not in named
    ]
    said = message("assumption.indicators", domain=family, evaluation=title)
    yield from _listed(setting, said, status, choices)
    weight = Setting(RulebookArea.EVALUATIONS, evaluation.id, "weight", domain.id)
    weights = [
        Choice(message("assumption.weight_of", n=f"{factor:f}"), ((weight, domain.weight * factor),))
        for factor in (_WEIGHTS if len(evaluation.domains) > 1 else ())
    ]
    said = message("assumption.weight", domain=family, evaluation=title)
    yield from _listed(weight, said, status, weights)


def _disproportionality(rules: Rulebook) -> Iterator[Assumption]:
    """How the minimums of risk ratios are joined."""
    held, status = rules.disproportionality, rules.disproportionality.provenance.status
    minimums = Setting(RulebookArea.DISPROPORTIONALITY, "", "minimums")
    others = (kind for kind in Minimums if kind is not held.minimums)
    choices = [Choice(message(_MINIMUMS[kind]), ((minimums, kind.value),)) for kind in others]
    yield from _listed(minimums, message("assumption.minimums_of"), status, choices)


def _small(rules: Rulebook) -> Iterator[Assumption]:
    """What smallness does."""
    setting = Setting(RulebookArea.TRACKS, "small_lea", "effect")
    others = (effect for effect in SmallLeaTrack if effect is not rules.small_lea.effect)
    choices = [Choice(message(_SMALL[effect]), ((setting, effect.value),)) for effect in others]
    yield from _listed(setting, message("assumption.small_of"), rules.small_lea.provenance.status, choices)


def _family(domain: Domain) -> Message:
    called = FAMILY_NAMED.get(domain.id)
    return message(called) if called else given(domain.id)
