"""How a percentile came about, step by step, so that it can be redone with a pencil.

Method: see `cim_core.placing.ranking`; every number is looked up there, nothing is ranked a second time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from cim_core.data.indicators import FAMILY_NAMED, POSITION, get
from cim_core.data.lea_types import LEA_TYPES_NAMED
from cim_core.placing.placement import Placements
from cim_core.placing.ranking import Percentile, Ranked, YearUsed
from cim_core.why import clauses
from cim_core.why.rank_notes import ranked_with
from cim_core.words.messages import Kind, Message, Quantity, message


@dataclass(frozen=True, slots=True)
class PercentileStep:
    """One line of the arithmetic.

    `value` is what was ranked (an indicator's value, or the composite), `students` stand behind it; `rank`
    counts from the worst among `ranked` LEAs; `percent` is 100 × rank ÷ ranked, or the mean that `label`
    names. `from_state`: the value is the state file's, since the upload has none.
    """

    label: Message
    value: Quantity | None
    students: Quantity | None
    rank: Quantity | None
    ranked: Quantity | None
    percent: Quantity | None
    from_state: bool = False


def steps(placements: Placements, row: int, evaluation_id: str) -> tuple[PercentileStep, ...]:
    """The lines for one row, from the indicators over the domains to the percentile; none without a rank.

    Raises KeyError when the rulebook has no such evaluation.
    """
    found = placements.percentiles[evaluation_id]
    used = found.used(row)
    if used is None or Ranked(int(found.state[row])) is not Ranked.COMPUTED:
        return ()
    lines: list[PercentileStep] = []
    for domain in found.evaluation.domains:
        mean = float(found.domain[domain.id][row])
        if math.isnan(mean):
            continue
        parts = [code for code in domain.indicators if not math.isnan(_of(found, row, code))]
        lines.extend(_indicator(placements, found, row, code, used) for code in parts)
        labels = tuple(get(code).label for code in parts)
        title = message(FAMILY_NAMED[domain.id])
        lines.append(_mean(message("steps.domain", domain=title, parts=labels), mean))
    lines.append(_mean(message(_composite_words(found)), float(found.composite[row])))
    lines.append(
        PercentileStep(
            message("steps.percentile_type", kind=message(LEA_TYPES_NAMED[used.kind]))
            if used.kind
            else message("steps.percentile"),
            None,
            None,
            _plain(float(found.rank[row]), 1),
            _plain(float(found.ranked[row]), 0),
            clauses.percentile_of(placements, row, evaluation_id),
        )
    )
    return tuple(lines)


def _indicator(
    placements: Placements, found: Percentile, row: int, code: str, used: YearUsed
) -> PercentileStep:
    indicator, filled = get(code), bool(found.filled[row, POSITION[code]])
    of_state = ranked_with(placements, row, code) if filled else None
    data, at = of_state or (placements.dataset, row)
    exact = data.exact(at, code)
    assert exact is not None
    group = int(data.denominator[at, POSITION[code]])
    percent, ranked = _of(found, row, code), used.ranked_on[code]
    return PercentileStep(
        message("steps.indicator_from_state" if filled else "steps.indicator", title=indicator.title),
        clauses.rate(exact, indicator, placements.rulebook.precision, group),
        clauses.students(group, group),
        _plain(round(2 * percent * ranked / 100) / 2, 1),
        _plain(ranked, 0),
        clauses.percentile(percent),
        filled,
    )


def _of(found: Percentile, row: int, code: str) -> float:
    return float(found.indicator[row, POSITION[code]])


def _composite_words(found: Percentile) -> str:
    weighted = len({domain.weight for domain in found.evaluation.domains}) > 1
    return "steps.composite_weighted" if weighted else "steps.composite"


def _mean(label: Message, value: float) -> PercentileStep:
    return PercentileStep(label, None, None, None, None, clauses.percentile(value))


def _plain(value: float, decimals: int) -> Quantity:
    """A rank or a number of LEAs: nothing about students, so no group stands behind it."""
    number = Fraction(value)
    return Quantity(number, Kind.RANK, decimals if number.denominator > 1 else 0)
