"""Cells of LEA-years → arrays, some thousand LEA-years at a time, so that both are never held together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from cim_core.data import measures
from cim_core.data.arrays import NONE
from cim_core.data.facts import Cell, LeaYear, Missing, Origin
from cim_core.data.indicators import CODES, POSITION, get

NANO = 10**9
"""Given rates are kept in whole billionths; digits beyond are cut, which cannot change rounding half up."""
_TOGETHER = 250
"""LEA-years whose cells are written into the arrays in one go."""
_SHAPES: dict[str, tuple[type, object]] = {
    "value_numerator": (np.int64, 0),
    "value_denominator": (np.int64, 1),
    "numerator": (np.int64, NONE),
    "denominator": (np.int64, NONE),
    "inferred": (np.bool_, False),
    "missing": (np.int8, Missing.ABSENT),
    "measure": (np.int8, NONE),
    "origin": (np.int16, NONE),
}
"""The arrays by the names that they have in a dataset, and what stands where nothing was read."""
_COUNTS = ("numerator", "denominator", "inferred", "origin")

_Arrays = dict[str, npt.NDArray[Any]]


def fields(rows: list[LeaYear], present: frozenset[str]) -> dict[str, Any]:
    """The arrays R×K of a `cim_core.data.dataset.Dataset` that hold cells, by their names, and its `origins`.

    `rows` is empty afterwards: each LEA-year is let go as soon as its cells are written. `present` are the
    indicators that were supplied. Raises ValueError for an indicator that is not in the catalogue.
    """
    size = len(rows), len(CODES)
    made: _Arrays = {name: np.empty(size, kind) for name, (kind, _) in _SHAPES.items()}
    value = np.empty(size)
    blank = [POSITION[code] for code in CODES if code in present]
    seen = _Origins()
    rows.reverse()
    for at in range(0, len(rows), _TOGETHER):
        some = rows[: -_TOGETHER - 1 : -1]
        del rows[-_TOGETHER:]
        into = {name: array[at : at + len(some)] for name, array in made.items()}
        for name, (_, nothing) in _SHAPES.items():
            into[name][:] = nothing
        into["missing"][:, blank] = Missing.BLANK
        _write(some, into, seen)
        there = into["missing"] == Missing.PRESENT
        value[at : at + len(some)] = np.where(
            there, into["value_numerator"] / into["value_denominator"], np.nan
        )
    return {**made, "value": value, "origins": tuple(seen.places)}


@dataclass
class _Origins:
    """Origins in the order in which they were met; equal ones are one, and each object is looked up once."""

    places: dict[Origin, int] = field(default_factory=dict)
    known: dict[int, int] = field(default_factory=dict)

    def of(self, origin: Origin) -> int:
        found = self.known.get(id(origin))
        if found is None:
            found = self.known[id(origin)] = self.places.setdefault(origin, len(self.places))
        return found


def _write(some: list[LeaYear], into: _Arrays, seen: _Origins) -> None:
    missing, measure = into["missing"].reshape(-1), into["measure"].reshape(-1)
    for code in measures.SINCE:
        into["measure"][:, POSITION[code]] = [measures.position(code, row.year) for row in some]
    places: list[int] = []
    counts: list[tuple[int, int, bool, int]] = []
    exact_at: list[int] = []
    exact_of: list[tuple[int, int]] = []
    for place, row, code, cell in _cells(some):
        of = NONE
        if cell.origin is not None:
            of = seen.of(cell.origin)
            if code in measures.NOT_COMPARED:
                measure[place] = measures.position(code, row.year, cell.origin.collection)
        places.append(place)
        counts.append(
            (
                NONE if cell.numerator is None else cell.numerator,
                NONE if cell.denominator is None else cell.denominator,
                cell.inferred,
                of,
            )
        )
        exact = _exact(code, cell)
        if exact is not None:
            exact_at.append(place)
            exact_of.append(exact)
        elif cell.missing is Missing.PRESENT and cell.denominator == 0:
            missing[place] = Missing.NO_STUDENTS
        elif cell.missing not in (Missing.PRESENT, Missing.BLANK):
            missing[place] = cell.missing
    if places:
        for name, values in zip(_COUNTS, zip(*counts, strict=True), strict=True):
            into[name].reshape(-1)[places] = values
    if exact_at:
        missing[exact_at] = Missing.PRESENT
        tops, bottoms = zip(*exact_of, strict=True)
        into["value_numerator"].reshape(-1)[exact_at] = tops
        into["value_denominator"].reshape(-1)[exact_at] = bottoms


def _cells(some: list[LeaYear]) -> Iterator[tuple[int, LeaYear, str, Cell]]:
    """Every cell with its place in arrays laid flat."""
    for at, row in enumerate(some):
        first = at * len(CODES)
        for code, cell in row.cells.items():
            column = POSITION.get(code)
            if column is None:
                raise ValueError(f"no indicator {code!r} in the catalogue")
            yield first + column, row, code, cell


def _exact(code: str, cell: Cell) -> tuple[int, int] | None:
    """The cell's value as whole number ÷ whole number: students ÷ students where both are given."""
    if cell.missing is not Missing.PRESENT or cell.denominator == 0:
        return None
    if get(code).has_numerator:
        both = cell.numerator is not None and cell.denominator is not None and not cell.inferred
        if both or (cell.rate is None and cell.numerator is not None and cell.denominator is not None):
            assert cell.numerator is not None and cell.denominator is not None
            return 100 * cell.numerator, cell.denominator
    if cell.rate is None:
        return None
    top, bottom = cell.rate.as_integer_ratio()
    whole = abs(top) * NANO // bottom
    return (whole if top >= 0 else -whole), NANO
