"""Changed data: numerators and denominators of chosen LEAs, or everybody a little better."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from cim_core.dataset import Dataset, Missing
from cim_core.indicators import INDICATORS, POSITION


@dataclass(frozen=True, slots=True)
class DataEdit:
    """Other counts for one indicator of one LEA and year: students, never rates."""

    lea_code: str
    year: str
    indicator: str
    numerator: int
    denominator: int


def edited(dataset: Dataset, edits: Iterable[DataEdit]) -> Dataset:
    """The dataset with other counts in some cells; the original stays as it is.

    Raises ValueError for an LEA, year or indicator that is not there, an indicator without numerator, or
    counts that cannot be (numerator above denominator, denominator below 1).
    """
    changed = copied(dataset)
    for edit in edits:
        row = dataset.row_of(edit.lea_code, edit.year)
        if row is None:
            raise ValueError(f"no LEA {edit.lea_code} in {edit.year}")
        at = POSITION.get(edit.indicator)
        if at is None or not INDICATORS[at].has_numerator:
            raise ValueError(f"{edit.indicator} has no numerator to edit")
        if not 0 <= edit.numerator <= edit.denominator or edit.denominator < 1:
            raise ValueError(f"{edit.numerator} of {edit.denominator} cannot be")
        changed.numerator[row, at], changed.denominator[row, at] = edit.numerator, edit.denominator
        changed.value_numerator[row, at] = 100 * edit.numerator
        changed.value_denominator[row, at] = edit.denominator
        changed.value[row, at] = 100 * edit.numerator / edit.denominator
        changed.missing[row, at] = Missing.PRESENT
        changed.inferred[row, at] = False
    return changed


def improved(dataset: Dataset, percent: Decimal) -> Dataset:
    """Everybody improves by so many percent: that many more (or fewer) students in every numerator.

    New numerator = old × (1 ± percent ÷ 100), rounded half up to whole students, never above the denominator
    or below 0. Cells without both counts, and indicators without numerator, stay as they are.
    """
    changed = copied(dataset)
    up, down = Decimal(100) + percent, Decimal(100) - percent
    for at, indicator in enumerate(INDICATORS):
        if not indicator.has_numerator:
            continue
        factor = int((up if indicator.higher_is_better else down) * 10_000)
        there = (
            (dataset.missing[:, at] == Missing.PRESENT)
            & (dataset.numerator[:, at] >= 0)
            & (dataset.denominator[:, at] > 0)
            & ~dataset.inferred[:, at]
        )
        bottom = dataset.denominator[there, at]
        top = (2 * dataset.numerator[there, at] * max(0, factor) + 1_000_000) // 2_000_000
        top = np.clip(top, 0, bottom)
        changed.numerator[there, at] = top
        changed.value_numerator[there, at] = 100 * top
        changed.value_denominator[there, at] = bottom
        changed.value[there, at] = 100 * top / bottom
    return changed


def copied(dataset: Dataset) -> Dataset:
    """A dataset marked as altered whose values may be written to; facts are shared with the original."""
    names = (
        "numerator",
        "denominator",
        "value_numerator",
        "value_denominator",
        "value",
        "missing",
        "inferred",
    )
    return replace(dataset, altered=True, **{name: getattr(dataset, name).copy() for name in names})
