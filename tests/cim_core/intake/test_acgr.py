from __future__ import annotations

from fractions import Fraction

import pytest

from cim_core.data.dataset import Missing
from cim_core.placing import checked_files
from tests.cim_core.intake.files import errors, kinds, missing, only, question, three, tsv

HEAD = ["AcademicYear", "AggregateLevel", "CountyCode", "DistrictCode", "SchoolCode", "CountyName"]
HEAD += ["DistrictName", "SchoolName", "CharterSchool", "DASS", "ReportingCategory", "CohortStudents"]
OUTCOMES = ("Regular HS Diploma Graduates", "Met UC/CSU Grad Req's", "Seal of Biliteracy", "GED Completer")
OUTCOMES += ("SPED Certificate", "Dropout", "Still Enrolled")
HEAD += [f"{one} ({part})" for one in OUTCOMES for part in ("Count", "Rate")]
MEADOW, BROOK = "99000010000000", "99000020000000"
VALUES = [120, 87, 72.5, 20, 16.7, 1, 0.8, 0, 0, 6, 5.0, 15, 12.5, 12, 10.0]


def row(level="D", group="SD", values=VALUES, charter="All", district="00001", year="2018-19"):
    who = [year, level, "99", district, "", "Example", "Meadow Unified", "", charter, "All", group]
    return [*who, *values]


def read(rows, head=HEAD, name="acgr19.txt", **answers):
    return checked_files.take(tsv(head, rows), name, answers=answers)


@pytest.mark.parametrize("turned", [False, True])
def test_graduates_and_dropouts_of_the_cohort(turned):
    rows = [row("T"), row("C"), row(), row("S"), row(group="TA"), row(charter="No", values=[9] * 15)]
    rows.append(row(district="00002", values=["*"] * 15))
    taken = read(rows[::-1] if turned else rows)
    assert taken.layout == "acgr" and not errors(taken) and "column_unused" not in kinds(taken)
    assert three(taken, MEADOW, "1", "2018-19") == (Fraction(8700, 120), 87, 120)
    assert three(taken, MEADOW, "2", "2018-19") == (Fraction(1500, 120), 15, 120)
    assert missing(taken, BROOK, "1", "2018-19") == Missing.SUPPRESSED
    assert taken.dataset.origin_of(0, "1").collection == "acgr" and only(taken, "acgr_cohort")
    assert question(taken, "charter").taken == "all"


def test_with_blanks_in_the_headers():
    head = [
        name.replace("Academic", "Academic ").replace("Level", " Level").replace("Code", " Code")
        for name in HEAD
    ]
    assert three(read([row()], head), MEADOW, "1", "2018-19")[1:] == (87, 120)


def test_the_file_of_five_year_rates_is_another_one():
    taken = read([row()], ["ReportingYear", *HEAD[1:]])
    assert (
        taken.layout == ""
        and errors(taken) == ["other_file"]
        and "five-year" in only(taken, "other_file").shown()
    )


@pytest.mark.parametrize("spelled", ["ACGR", "Cohort graduation rate", "adjusted cohort graduation rate"])
def test_our_own_template_can_say_that_a_rate_is_of_a_cohort(spelled):
    text = f"lea_code,year,indicator,rate,source\n9900001,2018-19,1,72.5,{spelled}\n"
    taken = checked_files.take(text.encode(), "long.csv")
    assert taken.dataset.origin_of(0, "1").collection == "acgr"
