"""What an upload lacks for ranking, taken from the state file's own row of the same LEA and year.

Cells, not rows: a value in the upload wins; one that it lacks is taken whole, with the students behind it, so
that two sources never give parts of one value. Where two files of the upload give different values, neither
is used and nothing is filled in. The number of students with disabilities is taken for ranking alone: whether
an LEA is small is for the upload to say.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cim_core.data.dataset import NONE, Bools, Dataset, Floats, Ints, Missing


@dataclass(frozen=True, slots=True, eq=False)
class Filled:
    """What n rows of an upload are ranked on: `value` and `denominator` (n×K), `swd` (n).

    `cells` (n×K) and `swd_cells` (n) mark what comes from the state file, `twins` (n) are the rows there, −1
    where the LEA is not in it.
    """

    value: Floats
    denominator: Ints
    swd: Ints
    cells: Bools
    swd_cells: Bools
    twins: Ints


def as_given(dataset: Dataset, rows: Ints) -> Filled:
    """The rows as they are, with nothing filled in."""
    value = dataset.value[rows]
    nowhere = np.full(len(rows), NONE, np.int64)
    no = np.zeros(value.shape, np.bool_)
    swd = dataset.swd[rows]
    return Filled(value, dataset.denominator[rows], swd, no, np.zeros(len(rows), np.bool_), nowhere)


def of(dataset: Dataset, rows: Ints, state: Dataset, of_year: Ints) -> Filled:
    """The rows with what they lack from the rows `of_year` of a state file."""
    given = as_given(dataset, rows)
    twins = _same_leas(dataset, rows, state, of_year)
    there = twins >= 0
    if not there.any():
        return given
    lacking = dataset.missing[rows]
    open_to = (lacking != Missing.PRESENT) & (lacking != Missing.REFUSED) & there[:, np.newaxis]
    cells = open_to & (state.missing[twins] == Missing.PRESENT)
    swd_cells = (given.swd < 0) & there & (state.swd[twins] >= 0)
    return Filled(
        np.where(cells, state.value[twins], given.value),
        np.where(cells, state.denominator[twins], given.denominator),
        np.where(swd_cells, state.swd[twins], given.swd),
        cells,
        swd_cells,
        twins,
    )


def _same_leas(dataset: Dataset, rows: Ints, state: Dataset, of_year: Ints) -> Ints:
    if not len(of_year) or not len(rows):
        return np.full(len(rows), NONE, np.int64)
    keys = state.lea_key[of_year]
    order = np.argsort(keys)
    at = np.minimum(np.searchsorted(keys[order], dataset.lea_key[rows]), len(keys) - 1)
    there = order[at]
    return np.where(keys[there] == dataset.lea_key[rows], of_year[there], NONE).astype(np.int64)
