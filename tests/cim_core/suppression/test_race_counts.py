"""Counts by race: hidden ones cannot be worked out from what is shown, and nothing shown depends on them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cim_core.data.race_counts import SEVEN, STATE, Area, Count, Counts, Group, build
from cim_core.data.small_groups import SMALL, WIDTH, hides
from cim_core.suppression import race_counts
from cim_core.words.disclosure import Audience
from tests.cim_core.suppression.attack import counts_by_race
from tests.conftest import examples

AREAS = (Area.REGULAR_UNDER_40, Area.REMOVALS, Area.IDENTIFIED)


def counts(areas: dict[Area, dict[Group, tuple[int, int]]], with_total: bool = True) -> Counts:
    rows = []
    for area, groups in areas.items():
        rows += [Count("9910000", "2024-25", area, group, *both) for group, both in groups.items()]
        if with_total:
            cell, total = (sum(both[at] for both in groups.values()) for at in (0, 1))
            rows.append(Count("9910000", "2024-25", area, Group.TOTAL, cell, total))
    found = build(rows)
    assert found is not None
    return found


def hidden_groups(found: Counts, audience: Audience = Audience.MEETING) -> dict[Area, set[Group]]:
    hide = race_counts.hidden(found, audience, {})
    return {
        area: {Group(int(group)) for group in found.group[hide & (found.area == area)]}
        for area in {Area(int(one)) for one in found.area}
    }


H, A, B, P, W = Group.HISPANIC, Group.ASIAN, Group.BLACK, Group.PACIFIC_ISLANDER, Group.WHITE


def test_a_small_group_is_never_hidden_alone():
    found = hidden_groups(counts({Area.REMOVALS: {H: (40, 400), B: (19, 72), A: (5, 60), P: (2, 4)}}))
    assert found == {Area.REMOVALS: {P, A}}


def test_without_small_groups_everything_is_shown():
    found = counts({Area.REMOVALS: {H: (40, 400), B: (19, 72), W: (15, 90)}})
    assert not race_counts.hidden(found, Audience.MEETING, {}).any()
    assert race_counts.public(found, Audience.MEETING, {}).cell.tolist() == found.cell.tolist()


def test_two_that_can_only_be_ten_each_take_a_third_with_them():
    groups = {H: (40, 400), B: (30, 72), A: (3, 10), P: (2, 10)}
    assert hidden_groups(counts({Area.REMOVALS: groups})) == {Area.REMOVALS: {A, P, B}}


def test_where_almost_nobody_is_counted_more_groups_are_hidden():
    """All others are zero: the two of a small group would be told by everybody's two."""
    groups = {H: (0, 400), B: (0, 72), A: (0, 60), P: (1, 4)}
    found = counts({Area.REMOVALS: groups})
    assert hidden_groups(found)[Area.REMOVALS] == {H, B, A, P, Group.TOTAL}


def test_a_group_is_hidden_in_all_areas_that_count_the_same_children():
    small = {H: (40, 400), B: (19, 72), A: (15, 60), P: (2, 4)}
    there = {H: (60, 400), B: (12, 72), A: (14, 60), P: (1, 4)}
    all_children = {H: (400, 4000), B: (72, 500), A: (60, 700), P: (4, 100)}
    found = hidden_groups(
        counts({Area.REMOVALS: small, Area.REGULAR_UNDER_40: there, Area.IDENTIFIED: all_children})
    )
    assert found == {Area.REMOVALS: {P, A}, Area.REGULAR_UNDER_40: {P, A}, Area.IDENTIFIED: {P, A}}


def test_a_number_that_the_data_give_besides_is_everybody_too():
    groups = {H: (40, 400), B: (30, 72), A: (3, 10), P: (2, 10)}
    without = counts({Area.REMOVALS: groups}, with_total=False)
    assert race_counts.hidden(without, Audience.MEETING, {}).sum() == 2
    everybody = {("9910000", "2024-25"): {race_counts.WITH_DISABILITIES: 492}}
    assert race_counts.hidden(without, Audience.MEETING, everybody).sum() == 3


@pytest.mark.parametrize(
    ("groups", "shown"),
    [
        ({H: (40, 237), B: (0, 39), P: (2, 12), A: (0, 57)}, {H}),  # the smallest that is shown bounds A
        ({H: (40, 237), B: (5, 72), P: (2, 15), A: (5, 60)}, {H, B}),
    ],
)
def test_the_smallest_count_that_is_shown_bounds_what_is_hidden_for_its_sake(groups, shown):
    assert {*groups} - hidden_groups(counts({Area.REMOVALS: groups}))[Area.REMOVALS] <= shown


def test_an_indicator_that_counts_the_same_children_is_everybody_too():
    groups = {H: (40, 400), B: (19, 72), A: (0, 60), P: (0, 4)}
    found = counts({Area.REGULAR_UNDER_40: groups}, with_total=False)
    everybody = {("9910000", "2024-25"): {int(Area.REGULAR_UNDER_40): 59}}
    assert race_counts.hidden(found, Audience.MEETING, {}).sum() == 2
    assert race_counts.hidden(found, Audience.MEETING, everybody).sum() > 2


def test_disabilities_are_parts_of_those_who_were_identified():
    found = counts(
        {
            Area.IDENTIFIED: {H: (400, 4000), B: (90, 500), A: (13, 15), P: (13, 60)},
            Area.SPECIFIC_LEARNING_DISABILITY: {H: (200, 4000), B: (40, 500), A: (13, 15), P: (6, 60)},
            Area.AUTISM: {H: (60, 4000), B: (20, 500), A: (0, 15), P: (5, 60)},
        }
    )
    hidden = hidden_groups(found)
    assert A in hidden[Area.AUTISM] and A in hidden[Area.SPECIFIC_LEARNING_DISABILITY]


def shown_alike(
    numbers: dict[Group, tuple[int, int]], away: list[Group], public: Counts
) -> set[tuple[int, int]]:
    """Every cell and total of the first of two hidden groups with which all that is shown stays as it is."""
    cells, totals = (sum(numbers[group][at] for group in away) for at in (0, 1))
    found = set()
    for total in range(totals + 1):
        for cell in range(max(0, cells - (totals - total)), min(total, cells) + 1):
            other = numbers | {away[0]: (cell, total), away[1]: (cells - cell, totals - total)}
            again = race_counts.public(counts({Area.REMOVALS: other}), Audience.MEETING, {})
            if (again.cell == public.cell).all() and (again.total == public.total).all():
                found.add((cell, total))
    return found


@settings(max_examples=examples(100))
@given(st.data())
def test_trying_all_numbers_that_would_be_shown_alike_leaves_several_for_each(data):
    """The attacker knows all rules, and tries every file that gives the same picture."""
    groups = (H, B, P, A)[: data.draw(st.integers(3, 4))]
    numbers = {}
    for group in groups:
        total = data.draw(st.one_of(st.integers(1, 14), st.integers(11, 30)))
        numbers[group] = (
            data.draw(st.integers(0, min(total, data.draw(st.sampled_from([0, 2, 6, 12]))))),
            total,
        )
    whole = counts({Area.REMOVALS: numbers})
    public = race_counts.public(whole, Audience.MEETING, {})
    away = [group for group in groups if group in hidden_groups(whole)[Area.REMOVALS]]
    if len(away) != 2 or Group.TOTAL in hidden_groups(whole)[Area.REMOVALS]:
        return
    cells = sum(numbers[group][0] for group in away)
    alike = shown_alike(numbers, away, public)
    assert numbers[away[0]] in alike
    for at, group in enumerate(away):
        cell, total = numbers[group]
        if hides(np.array([cell]), np.array([total]), Audience.MEETING)[0]:
            several = {cells - first if at else first for first, _ in alike}
            assert len(several) >= min(WIDTH, total + 1, cells + 1)


def test_the_state_is_public_and_what_a_file_hides_stays_hidden():
    rows = [
        Count(STATE, "2024-25", Area.REMOVALS, P, 2, 4),
        Count("9910000", "2024-25", Area.REMOVALS, P, None, None, suppressed=True),
        Count("9910000", "2024-25", Area.REMOVALS, H, 40, 400),
    ]
    found = build(rows)
    assert found is not None
    public = race_counts.public(found, Audience.MEETING, {})
    assert public.cell[public.lea_key == STATE].tolist() == [2]
    assert (public.cell[public.lea_key != STATE] == -1).all()


@st.composite
def some_counts(draw) -> Counts:
    groups = draw(st.lists(st.sampled_from(SEVEN), min_size=2, max_size=6, unique=True))
    sizes = st.one_of(st.integers(0, 14), st.integers(0, 40), st.integers(30, 3_000))
    areas: dict[Area, dict[Group, tuple[int, int]]] = {}
    totals = {(group, of_all): draw(sizes) for group in groups for of_all in (False, True)}
    for area in draw(st.lists(st.sampled_from(AREAS), min_size=1, max_size=3, unique=True)):
        areas[area] = {}
        for group in groups:
            total = totals[group, area.of_all]
            most = draw(st.sampled_from([0, 3, 12, 10**4]))
            areas[area][group] = draw(st.integers(0, min(total, most))), total
    return counts(areas)


@settings(max_examples=examples(300))
@given(some_counts(), st.sampled_from([Audience.MEETING, Audience.STRICT]))
def test_nobody_can_work_out_a_hidden_number(whole, audience):
    shown = race_counts.public(whole, audience, {})
    told = [one for one in counts_by_race(whole, shown) if one[1] < WIDTH]
    assert not told


@settings(max_examples=examples(300))
@given(some_counts(), st.data())
def test_what_is_shown_does_not_depend_on_small_groups(whole, data):
    small = (whole.total <= SMALL) & (whole.group != Group.TOTAL)
    others = {
        (group, of_all): data.draw(st.integers(0, SMALL)) for group in SEVEN for of_all in (False, True)
    }
    total = whole.total.copy()
    for at in np.flatnonzero(small):
        total[at] = others[Group(int(whole.group[at])), Area(int(whole.area[at])).of_all]
    cell = whole.cell.copy()
    for at in np.flatnonzero(small):
        cell[at] = data.draw(st.integers(0, int(total[at])))
    other = Counts(whole.lea_key, whole.year, whole.area, whole.group, cell, total, whole.suppressed)
    first, second = (race_counts.public(one, Audience.MEETING, {}) for one in (whole, other))
    for name in ("cell", "total", "suppressed"):
        assert (getattr(first, name) == getattr(second, name)).all(), name
