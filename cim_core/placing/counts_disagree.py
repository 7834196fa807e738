"""What files state about disproportionality, against what their own counts by race and ethnicity give."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from cim_core.data.dataset import Dataset
from cim_core.data.race_counts import OPEN
from cim_core.intake.assembly.gathering import GatheredRows, Groups
from cim_core.intake.problems import Problem, Severity, Values
from cim_core.placing.disproportionality import measure
from cim_core.placing.from_counts import Bounds, bounds_of, contradicts, sig_dis_excluded
from cim_core.rules import rulebook_file
from cim_core.rules.outcome import FLAG_NAMED
from cim_core.words.messages import HowMany, Message, Value, message
from cim_core.words.numbers import ratio_limit


def disagreements(dataset: Dataset, groups: Groups) -> Iterator[Problem]:
    """Where files state something about disproportionality that their own counts exclude.

    By the threshold of the default rulebook, which the problem names: whichever rulebook is looked through
    later, what was found in a file stays the same.
    """
    counts = dataset.counts
    if counts is None or not counts.feeds:
        return
    rules = rulebook_file.load().disproportionality
    bounds = bounds_of(dataset, measure(counts, rules))
    years, newly, sig_dis = dataset.disproportionate_years, dataset.newly_disproportionate, dataset.sig_dis
    excluded = contradicts(years, newly, bounds)
    not_significant = sig_dis_excluded(sig_dis, dataset.cceis, bounds)
    for row in np.flatnonzero(excluded | not_significant).tolist():
        group = groups[str(dataset.lea_key[row]), str(dataset.year[row])]
        values: dict[str, Value] = {
            "threshold": ratio_limit(rules.threshold),
            "sign": rules.comparator.value,
        }
        values["counted"] = _counted(bounds, row)
        if excluded[row]:
            name = "disproportionate_years" if years[row] >= 0 else "newly_disproportionate"
            found = str(years[row]) if years[row] >= 0 else message(FLAG_NAMED[int(newly[row])])
            yield _of_fact(group, name, found, values)
        if not_significant[row]:
            answer = message(FLAG_NAMED[int(sig_dis[row])])
            yield _of_fact(group, "sig_dis", answer, values)


def _counted(bounds: Bounds, row: int) -> Message:
    least, most = int(bounds.least[row]), int(bounds.most[row])
    if least == most:
        return message("counted.exactly", n=HowMany(least))
    if most >= OPEN:
        return message("counted.at_least", n=HowMany(least))
    return message("counted.between", n=HowMany(least), most=HowMany(most))


def _of_fact(group: GatheredRows, name: str, found: str | Message, values: Values) -> Problem:
    place = group.place_of_fact(name)
    return Problem(
        Severity.WARNING, "counts_disagree", place.table.file, place.table.sheet, place.row,
        group.headers.get(name, name), found, values, group.lea_code, group.year,
    )  # fmt: skip
