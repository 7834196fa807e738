"""Where an LEA stood over the years, by letter where there is one, and which way it moved last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cim_core.letters.agreement import letter_of
from cim_core.letters.summary import standing
from cim_core.placing import settled
from cim_core.placing.placement import Placements
from cim_core.placing.settled import Standing
from cim_core.rules.tiers import NOT_PLACED

COMPARED = ("only_year", "not_placed", "mixed", "up", "down", "other", "same")
"""What `compared` gives."""


@dataclass(frozen=True, slots=True)
class YearStanding:
    """One year of an LEA; `by_letter` where a letter names a placement, else this tool's reading."""

    year: str
    standing: Standing
    by_letter: bool


def over_years(placements: Placements, row: int, most: int = 3) -> tuple[YearStanding, ...]:
    """The last years of a row's LEA up to its own year, oldest first, without those that it is not in."""
    data = placements.dataset
    lea, here = str(data.lea_code[row]), str(data.year[row])
    years = [year for year in data.years if year <= here][-most:]
    rows = [row if year == here else data.row_of(lea, year) for year in years]
    return tuple(_of_year(placements, each) for each in rows if each is not None)


def _of_year(placements: Placements, row: int) -> YearStanding:
    letter = letter_of(placements.dataset, row)
    said = letter is not None and bool(letter.means)
    return YearStanding(str(placements.dataset.year[row]), standing(placements, row), said)


def compared(placements: Placements, row: int, years: Sequence[YearStanding]) -> str:
    """How the last two of some years compare: `only_year`, `not_placed`, `mixed` where a letter gives one of
    them alone, `up`, `down`, `other` where neither can be said, else `same`."""
    if len(years) < 2:
        return "only_year"
    if years[-1].standing.placement == NOT_PLACED:
        return "not_placed"
    if years[-1].by_letter != years[-2].by_letter:
        return "mixed"
    way = moved(placements, row)
    return way if way in ("up", "down") else "other" if way else "same"


def year_before(placements: Placements, year: str) -> str:
    """The year that a year is held against; empty for none, or where the year is not over."""
    closed = placements.dataset.closed_years
    earlier = [each for each in closed if each < year] if year in closed else []
    return max(earlier, default="")


def moved(placements: Placements, row: int) -> str:
    """Which way a row went since the year before, as in `settled.direction`; empty where it did not move.

    Letters are held against letters; where one of the years has none, this tool's readings are.
    """
    data = placements.dataset
    earlier = year_before(placements, str(data.year[row]))
    before = data.row_of(str(data.lea_code[row]), earlier) if earlier else None
    if before is None or data.in_progress[row] or data.in_progress[before]:
        return ""
    both = _of_year(placements, before), _of_year(placements, row)
    was, now = (
        (each.standing for each in both)
        if all(each.by_letter for each in both)
        else (settled.of(placements, before), settled.of(placements, row))
    )
    return "" if was.placement == now.placement else settled.direction(was, now)
