"""Checks over the finished dataset: what no single cell can show. All of them are warnings or notes."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from fractions import Fraction

import numpy as np

from cim_core.data import school_years
from cim_core.data.dataset import TWO_SOURCES, Bools, Dataset, Floats, Missing
from cim_core.data.facts import PERCENTILE_COLUMNS
from cim_core.data.indicators import CODES, INDICATORS, POSITION, get
from cim_core.intake import known_leas
from cim_core.intake.assembly.gathering import GatheredRows, Groups
from cim_core.intake.meanings import lea_names
from cim_core.intake.problems import Problem, Severity, Values, shown
from cim_core.intake.questions import collection_name
from cim_core.words import numbers
from cim_core.words.messages import Message, message

NESTED = (("14a", "14b"), ("14b", "14c"), ("14a", "14c"))
"""Each holds everybody of the one before it (OSEP Part B measurement table, indicator 14)."""
SHARES = (("5a", "5b", "5c"), ("6a", "6b", "6c"))
"""Each group's settings exclude one another, so together they are at most everybody."""
_ROUNDING = 0.2
"""Three rates that were rounded to one decimal may add up to so much more than 100."""
_WHOLE_ROUNDING = 1.5
"""The same for rates in whole percents."""
FALSE_SHARE = 0.05
"""So many of the changes that are said to be large may be chance, expected over all comparisons."""
_PLACING = (
    *("swd", "disproportionate_years", "newly_disproportionate", "sig_dis", "minor_findings"),
    *PERCENTILE_COLUMNS,
)
"""Facts beside the indicators that a placement can rest on."""
_INVENTED_COUNTY = "99"
_COUNTIES = frozenset(f"{number:02d}" for number in range(1, 59))


def run(dataset: Dataset, groups: Groups) -> Iterator[Problem]:
    """All findings, each with the file, row and column of the cell that it is about."""
    yield from _nested(dataset, groups)
    yield from _shares(dataset, groups)
    yield from _jumps(dataset, groups)
    yield from _identities(groups)
    yield from _mixed(dataset, groups)
    yield from _days(dataset, groups)
    yield from _letters_alone(dataset, groups)


def _letters_alone(dataset: Dataset, groups: Groups) -> Iterator[Problem]:
    """Letters of LEAs and years of which no file says anything: there is nothing to read beside them."""
    told = (dataset.missing == Missing.PRESENT).any(axis=1)
    for column in _PLACING:
        values = getattr(dataset, column)
        told |= ~np.isnan(values) if values.dtype.kind == "f" else values >= 0
    for row in np.flatnonzero(~told & (dataset.cde_placement != "")).tolist():
        group = groups[str(dataset.lea_key[row]), str(dataset.year[row])]
        written = str(dataset.cde_placement[row])
        yield _of_group(group, "letter_alone", written, {"year": group.year}, "cde_placement")


def _days(dataset: Dataset, groups: Groups) -> Iterator[Problem]:
    """Days up to which counts go that are not in their year (1 July to 30 June, Education Code 37200)."""
    for row in np.flatnonzero(dataset.in_progress).tolist():
        key, year, day = str(dataset.lea_key[row]), str(dataset.year[row]), str(dataset.as_of[row])
        if school_years.of_day(date.fromisoformat(day), 7, 1) != year:
            yield _of_group(groups[key, year], "as_of_outside", day, {"year": year}, "as_of")


def _mixed(dataset: Dataset, groups: Groups) -> Iterator[Problem]:
    """Rates of one indicator from several public collections: they are not counted alike."""
    for code in TWO_SOURCES:
        rows_of: dict[str, int] = {}
        for row in np.flatnonzero(dataset.missing[:, POSITION[code]] == Missing.PRESENT):
            origin = dataset.origin_of(int(row), code)
            if origin is not None and origin.collection:
                rows_of.setdefault(origin.collection, int(row))
        if len(rows_of) > 1:
            found = message("listed", each=tuple(collection_name(one) for one in rows_of))
            label = {"label": get(code).label}
            yield _of_cell(dataset, groups, list(rows_of.values())[-1], code, "sources_mixed", found, label)


def _nested(dataset: Dataset, groups: Groups) -> Iterator[Problem]:
    for inner, outer in NESTED:
        low, high = dataset.value[:, POSITION[inner]], dataset.value[:, POSITION[outer]]
        skipped = (inner, outer) == ("14a", "14c")
        between = dataset.value[:, POSITION["14b"]]
        for row in np.flatnonzero(low > high + 1e-9):
            if skipped and not np.isnan(between[row]):
                continue
            found = f"{low[row]:.4g} > {high[row]:.4g}"
            labels = {"inner": get(inner).label, "outer": get(outer).label}
            yield _of_cell(dataset, groups, int(row), inner, "nested_order", found, labels)


def _shares(dataset: Dataset, groups: Groups) -> Iterator[Problem]:
    for parts in SHARES:
        shares = dataset.value[:, [POSITION[code] for code in parts]]
        total = np.nansum(shares, axis=1)
        whole = (np.isnan(shares) | (shares == np.round(shares))).all(axis=1)
        slack = np.where(whole, _WHOLE_ROUNDING, _ROUNDING)
        for row in np.flatnonzero(total > 100 + slack):
            labels = {"labels": tuple(get(code).label for code in parts)}
            yield _of_cell(dataset, groups, int(row), parts[0], "shares_over", f"{total[row]:.4g}", labels)


def _jumps(dataset: Dataset, groups: Groups) -> Iterator[Problem]:
    """Rates that changed by more than chance from the year before, over all comparisons of the upload.

    The p of each is that of the two-proportion z statistic, pooled. Of many comparisons some are large by
    chance alone; those are said of which at most `FALSE_SHARE` are expected to be chance (Benjamini and
    Hochberg, 1995, Journal of the Royal Statistical Society B 57, 289-300).
    """
    earlier = _year_before(dataset)
    rows = np.flatnonzero(earlier >= 0)
    if not len(rows):
        return
    before = earlier[rows]
    counted = _counted(dataset)
    places, off_by, values_of_z = [], [], []
    for place in range(len(CODES)):  # one indicator at a time: all at once are many arrays of every cell
        both = np.flatnonzero(counted[rows, place] & counted[before, place])
        now, then = rows[both], before[both]
        bottom_now, bottom_then = (np.maximum(dataset.denominator[at, place], 1) for at in (now, then))
        share_now, share_then = (dataset.value[at, place] / 100 for at in (now, then))
        pooled = (share_now * bottom_now + share_then * bottom_then) / (bottom_now + bottom_then)
        spread = np.maximum(pooled * (1 - pooled), 0)
        error = np.sqrt(spread * (1 / bottom_now + 1 / bottom_then))
        off = np.abs(share_now - share_then)
        values_of_z.append(np.divide(off, error, out=np.zeros_like(off), where=error > 0))
        places.append(np.full(len(both), place))
        off_by.append(both)
    z, place_of, at_of = map(np.concatenate, (values_of_z, places, off_by))
    large = np.flatnonzero(more_than_chance(z))
    for one in large[np.lexsort((place_of[large], at_of[large]))]:
        at, place = int(at_of[one]), int(place_of[one])
        row, then_row, code = int(rows[at]), int(before[at]), CODES[place]
        values: Values = {"label": get(code).label, "year": str(dataset.year[then_row]), "n": f"{len(z):,}"}
        found = f"{_percent(dataset, then_row, place)} → {_percent(dataset, row, place)}"
        yield _of_cell(dataset, groups, row, code, "jump", found, values, Severity.NOTE)


def more_than_chance(z: Floats) -> Bools:
    """Which of N two-sided z statistics stand out among all N, at the false discovery rate `FALSE_SHARE`.

    >>> more_than_chance(np.array([3.1, 0.2, 5.0])).tolist()
    [True, False, True]
    """
    p = np.array([math.erfc(one / math.sqrt(2)) for one in z.tolist()])
    ordered = np.sort(p)
    enough = np.flatnonzero(ordered <= FALSE_SHARE * np.arange(1, len(p) + 1) / max(len(p), 1))
    return np.asarray(p <= ordered[enough[-1]]) if len(enough) else np.zeros(len(p), np.bool_)


def _percent(dataset: Dataset, row: int, place: int) -> str:
    return numbers.percent(Fraction(float(dataset.value[row, place])))


def _counted(dataset: Dataset) -> Bools:
    """Cells with a value and its denominator, of an indicator that is students ÷ students."""
    fraction = np.array([one.has_numerator for one in INDICATORS])
    return np.asarray((dataset.denominator > 0) & (dataset.missing == Missing.PRESENT) & fraction)


def _year_before(dataset: Dataset) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """For each row the row of the same LEA one school year earlier, −1 where there is none, or where a year
    is not over: its counts are no whole year's."""
    found = np.full(len(dataset), -1, np.int64)
    keys, years = dataset.lea_key, dataset.year
    for row in (np.flatnonzero(keys[1:] == keys[:-1]) + 1).tolist():  # rows are sorted by LEA and year
        year = str(years[row])
        if years[row - 1] == f"{int(year[:4]) - 1}-{year[2:4]}":
            found[row] = row - 1
    either = dataset.in_progress | np.append(False, dataset.in_progress[:-1])
    return np.asarray(np.where(either, -1, found))


def _identities(groups: Groups) -> Iterator[Problem]:
    """Codes that the state list does not hold, names that do not fit, LEAs in two SELPAs."""
    known = known_leas.names()
    selpas: dict[str, dict[str, GatheredRows]] = defaultdict(dict)
    seen: set[tuple[str, str]] = set()
    for (key, _), group in groups.items():
        name, selpa = group.lea_name, group.selpa
        if selpa:
            selpas[key].setdefault(selpa, group)
        if (key, name) in seen or not key.isdecimal() or len(key) != 14 or key[:2] == _INVENTED_COUNTY:
            continue
        seen.add((key, name))
        yield from _identity(key, group, known.get(key))
    for by_name in selpas.values():
        if len(by_name) > 1:
            first, *_, last = by_name
            yield _of_group(by_name[last], "two_selpas", last, {"first": first}, "selpa")


def _identity(key: str, group: GatheredRows, listed: str | None) -> Iterator[Problem]:
    """A code that is not in the state list, or a name other than the one that is `listed`."""
    name = group.lea_name
    if listed is not None:
        if name and name != group.lea_code and not group.by_name and not lea_names.fits(name, listed):
            yield _of_group(group, "name_differs", name, {"name": listed}, "lea_name")
    elif key[:2] in _COUNTIES and not key.endswith("0000000"):
        yield _of_group(group, "code_of_school", group.lea_code, {}, severity=Severity.NOTE)
    else:
        yield _of_group(group, "code_unknown", group.lea_code, {})


def _of_group(
    group: GatheredRows,
    kind: str,
    found: str,
    values: Values,
    column: str = "lea_code",
    severity: Severity = Severity.WARNING,
) -> Problem:
    place = group.place
    return Problem(
        severity, kind, place.table.file, place.table.sheet, place.row, group.headers.get(column, column),
        shown(found), values, group.lea_code, group.year,
    )  # fmt: skip


def _of_cell(
    dataset: Dataset,
    groups: Groups,
    row: int,
    code: str,
    kind: str,
    found: str | Message,
    values: Values,
    severity: Severity = Severity.WARNING,
) -> Problem:
    group = groups[str(dataset.lea_key[row]), str(dataset.year[row])]
    place = group.place_of_cell(code)
    column = place.column or code
    return Problem(
        severity, kind, place.table.file, place.table.sheet, place.row, column, found, values,
        group.lea_code, group.year, code,
    )  # fmt: skip
