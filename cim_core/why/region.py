"""A region in numbers: how many LEAs in each placement, what is missed most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from cim_core.data.dataset import Missing
from cim_core.data.indicators import POSITION
from cim_core.intake.problems import Problem, Severity
from cim_core.placing import settled
from cim_core.placing.placement import Placements, Result
from cim_core.placing.settled import Standing
from cim_core.rules.tiers import NOT_PLACED, Placement


@dataclass(frozen=True, slots=True)
class Region:
    """One year of a region. `rows` run from the most to the least intensive placement, then by name.

    `counts` tell settled LEAs from those that are only at least there, which have an entry of their own;
    `may` says how many of the latter could be in each placement that is more intensive than the shown one.
    """

    year: str
    rows: tuple[int, ...]
    counts: tuple[tuple[Standing, int], ...]
    may: Mapping[Placement, int]
    provisional: tuple[int, ...]
    most_missed: tuple[tuple[str, int, int], ...]
    previous_year: str | None


def region(placements: Placements, year: str) -> Region:
    """The summary of one year. `most_missed` holds (indicator, LEAs that missed, LEAs with data)."""
    data = placements.dataset
    rows = data.rows_of_year(year).tolist()
    ordered = sorted(rows, key=lambda row: _order(placements, row))
    earlier = [one for one in data.closed_years if one < year] if year in data.closed_years else []
    previous = max(earlier, default=None)
    return Region(
        year=year,
        rows=tuple(ordered),
        counts=_counts(placements, rows),
        may=Counter(
            other for row in rows for other in placements.could_be(row) if other > placements.placement(row)
        ),
        provisional=tuple(row for row in ordered if not placements.firm[row]),
        most_missed=_most_missed(placements, rows),
        previous_year=previous,
    )


def _counts(placements: Placements, rows: list[int]) -> tuple[tuple[Standing, int], ...]:
    """How many LEAs in each placement, those that are not settled apart where there are any."""
    stand = Counter(settled.of(placements, row) for row in rows)
    ordered = reversed(placements.rulebook.placements)
    each = (Standing(placement, way) for placement in ordered for way in (True, False))
    return tuple((standing, stand[standing]) for standing in each if standing.settled or standing in stand)


def _order(placements: Placements, row: int) -> tuple[int, int, str]:
    severity = placements.placement(row).severity
    return -severity, -int(placements.missed[row]), str(placements.dataset.lea_name[row])


def _most_missed(placements: Placements, rows: list[int]) -> tuple[tuple[str, int, int], ...]:
    each = []
    for code in placements.rulebook.elements.indicators:
        results = placements.results[rows, POSITION[code]]
        missed = int(np.count_nonzero(results == Result.MISSED))
        met = int(np.count_nonzero((results == Result.MET) | (results == Result.MET_NOT_CALCULATED)))
        if missed:
            each.append((code, missed, missed + met))
    return tuple(sorted(each, key=lambda one: -one[1]))


def shown_indicators(placements: Placements, year: str, elements_only: bool) -> tuple[str, ...]:
    """The indicators worth a column: those that the file has at all, and among them the elements if asked."""
    data = placements.dataset
    elements = placements.rulebook.elements.indicators
    rows = data.rows_of_year(year)
    present = [code for code in POSITION if (data.missing[rows, POSITION[code]] != Missing.ABSENT).any()]
    wanted = [code for code in present if not elements_only or code in elements]
    return tuple(wanted or present or elements)


@dataclass(frozen=True, slots=True)
class Firmness:
    """How many LEAs of a year are placed firmly, provisionally, and not at all."""

    rows: int
    firm: int
    provisional: int
    not_placed: int


def firmness(placements: Placements, year: str) -> Firmness:
    """The tally of one year: every LEA is counted once."""
    rows = placements.dataset.rows_of_year(year).tolist()
    nowhere = sum(placements.placement(row) == NOT_PLACED for row in rows)
    firm = sum(bool(placements.firm[row]) and placements.placement(row) != NOT_PLACED for row in rows)
    return Firmness(len(rows), firm, len(rows) - firm - nowhere, nowhere)


RELIABLE = 30
"""Below this many students a rate is shown with a warning (the Dashboard gives no color under 30)."""


def worst_in_cells(problems: Iterable[Problem]) -> dict[tuple[str, str], dict[str, Severity]]:
    """The worst finding in each cell, by LEA code and year, then by indicator; notes are not findings."""
    found: dict[tuple[str, str], dict[str, Severity]] = {}
    for problem in problems:
        if problem.indicator and problem.severity is not Severity.NOTE:
            cells = found.setdefault((problem.lea_code, problem.year), {})
            if cells.get(problem.indicator) is not Severity.ERROR:
                cells[problem.indicator] = problem.severity
    return found


def cell_states(
    placements: Placements, row: int, worst: Mapping[tuple[str, str], Mapping[str, Severity]]
) -> dict[str, str]:
    """The state of each cell of a row: fine, warning, error, few (under `RELIABLE` students), missing."""
    data = placements.dataset
    found = worst.get((str(data.lea_code[row]), str(data.year[row])), {})
    states = {}
    for code, at in POSITION.items():
        if code in found:
            states[code] = found[code].value
        elif data.missing[row, at] != Missing.PRESENT:
            states[code] = "missing"
        elif 0 <= data.denominator[row, at] < RELIABLE:
            states[code] = "few"
        else:
            states[code] = "fine"
    return states


def by_placement(placements: Placements, of: Region) -> list[tuple[Standing, tuple[int, ...]]]:
    """The rows of a region in each placement, most intensive first, those that are not settled apart; the two
    placements that are no tier only if used, and none without a settled LEA where another could be in it."""
    found = []
    for standing, count in of.counts:
        empty = not count and (standing.placement.tier is None or of.may[standing.placement])
        if not empty:
            rows = tuple(row for row in of.rows if settled.of(placements, row) == standing)
            found.append((standing, rows))
    return found
