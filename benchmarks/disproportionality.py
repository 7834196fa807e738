"""Risk ratios of 1,000 LEAs × 3 years × 14 areas × 7 groups: reading, calculating, filling in facts."""

from __future__ import annotations

import random
import time

from benchmarks.__main__ import median_ms
from benchmarks.data import YEARS
from cim_core.data.dataset import LeaYear
from cim_core.data.dataset import build as dataset_of
from cim_core.data.race_counts import AREAS, SEVEN, STATE, Count, Group, build
from cim_core.placing import checked_files
from cim_core.placing.disproportionality import measure_anew
from cim_core.placing.from_counts import filled
from cim_core.rules import rulebook_file
from tests.oracles.disproportionality import Slow

LEAS = 1000
SLOW_LEAS = 20


def invent(leas: int, years: tuple[str, ...] = YEARS, seed: int = 20261125) -> list[Count]:
    """All areas, groups and totals of some LEAs and of the state."""
    rng = random.Random(seed)
    rows = []
    for key in (*(f"99{lea:05d}0000000" for lea in range(leas)), STATE):
        size = 10**6 if key == STATE else rng.choice((300, 2000, 9000))
        for year in years:
            for area in AREAS:
                total = {group: max(1, round(size * rng.random() / 7)) for group in SEVEN}
                cell = {group: round(total[group] * rng.random() / 10) for group in SEVEN}
                for part in (cell, total):
                    part[Group.TOTAL] = sum(part.values())
                rows += [Count(key, year, area, group, cell[group], total[group]) for group in total]
    return rows


def main() -> None:
    rulebook = rulebook_file.load()
    rules = rulebook.disproportionality
    rows = invent(LEAS)
    counts = build(rows)
    assert counts is not None
    data = dataset_of([LeaYear(f"99{lea:05d}", year) for lea in range(LEAS) for year in YEARS])
    object.__setattr__(data, "counts", counts)
    print(f"Risk ratios of {LEAS} LEAs × {len(YEARS)} years × {len(AREAS)} areas × {len(SEVEN)} groups")
    core = median_ms(lambda: measure_anew(counts, rules), 5)
    print(f"  {'ratios, intervals, runs':<36}{core:10.1f} ms   1.0 ×")
    few = invent(SLOW_LEAS)
    start = time.perf_counter()
    slow = Slow(few, rules)
    for lea in sorted({row.lea_key for row in few} - {STATE}):
        for year in YEARS:
            slow.lea_years(lea, year)
    taken = (time.perf_counter() - start) * 1000 * LEAS / SLOW_LEAS
    print(f"  {'one at a time (from ' + str(SLOW_LEAS) + ' LEAs)':<36}{taken:10.1f} ms {taken / core:7.1f} ×")
    again = median_ms(lambda: filled(data, rulebook), 21)
    print(f"  {'facts filled in, ratios known':<36}{again:10.1f} ms")
    one_year = [row for row in rows if row.year == YEARS[-1]]
    lines = ["lea_code,year,area,group,cell,total"]
    lines += [
        f"{row.lea_key},{row.year},{row.area.code},{row.group.code},{row.cell},{row.total}"
        for row in one_year
    ]  # fmt: skip
    content = ("\n".join(lines) + "\n").encode()
    read = median_ms(lambda: checked_files.take(content, "counts.csv"), 3)
    print(f"  {f'reading a file of {len(one_year):,} rows':<36}{read:10.1f} ms")


if __name__ == "__main__":
    main()
