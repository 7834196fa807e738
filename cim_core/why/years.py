"""How a year is named: one that is not over with the day up to which its counts go."""

from __future__ import annotations

from collections.abc import Iterable

from cim_core.data.dataset import Dataset
from cim_core.words.dates import written_day
from cim_core.words.messages import Message, given, message


def year_said(dataset: Dataset, year: str) -> Message:
    """A year of the LEAs that are looked at: `2026-27 so far (to 15 Nov 2026)` where it is over for none."""
    return rows_year_said(dataset, year, dataset.rows_of_year(year).tolist())


def row_year_said(dataset: Dataset, row: int) -> Message:
    """The year of one row."""
    return rows_year_said(dataset, str(dataset.year[row]), (row,))


def rows_year_said(dataset: Dataset, year: str, rows: Iterable[int]) -> Message:
    """A year of some rows."""
    days = sorted({str(dataset.as_of[row]) for row in rows})
    if not days or not days[0]:
        return given(year)
    if len(days) == 1:
        return message("so_far.year", year=year, day=written_day(days[0]))
    return message("so_far.year_between", year=year, first=written_day(days[0]), last=written_day(days[-1]))
