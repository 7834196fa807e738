"""Reasons as letters give them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cim_core.data.indicators import CODES, in_order
from cim_core.data.race_counts import Area, Group
from cim_core.letters import choices
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
        ("between 10% and 20% lowest", StatedReasons(band=(10, 20))),
        ("lowest 11th-20th percentile", StatedReasons(band=(10, 20))),
        ("percentile 8.5", StatedReasons(rest=("percentile 8.5",))),
        ("rank 350 of 1014 LEAs", StatedReasons(rest=("rank 350 of 1014 LEAs",))),
        ("lowest 10 % in 2024-25", StatedReasons(band=(0, 10))),
        ("not in the lowest 10%", StatedReasons(rest=("not in the lowest 10%",))),
        ("Findings in 2024-25", StatedReasons(findings=1)),
        ("no findings in 2024", StatedReasons(findings=0)),
        ("5a met, 5b missed", StatedReasons(rest=("5a met, 5b missed",))),
        ("met elements 5a, 5b", StatedReasons(rest=("met elements 5a, 5b",))),
        ("no longer missed 5a", StatedReasons(rest=("no longer missed 5a",))),
        ("missed 3 of 14 elements", StatedReasons(count=3)),
        (
            "Not significantly disproportionate: Black",
            StatedReasons(rest=("Not significantly disproportionate: Black",)),
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
    st.sampled_from([None, (0, 10), (10, 20), (20, 30)]),
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


@pytest.mark.parametrize(
    "text",
    ["missed 3 targets; 2 findings", "not disproportionate", "no findings", "5a; odd"],
)
def test_ticking_a_choice_loses_nothing_else(text):
    before = stated(text)
    after = stated(written(choices.reasons([*choices.chosen(before), "missed:14b"])))
    assert after.findings == before.findings and after.disproportionate == before.disproportionate
    assert after.count == before.count and after.rest == before.rest and "14b" in (after.missed or ())
