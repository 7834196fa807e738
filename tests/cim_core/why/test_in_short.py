"""A placement in a few words: the rule that decided, and what to ask for where it is not settled."""

from __future__ import annotations

import pytest

from cim_core.placing.placement import Placements
from cim_core.rules import rulebook_file
from cim_core.why import in_short
from cim_core.why.explanation import explain
from cim_core.words.disclosure import WORKING
from tests.conftest import sample_placements


@pytest.mark.parametrize("book", rulebook_file.available())
def test_the_deciding_rule_is_the_rung_that_decides(book: str):
    placements: Placements = sample_placements(book)
    for row in range(len(placements.dataset)):
        deciding = [rung for rung in explain(placements, row).clauses if rung.deciding]
        told = in_short.decided(placements, row)
        assert (told is None) == (not deciding)
        if told is not None:
            assert told == (deciding[0].short, deciding[0].value)


def test_only_what_is_not_settled_is_asked_for():
    placements = sample_placements()
    for row in range(len(placements.dataset)):
        wanted = in_short.ask(placements, row)
        if placements.firm[row]:
            assert wanted is None
    open_rows = [row for row in range(len(placements.dataset)) if not placements.firm[row]]
    assert any("compliance findings" in WORKING.say(in_short.ask(placements, row)) for row in open_rows)
