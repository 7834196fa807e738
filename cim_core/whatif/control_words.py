"""What the controls of What if are called, in a few words, and what is changed in as few."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from cim_core.data.indicators import Unit, get
from cim_core.rules import rulebook_file, thresholds
from cim_core.rules.banded_clause import BandedClause
from cim_core.rules.clause import Basis
from cim_core.rules.rulebook import Comparator, Rulebook
from cim_core.rules.settings import ELEMENT, RulebookArea, Setting, Value
from cim_core.rules.thresholds import Threshold, ThresholdGroup
from cim_core.whatif.scenario import Scenario
from cim_core.whatif.sentences import differences, written
from cim_core.whatif.walks import clause_of
from cim_core.words.messages import HowMany, Message, MessageFamily, message

_MOST_TARGETS = 2
"""So many changed targets are named; more are counted."""
_COUNTED = {
    Basis.MISSED: "control.missed",
    Basis.FINDINGS: "control.findings",
    Basis.YEARS: "control.years",
}
_TARGET = MessageFamily("control.target.{}", ("greater", "at_least", "less", "at_most"))
_SIGN = {
    Comparator.GREATER: "greater",
    Comparator.AT_LEAST: "at_least",
    Comparator.LESS: "less",
    Comparator.AT_MOST: "at_most",
}
_NAMED = {
    "threshold": "control.ratio",
    "min_cell": "control.min_cell",
    "min_n": "control.min_n",
    "years_significant": "control.years_significant",
    "max_swd": "control.small_lea",
    "minimum_n": "control.minimum_n",
    "min_elements": "control.min_elements",
    "swd_over": "control.swd_over",
    "min_denominator": "control.min_denominator",
    "min_domains": "control.min_domains",
}


def label(threshold: Threshold, rules: Rulebook) -> Message:
    """What the control of a threshold is called: `Intensive: lowest`, `5a at least`, `Risk ratio over`."""
    setting = threshold.setting
    if setting.area is RulebookArea.TARGETS:
        target = rules.target(setting.id)
        sign = Comparator.default(get(setting.id).direction) if target is None else target.comparator
        return message(_TARGET[_SIGN[sign]], label=get(setting.id).label)
    clause = clause_of(rules, setting)
    if clause is None:
        return _of_evaluation(message(_NAMED[setting.name]), setting, rules)
    if isinstance(clause, BandedClause):
        return _of_band(clause, setting, rules)
    return message(_COUNTED[clause.basis], placement=clause.placement.label)


def _of_band(clause: BandedClause, setting: Setting, rules: Rulebook) -> Message:
    lowest = clause.over is None and clause.start is None
    kind = "control.band_lowest" if lowest else "control.band_up_to"
    if setting.name in ("over", "start"):
        kind = "control.band_above"
    if clause.basis is not Basis.COMPOSITE:
        kind = "control.band_single"
    said = message(kind, placement=clause.placement.label)
    return _of_evaluation(said, Setting(RulebookArea.EVALUATIONS, clause.evaluation), rules)


def _of_evaluation(said: Message, setting: Setting, rules: Rulebook) -> Message:
    """Which evaluation is meant, where it is not the one that is shown first."""
    if setting.area is not RulebookArea.EVALUATIONS or setting.id == rules.first_evaluation.id:
        return said
    return message("control.of_evaluation", said=said, evaluation=rules.evaluation(setting.id).title)


def is_percent(threshold: Threshold) -> bool:
    """Whether it is a number of percent."""
    if threshold.group is ThresholdGroup.TARGETS:
        return get(threshold.setting.id).unit is Unit.PERCENT
    return threshold.group is ThresholdGroup.BANDS


def value(threshold: Threshold, at: Decimal) -> Message:
    """A value of a threshold as people write it, with a percent sign where it is one."""
    return message("control.percent" if is_percent(threshold) else "control.number", value=written(at))


def in_short(scenario: Scenario, base: Rulebook) -> tuple[Message, ...]:
    """What a scenario changes, in a few words each; settings that move together are one change."""
    rules = rulebook_file.load(scenario.instead) if scenario.instead else base
    said: list[Message] = []
    left = dict(scenario.changes)
    targets: list[Message] = []
    for threshold in thresholds.thresholds(rules):
        changed = [setting for setting, _ in threshold.settings if setting in left]
        if threshold.setting not in left:
            continue
        for setting in changed:
            del left[setting]
        each = changed_to(threshold, scenario, rules)
        (targets if threshold.group is ThresholdGroup.TARGETS else said).append(each)
    named = targets if len(targets) <= _MOST_TARGETS else [_targets(len(targets))]
    elements = [*_elements(left, "control.without", False), *_elements(left, "control.with", True)]
    rest = {setting: to for setting, to in left.items() if not _is_element(setting)}
    others = differences(Scenario(base=scenario.base, changes=rest, instead=scenario.instead), base)
    other = (message("control.other", label=one.label) for one in others if one.key != "instead")
    book = [message("control.instead", title=rules.title)] if scenario.instead else []
    return (*book, *said, *named, *elements, *other, *_data(scenario, base))


def changed_to(threshold: Threshold, scenario: Scenario, rules: Rulebook) -> Message:
    """A threshold of some rules and where a scenario puts it: `5a at least 50%`."""
    at = threshold.at(scenario.changes)
    return message("control.changed", label=label(threshold, rules), value=value(threshold, at))


def _targets(many: int) -> Message:
    return message("control.targets", n=HowMany(many))


def _is_element(setting: Setting) -> bool:
    return setting.area is RulebookArea.ELEMENTS and bool(setting.id)


def _elements(left: Mapping[Setting, Value], kind: str, counts: bool) -> list[Message]:
    """Which indicators are taken out of the count, or put in."""
    each = [
        setting.id for setting, to in left.items() if _is_element(setting) and (to == ELEMENT[0]) == counts
    ]
    return [message(kind, labels=tuple(get(code).label for code in each))] if each else []


def _data(scenario: Scenario, base: Rulebook) -> list[Message]:
    """What is changed beside the rules: the reference, everybody's numbers, those of some LEA."""
    only = Scenario(reference=scenario.reference, improve=scenario.improve)
    said = [one.label for one in differences(only, base)]
    codes = tuple(dict.fromkeys(get(edit.indicator).label for edit in scenario.edits))
    return [*said, message("control.edits", labels=codes)] if codes else said
