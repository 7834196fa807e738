"""The controls of What if in groups: the thresholds of each, what it is now, how much of it is changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from enum import StrEnum

from cim_core.rules import thresholds
from cim_core.rules.banded_clause import BandedClause
from cim_core.rules.clause import Basis, Clause
from cim_core.rules.rulebook import Rulebook
from cim_core.rules.settings import AS_FINDINGS, RulebookArea, Setting
from cim_core.rules.thresholds import Threshold
from cim_core.whatif.control_words import value
from cim_core.whatif.scenario import Scenario
from cim_core.whatif.sentences import written
from cim_core.whatif.walks import clause_of
from cim_core.words.messages import HowMany, Message, message
from cim_core.words.numbers import ratio_limit


class ControlGroup(StrEnum):
    """The groups, in the order in which they stand."""

    BANDS = "bands"
    TARGETS = "targets"
    MISSED = "missed"
    DISPROPORTIONALITY = "disproportionality"
    SMALLEST = "smallest"
    ELEMENTS = "elements"
    RANKING = "ranking"
    DATA = "data"


_OF_AREA = {
    RulebookArea.TARGETS: ControlGroup.TARGETS,
    RulebookArea.DISPROPORTIONALITY: ControlGroup.DISPROPORTIONALITY,
    RulebookArea.COUNTING: ControlGroup.SMALLEST,
    RulebookArea.TRACKS: ControlGroup.SMALLEST,
    RulebookArea.ELEMENTS: ControlGroup.ELEMENTS,
    RulebookArea.EVALUATIONS: ControlGroup.RANKING,
}


def group_of(setting: Setting, rules: Rulebook) -> ControlGroup:
    """The group in which a setting of some rules is changed."""
    if setting == AS_FINDINGS:
        return ControlGroup.MISSED
    if setting.area is not RulebookArea.CLAUSES:
        return _OF_AREA[setting.area]
    clause = clause_of(rules, setting)
    if isinstance(clause, BandedClause):
        return ControlGroup.BANDS
    years = clause is not None and clause.basis is Basis.YEARS
    return ControlGroup.DISPROPORTIONALITY if years else ControlGroup.MISSED


Grouped = Mapping[ControlGroup, tuple[Threshold, ...]]
"""The thresholds of some rules by group."""


def grouped(rules: Rulebook) -> Grouped:
    """Every threshold that a person may move, by group, in reading order."""
    found: dict[ControlGroup, tuple[Threshold, ...]] = dict.fromkeys(ControlGroup, ())
    for threshold in thresholds.thresholds(rules):
        group = group_of(threshold.setting, rules)
        found[group] = (*found[group], threshold)
    return found


def changed(scenario: Scenario, rules: Rulebook, each: Grouped) -> Counter[ControlGroup]:
    """How much is changed in each group; settings that move together count once."""
    found: Counter[ControlGroup] = Counter()
    linked = {
        setting: one.setting for listed in each.values() for one in listed for setting, _ in one.settings
    }
    for setting in {linked.get(each, each) for each in scenario.changes}:
        found[group_of(setting, rules)] += 1
    found[ControlGroup.RANKING] += bool(scenario.reference)
    found[ControlGroup.DATA] += len(scenario.edits) + bool(scenario.improve)
    return found


def now(group: ControlGroup, rules: Rulebook, each: tuple[Threshold, ...]) -> Message:
    """What the numbers of a group are in some rules, in a few words; `each` are its thresholds."""
    if group is ControlGroup.BANDS:
        first = [one for one in each if _is_of_first(one, rules)]
        return message("listed", each=tuple(value(one, one.value) for one in first or each))
    if group is ControlGroup.TARGETS:
        return message("control.now.number", n=HowMany(len(each)))
    if group is ControlGroup.ELEMENTS:
        return message("control.now.number", n=HowMany(len(rules.elements.indicators)))
    if group is ControlGroup.DISPROPORTIONALITY:
        return message("control.now.ratio", value=ratio_limit(rules.disproportionality.threshold))
    if group is ControlGroup.SMALLEST:
        return message("control.now.students", n=HowMany(max(1, rules.minimum_n)))
    if group is ControlGroup.MISSED:
        return _missed_now(rules)
    return message("control.now.none" if group is ControlGroup.DATA else "control.now.assumed")


def _is_of_first(threshold: Threshold, rules: Rulebook) -> bool:
    clause = clause_of(rules, threshold.setting)
    first = rules.first_evaluation.id
    return clause is not None and clause.basis is Basis.COMPOSITE and clause.evaluation == first


def _missed_now(rules: Rulebook) -> Message:
    """From how many missed targets on the most intensive of the placements that count them begins."""
    found = [one for one in rules.clauses if one.basis is Basis.MISSED and one.given.get("at_least")]
    if not found:
        return message("control.now.none")
    most = max(found, key=_severity)
    return message("control.now.missed", placement=most.placement.label, n=written(most.given["at_least"]))


def _severity(clause: Clause) -> int:
    return clause.placement.severity
