"""A region's numbers add up to its LEAs."""

from __future__ import annotations

from cim_core.data.dataset import Missing
from cim_core.data.indicators import POSITION
from cim_core.intake.problems import Problem, Severity
from cim_core.placing.placement import Result
from cim_core.why import region as summary
from tests.conftest import sample_placements


def test_counts_hold_every_lea_once_and_rows_run_down_the_tiers():
    placements = sample_placements()
    for year in placements.dataset.years:
        region = summary.region(placements, year)
        assert sum(count for _, count in region.counts) == len(region.rows) == len(set(region.rows))
        severities = [placements.placement(row).severity for row in region.rows]
        assert severities == sorted(severities, reverse=True)
        listed = [row for _, rows in summary.by_placement(placements, region) for row in rows]
        assert sorted(listed) == sorted(region.rows)
        assert {row for row in region.rows if not placements.firm[row]} == set(region.provisional)


def test_the_year_before_is_the_last_one_there_is():
    placements = sample_placements()
    region = summary.region(placements, "2024-25")
    assert region.previous_year == "2023-24"
    assert summary.region(placements, "2022-23").previous_year is None


def test_most_missed_counts_leas_with_data_only():
    placements = sample_placements()
    region = summary.region(placements, "2024-25")
    code, missed, counted = region.most_missed[0]
    results = [Result(int(placements.results[row, POSITION[code]])) for row in region.rows]
    assert missed == results.count(Result.MISSED)
    assert counted == missed + results.count(Result.MET) + results.count(Result.MET_NOT_CALCULATED)


def test_the_state_of_a_cell():
    placements = sample_placements()
    data = placements.dataset
    row = summary.region(placements, "2024-25").rows[0]
    code, year = str(data.lea_code[row]), str(data.year[row])
    found = (
        Problem(Severity.WARNING, "rate", "f.csv", lea_code=code, year=year, indicator="5a"),
        Problem(Severity.NOTE, "rate", "f.csv", lea_code=code, year=year, indicator="5b"),
        Problem(Severity.ERROR, "rate", "f.csv", lea_code=code, year="2001-02", indicator="5c"),
    )
    cells = summary.cell_states(placements, row, summary.worst_in_cells(found))
    assert (cells["5a"], cells["5b"], cells["5c"]) == ("warning", "fine", "fine")
    for one, at in POSITION.items():
        if data.missing[row, at] != Missing.PRESENT:
            assert cells[one] == "missing"
