"""Files without a year column, and files that only look like ours."""

from __future__ import annotations

import io

import pytest
import xlsxwriter

from cim_core.placing import checked_files


def read(text: str, **options):
    return checked_files.take(text.encode(), "mine.csv", **options)


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


@pytest.mark.parametrize(
    "title",
    ["Monitoring year 2024-25", "CIM Year: 2024-25", "Compliance and Improvement Monitoring 2024-2025",
     "2024-25 Monitoring Year", "Monitoring school year,2024-25", "Rates 2024-25 (CIM year 2024-25)"],
)  # fmt: skip
@pytest.mark.parametrize("head", ["Code,5a\n9900001,53\n", "Code,indicator,rate\n9900001,5a,53\n"])
def test_a_monitoring_year_is_offered_and_not_taken(title, head):
    taken = read(f"{title}\n{head}")
    ((_, question),) = taken.questions
    assert not len(taken.dataset) and question.open and question.options == ("2024-25",)
    assert "year_asked" in {one.kind for one in taken.problems}
    told = read(f"{title}\n{head}", answers={"year": "2022-23"})
    assert [str(year) for year in told.dataset.year] == ["2022-23"]
    both = read(f"{title}\nData of 2022-23\n{head}")
    assert [str(year) for year in both.dataset.year] == ["2022-23"]
    assert both.questions[0][1].options == ("2024-25", "2022-23")


def test_each_of_several_sheets_is_asked_for_its_own_year():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for name, rate in (("2022-23", 50), ("Last = new", 60)):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["Code", "5a"])
            sheet.write_row(1, 0, ["9900001", rate])

    def both(**answers):
        return checked_files.take(out.getvalue(), "two.xlsx", answers={"sheet": "*"} | answers)

    def years(taken):
        return {str(year): taken.dataset.exact(row, "5a") for row, year in enumerate(taken.dataset.year)}

    open_ = both()
    asked = {question.id: question for _, question in open_.questions}
    assert set(asked) == {"sheet", "year:2022-23", "year:Last = new"} and not years(open_)
    assert asked["year:2022-23"].options == ("2022-23",) and "“2022-23”" in asked["year:2022-23"].text()
    said = [one for one in open_.errors if one.kind == "year_asked_sheet"]
    assert [one.sheet for one in said] == ["2022-23", "Last = new"]
    assert not years(both(year="2023-24"))
    assert years(both(**{"year:2022-23": "2022-23"})) == {"2022-23": 50}
    each = both(**{"year:2022-23": "2022-23", "year:Last = new": "2023-24"})
    assert years(each) == {"2022-23": 50, "2023-24": 60} and not each.errors
    alone = checked_files.take(out.getvalue(), "two.xlsx", answers={"year": "2023-24"})
    assert years(alone) == {"2023-24": 50}
