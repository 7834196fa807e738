from __future__ import annotations

import io
from fractions import Fraction

import pytest
import xlsxwriter

from cim_core.data.dataset import Missing
from cim_core.intake.layouts.dashboard import school_year
from cim_core.intake.layouts.dashboard_measure import measures_in
from cim_core.intake.problems import Severity
from cim_core.placing import checked_files
from tests.cim_core.intake.files import errors, kinds, missing, only, question, three, tsv

WHO = ["schoolname", "districtname", "countyname", "charter_flag", "coe_flag", "dass_flag"]
HEAD = ["cds", "rtype", *WHO, "studentgroup", "currnumer", "currdenom", "currstatus"]
HEAD += ["priornumer", "priordenom", "priorstatus", "change", "statuslevel", "color", "reportingyear"]
ACADEMIC = ["cds", "rtype", *WHO, "studentgroup", "currdenom", "currstatus", "priordenom", "priorstatus"]
MEADOW, BROOK = "99000010000000", "99000020000000"


def row(cds, rtype, group, numerator, denominator, status, year="2024", name="Meadow Unified"):
    last = [1, 2, 50, 0.1, 3, 3, year]
    return [cds, rtype, "", name, "Example", "", "", "", group, numerator, denominator, status, *last]


ROWS = [
    row("00000000000000", "X", "ALL", 1, 2, 50, name=""),
    row("00000000000000", "X", "SWD", 1, 2, 50, name=""),
    row(MEADOW, "D", "ALL", 700, 4000, 17.5),
    row(MEADOW, "D", "SWD", 80, 1450, 5.5),
    row(MEADOW, "D", "EL", 60, 900, 6.7),
    row(BROOK, "D", "SWD", "", 9, "", name="Brook Elementary"),
    row("99000010000001", "S", "SWD", 8, 145, 5.5),
]


def read(name: str, rows=ROWS, head=HEAD, **answers):
    return checked_files.take(tsv(head, rows), name, answers=answers)


def test_districts_and_students_with_disabilities_only():
    taken = read("suspdownload2024.txt")
    assert taken.layout == "dashboard" and not errors(taken)
    assert three(taken, MEADOW, "susp") == (Fraction(8000, 1450), 80, 1450)
    assert len(taken.dataset) == 2 and str(taken.dataset.lea_name[0]) == "Meadow Unified"
    assert only(taken, "rows_level").values["n"] == 3 and only(taken, "rows_level").found == "S (1), X (2)"
    assert only(taken, "rows_group").values["n"] == 2 and only(taken, "rows_group").found == "ALL (1), EL (1)"
    assert only(taken, "prior_years").severity is Severity.NOTE
    assert "column_unused" not in kinds(taken)
    origin = taken.dataset.origin_of(0, "susp")
    assert (origin.file, origin.collection) == ("suspdownload2024.txt", "dashboard")


def test_fewer_than_eleven_students_are_suppressed_and_none_are_not():
    rows = [*ROWS, row("99000030000000", "D", "SWD", "", 0, "", name="Sand Elementary")]
    taken = read("suspdownload2024.txt", rows)
    assert missing(taken, BROOK, "susp") == Missing.SUPPRESSED
    assert missing(taken, "99000030000000", "susp") != Missing.SUPPRESSED


def test_the_year_of_a_dashboard_is_the_school_year_that_ended_in_it():
    assert school_year("2019") == "2018-19" and school_year("2024.0") == "2023-24"
    assert school_year("2018-19") == "2018-19" and school_year("soon") == "soon"
    rows = [row(MEADOW, "D", "SWD", 80, 1450, 5.5, year="2019")]
    taken = read("suspdownload2019.txt", rows)
    assert str(taken.dataset.year[0]) == "2018-19"
    assert only(taken, "dashboard_year").values["year"] == "2018-19"
    taken = read("susp2019.txt", [row(MEADOW, "D", "SWD", 80, 1450, 5.5, year="soon")])
    assert only(taken, "bad_year").found == "soon" and not len(taken.dataset)


def test_a_file_without_a_year_column_asks_for_it():
    rows = [one[:-1] for one in ROWS]
    taken = read("suspdownload2024.txt", rows, HEAD[:-1])
    assert errors(taken) == ["year_asked"] and question(taken, "year").open and not len(taken.dataset)
    taken = read("suspdownload2024.txt", rows, HEAD[:-1], year="2023-24")
    assert not errors(taken) and three(taken, MEADOW, "susp")[1] == 80


@pytest.mark.parametrize(
    ("name", "measures"),
    [
        ("chronicdownload2024.txt", {"chronic"}), ("chronicdownload2024 - Sheet1.csv", {"chronic"}),
        ("suspdownload2023.xlsx", {"susp"}), ("ELADownload2023", {"ela_dfs"}), ("2024_ela.txt", {"ela_dfs"}),
        ("MathDownload2022.txt", {"math_dfs"}), ("graddownload2024.txt", {"grad"}),
        ("graduation2019.xlsx", {"grad"}), ("elpidownload2024.txt", {"other"}),
        ("ccidownload2024.txt", {"other"}), ("relation.txt", set()), ("upgrade grades.txt", set()),
        ("ela and math.txt", {"ela_dfs", "math_dfs"}), ("data.txt", set()),
    ],
)  # fmt: skip
def test_what_a_name_tells(name, measures):
    assert measures_in(name) == measures


@pytest.mark.parametrize("name", ["download.txt", "susp and chronic.txt"])
def test_nothing_is_used_until_the_measure_is_known(name):
    taken = read(name)
    asked = question(taken, "indicator")
    assert asked.open and asked.options == ("chronic", "susp", "ela_dfs", "math_dfs")
    assert errors(taken) == ["measure_asked"] and not len(taken.dataset)
    taken = read(name, indicator="chronic")
    assert not errors(taken) and three(taken, MEADOW, "chronic")[1:] == (80, 1450)
    assert errors(read(name, indicator="6a")) == ["measure_asked"]


def test_an_answer_wins_over_the_name_which_is_said():
    assert "suspdownload" in only(read("suspdownload2024.txt"), "measure_from_name").found
    taken = read("suspdownload2024.txt", indicator="chronic")
    assert "measure_from_name" not in kinds(taken)
    assert three(taken, MEADOW, "chronic")[1] == 80 and missing(taken, MEADOW, "susp") == Missing.ABSENT


def test_graduation_is_not_indicator_1_by_itself():
    taken = read("graddownload2024.txt")
    assert errors(taken) == ["graduation_asked"] and not len(taken.dataset)
    assert question(taken, "indicator").options[-1] == "1"
    assert "four and five years" in only(taken, "graduation_asked").sentence()
    taken = read("graddownload2024.txt", indicator="1")
    assert not errors(taken) and three(taken, MEADOW, "1")[1:] == (80, 1450)
    assert only(taken, "graduation_combined").severity is Severity.WARNING


def test_graduation_is_known_by_its_five_year_column_whatever_its_name():
    rows = [[*one, 12] for one in ROWS]
    assert errors(read("susp.txt", rows, [*HEAD, "fiveyrnumer"])) == ["graduation_asked"]


def test_other_dashboard_measures_are_not_taken():
    taken = read("elpidownload2024.txt", indicator="1")
    assert errors(taken) == ["measure_other"] and "1" not in question(taken, "indicator").options


def academic(group, denominator, status, *more):
    return [MEADOW, "D", "", "Meadow Unified", "Example", "", "", "", group, denominator, status, 1, 2, *more]


def test_points_from_standard_have_no_numerator_and_may_be_negative():
    rows = [academic("ALL", 4200, -12.4, "2024"), academic("SWD", 597, -74.8, "2024")]
    taken = read("eladownload2024.txt", rows, [*ACADEMIC, "reportingyear"])
    assert not errors(taken) and three(taken, MEADOW, "ela_dfs") == (Fraction("-74.8"), None, 597)
    taken = read(
        "x.txt", [academic("SWD", 10, "", "2024")], [*ACADEMIC, "reportingyear"], indicator="math_dfs"
    )
    assert missing(taken, MEADOW, "math_dfs") == Missing.SUPPRESSED


def test_the_indicator_column_of_newer_files_tells_the_measure():
    rows = [academic("SWD", 597, -74.8, "MATH", "2024")]
    taken = read("eladownload2024.txt", rows, [*ACADEMIC, "indicator", "reportingyear"])
    assert three(taken, MEADOW, "math_dfs")[0] == Fraction("-74.8")
    assert only(taken, "measure_from_column").found == "MATH"


def test_without_a_group_column_somebody_has_to_say_who_the_students_are():
    at = HEAD.index("studentgroup")
    head = [*HEAD[:at], *HEAD[at + 1 :]]
    rows = [[*one[:at], *one[at + 1 :]] for one in ROWS if one[1] != "D" or one[at] == "SWD"]
    taken = read("suspdownload2024.txt", rows, head)
    assert errors(taken) == ["group_asked"] and question(taken, "group").open and not len(taken.dataset)
    assert errors(read("suspdownload2024.txt", rows, head, group="all")) == ["group_all"]
    assert three(read("suspdownload2024.txt", rows, head, group="swd"), MEADOW, "susp")[1] == 80


def test_two_rows_of_one_lea_do_not_count_whatever_their_order():
    rows = [row(MEADOW, "D", "SWD", 80, 1450, 5.5), row(MEADOW, "D", "SWD", 90, 1450, 6.2)]
    for order in (rows, rows[::-1]):
        taken = read("suspdownload2024.txt", order)
        assert errors(taken) == ["cell_twice"] and missing(taken, MEADOW, "susp") == Missing.REFUSED


def test_a_workbook_with_codes_as_numbers():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("SUSPDownload2024")
        for y, line in enumerate([HEAD, row(1100170000000, "D", "SWD", 80, 1450, 5.5, year=2024)]):
            sheet.write_row(y, 0, line)
    taken = checked_files.take(out.getvalue(), "mine.xlsx")
    assert not errors(taken) and three(taken, "01100170000000", "susp")[1] == 80


@pytest.mark.parametrize("without", [("cds",), ("cds", "rtype")])
def test_a_download_saved_without_its_codes_is_read_by_names(without):
    rows = [
        row(MEADOW, "D", "SWD", 350, 1400, 25.0, name="Alameda Unified"),
        row(BROOK, "D", "SWD", "", 9, "", name="Berkeley Unified"),
        [*row(MEADOW, "S", "SWD", 35, 140, 25.0, name="Alameda Unified")],
    ]
    rows[2][2] = "Oak School"
    keep = [at for at, name in enumerate(HEAD) if name not in without]
    head, rows = [HEAD[at] for at in keep], [[one[at] for at in keep] for one in rows]
    taken = read("chronicdownload2024.txt", rows, head)
    assert taken.layout == "dashboard" and not errors(taken)
    assert taken.dataset.lea_code.tolist() == ["0161119", "0161143"]
    assert three(taken, "0161119", "chronic")[1:] == (350, 1400)
    assert only(taken, "rows_level").values["n"] == 1


def test_without_levels_a_code_tells_a_school():
    rows = [ROWS[3], row("99000020123456", "D", "SWD", 35, 140, 25.0, name="Brook Elementary")]
    keep = [at for at, name in enumerate(HEAD) if name not in ("rtype", "schoolname")]
    head, rows = [HEAD[at] for at in keep], [[one[at] for at in keep] for one in rows]
    taken = read("chronicdownload2024.txt", rows, head)
    assert len(taken.dataset) == 1 and only(taken, "rows_level").values["n"] == 1
