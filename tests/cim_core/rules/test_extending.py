"""A rulebook that extends another: a new year is its own lines."""

from __future__ import annotations

import pytest

from cim_core.rules import rulebook_file
from cim_core.rules.sources import Provenance, Status
from cim_core.rules.toml_table import SchemaError

YEAR = """schema = 1
extends = "cde-2023"
id = "cde-2030"
title = "CDE monitoring 2030"
monitoring_year = "2030"
official = false
about = "Invented."

[targets.5a]
value = 60.1
vintage = "2028-29"
"""
ONLY = """
[[clauses]]
id = "only"
placement = "Targeted Level 1"
kind = "missed_targets"
at_least = 1
sentence = "{at_least} or more targets missed"
"""


def test_a_new_year_is_its_own_lines():
    before, made = rulebook_file.load("cde-2023"), rulebook_file.loads(YEAR)
    assert made.id == "cde-2030" and made.clauses == before.clauses and made.evaluations == before.evaluations
    differ = [one for one, other in zip(made.targets, before.targets, strict=True) if one != other]
    assert [one.indicator for one in differ] == ["5a"]
    assert differ[0].value is not None and f"{differ[0].value:f}" == "60.1"


def test_lists_are_replaced_whole():
    own = YEAR + ONLY + 'source = "project"\nstatus = "assumed"\n'
    assert [one.id for one in rulebook_file.loads(own).clauses] == ["only"]


@pytest.mark.parametrize("named", ['"nowhere"', "7", '"../common"'])
def test_what_is_not_there_cannot_be_extended(named):
    with pytest.raises(SchemaError, match="extends"):
        rulebook_file.loads(YEAR.replace('"cde-2023"', named))


def test_the_shipped_rulebooks_hold_nothing_twice():
    shared = {name for name in rulebook_file.read_raw()[0] if name not in ("clauses", "tracks")}
    assert {"targets", "elements", "evaluations", "sources", "counting", "disproportionality"} <= shared
    for one in rulebook_file.available():
        text = (rulebook_file.FOLDER / f"{one}.toml").read_text("utf-8")
        assert "[targets" not in text and "[[sources" not in text and len(text.splitlines()) < 90


def test_rules_say_once_where_they_come_from():
    other = YEAR.replace(
        "official = false", 'official = false\nprovenance = { source = "project", status = "assumed" }'
    )
    inherited = rulebook_file.loads(other).clauses
    assert inherited == rulebook_file.load("cde-2023").clauses
    (clause,) = rulebook_file.loads(other + ONLY + 'status = "confirmed"\n').clauses
    assert clause.provenance == Provenance("project", Status.CONFIRMED)


@pytest.mark.parametrize("said", ['"flyer"', '{ shoe = "flyer" }'])
def test_only_source_and_status_can_be_said_of_all(said):
    with pytest.raises(SchemaError, match="provenance"):
        rulebook_file.loads(YEAR.replace("official = false", f"official = false\nprovenance = {said}"))


def test_an_older_file_that_does_not_say_what_feeds_an_evaluation_is_fed_as_before():
    raw = rulebook_file.read_raw()[0]
    for evaluation in raw["evaluations"]:
        for name in ("first", "column", "fact"):
            evaluation.pop(name, None)
    assert rulebook_file.loads(rulebook_file.dumps(raw)) == rulebook_file.load()
