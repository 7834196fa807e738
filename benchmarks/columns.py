"""The same placement as people would write it over whole columns: NumPy, pandas, polars.

The NumPy one is the floor: exact whole numbers, one label for each row, and nothing that says why. The others
keep what each clause came to, as `benchmarks.rivals` does. Their tables are made outside the clock.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import add

import numpy as np
import numpy.typing as npt
import pandas as pd
import polars as pl

from benchmarks.rivals import compare, compared
from cim_core.data.dataset import Dataset
from cim_core.data.indicators import POSITION
from cim_core.placing.placement import Placements
from cim_core.rules.rulebook import Comparator, Rulebook

LABELS = ("Intensive", "Targeted Level 3", "Targeted Level 2", "Targeted Level 1", "Universal", "Not placed")


@dataclass(frozen=True)
class Bare:
    """What the floor starts from: exact values of the elements (R×T), facts and percentiles (R)."""

    top: npt.NDArray[np.int64]
    bottom: npt.NDArray[np.int64]
    there: npt.NDArray[np.bool_]
    sign: npt.NDArray[np.int64]
    edge: npt.NDArray[np.int64]
    swd: npt.NDArray[np.int64]
    years: npt.NDArray[np.int64]
    findings: npt.NDArray[np.int64]
    percentile: npt.NDArray[np.float64]


def bare(dataset: Dataset, placements: Placements) -> Bare:
    """Columns of elements only, each turned so that higher is better; strict signs become the next unit."""
    targets = [placements.rulebook.target(code) for code in placements.rulebook.elements.indicators]
    at = [POSITION[one.indicator] for one in targets if one is not None]
    sign = [
        1 if one and one.comparator in (Comparator.GREATER, Comparator.AT_LEAST) else -1 for one in targets
    ]
    strict = [bool(one and one.comparator in (Comparator.GREATER, Comparator.LESS)) for one in targets]
    edge = [
        s * int(one.value * 100) + more
        for one, s, more in zip(targets, sign, strict, strict=True)
        if one is not None and one.value is not None
    ]
    return Bare(
        np.ascontiguousarray(dataset.value_numerator[:, at]),
        np.ascontiguousarray(dataset.value_denominator[:, at]),
        np.ascontiguousarray(compared(placements)[:, at]),
        np.array(sign),
        np.array(edge),
        dataset.swd,
        dataset.disproportionate_years,
        dataset.minor_findings,
        placements.percentiles["school_age"].percentile,
    )


def floor(one: Bare) -> list[str]:
    """Placements alone, in whole numbers."""
    rounded = (200 * one.top + one.bottom) // (2 * one.bottom)
    missed = (one.there & (one.sign * rounded < one.edge)).sum(axis=1)
    counted = one.there.any(axis=1)
    p, years = one.percentile, one.years
    label = np.select(
        [
            p <= 10,
            (p <= 20) | (years >= 2),
            (missed >= 3) | (years == 1),
            (missed >= 1) | (one.findings >= 1),
            counted,
        ],
        range(5),
        5,
    )
    return [LABELS[at] for at in label.tolist()]


def in_pandas(table: pd.DataFrame, rulebook: Rulebook) -> list[str]:
    """Whole columns of pandas, with unknown as NA."""
    missed = pd.Series(0, table.index, dtype="Int64")
    counted = pd.Series(0, table.index, dtype="Int64")
    for code, meets, edge in compare(rulebook):
        top, bottom = table[f"n_{code}"], table[f"d_{code}"]
        met = _met(meets, (200 * top + bottom) // (2 * bottom), edge)
        missed += (~met).astype("Int64").fillna(0)
        counted += top.notna()
    p, years = table["p"], table["disproportionate_years"]
    known = p.notna()
    outcomes = pd.DataFrame(
        {
            "c1": (p <= 10).astype("boolean").where(known, None).mask(~known & (table["swd"] <= 100), False),
            "c2": ((p > 10) & (p <= 20)).astype("boolean").where(known, None),
            "c3": years >= 2,
            "c4": (missed >= 3).where(counted > 0),
            "c5": years == 1,
            "c6": ((missed >= 1) & (missed <= 2)).where(counted > 0),
            "c7": table["minor_findings"] >= 1,
        }
    )
    holds = {name: outcomes[name].fillna(False).to_numpy(bool) for name in outcomes}
    label = np.select(
        [
            holds["c1"],
            holds["c2"] | holds["c3"],
            holds["c4"] | holds["c5"],
            holds["c6"] | holds["c7"],
            (counted > 0).to_numpy(bool),
        ],
        range(5),
        5,
    )
    return [LABELS[at] for at in label.tolist()]


def _met(meets: Callable[[float, float], bool], rounded: pd.Series, edge: float) -> pd.Series:
    return meets(rounded, edge)  # type: ignore[arg-type, return-value]


def polars_frame(table: pd.DataFrame) -> pl.DataFrame:
    """The rivals' table, as polars holds it: unknown is null."""
    columns = {
        name: [None if pd.isna(value) else value for value in table[name].tolist()] for name in table.columns
    }
    return pl.DataFrame(columns)


def in_polars(table: pl.DataFrame, rulebook: Rulebook) -> list[str]:
    """One query in polars."""
    misses, known = [], []
    for code, meets, edge in compare(rulebook):
        top, bottom = pl.col(f"n_{code}"), pl.col(f"d_{code}")
        rounded = (200 * top + bottom) // (2 * bottom)
        met: pl.Expr = meets(rounded, edge)  # type: ignore[assignment, arg-type]
        misses.append((~met).cast(pl.Int64).fill_null(0))
        known.append(top.is_not_null().cast(pl.Int64))
    counted = table.lazy().with_columns(missed=reduce(add, misses), counted=reduce(add, known))
    p, years, missed, some = (
        pl.col("p"),
        pl.col("disproportionate_years"),
        pl.col("missed"),
        pl.col("counted") > 0,
    )
    outcomes = counted.with_columns(
        c1=p <= 10,
        c2=(p > 10) & (p <= 20),
        c3=years >= 2,
        c4=pl.when(some).then(missed >= 3),
        c5=years == 1,
        c6=pl.when(some).then(missed.is_between(1, 2)),
        c7=pl.col("minor_findings") >= 1,
    )
    c = [pl.col(f"c{at}").fill_null(False) for at in range(1, 8)]
    label = (
        pl.when(c[0]).then(0)
        .when(c[1] | c[2]).then(1)
        .when(c[3] | c[4]).then(2)
        .when(c[5] | c[6]).then(3)
        .when(some).then(4)
        .otherwise(5)
    )  # fmt: skip
    done = outcomes.select(label.alias("label"), *(f"c{at}" for at in range(1, 8))).collect()
    return [LABELS[at] for at in done["label"].to_list()]
