"""A rulebook of one's own from a setting that fits the letters, which says so wherever it runs."""

from __future__ import annotations

from dataclasses import replace

from cim_core.letters.evidence import way_said
from cim_core.letters.reconcile import Fit, Reconciliation
from cim_core.rules.rulebook import Fitted, Rulebook
from cim_core.rules.sources import Source
from cim_core.whatif import scenario
from cim_core.words.messages import HowMany, message

SOURCE = Source("fitted", message("fitted.source"))
"""The source that rules and targets name which were chosen for the letters that they explain."""


def fitted(found: Reconciliation, fit: Fit) -> Rulebook:
    """The rules with a setting that was found, never official; of a range with a value inside it.

    It keeps how many letters of how many it explains, and how many settings that were tried do as well.
    Raises ValueError for the rules as they are.
    """
    if not fit.ways:
        raise ValueError("nothing is changed")
    rules = scenario.with_changes(found.rules, fit.changes, "fitted", SOURCE)
    others = len(found.as_good_as(fit))
    changes = tuple(
        message("fitted.choice", assumption=way.assumption.said, choice=way_said(found.rules, way))
        for way in fit.ways
    )
    counts = {"n": HowMany(others), "k": HowMany(fit.number), "all": HowMany(found.letters)}
    return replace(
        rules,
        id="fitted",
        title=message("fitted.title", title=found.rules.title),
        about=message("fitted.about", base=found.rules.title, changes=changes, **counts),
        fitted=Fitted(found.letters, fit.number, others),
    )
