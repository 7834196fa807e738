"""Every district and county office that the shipped statewide file names: what a code can be checked against.

Charter schools that are LEAs of their own are not in it.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from cim_core.data.shipped import STATEWIDE


class Listed(NamedTuple):
    """An LEA as the list has it; the type is blank where the list does not know it."""

    name: str
    county: str
    lea_type: str


@cache
def leas() -> Mapping[str, Listed]:
    """Each LEA by its 14-digit CDS code."""
    with STATEWIDE.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return {row["cds"]: Listed(row["district"], row["county"], row["lea_type"]) for row in rows}


@cache
def names() -> Mapping[str, str]:
    """The name of each LEA by its 14-digit CDS code."""
    return {cds: one.name for cds, one in leas().items()}


def described(cds: str) -> str:
    """Name and county of an LEA, as it is offered; empty for a code that is not in the list."""
    found = leas().get(cds)
    return f"{found.name} ({found.county} County)" if found else ""
