"""The same placement as people would write it: a loop over rows, DataFrame.apply, SQL in DuckDB.

All take the percentile as given, keep the outcome of every clause of `at-a-glance`, and must agree with the
core on every LEA; `frame` is made outside the clock, as their natural form of the data.
"""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd

from cim_core.data.dataset import Dataset, Missing
from cim_core.data.indicators import POSITION
from cim_core.placing.placement import Placements, Result
from cim_core.rules.rulebook import Comparator, Rulebook

Targets = list[tuple[str, Callable[[float, float], bool], float]]
CLAUSES = ("Intensive", "Targeted Level 3", "Targeted Level 3", "Targeted Level 2", "Targeted Level 2",
           "Targeted Level 1", "Targeted Level 1")  # fmt: skip


def compared(placements: Placements) -> npt.NDArray[np.bool_]:
    """Which cells (R×K) hold a value of the measure that its target is of: the others are left blank."""
    there = placements.dataset.missing == Missing.PRESENT
    return np.asarray(there & (placements.results != Result.OTHER_MEASURE))


def frame(dataset: Dataset, placements: Placements) -> pd.DataFrame:
    """One row per LEA and year: exact value as numerator and denominator columns, facts, percentile."""
    columns: dict[str, object] = {}
    for code in placements.rulebook.elements.indicators:
        at = POSITION[code]
        there = compared(placements)[:, at]
        columns[f"n_{code}"] = pd.array(np.where(there, dataset.value_numerator[:, at], 0), dtype="Int64")
        columns[f"n_{code}"][~there] = pd.NA  # type: ignore[index]
        columns[f"d_{code}"] = dataset.value_denominator[:, at]
    for name in ("swd", "disproportionate_years", "minor_findings"):
        values = getattr(dataset, name)
        columns[name] = pd.array(np.where(values < 0, 0, values), dtype="Int64")
        columns[name][values < 0] = pd.NA  # type: ignore[index]
    columns["p"] = placements.percentiles["school_age"].percentile
    return pd.DataFrame(columns)


def compare(rulebook: Rulebook) -> Targets:
    """Element, comparison, target in hundredths."""
    signs: dict[Comparator, Callable[[float, float], bool]] = {
        Comparator.GREATER: lambda a, b: a > b,
        Comparator.AT_LEAST: lambda a, b: a >= b,
        Comparator.LESS: lambda a, b: a < b,
        Comparator.AT_MOST: lambda a, b: a <= b,
    }
    found = []
    for code in rulebook.elements.indicators:
        target = rulebook.target(code)
        assert target is not None and target.value is not None
        found.append((code, signs[target.comparator], float(target.value * 100)))
    return found


def count(row: dict[str, object], targets: Targets) -> tuple[int, int]:
    """How many targets a row misses, and how many it has a value for."""
    missed = counted = 0
    for code, meets, edge in targets:
        top = row[f"n_{code}"]
        if top is None:
            continue
        bottom = row[f"d_{code}"]
        counted += 1
        missed += not meets((2 * top * 100 + bottom) // (2 * bottom), edge)  # type: ignore[operator]
    return missed, counted


def one(row: dict[str, object], targets: Targets) -> str:
    """Place one row, given as a mapping."""
    missed, counted = count(row, targets)
    swd, years, findings, p = row["swd"], row["disproportionate_years"], row["minor_findings"], row["p"]
    small = swd is not None and swd <= 100  # type: ignore[operator]
    known_p = p is not None
    years_known = years is not None
    findings_known = findings is not None
    outcomes = (
        p <= 10 if known_p else (False if small else None),  # type: ignore[operator]
        10 < p <= 20 if known_p else (False if small else None),  # type: ignore[operator]
        years >= 2 if years_known else None,  # type: ignore[operator]
        missed >= 3 if counted else None,
        years == 1 if years_known else None,
        1 <= missed <= 2 if counted else None,
        findings >= 1 if findings_known else None,  # type: ignore[operator]
    )
    for placement, holds in zip(CLAUSES, outcomes, strict=True):
        if holds:
            return placement
    return "Universal" if counted else "Not placed"


def rows(table: list[dict[str, object]], rulebook: Rulebook) -> list[str]:
    """Plain per-row Python."""
    targets = compare(rulebook)
    return [one(row, targets) for row in table]


def apply(table: pd.DataFrame, rulebook: Rulebook) -> list[str]:
    """`DataFrame.apply` over rows."""
    targets = compare(rulebook)
    return list(table.apply(lambda row: one(row, targets), axis=1))


def sql(connection: duckdb.DuckDBPyConnection, rulebook: Rulebook) -> list[str]:
    """One statement in DuckDB over a table that is already in its memory."""
    misses, known = [], []
    for code in rulebook.elements.indicators:
        target = rulebook.target(code)
        assert target is not None and target.value is not None
        sign = {"≥": ">=", "≤": "<="}.get(target.comparator.value, target.comparator.value)
        rounded = f'((2 * "n_{code}" * 100 + "d_{code}") // (2 * "d_{code}"))'
        misses.append(f"coalesce((not ({rounded} {sign} {target.value * 100}))::int, 0)")
        known.append(f'("n_{code}" is not null)::int')
    statement = f"""
        with counted as (select *, {" + ".join(misses)} as missed, {" + ".join(known)} as counted from leas),
        outcomes as (select *,
            case when p <= 100 then p <= 10 when swd <= 100 then false end as c1,
            case when p <= 100 then p > 10 and p <= 20 when swd <= 100 then false end as c2,
            disproportionate_years >= 2 as c3,
            case when counted > 0 then missed >= 3 end as c4,
            disproportionate_years = 1 as c5,
            case when counted > 0 then missed between 1 and 2 end as c6,
            minor_findings >= 1 as c7 from counted)
        select case when c1 then 'Intensive' when c2 or c3 then 'Targeted Level 3'
            when c4 or c5 then 'Targeted Level 2' when c6 or c7 then 'Targeted Level 1'
            when counted > 0 then 'Universal' else 'Not placed' end, c1, c2, c3, c4, c5, c6, c7
        from outcomes order by place_in_file"""
    return [str(found[0]) for found in connection.execute(statement).fetchall()]
