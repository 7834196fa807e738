"""Placing, in processor time: the core beside other ways, and from 100 to 100,000 LEA-years.

`python -m benchmarks.placing`. Percentiles are given to all; every way must give the core's placement for
every LEA and year, or nothing is printed. Clocks are read one after the other in turns, so that a busy moment
of the machine strikes all alike.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Mapping

import duckdb

from benchmarks import columns, data, rivals
from cim_core.placing import ranking
from cim_core.placing.placement import place
from cim_core.rules import rulebook_file

ROUNDS = 31
SLOW = 1
"""Rounds of those that take a hundred times as long."""
SIZES = (100, 1_000, 10_000, 100_000)


def processor_ms(calls: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Milliseconds of processor time (all threads) of each call, median over rounds taken in turns."""
    seen: dict[str, list[float]] = {name: [] for name in calls}
    for turn in range(rounds + 1):
        for name, call in calls.items():
            start = time.process_time()
            call()
            if turn:
                seen[name].append(1000 * (time.process_time() - start))
    return {name: statistics.median(some) for name, some in seen.items()}


def main() -> None:
    """Print both tables."""
    rulebook = rulebook_file.load()
    dataset = data.invent(rulebook)
    given = ranking.evaluate(dataset, rulebook, ranking.WITHIN)
    placements = place(dataset, rulebook, percentiles=given)
    expected = [placements.placement(row).name for row in range(len(dataset))]
    table = rivals.frame(dataset, placements)
    objects = table.astype(object).where(table.notna(), None)
    records = objects.to_dict("records")
    connection = duckdb.connect()
    connection.register("incoming", table.assign(place_in_file=range(len(table))))
    connection.execute("create table leas as select * from incoming")
    plain, polars = columns.bare(dataset, placements), columns.polars_frame(table)
    ways: dict[str, Callable[[], list[str]]] = {
        "NumPy floor, labels only": lambda: columns.floor(plain),
        "polars": lambda: columns.in_polars(polars, rulebook),
        "pandas, whole columns": lambda: columns.in_pandas(table, rulebook),
        "DuckDB": lambda: rivals.sql(connection, rulebook),
        "plain Python, row by row": lambda: rivals.rows(records, rulebook),
        "DataFrame.apply": lambda: rivals.apply(objects, rulebook),
    }
    for name, way in ways.items():
        if way() != expected:
            raise SystemExit(f"{name} disagrees with the core")
    core = {"cim_core.place, every proof kept": lambda: place(dataset, rulebook, percentiles=given)}
    quick = processor_ms(core | dict(list(ways.items())[:4]), ROUNDS)
    took = quick | processor_ms(dict(list(ways.items())[4:]), SLOW)
    own = quick[next(iter(core))]
    load = os.getloadavg()[0]
    elements = len(rulebook.elements.indicators)
    print(f"Placing {len(dataset):,} LEA-years × {elements} elements, processor time, load {load:.1f}")
    for name, ms in took.items():
        print(f"  {name:<34}{ms:9.2f} ms {ms / own:7.2f} ×")
    growth(rulebook_file.load())


def growth(rulebook: rulebook_file.Rulebook) -> None:
    """Time for each LEA-year as there are more of them; the floor beside it, with the same answers."""
    print("  LEA-years       place     for each       floor")
    for size in SIZES:
        dataset = data.invent(rulebook, leas=-(-size // 3))
        given = ranking.evaluate(dataset, rulebook, ranking.WITHIN)
        placements = place(dataset, rulebook, percentiles=given)
        plain = columns.bare(dataset, placements)
        if columns.floor(plain) != [placements.placement(row).name for row in range(len(dataset))]:
            raise SystemExit(f"the floor disagrees with the core at {size}")
        calls: dict[str, Callable[[], object]] = {
            "core": lambda: place(dataset, rulebook, percentiles=given),  # noqa: B023 - called in this round
            "floor": lambda: columns.floor(plain),  # noqa: B023
        }
        took = processor_ms(calls, 7)
        each = 1000 * took["core"] / len(dataset)
        print(f"  {len(dataset):>9,}{took['core']:>9.2f} ms {each:>9.2f} µs{took['floor']:>9.2f} ms")


if __name__ == "__main__":
    main()
