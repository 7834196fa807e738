"""Short names of LEAs: as short as nobody takes one for another."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cim_core.data.short_names import short_name, short_names


def test_what_kind_of_lea_it_is_is_left_out():
    names = {
        "Quince Valley Elementary": "Quince Valley", "Madrone Union High": "Madrone",
        "Dogwood Joint Union High": "Dogwood", "Alder Valley County Office of Education": "Alder Valley COE",
        "Gooseberry City Unified": "Gooseberry", "Yarrow Charter": "Yarrow", "Unified": "Unified",
        "San Juan Unified School District": "San Juan",
    }  # fmt: skip
    assert {name: short_name(name) for name in names} == names


def test_names_that_would_meet_stay_whole():
    given_names = ["Jefferson Elementary", "Jefferson Union High", "Alder Valley Unified",
                   "Alder Valley County Office of Education", "Oak Bend Elementary"]  # fmt: skip
    assert short_names(given_names) == [*given_names[:3], "Alder Valley COE", "Oak Bend"]


@given(st.lists(st.text(st.characters(categories=("Lu", "Ll", "Zs")), min_size=1, max_size=20), unique=True))
def test_different_names_stay_different(names):
    folded = [" ".join(name.casefold().split()) for name in names]
    made = short_names(names)
    assert len({short.casefold() for short in made}) >= len({*folded}) - folded.count("")
    assert all(made)
