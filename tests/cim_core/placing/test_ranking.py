"""Percentiles against an independent exact computation, on the real statewide file and by hand."""

from __future__ import annotations

import csv
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from cim_core.data import shipped
from cim_core.data.dataset import Cell, Facts, LeaYear, build
from cim_core.placing import checked_files, reference
from cim_core.placing.placement import Outcome, place
from cim_core.placing.ranking import NO_REFERENCE, WITHIN, Ranked, Reference, ReferenceKind, evaluate
from cim_core.rules import rulebook_file
from cim_core.rules.evaluations import TieRule

STATE_FILE = shipped.STATEWIDE
BOOK = rulebook_file.load()
MEASURES = {"ela_dfs": True, "math_dfs": True, "susp": False, "chronic": False}
DOMAINS = (("ela_dfs", "math_dfs"), ("susp", "chronic"))


def exact_values(rows: list[dict[str, str]], name: str) -> dict[str, Fraction]:
    """A measure by LEA, of at least 30 students and not suppressed."""
    values = {}
    for row in rows:
        n, den, value, flag = (row[f"{name}_{part}"] for part in ("n", "den", "value", "flag"))
        if not den or int(den) < 30 or flag == "supp":
            continue
        if n:
            values[row["cds"]] = Fraction(int(n), int(den))
        elif value:
            values[row["cds"]] = Fraction(value)
    return values


def exact_percents(rows: list[dict[str, str]], name: str, higher_is_better: bool) -> dict[str, Fraction]:
    """Percent from the worst, equal ones half-way between the first and the last of them."""
    values = exact_values(rows, name)
    ordered = sorted(values.values(), reverse=not higher_is_better)
    first: dict[Fraction, int] = {}
    last: dict[Fraction, int] = {}
    for at, value in enumerate(ordered, start=1):
        first.setdefault(value, at)
        last[value] = at
    return {
        cds: Fraction(100 * (first[value] + last[value]), 2 * len(ordered)) for cds, value in values.items()
    }


def exact_statewide(year: str) -> dict[str, Fraction]:
    """Straight from the file with fractions; shares no code with the core."""
    with STATE_FILE.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["school_year"] == year]
    rows = [row for row in rows if row["susp_den"] and int(row["susp_den"]) > 100]
    percents = {name: exact_percents(rows, name, higher) for name, higher in MEASURES.items()}
    composite = {}
    for row in rows:
        means = []
        for domain in DOMAINS:
            parts = [percents[name][row["cds"]] for name in domain if row["cds"] in percents[name]]
            if parts:
                means.append(sum(parts) / len(parts))
        if len(means) == 2:
            composite[row["cds"]] = sum(means) / 2
    ordered = sorted(composite.values())
    return {
        cds: Fraction(100 * (2 * ordered.index(value) + ordered.count(value) + 1), 2 * len(ordered))
        for cds, value in composite.items()
    }


@pytest.mark.parametrize("year", ["2022-23", "2023-24"])
def test_the_statewide_file_within_itself_ranks_exactly(year):
    dataset = checked_files.read_path(STATE_FILE).dataset
    school_age = evaluate(dataset, BOOK, WITHIN)["school_age"]
    expected = exact_statewide(year)
    assert len(expected) > 500
    for row in dataset.rows_of_year(year):
        p = expected.get(str(dataset.lea_code[row]))
        if p is None:
            assert np.isnan(school_age.percentile[row])
        else:
            assert school_age.percentile[row] == pytest.approx(float(p), abs=1e-9)
    placements = place(dataset, BOOK, WITHIN)
    bottom = {cds for cds, p in expected.items() if p <= 10}
    placed = {
        str(dataset.lea_code[row])
        for row in dataset.rows_of_year(year)
        if placements.placement(row).name == "Intensive"
    }
    assert placed == bottom


def lea(
    code: str, value: str | None, *, swd: int | None = 200, den: int | None = 100, year: str = "2023-24"
) -> LeaYear:
    cells = {}
    if value is not None:
        cells = {name: Cell(rate=Decimal(value), denominator=den) for name in MEASURES}
    return LeaYear(code, year, facts=Facts(swd=swd), cells=cells)


def small_book(**changes):
    evaluations = tuple(replace(one, **changes) for one in BOOK.evaluations)
    return replace(BOOK, evaluations=evaluations)


def state_of(*rows: LeaYear) -> Reference:
    return Reference(ReferenceKind.STATEWIDE, build(rows, name="state"))


def one(upload: list[LeaYear], against: Reference, book=None):
    return evaluate(build(upload), book or small_book(min_reference_values=1), against)["school_age"]


def test_an_uploaded_row_replaces_the_row_of_the_reference():
    state = state_of(*(lea(f"98000{at:02d}", str(at)) for at in range(10)))
    again = one([lea("9800003", "99")], state)
    assert again.ranked[0] == 10
    new = one([lea("9900001", "99")], state)
    assert new.ranked[0] == 11


def test_the_seven_digit_code_is_the_same_lea_as_the_fourteen_digit_one():
    state = state_of(*(lea(f"98000{at:02d}0000000", str(at)) for at in range(10)))
    assert one([lea("9800003", "99")], state).ranked[0] == 10


def test_no_year_to_match_takes_the_newest_earlier_one_and_says_so():
    state = state_of(
        *(lea(f"98000{at:02d}", str(at)) for at in range(9)), lea("9800001", "5", year="2022-23")
    )
    later = one([lea("9900001", "3", year="2024-25")], state)
    assert later.years[0].older and later.years[0].reference_year == "2023-24" and later.ranked[0] == 10
    earlier = one([lea("9900001", "3", year="2020-21")], state)
    assert earlier.years[0].reference_year is None and earlier.state[0] == Ranked.NO_REFERENCE_YEAR


def test_an_indicator_enters_only_with_enough_values_in_the_reference_itself():
    state = state_of(*(lea(f"98000{at:02d}", str(at)) for at in range(99)))
    upload = [lea(f"99000{at:02d}", str(at)) for at in range(24)]
    left_out = one(upload, state, BOOK)
    assert np.isnan(left_out.percentile).all() and set(left_out.state) == {Ranked.NOTHING_TO_RANK}
    assert set(left_out.years[0].left_out) >= set(MEASURES)
    enough = state_of(*(lea(f"980{at:04d}", str(at)) for at in range(100)))
    assert not np.isnan(one(upload, enough, BOOK).percentile).any()
    assert not np.isnan(one(upload, WITHIN, BOOK).percentile).any()


def test_who_is_ranked_and_why_not():
    state = state_of(*(lea(f"98000{at:02d}", str(at)) for at in range(10)))
    upload = [
        lea("9900001", "3", swd=100),
        lea("9900002", "3", swd=101),
        lea("9900003", "3", swd=None),
        lea("9900004", "3", den=29),
        lea("9900005", "3", den=30),
        lea("9900006", "3", den=None),
        lea("9900007", None),
    ]
    ranked = one(upload, state)
    assert [Ranked(int(state)) for state in ranked.state] == [
        Ranked.SMALL, Ranked.COMPUTED, Ranked.SWD_UNKNOWN, Ranked.TOO_FEW, Ranked.COMPUTED, Ranked.TOO_FEW,
        Ranked.TOO_FEW,
    ]  # fmt: skip
    assert {Ranked(int(state)) for state in one(upload[1:2], NO_REFERENCE).state} == {Ranked.NO_REFERENCE}


def test_ties_share_the_mean_the_worst_or_the_best_rank():
    upload = [lea(f"990000{at}", value) for at, value in enumerate(("1", "1", "1", "2"))]
    for rule, expected in ((TieRule.AVERAGE, 2.0), (TieRule.WORST, 1.0), (TieRule.BEST, 3.0)):
        book = small_book(ties=rule)
        only = evaluate(build(upload), book, WITHIN)["school_age"]
        each = only.indicator[:3, [9]]  # a column outside the evaluation stays empty
        assert np.isnan(each).all()
        columns = ~np.isnan(only.indicator[0])
        assert set(np.round(only.indicator[0, columns] * 4 / 100, 9)) <= {expected, expected + 1}


def test_lower_is_better_ranks_the_other_way():
    rows = []
    for at in range(4):
        rows.append(LeaYear(f"990000{at}", "2023-24", facts=Facts(swd=200), cells={
            "susp": Cell(rate=Decimal(at), denominator=50),
            "ela_dfs": Cell(rate=Decimal(-at), denominator=50),
        }))  # fmt: skip
    assert one(rows, WITHIN).percentile.tolist() == [100.0, 75.0, 50.0, 25.0]


def test_a_percentile_in_the_file_wins():
    state = state_of(*(lea(f"98000{at:02d}", str(at)) for at in range(10)))
    row = lea("9900001", "99")
    told = replace(row, facts=replace(row.facts, percentile=Decimal("7.5")))
    assert one([told], state).percentile[0] == 7.5
    assert one([told], NO_REFERENCE).percentile[0] == 7.5


def test_any_lre_indicator_in_the_bottom_ten_makes_level_3_in_2023():
    rows = [
        LeaYear(f"99000{at:02d}", "2023-24",
                facts=Facts(swd=200, disproportionate_years=0, percentile=Decimal(50)),
                cells={code: Cell(numerator=50 + at, denominator=100) for code in ("5a", "8")})
        for at in range(20)
    ]  # fmt: skip
    book = rulebook_file.load("cde-2023")
    placements = place(build(rows), book, WITHIN)
    at = [clause.id for clause in book.clauses].index("level-3-lre")
    assert [Outcome(int(one)) for one in placements.outcomes[:3, at]] == [
        Outcome.TRUE,
        Outcome.TRUE,
        Outcome.UNKNOWN,
    ]


def test_the_shipped_reference_has_three_years_and_no_lre():
    shipped = reference.shipped()
    assert shipped.dataset is not None and shipped.dataset.years == ("2022-23", "2023-24", "2024-25")
    assert not {"5a", "5b", "5c"} & shipped.dataset.columns
