"""Years of an LEA by letter or reading, which way it moved last, who could be more intensive."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from cim_core.letters.over_years import moved, over_years, year_before
from cim_core.letters.summary import may_be
from cim_core.placing import settled
from cim_core.placing.placement import Placements
from tests.conftest import sample_placements

YEAR = "2024-25"
HAZEL, ZINNIA = "9910049", "99101611300253"


def with_letters(said: dict[tuple[str, str], str]) -> Placements:
    """The sample with letters of some LEAs and years."""
    placements = sample_placements()
    data = placements.dataset
    written = data.cde_placement.copy().astype(object)
    for (lea, year), words in said.items():
        written[data.row_of(lea, year)] = words
    return replace(placements, dataset=replace(data, cde_placement=np.array(written, dtype=np.str_)))


def row_of(placements: Placements, lea: str, year: str = YEAR) -> int:
    row = placements.dataset.row_of(lea, year)
    assert row is not None
    return row


def test_the_years_of_an_lea_are_its_last_ones_oldest_first():
    placements = sample_placements()
    row = row_of(placements, HAZEL)
    found = over_years(placements, row)
    assert [each.year for each in found] == ["2022-23", "2023-24", "2024-25"]
    assert found[-1].standing == settled.of(placements, row)
    assert not any(each.by_letter for each in found)
    assert [each.year for each in over_years(placements, row_of(placements, HAZEL, "2023-24"))] == [
        "2022-23",
        "2023-24",
    ]
    assert [each.year for each in over_years(placements, row, 1)] == [YEAR]


def test_every_move_is_told_as_the_settled_direction():
    placements = sample_placements()
    for row in placements.dataset.rows_of_year(YEAR).tolist():
        before = row_of(placements, str(placements.dataset.lea_code[row]), "2023-24")
        was, now = settled.of(placements, before), settled.of(placements, row)
        expected = "" if was.placement == now.placement else settled.direction(was, now)
        assert moved(placements, row) == expected


def test_a_letter_is_held_against_a_letter_alone():
    one = with_letters({(HAZEL, YEAR): "Intensive"})
    assert over_years(one, row_of(one, HAZEL))[-1].by_letter
    assert moved(one, row_of(one, HAZEL)) == moved(sample_placements(), row_of(one, HAZEL))
    both = with_letters({(HAZEL, "2023-24"): "Intensive", (HAZEL, YEAR): "Targeted Level 1"})
    assert moved(both, row_of(both, HAZEL)) == "down"
    same = with_letters({(HAZEL, "2023-24"): "Universal", (HAZEL, YEAR): "Universal"})
    assert moved(same, row_of(same, HAZEL)) == ""


def test_the_first_year_is_held_against_none():
    placements = sample_placements()
    assert year_before(placements, "2022-23") == ""
    assert moved(placements, row_of(placements, HAZEL, "2022-23")) == ""


def test_who_could_be_more_intensive_is_counted_in_each_placement():
    placements = sample_placements()
    rows = placements.dataset.rows_of_year(YEAR).tolist()
    expected = Counter(
        other for row in rows for other in placements.could_be(row) if other > placements.placement(row)
    )
    assert may_be(placements, rows) == expected and sum(expected.values())


@pytest.mark.parametrize("words", ["Intensive", "Targeted Level 2"])
def test_a_letter_settles_who_could_be_elsewhere(words):
    settled_by_it = with_letters({(ZINNIA, YEAR): words})
    row = row_of(settled_by_it, ZINNIA)
    assert may_be(sample_placements(), [row]) and not may_be(settled_by_it, [row])
