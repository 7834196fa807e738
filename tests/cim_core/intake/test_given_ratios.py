from __future__ import annotations

import pytest

from cim_core.placing import checked_files
from cim_core.placing.disproportionality import OPEN
from cim_core.placing.placement import place
from cim_core.placing.ranking import NO_REFERENCE
from cim_core.rules import rulebook_file
from cim_core.why.explanation import explain
from cim_core.words.disclosure import Disclosure
from tests.cim_core.intake.files import errors, only

HEAD = "LEA Code,LEA Name,School Year,Area,Race/Ethnicity,Risk Ratio,Status"
YEARS = ("2021-22", "2022-23", "2023-24")


def read(*rows, head=HEAD):
    return checked_files.take("\n".join((head, *rows)).encode(), "ratios.csv")


def told(*statuses, ratios=("", "", ""), area="OSS > 10 days", group="Black"):
    return [
        f"9900001,Meadow,{year},{area},{group},{ratio},{status}"
        for year, ratio, status in zip(YEARS, ratios, statuses, strict=True)
    ]


def facts(taken, year="2023-24", lea="9900001"):
    data = taken.dataset
    row = data.row_of(lea, year)
    bounds = None
    if data.worked_out is not None and data.worked_out.least[row] >= 0:
        bounds = int(data.worked_out.least[row]), int(data.worked_out.most[row])
    flags = data.newly_disproportionate[row], data.sig_dis[row]
    return int(data.disproportionate_years[row]), *map(int, flags), bounds


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        (("Not disproportionate", "Disproportionate", "Disproportionate"), (2, 0, 0, None)),
        (("No", "No", "Yes"), (1, 1, 0, None)),
        (("No", "Yes", "No"), (0, 0, 0, None)),
        (("Yes", "Yes", "Yes"), (-1, 0, 1, (3, OPEN))),
        (("NC", "Yes", "Yes"), (-1, 0, -1, (2, OPEN))),
        (("NC", "NC", "Yes"), (-1, -1, -1, (1, OPEN))),
        (("NC", "NC", "Second year"), (2, 0, 0, None)),
        (("NC", "NC", "Newly disproportionate"), (1, 1, 0, None)),
        (("No", "No", "Significant"), (-1, 0, 1, (3, OPEN))),
        (("No", "Yes", "NC"), (-1, -1, 0, (0, 2))),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_years_in_a_row_of_one_area_and_group(statuses, expected, turned):
    rows = told(*statuses)
    taken = read(*(rows[::-1] if turned else rows))
    assert taken.layout == "given_ratios" and not errors(taken)
    assert facts(taken) == expected


def test_another_area_or_group_is_another_run():
    rows = [
        *told("No", "Yes", "No"),
        *told("No", "No", "Yes", area="Autism"),
        *told("No", "Yes", "Yes", group="White"),
    ]
    assert facts(read(*rows)) == (2, 0, 0, None)
    assert facts(read(*rows[:6])) == (1, 1, 0, None)


def test_a_ratio_alone_counts_by_the_threshold_and_a_status_goes_before_it():
    rows = told("", "", "", ratios=("2.9", "3.0", "3.01"))
    taken = read(*rows)
    assert facts(taken) == (1, 1, 0, None) and only(taken, "ratio_assumed").values["n"] == 3
    assert facts(read(*told("No", "No", "Not", ratios=("2", "4", "5")))) == (0, 0, 0, None)
    assert facts(read(*told("No", "No", "Not significant", ratios=("2", "2", "5")))) == (1, 1, 0, None)


def test_years_across():
    head = "LEA Code,LEA Name,Area,Race,2021-22,2022-23,2023-24"
    assert facts(read("9900001,Meadow,Autism,Asian,1.2,3.4,3.6", head=head)) == (2, 0, 0, None)
    assert facts(read("9900001,Meadow,Autism,Asian,Not,Disproportionate,Disproportionate", head=head))[0] == 2
    head = "LEA Code,Area,Race,2022-23 Risk Ratio,2022-23 Status,2023-24 Risk Ratio,2023-24 Status"
    assert facts(read("9900001,Autism,Asian,3.4,Not,3.6,Disproportionate", head=head)) == (1, 1, 0, None)


def test_a_column_of_its_own_for_significant():
    head = "LEA Code,School Year,Indicator,Race,Disproportionate?,Sig Dis"
    taken = read("9900001,2023-24,9,Black,Yes,Yes", "9900002,2023-24,9,Black,Yes,No", head=head)
    assert facts(taken)[2] == 1 and facts(taken, lea="9900002") == (-1, -1, -1, (1, OPEN))


def test_a_gap_between_years_breaks_what_is_known():
    rows = told("No", "Yes", "Yes")
    assert facts(read(rows[0], rows[2])) == (-1, -1, -1, (1, OPEN))


def test_two_statuses_for_one_group_are_unknown_and_a_strange_one_is_said():
    rows = told("No", "No", "Yes")
    taken = read(*rows, rows[2].replace("Yes", "No"))
    assert errors(taken) == ["ratio_twice"] and facts(taken)[0] == -1
    assert errors(read(*told("No", "No", "purple"))) == ["ratio_status"]


def test_at_least_one_year_is_never_no_disproportionality():
    taken = read(*told("NC", "NC", "Yes"))
    placements = place(taken.dataset, rulebook_file.load(), NO_REFERENCE)
    row = placements.dataset.row_of("9900001", "2023-24")
    assert "Targeted Level 3" in [one.name for one in placements.could_be(row)]


@pytest.mark.parametrize(
    ("statuses", "said"),
    [(("NC", "NC", "Yes"), "at least 1 year in a row"), (("No", "Yes", "NC"), "allow 0 to 2 years in a row")],
)
def test_why_says_what_the_file_leaves_open(statuses, said):
    placements = place(read(*told(*statuses)).dataset, rulebook_file.load(), NO_REFERENCE)
    row = placements.dataset.row_of("9900001", "2023-24")
    sentences = [Disclosure().say(one.detail) for one in explain(placements, row).clauses]
    assert any(said in one for one in sentences), sentences
    assert placements.dataset.knows_disproportionality[row]


def test_years_written_as_one_number_follow_one_another():
    head = "LEA Code,Year,Area,Race,Status"
    rows = [f"9900001,{year},Autism,Black,{status}" for year, status in (("2023", "No"), ("2024", "Yes"))]
    content = "\n".join((head, *rows)).encode()
    taken = checked_files.take(content, "x.csv", answers={"year": "end"})
    assert facts(taken)[:2] == (1, 1)


def test_nothing_known_of_a_year_is_no_bound():
    data = read(*told("NC", "NC", "NC")).dataset
    assert data.worked_out is None and not data.knows_disproportionality.any()
