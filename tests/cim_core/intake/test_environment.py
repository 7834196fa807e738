from __future__ import annotations

from fractions import Fraction

import pytest

from cim_core.data.dataset import Missing
from cim_core.intake import Upload
from cim_core.intake.problems import Severity
from cim_core.placing import checked_files
from tests.cim_core.intake import test_dataquest as dataquest
from tests.cim_core.intake.files import errors, kinds, missing, only, question, three, tsv

HEAD = ["Academic Year", "Aggregate Level", "County Code", "District Code", "School Code", "County Name"]
HEAD += ["District Name", "School Name", "Charter School", "ReportingCategory", "SPED_ENR_N"]
SETTINGS = ("PS_RCGT80", "PS_RC4079", "PS_RCL40", "PS_SSOS", "PS_PSS", "PS_MUK")
HEAD += [f"{one}_N" for one in SETTINGS] + [f"{one}_%" for one in SETTINGS]
MEADOW = "99000010000000"
COUNTS = (1100, 560, 200, 210, 30, 100, 0)


def row(level, counts=COUNTS, charter="All", group="TA", school="", name="Meadow Unified"):
    who = ["2023-24", level, "99", "00001", school, "Example", name, "Star Charter" if school else ""]
    return [*who, charter, group, *counts, *[10.0] * len(SETTINGS)]


def read(rows, **answers):
    return checked_files.take(tsv(HEAD, rows), "spedps2324.txt", answers=answers)


def test_preschool_settings_are_taken_out_of_the_denominator_and_it_is_said():
    taken = read([row("A")])
    assert taken.layout == "environment" and not errors(taken)
    assert three(taken, MEADOW, "5a") == (Fraction(56), 560, 1000)
    assert three(taken, MEADOW, "5b") == (Fraction(21), 210, 1000)
    assert three(taken, MEADOW, "5c") == (Fraction(3), 30, 1000)
    assert taken.dataset.swd[0] == 1100
    note = only(taken, "preschool_taken_out")
    assert note.severity is Severity.NOTE and "assumed" in note.sentence()
    assert only(taken, "cde_columns").values["n"] == 8 and "column_unused" not in kinds(taken)


@pytest.mark.parametrize("turned", [False, True])
def test_the_accountable_lea_unless_somebody_says_otherwise(turned):
    rows = [
        row("D", (1080, 540, 200, 216, 27, 180, 0)),
        row("A"),
        row("T"),
        row("S"),
        row("A", group="DC_AUT"),
    ]
    rows = rows[::-1] if turned else rows
    taken = read(rows)
    asked = question(taken, "level")
    assert (asked.options, asked.taken) == (("A", "D"), "A")
    assert three(taken, MEADOW, "5a")[1:] == (560, 1000)
    assert only(taken, "rows_level").values["n"] == 3 and only(taken, "rows_group").found == "DC_AUT (1)"
    assert three(read(rows, level="D"), MEADOW, "5a")[1:] == (540, 900)
    assert three(read(rows, level="S"), MEADOW, "5a")[1:] == (560, 1000)


def test_the_reporting_district_where_the_file_has_no_other():
    taken = read([row("D", group="Total")])
    assert question(taken, "level").taken == "D" and three(taken, MEADOW, "5a")[1:] == (560, 1000)


def test_a_charter_school_that_is_accountable_itself_is_an_lea_of_its_own():
    taken = read([row("A"), row("A", (50, 40, 5, 5, 0, 0, 0), school="0123456")])
    assert not errors(taken) and three(taken, "99000010123456", "5a")[1:] == (40, 50)
    assert sorted(map(str, taken.dataset.lea_name)) == ["Meadow Unified", "Star Charter"]


def test_charter_rows_as_in_dataquest():
    rows = [row("A"), row("A", (1000, 500, 180, 200, 20, 100, 0), charter="N")]
    for order in (rows, rows[::-1]):
        assert three(read(order), MEADOW, "5a")[1:] == (560, 1000)
        assert three(read(order, charter="no"), MEADOW, "5a")[1:] == (500, 900)


@pytest.mark.parametrize(
    ("counts", "suppressed"),
    [
        ((1100, "*", 200, 210, 30, 100, 0), {"5a"}),
        ((1100, 560, 200, 210, 30, "*", 0), {"5a", "5b", "5c"}),
        (("*", 560, 200, 210, 30, 100, 0), {"5a", "5b", "5c"}),
        ((1100, 560, "*", 210, 30, 100, "*"), set()),
    ],
)
def test_no_denominator_is_made_up_for_suppressed_counts(counts, suppressed):
    taken = read([row("A", counts)])
    assert not errors(taken)
    for code in ("5a", "5b", "5c"):
        if code in suppressed:
            assert missing(taken, MEADOW, code) == Missing.SUPPRESSED
            assert three(taken, MEADOW, code) == (None, None, None)
        else:
            assert three(taken, MEADOW, code)[2] == 1000
    assert taken.dataset.swd[0] == (-1 if counts[0] == "*" else 1100)


@pytest.mark.parametrize("damaged", ["many", "5%", "1e3", "9" * 40, "-3", "=1+1", ""])
@pytest.mark.parametrize("at", range(7))
def test_damaged_counts_never_raise_and_are_not_used(damaged, at):
    counts = list(COUNTS)
    counts[at] = damaged
    taken = read([row("A", tuple(counts))])
    assert len(taken.dataset) == 1
    if at in (0, 5):
        assert {missing(taken, MEADOW, code) for code in ("5a", "5b", "5c")} <= {
            Missing.REFUSED,
            Missing.ABSENT,
        }


def test_a_count_of_five_is_a_count():
    """`Missing` is a whole number too: its 5 stands for suppressed."""
    taken = read([row("A", (105, 90, 5, 5, 5, 5, 0))])
    assert three(taken, MEADOW, "5b") == (5, 5, 100) and three(taken, MEADOW, "5c") == (5, 5, 100)


def test_more_preschoolers_than_students_are_refused():
    taken = read([row("A", (50, 40, 5, 5, 0, 100, 0))])
    assert "bad_count" in errors(taken) and missing(taken, MEADOW, "5a") == Missing.REFUSED


def test_three_files_join_on_code_and_year_each_value_with_its_origin():
    chronic = [dataquest.absent("All", "All", 350, 1400, 25.0)]
    head = [*dataquest.SPACED[:-1], "DASS", "Reporting Category", *dataquest.ABSENT]
    uploads = [
        Upload("suspension24.txt", tsv((*dataquest.SPACED, *dataquest.RATES), dataquest.THREE)),
        Upload("chronic24.txt", tsv(head, chronic)),
        Upload("spedps2324.txt", tsv(HEAD, [row("A", name="Meadow Unified School District")])),
    ]
    for order in (uploads, uploads[::-1]):
        taken = checked_files.read_all(order)
        assert not errors(taken) and "texts_differ" not in kinds(taken)
        assert len(taken.dataset) == 1
        origins = {code: taken.dataset.origin_of(0, code) for code in ("susp", "chronic", "5a", "5b", "5c")}
        assert {code: (one.file, one.collection) for code, one in origins.items()} == {
            "susp": ("suspension24.txt", "dataquest"),
            "chronic": ("chronic24.txt", "dataquest"),
            **dict.fromkeys(("5a", "5b", "5c"), ("spedps2324.txt", "environment")),
        }
