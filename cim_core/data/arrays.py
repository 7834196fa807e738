"""The kinds of arrays that a dataset is made of, and lists of values that may be unknown → such arrays."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int8]
Bools = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.str_]

NONE = -1
"""Stands for "not given" in arrays of counts and of three-valued facts."""


def texts(values: Iterable[str]) -> Texts:
    """Texts (R)."""
    listed = list(values)
    return np.array(listed, dtype=np.str_) if listed else np.array([], dtype=np.str_)


def counts(values: Iterable[int | None]) -> Ints:
    """Whole numbers (R), −1 where not given."""
    return np.array([NONE if value is None else value for value in values], np.int64)


def three_valued(values: Iterable[bool | None]) -> Codes:
    """Three-valued facts (R): 1, 0, −1 unknown."""
    return np.array([NONE if value is None else int(value) for value in values], np.int8)


def floats(values: Iterable[Decimal | None]) -> Floats:
    """Numbers (R), NaN where not given."""
    return np.array([np.nan if value is None else float(value) for value in values], np.float64)
