"""Where nothing that bears on a placement is redrawn, no word is said about chance."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from cim_core.certainty import certainty
from cim_core.data.dataset import Cell, Facts, LeaYear, build
from cim_core.placing.placement import place
from cim_core.placing.ranking import WITHIN, Ranked
from cim_core.rules import rulebook_file

YEAR = "2023-24"


def test_ranked_among_values_that_are_not_redrawn_nothing_is_claimed():
    """Rates with denominators only: everybody is ranked, nobody's count is known."""
    rows = [
        LeaYear(f"99{at:05d}", YEAR, f"LEA {at}", "S", Facts(swd=300), {
            "susp": Cell(rate=Decimal(at), denominator=60),
            "5a": Cell(rate=Decimal(90), denominator=60),
        })
        for at in range(1, 12)
    ]  # fmt: skip
    placements = place(build(rows), rulebook_file.load(), WITHIN)
    assert (placements.percentiles["school_age"].state == Ranked.COMPUTED).all()
    found = certainty(placements, YEAR, 20)
    assert not any(found.told(row) for row in range(11))


def test_an_element_without_a_target_bears_on_nothing():
    rules = rulebook_file.load()
    targets = tuple(replace(one, value=None) if one.indicator == "5a" else one for one in rules.targets)
    cells = {"5a": Cell(numerator=50, denominator=100), "13": Cell(numerator=20, denominator=20)}
    facts = Facts(swd=300, minor_findings=0, disproportionate_years=0)
    placements = place(
        build([LeaYear("9900001", YEAR, "Oak", "S", facts, cells)]), replace(rules, targets=targets)
    )
    assert not certainty(placements, YEAR, 20).told(0)
