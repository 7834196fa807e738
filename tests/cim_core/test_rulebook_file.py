from __future__ import annotations

from decimal import Decimal

import pytest

from cim_core import rulebook_file
from cim_core.indicators import INDICATORS, Direction
from cim_core.rulebook import Comparator, Status
from cim_core.rulebook_file import SchemaError

GOOD = (rulebook_file.FOLDER / "at-a-glance.toml").read_text("utf-8")


def test_the_three_are_shipped_and_the_flyer_is_the_default():
    assert rulebook_file.available()[0] == "at-a-glance" == rulebook_file.load().id
    assert set(rulebook_file.available()) == {"at-a-glance", "cde-2023", "cde-2022"}


def test_targets_of_the_flyer_are_the_newest_public_ones():
    book = rulebook_file.load()
    written = {target.indicator: target.comparator.value + str(target.value) for target in book.targets}
    expected = {
        "1": ">90",
        "2": "≤9.72",
        "4a": "<2.76",
        "5a": "≥53.2",
        "5b": "≤20.6",
        "5c": "≤4.0",
        "7A1": "≥77",
    }
    expected |= {
        "7B1": "≥81.7",
        "7C2": "≥78.4",
        "8": ">94",
        "14c": ">84",
        "11": "≥100",
        "4b": "≤0",
        "6b": "<32.4",
    }
    assert expected.items() <= written.items()
    assert book.target("5a").provenance.status is Status.ASSUMED
    assert all(target.vintage for target in book.targets)
    assert not {"4b", "9", "10"} & set(book.elements.indicators)
    assert {"11", "12", "13"} <= set(book.elements.indicators)


def test_where_no_sign_is_printed_the_direction_decides():
    assert Comparator.default(Direction.HIGHER) is Comparator.AT_LEAST
    assert Comparator.default(Direction.LOWER) is Comparator.AT_MOST
    assert {one.direction for one in INDICATORS} == set(Direction)


def test_a_decimal_stays_a_decimal():
    assert rulebook_file.load().target("5a").value == Decimal("53.2")


@pytest.mark.parametrize(
    ("change", "key", "expected"),
    [
        (('id = "at-a-glance"\n', ""), "id", "missing"),
        (("schema = 1", "schema = 2"), "schema", "1"),
        (("precision = 2", "precision = 9"), "counting.precision", "0 to 6"),
        (("precision = 2", "precision = 2\nprecison = 3"), "counting.precison", "no such key"),
        (("min_elements = 1", "min_elements = 0"), "counting.min_elements", "1 or more"),
        (("[targets.5a]", "[targets.5z]"), "targets.5z", "indicator code"),
        (
            ('comparator = "≥"\nvalue = 53.2', 'comparator = "=>"\nvalue = 53.2'),
            "targets.5a.comparator",
            "one of",
        ),
        (("value = 53.2", 'value = "53.2"'), "targets.5a.value", "a number"),
        (("value = 53.2", "value = nan"), "targets.5a.value", "a number"),
        (('id = "climate"', 'id = "weather"'), "evaluations[school_age].domains[weather].id", "one of"),
        (('include = ["1", ', 'include = ["1", "1", '), "elements.include", "each once"),
        (('kind = "percentile_band"', 'kind = "percentil_band"'), "kind", "one of"),
        (("at_least = 3\n", ""), "clauses[level-2-missed].at_least", "least count"),
        (("at_least = 3\n", "at_least = 3\nnewly = true\n"), "clauses[level-2-missed].newly", "no such key"),
        (("at_most = 2\n", ""), "clauses[level-1-missed].sentence", "at_most"),
        (
            ('evaluation = "school_age"\nto = 10', 'evaluation = "school_age"\nto = 10\nbelow = 9'),
            "to",
            "exactly one",
        ),
        (('id = "level-1-findings"', 'id = "intensive"'), "clauses[intensive].id", "its own"),
        (
            ('placement = "Targeted Level 1"\nkind = "c', 'placement = "Intensive"\nkind = "c'),
            "placement",
            "most to the",
        ),
        (
            ('source = "flyer"\nstatus = "confirmed"', 'source = "flyr"\nstatus = "confirmed"'),
            "source",
            "one of",
        ),
        (('ties = "average"', 'ties = "mean"'), "ties", "average"),
        (('status = "confirmed"', 'status = "sure"'), "status", "confirmed, assumed"),
    ],
)
def test_a_wrong_file_says_file_key_and_what_was_expected(change, key, expected):
    assert change[0] in GOOD
    with pytest.raises(SchemaError) as caught:
        rulebook_file.loads(GOOD.replace(*change, 1), "mine.toml")
    assert caught.value.file == "mine.toml"
    assert caught.value.key.endswith(key)
    assert expected in str(caught.value)


def test_a_key_twice_and_a_missing_file_are_errors():
    with pytest.raises(SchemaError, match="valid TOML"):
        rulebook_file.loads(GOOD.replace("precision = 2", "precision = 2\nprecision = 3"))
    with pytest.raises(SchemaError, match="at-a-glance"):
        rulebook_file.load("no-such-book")
