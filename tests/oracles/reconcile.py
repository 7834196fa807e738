"""Letters beside a setting, the slow way: everybody of the whole file placed again, one setting at a time."""

from __future__ import annotations

from collections.abc import Mapping

from cim_core.intake.meanings.placement_words import placements_said
from cim_core.placing.placement import place
from cim_core.rules.toml_table import SchemaError
from cim_core.whatif import scenario


def fitting(dataset, rules, reference, changes: Mapping, surely: bool = False) -> set[int] | None:
    """The rows whose letter is among what they could be under some changes (`surely`: they could be nothing
    else); None where these do not fit together. A row without a letter, or with words that mean nothing, is
    not in it."""
    try:
        changed = scenario.with_changes(rules, changes, "oracle") if changes else rules
    except SchemaError:
        return None
    placed = place(dataset, changed, reference)
    found = set()
    for row, words in enumerate(dataset.cde_placement.tolist()):
        means = {placement.name for placement in placements_said(words)}
        could_be = {placement.name for placement in placed.could_be(row)}
        if could_be <= means if surely else could_be & means:
            found.add(row)
    return found
