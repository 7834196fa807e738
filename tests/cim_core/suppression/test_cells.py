"""Which indicators are hidden, with and without the number of students."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cim_core.data.dataset import build
from cim_core.data.facts import Cell, LeaYear, Missing
from cim_core.data.indicators import POSITION
from cim_core.suppression import cells
from cim_core.words.disclosure import Audience


def is_hidden(code: str, cell: Cell, audience: Audience = Audience.MEETING) -> bool:
    dataset = build([LeaYear("9910000", "2024-25", cells={code: cell})])
    return bool(cells.hidden(dataset, audience)[0, POSITION[code]])


@pytest.mark.parametrize(
    ("cell", "hidden"),
    [
        (Cell(numerator=3, denominator=8), True),
        (Cell(numerator=40, denominator=80), False),
        (Cell(denominator=0), True),
        (Cell(missing=Missing.SUPPRESSED), True),
        (Cell(missing=Missing.FEWER_THAN_11), True),
        (Cell(missing=Missing.NOT_CALCULATED), False),
        (Cell(missing=Missing.NOT_CALCULATED, denominator=9), True),
        (Cell(missing=Missing.NOT_APPLICABLE), False),
        (Cell(missing=Missing.BLANK), False),
        (Cell(rate=Decimal("100"), numerator=12, denominator=12, inferred=True), True),
        (Cell(rate=Decimal("66.57")), False),
        (Cell(rate=Decimal("66.67")), True),
        (Cell(rate=Decimal("66.6")), True),
        (Cell(rate=Decimal("67")), True),
        (Cell(rate=Decimal("53.2")), False),
        (Cell(rate=Decimal("6.7")), True),
        (Cell(rate=Decimal("86.67")), True),
        (Cell(numerator=3), True),
        (Cell(rate=Decimal("100")), True),
        (Cell(rate=Decimal("0")), True),
    ],
)
def test_a_rate(cell, hidden):
    assert is_hidden("5a", cell) is hidden


def test_a_mean_of_nobody_knows_how_many_is_hidden():
    assert is_hidden("ela_dfs", Cell(rate=Decimal("-33.1")))
    assert not is_hidden("ela_dfs", Cell(rate=Decimal("-33.1"), denominator=40))
    assert is_hidden("ela_dfs", Cell(rate=Decimal("-33.1"), denominator=10))


def test_a_gap_is_hidden_with_the_rate_that_it_gives():
    cells_ = {
        "3b_ela": Cell(numerator=2, denominator=9),
        "3d_ela": Cell(rate=Decimal("21.5"), denominator=40),
    }
    dataset = build([LeaYear("9910000", "2024-25", cells=cells_)])
    assert cells.hidden(dataset, Audience.MEETING)[0, POSITION["3d_ela"]]


def test_by_the_stricter_level_a_rate_without_counts_is_hidden():
    assert is_hidden("5a", Cell(rate=Decimal("66.57")), Audience.STRICT)


def test_small_counts_are_hidden_by_the_stricter_level_only():
    for cell in (Cell(numerator=9, denominator=400), Cell(numerator=398, denominator=400)):
        assert not is_hidden("5a", cell) and is_hidden("5a", cell, Audience.STRICT)
