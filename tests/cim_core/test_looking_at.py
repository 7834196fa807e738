"""Looking at some LEAs of a file changes no number of theirs: it only says who is listed and counted."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cim_core.certainty import certainty
from cim_core.data import race_counts
from cim_core.data.data_edits import DataEdit, improved
from cim_core.data.dataset import Dataset, build
from cim_core.data.race_counts import Area, Count, Group
from cim_core.movement import movement
from cim_core.outlook import change_search, closeness, smallest_change
from cim_core.placing.placement import Placements, place
from cim_core.placing.ranking import NO_REFERENCE, WITHIN, Reference, ReferenceKind
from cim_core.rules import thresholds
from cim_core.rules.rulebook import Rulebook
from cim_core.whatif import compare, scenario
from cim_core.whatif import sweep as swept
from cim_core.why import region
from tests.changes import changes
from tests.conftest import examples, sample_placements
from tests.strategies import YEARS, lea_years, rulebooks

OLD, NEW = YEARS
SLOW = settings(
    max_examples=examples(150),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
RULES_CHANGED = scenario.Scenario(instead="cde-2023", changes=changes({"targets.5a.value": Decimal("40.0")}))
NUMBERS = (
    "outcomes",
    "deciding",
    "placed",
    "possible",
    "results",
    "counted",
    "unsupplied",
    "small_lea",
    "sig_dis",
)
PERCENTS = (
    "percentile",
    "low",
    "high",
    "indicator",
    "indicator_low",
    "indicator_high",
    "rank",
    "ranked",
    "state",
)


@st.composite
def counts(draw: st.DrawFn, keys: list[str]) -> race_counts.Counts | None:
    """Counts by race of some LEAs and of the state, so that ratios and alternate ratios are worked out."""
    whose = [*draw(st.lists(st.sampled_from(keys), unique=True)), race_counts.STATE]
    cells = st.sampled_from([0, 9, 10, 30, 90])
    return race_counts.build(
        Count(key, year, Area.AUTISM, group, draw(cells), draw(st.sampled_from([90, 200, 1000])))
        for key in whose
        for year in YEARS
        for group in (Group.BLACK, Group.WHITE, Group.HISPANIC)
    )


@st.composite
def files(draw: st.DrawFn) -> tuple[Dataset, frozenset[str], Reference]:
    """A file with some of its LEAs chosen, and against whom all are ranked."""
    rows = draw(lea_years(most=7))
    keys = sorted({row.lea_code for row in rows})
    data = build(rows, counts=draw(st.one_of(st.none(), counts(keys))))
    chosen = draw(st.frozensets(st.sampled_from(keys), min_size=1))
    state = build(draw(lea_years(most=7, prefix=draw(st.sampled_from(["99", "88"])))))
    statewide = Reference(ReferenceKind.STATEWIDE, state, fill=draw(st.booleans()))
    return data, chosen, draw(st.sampled_from([statewide, WITHIN, NO_REFERENCE]))


def assert_same(whole: Placements, mine: Placements) -> None:
    for name in NUMBERS:
        np.testing.assert_array_equal(getattr(whole, name), getattr(mine, name), name)
    np.testing.assert_array_equal(whole.firm, mine.firm)
    for key, ranked in whole.percentiles.items():
        for name in PERCENTS:
            np.testing.assert_array_equal(getattr(ranked, name), getattr(mine.percentiles[key], name), name)
        assert ranked.years == mine.percentiles[key].years


@SLOW
@given(files(), rulebooks())
def test_placements_outcomes_and_percentiles_are_those_of_the_whole_file(file, rules):
    """By marking the file before it is placed as well as by marking the placements, and under a scenario."""
    data, chosen, against = file
    whole, mine = place(data, rules, against), place(data.looking_at(chosen), rules, against)
    assert_same(whole, mine)
    assert_same(whole, whole.looking_at(chosen))
    edit = DataEdit(str(data.lea_code[0]), str(data.year[0]), "5a", 7, 40)
    for wanted in (RULES_CHANGED, scenario.Scenario(edits=(edit,))):
        both = (scenario.run(wanted, rules, one, against) for one in (data, data.looking_at(chosen)))
        assert_same(*both)
    assert data.says_nothing_about() == data.looking_at(chosen).says_nothing_about()


@SLOW
@given(files(), rulebooks())
def test_only_the_chosen_are_listed_and_counted(file, rules):
    data, chosen, against = file
    whole = place(data, rules, against)
    mine = whole.looking_at(chosen)
    for year in data.years:
        rows = [row for row in data.rows_of_year(year).tolist() if data.lea_key[row] in chosen]
        assert mine.dataset.rows_of_year(year).tolist() == rows
        found = region.region(mine, year)
        assert sorted(found.rows) == rows and sum(count for _, count in found.counts) == len(rows)
        assert set(found.provisional) <= set(rows)
        assert region.firmness(mine, year).rows == len(rows)
    years = {str(year) for year in data.year[np.isin(data.lea_key, list(chosen))]}
    assert set(mine.dataset.years) == years and set(mine.dataset.every_year) == set(data.years)


@settings(SLOW, max_examples=examples(60))
@given(files(), rulebooks())
def test_what_would_move_them_and_what_moved_them_is_the_same(file, rules):
    data, chosen, against = file
    whole = place(data, rules, against)
    mine = whole.looking_at(chosen)
    for year in mine.dataset.years:
        rows = mine.dataset.rows_of_year(year).tolist()
        grounds = change_search.ground(whole, year), change_search.ground(mine, year)
        everybody, ours = (smallest_change.answers(on) for on in grounds)
        assert list(ours) == rows and ours == {row: everybody[row] for row in rows}
        assert closeness(grounds[0], rows) == closeness(grounds[1], rows)
    if set(mine.dataset.years) == set(YEARS):
        all_moved, mine_moved = (movement(one, one, OLD, NEW, against, against) for one in (whole, mine))
        ours = [one for one in all_moved.movers if data.lea_key[one.row_after] in chosen]
        assert [(one.row_before, one.row_after) for one in ours] == [
            (one.row_before, one.row_after) for one in mine_moved.movers
        ]
        for first, second in zip(ours, mine_moved.movers, strict=True):
            assert [stage.placement for stage in first.stages] == [stage.placement for stage in second.stages]


@settings(SLOW, max_examples=examples(40))
@given(files(), rulebooks(), st.data())
def test_a_threshold_turns_them_at_the_same_values(file, rules: Rulebook, data):
    dataset, chosen, against = file
    threshold = data.draw(st.sampled_from(thresholds.thresholds(rules)))
    placed = place(dataset, rules, against)
    whole, mine = (
        swept(threshold, rules, one, against, placed.percentiles)
        for one in (dataset, dataset.looking_at(chosen))
    )
    assert whole.changes == mine.changes
    np.testing.assert_array_equal(whole.start, mine.start)


def test_chance_is_drawn_alike():
    whole = sample_placements()
    year = whole.dataset.years[-1]
    mine = whole.looking_at(whole.dataset.lea_key[:9].tolist())
    everybody, ours = (certainty(one, year, draws=20) for one in (whole, mine))
    rows = mine.dataset.rows_of_year(year).tolist()
    assert ours.rows.tolist() == rows and len(rows) < len(everybody.rows)
    at = [everybody.at(row) for row in rows]
    for name in ("placed", "missed", "redrawn"):
        np.testing.assert_array_equal(getattr(everybody, name)[at], getattr(ours, name))


def test_everybody_improving_means_those_who_are_looked_at():
    whole = sample_placements().dataset
    chosen = set(whole.lea_key[:6].tolist())
    better = improved(whole.looking_at(chosen), Decimal(10))
    moved = (better.numerator != whole.numerator).any(axis=1)
    assert moved.any() and set(whole.lea_key[moved].tolist()) <= chosen
    found = compare(sample_placements(), place(better, sample_placements().rulebook))
    assert len(found.before.dataset) == len(whole)


@pytest.mark.parametrize("keys", [(), ("nobody",)])
def test_choosing_nobody_who_is_there_looks_at_everybody(keys):
    data = sample_placements().dataset
    assert data.looking_at(keys).mine is None
    assert data.looking_at(data.lea_key.tolist()).mine is None
