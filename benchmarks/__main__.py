"""Print the benchmarks: medians of runs inside one process, and ratios to the core."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from decimal import Decimal

import pandas as pd

from benchmarks import data
from cim_core.data import shipped
from cim_core.data.dataset import Cell, Dataset, Facts, LeaYear, Missing
from cim_core.data.indicators import POSITION, get
from cim_core.placing import checked_files, ranking, reference
from cim_core.placing.ranking import WITHIN, Percentile
from cim_core.rules import rulebook_file, thresholds
from cim_core.rules.rulebook import Rulebook
from cim_core.rules.settings import Setting
from cim_core.whatif import Scenario, grid, scenario, sweep
from tests.oracles import placement


def median_ms(call: Callable[[], object], runs: int) -> float:
    """Milliseconds of one call; the first call is not counted."""
    call()
    seen = []
    for _ in range(runs):
        start = time.perf_counter()
        call()
        seen.append((time.perf_counter() - start) * 1000)
    return statistics.median(seen)


def main() -> None:
    rulebook = rulebook_file.load()
    dataset = data.invent(rulebook)
    percentiles = ranking.evaluate(dataset, rulebook, ranking.WITHIN)
    print("Ranking the same LEAs: all evaluations, all years")
    within = median_ms(lambda: ranking.evaluate(dataset, rulebook, ranking.WITHIN), 31)
    statewide = reference.shipped()
    against = median_ms(lambda: ranking.evaluate(dataset, rulebook, statewide), 31)
    plain = median_ms(lambda: pandas_ranking(dataset_frame(dataset)), 9)
    print(f"  {'within the file':<28}{within:9.2f} ms   1.0 ×")
    print(f"  {'with the state file joined':<28}{against:9.2f} ms {against / within:6.1f} ×")
    print(f"  {'pandas groupby().rank()':<28}{plain:9.2f} ms {plain / within:6.1f} ×")

    what_if(dataset, rulebook, percentiles)

    path = shipped.STATEWIDE
    read = median_ms(lambda: checked_files.read_path(path), 7)
    bare = median_ms(lambda: pd.read_csv(path, dtype=str), 7)
    print("Reading and checking the statewide file, 2,030 rows")
    print(f"  {'cim_core.intake':<28}{read:9.2f} ms   1.0 ×")
    print(f"  {'pandas.read_csv alone':<28}{bare:9.2f} ms {bare / read:6.2f} ×")


def what_if(dataset: Dataset, rulebook: Rulebook, percentiles: Mapping[str, Percentile]) -> None:
    """Re-placement, an exact sweep and a heat map, beside the per-LEA oracle called at every change point."""
    first = thresholds.find(rulebook, Setting.parse("targets.5a.value"))
    second = thresholds.find(rulebook, Setting.parse("clauses.level-2-missed.at_least"))
    assert first is not None and second is not None
    changed = Scenario(changes=first.changes(Decimal("54.5")))
    again = median_ms(lambda: scenario.run(changed, rulebook, dataset, WITHIN, percentiles=percentiles), 31)
    swept = median_ms(lambda: sweep(first, rulebook, dataset, WITHIN, percentiles), 31)
    points = len({one.value for one in sweep(first, rulebook, dataset, WITHIN, percentiles).changes})
    values = [Decimal(40 + at) for at in range(21)], [Decimal(1 + at) for at in range(2, 23)]
    rows = dataset.rows_of_year(dataset.years[-1])
    heat = median_ms(lambda: grid(first, second, rulebook, dataset, WITHIN, percentiles, rows, values), 3)
    one_year = [lea_year(dataset, int(row)) for row in rows]
    start = time.perf_counter()
    for row in one_year:
        placement.place(row, one_year, rulebook, "none")
    each = (time.perf_counter() - start) * 1000
    print("What if, the same LEAs")
    print(f"  {'place under a scenario':<28}{again:9.2f} ms")
    print(f"  {'exact sweep of one threshold':<28}{swept:9.2f} ms   1.0 ×   {points} change points")
    slow = each * points
    print(f"  {'oracle, one pass × points':<28}{slow:9.0f} ms {slow / swept:6.0f} ×   one year")
    print(f"  {'heat map, 21 × 21':<28}{heat:9.2f} ms")


def lea_year(dataset: Dataset, row: int) -> LeaYear:
    """One row as the oracle takes it."""
    cells = {}
    for code in dataset.indicators:
        at = POSITION[code]
        missing = Missing(int(dataset.missing[row, at]))
        top, bottom = int(dataset.numerator[row, at]), int(dataset.denominator[row, at])
        rate = Decimal(str(dataset.value[row, at])) if top < 0 and not missing else None
        cells[code] = Cell(rate, top if top >= 0 else None, bottom if bottom >= 0 else None, missing)
    swd, years, findings = (
        int(one[row]) if one[row] >= 0 else None
        for one in (dataset.swd, dataset.disproportionate_years, dataset.minor_findings)
    )
    facts = Facts(swd=swd, disproportionate_years=years, minor_findings=findings)
    return LeaYear(str(dataset.lea_code[row]), str(dataset.year[row]), facts=facts, cells=cells)


def dataset_frame(dataset: Dataset) -> pd.DataFrame:
    """The ranked measures as a frame, higher is better for all."""
    columns = {}
    for code in ("ela_dfs", "math_dfs", "5a", "5b", "5c", "susp", "chronic"):
        at = POSITION[code]
        value = pd.Series(dataset.value[:, at] * (1 if get(code).higher_is_better else -1))
        columns[code] = value.where((dataset.denominator[:, at] >= 30) & (dataset.swd > 100))
    return pd.DataFrame(columns).assign(year=dataset.year)


def pandas_ranking(frame: pd.DataFrame) -> pd.Series:
    """The school-age evaluation with pandas alone."""
    each = frame.drop(columns="year").groupby(frame["year"]).rank(pct=True) * 100
    domains = pd.DataFrame(
        {
            "achievement": each[["ela_dfs", "math_dfs"]].mean(axis=1),
            "placement": each[["5a", "5b", "5c"]].mean(axis=1),
            "climate": each[["susp", "chronic"]].mean(axis=1),
        }
    )
    composite = domains.mean(axis=1).where(domains.notna().sum(axis=1) >= 2)
    return composite.groupby(frame["year"]).rank(pct=True) * 100


if __name__ == "__main__":
    main()
