"""What an upload lacks for ranking comes from the state file: same LEA, same year, whole cells, and said."""

from pathlib import Path

import numpy as np
import pytest

from cim_core import export, intake, reference, rulebook_file
from cim_core.disclosure import Disclosure
from cim_core.placement import place

CASE = Path(__file__).parents[1] / "fixtures" / "cases" / "P6_only_placement_of_real_leas.csv"
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
    taken = intake.read_path(CASE).dataset
    placed = place(taken, BOOK, reference.shipped())
    row = taken.row_of(code, "2023-24")
    ranked = placed.percentiles["school_age"]
    assert ranked.percentile[row] == pytest.approx(state_percentile(code, "2023-24"), abs=1e-9)
    assert set(ranked.from_state(row)) == {"ela_dfs", "math_dfs", "susp", "chronic"}
    line = export.place_row(placed, row, Disclosure())
    assert "from the state file, since your files lack them" in " ".join(line["reasons"])
    assert set(line["from_state_file"]) == set(ranked.from_state(row))


def test_a_value_of_the_upload_wins_and_another_year_gives_nothing():
    text = HEAD.replace("5a_n", "susp_n,susp_d,5a_n")
    lines = "".join(
        f"12628100000000,Fortuna Union High,H,{year},150,0,no,0,1,150,100,140,10,140\n"
        for year in ("2023-24", "2025-26")
    )
    taken = intake.read((text + lines).encode(), "own.csv").dataset
    ranked = place(taken, BOOK, reference.shipped()).percentiles["school_age"]
    now, later = (taken.row_of("12628100000000", year) for year in ("2023-24", "2025-26"))
    assert "susp" not in ranked.from_state(now) and "chronic" in ranked.from_state(now)
    assert not ranked.from_state(later) and np.isnan(ranked.percentile[later])
