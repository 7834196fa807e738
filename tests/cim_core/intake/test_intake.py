from __future__ import annotations

import io
import zipfile
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from cim_core import intake
from cim_core.data import shipped
from cim_core.data.dataset import Missing
from cim_core.data.facts import Fact
from cim_core.data.indicators import POSITION
from cim_core.intake import RateScale, limits
from cim_core.intake.meanings import cell_text
from cim_core.intake.problems import Severity
from cim_core.placing import checked_files
from tests.conftest import examples

SAMPLES = Path(__file__).parent.parent.parent.parent / "sample_data"
HEAD = "lea_code,lea_name,selpa,year,"


def read(text: str, **options):
    return checked_files.take(text.encode(), "mine.csv", **options)


def kinds(taken) -> list[str]:
    return [problem.kind for problem in taken.problems]


def only(taken, kind: str):
    found = [problem for problem in taken.problems if problem.kind == kind]
    assert len(found) == 1, kinds(taken)
    return found[0]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("53.2", Decimal("53.2")), ("66.57%", Decimal("66.57")), ("6,328", Decimal(6328)),
        ("+0.42", Decimal("0.42")),
        ("-3", Decimal(-3)), ("−3", Decimal(-3)), (".5", Decimal("0.5")), ("NC", Missing.NOT_CALCULATED),
        ("na", Missing.NOT_APPLICABLE), ("*", Missing.SUPPRESSED), ("--", Missing.FEWER_THAN_11),
        ("NR", Missing.NOT_REPORTED), ("", Missing.BLANK), ("nan", None), ("1_0", None), ("1e3", None),
        ("=1+1", None), ("6,32", None), ("1.2.3", None), ("%", None), ("inf", None),
        ("٣", None), ("-", Missing.NOT_REPORTED),
        ("9" * 70, None),
    ],
)  # fmt: skip
def test_what_a_cell_can_hold(written, expected):
    assert cell_text.number(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [("2023-24", "2023-24"), ("2023-2024", "2023-24"), ("2023/24", "2023-24"), ("1999-00", "1999-00"),
     ("2023-25", None), ("2024", None), ("23-24", "2023-24"), ("24/25", "2024-25"),
     ("23-25", None), ("", None)],
)  # fmt: skip
def test_a_year_is_two_consecutive_years(written, expected):
    assert cell_text.school_year(written) == expected


def test_wide_with_any_two_of_three():
    taken = read(
        HEAD + "swd,5a,5a_n,5a_d,5b_n,5b_d,5c,5c_d,8,8_n\n"
        "9900001,A,S,2023-24,300,53.2,532,1000,30,100,12.50,16,66.67,200\n"
    )
    data = taken.dataset
    assert not taken.problems
    assert data.exact(0, "5a") == Fraction("53.2")
    assert data.exact(0, "5b") == 30
    assert (data.numerator[0, POSITION["5c"]], data.inferred[0, POSITION["5c"]]) == (2, True)
    assert data.exact(0, "5c") == Fraction("12.5")
    assert data.denominator[0, POSITION["8"]] == 300
    assert data.missing[0, POSITION["1"]] == Missing.ABSENT


def test_a_denominator_that_could_be_several_is_left_unknown():
    data = read(HEAD + "8,8_n\n9900001,A,S,2023-24,66.7,20000\n").dataset
    assert data.denominator[0, POSITION["8"]] == -1


def test_long_and_wide_give_the_same():
    wide = read(HEAD + "swd,5a_n,5a_d,11,ela_dfs,ela_dfs_d\n9900001,A,S,2023-24,300,532,1000,NC,-12.5,80\n")
    long = read(
        HEAD + "indicator,numerator,denominator,rate,note,swd\n"
        "9900001,A,S,2023-24,5a,532,1000,,,300\n"
        "9900001,A,S,2023-24,Indicator 11,,,,NC,300\n"
        "9900001,A,S,2023-24,ela_dfs,,80,-12.5,,300\n"
    )
    assert long.layout == "long" and not long.problems
    for name in ("value_numerator", "value_denominator", "numerator", "denominator", "missing", "swd"):
        assert (getattr(wide.dataset, name) == getattr(long.dataset, name)).all(), name


def test_facts_in_the_long_layout_must_agree():
    taken = read(
        HEAD + "indicator,numerator,denominator,minor_findings\n"
        "9900001,A,S,2023-24,5a,5,10,1\n9900001,A,S,2023-24,5b,5,10,\n9900001,A,S,2023-24,5c,5,10,2\n"
    )
    problem = only(taken, "facts_differ")
    assert (problem.row, problem.column, problem.found) == (4, "minor_findings", "2")
    assert taken.dataset.minor_findings[0] == -1


def test_two_values_for_one_cell_are_refused_whatever_the_order():
    lines = ["9900001,A,S,2023-24,5a,5,10", "9900001,A,S,2023-24,5a,6,10"]
    for order in (lines, lines[::-1]):
        taken = read(HEAD + "indicator,numerator,denominator\n" + "\n".join(order) + "\n")
        assert only(taken, "cell_twice").row == 3
        assert taken.dataset.missing[0, POSITION["5a"]] == Missing.REFUSED


@pytest.mark.parametrize(
    ("head", "line", "kind", "column", "found"),
    [
        ("5a", "9900001,A,S,2023-24,fifty", "bad_number", "5a", "fifty"),
        ("5a", "9900001,A,S,2023-24,1e3", "bad_number", "5a", "1e3"),
        ("5a", "9900001,A,S,2023-24,101", "out_of_range", "5a", "101"),
        ("5a", "9900001,A,S,2023-24,-1", "out_of_range", "5a", "-1"),
        ("5a_n,5a_d", "9900001,A,S,2023-24,11,10", "more_than_all", "5a_n", "11 / 10"),
        ("5a_n,5a_d", "9900001,A,S,2023-24,1.5,10", "bad_count", "5a_n", "1.5"),
        ("5a,5a_n,5a_d", "9900001,A,S,2023-24,50,4,10", "rate_differs", "5a", "50 / 4 ÷ 10 = 40.00%"),
        ("5a_n,5a_d", "9900001,A,S,2023-24,0,0", "no_students", "5a_d", "0"),
        ("5a_n", "9900001,A,S,2023-24,5", "no_denominator", "5a_d", "5"),
        ("swd", "9900001,A,S,2023-24,12.5", "bad_count", "swd", "12.5"),
        ("swd", "9900001,A,S,2023-24,many", "bad_count", "swd", "many"),
        ("sig_dis", "9900001,A,S,2023-24,maybe", "bad_flag", "sig_dis", "maybe"),
        ("percentile", "9900001,A,S,2023-24,120", "bad_percentile", "percentile", "120"),
        ("5a", "9900001,A,S,2023-25,50", "bad_year", "year", "2023-25"),
        ("5a", "9900001,A,S,2024,50", "year_which", "year", "2024"),
        ("5a", "?,A,S,2023-24,50", "no_code", "lea_code", "?"),
        ("5a", "1.9E+13,A,S,2023-24,50", "code_asked", "lea_code", "1.9E+13"),
        ("5a", "110017,A,S,2023-24,50", "code_zero_restored", "lea_code", "110017"),
        ("5a", "12345,A,S,2023-24,50", "code_length", "lea_code", "12345"),
    ],
)
def test_a_problem_says_row_column_found_expected_and_mend(head, line, kind, column, found):
    problem = only(read(f"{HEAD}{head}\n{line}\n"), kind)
    assert (problem.row, problem.column, problem.shown()) == (2, column, found)
    assert problem.expected() and problem.mend() and "mine.csv, row 2" in problem.sentence()


def test_cells_beyond_the_header_are_said():
    problem = only(read(f"{HEAD}5a\n9900001,A,S,2023-24,60,77,,88\n"), "beyond_header")
    assert (problem.row, problem.found, problem.severity) == (2, "77 88", Severity.WARNING)


def test_a_column_given_twice_counts_only_where_both_agree():
    taken = read(f"{HEAD}5a,5A\n9900001,A,S,2023-24,60,61\n9900002,B,S,2023-24,60,60.0\n")
    problem = only(taken, "columns_differ")
    assert (problem.column, problem.shown(), problem.row) == ("5a / 5A", "60 / 61", 2)
    assert taken.dataset.missing[0, POSITION["5a"]] == Missing.REFUSED and taken.dataset.exact(1, "5a") == 60


def test_the_same_lea_twice_in_a_year():
    taken = read(HEAD + "5a\n9900001,A,S,2023-24,50\n99000010000000,A,S,2023-24,60\n")
    assert only(taken, "lea_twice").row == 3
    assert len(taken.dataset) == 1 and taken.dataset.missing[0, POSITION["5a"]] == Missing.REFUSED


def test_newly_must_fit_the_years():
    head = HEAD + "disproportionate_years,newly_disproportionate\n9900001,A,S,2023-24,"
    for years, newly, wrong in (
        ("2", "yes", True),
        ("1", "yes", False),
        ("1", "no", True),
        ("", "yes", False),
    ):
        assert (
            bool({"newly_contradicts", "newly_expected"} & set(kinds(read(f"{head}{years},{newly}\n"))))
        ) is wrong


def test_fractions_are_asked_about_never_guessed():
    text = HEAD + "5a,5b,8\n9900001,A,S,2023-24,0.532,0.206,0.9\n9900002,B,S,2023-24,0.6,0.1,1\n"
    silent = read(text)
    assert only(silent, "fractions").severity is Severity.ERROR and silent.in_question == ("5a", "5b", "8")
    assert silent.dataset.missing[0, POSITION["5a"]] == Missing.REFUSED
    assert read(text, answers={"rates": RateScale.FRACTION.value}).dataset.exact(0, "5a") == Fraction("53.2")
    assert read(text, answers={"rates": RateScale.PERCENT.value}).dataset.exact(0, "5a") == Fraction("0.532")
    assert kinds(read(HEAD + "5a,5b,8\n9900001,A,S,2023-24,0.5,20.6,90\n")) == ["rate_low"]


def test_title_rows_above_the_header_bom_semicolons_and_cp1252():
    text = "My SELPA;;\n;;\nLEA Code;LEA Name;School Year;5a\n9900001;La Cañada;2023-2024;50\n"
    for content in (b"\xef\xbb\xbf" + text.encode(), text.encode("cp1252"), text.encode("utf-16")):
        data = checked_files.take(content, "x.csv").dataset
        assert (str(data.lea_name[0]), str(data.year[0])) == ("La Cañada", "2023-24")


def test_unused_columns_are_said():
    problem = only(read(HEAD + "5a,shoe_size\n9900001,A,S,2023-24,50,12\n"), "column_unused")
    assert problem.found == "shoe_size" and problem.severity is Severity.NOTE


def workbook(rows: list[list[object]], percent: tuple[int, ...] = ()) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet, other = book.add_worksheet("LEAs"), book.add_worksheet("Notes")
        style = book.add_format({"num_format": "0.0%"})
        for y, row in enumerate(rows):
            for x, value in enumerate(row):
                sheet.write(y, x, value, style if x in percent and y else None)
        other.write(0, 0, "made by hand")
    return out.getvalue()


def test_workbook_with_numbers_as_codes_and_percent_cells():
    content = workbook(
        [["lea_code", "lea_name", "year", "5a", "1"], [9900001, "A", "2023-24", 0.532, 90.25]], percent=(3,)
    )
    taken = checked_files.take(content, "x.xlsx")
    assert kinds(taken) == ["sheet_unused"]
    assert str(taken.dataset.lea_code[0]) == "9900001"
    assert taken.dataset.exact(0, "5a") == Fraction("53.2")
    assert taken.dataset.exact(0, "1") == Fraction("90.25")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "empty"),
        (b"\n\n ,,\n", "empty"),
        (b"\x89PNG\r\n\x1a\n....", "not_a_table"),
        (b"%PDF-1.7 ....", "not_a_table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "damaged_workbook"),
        (b"PK\x03\x04 broken", "damaged_workbook"),
        (b"hello\nworld\n", "unknown_layout"),
        ((HEAD + "5a\n").encode(), "no_rows"),
        (b"a," * 600 + b"\n", "too_many_columns"),
    ],
)
def test_files_that_cannot_be_used_say_so_plainly(content, kind):
    taken = checked_files.take(content, "x.csv")
    assert kind in kinds(taken) and len(taken.dataset) == 0 and taken.errors


def test_a_zip_bomb_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(limits, "MAX_UNPACKED", 10_000)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "x")
        archive.writestr("xl/worksheets/sheet1.xml", "0" * 50_000)
    assert kinds(checked_files.take(out.getvalue(), "x.xlsx")) == ["unpacks_too_big"]


def test_a_missing_file_is_a_problem_like_any_other(tmp_path):
    assert kinds(checked_files.read_path(tmp_path / "none.csv")) == ["not_found"]


@pytest.mark.parametrize("name", ["invented_selpa.csv", "template_wide.csv", "template_long.csv"])
def test_shipped_files_read_without_a_problem(name):
    """Of a template nothing is said but that its example row is there to be replaced."""
    own = {"template_row"} if name.startswith("template") else set()
    assert {one.kind for one in checked_files.read_path(SAMPLES / name).problems} - {"jump"} == own


def test_the_statewide_file():
    taken = checked_files.read_path(shipped.STATEWIDE)
    assert taken.layout == "statewide" and len(taken.dataset) == 3041
    assert {problem.kind for problem in taken.problems} == {"column_unused", "swd_assumed", "jump"}
    row = taken.dataset.row_of("0110017", "2022-23")
    assert taken.dataset.exact(row, "susp") == Fraction(3300, 657)
    assert taken.dataset.swd[row] == 657


@settings(max_examples=examples(200), deadline=None)
@given(st.binary(max_size=400), st.integers(0, 5000), st.integers(0, 400))
def test_damaged_bytes_never_raise(junk, at, cut):
    good = (SAMPLES / "template_long.csv").read_bytes()
    checked_files.take(good[:at] + junk + good[at + cut :], "x.csv")


@pytest.mark.parametrize(
    ("written", "supplied"), [("", False), ("NC", True), ("*", True), ("12.5", True), ("x", True)]
)
def test_a_column_that_is_blank_everywhere_is_not_supplied(written, supplied):
    head = "lea_code,year,5a,5b,minor_findings\n9900001,2023-24,60,{0},{1}\n9900002,2023-24,50,,\n"
    data = read(head.format(written, "NA" if supplied else "")).dataset
    assert ("5b" in data.columns, "minor_findings" in data.columns) == (supplied, supplied)
    assert (data.missing[1, POSITION["5b"]] == Missing.ABSENT) is not supplied
    assert (Fact.FINDINGS in data.says_nothing_about()) is not supplied


def test_the_same_in_a_long_file_and_in_two_files():
    rows = "9900001,2023-24,5a,60\n9900001,2023-24,5b,{}\n9900001,2023-24,8,\n"
    long = "lea_code,year,indicator,rate\n" + rows
    assert read(long.format("")).dataset.indicators == ("5a",)
    assert read(long.format("NC")).dataset.indicators == ("5a", "5b")
    wide = intake.Upload("b.csv", b"lea_code,year,5a,8\n9900002,2023-24,,95\n")
    both = checked_files.read_all([intake.Upload("a.csv", long.format("").encode()), wide]).dataset
    assert both.indicators == ("5a", "8") and both.missing[0, POSITION["8"]] == Missing.BLANK
