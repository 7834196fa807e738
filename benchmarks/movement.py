"""Who moved between two years and why: 1,000 LEAs, beside the plain per-LEA version of the tests."""

from __future__ import annotations

import time

from benchmarks import data
from benchmarks.__main__ import lea_year, median_ms
from cim_core.movement import movement as between
from cim_core.movement import since_stages
from cim_core.placing import reference
from cim_core.placing.placement import place
from cim_core.placing.ranking import WITHIN, Reference
from cim_core.rules import rulebook_file
from tests.oracles import movement

SOME = 3
"""LEAs that the plain version is timed on; it takes a minute for all of them."""


def main() -> None:
    """Print seconds for all movers, milliseconds for one LEA, and the plain version's seconds."""
    rulebook = rulebook_file.load()
    dataset = data.invent(rulebook)
    old, new = dataset.years[-2:]
    print(f"Movement between {old} and {new}, {len(dataset.rows_of_year(new)):,} LEAs")

    def once(against: Reference) -> float:
        placements = place(dataset, rulebook, against)
        found = between(placements, placements, old, new, against, against)
        taken = median_ms(lambda: between(placements, placements, old, new, against, against), 3)
        names = {"within": "ranked within the file", "statewide": "ranked with the state joined"}
        print(f"  {names[against.kind.value]:<34}{taken / 1000:9.2f} s   {len(found.movers)} movers")
        return taken

    core = once(WITHIN)
    once(reference.shipped())

    placements = place(dataset, rulebook, WITHIN)
    found = between(placements, placements, old, new, WITHIN, WITHIN)
    row = found.movers[0].row_after
    one = median_ms(lambda: since_stages(placements, WITHIN, row), 15)
    print(f"  {'one LEA since last year':<34}{one:9.1f} ms")

    rows = [lea_year(dataset, int(at)) for year in (old, new) for at in dataset.rows_of_year(year)]
    start = time.perf_counter()
    for mover in found.movers[:SOME]:
        lea = str(dataset.lea_code[mover.row_after])
        told = movement.chain(lea, (rows, old, rulebook, "within"), (rows, new, rulebook, "within"))
        if told != [stage.placement.name for stage in mover.stages]:
            raise SystemExit(f"the plain version disagrees on {lea}")
    each = (time.perf_counter() - start) / SOME
    slow = each * len(found.movers)
    print(f"  {'plain version, one LEA':<34}{each:9.2f} s")
    print(f"  {'plain version, all movers (× one)':<34}{slow:9.0f} s {slow * 1000 / core:8,.0f} ×")


if __name__ == "__main__":
    main()
