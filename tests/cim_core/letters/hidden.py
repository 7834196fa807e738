"""Letters made from rules that are then hidden."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal

import numpy as np

from cim_core.intake.meanings.placement_words import placements_said
from cim_core.placing.placement import place
from cim_core.rules.toml_table import SchemaError
from cim_core.whatif import scenario


def otherwise(rng: random.Random, assumption):
    """Some way in which an assumption can be otherwise: its changes, and the value of a number."""
    if assumption.choices:
        return dict(rng.choice(assumption.choices).changes), None
    threshold = assumption.threshold
    if assumption.unit is not None:
        steps = int((threshold.most - threshold.least) / assumption.unit)
        value = threshold.least + rng.randint(0, steps) * assumption.unit
    else:
        part = Decimal(rng.randint(0, 10**6)) / 10**6
        value = (threshold.least + (threshold.most - threshold.least) * part).quantize(Decimal("0.0001"))
    return dict(threshold.changes(value)), value


def with_letters(rng: random.Random, dataset, rules, reference, changes, leas: int):
    """The data with letters of some LEAs of the last year, as changed rules place them; None where the
    changes do not fit together or nobody gets a tier."""
    try:
        changed = scenario.with_changes(rules, changes, "hidden") if changes else rules
    except SchemaError:
        return None
    placed = place(dataset, changed, reference)
    rows = dataset.rows_of_year(dataset.years[-1]).tolist()
    words = np.full(len(dataset), "", "<U40")
    chosen = rng.sample(rows, min(leas, len(rows)))
    for row in chosen:
        name = rng.choice(placed.could_be(row)).name
        words[row] = name if placements_said(name) else ""
    return replace(dataset, cde_placement=words) if words.any() else None
