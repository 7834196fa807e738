"""Why a cell holds no number, in the ways in which files say so: never an error, never zero."""

from __future__ import annotations

from pathlib import Path

import pytest

from cim_core import intake
from cim_core.data.dataset import Missing
from cim_core.data.indicators import POSITION
from cim_core.intake.meanings import cell_text, reasons, targets
from cim_core.intake.problems import Severity
from cim_core.placing import checked_files
from tests.cim_core.intake.files import errors, kinds

CASES = Path(__file__).parent.parent.parent / "fixtures" / "cases"
SUPPRESSED = (
    "<11", "< 11", "<=10", "≤10", "≤ 10", "n<11", "n < 11", "N<10", "n=<10", "(<11)", "<20", "<5%", ">95",
    ">=95%",
    "≥95", "**", "***", "* *", "(*)", "Suppressed", "SUPPRESSED", "Data suppressed", "Redacted",
    "Fewer than 11",
    "fewer than 10", "Fewer than 11 students", "Less than 11", "less than 10 students", "10 or fewer",
    "10 or less",
    "under 11", "Too few", "too few students", "Too small", "DS", "LNE", "LT11", "GE95", "PS", "1-10", "‡",
    "95+",
    "masked", "[Suppressed]", "<11*", "n size < 11", "1 to 10", "Suppressed.",
)  # fmt: skip
NO_DATA = (
    "—", "–", "-", "−", "---", "No Data", "no data", "No data available", "NULL", "null", "None",
    "Not available",
    "Not reported", ".", "(null)", "not yet available", "#", "(blank)", "No\u00a0Data", "ND",
)  # fmt: skip
OTHERS = {
    "n/a": Missing.NOT_APPLICABLE, "N/A": Missing.NOT_APPLICABLE, "N.A.": Missing.NOT_APPLICABLE,
    "Not applicable": Missing.NOT_APPLICABLE, "†": Missing.NOT_APPLICABLE, "#N/A": Missing.NOT_APPLICABLE,
    "Not calculated": Missing.NOT_CALCULATED, "NCR": Missing.NOT_CALCULATED, "nc": Missing.NOT_CALCULATED,
    "--": Missing.FEWER_THAN_11, "NR": Missing.NOT_REPORTED, "No students": Missing.NO_STUDENTS,
    "": Missing.BLANK,
}  # fmt: skip
EVERY = [
    *((one, Missing.SUPPRESSED) for one in SUPPRESSED),
    *((one, Missing.NOT_REPORTED) for one in NO_DATA),
    *OTHERS.items(),
]
HEAD = "lea_code,lea_name,selpa,year,"
WHO = "9900001,A,S,2023-24,"


@pytest.mark.parametrize(("written", "expected"), EVERY)
def test_spellings(written, expected):
    assert cell_text.number(written) is expected


@pytest.mark.parametrize(
    "written",
    ["nan", "NaN", "1_0", "1e3", "inf", "=1+1", "2023-24", "2023-2024", "10-1", "90-101", "yes", "x" * 70,
    "½",
     "< ", "<1e3", "less", "<11 or 12", "53,2", "5a", "*53.2"],
)  # fmt: skip
def test_what_is_no_reason_either(written):
    assert cell_text.number(written) is None


def test_a_minus_stays_one():
    assert cell_text.number("-3") == -3 == cell_text.number("−3") and cell_text.number("-0") == 0


def test_targets_keep_their_signs():
    assert targets.parse("<2.76")[0] and targets.parse("≤4.0%")[1] and targets.parse("less than 11")[1]
    assert targets.parse("—") is Missing.NOT_REPORTED and targets.parse("NA") is Missing.NOT_APPLICABLE


def test_the_case_of_one_row_for_each_spelling():
    taken = checked_files.read_path(CASES / "P1_suppressed.csv")
    missing = set(taken.dataset.missing[:, POSITION["5a"]].tolist())
    assert len(taken.dataset) == 8 and not errors(taken)
    assert missing == {Missing.SUPPRESSED, Missing.NOT_REPORTED}
    assert all(one.severity is Severity.NOTE for one in taken.problems if one.kind.startswith("reason_"))


@pytest.mark.parametrize(("written", "expected"), EVERY)
def test_in_every_part_of_a_wide_row(written, expected):
    quoted = f'"{written}"'
    text = f"{HEAD}5a,5a_n,5a_d,5b_n,5b_d,5c_n,5c_d,11,swd,sig_dis,percentile\n"
    text += f"{WHO}{quoted},,,{quoted},40,3,{quoted},{quoted},{quoted},{quoted},{quoted}\n"
    text += "9900002,B,S,2023-24,50,,,1,40,3,40,100,50,no,30\n"
    taken = checked_files.take(text.encode(), "x.csv")
    data = taken.dataset
    row = data.row_of("9900001", "2023-24")
    assert not errors(taken) and data.swd[row] == -1 and data.sig_dis[row] == -1
    for code in ("5a", "5b", "11") if expected is not Missing.BLANK else ():
        assert data.missing[row, POSITION[code]] == expected
    assert data.missing[row, POSITION["5c"]] not in (Missing.PRESENT, Missing.REFUSED)


def test_apr_and_counts():
    apr = intake.LAYOUTS[0].example.replace("NC\t≤4.0%", "<11\t≤4.0%")
    taken = checked_files.take(apr.encode(), "x.tsv")
    assert taken.dataset.missing[0, POSITION["5c"]] == Missing.SUPPRESSED and not errors(taken)
    assert {one.indicator for one in taken.targets} == {"5a", "5c"}
    counts = "lea_code,year,area,group,cell,total\n9900001,2023-24,oss_over_10,Black,<11,120\n"
    counts += "9900001,2023-24,oss_over_10,Total,62,1000\n"
    assert not errors(checked_files.take(counts.encode(), "x.csv"))


def test_said_once_a_spelling():
    text = HEAD + "5a,5b\n" + "".join(f"99000{at:02d},A,S,2023-24,<11,NULL\n" for at in range(20))
    taken = checked_files.take(text.encode(), "x.csv")
    said = [one for one in taken.problems if one.kind.startswith("reason_")]
    assert [(one.kind, one.row, one.column, one.values["n"]) for one in said] == [
        ("reason_edge", 2, "5a", 20), ("reason_doubtful", 2, "5b", 20),
    ]  # fmt: skip


def test_a_note_beside_a_value():
    """A dash or `none` in the note says nothing about a number; `suppressed` contradicts it."""
    head = "lea_code,year,indicator,rate,note\n"
    for note in ("-", "none", "No data", "first estimate"):
        taken = checked_files.take(f"{head}9900001,2023-24,5a,53.2,{note}\n".encode(), "x.csv")
        assert taken.dataset.exact(0, "5a") is not None and not kinds(taken)
    taken = checked_files.take(f"{head}9900001,2023-24,5a,53.2,suppressed\n".encode(), "x.csv")
    assert taken.dataset.exact(0, "5a") is None and kinds(taken) == ["reason_and_value"]
    taken = checked_files.take(f"{head}9900001,2023-24,5a,,Fewer than 11 students\n".encode(), "x.csv")
    assert taken.dataset.missing[0, POSITION["5a"]] == Missing.SUPPRESSED


def test_reasons_are_rendered():
    for one in (text for text, _ in EVERY):
        assert (reasons.reason(one) is not None) == (cell_text.number(one) is not None)
