"""Every public value of a target stands once; a rulebook takes those of a year, or the newest."""

from __future__ import annotations

import csv
from decimal import Decimal

import pytest

from cim_core.data.indicators import CODES
from cim_core.rules import dated_targets, rulebook_file
from cim_core.rules.toml_table import SchemaError
from tests.conftest import ROOT

FIXTURES = ROOT / "tests" / "fixtures"
BOOK = 'schema = 1\nextends = "at-a-glance"\nid = "old"\n\n[targets]\nof = "{year}"\n'
PRINTED = {
    "4 Year Cohort Graduation Rate*": "1", "Dropout Rate *": "2", "Assessment: ELA Participation": "3a_ela",
    "Math Participation Rate": "3a_math", "ELA Achievement Rate": "3b_ela",
    "Math Achievement Rate": "3b_math",
}  # fmt: skip


def rows(name):
    with (FIXTURES / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_of_2017_18_are_those_that_cde_printed_that_year():
    rules = rulebook_file.loads(BOOK.format(year="2017-18"))
    for row in rows("apr_2017_18.csv"):
        code = PRINTED.get(row["label"], row["indicator"])
        written = row["target"].rstrip("%")
        sign, number = (written[0], written[1:]) if written[0] in "><≤≥" else (None, written)
        target = rules.target(code)
        assert target.value == Decimal(number), code
        assert sign in (None, target.comparator.value), code


@pytest.mark.parametrize("year", ["2017-18", "2018-19"])
def test_of_preschool_outcomes_too(year):
    rules = rulebook_file.loads(BOOK.format(year=year))
    printed = [row for row in rows("indicator7_preschool.csv") if row["school_year"] == year]
    assert printed
    for row in printed:
        target = rules.target(row["summary_statement"].replace(".", ""))
        assert target.value == Decimal(row["state_target_pct"]) and target.vintage == year


def test_the_values_of_each_stand_from_the_oldest_on_and_every_year_can_be_taken():
    found = dated_targets.dated()
    assert set(found) <= set(CODES)
    years = set()
    for target in found.values():
        vintages = [one["vintage"] for one in target["values"]]
        assert vintages == sorted(set(vintages))
        years |= set(vintages) - {dated_targets.EVERY_YEAR}
    for year in years:
        rules = rulebook_file.loads(BOOK.format(year=year))
        assert all(target.vintage in (dated_targets.EVERY_YEAR, *years) for target in rules.targets)
        assert all(
            target.vintage <= year or target.vintage == dated_targets.EVERY_YEAR for target in rules.targets
        )
    assert rulebook_file.loads(BOOK.format(year="2016-17")).target("5a") is None
    assert rulebook_file.loads(BOOK.format(year=max(years))).targets == rulebook_file.load().targets


@pytest.mark.parametrize("year", ["2017", "last", ""])
def test_what_is_no_year_is_refused(year):
    with pytest.raises(SchemaError, match=r"targets\.of"):
        rulebook_file.loads(BOOK.format(year=year))


def test_own_lines_go_before():
    rules = rulebook_file.loads(BOOK.format(year="2017-18") + "\n[targets.5a]\nvalue = 60\n")
    target = rules.target("5a")
    assert (target.value, target.comparator.value, target.vintage) == (Decimal(60), "≥", "2017-18")
