"""Indicators of one group of students: what is shown of some does not tell those that are hidden."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cim_core.data.indicators import CODES, POSITION
from cim_core.data.small_groups import WIDTH, hides
from cim_core.suppression.families import APART, WITHIN, complementary
from cim_core.words.disclosure import Audience
from tests.cim_core.suppression.attack import of_family
from tests.conftest import examples


def row(counts: dict[str, int], size: int) -> tuple[np.ndarray, np.ndarray]:
    count, group = np.full((1, len(CODES)), -1), np.full((1, len(CODES)), -1)
    for code, number in counts.items():
        count[0, POSITION[code]], group[0, POSITION[code]] = number, size
    return count, group


def hidden_of(counts: dict[str, int], size: int, audience: Audience) -> set[str]:
    count, group = row(counts, size)
    alone = (count >= 0) & hides(count, group, audience)
    found = alone | complementary(count, group, alone, np.zeros_like(alone), audience)
    return {code for code, at in POSITION.items() if found[0, at]}


@pytest.mark.parametrize(
    ("counts", "size", "audience", "hidden"),
    [
        # nobody in a separate school: eleven and four leave none of fifteen for it
        ({"5a": 11, "5b": 4, "5c": 0}, 15, Audience.MEETING, {"5b", "5c"}),
        ({"5a": 9, "5b": 3, "5c": 0}, 15, Audience.MEETING, {"5c"}),
        ({"5a": 200, "5b": 29, "5c": 1}, 230, Audience.STRICT, {"5b", "5c"}),
        ({"5a": 100, "5b": 29, "5c": 1}, 230, Audience.STRICT, {"5c"}),
        ({"5a": 200, "5b": 29, "5c": 1}, 230, Audience.MEETING, set()),
    ],
)
def test_what_would_be_told_is_hidden_besides(counts, size, audience, hidden):
    assert hidden_of(counts, size, audience) == hidden


@settings(max_examples=examples(600))
@given(st.data(), st.sampled_from([*APART, *WITHIN]), st.sampled_from([Audience.MEETING, Audience.STRICT]))
def test_nobody_can_work_out_a_hidden_count(data, family, audience):
    nested, size = family in WITHIN, data.draw(st.integers(11, 60))
    numbers, left = [], size
    for _ in family:
        numbers.append(data.draw(st.integers(0, size if nested else left)))
        left -= numbers[-1]
    counts = dict(zip(family, sorted(numbers) if nested else numbers, strict=True))
    hidden = hidden_of(counts, size, audience)
    by_itself = np.arange(size + 1)[hides(np.arange(size + 1), np.full(size + 1, size), audience)]
    shown = {at: counts[code] for at, code in enumerate(family) if code not in hidden}
    if not shown:
        return
    unknown = {at: by_itself.tolist() for at, code in enumerate(family) if code in hidden}
    for at, code in enumerate(family):
        count, group = row({code: counts[code]}, size)
        if code in hidden and not hides(count, group, audience)[0, POSITION[code]]:
            unknown[at] = list(range(size + 1))
    assert all(width >= WIDTH for width in of_family(shown, unknown, size, nested).values())


def test_another_group_of_students_says_nothing():
    count, group = row({"5a": 11, "5b": 4, "5c": 0}, 15)
    group[0, POSITION["5a"]] = group[0, POSITION["5b"]] = 400
    hidden = np.zeros(count.shape, bool)
    hidden[0, POSITION["5c"]] = True
    uncounted = np.zeros_like(hidden)
    assert not complementary(count, group, hidden, uncounted, Audience.MEETING)[0, POSITION["5a"]]
    uncounted[0, POSITION["5a"]] = True
    assert complementary(count, group, hidden, uncounted, Audience.MEETING)[0, POSITION["5a"]]
