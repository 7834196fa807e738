"""Random LEA-years written as files: a head and lines of cells, wide or long."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from cim_core.data.dataset import Cell, Facts, LeaYear, Missing
from cim_core.data.indicators import CODES, get

FACTS = (
    "swd", "disproportionate_years", "newly_disproportionate", "sig_dis", "minor_findings", "percentile",
    "preschool_percentile",
)  # fmt: skip
IDENTITY = ("lea_code", "lea_name", "year")
_REASONS = {
    Missing.NOT_CALCULATED: "NC", Missing.NOT_APPLICABLE: "NA", Missing.SUPPRESSED: "*",
    Missing.FEWER_THAN_11: "--", Missing.NOT_REPORTED: "NR",
}  # fmt: skip

Lines = list[list[str]]


def text(lines: Lines) -> bytes:
    """The lines as a CSV file."""
    out = io.StringIO()
    csv.writer(out).writerows(lines)
    return out.getvalue().encode()


def wide(rows: Sequence[LeaYear]) -> Lines:
    """One line for each LEA and year, with the columns of facts and indicators that any of them has."""
    codes = sorted({code for row in rows for code in row.cells}, key=CODES.index)
    told = _told(rows)
    head = [*IDENTITY, *told]
    for code in codes:
        head += _columns(code)
    lines = [head]
    for row in rows:
        cells = [part for code in codes for part in _parts(code, row.cells.get(code))]
        lines.append([row.lea_code, row.lea_name, row.year, *_facts(row.facts, told), *cells])
    return lines


def long(rows: Sequence[LeaYear]) -> Lines:
    """One line for each LEA, year and indicator, under the head."""
    told = _told(rows)
    lines = [[*IDENTITY, "indicator", "rate", "numerator", "denominator", *told]]
    for row in rows:
        for code, cell in row.cells.items():
            parts = [*_parts(code, cell), "", ""][:3]
            lines.append([row.lea_code, row.lea_name, row.year, code, *parts, *_facts(row.facts, told)])
    return lines


def _told(rows: Sequence[LeaYear]) -> list[str]:
    return [name for name in FACTS if any(getattr(row.facts, name) is not None for row in rows)]


def _columns(code: str) -> list[str]:
    return [code, f"{code}_n", f"{code}_d"] if get(code).has_numerator else [code]


def _parts(code: str, cell: Cell | None) -> list[str]:
    size = len(_columns(code))
    if cell is None:
        return [""] * size
    if cell.missing is not Missing.PRESENT:
        return [_REASONS.get(cell.missing, ""), "", ""][:size]
    values = (cell.rate, cell.numerator, cell.denominator)
    return ["" if one is None else str(one) for one in values][:size]


def _facts(facts: Facts, names: Sequence[str]) -> list[str]:
    said = {None: "", True: "yes", False: "no"}
    values = [getattr(facts, name) for name in names]
    return [said[one] if one is None or isinstance(one, bool) else str(one) for one in values]
