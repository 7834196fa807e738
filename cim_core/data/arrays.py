"""Lists of values that may be unknown → the arrays of a dataset."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import numpy as np
import numpy.typing as npt

_Ints = npt.NDArray[np.int64]
_Floats = npt.NDArray[np.float64]
_Codes = npt.NDArray[np.int8]
_Texts = npt.NDArray[np.str_]
_NONE = -1


def texts(values: Iterable[str]) -> _Texts:
    """Texts (R)."""
    listed = list(values)
    return np.array(listed, dtype=np.str_) if listed else np.array([], dtype=np.str_)


def counts(values: Iterable[int | None]) -> _Ints:
    """Whole numbers (R), −1 where not given."""
    return np.array([_NONE if value is None else value for value in values], np.int64)


def three_valued(values: Iterable[bool | None]) -> _Codes:
    """Three-valued facts (R): 1, 0, −1 unknown."""
    return np.array([_NONE if value is None else int(value) for value in values], np.int8)


def floats(values: Iterable[Decimal | None]) -> _Floats:
    """Numbers (R), NaN where not given."""
    return np.array([np.nan if value is None else float(value) for value in values], np.float64)
