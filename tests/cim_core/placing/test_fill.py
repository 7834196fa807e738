"""What an upload lacks for ranking comes from the state file: same LEA, same year, whole cells, and said."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cim_core.data.dataset import Missing
from cim_core.data.indicators import POSITION
from cim_core.export import rows
from cim_core.outlook.margins import margins
from cim_core.placing import checked_files, reference
from cim_core.placing.placement import place
from cim_core.rules import rulebook_file
from cim_core.words.disclosure import Disclosure

CASE = Path(__file__).parents[2] / "fixtures" / "cases" / "P6_only_placement_of_real_leas.csv"
HEAD = (
    "lea_code,lea_name,selpa,year,swd,disproportionate_years,newly_disproportionate,minor_findings,"
    "5a_n,5a_d,5b_n,5b_d\n"
)
BOOK = rulebook_file.load()


def state_percentile(code: str, year: str) -> float:
    """Where the state's own results of that year put an LEA."""
    shipped = reference.shipped()
    assert shipped.dataset is not None
    own = place(shipped.dataset, BOOK, shipped)
    row = shipped.dataset.row_of(code, year)
    assert row is not None
    return float(own.percentiles["school_age"].percentile[row])


@pytest.mark.parametrize("code", ["19647330000000", "12628100000000"])
def test_an_upload_of_5a_and_5b_alone_is_ranked_where_the_state_ranks_it(code):
    taken = checked_files.read_path(CASE).dataset
    placed = place(taken, BOOK, reference.shipped())
    row = taken.row_of(code, "2023-24")
    ranked = placed.percentiles["school_age"]
    assert ranked.percentile[row] == pytest.approx(state_percentile(code, "2023-24"), abs=1e-9)
    assert set(ranked.from_state(row)) == {"ela_dfs", "math_dfs", "susp", "chronic"}
    line = rows.place_row(placed, row, Disclosure())
    assert "from the state file, since your files lack them" in " ".join(line["reasons"])
    assert set(line["from_state_file"]) == set(ranked.from_state(row))


def test_a_value_of_the_upload_wins_and_another_year_gives_nothing():
    text = HEAD.replace("5a_n", "susp_n,susp_d,5a_n")
    lines = "".join(
        f"12628100000000,Fortuna Union High,H,{year},150,0,no,0,1,150,100,140,10,140\n"
        for year in ("2023-24", "2025-26")
    )
    taken = checked_files.take((text + lines).encode(), "own.csv").dataset
    ranked = place(taken, BOOK, reference.shipped()).percentiles["school_age"]
    now, later = (taken.row_of("12628100000000", year) for year in ("2023-24", "2025-26"))
    assert "susp" not in ranked.from_state(now) and "chronic" in ranked.from_state(now)
    assert not ranked.from_state(later) and np.isnan(ranked.percentile[later])


ADELANTO = "36675870000000"
PLACEMENT_ONLY = f"lea_code,lea_name,year,5a,5b,5c\n{ADELANTO},Adelanto Elementary,2024-25,58.1,14.2,0.9\n"


def test_5a_to_5c_of_adelanto_alone_are_ranked_as_the_state_ranks_it_and_never_look_settled():
    """A file of 5a to 5c alone said Universal; the state's own results put the LEA far down."""
    taken = checked_files.take(PLACEMENT_ONLY.encode(), "adelanto.csv").dataset
    placed = place(taken, BOOK, reference.shipped())
    ranked = placed.percentiles["school_age"]
    assert ranked.percentile[0] == pytest.approx(state_percentile(ADELANTO, "2024-25"), abs=1e-9)
    assert placed.placement(0).name != "Universal"
    line = rows.place_row(placed, 0, Disclosure())
    assert set(line["from_state_file"]) == {"chronic", "susp", "ela_dfs", "math_dfs", "swd"}
    assert "the number of students with disabilities from the state file" in " ".join(line["reasons"])


def test_switched_off_nothing_is_taken_from_the_state_file():
    taken = checked_files.take(PLACEMENT_ONLY.encode(), "adelanto.csv").dataset
    against = reference.of_choice(reference.UNFILLED, reference.shipped())
    assert against is not None
    placed = place(taken, BOOK, against)
    ranked = placed.percentiles["school_age"]
    assert np.isnan(ranked.percentile[0]) and not ranked.filled.any() and not ranked.filled_swd.any()
    assert rows.place_row(placed, 0, Disclosure())["from_state_file"] == []
    assert not placed.firm[0]


def test_where_two_files_disagree_nothing_is_filled_in():
    taken = checked_files.take(CASE.read_bytes(), "p6.csv").dataset
    row = taken.row_of("12628100000000", "2023-24")
    refused = taken.missing.copy()
    refused[row, POSITION["susp"]] = Missing.REFUSED
    placed = place(replace(taken, missing=refused), BOOK, reference.shipped())
    assert "susp" not in placed.percentiles["school_age"].from_state(row)
    assert "chronic" in placed.percentiles["school_age"].from_state(row)


def test_a_filled_value_is_marked_in_the_arithmetic_and_beside_the_indicator():
    taken = checked_files.take(PLACEMENT_ONLY.encode(), "adelanto.csv").dataset
    placed = place(taken, BOOK, reference.shipped())
    told = rows.explain_row(placed, 0, Disclosure(), margins(placed))
    marked = {one["step"] for one in told["ranking"]["school_age"] if one["from_state_file"]}
    assert len(marked) == 4 and all("(from the state file)" in one for one in marked)
    beside = {one["indicator"]: one["ranked_with_state_value"] for one in told["indicators"]}
    assert beside["susp"] == 9.49 and beside["chronic"] == 33.15 and beside["5a"] is None
