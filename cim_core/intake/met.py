"""Met or missed as a file prints it, against what its own rate and target give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from cim_core import words
from cim_core.attainment import meets
from cim_core.dataset import Bools, Dataset, Missing
from cim_core.indicators import POSITION, get
from cim_core.intake import cells, codes
from cim_core.intake.layout import PrintedTarget
from cim_core.intake.problems import Problem, Severity
from cim_core.intake.targets import sign_of
from cim_core.rulebook import Comparator

_PRECISION = 2
"""Decimals of the annual performance reports; used where no rate stands beside the target."""


def met_differs(targets: Sequence[PrintedTarget], dataset: Dataset) -> tuple[Problem, ...]:
    """Where a file prints met or missed, and its rate against its own target gives the other.

    Compared as in a placement (`cim_core.attainment`), at the decimals of the rate as printed.
    """
    places = {
        (str(key), str(year)): row
        for row, (key, year) in enumerate(zip(dataset.lea_code, dataset.year, strict=True))
    }
    outcomes: dict[tuple[str, Comparator, Decimal, int], Bools] = {}
    problems = []
    for one in targets:
        row = _row(one, dataset, places) if one.met else None
        if row is None or dataset.missing[row, POSITION[one.indicator]] != Missing.PRESENT:
            continue
        rate = cells.number(one.rate)
        precision = min(cells.decimals(rate), 6) if isinstance(rate, Decimal) else _PRECISION
        question = one.indicator, sign_of(one, None), one.value, precision
        if question not in outcomes:
            outcomes[question] = meets(dataset, POSITION[one.indicator], *question[1:])
        met = bool(outcomes[question][row])
        if met != (one.met == "yes"):
            problems.append(_differs(one, met))
    return tuple(problems)


def _row(one: PrintedTarget, dataset: Dataset, places: Mapping[tuple[str, str], int]) -> int | None:
    known = places.get((one.lea_code, one.year))
    if known is not None:
        return known
    code = codes.read(one.lea_code, "", {}).code
    return None if code is None else dataset.row_of(code, one.year)


def _differs(one: PrintedTarget, met: bool) -> Problem:
    said = {True: words.text("printed.met"), False: words.text("printed.missed")}
    values = {
        "label": get(one.indicator).label,
        "printed": said[one.met == "yes"],
        "rate": one.rate or "–",
        "target": one.written,
        "found_met": said[met],
    }
    where = one.file, one.sheet, one.row, one.column
    return Problem(
        Severity.WARNING, "met_differs", *where, one.met, values, one.lea_code, one.year, one.indicator
    )
