"""Rows become exact arrays; what is missing keeps its reason; nothing unknown becomes zero."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from cim_core.data.dataset import NONE, Cell, Facts, LeaYear, Missing, build, lea_key
from cim_core.data.facts import Fact
from cim_core.data.indicators import POSITION
from cim_core.intake import Upload
from cim_core.placing import checked_files


def row(code: str = "9900001", year: str = "2023-24", **cells: Cell) -> LeaYear:
    return LeaYear(code, year, "Oak", "My SELPA", Facts(), cells)


def test_students_over_students_win_over_the_given_rate():
    data = build([row(**{"5a": Cell(rate=Decimal("50"), numerator=1, denominator=3)})])
    assert data.exact(0, "5a") == Fraction(100, 3)


def test_an_inferred_fraction_does_not_replace_the_rate_it_came_from():
    data = build([row(**{"5a": Cell(rate=Decimal("33.3"), numerator=1, denominator=3, inferred=True)})])
    assert data.exact(0, "5a") == Fraction("33.3")


def test_missing_is_never_zero():
    data = build([row(**{"5a": Cell(missing=Missing.SUPPRESSED), "5b": Cell(numerator=0, denominator=0)})])
    assert data.exact(0, "5a") is None and data.exact(0, "5b") is None and data.exact(0, "5c") is None
    reasons = [Missing(int(data.missing[0, POSITION[code]])) for code in ("5a", "5b", "5c")]
    assert reasons == [Missing.SUPPRESSED, Missing.NO_STUDENTS, Missing.ABSENT]
    assert np.isnan(data.value).all()
    assert (data.swd[0], data.minor_findings[0], data.sig_dis[0]) == (NONE, NONE, NONE)


def test_a_column_without_a_value_is_blank_not_absent():
    data = build([row()], {"5a"})
    assert data.missing[0, POSITION["5a"]] == Missing.BLANK


def test_rows_are_sorted_and_found_by_any_spelling_of_the_code():
    data = build([row("1910000", "2023-24"), row("1910000", "2022-23"), row("19-10000 0000000", "2021-22")])
    assert data.years == ("2021-22", "2022-23", "2023-24")
    assert data.row_of("19100000000000", "2022-23") == 1
    assert data.row_of("1910000", "2020-21") is None
    assert lea_key("19 10000") == lea_key("19100000000000")


def test_twice_the_same_or_an_unknown_indicator_is_an_error():
    with pytest.raises(ValueError, match="twice"):
        build([row("1910000"), row("19100000000000")])
    with pytest.raises(ValueError, match="catalogue"):
        build([row(**{"99z": Cell(rate=Decimal(1))})])


def test_silence_and_its_assumption():
    silent = build([row()], {"5a"}, assumed_none=[Fact.FINDINGS])
    assert Fact.FINDINGS in silent.says_nothing_about() and silent.assumed(Fact.FINDINGS)
    speaking = build([row()], {"5a", "minor_findings"}, assumed_none=[Fact.FINDINGS])
    assert not speaking.assumed(Fact.FINDINGS)


def test_the_files_whose_cells_another_dataset_gives_again():
    def read(*texts: str):
        return checked_files.read_all(
            [Upload(f"{at}.csv", text.encode()) for at, text in enumerate(texts)]
        ).dataset

    head = "lea_code,year,"
    both = read(f"{head}5a\n9900001,2023-24,50\n", f"{head}5b\n9900001,2023-24,20\n")
    assert both.files_of_cells(read(f"{head}5a\n9900001,2023-24,51\n")) == {"0.csv"}
    assert both.files_of_cells(read(f"{head}5a,5b\n9900001,2023-24,51,NC\n")) == {"0.csv"}
    assert not both.files_of_cells(read(f"{head}5a,5b\n9900001,2022-23,51,2\n9900002,2023-24,5,5\n"))
    assert not both.files_of_cells(read(f"{head}5c\n9900001,2023-24,5\n"))
