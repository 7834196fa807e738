"""What a finding of disproportionality rests on: area, group, the others beside it, and its years."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from cim_core.data.dataset import Dataset
from cim_core.data.race_counts import Area, Group
from cim_core.rules.rulebook import Disproportionality
from cim_core.why.risk_ratios import Finding, finding, findings, ratios_of, worst
from cim_core.words.messages import Kind, MessageFamily, Quantity
from cim_core.words.numbers import ratio_limit

OUTCOME = MessageFamily("had_outcome.{}", tuple(Area))
"""What children are in an area of disproportionality, as it is said after "are"."""
_YEARS = 3


@dataclass(frozen=True, slots=True)
class RatioEvidence:
    """The ratio that decides, the longest run of years first and then the highest.

    `others` are the area's other groups that have a ratio, `more` how many further findings are over the
    threshold. `years` are the newest ones, the year itself last, with None where there are no counts.
    `expected` students of the group would have the outcome at the rate of the others.
    """

    finding: Finding
    others: tuple[Finding, ...]
    more: int
    years: tuple[tuple[str, Finding | None], ...]
    expected: Quantity | None


def of_row(dataset: Dataset, row: int, rules: Disproportionality) -> RatioEvidence | None:
    """What counts say of a row; None without counts, or where no area and group is over the threshold."""
    ratios = ratios_of(dataset, rules)
    if ratios is None:
        return None
    lea, year = str(dataset.lea_key[row]), str(dataset.year[row])
    found = findings(ratios, lea, year)
    over = worst(found)
    if not over:
        return None
    first = over[0]
    others = tuple(
        one
        for one in found
        if one.area is first.area and one.group is not first.group and one.ratio is not None
    )
    years: list[tuple[str, Finding | None]] = []
    for each in [one for one in dataset.every_year if one <= year][-_YEARS:]:
        place = ratios.place(lea, each)
        at = None if place is None else (*place, int(first.area), int(first.group))
        years.append((each, None if at is None else finding(ratios, at)))
    return RatioEvidence(first, others, len(over) - 1, tuple(years), _expected(first))


def limit(rules: Disproportionality) -> str:
    """The threshold with one decimal at least."""
    return ratio_limit(rules.threshold)


def counted(
    dataset: Dataset, row: int, rules: Disproportionality, area: Area, group: Group
) -> tuple[int, int]:
    """How many children of a group have an area's outcome, and of how many, where counts are given."""
    ratios = ratios_of(dataset, rules)
    assert ratios is not None
    place = ratios.place(str(dataset.lea_key[row]), str(dataset.year[row]))
    assert place is not None
    at = (*place, int(area), int(group))
    return int(ratios.cell[at]), int(ratios.total[at])


def _expected(found: Finding) -> Quantity | None:
    """Students of the group at the others' rate: those there are, less those above parity."""
    if found.cell is None or found.above is None:
        return None
    return Quantity(found.cell.value - Fraction(found.above.value), Kind.COUNT, 0, found.cell.group)
