"""Movement: half-way between two years, what is not settled for a column that is not used in one of them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from cim_core.movement import MoveReason
from tests.cim_core.movement.test_movement import BOOK, NEW, OLD, YEARS, lea, met, missed, moved, only


@pytest.mark.parametrize("which", YEARS)
def test_a_column_that_is_not_used_leaves_open_what_is_of_its_year(which):
    """5b crosses the least number in the first swap, 5a changes in the last: half-way it is of both years."""
    book = replace(BOOK, minimum_n=20)
    rows = [
        lea("1", OLD, {"5a": met(), "5b": met(10)}, newly_disproportionate=False, percentile=Decimal(60)),
        lea("1", NEW, {"5a": missed(), "5b": met()}, newly_disproportionate=False, percentile=Decimal(60)),
    ]
    rows = [replace(one, unread=one.year == which) for one in rows]
    found = only(moved(rows, book=book))
    unread = {each.reason: bool(each.placements.dataset.unread[each.row]) for each in found.stages}
    assert unread[None] == unread[MoveReason.RULES] == unread[MoveReason.TOO_FEW] == (which == OLD)
    assert unread[MoveReason.ENOUGH] and unread[MoveReason.GIVEN]
    assert unread[MoveReason.DATA] == unread[MoveReason.OTHERS] == (which == NEW)
