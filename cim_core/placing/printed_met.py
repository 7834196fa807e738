"""Met or missed as a file prints it, against what its own rate and target give."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from cim_core.data.dataset import Bools, Dataset, Missing
from cim_core.data.indicators import POSITION, get
from cim_core.intake.meanings import cell_text, codes
from cim_core.intake.meanings.layout import PrintedTarget
from cim_core.intake.meanings.targets import sign_of
from cim_core.intake.problems import Problem, Severity
from cim_core.placing.targets_met import Against, meets
from cim_core.rules import rulebook_file
from cim_core.rules.rulebook import Comparator, Rulebook
from cim_core.words.messages import HowMany, Value, message

_PRECISION = 2
"""Decimals of the annual performance reports; used where no rate stands beside the target."""
_OTHER_MEASURE = ("1", "2")
"""Their measure changed with data of 2020-21; the default rulebook's older targets say nothing about them."""


def met_differs(targets: Sequence[PrintedTarget], dataset: Dataset) -> tuple[Problem, ...]:
    """Where a file prints met or missed, and its rate against its own target gives the other.

    Compared as in a placement (`cim_core.placing.targets_met`), at the decimals of the rate as printed.
    """
    places = _places(dataset)
    outcomes: dict[tuple[str, Comparator, Decimal, int], Bools] = {}
    problems = []
    for stated in targets:
        row = _row(stated, dataset, places) if stated.met else None
        if row is None or dataset.missing[row, POSITION[stated.indicator]] != Missing.PRESENT:
            continue
        rate = cell_text.number(stated.rate)
        precision = min(cell_text.decimals(rate), 6) if isinstance(rate, Decimal) else _PRECISION
        question = stated.indicator, sign_of(stated, None), stated.value, precision
        if question not in outcomes:
            outcomes[question] = meets(dataset, [Against(*question[:3])], precision)[:, 0]
        met = bool(outcomes[question][row])
        if met != (stated.met == "yes"):
            problems.append(_differs(stated, met))
    return tuple(problems)


def met_otherwise(
    targets: Sequence[PrintedTarget], dataset: Dataset, rules: Rulebook | None = None
) -> tuple[Problem, ...]:
    """Where a file prints met or missed by its own target, and a rulebook's target gives the other.

    By the default rulebook unless one is given; the problem names it. One problem for each indicator, year
    and printed result.
    """
    rules = rulebook_file.load() if rules is None else rules
    places = _places(dataset)
    outcomes: dict[str, Bools] = {}
    found: dict[tuple[str, str, str, str, str], list[PrintedTarget]] = {}
    for stated in targets:
        target = (
            rules.target(stated.indicator) if stated.met and stated.indicator not in _OTHER_MEASURE else None
        )
        if target is None or target.value is None or (row := _row(stated, dataset, places)) is None:
            continue
        column = POSITION[stated.indicator]
        if (stated.value, sign_of(stated, None)) == (target.value, target.comparator):
            continue
        if dataset.missing[row, column] != Missing.PRESENT:
            continue
        if stated.indicator not in outcomes:
            against = Against(stated.indicator, target.comparator, target.value)
            outcomes[stated.indicator] = meets(dataset, [against], rules.precision)[:, 0]
        if bool(outcomes[stated.indicator][row]) != (stated.met == "yes"):
            key = stated.file, stated.sheet, stated.indicator, stated.year, stated.met
            found.setdefault(key, []).append(stated)
    return tuple(_otherwise(some, rules) for some in found.values())


def judged_by(
    rules: Rulebook, problems: Iterable[Problem], targets: Sequence[PrintedTarget], dataset: Dataset
) -> list[Problem]:
    """The problems of files under another rulebook than the default: its targets judge what is printed."""
    kept = [one for one in problems if one.kind != "met_otherwise"]
    return [*kept, *met_otherwise(targets, dataset, rules)]


def _otherwise(some: Sequence[PrintedTarget], rules: Rulebook) -> Problem:
    first, target = some[0], rules.target(some[0].indicator)
    assert target is not None
    said = {True: message("printed.met"), False: message("printed.missed")}
    values: dict[str, Value] = {
        "label": get(first.indicator).label,
        "n": HowMany(len(some)),
        "printed": said[first.met == "yes"],
        "found_met": said[first.met != "yes"],
        "target": first.written,
        "ours": target.written,
        "vintage": target.vintage,
        "rulebook": rules.title,
    }
    where = first.file, first.sheet, first.row, first.column
    lea = first.lea_code if len(some) == 1 else ""
    return Problem(
        Severity.WARNING, "met_otherwise", *where, first.met, values, lea, first.year, first.indicator
    )


def _places(dataset: Dataset) -> Mapping[tuple[str, str], int]:
    pairs = zip(dataset.lea_code, dataset.year, strict=True)
    return {(str(key), str(year)): row for row, (key, year) in enumerate(pairs)}


def _row(stated: PrintedTarget, dataset: Dataset, places: Mapping[tuple[str, str], int]) -> int | None:
    known = places.get((stated.lea_code, stated.year))
    if known is not None:
        return known
    code = codes.parse_code(stated.lea_code, "", {}).code
    return None if code is None else dataset.row_of(code, stated.year)


def _differs(stated: PrintedTarget, met: bool) -> Problem:
    said = {True: message("printed.met"), False: message("printed.missed")}
    values: dict[str, Value] = {
        "label": get(stated.indicator).label,
        "printed": said[stated.met == "yes"],
        "rate": stated.rate or "–",
        "target": stated.written,
        "found_met": said[met],
    }
    where = stated.file, stated.sheet, stated.row, stated.column
    return Problem(
        Severity.WARNING,
        "met_differs",
        *where,
        stated.met,
        values,
        stated.lea_code,
        stated.year,
        stated.indicator,
    )
