"""Which single counts are hidden."""

from __future__ import annotations

import numpy as np
import pytest

from cim_core.data.small_groups import WIDTH, hides, hides_group_of
from cim_core.words.disclosure import Audience

CASES = [
    # of, group, in a meeting, by the stricter level
    (3, 8, True, True),
    (0, 10, True, True),
    (10, 10, True, True),
    (5, 11, False, True),
    (2, 11, True, True),
    (0, 20, True, True),
    (20, 20, True, True),
    (18, 20, True, True),
    (3, 20, False, True),
    (0, 21, False, False),
    (21, 21, False, False),
    (1, 21, False, True),
    (10, 400, False, True),
    (11, 400, False, False),
    (390, 400, False, True),
    (389, 400, False, False),
]


@pytest.mark.parametrize(("of", "group", "meeting", "strict"), CASES)
def test_what_is_hidden(of, group, meeting, strict):
    for audience, expected in ((Audience.MEETING, meeting), (Audience.STRICT, strict)):
        assert bool(hides(np.array([of]), np.array([group]), audience)[0]) is expected


@pytest.mark.parametrize("audience", [Audience.MEETING, Audience.STRICT])
def test_a_hidden_count_of_a_group_that_is_known_could_be_several(audience):
    for size in range(11, 200):
        count = np.arange(size + 1)
        alike = count[hides(count, np.full_like(count, size), audience)]
        ends = np.split(alike, np.flatnonzero(np.diff(alike) > 1) + 1)
        assert all(len(each) >= WIDTH for each in ends if len(each)), size


def test_values_of_large_groups_are_hidden_by_the_stricter_level_only():
    assert not hides_group_of(30, Audience.MEETING) and hides_group_of(20, Audience.MEETING)
    assert hides_group_of(30, Audience.STRICT) and not hides_group_of(0, Audience.WORKING)
