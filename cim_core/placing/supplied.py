"""Which elements no open file has a column for: unknown, until a person says to take them as met.

A blank, NC, NA or a suppressed cell in a column that exists is no result and does not count; an element
without a column is not supplied, and may be met or missed (method: no result or not supplied). In a year that
is not over what is blank is not supplied so far, and nobody's word makes it met.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np

from cim_core.data.dataset import Bools, Dataset, Missing
from cim_core.data.facts import Fact
from cim_core.data.indicators import INDICATORS, POSITION
from cim_core.data.lea_types import LeaType, of_rows
from cim_core.placing.ranking import Reference
from cim_core.placing.targets_met import other_measure
from cim_core.rules.rulebook import Rulebook


def lacking(dataset: Dataset, rulebook: Rulebook, reference: Reference) -> Bools:
    """Elements (R×K) without a column in any open file that may be missed all the same.

    Not those without a target or whose target is of another measure, nor those that cannot apply to the LEA's
    type. The type is the file's own, else the reference's for the same LEA.
    """
    found = np.zeros((len(dataset), len(POSITION)), np.bool_)
    if not rulebook.counts_targets:
        return found
    for target in rulebook.targets:
        column = POSITION[target.indicator]
        absent = dataset.missing[:, column] == Missing.ABSENT
        absent |= dataset.in_progress & (dataset.missing[:, column] == Missing.BLANK)
        counts = target.value is not None and target.indicator in rulebook.elements.indicators
        if counts and absent.any():
            found[:, column] = absent & ~other_measure(dataset, target)
    if not found.any():
        return found
    kinds = of_rows(dataset, reference.dataset)
    for kind, cannot in _CANNOT_APPLY.items():
        rows = [row for row, one in enumerate(kinds) if one is kind]
        found[np.ix_(rows, cannot)] = False
    return found


def may_be_missed(dataset: Dataset, lacking: Bools, withheld: Bools) -> Bools:
    """Which elements (R×K) may be missed beside those that are, because no file has them, or because they are
    not shown."""
    if Fact.ELEMENTS not in dataset.assumed_none:
        return lacking | withheld
    return lacking & dataset.in_progress[:, np.newaxis] | withheld


def withheld(dataset: Dataset, rulebook: Rulebook) -> Bools:
    """Indicators (R×K) that may be missed and are not shown to the dataset's audience."""
    compared = (target.indicator for target in rulebook.targets if target.value is not None)
    return np.asarray(dataset.withheld(rulebook.minimum_n) & is_one_of(compared))


def is_one_of(codes: Iterable[str]) -> Bools:
    """Which indicators of the catalogue (K) are among some."""
    found = np.zeros(len(POSITION), np.bool_)
    found[[POSITION[code] for code in codes]] = True
    return found


_CANNOT_APPLY = {
    kind: [at for at, one in enumerate(INDICATORS) if (no := re.match(r"\d+", one.code)) and no[0] in numbers]
    for kind, numbers in (
        (LeaType.ELEMENTARY, ("1", "2", "13", "14")),
        (LeaType.HIGH, ("6", "7", "12")),
    )
}
"""Indicators by position that are about students whom a type of LEA does not serve (assumed)."""
