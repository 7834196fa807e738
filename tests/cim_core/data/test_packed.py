"""The shipped data as arrays: the same as reading them, and never of other data."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from cim_core.data import packed, shipped
from cim_core.data.dataset import Dataset
from cim_core.placing import checked_files, reference
from tests.conftest import sample_placements

SOURCE = shipped.STATEWIDE.read_bytes()
PACKED = packed.path_of(shipped.STATEWIDE).read_bytes()


def same(one: Dataset, other: Dataset) -> bool:
    pairs = [(getattr(one, each.name), getattr(other, each.name)) for each in fields(Dataset)]
    return all(
        a.dtype == b.dtype and np.array_equal(a, b, equal_nan=a.dtype.kind == "f")
        if isinstance(a, np.ndarray)
        else a == b
        for a, b in pairs
    )


def test_the_arrays_are_what_reading_gives():
    """After a change of the shipped data or of reading: `python -m cim_core.data.packed`."""
    read = checked_files.take(SOURCE, shipped.STATEWIDE.name).dataset
    made = packed.loads(PACKED, SOURCE)
    assert made is not None and same(made, read)
    again = packed.loads(packed.dumps(read, SOURCE), SOURCE)
    assert again is not None and same(again, read)


def test_arrays_of_another_source_or_damaged_ones_are_not_taken():
    assert packed.loads(PACKED, SOURCE + b"\n") is None
    assert packed.loads(PACKED[:-200], SOURCE) is None
    assert packed.loads(b"", SOURCE) is None


def test_without_the_arrays_the_data_are_read(tmp_path):
    copy = tmp_path / shipped.STATEWIDE.name
    copy.write_bytes(SOURCE)
    assert same(reference._opened(copy), reference._opened(shipped.STATEWIDE))


def test_counts_by_race_are_not_packed():
    with pytest.raises(ValueError, match="only indicators"):
        packed.dumps(sample_placements().dataset, b"")
