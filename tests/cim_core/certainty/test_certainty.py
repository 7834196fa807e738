from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta

from cim_core.certainty import certainty, held_fixed, rates, sentences, simulation, summary_of
from cim_core.certainty.held_fixed import HeldReason
from cim_core.data.dataset import NANO, Cell, Facts, LeaYear, build
from cim_core.data.indicators import CODES, POSITION
from cim_core.placing import reference
from cim_core.placing.placement import Result, place
from cim_core.placing.ranking import NO_REFERENCE, WITHIN, Reference, ReferenceKind
from cim_core.rules import rulebook_file
from cim_core.rules.rulebook import Rulebook
from cim_core.words.disclosure import Disclosure
from tests.conftest import examples, sample_placements
from tests.oracles import certainty as slow_certainty
from tests.oracles import exact_chances
from tests.oracles import placement as oracle
from tests.strategies import lea_years, rulebooks

YEAR = "2023-24"
BOOK = rulebook_file.load()
GOOD = Facts(swd=500, disproportionate_years=0, newly_disproportionate=False, minor_findings=0)
PERFECT = {code: Cell(numerator=200, denominator=200) for code in ("11", "12", "13")}
FAR = PERFECT | {
    "1": Cell(numerator=290, denominator=300),
    "5a": Cell(numerator=700, denominator=1000),
    "5b": Cell(numerator=100, denominator=1000),
    "5c": Cell(numerator=10, denominator=1000),
    "susp": Cell(numerator=20, denominator=1000),
    "chronic": Cell(numerator=150, denominator=1000),
}


def lea(at: int, cells: dict[str, Cell], facts: Facts = GOOD, year: str = YEAR) -> LeaYear:
    return LeaYear(f"99{at:05d}", year, f"LEA {at}", "S", facts, cells)


def alone(cells: dict[str, Cell], facts: Facts = GOOD, book: Rulebook = BOOK):
    return place(build([lea(1, cells, facts)]), book, NO_REFERENCE)


def worse(at: int) -> LeaYear:
    cells = {
        "5a": Cell(numerator=600 - 10 * at, denominator=1000),
        "susp": Cell(numerator=40 + 2 * at, denominator=1000),
        "chronic": Cell(numerator=200 + 5 * at, denominator=1000),
    }
    return lea(100 + at, cells)


def test_the_trap_nobody_who_is_far_from_every_cut_is_moved_by_chance():
    rows = [lea(1, FAR), *(worse(at) for at in range(40))]
    placements = place(build(rows), BOOK, WITHIN)
    found = certainty(placements, YEAR)
    row = placements.dataset.row_of("9900001", YEAR)
    summary = summary_of(found, row)
    assert summary.placement.name == "Universal" and summary.share >= 0.95
    assert summary.told
    fixed = {one.reason: one.indicators for one in summary.held}
    assert fixed[HeldReason.COMPLIANCE] == ("11", "12", "13")
    assert all(found.missed_of(row, code) / found.draws == 0 for code in PERFECT)


@pytest.mark.parametrize("top", [5320, 532])
def test_exactly_at_a_cut_half_of_the_draws_are_on_either_side(top):
    placements = alone(PERFECT | {"5a": Cell(numerator=top, denominator=top * 1000 // 532)})
    found = certainty(placements, YEAR)
    assert placements.placement(0).name == "Universal"
    assert 0.4 < found.share[0].max() < 0.6 and found.told(0)
    assert found.missed_of(0, "5a") / found.draws == pytest.approx(1 - found.own(0) / found.draws)


def test_the_same_seed_gives_the_same_answer_whoever_shares_the_work():
    placements = sample_placements()
    first, second = (certainty(placements, YEAR, 300, seed=7, threads=threads) for threads in (1, 3))
    assert (first.placed == second.placed).all() and (first.missed == second.missed).all()
    assert (first.placed != certainty(placements, YEAR, 300, seed=8).placed).any()


def test_shares_add_up_and_the_part_done_only_grows():
    placements, told = sample_placements(), []
    found = certainty(placements, YEAR, 250, progress=told.append)
    assert found.share.sum(axis=1) == pytest.approx(np.ones(len(found.rows)))
    assert told == sorted(told) and told[-1] == 1 and len(told) > 3
    for row in found.rows.tolist():
        summary = summary_of(found, row)
        assert sum(count for _, count in summary.placements) == 250
        assert summary.share == found.own(row) / 250


def test_other_years_are_not_touched():
    placements = sample_placements()
    found = certainty(placements, YEAR, 50)
    assert found.rows.tolist() == placements.dataset.rows_of_year(YEAR).tolist()
    other = placements.dataset.rows_of_year("2022-23")[0]
    assert not held_fixed.redrawn(placements, YEAR)[other].any()
    with pytest.raises(IndexError):
        found.own(int(other))
    with pytest.raises(ValueError, match="at least one draw"):
        certainty(placements, YEAR, 0)


def test_without_percentiles_the_exact_distribution_agrees():
    cells = PERFECT | {
        "6a": Cell(numerator=36, denominator=100),
        "5a": Cell(numerator=54, denominator=100),
        "5b": Cell(numerator=5, denominator=30),
        "5c": Cell(numerator=0, denominator=12),
        "8": Cell(numerator=480, denominator=500),
        "14a": Cell(rate=Decimal("50")),
    }
    placements = alone(cells)
    draws = 20_000
    found = certainty(placements, YEAR, draws)
    counts = exact_chances.missed_targets(placements, 0)
    assert counts.sum() == pytest.approx(1) and counts[0] == 0
    expected = {"Universal": 0.0, "Targeted Level 1": counts[1:3].sum(), "Targeted Level 2": counts[3:].sum()}
    labels = [one.name for one in BOOK.placements]
    for label, share in expected.items():
        error = math.sqrt(share * (1 - share) / draws)
        assert abs(found.share[0, labels.index(label)] - share) <= 4 * error
    for code in cells:
        chance = exact_chances.chance_of_missing(placements, 0, code)
        error = math.sqrt(chance * (1 - chance) / draws)
        assert abs(found.missed_of(0, code) / found.draws - chance) <= 4 * error + 1e-12
    assert found.missed_of(0, "14a") / found.draws == 1 and found.missed_of(0, "13") / found.draws == 0


def test_the_sum_of_outcomes_by_hand():
    assert exact_chances.poisson_binomial([0.5, 0.25]) == pytest.approx([0.375, 0.5, 0.125])


@given(
    st.lists(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), max_size=60),
    st.sampled_from(["2022-23", "2023-24"]),
)
@settings(max_examples=examples(60), deadline=None)
def test_the_prior_is_that_of_the_slow_version(counts, year):
    rows = [
        LeaYear(f"99{at:05d}", "2022-23", "", "", Facts(), {"susp": Cell(numerator=top, denominator=bottom)})
        for at, (top, bottom) in enumerate(counts)
    ]
    found = rates.prior(build(rows) if rows else None, year, "susp")
    assert (found.a, found.b) == pytest.approx(slow_certainty.prior(rows, year, "susp"))
    assert rates.prior(build(rows), "2021-22", "susp") == rates.JEFFREYS if rows else True


def test_draws_are_of_the_rate_itself():
    """Chance once: the law of each column is the posterior, also for large groups and none at all."""
    x, n = np.array([0, 3, 40, 30, 600_000]), np.array([10, 30, 80, 30, 1_500_000])
    for known in (rates.JEFFREYS, rates.Prior(4.0, 36.0, 500)):
        drawn = rates.draw(x, n, known, 40_000, np.random.default_rng(3))
        assert (drawn >= 0).all() and (drawn <= 1).all()
        for at in range(len(x)):
            law = beta(x[at] + known.a, n[at] - x[at] + known.b)
            assert abs(drawn[:, at].mean() - law.mean()) < 5 * law.std() / 200
            assert drawn[:, at].std() == pytest.approx(law.std(), rel=0.03)
            for share in (0.05, 0.5, 0.95):
                assert (drawn[:, at] <= law.ppf(share)).mean() == pytest.approx(share, abs=0.01)


def test_a_small_group_is_drawn_towards_the_state_and_a_large_one_is_not():
    known = rates.prior(reference.shipped().dataset, "2024-25", "susp")
    assert known.leas > 500 and 0.02 < known.a / known.students < 0.08
    drawn = rates.draw(np.array([4, 400]), np.array([10, 1000]), known, 4000, np.random.default_rng(1))
    small, large = drawn.mean(axis=0)
    assert small == pytest.approx((4 + known.a) / (10 + known.students), abs=0.005)
    assert small < 0.2 and large > 0.36


def test_the_draws_vary_less_than_a_year_that_carries_chance_twice():
    """A posterior predictive would spread about √2 as far where the prior weighs little."""
    drawn = rates.draw(np.array([100]), np.array([1000]), rates.JEFFREYS, 20_000, np.random.default_rng(4))
    assert drawn.std() == pytest.approx(math.sqrt(0.1 * 0.9 / 1000), rel=0.03)


def with_rates(rows: list[LeaYear], data, columns: dict, side: int, draw: int) -> list[LeaYear]:
    """The LEA-years with the rates of one draw of the core."""
    cells = {(row.lea_code, row.year): dict(row.cells) for row in rows}
    for (of, code), column in columns.items():
        if of == side:
            nano = rates.as_value(column.drawn[draw])
            for at, value in zip(column.rows.tolist(), nano.tolist(), strict=True):
                held_in = cells[str(data.lea_code[at]), str(data.year[at])]
                held_in[code] = replace(held_in[code], rate=Decimal(value) / NANO, numerator=None)
    return [replace(row, cells=cells[row.lea_code, row.year]) for row in rows]


def by_the_slow_version(found, upload, state, columns) -> tuple[np.ndarray, np.ndarray]:
    """What the oracle makes of the very rates that the core drew; `state` may be "within" or "none"."""
    placements = found.placements
    data, book = placements.dataset, placements.rulebook
    labels = [one.name for one in book.placements]
    placed, missed = np.zeros_like(found.placed), np.zeros_like(found.missed)
    for draw in range(found.draws):
        again = with_rates(upload, data, columns, simulation.UPLOAD, draw)
        there = state
        if isinstance(state, list):
            others = next(iter(placements.percentiles.values())).reference.dataset
            there = with_rates(state, others, columns, simulation.REFERENCE, draw)
        by_key = {(row.lea_code, row.year): row for row in again}
        for at, row in enumerate(found.rows.tolist()):
            slow = oracle.place(by_key[str(data.lea_code[row]), found.year], again, book, there)
            placed[at, labels.index(slow["placement"])] += 1
            for code in book.elements.indicators:
                missed[at, POSITION[code]] += slow["results"][code] == "missed"
    return placed, missed


@given(
    lea_years(most=5),
    st.sampled_from(["98", "99"]).flatmap(lambda prefix: lea_years(most=6, prefix=prefix)),
    rulebooks(),
    st.sampled_from(["state", "within", "none"]),
)
@settings(max_examples=examples(100), deadline=None)
def test_each_draw_is_placed_as_the_slow_version_places_it(upload, state, book, kind):
    data, others = build(upload), build(state, name="state")
    statewide = Reference(ReferenceKind.STATEWIDE, others)
    against = {"state": statewide, "within": WITHIN, "none": NO_REFERENCE}[kind]
    placements = place(data, book, against)
    year, draws = data.years[-1], 3
    found = certainty(placements, year, draws, seed=11)
    columns = simulation.rates(placements, year, draws, seed=11)
    placed, missed = by_the_slow_version(found, upload, state if kind == "state" else kind, columns)
    assert (found.placed == placed).all()
    elements = [POSITION[code] for code in book.elements.indicators]
    assert (found.missed[:, elements] == missed[:, elements]).all()
    for row in found.rows.tolist():
        summary = summary_of(found, row)
        assert sum(count for _, count in summary.placements) == draws
        said = [summary.sentence, *summary.beside, *(one.said for one in summary.held)]
        assert all(Disclosure().say(one) for one in said)


@pytest.mark.parametrize("kind", ["state", "within"])
def test_everybody_is_drawn_and_ranked_anew_in_every_draw(kind, monkeypatch):
    monkeypatch.setattr(simulation, "_AT_ONCE", 70)
    upload, state, book = small_world()
    if kind == "within":
        upload, state = upload + state, "within"
        against = WITHIN
    else:
        against = Reference(ReferenceKind.STATEWIDE, build(state, name="state"))
    placements = place(build(upload), book, against)
    found = certainty(placements, YEAR, 60, seed=2)
    columns = simulation.rates(placements, YEAR, 60, seed=2)
    placed, _ = by_the_slow_version(found, upload, state, columns)
    assert (found.placed == placed).all() and (placed > 0).sum(axis=1).max() >= 3


@given(lea_years(most=4))
@settings(max_examples=40, deadline=None)
def test_the_same_cells_are_redrawn_as_in_the_slow_version(upload):
    data = build(upload)
    free = held_fixed.may_be_redrawn(data)
    by_key = {(row.lea_code, row.year): row for row in upload}
    for row in range(len(data)):
        cells = by_key[str(data.lea_code[row]), str(data.year[row])].cells
        expected = {code for code, cell in cells.items() if slow_certainty.may_be_redrawn(code, cell)}
        assert {code for code, at in POSITION.items() if free[row, at]} == expected


def small_world() -> tuple[list[LeaYear], list[LeaYear], Rulebook]:
    measures = ("5a", "susp", "chronic")
    bottoms = (40, 60, 45)

    def cells(tops: tuple[int, int, int]) -> dict[str, Cell]:
        return {
            code: Cell(numerator=top, denominator=bottom)
            for code, top, bottom in zip(measures, tops, bottoms, strict=True)
        }

    upload = [lea(1, cells((23, 3, 10))), lea(2, cells((20, 6, 14))), lea(3, {"5a": Cell(rate=Decimal(50))})]
    state = [lea(50 + at, cells((16 + 2 * at, 8 - at, 16 - 2 * at))) for at in range(7)]
    evaluations = tuple(replace(one, min_reference_values=1) for one in BOOK.evaluations)
    return upload, state, replace(BOOK, evaluations=evaluations)


def test_the_slow_version_comes_to_the_same_shares():
    upload, state, book = small_world()
    draws = 500
    slow = slow_certainty.shares(upload, YEAR, book, state, draws, seed=5)
    placements = place(build(upload), book, Reference(ReferenceKind.STATEWIDE, build(state, name="state")))
    found = certainty(placements, YEAR, 20_000)
    assert (found.share > 0.05).sum(axis=1).max() >= 3
    for at, row in enumerate(found.rows.tolist()):
        for column, placement in enumerate(book.placements):
            share = found.share[at, column]
            seen = slow[str(placements.dataset.lea_code[row])][placement.name] / draws
            assert abs(seen - share) <= 4 * math.sqrt(share * (1 - share) / draws) + 0.01


def test_a_percentile_that_the_file_gives_stays():
    facts = replace(GOOD, percentile=Decimal(10))
    rows = [lea(1, FAR, facts), *(worse(at) for at in range(30))]
    placements = place(build(rows), BOOK, WITHIN)
    found = certainty(placements, YEAR, 200)
    row = placements.dataset.row_of("9900001", YEAR)
    assert found.own(row) == 200 and placements.placement(row).name == "Intensive"
    summary = summary_of(found, row)
    assert HeldReason.FILE_PERCENTILE in {one.reason for one in summary.held}
    assert summary.sentence.id == "certainty.held_too"


def test_what_is_held_fixed_is_listed_with_its_reason():
    facts = replace(GOOD, disproportionate_years=2)
    cells = FAR | {
        "8": Cell(rate=Decimal(97)),
        "14a": Cell(rate=Decimal(90), numerator=9, denominator=10, inferred=True),
        "9": Cell(rate=Decimal(0)),
        "ela_dfs": Cell(rate=Decimal(-20), denominator=100),
    }
    placements = place(build([lea(1, cells, facts), *(worse(at) for at in range(9))]), BOOK, WITHIN)
    row = placements.dataset.row_of("9900001", YEAR)
    fixed = {one.reason: one.indicators for one in held_fixed.all_held(placements, row)}
    assert fixed == {
        HeldReason.COMPLIANCE: ("11", "12", "13"),
        HeldReason.AREAS: ("9",),
        HeldReason.MEAN: ("ela_dfs",),
        HeldReason.NO_COUNTS: ("8",),
        HeldReason.INFERRED: ("14a",),
        HeldReason.FINDINGS: (),
        HeldReason.YEARS: (),
        HeldReason.STUDENTS: (),
    }
    found = certainty(placements, YEAR, 50)
    assert sentences.sentence(found, row).id == "certainty.held_too"
    of = {one.code: one for one in summary_of(found, row).indicators}
    assert of["8"].wilson is None and of["14a"].wilson is None and of["5a"].redrawn and not of["11"].redrawn
    assert "ela_dfs" not in of and "9" not in of
    assert of["susp"].missed is None and of["5a"].missed == 0


def test_a_reference_without_counts_stays_and_is_said():
    upload, state, book = small_world()
    bare = [
        replace(row, cells=row.cells | {"susp": Cell(rate=Decimal(5 + at), denominator=60)})
        for at, row in enumerate(state)
    ]
    placements = place(build(upload), book, Reference(ReferenceKind.STATEWIDE, build(bare, name="state")))
    fixed = {one.reason: one.indicators for one in held_fixed.all_held(placements, 0)}
    assert fixed[HeldReason.REFERENCE_RATES] == ("susp",)
    assert (simulation.REFERENCE, "susp") not in simulation.rates(placements, YEAR, 2, 0)


def test_a_single_indicator_in_the_bottom_is_ranked_anew_too():
    """2023: bottom 10 % on any LRE indicator makes Level 3; an LEA at that edge leaves it in some years."""
    book = rulebook_file.load("cde-2023")
    facts = replace(GOOD, percentile=Decimal(50), preschool_percentile=Decimal(50))
    rows = [
        lea(at, {code: Cell(numerator=80 + 2 * at, denominator=200) for code in ("5a", "5b", "5c")}, facts)
        for at in range(20)
    ]
    placements = place(build(rows), book, WITHIN)
    found = certainty(placements, YEAR, 400)
    labels = [one.name for one in book.placements]
    level_3 = found.share[:, labels.index("Targeted Level 3")]
    assert 0.1 < level_3[2] < 0.9


def test_missed_now_counts_as_now_where_nothing_is_redrawn():
    placements = sample_placements()
    found = certainty(placements, YEAR, 40)
    fixed = ~found.redrawn & (placements.results[found.rows] == Result.MISSED)
    assert fixed.any() and (found.missed[fixed] == 40).all()
    assert len(CODES) == found.missed.shape[1]
