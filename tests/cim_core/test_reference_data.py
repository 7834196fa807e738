"""Real printed reports: the printed targets as a rulebook give the printed met or missed on every row."""

from __future__ import annotations

import csv
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from cim_core import indicators, rulebook_file
from cim_core.dataset import Cell, LeaYear, Missing, build
from cim_core.disclosure import Disclosure
from cim_core.explanation import explain
from cim_core.intake import cells
from cim_core.placement import Result, place
from cim_core.rulebook import Comparator, Rulebook, Target

FIXTURES = Path(__file__).parent.parent / "fixtures"
BOOK = rulebook_file.load()


def rows_of(name: str) -> list[dict[str, str]]:
    with (FIXTURES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def printed_target(code: str, written: str) -> Target | None:
    plain = written.strip().rstrip("%").strip()
    if not any(map(str.isdigit, plain)):
        return None
    sign = next((sign for sign in Comparator if plain.startswith(sign.value)), None)
    value = Decimal(plain.lstrip("≥≤<> "))
    comparator = sign or Comparator.default(indicators.get(code).direction)
    return Target(code, comparator, value, "printed", BOOK.targets[0].provenance)


def apr_code(row: dict[str, str]) -> str | None:
    if row["indicator"] != "3":
        return indicators.find(row["indicator"])
    part = "3a" if "participation" in row["label"].casefold() else "3b"
    return indicators.find(f"{part} {'math' if 'math' in row['label'].casefold() else 'ela'}")


def book_with(targets: list[Target], nc_is_met: tuple[str, ...] = ()) -> Rulebook:
    codes = tuple(dict.fromkeys(target.indicator for target in targets))
    elements = replace(BOOK.elements, indicators=codes, report_only=(), nc_is_met=nc_is_met)
    return replace(BOOK, targets=tuple(targets), elements=elements)


def cell(written: str) -> Cell:
    number = cells.number(written)
    assert number is not None
    return Cell(missing=number) if isinstance(number, Missing) else Cell(rate=number)


@pytest.mark.parametrize("agency", sorted({row["cd_code"] for row in rows_of("apr_2017_18.csv")}))
def test_the_printed_annual_performance_report(agency):
    rows = [row for row in rows_of("apr_2017_18.csv") if row["cd_code"] == agency]
    coded = {code: row for row in rows if (code := apr_code(row))}
    assert len(coded) == len(rows)
    targets = [found for code, row in coded.items() if (found := printed_target(code, row["target"]))]
    read = {code: cell(row["rate"]) for code, row in coded.items() if row["rate"]}
    lea = LeaYear(agency, "2017-18", rows[0]["agency"], cells=read)
    placements = place(build([lea]), book_with(targets, nc_is_met=("4a",)))
    checked = 0
    for code, row in coded.items():
        if row["target_met"] not in ("Yes", "No", "NA") or code not in {one.indicator for one in targets}:
            continue
        result = Result(int(placements.results[0, indicators.POSITION[code]]))
        said = {
            Result.MET: "Yes",
            Result.MET_NOT_CALCULATED: "Yes",
            Result.MISSED: "No",
            Result.MISSING: "NA",
        }
        assert said[result] == row["target_met"], (code, row)
        checked += 1
    assert checked >= 8
    why = explain(placements, 0).indicators[indicators.POSITION["4a"]]
    if coded["4a"]["rate"] == "NC":
        assert why.result is Result.MET_NOT_CALCULATED
        assert "counts as met" in Disclosure().say_id(f"result.{why.result.word}")


def test_without_the_exception_a_4a_that_is_not_calculated_is_not_counted():
    lea = LeaYear("9900001", "2017-18", cells={"4a": Cell(missing=Missing.NOT_CALCULATED)})
    assert place(build([lea]), BOOK).results[0, indicators.POSITION["4a"]] == Result.MISSING


def test_preschool_outcomes_as_printed():
    checked = 0
    for at, row in enumerate(rows_of("indicator7_preschool.csv")):
        code = indicators.find(row["summary_statement"])
        assert code is not None
        target = printed_target(code, row["state_target_pct"])
        if target is None or row["target_met_derived"] not in ("Yes", "No"):
            continue
        lea = LeaYear(f"99{at:05d}", row["school_year"], cells={code: cell(row["result_pct"])})
        placements = place(build([lea]), book_with([target]))
        result = Result(int(placements.results[0, indicators.POSITION[code]]))
        assert result is (Result.MET if row["target_met_derived"] == "Yes" else Result.MISSED), row
        printed = Decimal(row["diff_from_target"])
        difference = explain(placements, 0).indicators[indicators.POSITION[code]].difference
        assert difference is not None and Decimal(str(Disclosure().value(difference))) == printed
        checked += 1
    assert checked > 50
