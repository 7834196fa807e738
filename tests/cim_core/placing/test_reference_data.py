"""Real printed reports: a rulebook of their own targets gives the printed met or missed on every row."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from cim_core import intake
from cim_core.data import indicators
from cim_core.data.dataset import Cell, LeaYear, Missing, build
from cim_core.intake.meanings import cell_text
from cim_core.intake.printed_targets import collect, rulebook_from
from cim_core.placing import checked_files
from cim_core.placing.placement import Placements, Result, place
from cim_core.rules import rulebook_file
from cim_core.why.explanation import explain
from cim_core.words.disclosure import Disclosure

FIXTURES = Path(__file__).parent.parent.parent / "fixtures"
BASE, _ = rulebook_file.read_raw()
SAID = {
    Result.MET: "yes",
    Result.MET_NOT_CALCULATED: "yes",
    Result.MISSED: "no",
    Result.MISSING: "",
}


def rows_of(name: str) -> list[dict[str, str]]:
    with (FIXTURES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def placed(taken: intake.Intake, year: str, file: str) -> Placements:
    raw = rulebook_from(collect(taken.targets), BASE, year, "As printed", file)
    return place(taken.dataset, rulebook_file.from_raw(raw, file))


@pytest.mark.parametrize("agency", ["1964659", "6113385"])
def test_the_printed_annual_performance_report(agency):
    taken = checked_files.read_path(FIXTURES / "apr_2017_18.csv")
    placements = placed(taken, "2017-18", "apr_2017_18.csv")
    rows = [row for row in rows_of("apr_2017_18.csv") if row["cd_code"] == agency]
    printed = [one for one in taken.targets if one.lea_code == agency]
    assert len(printed) == len(rows)
    at = taken.dataset.row_of(agency, "2017-18")
    checked = 0
    for one, row in zip(printed, rows, strict=True):
        if row["target_met"] not in ("Yes", "No", "NA"):
            continue
        result = Result(int(placements.results[at, indicators.POSITION[one.indicator]]))
        assert SAID[result] == one.met == row["target_met"].casefold().replace("na", ""), row
        checked += 1
    assert checked >= 8
    why = explain(placements, at).indicators[indicators.POSITION["4a"]]
    assert why.result is Result.MET_NOT_CALCULATED
    assert "counts as met" in Disclosure().say_id(f"result.{why.result.word}")


def test_without_the_exception_a_4a_that_is_not_calculated_is_not_counted():
    lea = LeaYear("9900001", "2017-18", cells={"4a": Cell(missing=Missing.NOT_CALCULATED)})
    book = rulebook_file.load()
    assert place(build([lea]), book).results[0, indicators.POSITION["4a"]] == Result.MISSING


@pytest.mark.parametrize("year", ["2017-18", "2018-19"])
def test_preschool_outcomes_as_printed(year):
    """Rows of SELPAs and of LEAs without a code too: the app sets them aside, their arithmetic holds."""
    name = "indicator7_preschool.csv"
    printed = collect(checked_files.read_path(FIXTURES / name).targets)
    assert not printed.conflicts
    book = rulebook_file.from_raw(rulebook_from(printed, BASE, year, "As printed", name), name)
    checked = 0
    for at, row in enumerate(rows_of(name)):
        if row["school_year"] != year:
            continue
        code = indicators.find(row["summary_statement"])
        rate = cell_text.number(row["result_pct"])
        assert code is not None and isinstance(rate, Decimal)
        placements = place(build([LeaYear(f"99{at:05d}", year, cells={code: Cell(rate=rate)})]), book)
        why = explain(placements, 0).indicators[indicators.POSITION[code]]
        assert why.result is (Result.MET if row["target_met_derived"] == "Yes" else Result.MISSED), row
        assert why.difference is not None
        assert Decimal(str(Disclosure().value(why.difference))) == Decimal(row["diff_from_target"])
        checked += 1
    assert checked >= 18


def test_preschool_outcomes_of_leas():
    name = "indicator7_preschool.csv"
    taken = checked_files.read_path(FIXTURES / name)
    checked = 0
    for row in rows_of(name):
        year, code = row["school_year"], indicators.find(row["summary_statement"])
        at = taken.dataset.row_of(row["cd_code"], year) if row["cd_code"] else None
        if at is not None:
            result = placed(taken, year, name).results[at, indicators.POSITION[code]]
            assert result == (Result.MET if row["target_met_derived"] == "Yes" else Result.MISSED), row
            checked += 1
    assert checked == 24
