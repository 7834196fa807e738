"""Bundles: the same text for the same files, answers and acceptances."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cim_core.intake import bundle
from cim_core.intake.bundle import Bundle, BundleFile
from cim_core.intake.problems import Severity
from cim_core.placing import checked_files

TEXT = st.text(max_size=20)
PARTS = st.builds(BundleFile, TEXT, TEXT, st.dictionaries(TEXT, TEXT, max_size=3), TEXT)


@given(st.builds(Bundle, st.lists(PARTS, max_size=3).map(tuple), st.frozensets(TEXT, max_size=4), TEXT, TEXT))
def test_a_bundle_survives_its_text(one):
    assert bundle.loads(one.dumps()) == one


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "[" * 100_000, '{"parts": 1}', '{"parts": [{}], "accepted": [], "previous": ""}']
)
def test_other_texts_are_no_bundles(text):
    with pytest.raises(ValueError):
        bundle.loads(text)


def test_whose_leas_are_looked_at_stays_with_the_next_files():
    """A bundle kept before there was such a choice has none."""
    chosen = Bundle((BundleFile("a.csv", "1"),), mine="s:Alder")
    assert chosen.with_file("b.csv", "2").answered("1", "year", "2023-24").mine == "s:Alder"
    assert Bundle((BundleFile("a.csv", "3"),)).taking_over(chosen).mine == "s:Alder"
    assert Bundle(mine="c:Oak").taking_over(chosen).mine == "c:Oak"
    assert bundle.loads('{"parts": [], "accepted": [], "previous": "", "version": 1}').mine == ""


def test_files_answers_and_mappings():
    one = Bundle().with_file("a.csv", "1").with_file("b.csv", "2").with_file("again.csv", "1")
    assert [part.file for part in one.parts] == ["a.csv", "b.csv"]
    assert [part.file for part in one.with_file("a.csv", "3").parts] == ["a.csv", "b.csv", "a.csv (2)"]
    told = one.answered("2", "year", "2023-24").mapped("1", "schema = 1")
    assert told.parts[1].answers == {"year": "2023-24"} and told.parts[0].mapping == "schema = 1"
    assert told.answered("2", "year", "").parts[1].answers == {}
    assert [part.file for part in told.without("1").parts] == ["b.csv"]


def test_only_warnings_can_be_accepted():
    text = (
        b"lea_code,year,5a,5b,5c\n9900001,2023-24,60,40,10\n9900002,2023-24,60,40,10\n9900003,2023-24,x,1,1\n"
    )
    found = checked_files.take(text, "x.csv").problems
    warnings = [one for one in found if one.severity is Severity.WARNING]
    errors = [one for one in found if one.severity is Severity.ERROR]
    assert len(warnings) == 2 and errors
    single = Bundle().accept([warnings[0].key, errors[0].key])
    assert [single.accepts(one) for one in (*warnings, *errors)] == [True, False, False]
    files = Bundle().with_file("x.csv", "1").with_file("y.csv", "2")
    every = files.accept([bundle.of_kind("shares_over", "1"), bundle.of_kind(errors[0].kind, "1")])
    assert [every.accepts(one) for one in (*warnings, *errors)] == [True, True, False]
    assert not every.withdraw([bundle.of_kind("shares_over", "1")]).accepts(warnings[0])
    assert not every.accepts(replace(warnings[0], file="y.csv"))
    newer = Bundle().with_file("x.csv", "9").taking_over(every.accept([warnings[0].key]))
    assert [newer.accepts(one) for one in warnings] == [True, False]
    again = checked_files.take(text, "x.csv").problems
    assert [one.key for one in again] == [one.key for one in found] and len(
        {one.key for one in found}
    ) == len(found)


def test_the_next_version_takes_over_what_was_said_but_never_the_year():
    said = (
        Bundle().with_file("x.csv", "1").answered("1", "rates", "fraction").answered("1", "year", "2023-24")
    )
    newer = (
        Bundle().with_file("x.csv", "2").with_file("y.csv", "3").taking_over(said.mapped("1", "schema = 1"))
    )
    assert newer.parts[0].answers == {"rates": "fraction"} and newer.parts[0].mapping == "schema = 1"
    assert newer.parts[1].answers == {} and newer.parts[1].mapping == ""
    tied = said.mapped("1", 'schema = 1\n[constants]\nyear = "2023-24"\n')
    assert Bundle().with_file("x.csv", "2").taking_over(tied).parts[0].mapping == ""
