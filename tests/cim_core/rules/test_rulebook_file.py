from __future__ import annotations

from decimal import Decimal

import pytest

from cim_core.data.indicators import INDICATORS, Direction
from cim_core.rules import rulebook_file
from cim_core.rules.rulebook import Comparator
from cim_core.rules.rulebook_file import SchemaError
from cim_core.rules.sources import Status
from tests.conftest import whole_rulebook

GOOD = whole_rulebook()


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
        (("min_elements = 1", "min_elements = 0"), "counting.min_elements", "from 1 to"),
        (("[targets.5a]", "[targets.5z]"), "targets.5z", "indicator code"),
        (
            ('comparator = "≥"\nvalue = 53.2', 'comparator = "=>"\nvalue = 53.2'),
            "targets.5a.comparator",
            "one of",
        ),
        (("value = 53.2", 'value = "53.2"'), "targets.5a.value", "a number"),
        (("value = 53.2", "value = nan"), "targets.5a.value", "a number"),
        (('id = "climate"', 'id = "weather"'), "evaluations[school_age].domains[weather].id", "one of"),
        (('include = [\n    "1",', 'include = [\n    "1",\n    "1",'), "elements.include", "each once"),
        (('kind = "percentile_band"', 'kind = "percentil_band"'), "kind", "one of"),
        (("at_least = 3\n", ""), "clauses[level-2-missed].at_least", "least count"),
        (("at_least = 3\n", "at_least = 3\nnewly = true\n"), "clauses[level-2-missed].newly", "no such key"),
        (("at_most = 2\n", ""), "clauses[level-1-missed].sentence", "at_most"),
        (
            ('kind = "percentile_band"\nto = 10', 'kind = "percentile_band"\nto = 10\nbelow = 9'),
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
        (("{at_least} or more targets", "{at_least!r} or more targets"), "sentence", "exactly these fields"),
        (("{at_least} or more targets", "{at_least:>9999999} targets"), "sentence", "exactly these fields"),
        (("{at_least} or more targets", "{ targets"), "sentence", "exactly these fields: {at_least}"),
        (("{at_least} or more targets", "{} targets"), "sentence", "exactly these fields"),
        (("{at_least} or more targets", "four targets"), "sentence", "exactly these fields"),
        (("{max_swd} or fewer", "{swd.__class__} or fewer"), "small_lea.sentence", "{max_swd}"),
        (('include = [\n    "1",', 'include = [\n    ["1"],'), "elements.include", "each once"),
        (('report_only = [\n    "4b",', 'report_only = [\n    "5a",'), "elements.report_only", "element too"),
        (("min_domains = 2", "min_domains = 4"), "min_domains", "at most 3"),
        (('indicators = [\n    "susp",\n    "chronic",\n]', "indicators = []"), "indicators", "at least one"),
        (('id = "preschool"\ntitle', 'id = "school_age"\ntitle'), "evaluations[school_age].id", "its own"),
        (('id = "cde-2022"\n', 'id = "flyer"\n'), "sources[flyer].id", "its own"),
        (("over = 10\nto = 20", "over = 30\nto = 20"), "to", "above the lower one"),
        (("over = 10\nto = 20", "over = 10\nto = 150"), "to", "0 to 100"),
        (('value = 53.2\nvintage = "2019-20"\n', "value = 53.2\n"), "targets.5a.vintage", "missing"),
        (("value = 53.2", "value = -5"), "targets.5a.value", "0 to 100"),
        (("value = 53.2", "value = 1e999999"), "targets.5a.value", "no larger"),
        (("precision = 2", "precision = " + "9" * 5000), "(file)", "valid TOML"),
        (("precision = 2", "precision = " + "[" * 100_000), "(file)", "valid TOML"),
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


def test_a_byte_order_mark_is_no_error():
    assert rulebook_file.loads("\ufeff" + GOOD).id == "at-a-glance"


def test_a_device_is_no_rulebook():
    with pytest.raises(SchemaError, match="no readable file"):
        rulebook_file.load("/dev/zero")


def test_an_indicator_percentile_needs_an_indicator_that_is_ranked():
    text = whole_rulebook("cde-2023")
    with pytest.raises(SchemaError, match="indicators of the evaluation"):
        rulebook_file.loads(
            text.replace('indicators = [\n    "5a",\n    "5b",\n    "5c",\n]\nto', 'indicators = ["8"]\nto')
        )


PUBLIC = {
    "1": (">", "90", "2019-20", "assumed"), "2": ("≤", "9.72", "2019-20", "assumed"),
    "3a_ela": (">", "95.0", "2017-18", "confirmed"), "3a_math": (">", "95.0", "2017-18", "confirmed"),
    "3b_ela": (">", "14.9", "2017-18", "confirmed"), "3b_math": (">", "12.6", "2017-18", "confirmed"),
    "4a": ("<", "2.76", "2019-20", "assumed"), "4b": ("≤", "0", "every year", "confirmed"),
    "5a": ("≥", "53.2", "2019-20", "assumed"), "5b": ("≤", "20.6", "2019-20", "assumed"),
    "5c": ("≤", "4.0", "2017-18", "confirmed"), "6a": (">", "34.9", "2017-18", "confirmed"),
    "6b": ("<", "32.4", "2017-18", "confirmed"), "7A1": ("≥", "77", "2021-22", "confirmed"),
    "7A2": ("≥", "77", "2021-22", "confirmed"), "7B1": ("≥", "81.7", "2018-19", "confirmed"),
    "7B2": ("≥", "79.5", "2018-19", "confirmed"), "7C1": ("≥", "75.7", "2018-19", "confirmed"),
    "7C2": ("≥", "78.4", "2018-19", "confirmed"), "8": (">", "94", "2019-20", "assumed"),
    "9": ("≤", "0", "every year", "confirmed"), "10": ("≤", "0", "every year", "confirmed"),
    "11": ("≥", "100", "every year", "confirmed"), "12": ("≥", "100", "every year", "confirmed"),
    "13": ("≥", "100", "every year", "confirmed"), "14a": (">", "55.3", "2019-20", "assumed"),
    "14b": (">", "75.4", "2019-20", "assumed"), "14c": (">", "84", "2019-20", "assumed"),
}  # fmt: skip
"""The newest public value of each indicator, method.md, section 4."""


@pytest.mark.parametrize("book", rulebook_file.available())
def test_targets_elements_and_evaluations_are_those_of_the_method(book):
    rules = rulebook_file.load(book)
    written = {
        one.indicator: (one.comparator.value, str(one.value), one.vintage, one.provenance.status.value)
        for one in rules.targets
    }
    assert written == PUBLIC
    assert set(rules.elements.indicators) == set(PUBLIC) - {"4b", "9", "10"}
    school_age, preschool = rules.evaluation("school_age"), rules.evaluation("preschool")
    domains = {one.id: set(one.indicators) for one in school_age.domains}
    placement, climate = {"5a", "5b", "5c"}, {"susp", "chronic"}
    assert domains == {"achievement": {"ela_dfs", "math_dfs"}, "placement": placement, "climate": climate}
    assert set(preschool.indicators) == {"6a", "6b", "7A1", "7A2", "7B1", "7B2", "7C1", "7C2"}
    for one, least in ((school_age, 2), (preschool, 1)):
        numbers = one.min_denominator, one.min_domains, one.min_reference_values, one.swd_over, one.ties.value
        assert numbers == (30, least, 100, 100, "average")
    counting = rules.precision, rules.min_elements, rules.minimum_n, rules.small_lea.max_swd
    assert counting == (2, 1, 0, 100)
    lre = [one for one in rules.clauses if one.kind == "indicator_percentile"]
    assert [one.indicators for one in lre] == ([("5a", "5b", "5c")] if book == "cde-2023" else [])
