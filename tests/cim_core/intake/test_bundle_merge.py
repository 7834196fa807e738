"""Two windows that worked on one version: together where they do not contradict each other."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cim_core.intake.bundle import Bundle
from cim_core.intake.bundle_merge import merged

OAK, ELM, ASH = ("a" * 64, "b" * 64, "c" * 64)
ONE = Bundle().with_file("oak.csv", OAK).answered(OAK, "sheet", "Data").accept(["old"])


def test_what_each_did_is_in_it():
    theirs = ONE.with_file("elm.csv", ELM).accept(["a"])
    ours = replace(ONE.answered(OAK, "rates", "percent").withdraw(["old"]), mine="9900001")
    both = merged(ONE, theirs, ours)
    assert both is not None and both.mine == "9900001" and both.accepted == {"a"}
    assert {part.file for part in both.parts} == {"oak.csv", "elm.csv"}
    assert both.parts[0].answers == {"sheet": "Data", "rates": "percent"}
    assert merged(ONE, ours, theirs) is not None


def test_answers_that_were_taken_back_stay_away():
    both = merged(ONE, ONE.answered(OAK, "sheet", ""), ONE.answered(OAK, "rates", "percent"))
    assert both is not None and both.parts[0].answers == {"rates": "percent"}


def test_facts_taken_as_none_come_together():
    both = merged(ONE, replace(ONE, assume="findings"), replace(ONE, assume="elements"))
    assert both is not None and both.assume == "elements,findings"


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        (ONE.answered(OAK, "rates", "percent"), ONE.answered(OAK, "rates", "fraction")),
        (replace(ONE, mine="1"), replace(ONE, mine="2")),
        (ONE.mapped(OAK, "x = 1"), ONE.mapped(OAK, "x = 2")),
        (ONE.without(OAK), ONE.answered(OAK, "rates", "percent")),
        (ONE.with_file("new.csv", ELM), ONE.with_file("new.csv", ASH)),
    ],
)
def test_contradictions_are_for_a_person(theirs: Bundle, ours: Bundle):
    assert merged(ONE, theirs, ours) is None and merged(ONE, ours, theirs) is None


CHANGES = st.lists(
    st.sampled_from(
        [
            lambda one: one.with_file("elm.csv", ELM),
            lambda one: one.without(OAK),
            lambda one: one.answered(OAK, "rates", "percent"),
            lambda one: one.answered(OAK, "sheet", ""),
            lambda one: one.accept(["a"]),
            lambda one: one.withdraw(["old"]),
            lambda one: replace(one, mine="1"),
            lambda one: replace(one, assume="elements"),
        ]
    ),
    max_size=4,
)


def changed(changes) -> Bundle:
    made = ONE
    for change in changes:
        made = change(made)
    return made


@given(CHANGES, CHANGES)
def test_whoever_comes_first_the_same_comes_out(first, second):
    theirs, ours = changed(first), changed(second)
    one, other = merged(ONE, theirs, ours), merged(ONE, ours, theirs)
    assert (one is None) == (other is None)
    if one is not None and other is not None:
        assert {part.file for part in one.parts} == {part.file for part in other.parts}
        assert (one.accepted, one.mine, one.assume) == (other.accepted, other.mine, other.assume)
    alone = merged(ONE, theirs, ONE)
    assert alone == replace(theirs, parts=alone.parts if alone else ())
    assert alone is not None and {part.file for part in alone.parts} == {part.file for part in theirs.parts}
