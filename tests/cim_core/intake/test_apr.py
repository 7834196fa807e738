"""One report in every shape in which it reaches people: the same rates and targets, nothing lost."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from cim_core.data.dataset import Missing
from cim_core.data.indicators import POSITION
from cim_core.intake.layouts.apr import printed as apr
from cim_core.intake.problems import Severity
from cim_core.placing import checked_files
from cim_core.rules.rulebook import Comparator
from tests.conftest import examples

FIXTURE = Path(__file__).parent.parent.parent / "fixtures" / "apr_2017_18.csv"
HEAD = ("No.", "Indicator", "Rate", "Target", "Target Met?", "Monitoring Activities")
TOP = (
    "2017-18 Annual Performance Report",
    "Agency: La Canada Unified (1964659)",
    "SELPA: Foothill (1912)",
    "Annual Determination: Needs Assistance",
)


def rows_of(agency: str = "1964659") -> list[tuple[str, ...]]:
    with FIXTURE.open(encoding="utf-8", newline="") as file:
        names = ("indicator", "label", "rate", "target", "target_met", "monitoring_activity")
        return [
            tuple(row[name] for name in names) for row in csv.DictReader(file) if row["cd_code"] == agency
        ]


def tabbed(rows=None, top=TOP) -> str:
    return "\n".join([*top, "\t".join(HEAD), *("\t".join(row) for row in rows or rows_of())]) + "\n"


def blanks(between: str = " ") -> str:
    return "\n".join([*TOP, between.join(HEAD), *(between.join(row) for row in rows_of())]) + "\n"


def stacked() -> str:
    cells = [*TOP, *HEAD, *(cell for row in rows_of() for cell in row)]
    return "\n".join(cells) + "\n"


def as_csv() -> str:
    out = io.StringIO()
    csv.writer(out).writerows([*([line] for line in TOP), [], HEAD, *rows_of()])
    return out.getvalue()


def as_xlsx(sheets: dict[str, list[tuple[str, ...]]] | None = None) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for name, rows in (sheets or {"APR": [*((line,) for line in TOP), HEAD, *rows_of()]}).items():
            sheet = book.add_worksheet(name)
            for y, row in enumerate(rows):
                for x, cell in enumerate(row):
                    sheet.write_string(y, x, cell)
    return out.getvalue()


def one_line_of_keys() -> str:
    line = (
        "Agency Name: La Canada Unified\tCDS/LEA Code: 1964659\tSELPA: Foothill (1912)\t"
        "School Year: 2017-18\tAnnual Determination: Needs Assistance"
    )
    return tabbed(top=(line,))


def wrapped() -> str:
    return (
        blanks()
        .replace("In Regular Class more", "In Regular Class\nmore")
        .replace("Agency: ", "Agency:\n")
        .replace("6a Pre", "2\n6a Pre")
    )


def read(text: str | bytes, **options):
    return checked_files.take(text.encode() if isinstance(text, str) else text, "report.txt", **options)


def kinds(taken) -> list[str]:
    return [problem.kind for problem in taken.problems]


def only(taken, kind: str):
    found = [problem for problem in taken.problems if problem.kind == kind]
    assert len(found) == 1, kinds(taken)
    return found[0]


def content(taken):
    data = taken.dataset
    return [
        (
            str(data.lea_key[row]), str(data.lea_name[row]), str(data.selpa[row]), str(data.year[row]),
            str(data.determination[row]),
            {
                code: data.exact(row, code) or Missing(int(data.missing[row, POSITION[code]]))
                for code in data.indicators
            },
        )
        for row in range(len(data))
    ]  # fmt: skip


def printed(taken):
    return [
        (one.indicator, one.year, one.value, one.comparator, one.met, one.lea_code) for one in taken.targets
    ]


WAYS = {
    "csv": as_csv, "xlsx": as_xlsx, "word": tabbed, "one line of keys": one_line_of_keys, "one blank": blanks,
    "several blanks": lambda: blanks("    "), "a cell a line": stacked, "wrapped, page number": wrapped,
    "windows lines": lambda: blanks().replace("\n", "\r\n"),
    "ascii signs": lambda: tabbed().replace("≥", ">=").replace("≤", "<="),
    "signs as words": lambda: blanks().replace("≥51.2%", "at least 51.2%").replace("≤22.6%", "22.6% or less"),
    "a blank after the sign": lambda: blanks().replace("≥", "≥ ").replace("<", "< "),
    "number beside the label": lambda: "\n".join(
        [*TOP, "\t".join(HEAD[1:]), *("\t".join([f"{row[0]} {row[1]}", *row[2:]]) for row in rows_of())]
    ),
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_every_shape_of_one_report_is_the_same_report(way):
    fixture = read(FIXTURE.read_bytes())
    taken = read(way())
    assert taken.layout == "apr" and not taken.errors, [one.sentence() for one in taken.errors]
    assert content(taken) == content(fixture)[:1]
    assert printed(taken) == [one for one in printed(fixture) if one[-1] == "1964659"]
    assert not [one for one in taken.problems if one.severity is Severity.WARNING]
    assert {origin.collection for origin in taken.dataset.origins} == {"apr"}


def test_the_real_file_and_what_its_columns_hold():
    taken = read(FIXTURE.read_bytes())
    assert set(kinds(taken)) == {"column_unused", "code_unknown"} and not taken.questions
    data = taken.dataset
    row = data.row_of("1964659", "2017-18")
    assert data.missing[row, POSITION["4a"]] == Missing.NOT_CALCULATED
    assert [str(data.determination[at]) for at in range(2)] == ["Needs Assistance", ""]
    of_4a = next(one for one in taken.targets if one.indicator == "4a")
    assert (of_4a.value, of_4a.comparator, of_4a.met, of_4a.rate) == (
        Decimal("2.76"),
        Comparator.LESS,
        "yes",
        "NC",
    )
    assert next(one for one in taken.targets if one.indicator == "4b").comparator is None
    cut_off = next(one for one in taken.targets if one.indicator == "5a" and one.lea_code == "6113385")
    assert (cut_off.met, cut_off.row) == ("", 23)


@pytest.mark.parametrize(
    ("number", "label", "code"),
    [
        ("3", "Assessment: ELA Participation", "3a_ela"), ("3", "Math Achievement Rate", "3b_math"),
        ("3a", "Math Participation", "3a_math"), ("3B", "ELA Proficiency, grade level", "3b_ela"),
        ("3c", "Mathematics, alternate", "3c_math"), ("3d", "ELA gap", "3d_ela"), ("3d ELA", "Gap", "3d_ela"),
        ("7A.1", "Positive social-emotional skills", "7A1"), ("14b", "Higher education or work", "14b"),
        ("1.0", "Graduation", "1"), ("3", "ELA", None), ("3a", "Participation", None),
        ("3", "ELA and Math Participation", None), ("15", "Mediation", None), ("", "Graduation", None),
    ],
)  # fmt: skip
def test_which_indicator_a_row_is_of(number, label, code):
    assert apr.code_of(number, label) == code


def test_an_indicator_that_cannot_be_told_is_an_error_in_its_row():
    rows = [("15", "Mediation", "50%", ">40%", "Yes", "NA"), ("5a", "LRE", "60%", "≥51.2%", "Yes", "NA")]
    taken = read(tabbed(rows))
    problem = only(taken, "unknown_indicator")
    assert (problem.row, problem.found, problem.severity) == (6, "15 Mediation", Severity.ERROR)
    assert printed(taken)[0][0] == "5a" and len(taken.targets) == 1


def test_a_number_that_spans_rows_holds_for_the_assessments_below_it():
    rows = [
        ("3", "Assessment: ELA Participation", "93.55%", ">95.0%", "No", ""),
        ("", "Math Participation Rate", "93.09%", ">95.0%", "No", ""),
    ]
    assert [one.indicator for one in read(tabbed(rows)).targets] == ["3a_ela", "3a_math"]
    lost = read(tabbed([("5a", "LRE", "60%", "≥51.2%", "Yes", ""), ("", "Separate", "5%", "≤9%", "Yes", "")]))
    assert only(lost, "unknown_indicator").row == 7


def report(agency: str, rate: str = "60%", title: str = "", determination: str = "") -> str:
    lines = [title, agency, determination and f"Annual Determination: {determination}", "\t".join(HEAD)]
    lines.append(f"5a\tLRE Rate: In Regular Class more than 80%\t{rate}\t≥51.2%\tYes\tNA")
    return "\n".join(line for line in lines if line) + "\n"


@pytest.mark.parametrize("text_of", [lambda text: text, lambda text: text.replace("\t", " ")])
def test_several_reports_in_one_file(text_of):
    text = (
        report(
            "Agency: Meadow Unified (9900001)", "60%", "2017-18 Annual Performance Report", "Needs Assistance"
        )
        + "* lagged data of 2015-16\n"
        + report("Agency: Brook Elementary (9900002)", "70%")
        + "1 See the notes\n"
        + report("Agency: Meadow Unified (9900001)", "65%", "2018-19 Annual Performance Report")
    )  # fmt: skip
    taken = read(text_of(text))
    assert [(one[0][:7], one[3], one[4], one[5]["5a"]) for one in content(taken)] == [
        ("9900001", "2017-18", "Needs Assistance", 60),
        ("9900001", "2018-19", "", 65),
        ("9900002", "2017-18", "", 70),
    ]
    assert not taken.errors and not taken.questions
    note = only(taken, "report_lines")
    assert note.severity is Severity.NOTE and note.values["n"] == 2


def test_a_determination_stands_above_or_below_its_table():
    title = "2017-18 Annual Performance Report"
    first, second = (f"Agency: {name} (990000{at})" for at, name in ((1, "Meadow"), (2, "Brook")))
    verdicts = "Annual Determination: Needs Assistance\n", "Annual Determination: Meets Requirements\n"
    below = report(first, title=title) + verdicts[0] + report(second) + verdicts[1]
    above = title + "\n" + verdicts[0] + report(first) + verdicts[1] + report(second)
    for text in (below, above):
        assert [one[4] for one in content(read(text))] == ["Needs Assistance", "Meets Requirements"]


def test_a_year_of_the_next_report_does_not_keep_the_agency_of_the_last():
    text = report("Agency: Meadow Unified (9900001)", title="2017-18 Annual Performance Report")
    taken = read(text + report("", title="2018-19 Annual Performance Report"))
    assert [one[3] for one in content(taken)] == ["2017-18"] and only(taken, "report_no_code")


@pytest.mark.parametrize(
    "top",
    [
        "Agency\tLa Canada Unified (1964659)\tSELPA\tFoothill (1912)\t\nDetermination\tNeeds Assistance",
        "District: 1964659 - La Canada Unified\nSELPA Name: Foothill\nDetermination: Needs Assistance",
        "LEA Name: La Canada Unified\nCDS Code: 19-64659-0000000\nSELPA:\nFoothill\n"
        "Determination: Needs Assistance",
        "La Canada Unified (1964659)\nSELPA: Foothill\nAnnual Determination: Needs Assistance",
    ],
)  # fmt: skip
def test_spellings_of_the_lines_above(top):
    taken = read(tabbed(top=("LEA Annual Performance Report Measure 2017-18", *top.split("\n"))))
    assert not taken.errors and content(taken) == content(read(FIXTURE.read_bytes()))[:1]


def test_the_year_is_asked_for_where_no_line_says_it():
    text = report("Agency: Meadow Unified (9900001)")
    taken = read(text)
    assert (
        len(taken.dataset) == 0 and not taken.targets and only(taken, "year_asked").severity is Severity.ERROR
    )
    assert [(one.id, one.open) for _, one in taken.questions] == [("year", True)]
    told = read(text, answers={"year": "2021-22"})
    assert content(told)[0][3] == "2021-22" and told.targets[0].year == "2021-22"
    titled = report("Agency: Meadow Unified (9900001)", title="2017-18 Annual Performance Report")
    assert content(read(titled))[0][3] == "2017-18"
    assert content(read(titled, answers={"year": "2018-19"}))[0][3] == "2018-19"


@pytest.mark.parametrize("text_of", [lambda text: text, lambda text: text.replace("\t", " ")])
def test_a_report_without_the_code_of_an_lea(text_of):
    title = "2017-18 Annual Performance Report"
    taken = read(text_of(report("Agency: Meadow Unified\nSELPA: Foothill (1912)", title=title)))
    assert only(taken, "names_local") and content(taken)[0][3] == "2017-18"
    nobody = read(text_of(report("", title=title)))
    problem = only(nobody, "report_no_code")
    assert problem.severity is Severity.ERROR and "7 digits" in problem.expected()
    assert len(nobody.dataset) == 0
    for line in ("SELPA: Foothill (1912)", "Agency: Foothill SELPA (1912)", "SELPA Code: 1912"):
        selpa = read(text_of(report(line, title=title)))
        assert only(selpa, "report_selpa").severity is Severity.WARNING and len(selpa.dataset) == 0
        assert "not an LEA" in only(selpa, "report_selpa").mend()
        assert printed(selpa) == [("5a", "2017-18", Decimal("51.2"), Comparator.AT_LEAST, "", "")]


def test_the_agency_of_one_report_is_never_that_of_the_next():
    text = report("Agency: Meadow Unified (9900001)", title="2017-18 Annual Performance Report")
    taken = read(text + report("Agency: Brook Elementary", "70%"))
    assert taken.dataset.lea_code.tolist() == ["9900001"] and only(taken, "no_code").row == 7
    known = read(text + report("Agency: Alameda Unified", "70%"))
    assert known.dataset.lea_code.tolist() == ["0161119", "9900001"] and only(known, "names_matched")


def test_suppressed_is_told_from_a_footnote():
    text = "\n".join([*TOP, "5c Separate Schools * ≤4.0% NA NA", "2 Dropout Rate * NC ≤11.72% NA NA",
                      "4b Areas Disproportionate * 0 0 Yes NA"])  # fmt: skip
    assert content(read(text))[0][5] == {
        "2": Missing.NOT_CALCULATED,
        "4b": Missing.PRESENT,
        "5c": Missing.SUPPRESSED,
    }


def test_a_line_that_looks_like_a_row_is_never_dropped_quietly():
    text = blanks() + "7A.1 Positive social skills 83.75%\n7B.1 Knowledge\n"
    taken = read(text)
    lost = [problem for problem in taken.problems if problem.kind == "report_row"]
    assert [(one.severity, one.found[:4]) for one in lost] == [
        (Severity.ERROR, "7A.1"),
        (Severity.ERROR, "7B.1"),
    ]


def test_bad_cells_are_said_and_the_rest_is_read():
    rows = [
        ("5a", "LRE", "sixty", "≥51.2%", "Yes", ""), ("5b", "LRE", "10%", "about 20", "Yes", ""),
        ("5c", "LRE", "2%", "≤400%", "Perhaps", ""), ("6a", "Preschool", "77%", "> 34.9 %", "Perhaps", ""),
    ]  # fmt: skip
    taken = read(tabbed(rows))
    assert only(taken, "bad_number").row == 6
    assert [one.row for one in taken.problems if one.kind == "bad_target"] == [7, 8]
    assert only(taken, "bad_met").row == 9
    assert [one.indicator for one in taken.targets] == ["5a", "6a"]


def test_sheets_of_a_workbook_are_reports():
    rows = {
        name: [("2017-18 Annual Performance Report",), (f"Agency: {name} ({code})",), HEAD, rows_of()[8]]
        for name, code in (("Meadow", "9900001"), ("Brook", "9900002"))
    }
    taken = read(as_xlsx(rows), answers={"sheet": "*"})
    assert len(taken.dataset) == 2 and not taken.errors


def test_a_long_file_with_targets_stays_a_long_file():
    text = "lea_code,year,indicator,rate,target,target_met\n9900001,2023-24,5a,50,51.2,No\n"
    assert read(text).layout == "long"


def test_the_example_reads():
    assert not read(apr.EXAMPLE).errors


@settings(max_examples=examples(150), deadline=None)
@given(st.text(alphabet='5a 3\n\t%*≥<NCYes0.:,"()', max_size=120), st.integers(0, 900), st.integers(0, 60))
def test_damaged_reports_never_raise(junk, at, cut):
    good = blanks()
    read(good[:at] + junk + good[at + cut :])


def test_the_number_of_the_assessment_rows_may_be_printed_once():
    text = (
        "2017-18 Annual Performance Report\nMeadow Unified (9900001)\nMy SELPA (9901)\n"
        "No. Indicator Rate Target Target Met?\n2 Dropout Rate * NC ≤11.72% NA NA\n"
        "3 Assessment: ELA Participation 93.55% >95.0% No PIR\nMath Participation Rate 93.09% >95.0% No PIR\n"
        "ELA Achievement Rate 47.29% >14.9% Yes NA\nMath Achievement Rate 39.60% >12.6% Yes NA\n"
        "4a Discipline (>10 days) Rate * NC <2.76 Yes NA\n"
    )
    taken = checked_files.take(text.encode(), "pasted.txt")
    assert not taken.errors and str(taken.dataset.selpa[0]) == "My"
    values = {code: taken.dataset.exact(0, code) for code in ("3a_ela", "3a_math", "3b_ela", "3b_math")}
    assert [float(one) for one in values.values()] == [93.55, 93.09, 47.29, 39.6]
