"""Cases that a program person can read: tests/cases/*.toml."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from cim_core.data.facts import Fact
from cim_core.placing import checked_files
from cim_core.placing.placement import place
from cim_core.rules import rulebook_file
from cim_core.rules.rulebook import Rulebook

CASES = [
    (path.stem, case)
    for path in sorted((Path(__file__).parent.parent.parent / "cases").glob("*.toml"))
    for case in tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)["case"]
]


def as_file(case: dict) -> bytes:
    """The case as a wide CSV, so that it goes the way of an upload."""
    columns = {"lea_code": "9900001", "year": case.get("year", "2023-24")}
    for name, value in case.get("facts", {}).items():
        columns[name] = {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
    for name in ("disproportionate_years", "minor_findings", "percentile"):
        columns.setdefault(name, "")
    for code, value in case.get("cells", {}).items():
        if "/" in value:
            columns[f"{code}_n"], columns[f"{code}_d"] = value.split("/")
        else:
            columns[code] = value
    return f"{','.join(columns)}\n{','.join(columns.values())}\n".encode()


@pytest.mark.parametrize("case", [case for _, case in CASES], ids=[case["sentence"] for _, case in CASES])
def test_case(case):
    holds(case, rulebook_file.load(case.get("rulebook", "at-a-glance")))


def holds(case: dict, rulebook: Rulebook) -> None:
    """Whether a rulebook places as the case says."""
    taken = [Fact(kind) for kind in case.get("assume_none", ["elements"])]
    dataset = checked_files.take(as_file(case), "case.csv", assumed_none=taken).dataset
    placements = place(dataset, rulebook)
    clause = placements.clause(0)
    assert placements.placement(0).name == case["placement"]
    assert (clause.id if clause else "") == case.get("clause", "")
    if "could_be" in case:
        assert "|".join(one.name for one in placements.could_be(0)) == case["could_be"]


def test_every_clause_of_every_rulebook_has_a_case():
    decided = {(case.get("rulebook", "at-a-glance"), case.get("clause")) for _, case in CASES}
    for one in rulebook_file.available():
        for clause in rulebook_file.load(one).clauses:
            if clause.kind != "indicator_percentile":  # needs a reference: test_ranking.py
                assert (one, clause.id) in decided
