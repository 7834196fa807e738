"""How many students each target is short or has to spare, against turning them one by one."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from cim_core.data.dataset import Cell, LeaYear, build
from cim_core.outlook import target_rooms
from cim_core.outlook.margins import margins
from cim_core.placing.placement import Result, place
from cim_core.rules import rulebook_file
from cim_core.words.disclosure import WORKING
from tests.conftest import sample_placements
from tests.oracles import placement, smallest_change

RULES = rulebook_file.load()
SAY = WORKING.say


def rooms_of(cells: dict[str, Cell]):
    placements = place(build([LeaYear("9900001", "2023-24", cells=cells)]), RULES)
    return target_rooms.rooms(placements, margins(placements), 0)


def test_in_words():
    cells = {
        "5a": Cell(numerator=52, denominator=100),
        "11": Cell(numerator=100, denominator=100),
        "5b": Cell(numerator=18, denominator=100),
        "8": Cell(numerator=93, denominator=100),
    }
    found = rooms_of(cells)
    assert [(one.code, SAY(one.said)) for one in found] == [
        ("5a", "2 students short"),
        ("8", "2 students short"),
        ("11", "none to spare"),
        ("5b", "2 to spare"),
    ]
    assert [one.spare for one in found] == [None, None, 0, 2]


def test_values_without_students_are_said_in_points():
    (one,) = rooms_of({"5a": Cell(rate=50)})
    assert one.missed and one.turns is None and "points short" in SAY(one.said)
    (one,) = rooms_of({"5a": Cell(rate=60)})
    assert not one.missed and one.spare is None and "points to spare" in SAY(one.said)


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["5a", "5b", "5c", "8", "11", "14a"]),
        st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
        min_size=1,
    )
)
def test_turning_one_by_one_comes_to_the_same(counts):
    cells = {code: Cell(numerator=top, denominator=bottom) for code, (top, bottom) in counts.items()}
    row = LeaYear("9900001", "2023-24", cells=cells)
    found = rooms_of(cells)
    assert {one.code for one in found} == set(counts)
    for one in found:
        assert one.missed == (placement.result(row, one.code, RULES) == "missed")
        assert one.turns == smallest_change.flips(row, one.code, RULES)
    assert [one.missed for one in found] == sorted((one.missed for one in found), reverse=True)


def test_everything_that_counts_is_there_once():
    placements = sample_placements()
    margin = margins(placements)
    for row in placements.dataset.rows_of_year("2024-25").tolist():
        found = target_rooms.rooms(placements, margin, row)
        assert len(found) == placements.counted[row] == len({one.code for one in found})
        assert sum(one.missed for one in found) == placements.missed[row]
        met = placements.elements(row, Result.MET)
        assert {one.code for one in found if not one.missed} == set(met)
        turns = [one.turns for one in found if not one.missed and one.turns is not None]
        assert turns == sorted(turns)
