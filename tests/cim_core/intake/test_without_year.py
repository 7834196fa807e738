"""Files without a year column, and files that only look like ours."""

from __future__ import annotations

import pytest

from cim_core import intake


def read(text: str, **options):
    return intake.read(text.encode(), "mine.csv", **options)


@pytest.mark.parametrize(
    ("text", "layout"),
    [
        ("Code,5a\n9900001,53\n", "wide"),
        ("Code,5a,5b\nAlder,53,2\n", "wide"),
        ("Code,swd\n9900001,640\n", "wide"),
        ("lea_code,indicator,rate\n9900001,5a,53\n", "long"),
        ("Code,1,2,3\nA,53,2,3\n", ""),
        ("Code,5a\nA,53\n", ""),
        ("Code,County,Type\n9900001,LA,x\n", ""),
        ("Name,5a,5b\nAlder,53,2\n", ""),
    ],
)
def test_what_is_recognised_without_a_year(text, layout):
    taken = read(text)
    assert taken.layout == layout and not len(taken.dataset)
    assert ("year_asked" in {one.kind for one in taken.problems}) == bool(layout)
    assert "no_rows" not in {one.kind for one in taken.problems}


@pytest.mark.parametrize("head", ["Code,5a", "Code,indicator,rate"])
def test_the_year_of_all_rows_is_told(head):
    row = "5a,53" if "indicator" in head else "53"
    text = f"{head}\n9900001,{row}\nSource: CDE\n"
    taken = read(text, answers={"year": "2023/24"})
    assert [str(year) for year in taken.dataset.year] == ["2023-24"]
    assert {one.kind for one in taken.problems} == {"row_without_lea"}
    titled = read(f"Rates of 2022-23\n{text}")
    assert [str(year) for year in titled.dataset.year] == ["2022-23"]
    assert "year_from_title" in {one.kind for one in titled.problems}


def test_no_row_with_a_value_is_lost_without_a_word():
    taken = read("Code,5a,5b\n9900001,53,1\nC-x,54,1\n,55,1\n", answers={"year": "2023-24"})
    assert len(taken.dataset) == 1
    assert [one.row for one in taken.problems if one.kind == "no_code"] == [3, 4]


def test_a_header_with_a_year_is_taken_before_one_without():
    taken = read("Code,5a,5b\n\nlea_code,year,5a\n9900001,2023-24,53\n")
    assert len(taken.dataset) == 1
