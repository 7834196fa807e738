"""School years as people write them: read, asked about once, or reported once for each text."""

from __future__ import annotations

from pathlib import Path

import pytest

from cim_core import intake
from cim_core.intake.meanings import cell_text, written_years
from cim_core.intake.meanings.written_years import Rule
from cim_core.intake.problems import Severity
from cim_core.placing import checked_files

CASES = Path(__file__).parent.parent.parent / "fixtures" / "cases"


def rows(*years: str, header: str = "year") -> bytes:
    lines = [f'{9900001 + at},A,"{year}",{50 + at}' for at, year in enumerate(years)]
    return "\n".join([f"lea_code,lea_name,{header},5a", *lines]).encode()


def opened(*years: str, header: str = "year", **answers: str) -> intake.Intake:
    said = {name.replace("_", ":", 1): value for name, value in answers.items()}
    return checked_files.take(rows(*years, header=header), "years.csv", answers=said)


@pytest.mark.parametrize(
    "written",
    ["2023-24", "2023-2024", "23-24", "23/24", "2023/24", "2023—24", "2023–24", "2023‑24", "2023−24",
     "2023‒24", "SY 2023-24", "SY2023-24", "School Year 2023-24", "AY 2023–24", "FY 2023-24",
     "2023-24 School Year", "2023-24*", "2023-24 †", "2023-24¹", "2023-24 [1]", "2023-24 (preliminary)",
     "2023-24 P", "2023 - 24",
     "2023 to 2024", "’23–’24", "Year: 2023-24", "2324", "202324", "20232024", "FFY 2023", "FFY23",
     "Fall 2023", "Spring 2024", "6/30/2024", "2023-10-04", "Jun-24", "June 30, 2024", "45473",
     "School year ending 2024"],
)  # fmt: skip
def test_one_school_year_in_many_spellings(written):
    taken = opened(written)
    assert taken.dataset.years == ("2023-24",) and not taken.errors and not taken.questions


@pytest.mark.parametrize(
    "written", ["2023-25", "2024-23", "soon", "2023", "Year 1", "1999", "12-Nov", "20-25", ""]
)
def test_what_is_no_school_year_is_none(written):
    assert cell_text.school_year(written) is None


@pytest.mark.parametrize(
    "written", ["2024", "2024.0", "2024*", "SY 2024", "SY24", "FY24", "24", "2021", "2017f"]
)
def test_one_year_is_asked_about_once(written):
    taken = opened(written, written)
    (problem,), ((_, question),) = taken.errors, taken.questions
    assert problem.kind == "year_which" and (problem.row, problem.also) == (2, (3,))
    number = written_years.parse_year(written).number
    assert question.open and question.options == (Rule.END.year(number), Rule.START.year(number))
    for option in (*question.options, "end", "start"):
        answered = opened(written, written, year=option)
        rule = Rule(option) if option in list(Rule) else list(Rule)[question.options.index(option)]
        assert answered.dataset.years == (rule.year(number),) and len(answered.dataset) == 2
        assert not answered.errors and answered.questions[0][1].taken == option


def test_several_single_years_have_one_rule():
    taken = opened("2023", "2024")
    ((_, question),) = taken.questions
    assert question.options == ("end", "start") and "2022-23, 2023-24" in question.option("end")
    assert [one.found for one in taken.errors] == ["2023", "2024"]
    for answer, years in (("end", ("2022-23", "2023-24")), ("2024-25", ("2023-24", "2024-25"))):
        assert opened("2023", "2024", year=answer).dataset.years == years
    assert opened("2023", "2024", year="2023-24").errors, "the end of one and the start of the other"


@pytest.mark.parametrize(
    ("header", "year"),
    [("School Year Ending", "2023-24"), ("FFY", "2024-25"), ("Reporting year (spring)", "2023-24")],
)
def test_the_rule_of_a_header(header, year):
    assert written_years.rule_of(header).year(2024) == year


def test_four_digits_that_are_two_years_are_told_by_the_others():
    assert opened("2021", "2122").dataset.years == ("2020-21", "2021-22")
    assert opened("2020", "2021", year="end").dataset.years == ("2019-20", "2020-21")


def test_a_column_that_cannot_be_read_is_answered():
    taken = opened("this year", "this year", "this year")
    (problem,) = taken.errors
    assert problem.kind == "bad_year" and "rows 2, 3, 4" in problem.sentence()
    assert opened(*["this year"] * 3, year="2023-24").dataset.years == ("2023-24",)
    two = opened("baseline", "current")
    assert [one.id for _, one in two.questions] == ["year:baseline", "year:current"]
    told = {"year:baseline": "2022-23", "year:current": "2023-24"}
    assert checked_files.take(rows("baseline", "current"), "f.csv", answers=told).dataset.years == (
        "2022-23",
        "2023-24",
    )
    blank = checked_files.take(rows("", ""), "f.csv", answers={"year": "2023-24"})
    assert blank.dataset.years == ("2023-24",) and not blank.errors


def test_a_slip_among_years_stays_an_error():
    taken = opened("2023-24", "2023-25", year="2022-23")
    assert [(one.kind, one.row) for one in taken.errors] == [("bad_year", 3)] and len(taken.dataset) == 1
    ((_, question),) = taken.questions
    assert not question.open and question.id == "year:2023-25"
    told = checked_files.take(rows("2023-24", "2023-25"), "f.csv", answers={question.id: "2022-23"})
    assert told.dataset.years == ("2022-23", "2023-24") and not told.errors


def test_one_finding_for_each_text_however_many_rows():
    taken = opened(*["soon"] * 411)
    (problem,) = taken.errors
    assert len(problem.also) == 410 and "and 406 more" in problem.sentence()


def test_totals_and_notes_are_no_bad_years():
    text = rows("2023-24") + b"\nTotal,,all years,50\n,,Source: our own,\n"
    taken = checked_files.take(text, "f.csv")
    assert not taken.errors and {one.kind for one in taken.problems} == {"total_row", "row_without_lea"}


def test_a_printed_target_is_of_the_year_that_was_answered():
    text = b"lea_code,year,indicator,rate,target\n9900001,2024,5a,50,>58%\n"
    assert not checked_files.take(text, "f.csv").targets
    (target,) = checked_files.take(text, "f.csv", answers={"year": "2023-24"}).targets
    assert target.year == "2023-24"


@pytest.mark.parametrize(
    ("name", "answers", "years"),
    [("Y1_year_words.csv", {}, ("2023-24",)), ("Y2_year_one_number.csv", {"year": "2023-24"}, ("2023-24",)),
     ("Y2_year_one_number.csv", {"year": "2024-25"}, ("2024-25",)), ("Y2_year_one_number.csv", {}, ()),
     ("Y3_reportingyear_letter_chronic.txt", {}, ("2016-17",))],
)  # fmt: skip
def test_cases(name, answers, years):
    taken = checked_files.read_path(CASES / name, answers=answers)
    assert taken.dataset.years == years
    if years:
        assert not [one for one in taken.problems if one.severity is not Severity.NOTE]
    if name.startswith("Y3"):
        row = taken.dataset.row_of("9900001", "2016-17")
        at = taken.dataset.indicators.index("chronic")
        assert taken.dataset.exact(row, "chronic") == 25 and at == 0
