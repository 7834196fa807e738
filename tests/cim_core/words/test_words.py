from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cim_core.data.dataset import Missing
from cim_core.data.indicators import INDICATORS
from cim_core.placing.placement import Outcome, Result
from cim_core.words import messages
from cim_core.words.disclosure import Disclosure
from cim_core.words.messages import Kind, Message, Quantity
from cim_core.words.rounding import half_up

ROOT = Path(__file__).parent.parent.parent.parent


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (Fraction(900, 16), 1, "56.3"),
        (Fraction("90.005"), 2, "90.01"),
        (Fraction("-3.125"), 2, "−3.13"),
        (Fraction(-1, 1000), 1, "0.0"),
        (Fraction(6328), 0, "6,328"),
    ],
)
def test_half_up_as_cde_rounds(value, decimals, text):
    assert half_up(value, decimals) == text


@given(st.fractions(-1000, 1000), st.integers(0, 4))
def test_half_up_is_never_further_than_half_a_unit(value, decimals):
    printed = Fraction(half_up(value, decimals).replace(",", "").replace("−", "-"))
    assert abs(printed - value) <= Fraction(1, 2 * 10**decimals)


def test_a_number_about_students_cannot_pass_outside_disclosure():
    with pytest.raises(ValueError, match="disclosure"):
        messages.text("clause.indicator.one", label="5a", p=Quantity(Fraction(1), Kind.RATE))


def test_plural_and_lists():
    assert Disclosure().say(Message("finding.errors", {"n": 1})).startswith("1 error ")
    assert messages.join(["a", "b", "c"]) == "a, b and c"
    assert messages.join(["a, b", "c"]) == "a, b; c"


def test_every_indicator_and_enum_has_its_words():
    for one in INDICATORS:
        assert all((one.label, one.name, one.short, one.numerator, one.denominator))
    for kind, ids in (("missing", Missing), ("result", Result), ("outcome", Outcome)):
        for one in ids:
            assert messages.text(f"{kind}.{one.name.lower()}")


def test_every_literal_message_id_exists():
    """Ids written as plain text in code are in the catalogue, so no page can fail on a typing error."""
    known = messages.catalogue()
    asked = re.compile(r'\b(?:t|text|message|say_id|Message)\(\s*"([a-z0-9_]+\.[a-z0-9_.]+)"')
    for folder in ("cim_core", "ui", "pages"):
        for path in (ROOT / folder).rglob("*.py"):
            for found in asked.findall(path.read_text("utf-8")):
                assert found in known, f"{path.name}: {found}"


def test_every_problem_kind_has_all_its_words():
    kinds = {
        name.split(".")[1]
        for name in messages.catalogue()
        if name.startswith("problem.") and ".title" in name
    }
    for kind in kinds:
        assert {f"problem.{kind}.{part}" for part in ("title", "expected", "mend")} <= set(
            messages.catalogue()
        )
    code = "".join(path.read_text("utf-8") for path in (ROOT / "cim_core" / "intake").rglob("*.py"))
    assert kinds >= set(re.findall(r'Severity\.\w+, "(\w+)"', code))
