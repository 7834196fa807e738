"""What a finding of disproportionality rests on, with the counts that it is made of."""

from __future__ import annotations

from fractions import Fraction

from cim_core.data.race_counts import Area, Group
from cim_core.why import ratio_evidence
from cim_core.why.risk_ratios import fewer_to_clear
from cim_core.words.disclosure import WORKING
from tests.conftest import sample_placements

PINE, IRONWOOD, QUINCE = "9910105", "9910056", "9910112"


def looked_at(code: str):
    placements = sample_placements()
    data, rules = placements.dataset, placements.rulebook.disproportionality
    row = data.row_of(code, "2024-25")
    return data, row, rules, ratio_evidence.of_row(data, row, rules)


def test_the_group_beside_all_others_with_its_years():
    data, row, rules, found = looked_at(PINE)
    first = found.finding
    assert (first.area, first.group) == (Area.REMOVALS, Group.BLACK)
    assert [WORKING.bare(one) for one in (first.cell, first.total, first.ratio)] == ["19", "72", "3.44"]
    assert [(year, WORKING.bare(one.cell)) for year, one in found.years] == [
        ("2022-23", "5"), ("2023-24", "5"), ("2024-25", "19")
    ]  # fmt: skip
    assert found.expected.value == Fraction(72 * 63, 821) and WORKING.bare(found.expected) == "6"
    assert {one.group for one in found.others} == {Group.HISPANIC, Group.WHITE} and not found.more
    assert ratio_evidence.counted(data, row, rules, first.area, first.group) == (19, 72)
    assert ratio_evidence.limit(rules) == "3.0"


def test_fewer_to_clear_clears():
    data, row, rules, _ = looked_at(PINE)
    ((at, cell, fewer, total),) = fewer_to_clear(data, row, rules)
    others = Fraction(63, 821)
    assert (
        Fraction(cell - fewer, total) / others <= rules.threshold < Fraction(cell - fewer + 1, total) / others
    )


def test_nothing_over_the_threshold_or_no_counts():
    assert looked_at(QUINCE)[3] is None
    assert looked_at(IRONWOOD)[3].finding.area is Area.EMOTIONAL_DISTURBANCE
