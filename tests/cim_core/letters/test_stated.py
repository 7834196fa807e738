"""Reasons as letters give them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cim_core.data.indicators import CODES, in_order
from cim_core.data.race_counts import Area, Group
from cim_core.letters.stated import StatedReasons, stated, written


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", StatedReasons()),
        ("missed: 5a, 5b", StatedReasons(missed=("5a", "5b"))),
        ("5b, 3b ELA and 7A1", StatedReasons(missed=("3b_ela", "5b", "7A1"))),
        ("Indicator 5a not met; indicator 14b not met", StatedReasons(missed=("5a", "14b"))),
        ("3 targets missed", StatedReasons(count=3)),
        ("missed 2 elements: 5a, 5b.", StatedReasons(missed=("5a", "5b"), count=2)),
        ("no elements missed", StatedReasons(missed=(), count=0)),
        ("targets met: 5a, 5b", StatedReasons(rest=("targets met: 5a, 5b",))),
        ("lowest 10%", StatedReasons(band=(0, 10))),
        ("bottom 11–20 percent", StatedReasons(band=(10, 20))),
        ("2 findings", StatedReasons(findings=2)),
        ("findings of noncompliance", StatedReasons(findings=1)),
        ("no findings", StatedReasons(findings=0)),
        ("not disproportionate", StatedReasons(disproportionate=False)),
        (
            "disproportionality: Autism, Black or African American",
            StatedReasons(disproportionate=True, areas=(Area.AUTISM,), groups=(Group.BLACK,)),
        ),
        (
            "missed 5a\nSig Dis (emotional disturbance, white)",
            StatedReasons(
                missed=("5a",), disproportionate=True, areas=(Area.EMOTIONAL_DISTURBANCE,),
                groups=(Group.WHITE,),
            ),
        ),
        ("see attachment", StatedReasons(rest=("see attachment",))),
    ],
)  # fmt: skip
def test_what_a_letter_says(text, found):
    assert stated(text) == found


@given(
    st.sets(st.sampled_from(CODES)),
    st.sets(st.sampled_from([area for area in Area if area.regulated])),
    st.sets(st.sampled_from([Group.BLACK, Group.WHITE, Group.HISPANIC, Group.ASIAN, Group.TWO_OR_MORE])),
    st.sampled_from([None, (0, 10), (10, 20), (5, 15)]),
    st.sampled_from([None, 1, 4]),
)
def test_what_is_chosen_is_read_again(codes, areas, groups, band, findings):
    chosen = StatedReasons(
        missed=in_order(codes) or None, disproportionate=bool(areas or groups) or None,
        areas=tuple(sorted(areas)),
        groups=tuple(sorted(groups)), band=band, findings=findings,
    )  # fmt: skip
    again = stated(written(chosen))
    assert (again.missed, again.band, again.findings) == (chosen.missed, band, findings)
    assert (again.disproportionate, set(again.areas), set(again.groups)) == (
        chosen.disproportionate, areas, groups,
    )  # fmt: skip
