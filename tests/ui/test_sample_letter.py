"""The sample's letter on the Data page: one click, and graduation and dropout are compared."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from cim_core.placing import checked_files
from cim_core.rules import rulebook_file
from cim_core.words.messages import given
from tests.ui.test_pages import app, fine, shown
from ui.shared.judged import judged


def test_the_targets_of_the_sample_letter_are_one_click_away():
    at = app(data="sample")
    at.run()
    page = fine(at.switch_page("pages/data.py").run())
    fine(page.button(key="sample_letter").click().run())
    assert not any(one.key == "sample_letter" for one in page.button)
    assert "sample letter (2024-25) are in use" in shown(page)


def test_printed_results_are_judged_by_the_rulebook_in_use():
    rules = rulebook_file.load()
    head = "lea_code,lea_name,year,5a,Target,Met\n9900001,A,2023-24,50,40,Yes\n"
    taken = checked_files.take(head.encode(), "x.csv")
    assert "met_otherwise" in [one.kind for one in taken.problems]
    assert judged(taken, rules, rulebook_file.DEFAULT, "", "files") is taken
    (target,) = (one for one in rules.targets if one.indicator == "5a")
    low = replace(target, value=Decimal(45))
    targets = tuple(low if one is target else one for one in rules.targets)
    own = replace(rules, title=given("Mine"), targets=targets)
    found = judged(taken, own, "own", "", "files")
    assert "met_otherwise" not in [one.kind for one in found.problems]
    high = replace(
        own, targets=tuple(replace(one, value=Decimal(60)) if one is low else one for one in own.targets)
    )
    (problem,) = (
        one for one in judged(taken, high, "high", "", "files").problems if one.kind == "met_otherwise"
    )
    assert "Mine" in problem.sentence()
    assert found.dataset is taken.dataset
