"""Every district and county office that the shipped statewide file names: what a code can be checked against.

Charter schools that are LEAs of their own are not in it.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

SHIPPED = Path(__file__).parent.parent.parent / "sample_data" / "california_swd_2022_25.csv"


@cache
def names() -> Mapping[str, str]:
    """The name of each LEA by its 14-digit CDS code."""
    with SHIPPED.open(encoding="utf-8", newline="") as file:
        return {row["cds"]: row["district"] for row in csv.DictReader(file)}
