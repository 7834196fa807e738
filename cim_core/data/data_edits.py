"""Changed data: numerators and denominators of chosen LEAs, or everybody a little better."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from cim_core.data.dataset import Bools, Dataset, Ints, Missing
from cim_core.data.indicators import INDICATORS, POSITION
from cim_core.data.outside import quoted


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
            raise ValueError(f"no LEA {quoted(edit.lea_code)} in {quoted(edit.year)}")
        at = POSITION.get(edit.indicator)
        if at is None or not INDICATORS[at].has_numerator:
            raise ValueError(f"{quoted(edit.indicator)} has no numerator to edit")
        if not 0 <= edit.numerator <= edit.denominator or edit.denominator < 1:
            raise ValueError(f"{edit.numerator} of {edit.denominator} cannot be")
        put_counts(changed, row, at, edit.numerator, edit.denominator)
    return changed


def improved(dataset: Dataset, percent: Decimal) -> Dataset:
    """Everybody who is looked at improves by so many percent: as many more (or fewer) students in every
    numerator.

    New numerator = old × (1 ± percent ÷ 100), rounded half up to whole students, never above the denominator
    or below 0. Cells without both counts, and indicators without numerator, stay as they are.
    """
    changed = copied(dataset)
    given = dataset.counts_given() & ~dataset.inferred
    if dataset.mine is not None:
        given = given & dataset.mine[:, np.newaxis]
    up, down = Decimal(100) + percent, Decimal(100) - percent
    for at, indicator in enumerate(INDICATORS):
        if not indicator.has_numerator:
            continue
        factor = int((up if indicator.higher_is_better else down) * 10_000)
        there = given[:, at]
        bottom = dataset.denominator[there, at]
        top = (2 * dataset.numerator[there, at] * max(0, factor) + 1_000_000) // 2_000_000
        put_counts(changed, there, at, np.clip(top, 0, bottom), bottom)
    return changed


def put_counts(
    changed: Dataset, rows: Bools | int, at: int, numerator: Ints | int, denominator: Ints | int
) -> None:
    """Write students of students, as given, into one column (`at`) of a dataset that `copied` made."""
    changed.numerator[rows, at], changed.denominator[rows, at] = numerator, denominator
    changed.value_numerator[rows, at], changed.value_denominator[rows, at] = 100 * numerator, denominator
    changed.value[rows, at] = 100 * numerator / denominator
    changed.missing[rows, at] = Missing.PRESENT
    changed.inferred[rows, at] = False


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
