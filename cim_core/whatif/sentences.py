"""A scenario in words: what it changes, setting by setting, and why somebody moves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from cim_core.data.indicators import FAMILY_NAMED, INDICATORS, POSITION, get
from cim_core.placing.placement import Placements, Result
from cim_core.placing.reference import CHOICES
from cim_core.rules.rulebook import Rulebook
from cim_core.rules.rulebook_file import load
from cim_core.rules.settings import AS_FINDINGS, DOMAINS_USED, NC_IS_MET, RulebookArea, Setting, Value
from cim_core.whatif.change_points import ChangePoint
from cim_core.whatif.comparison import Comparison, Mover
from cim_core.whatif.scenario import Scenario
from cim_core.whatif.walks import clause_of
from cim_core.why.clauses import distance, rate, students
from cim_core.why.rungs import RungLea, detail
from cim_core.words.messages import Kind, Message, MessageFamily, Quantity, message
from cim_core.words.numbers import decimals, plain
from cim_core.words.rounding import half_away

_REFERENCE = MessageFamily("difference.reference_{}", CHOICES)
_CLAUSE_KIND: MessageFamily[str] = MessageFamily("difference.kind.{}")
_CLAUSE_NUMBER: MessageFamily[str] = MessageFamily("difference.clause_{}")
_CALLED = {
    "value": "difference.target_value",
    "comparator": "difference.target_comparator",
    "as_findings": "difference.as_findings",
    "nc_is_met": "difference.nc_is_met",
    "domains_used": "difference.domains_used",
    "weight": "difference.weight",
    "indicators": "difference.indicators",
    "min_denominator": "difference.min_denominator",
    "min_domains": "difference.min_domains",
    "min_reference_values": "difference.min_reference_values",
    "swd_over": "difference.swd_over",
    "ties": "difference.ties",
    "rank_among": "difference.rank_among",
    "precision": "difference.precision",
    "min_elements": "difference.min_elements",
    "minimum_n": "difference.minimum_n",
    "max_swd": "difference.max_swd",
    "effect": "difference.effect",
    "threshold": "difference.disproportionality_threshold",
    "min_cell": "difference.disproportionality_min_cell",
    "min_n": "difference.disproportionality_min_n",
    "minimums": "difference.disproportionality_minimums",
    "years_significant": "difference.disproportionality_years_significant",
}
"""What each setting is called, by its name; elements and clauses apart."""


@dataclass(frozen=True, slots=True)
class SettingDifference:
    """One setting: its key, what it is called, its value before (blank for none) and after, as written."""

    key: str
    label: Message
    before: str | Message
    after: str | Message


def differences(scenario: Scenario, base: Rulebook) -> tuple[SettingDifference, ...]:
    """Everything that a scenario changes, in reading order; settings that the base does not have are kept."""
    found = []
    if scenario.instead:
        title = load(scenario.instead).title
        found.append(SettingDifference("instead", message("difference.instead"), base.title, title))
    if scenario.reference:
        name = message(_REFERENCE[scenario.reference])
        found.append(SettingDifference("reference", name, "", ""))
    if scenario.improve:
        found.append(
            SettingDifference(
                "improve", message("difference.improve", percent=written(scenario.improve)), "", ""
            )
        )
    rules = load(scenario.instead) if scenario.instead else base
    for setting, value in sorted(scenario.changes.items(), key=_reading_order):
        before = setting.get(rules) if setting.fits(rules) else None
        was = "" if before is None else _said(setting, before)
        found.append(SettingDifference(str(setting), label_of(rules, setting), was, _said(setting, value)))
    for edit in scenario.edits:
        label = message("difference.edit", lea=edit.lea_code, year=edit.year, title=get(edit.indicator).title)
        key = f"data.{edit.lea_code}.{edit.year}.{edit.indicator}"
        top, bottom = students(edit.numerator, edit.denominator), students(edit.denominator)
        found.append(SettingDifference(key, label, "", message("difference.counts", top=top, bottom=bottom)))
    return tuple(found)


def _reading_order(change: tuple[Setting, Value]) -> tuple[str, int, str]:
    """Areas by name, indicators in the catalogue's order."""
    setting = change[0]
    return setting.area, POSITION.get(setting.id, 0), str(setting)


def written(value: Value) -> str:
    """A setting's value as people write it."""
    if isinstance(value, Decimal):
        return plain(value)
    return str(value)


def _said(setting: Setting, value: Value) -> str | Message:
    if isinstance(value, tuple) and setting.name == DOMAINS_USED:
        return message("listed", each=tuple(message(FAMILY_NAMED[domain]) for domain in value))
    if isinstance(value, tuple):
        return message("listed", each=tuple(get(code).label for code in value))
    return written(value)


def ratio(change: ChangePoint) -> Message | None:
    """What a change point comes from, `2 of 613`; None where it is a number of its own."""
    found = change.ratio
    if found is None:
        return None
    if found.of_students:
        top, bottom = students(int(found.top), found.bottom), students(found.bottom, found.bottom)
    else:
        shared = 1 if found.top % 1 else 0
        top = Quantity(Fraction(found.top), Kind.RANK, shared)
        bottom = Quantity(Fraction(found.bottom), Kind.RANK, 0)
    return message("points.ratio", top=top, bottom=bottom)


def label_of(rules: Rulebook, setting: Setting) -> Message:
    """What a setting is called; its text where it has no name of its own."""
    if setting in (AS_FINDINGS, NC_IS_MET):
        return message(_CALLED[setting.name])
    if not setting.fits(rules):
        return message("difference.unknown", key=str(setting))
    if setting.area is RulebookArea.ELEMENTS:
        return message("difference.element", title=get(setting.id).title)
    if setting.area is RulebookArea.TARGETS:
        return message(_CALLED[setting.name], title=get(setting.id).title)
    if setting.area is RulebookArea.CLAUSES:
        clause = clause_of(rules, setting)
        assert clause is not None
        kind = message(_CLAUSE_KIND[clause.kind])
        return message(_CLAUSE_NUMBER[setting.name], placement=clause.placement.label, kind=kind)
    if setting.domain:
        return message(_CALLED[setting.name], domain=message(FAMILY_NAMED[setting.domain]))
    return message(_CALLED[setting.name])


def because(comparison: Comparison, mover: Mover) -> tuple[Message, ...]:
    """Which numbers moved an LEA: the targets whose result turned, and the clause that decides now."""
    before, after = comparison.before, comparison.after
    turned = []
    for at, indicator in enumerate(INDICATORS):
        was, result = (Result(int(one.results[mover.row, at])) for one in (before, after))
        if was != result and Result.MISSED in (was, result):
            turned.append(_turned(after, mover.row, indicator.code, result))
    said: list[Message] = []
    if turned:
        said.append(message("because.turned", each=tuple(turned)))
    held = int(before.deciding[mover.row])
    lost = before.rulebook.clauses[held] if held >= 0 else None
    holds = after.clause(mover.row)
    lost_by: Message | None = None
    for at, one in enumerate(after.rulebook.clauses):
        if lost is not None and one.id == lost.id and (holds is None or holds.placement < lost.placement):
            lost_by = detail(after, mover.row, at)
            said.append(message("because.no_longer", clause=one.said, detail=lost_by))
    if holds is not None:
        now = detail(after, mover.row, int(after.deciding[mover.row]))
        said.extend([now] if now != lost_by else [])
        said.extend(holds.margin(RungLea(after, mover.row)))
    return tuple(said)


def _turned(after: Placements, row: int, code: str, now: Result) -> Message:
    indicator, target = get(code), after.rulebook.target(code)
    exact = after.dataset.exact(row, code)
    if exact is None or target is None or target.value is None:
        return message("because.not_counted", title=indicator.title)
    precision = after.rulebook.precision
    value = rate(exact, indicator, precision, None, target)
    by = abs(half_away(exact, precision) - Fraction(target.value))
    return message(
        "because.missed" if now is Result.MISSED else "because.met",
        title=indicator.title,
        rate=value,
        target=target.beside(value),
        by=replace(distance(by, indicator, precision, None), shown=max(decimals(value), 1)),
    )
