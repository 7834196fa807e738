"""Page breaks, footnotes and signs inside pasted reports: a rate is the row's own, or the row is an error."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cim_core.data.dataset import Missing
from cim_core.intake.layouts.apr import printed
from tests.cim_core.intake.test_apr import TOP, content, kinds, only, read, report, rows_of
from tests.conftest import examples


def plain(*lines: str):
    return read("\n".join([*TOP, *lines]) + "\n")


@pytest.mark.parametrize(
    "junk",
    ["Page 3 of 5", "page 3", "3/5", "3 of 5", "- 3 -", "June 3, 2019", "6/3/2019", "6/3/2019 Page 3 of 5",
     "3", "Special Education Division Page 3 of 5", "* lagged data of 2015-16", "1 See the notes",
     "No. Indicator Rate Target Target Met? Monitoring Activities"],
)  # fmt: skip
def test_a_page_break_inside_a_row_changes_no_rate(junk):
    taken = plain("5b LRE 40 20.1%", junk, "≤22.6% Yes", "5c Separate Schools 2.07% ≤4.0% Yes")
    assert content(taken)[0][5] == {"5b": Decimal("20.1"), "5c": Decimal("2.07")}
    assert ("report_lines" in kinds(taken)) == ("Target" not in junk) and not taken.errors
    headed = plain("5b LRE", junk, "less than 40% 20.1% ≤22.6% Yes", "5c Separate 2.07% ≤4.0% Yes")
    assert content(headed)[0][5].get("5b", "") in (Decimal("20.1"), "")
    assert ("5b" in content(headed)[0][5]) != ("report_row" in kinds(headed))


@pytest.mark.parametrize(
    "lines",
    [
        ["5b LRE 40 20.1%", "We saw 5", "≤22.6% Yes"], ["5b LRE 20.1% 5 ≤22.6% Yes"],
        ["5b LRE", "2", "Regular class 20.1% ≤22.6% Yes"], ["5b LRE 20", "7", "≤22.6% Yes"],
        ["2 Dropout", "1 Ask for the notes", "NC ≤11.72% NA"], ["9 Areas 0", "3", "0 Yes"],
        ["5b In Regular Class", "3", "less than 40%", "3", "11.54% ≤22.6% Yes"],
        ["9 Areas 2 0", "3", "Yes"], ["9", "Areas", "0", "3", "0", "Yes"],
        ["9", "Areas", "1", "0", "0", "Yes"],
        ["5a In Regular Class more than 80% ≥51.2% Yes"], ["5a In Regular Class > 80% ≥51.2% Yes"],
        ["4a Discipline > 10 <2.76 Yes"], ["9 Areas 2", "of all 3", "0 Yes"],
    ],
)  # fmt: skip
def test_a_row_whose_rate_is_in_doubt_is_an_error(lines):
    taken = plain(*lines, "5c Separate Schools 2.07% ≤4.0% Yes")
    assert content(taken)[0][5] == {"5c": Decimal("2.07")}
    assert "report_row" in {one.kind for one in taken.errors}


@pytest.mark.parametrize("gap", ["", " "])
def test_labels_with_a_sign(gap):
    taken = plain(
        f"5a LRE Rate: In Regular Class >{gap}80% 66.57% ≥51.2% Yes", f"5b Class <{gap}40% 11.54% ≤22.6% Yes",
        f"4a Discipline >{gap}10 days NC <2.76 Yes", f"5c Separate ≤{gap}5% 2.07% <{gap}4.0% Yes",
    )  # fmt: skip
    assert not taken.errors and content(taken)[0][5] == {
        "5a": Decimal("66.57"), "5b": Decimal("11.54"), "4a": Missing.NOT_CALCULATED, "5c": Decimal("2.07")
    }  # fmt: skip
    assert [str(one.value) for one in taken.targets] == ["51.2", "22.6", "2.76", "4.0"]
    cells = plain("5a", f"LRE Rate: >{gap}80%", "66.57%", "≥51.2%", "Yes", "NA")
    assert content(cells)[0][5] == {"5a": Decimal("66.57")}


JUNK = [
    "Page 3 of 5", "3/5", "3 of 5", "Page 12", "June 3, 2019", "6/3/2019", "3", "2", "12", "0", "17",
    "- 4 -", "* lagged data of 2015-16", "1 See the notes", "2 Rates are of 2015-16", "We counted 7",
    "No. Indicator Rate Target Target Met? Monitoring Activities", "Special Education Division",
    "California Department of Education 2", "Rates below 5% are rounded", "17 schools took part", "", "5%",
]  # fmt: skip


@settings(max_examples=examples(300), deadline=None)
@given(st.data())
def test_junk_between_and_inside_rows_never_gives_a_wrong_rate(data):
    lines, truth = [*TOP], {}
    blank = data.draw(st.sampled_from([" ", "\n"]), "between cells")
    chosen = data.draw(st.lists(st.sampled_from(rows_of()), min_size=2, max_size=6, unique=True), "rows")
    for row in chosen:
        truth[printed.code_of(row[0], row[1])] = row[2]
        if data.draw(st.booleans(), "junk before"):
            lines.append(data.draw(st.sampled_from(JUNK)))
        words = blank.join(row).split(" ")
        if data.draw(st.booleans(), "junk inside"):
            cuts = data.draw(st.lists(st.integers(1, len(words) - 1), min_size=1, max_size=2, unique=True))
            for cut in sorted(cuts, reverse=True):
                words.insert(cut, f"\n{data.draw(st.sampled_from(JUNK))}\n")
        lines.append(" ".join(words))
    taken = read("\n".join(lines) + "\n")
    found = content(taken)[0][5] if len(taken.dataset) else {}
    for code, value in found.items():
        if value is not Missing.REFUSED and value is not Missing.BLANK:
            written = truth[code].removesuffix("%")
            assert value == (Missing.NOT_CALCULATED if written == "NC" else Decimal(written)), code
    lost = [code for code in truth if found.get(code, Missing.BLANK) in (Missing.BLANK, Missing.REFUSED)]
    assert not lost or taken.errors


@pytest.mark.parametrize(
    "title",
    ["Monitoring year: 2024-25", "CIM 2024-25 Annual Performance Report", "Monitoring Year:\n2024-25"],
)
@pytest.mark.parametrize("text_of", [lambda text: text, lambda text: text.replace("\t", " ")])
def test_a_monitoring_year_is_not_the_year_of_a_report(title, text_of):
    text = text_of(report("Agency: Meadow Unified (9900001)", title=title))
    taken = read(text)
    assert [(one.id, one.open, one.options) for _, one in taken.questions] == [("year", True, ("2024-25",))]
    assert not len(taken.dataset) and only(taken, "year_asked") and not taken.targets
    assert content(read(text, answers={"year": "2022-23"}))[0][3] == "2022-23"
    assert content(read("School Year: 2022-23\n" + text))[0][3] == "2022-23"
