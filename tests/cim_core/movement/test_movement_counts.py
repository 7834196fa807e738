"""Movement: facts that are worked out from counts by race and ethnicity, and bounds of years in a row."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from cim_core.data.dataset import build
from cim_core.data.race_counts import Area, Count, Group
from cim_core.data.race_counts import build as counts_of
from cim_core.movement import MoveReason, movement
from cim_core.placing.placement import place
from cim_core.placing.ranking import NO_REFERENCE
from cim_core.rules import rulebook_file
from tests.cim_core.movement.test_movement import BOOK, lea, met, only, said
from tests.conftest import RULEBOOKS, sample_placements


@pytest.mark.parametrize("book", RULEBOOKS)
def test_facts_worked_out_from_counts_are_the_leas_own_data(book):
    """Without a reference nobody else can move an LEA: the swap of everybody else must change nothing."""
    rules = rulebook_file.load(book)
    dataset = sample_placements().dataset
    assert dataset.counts is not None and dataset.worked_out is not None and dataset.worked_out.years.any()
    placed = place(dataset, rules)
    years = placed.dataset.years
    found = movement(placed, placed, years[0], years[-1], NO_REFERENCE, NO_REFERENCE)
    assert found.movers
    for mover in found.movers:
        assert MoveReason.OTHERS not in mover.reasons and mover.stages[-1].placement == mover.after


def test_facts_worked_out_under_a_changed_threshold_change_with_the_rules_and_at_no_other_swap():
    """Nothing is stated: the years come from counts; a higher threshold takes them away at the first swap."""
    dataset = sample_placements().dataset
    silent, flags = np.full(len(dataset), -1), np.full(len(dataset), -1, np.int8)
    dataset = replace(
        dataset, disproportionate_years=silent, newly_disproportionate=flags, sig_dis=flags, worked_out=None
    )
    higher = replace(BOOK, disproportionality=replace(BOOK.disproportionality, threshold=Decimal(5)))
    before, after = place(dataset, BOOK), place(dataset, higher)
    years = dataset.years
    for one in years[:-1]:
        found = movement(before, after, one, years[-1], NO_REFERENCE, NO_REFERENCE)
        moved_by_rules = [mover for mover in found.movers if MoveReason.RULES in mover.reasons]
        for mover in found.movers:
            ruled = mover.stages[1].placement
            assert ruled == after.placement(mover.row_before)
            assert MoveReason.TOO_FEW not in mover.reasons or mover.after.name == "Not placed"
        assert moved_by_rules or one == years[0]


def test_bounds_from_counts_are_given_where_there_were_none():
    """The first year of counts over the threshold bounds the years from below: given now, not own data."""
    rows = [
        Count("99000010000000", year, Area.REMOVALS, group, cell, total)
        for year in ("2022-23", "2023-24")
        for group, cell, total in ((Group.BLACK, 100, 200), (Group.TOTAL, 120, 400))
    ]
    years = "2021-22", "2023-24"
    upload = [lea("9900001", year, {"8": met()}, disproportionate_years=None) for year in years]
    placed = place(replace(build(upload), counts=counts_of(rows)), BOOK)
    mover = only(movement(placed, placed, *years, NO_REFERENCE, NO_REFERENCE))
    assert mover.after.name == "Targeted Level 3" and mover.reasons == (MoveReason.GIVEN,)
    assert "at least 2" in said(mover)
