"""Two scenarios as one: what both change, and what is kept where they disagree."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cim_core.data.data_edits import DataEdit
from cim_core.rules import rulebook_file
from cim_core.rules.rulebook import Rulebook
from cim_core.rules.settings import Setting
from cim_core.whatif.scenario import Scenario, changed_rulebook, misfits
from cim_core.whatif.sentences import differences
from cim_core.words.messages import Message, message


@dataclass(frozen=True, slots=True)
class Conflict:
    """One thing that both scenarios change: what it is called, its value in the lower and the upper one."""

    label: Message
    under: str | Message
    over: str | Message


@dataclass(frozen=True, slots=True)
class Stack:
    """Two scenarios as one, what they disagree about, and settings that the rules then do not have."""

    scenario: Scenario
    conflicts: tuple[Conflict, ...]
    lost: tuple[Setting, ...]


def stacked(under: Scenario, over: Scenario, base: Rulebook, keep_under: bool = False) -> Stack:
    """A scenario on top of another one; where they disagree the upper one is kept, unless `keep_under`.

    Raises SchemaError where the two do not fit together.
    """
    first, second = (over, under) if keep_under else (under, over)  # what stands last is kept
    edits = {_place(edit): edit for edit in (*first.edits, *second.edits)}
    both = replace(
        under,
        name=_name(under, over),
        note="",
        instead=second.instead or first.instead,
        reference=second.reference or first.reference,
        improve=second.improve or first.improve,
        changes={**first.changes, **second.changes},
        edits=tuple(edits.values()),
    )
    rules = rulebook_file.load(both.instead) if both.instead else base
    lost = misfits(both, rules)
    both = both.changed(dict.fromkeys(lost))
    changed_rulebook(both, base)
    return Stack(both, _conflicts(under, over, base), lost)


def _name(under: Scenario, over: Scenario) -> str:
    return " + ".join(each.name for each in (under, over) if each.name)


def _conflicts(under: Scenario, over: Scenario, base: Rulebook) -> tuple[Conflict, ...]:
    """What both change to different values, in reading order."""
    sides = [{each.key: each for each in differences(one, base)} for one in (under, over)]
    held = [_by_key(one) for one in (under, over)]
    found = []
    for key in sides[0]:
        if key in sides[1] and held[0][key] != held[1][key]:
            lower, upper = sides[0][key], sides[1][key]
            if lower.after or upper.after:
                found.append(Conflict(lower.label, lower.after, upper.after))
            else:  # what it is called holds the value
                found.append(Conflict(message(_WHOLE[key]), lower.label, upper.label))
    return tuple(found)


_WHOLE = {"reference": "stack.reference", "improve": "stack.improve"}


def _by_key(scenario: Scenario) -> dict[str, object]:
    """What a scenario changes, under the keys of `differences`."""
    changes: dict[str, object] = {str(setting): value for setting, value in scenario.changes.items()}
    edits = {_place(edit): (edit.numerator, edit.denominator) for edit in scenario.edits}
    each = {name: getattr(scenario, name) for name in ("instead", "reference", "improve")}
    return changes | edits | each


def _place(edit: DataEdit) -> str:
    return f"data.{edit.lea_code}.{edit.year}.{edit.indicator}"
