"""What a file prints as met or missed, judged by the rulebook in use instead of the default one."""

from __future__ import annotations

from dataclasses import replace

from cim_core.intake import Intake
from cim_core.placing import printed_met
from cim_core.rules import rulebook_file
from cim_core.rules.rulebook import Rulebook
from ui.shared.kept import kept


def judged(taken: Intake, rules: Rulebook, rulebook_id: str, scenario: str, *files: str) -> Intake:
    """The intake with its findings by the rules in use; `files` and the ids are what it is kept under."""
    if rulebook_id == rulebook_file.DEFAULT and not scenario:
        return taken
    return _judged("\n".join((rulebook_id, scenario, *files)), taken, rules)


@kept
def _judged(key: str, _taken: Intake, _rules: Rulebook) -> Intake:
    found = printed_met.judged_by(_rules, _taken.problems, _taken.targets, _taken.dataset)
    return replace(_taken, problems=tuple(found))
