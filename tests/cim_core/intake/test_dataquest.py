from __future__ import annotations

import itertools

import pytest

from cim_core.data.dataset import Missing
from cim_core.intake.layouts.cde_breakdowns import lea_code
from cim_core.intake.problems import Severity
from cim_core.placing import checked_files
from tests.cim_core.intake.files import errors, kinds, missing, only, question, three, tsv

SPACED = ["Academic Year", "Aggregate Level", "County Code", "District Code", "School Code", "County Name"]
SPACED += ["District Name", "School Name", "Charter School", "Reporting Category"]
JOINED = [name.replace(" ", "") for name in SPACED[:-2]] + ["CharterYN", "ReportingCategory"]
RATES = ["Cumulative Enrollment", "Total Suspensions", "Unduplicated Count of Students Suspended (Total)"]
RATES += ["Unduplicated Count of Students Suspended (Defiance-Only)", "Suspension Rate (Total)"]
RATES += ["Suspension Count Weapons Possession", "Suspension Rate (Defiance-Only)"]
ABSENT = ["ChronicAbsenteeismEligibleCumulativeEnrollment", "ChronicAbsenteeismCount"]
ABSENT += ["ChronicAbsenteeismRate"]
MEADOW, BROOK = "99000010000000", "99000020000000"


def row(level, charter, group, number, all_, rate, district="00001", name="Meadow Unified", county="99"):
    who = ["2023-24", level, county, district, "", "Example", name, "", charter, group]
    return [*who, all_, number, number, 1, rate, 0, 0.1]


THREE = [
    row("D", "All", "SD", 80, 1450, 5.5),
    row("D", "Y", "SD", 6, 150, 4.0),
    row("D", "N", "SD", 74, 1300, 5.7),
]


def read(rows, head=(*SPACED, *RATES), encoding="utf-8", **answers):
    return checked_files.take(tsv(head, rows, encoding), "suspension24.txt", answers=answers)


@pytest.mark.parametrize("order", list(itertools.permutations(THREE)))
def test_one_of_the_three_charter_rows_whatever_their_order(order):
    taken = read(order)
    assert taken.layout == "dataquest_suspension" and not errors(taken)
    assert three(taken, MEADOW, "susp")[1:] == (80, 1450)
    assert only(taken, "rows_charter").values["n"] == 2
    assert question(taken, "charter").taken == "all"
    assert three(read(order, charter="no"), MEADOW, "susp")[1:] == (74, 1300)
    assert three(read(order, charter="perhaps"), MEADOW, "susp")[1:] == (80, 1450)


@pytest.mark.parametrize("order", list(itertools.permutations(THREE[1:])))
def test_other_charter_rows_alone_are_not_chosen_between(order):
    taken = read(order)
    assert errors(taken) == ["charter_unclear"] and MEADOW in only(taken, "charter_unclear").found
    assert not len(taken.dataset)
    assert three(read(order, charter="no"), MEADOW, "susp")[1:] == (74, 1300)


def test_the_only_row_there_is_is_used_and_said():
    taken = read([*THREE, row("D", "N", "SD", 5, 50, 10.0, "00002", "Brook Elementary")])
    assert three(taken, BROOK, "susp")[1:] == (5, 50) and not errors(taken)
    note = only(taken, "charter_instead")
    assert (note.severity, note.values["n"], note.found) == (Severity.NOTE, 1, BROOK)


@pytest.mark.parametrize("head", [(*SPACED, *RATES), (*JOINED, *[name.upper() for name in RATES])])
@pytest.mark.parametrize("all_and_no", [("All", "No"), ("ALL", "N")])
def test_headers_and_charter_values_in_any_spelling(head, all_and_no):
    rows = [row("D", value, "SD", 80 - at, 1450 - at, "") for at, value in enumerate(all_and_no)]
    taken = read(rows, head)
    assert not errors(taken) and three(taken, MEADOW, "susp")[1:] == (80, 1450)
    assert "column_unused" not in kinds(taken)


def test_other_levels_and_groups_are_set_aside_and_counted():
    rows = [
        row("T", "All", "SD", 1, 2, 50.0),
        row("C", "All", "SD", 1, 2, 50.0),
        row("S", "All", "SD", 1, 2, 50.0),
        row("S", "All", "TA", 1, 2, 50.0),
        row("D", "All", "TA", 1, 2, 50.0),
        row("D", "N", "RB", 1, 2, 50.0),
        *THREE,
    ]
    taken = read(rows)
    assert not errors(taken) and len(taken.dataset) == 1
    level, group = only(taken, "rows_level"), only(taken, "rows_group")
    assert (level.values["n"], level.found) == (4, "C (1), S (2), T (1)")
    assert (group.values["n"], group.found) == (2, "RB (1), TA (1)")
    assert level.severity is group.severity is Severity.NOTE


def test_suppressed_cells_stay_so():
    taken = read([row("D", "All", "SD", "*", "*", "*")])
    assert missing(taken, MEADOW, "susp") == Missing.SUPPRESSED and not errors(taken)


def test_windows_1252_and_codes_that_excel_made_numbers():
    rows = [row("D", "All", "SD", 80, 1450, 5.5, "17", "La Cañada Unified", "1")]
    taken = read(rows, encoding="cp1252")
    assert [str(code) for code in taken.dataset.lea_code] == ["01000170000000"]
    assert str(taken.dataset.lea_name[0]) == "La Cañada Unified"
    assert str(taken.dataset.county[0]) == "Example"
    assert kinds(taken) == ["cde_columns", "code_unknown"]


@pytest.mark.parametrize(
    ("county", "district", "school", "code"),
    [
        ("99", "00001", "", MEADOW), ("1", "17.0", "0", "01000170000000"),
        ("99", "00001", "0123456", "99000010123456"), ("", "00001", "", "00001"), ("x", "²", "", "x ²"),
    ],
)  # fmt: skip
def test_codes_from_their_parts(county, district, school, code):
    assert lea_code(county, district, school) == code


def test_rows_without_codes_are_reported_and_never_raise():
    taken = read([row("D", "All", "SD", 80, 1450, 5.5, "", "Nowhere", ""), *THREE])
    assert errors(taken) == ["no_code"] and len(taken.dataset) == 1


def test_rows_that_repeat_are_used_once_and_rows_that_differ_not_at_all():
    taken = read([THREE[0], THREE[0]])
    assert only(taken, "rows_repeated").values["n"] == 1 and not errors(taken)
    assert three(taken, MEADOW, "susp")[1] == 80
    differ = [THREE[0], row("D", "All", "SD", 90, 1450, 6.2)]
    for order in (differ, differ[::-1]):
        taken = read(order)
        assert errors(taken) == ["cell_twice"] and missing(taken, MEADOW, "susp") == Missing.REFUSED


def test_without_a_category_column_somebody_has_to_say_who_the_students_are():
    head = [name for name in (*SPACED, *RATES) if name != "Reporting Category"]
    rows = [[*one[:9], *one[10:]] for one in THREE]
    taken = read(rows, head)
    assert errors(taken) == ["group_asked"] and question(taken, "group").open and not len(taken.dataset)
    assert errors(read(rows, head, group="all")) == ["group_all"]
    assert three(read(rows, head, group="swd"), MEADOW, "susp")[1] == 80


def test_without_a_year_column_the_year_is_asked():
    taken = read([one[1:] for one in THREE], (*SPACED[1:], *RATES))
    assert errors(taken) == ["year_asked"] and not len(taken.dataset)
    taken = read([one[1:] for one in THREE], (*SPACED[1:], *RATES), year="2023-24")
    assert three(taken, MEADOW, "susp")[1] == 80


def absent(charter, dass, number, all_, rate, year="2023-2024"):
    who = [year, "D", "99", "00001", "", "Example", "Meadow Unified", ""]
    return [*who, charter, dass, "SD", all_, number, rate]


@pytest.mark.parametrize("turned", [False, True])
def test_chronic_absenteeism_with_dass_taken_together(turned):
    rows = [
        absent("All", "All", 350, 1400, 25.0), absent("All", "No", 340, 1380, 24.6),
        absent("All", "Yes", 10, 20, 50.0), absent("No", "All", 310, 1250, 24.8),
        absent("No", "No", 300, 1230, 24.4),
    ]  # fmt: skip
    head = [*SPACED[:-1], "DASS", "Reporting Category", *ABSENT]
    content = tsv(head, rows[::-1] if turned else rows)
    taken = checked_files.take(content, "chronicabsenteeism24.txt")
    assert taken.layout == "dataquest_chronic" and not errors(taken)
    assert three(taken, MEADOW, "chronic")[1:] == (350, 1400)
    assert only(taken, "rows_charter").values["n"] == 4
    without = checked_files.take(content, "x.txt", answers={"charter": "no"})
    assert three(without, MEADOW, "chronic")[1:] == (310, 1250)


NAMED = [one for one in SPACED if not one.endswith("Code")]


def named(rows):
    """The rows without the three columns of codes."""
    return [[*one[:2], *one[5:]] for one in rows]


@pytest.mark.parametrize("order", list(itertools.permutations(THREE)))
def test_a_download_saved_without_its_codes_is_read_by_names(order):
    others = [
        row("D", "All", "SD", 40, 400, 10.0, name="Berkeley Unified"),
        row("D", "All", "TA", 400, 4000, 10.0, name="Berkeley Unified"),
        row("C", "All", "SD", 400, 4000, 10.0, name=""),
        row("T", "All", "SD", 400, 4000, 10.0, name=""),
    ]
    called = [[*one[:6], "Alameda Unified", *one[7:]] for one in order]
    taken = read(named([*called, *others]), (*NAMED, *RATES))
    assert taken.layout == "dataquest_suspension" and not errors(taken)
    assert taken.dataset.lea_code.tolist() == ["0161119", "0161143"]
    assert three(taken, "0161119", "susp")[1:] == (80, 1450)
    assert three(taken, "0161143", "susp")[1:] == (40, 400)
    assert only(taken, "names_matched").column == "District Name"
    assert only(taken, "rows_level").values["n"] == 2


def test_names_in_a_download_without_codes_are_told_apart_by_county_or_asked():
    rows = [row("D", "All", "SD", 40, 400, 10.0, name="Jefferson Elementary")]
    asked = read(named(rows), (*NAMED, *RATES))
    assert errors(asked) == ["name_asked"] and not len(asked.dataset)
    sure = [[*one[:5], "San Mateo", *one[6:]] for one in rows]
    assert read(named(sure), (*NAMED, *RATES)).dataset.lea_code.tolist() == ["4168916"]


def test_a_download_with_whole_codes_for_their_pieces():
    rows = [["2023-24", "D", MEADOW, *one[5:]] for one in (THREE[0],)]
    taken = read(rows, ("Academic Year", "Aggregate Level", "CDS Code", *NAMED[2:], *RATES))
    assert three(taken, MEADOW, "susp")[1:] == (80, 1450) and not errors(taken)


REPORT = ["Cumulative Enrollment", "Total Suspensions", "Unduplicated Count of Students Suspended"]
REPORT += ["Suspension Rate", "Percent of Students Suspended with Multiple Suspensions"]


def test_a_report_of_a_page_asks_whose_and_when():
    rows = [
        ["Alameda Unified", 1450, 120, 80, "5.5%", "30%"],
        ["Berkeley Unified", 900, 60, 45, "5.0%", "9%"],
    ]
    taken = read(rows, ("Name", *REPORT))
    assert taken.layout == "dataquest_suspension" and errors(taken) == ["group_asked"]
    assert not len(taken.dataset) and question(taken, "group").open
    assert errors(read(rows, ("Name", *REPORT), group="all")) == ["group_all"]
    told = read(rows, ("Name", *REPORT), group="swd", year="2023-24")
    assert three(told, "0161119", "susp")[1:] == (80, 1450) and not errors(told)
    of_schools = [["Oak School", *one] for one in rows]
    told = read([*of_schools, ["", *rows[0]]], ("School Name", "District Name", *REPORT), group="swd",
        year="2023-24")  # fmt: skip
    assert len(told.dataset) == 1 and only(told, "rows_level").values["n"] == 2


def test_a_table_of_ones_own_with_the_headers_of_a_report_stays_one():
    rows = [["Alameda Unified", "2023-24", 60, 1450, 120, 80, "5.5%"]]
    taken = read(rows, ("LEA", "Year", "5a", *REPORT[:4]))
    assert taken.layout == "wide"
