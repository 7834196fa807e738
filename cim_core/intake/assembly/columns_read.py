"""Which columns of a file were taken for which of ours, by the names that the file itself gives them."""

from __future__ import annotations

from collections.abc import Iterable

from cim_core.intake.meanings.layout import Raw, Reading

_ENOUGH = 200
"""Rows of a reading that show which columns it fills."""


def columns_read(readings: Iterable[Reading]) -> tuple[tuple[str, str], ...]:
    """Pairs of our column and the file's own: who and when, facts, then each indicator's rate and counts."""
    found: dict[tuple[str, str], None] = {}
    for reading in readings:
        found |= dict.fromkeys(reading.headers.items())
        taken = set(reading.headers.values())
        for record in reading.records[:_ENOUGH]:
            for code, raw in record.cells.items():
                found |= dict.fromkeys((code, theirs) for theirs in _filled(raw) if theirs not in taken)
    return tuple(found)


def _filled(raw: Raw) -> list[str]:
    """The columns of a cell that hold something."""
    written = (raw.rate, raw.numerator, raw.denominator)
    return [theirs for theirs, value in zip(raw.columns, written, strict=True) if value]
