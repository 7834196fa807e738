"""The vectorised core agrees with the oracle on everything, and placement obeys its own laws."""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cim_core.data import race_counts
from cim_core.data.dataset import Cell, Facts, LeaYear, build
from cim_core.data.facts import Fact
from cim_core.data.race_counts import Area, Count, Group
from cim_core.placing import ranking
from cim_core.placing.placement import Outcome, Placements, Result, place
from cim_core.placing.ranking import NO_REFERENCE, WITHIN, Reference, ReferenceKind
from cim_core.rules import rulebook_file
from tests.conftest import examples
from tests.oracles import placement
from tests.strategies import lea_years, rulebooks

FACTS = frozenset(Facts.__dataclass_fields__)
THREE = {Outcome.TRUE: True, Outcome.FALSE: False, Outcome.UNKNOWN: None}
SLOW = settings(
    max_examples=examples(1000),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@SLOW
@given(upload=lea_years(), state=lea_years(most=6, prefix="98"), rulebook=rulebooks(), data=st.data())
def test_core_agrees_with_the_oracle(upload, state, rulebook, data):
    kind = data.draw(st.sampled_from(["none", "within", "state", "overlapping"]))
    if kind == "overlapping":
        state = overlapping(state)
    reference = {"none": NO_REFERENCE, "within": WITHIN}.get(
        kind, Reference(ReferenceKind.STATEWIDE, build(state, FACTS, name="state"))
    )
    columns = FACTS | {code for row in upload for code in row.cells}
    dataset = build(upload, columns)
    placements = place(dataset, rulebook, reference)
    by_key = {(row.lea_code, row.year): row for row in upload}
    for at in range(len(dataset)):
        row = by_key[str(dataset.lea_code[at]), str(dataset.year[at])]
        against = kind if kind in ("none", "within") else state
        check(placements, at, placement.place(row, upload, rulebook, against, columns))


def overlapping(state: list[LeaYear]) -> list[LeaYear]:
    """The state with codes as the upload has them."""
    return [
        LeaYear(row.lea_code.replace("98", "99", 1), row.year, row.lea_name, "", row.facts, row.cells)
        for row in state
    ]


def check(placements: Placements, at: int, expected: dict) -> None:
    """Everything about a row is as the oracle has it."""
    assert [THREE[Outcome(int(one))] for one in placements.outcomes[at]] == expected["outcomes"]
    assert placements.placement(at).name == expected["placement"]
    assert {one.name for one in placements.could_be(at)} == expected["could_be"]
    assert bool(placements.firm[at]) == (len(expected["could_be"]) == 1)
    clause = placements.clause(at)
    assert (clause.id if clause else None) == expected["deciding"]
    assert (placements.missed[at], placements.counted[at]) == (expected["missed"], expected["counted"])
    missed = [code for code, one in expected["results"].items() if one == "missed"]
    assert sorted(placements.elements(at, Result.MISSED)) == sorted(missed)
    for evaluation, p in expected["p"].items():
        computed = float(placements.percentiles[evaluation].percentile[at])
        assert (p is None and math.isnan(computed)) or math.isclose(computed, float(p), abs_tol=1e-9)


@given(upload=lea_years())
@settings(max_examples=60, deadline=None)
def test_the_placement_is_among_the_possible_ones(upload):
    placements = place(build(upload, FACTS), rulebook_file.load(), WITHIN)
    for row in range(len(placements.dataset)):
        assert placements.placement(row) in placements.could_be(row)


@given(upload=lea_years())
@settings(max_examples=60, deadline=None)
def test_no_column_and_said_none_is_as_if_all_were_zero(upload):
    def facts(row, **values):
        cells = {code: cell for code, cell in row.cells.items() if code != "9"}
        return LeaYear(row.lea_code, row.year, "", "", Facts(swd=row.facts.swd, **values), cells)

    codes = {code for row in upload for code in row.cells}
    silent = build(
        [facts(row) for row in upload], codes | {"swd"}, assumed_none=[Fact.FINDINGS, Fact.DISPROPORTIONALITY]
    )
    zero = build(
        [
            facts(row, minor_findings=0, disproportionate_years=0, newly_disproportionate=False)
            for row in upload
        ],
        codes | {"swd", "minor_findings", "disproportionate_years", "newly_disproportionate"},
    )
    rulebook = rulebook_file.load()
    assert (place(silent, rulebook).outcomes == place(zero, rulebook).outcomes).all()


def test_said_none_changes_nothing_where_the_file_has_the_column():
    rows = [LeaYear("9900001", "2023-24", facts=Facts(swd=200))]
    spoken = build(rows, {"minor_findings", "swd"}, assumed_none=[Fact.FINDINGS])
    rulebook = rulebook_file.load()
    at = [clause.id for clause in rulebook.clauses].index("level-1-findings")
    assert place(spoken, rulebook).outcomes[0, at] == Outcome.UNKNOWN


def test_percentiles_may_be_handed_in():
    rows = [LeaYear("9900001", "2023-24", facts=Facts(swd=200, percentile=None))]
    dataset, rulebook = build(rows, {"swd"}), rulebook_file.load()
    given_in = ranking.evaluate(dataset, rulebook, WITHIN)
    assert place(dataset, rulebook, percentiles=given_in).percentiles is given_in


def test_taken_as_none_holds_where_counts_say_nothing_and_only_there():
    """Counts for one LEA: it is known there; the other LEA stays taken as none."""
    rows = [
        LeaYear(code, "2023-24", code, "S", Facts(swd=300, minor_findings=0), {"8": Cell(rate=Decimal(99))})
        for code in ("9900001", "9900002")
    ]
    both = ((Group.BLACK, 50, 100), (Group.TOTAL, 60, 1000))
    given = [Count("99000010000000", "2023-24", Area.REMOVALS, *one) for one in both]
    data = replace(
        build(rows, {"8", "swd", "minor_findings"}, assumed_none={Fact.DISPROPORTIONALITY}),
        counts=race_counts.build(given),
    )
    assert Fact.DISPROPORTIONALITY in data.says_nothing_about()
    placed = place(data, rulebook_file.load(), NO_REFERENCE)
    at = [one.id for one in placed.rulebook.clauses].index("level-3-disproportionate")
    assert placed.outcomes[:, at].tolist() == [Outcome.UNKNOWN, Outcome.FALSE]
    assert [placed.dataset.assumed_at(row, Fact.DISPROPORTIONALITY) for row in range(2)] == [False, True]
